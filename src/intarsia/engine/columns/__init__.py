"""What people are and did, as columns of numbers: of the present, derived from the lake, and thrown away at will."""
