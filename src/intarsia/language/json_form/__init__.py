"""From tree to JSON and back, and the schema of that form."""
