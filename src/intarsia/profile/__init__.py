"""The profile: what is known of a person, and what follows from it."""
