"""What to write instead: from words and signs that the grammar does not take to those that it does."""
