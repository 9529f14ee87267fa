"""Everything that can be wrong with a definition, as errors with a code."""
