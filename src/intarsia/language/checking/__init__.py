"""Does a definition make sense in a catalog? What its names mean, and which tests fit which values."""
