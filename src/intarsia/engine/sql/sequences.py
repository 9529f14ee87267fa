"""Sequences in SQL (rules 32 and 33): from step to step, the instants at which a valid choice of events can end.

What a next step has to meet depends on the step before alone: it comes strictly later, within its gap, and not after
what must not happen between them. So each instant at which a choice can end stands open for the next step over one
span, (happened, open_until], and an event is a next step if some span holds it. Of the spans that begin before an
event, the one that is open longest decides: a running maximum keeps it, and one `asof join` finds it.
"""

from __future__ import annotations

from intarsia.engine.sql.draft import Draft
from intarsia.engine.sql.features import chosen
from intarsia.engine.sql.queries import Rows, named, rows_of, source
from intarsia.engine.sql.shifts import shifted
from intarsia.engine.sql.words import (
    Order,
    Sql,
    all_of,
    column,
    compare,
    greatest,
    is_null,
    negated,
    over,
    surely,
    when,
)
from intarsia.language import tree

Steps = tuple[tree.Step, ...]


def sequence(draft: Draft, node: tree.Sequence) -> Rows:
    """A query for the profile_no of those who did the steps in order."""
    last = node.steps[-1]
    if last.is_absent:
        query = _without(draft, rows_of(source(_ends(draft, node.steps[:-1], node.window), "e")), last)
    else:
        query = rows_of(source(_ends(draft, node.steps, node.window), "e"))
    return query.select(column("e", "profile_no")).distinct()


def instants(draft: Draft, event: tree.Event, where: tree.Condition | None, window: tree.Window | None = None) -> str:
    """The relation of when each person did something, one row an event: profile_no, happened."""

    def build() -> Rows:
        scope, _ = draft.events_of(event)
        rows = chosen(scope, where, window)
        columns = column(scope.alias, "profile_no"), column(scope.alias, "happened")
        return rows.select(*columns)

    return draft.table(("instants", event, where, window), "instants", build)


def before(earlier: str, later: str) -> Sql:
    """One person's instants under two aliases, the one strictly before the other."""
    is_same = compare("=", column(earlier, "profile_no"), column(later, "profile_no"))
    return all_of((is_same, compare("<", column(earlier, "happened"), column(later, "happened"))))


def _ends(draft: Draft, steps: Steps, window: tree.Window | None) -> str:
    """The relation of the instants at which a choice for the steps can end, the last of them present."""
    step, done = steps[-1], steps[:-1]
    awaited = instants(draft, step.event, step.where, None if done else window)
    if not done:
        return awaited

    def build() -> Rows:
        spans = source(_spans(draft, done, step.within, window), "s")
        query = rows_of(source(awaited, "n")).join_nearest(spans, before("s", "n"))
        query = query.where(compare("<=", column("n", "happened"), column("s", "open_until")))
        return query.select(column("n", "profile_no"), column("n", "happened"))

    return draft.table(("ends", steps, window), "ends", build)


def _spans(draft: Draft, steps: Steps, within: tree.Length | None, window: tree.Window | None) -> str:
    """The relation of the spans in which the step after these may come: profile_no, happened (outside), open_until.

    within  the gap of that step; of an absence at the end of the steps, its own gap counts beside it
    """
    absence = steps[-1] if steps[-1].is_absent else None

    def build() -> Rows:
        ends = rows_of(source(_ends(draft, steps if absence is None else steps[:-1], window), "e"))
        if within is None:
            open_until = draft.bindings.bind(draft.operators.at)
        else:
            open_until = shifted(draft, ends, column("e", "happened"), within, "g")
        if absence is not None:
            broken_at, is_broken, _ = _broken(draft, ends, absence)
            is_sooner = all_of((is_broken, compare("<", broken_at, open_until)))
            open_until = _longest_so_far(when(is_sooner, broken_at, open_until))
        columns = column("e", "profile_no"), column("e", "happened"), named(open_until, "open_until")
        return ends.select(*columns)

    return draft.table(("spans", steps, within, window), "spans", build)


def _longest_so_far(open_until: Sql) -> Sql:
    """The greatest value of a person's row and of all that happened before it."""
    so_far = Order(column("e", "happened"))
    return over(greatest(open_until), partition_by=[column("e", "profile_no")], order=[so_far])


def _without(draft: Draft, ends: Rows, absence: tree.Step) -> Rows:
    """The instants under `e` after which the whole span of an absence has passed with nothing of the kind in it."""
    _, is_broken, end = _broken(draft, ends, absence)
    parts = [negated(is_broken)]
    if end is not None:
        parts.append(compare("<=", end, draft.bindings.bind(draft.operators.at)))
    return ends.where(all_of(parts))


def _broken(draft: Draft, ends: Rows, absence: tree.Step) -> tuple[Sql, Sql, Sql | None]:
    """When something of the kind first happened after the instants under `e`, whether in the span, and its end."""
    absent = source(instants(draft, absence.event, absence.where), "a")
    ends.join_nearest(absent, before("e", "a"), keeping_all=True)
    first = column("a", "happened")
    if absence.within is None:
        return first, negated(is_null(first)), None
    end = shifted(draft, ends, column("e", "happened"), absence.within, "b")
    return first, surely(compare("<=", first, end)), end
