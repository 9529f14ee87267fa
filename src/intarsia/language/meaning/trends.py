"""What a trend compares: its value over a window, and over the equally long window just before (rule 31)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.meaning.windows import WindowBefore


def halves(trend: tree.Trend) -> tuple[tree.Value, tree.Value]:
    """The value over the window, and over the one before."""
    window = trend.window
    before = WindowBefore(window.period, window.local, window.calendar)
    return _within(trend.value, window), _within(trend.value, before)


def aggregates_of(value: tree.Value) -> Iterator[tree.Aggregate]:
    """The aggregates that a value is worked out from, each with the window that it is asked for in."""
    match value:
        case tree.Aggregate():
            yield value
        case tree.Ratio(top=top, bottom=bottom):
            yield from aggregates_of(top)
            yield from aggregates_of(bottom)
        case tree.Trend():
            for half in halves(value):
                yield from aggregates_of(half)


def _within(value: tree.Value, window: tree.Window) -> tree.Value:
    """The value with the window in each of its aggregates."""
    match value:
        case tree.Aggregate():
            return replace(value, window=window)
        case tree.Ratio(top=top, bottom=bottom):
            return replace(value, top=_within(top, window), bottom=_within(bottom, window))
        case _:
            raise Bug(what=f"a trend of {type(value).__name__} came through the check")
