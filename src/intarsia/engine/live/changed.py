"""Who entered segments, and who left them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np

from intarsia.engine.columns.values import Array

Cause = Literal["data", "time", "merge", "definition"]


class Change(NamedTuple):
    """Some people entered a segment, or left it.

    places  theirs; entered: of each, whether they did
    at      of each, since when, as far as that is seen without looking closer, at the latest when it was noticed;
            milliseconds UTC
    """

    segment: str
    places: Array
    entered: Array
    at: Array
    cause: Cause


def net(moved: Iterable[Change]) -> list[Change]:
    """What is left where somebody entered and left at once."""
    by_segment: dict[str, list[Change]] = {}
    for one in moved:
        by_segment.setdefault(one.segment, []).append(one)
    return [theirs[0] if len(theirs) == 1 else _joined(theirs) for theirs in by_segment.values()]


def _joined(moved: list[Change]) -> Change:
    """Each move turns the one before it over, so that of an even number nothing is left."""
    places, entered, at = (np.concatenate(columns) for columns in zip(*(one[1:4] for one in moved), strict=True))
    people, first, count = np.unique(places, return_index=True, return_counts=True)
    is_odd = count % 2 == 1
    chosen = first[is_odd]
    return moved[0]._replace(places=people[is_odd], entered=entered[chosen], at=at[chosen])


def dated(changes: Iterable[Change], people: Array, instants: Array) -> list[Change]:
    """Changes with when it was so of some of the people, who are in order, no later than it was said before."""
    found = []
    for change in changes:
        place = np.searchsorted(people, change.places)
        place[place == len(people)] = 0
        is_among = people[place] == change.places if len(people) else np.zeros(len(place), np.bool_)
        at = np.where(is_among, np.minimum(instants[place], change.at), change.at) if len(people) else change.at
        found.append(change._replace(at=at))
    return found
