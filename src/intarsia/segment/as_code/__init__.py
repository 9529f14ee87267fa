"""Segments as files of text: the folder, what it would change, and what was changed together."""
