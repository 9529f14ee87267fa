"""The periods that `active` counts in, one behind the other (rule 34)."""

from __future__ import annotations

from collections.abc import Callable

from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.meaning.windows import Interval


def stretches(node: tree.Active) -> tuple[tree.Window, ...]:
    """The windows over the newest period, the newest two, three and so on, as many as there are periods.

    Each reaches back from where the newest period ends to the older edge of its oldest one.
    """
    counts = range(node.period.count, node.period.count * node.periods + 1, node.period.count)
    return tuple(tree.Window(_stretch(node, count)) for count in counts)


def _stretch(node: tree.Active, count: int) -> tree.Period:
    if node.is_calendar:
        return tree.Calendar("previous", node.period.unit, count)
    return tree.Rolling("last", tree.Length(count, node.period.unit))


def periods(node: tree.Active, bounds: Callable[[tree.Window], Interval]) -> tuple[Interval, ...]:
    """The bounds of each period, the newest first: the older edge is inside, the newer outside, only `at` is inside.

    bounds  where a window lies, seen from the question
    """
    found: list[Interval] = []
    for window in stretches(node):
        stretch = bounds(window)
        found.append(Interval(stretch.begin, found[-1].begin if found else stretch.end))
    if any(period.begin is None or period.end is None for period in found):
        raise Bug(what="a window that goes back so many units has no begin or no end")
    return tuple(found)
