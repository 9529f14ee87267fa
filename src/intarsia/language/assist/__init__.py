"""Help in writing a definition: what may come next, and what stands at a place."""
