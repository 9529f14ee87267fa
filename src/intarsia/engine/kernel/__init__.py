"""Answers over everybody from columns: truth tables, one pass over the rows for each feature, then plain arrays."""
