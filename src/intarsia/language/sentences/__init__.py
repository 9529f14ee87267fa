"""A definition as a sentence that a marketer would say, in the languages of readers."""
