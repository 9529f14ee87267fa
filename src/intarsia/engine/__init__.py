"""From checked trees to answers over everybody: SQL built as a tree, run by DuckDB over the lake."""
