"""How many people and events there are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """People, and about how many events."""

    people: int
    events: int


TINY, SMALL, LARGE = Size(10_000, 500_000), Size(100_000, 5_000_000), Size(1_000_000, 50_000_000)
SIZES = {"tiny": (TINY,), "small": (TINY, SMALL), "large": (TINY, SMALL, LARGE)}
"""What is measured at each `SIZE`: the last; the others only for how it grows."""
