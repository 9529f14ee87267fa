"""How much one definition may hold (rule 45). Each limit is named, and what goes past it is refused by `TooLarge`."""

from __future__ import annotations

NESTING = 32
"""Brackets, `not`s and calls inside one another."""

TEXT_BYTES = 64 * 1024
"""Bytes of a text in UTF-8, blanks not counted, so that printing a text anew never makes it too long."""

CONDITIONS = 250
"""Tests and other conditions in one text; `and`, `or`, `not` are not counted."""

LIST_LITERALS = 10_000
"""Values in one list; longer lists belong in a file."""

SEQUENCE_STEPS = 10
"""Steps of one sequence."""

ACTIVE_PERIODS = 1_000
"""Periods of one `active`."""

PATTERN_CHARACTERS = 1_000
"""Characters of one `matches` pattern."""

DECIMAL_PLACES = 6
"""Digits after the point of a number (rule 14)."""

WHOLE_DIGITS = 20
"""Digits before the point of a number."""

COUNT_DIGITS = 9
"""Digits of a whole number that counts something: people, times, days."""
