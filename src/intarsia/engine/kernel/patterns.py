"""What speaks of several events in time, over everybody: `sequence`, `active`, `returned` (rules 32 to 35)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intarsia.clock_pieces import Shift
from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.features import Features
from intarsia.engine.kernel.pattern_passes import NEVER, Chosen, Way, any_end, any_unbroken, came_back, follow, hits
from intarsia.engine.kernel.stepping import steps
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


# --- sequences


@dataclass(frozen=True)
class _Reached:
    """The rows of a step, and which of them can end a choice for the steps so far; None: all that are chosen."""

    rows: Chosen
    is_end: Array | None = None


@dataclass(frozen=True)
class _Absence:
    """What must not happen before the next step, or from the last one on."""

    rows: Chosen
    gap: Way | None


def _sequence(node: tree.Sequence, features: Features) -> Array:
    """From step to step, the rows at which a valid choice of events can end."""
    reached: _Reached | None = None
    absence: _Absence | None = None
    for step in node.steps:
        rows = features.chosen(features.of(step.event, step.where, None if reached else node.window))
        if reached is None:
            reached = _Reached(rows)
        elif step.is_absent:
            absence = _Absence(rows, None if step.within is None else way(step.within, reached.rows, features))
        else:
            reached, absence = _following(reached, absence, step, rows, features), None
    assert reached is not None
    rows, is_end, out = reached.rows, reached.is_end, np.zeros(features.size, np.bool_)
    if absence is None:
        features.shared(lambda low, high: any_end(rows, is_end, low, high, out))
    else:
        absent, gap, now = absence.rows, absence.gap, features.when.at
        features.shared(lambda low, high: any_unbroken(rows, is_end, absent, gap, now, low, high, out))
    return out


def _following(
    reached: _Reached, absence: _Absence | None, step: tree.Step, then: Chosen, features: Features
) -> _Reached:
    """The rows of a step that follow a reached one."""
    rows, is_end = reached.rows, reached.is_end
    gap = _until(features.when.at) if step.within is None else way(step.within, rows, features)
    absent, absent_gap = (None, None) if absence is None else (absence.rows, absence.gap)
    found = np.zeros(len(then.at), np.bool_)
    features.shared(lambda low, high: follow(rows, is_end, gap, absent, absent_gap, then, low, high, found))
    return _Reached(then, found)


def _until(instant: int) -> Way:
    """To an instant, from wherever."""
    return Way(np.array([-NEVER], np.int64), np.array([instant], np.int64), np.array([0], np.int64))


def way(length: tree.Length, rows: Chosen, features: Features) -> Way:
    """The step through the calendar from any of the rows."""
    if not len(rows.at):
        return _until(0)
    step = Shift(length.count, length.unit, features.when.zone, features.when.calendar)
    return steps(step, rows.earliest, max(rows.earliest, features.when.at))


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
    back = way(tree.Length(-node.after.count, node.after.unit), chosen, features)
    out = np.zeros(features.size, np.bool_)
    features.shared(lambda low, high: came_back(chosen, back, low, high, out))
    return out
