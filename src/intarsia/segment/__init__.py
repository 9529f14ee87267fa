"""Segments: definitions with versions, templates, and why somebody is in or not."""
