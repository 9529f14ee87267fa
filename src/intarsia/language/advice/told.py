"""What advice is made of: a sentence, and what fills its gaps."""

from __future__ import annotations

from intarsia.speech import mark

Told = tuple[str, dict[str, str]]
"""A sentence, and what fills its gaps."""


def write(instead: str) -> Told:
    """The advice to write this instead."""
    return mark("write `{instead}`"), {"instead": instead}
