"""Identity: which profiles are one person, by what they are known by and by what people decided."""
