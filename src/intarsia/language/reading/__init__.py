"""From text to tree: tokens, and a parser that goes down through conditions, values, tests and windows."""
