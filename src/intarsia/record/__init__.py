"""The record: messages in, kept for ever, exactly once; and the words that they taught us."""
