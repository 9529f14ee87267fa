"""Who entered segments, and who left them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np

from intarsia.engine.columns.values import Array

Cause = Literal["data", "time", "definition"]


class Change(NamedTuple):
    """Somebody entered a segment, or left it.

    place  the person's; at: when that was noticed, milliseconds UTC
    """

    segment: str
    place: int
    entered: bool
    at: int
    cause: Cause


class Moved(NamedTuple):
    """Several people who entered a segment, or left it.

    places  theirs; entered: of each, whether they did; at: when that was noticed, milliseconds UTC
    """

    segment: str
    places: Array
    entered: Array
    at: int
    cause: Cause


def told(moved: Iterable[Moved]) -> list[Change]:
    """The same, one by one."""
    return [
        Change(segment, place, is_in, at, cause)
        for segment, places, entered, at, cause in moved
        for place, is_in in zip(places.tolist(), entered.tolist(), strict=True)
    ]


def net(moved: Iterable[Moved]) -> list[Moved]:
    """What is left where somebody entered and left at once."""
    by_segment: dict[str, list[Moved]] = {}
    for one in moved:
        by_segment.setdefault(one.segment, []).append(one)
    return [theirs[0] if len(theirs) == 1 else _joined(theirs) for theirs in by_segment.values()]


def _joined(moved: list[Moved]) -> Moved:
    """Each move turns the one before it over, so that of an even number nothing is left."""
    places, entered = (np.concatenate([getattr(one, name) for one in moved]) for name in ("places", "entered"))
    people, first, count = np.unique(places, return_index=True, return_counts=True)
    is_odd = count % 2 == 1
    return moved[0]._replace(places=people[is_odd], entered=entered[first[is_odd]])
