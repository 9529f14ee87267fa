"""From tree to the canonical text and to JSON, and back."""
