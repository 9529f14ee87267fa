"""Consent: which messages speak of it, and what they say together (rule 43)."""

from __future__ import annotations

from typing import Literal

from intarsia.language.meaning.values import fold_case

GIVEN = "Consent Given"
CONFIRMED = "Consent Confirmed"
WITHDRAWN = "Consent Withdrawn"

RANKS = {GIVEN: 0, CONFIRMED: 1, WITHDRAWN: 2}
"""Of messages of one instant, the one with the highest rank is the latest."""

State = Literal["given", "withdrawn", "pending", "expired", "unknown"]
"""`pending`: a double opt-in that nobody has confirmed; it counts as unknown. `expired` is nothing but expired."""

Pair = tuple[str, str]
"""A channel and a purpose."""


def pair(channel: str, purpose: str) -> Pair:
    """A channel and a purpose as they are compared: folded, without regard to letter case."""
    return fold_case(channel), fold_case(purpose)
