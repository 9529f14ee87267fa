"""The words of the language: how a text parts into them, how they are spelled, and what they mean."""
