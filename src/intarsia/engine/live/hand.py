"""Who is in a segment by hand, or kept out of it: beside what its rule says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from intarsia.engine.columns.values import Array
from intarsia.language.checking.named import Named


def having(ids: Iterable[str], places: Mapping[str, int], people: Array) -> Array:
    """Who of some people has one of some profile ids."""
    return np.isin(people, np.array([places[one] for one in ids if one in places], np.int64))


def with_pins(
    found: Array, named: Named, places: Mapping[str, int], people: Array, at: int, next_change: Array
) -> Array:
    """Those who were found, with those who were put in by hand, without those who were kept out.

    next_change  of each of the people, lowered to when a pin of theirs begins or ends, milliseconds UTC
    """
    for pin in named.pins:
        later = [edge for edge in pin.edges() if edge > at]
        if later and pin.profile_id in places:
            is_theirs = people == places[pin.profile_id]
            next_change[is_theirs] = np.minimum(next_change[is_theirs], min(later))
    if not named.pins:
        return found
    put_in, kept_out = named.put_in(at, None), named.kept_out(at, None)
    if put_in:
        found = found | having(put_in, places, people)
    return found & ~having(kept_out, places, people) if kept_out else found
