"""What speaks of several events in time, over everybody: `sequence`, `active`, `returned` (rules 32 to 35)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.features import Features
from intarsia.engine.kernel.pattern_passes import NEVER, Chosen, any_row, came_back, follow, hits, next_after
from intarsia.engine.kernel.shifts import shifted
from intarsia.language import tree
from intarsia.language.meaning.periods import periods


def fits_pattern(node: tree.Sequence | tree.Active | tree.Returned, features: Features) -> Array:
    """Who did what is asked for."""
    match node:
        case tree.Sequence():
            return _sequence(node, features)
        case tree.Active():
            return _active(node, features)
        case tree.Returned():
            return _returned(node, features)


def last(length: tree.Length) -> tree.Window:
    """The window `last ..`."""
    return tree.Window(tree.Rolling("last", length))


def _shifted(at: Array, which: Array, length: tree.Length, features: Features, direction: int = 1) -> Array:
    """Some of the instants, each so long after; instead of the others anything may stand."""
    way = tree.Length(direction * length.count, length.unit)
    places = np.flatnonzero(which)
    found = np.zeros(len(at), np.int64)
    found[places] = shifted(at[places], way, features.when.zone, features.when.calendar)
    return found


# --- sequences


@dataclass(frozen=True)
class _Reached:
    """The rows of a step, and which of them can end a choice of events for the steps so far."""

    rows: Chosen
    is_end: Array


def _sequence(node: tree.Sequence, features: Features) -> Array:
    """From step to step, the rows at which a valid choice of events can end."""
    chosen = [
        features.chosen(features.of(step.event, step.where, None if place else node.window))
        for place, step in enumerate(node.steps)
    ]
    reached = _Reached(chosen[0], _is_chosen(chosen[0]))
    absence: tuple[Chosen, tree.Step] | None = None
    for step, rows in zip(node.steps[1:], chosen[1:], strict=True):
        if step.is_absent:
            absence = rows, step
        else:
            reached, absence = _following(reached, absence, step, rows, features), None
    is_end = reached.is_end
    if absence is not None:
        is_end = is_end & _holds_to_the_end(reached, *absence, features)
    out = np.zeros(features.size, np.bool_)
    features.shared(lambda low, high: any_row(reached.rows.first, is_end, low, high, out))
    return out


def _is_chosen(rows: Chosen) -> Array:
    """Of each row, whether it is chosen."""
    found = (rows.at >= rows.begin) & (rows.at < rows.end)
    return found if rows.counts is None else found & rows.counts


def _following(
    reached: _Reached, absence: tuple[Chosen, tree.Step] | None, step: tree.Step, then: Chosen, features: Features
) -> _Reached:
    """The rows of a step that follow a reached one: within its gap, and not after what must not happen between."""
    rows = reached.rows
    if step.within is None:
        until = np.full(len(rows.at), features.when.at, np.int64)
    else:
        until = _shifted(rows.at, reached.is_end, step.within, features)
    if absence is not None:
        until = np.minimum(until, _broken_at(reached, *absence, features))
    found = np.zeros(len(then.at), np.bool_)
    features.shared(lambda low, high: follow(rows, reached.is_end, until, then, low, high, found))
    return _Reached(then, found)


def _broken_at(reached: _Reached, absent: Chosen, step: tree.Step, features: Features) -> Array:
    """Of each row that is an end, when something first happened in the span after it; `NEVER`: it did not."""
    rows = reached.rows
    found = np.zeros(len(rows.at), np.int64)
    features.shared(lambda low, high: next_after(rows, absent, low, high, found))
    if step.within is not None:
        found[found > _shifted(rows.at, reached.is_end, step.within, features)] = NEVER
    return found


def _holds_to_the_end(reached: _Reached, absent: Chosen, step: tree.Step, features: Features) -> Array:
    """Of each row that is an end, whether the whole span after it, or all time since, has passed without one."""
    held = _broken_at(reached, absent, step, features) == NEVER
    if step.within is None:
        return held
    has_passed: Array = held & (_shifted(reached.rows.at, reached.is_end, step.within, features) <= features.when.at)
    return has_passed


# --- activity, comebacks


def _active(node: tree.Active, features: Features) -> Array:
    spans = periods(node, features.when.instants)
    chosen = features.chosen(features.of(node.event, node.where))
    begins = np.array([span.begin for span in spans], np.int64)
    ends = np.array([span.end for span in spans], np.int64)
    out = np.zeros(features.size, np.int32)
    features.shared(lambda low, high: hits(chosen, begins, ends, node.times, low, high, out))
    return out >= node.hits


def _returned(node: tree.Returned, features: Features) -> Array:
    chosen = features.chosen(features.of(node.event, node.where, last(node.length)))
    before = _shifted(chosen.at, _is_chosen(chosen), node.after, features, -1)
    out = np.zeros(features.size, np.bool_)
    features.shared(lambda low, high: came_back(chosen, before, low, high, out))
    return out
