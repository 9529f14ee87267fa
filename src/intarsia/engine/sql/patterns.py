"""What speaks of several events in time, in SQL: `sequence`, `active`, `lapsed`, `first_time`, `returned`."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from intarsia.engine.sql.draft import Draft
from intarsia.engine.sql.features import chosen
from intarsia.engine.sql.queries import Rows, rows_of, source
from intarsia.engine.sql.sequences import before, instants, sequence
from intarsia.engine.sql.shifts import back, shifted
from intarsia.engine.sql.words import Sql, all_of, column, compare, count, greatest, integer, least
from intarsia.language import tree
from intarsia.language.meaning.periods import periods
from intarsia.language.meaning.windows import Interval, interval

Pattern = tree.Sequence | tree.Active | tree.Lapsed | tree.FirstTime | tree.Returned


def pattern(draft: Draft, node: Pattern) -> Rows:
    """A query for the profile_no of those who did what is asked for."""
    match node:
        case tree.Sequence():
            return sequence(draft, node)
        case tree.Active():
            return _active(draft, node)
        case tree.Lapsed(event=event, where=where, length=length):
            return _when_any(draft, event, where, compare("<", greatest(_happened()), _begin(draft, length)))
        case tree.FirstTime(event=event, where=where, length=length):
            return _when_any(draft, event, where, compare(">=", least(_happened()), _begin(draft, length)))
        case tree.Returned():
            return _returned(draft, node)


def _happened() -> Sql:
    return column("e", "happened")


def _begin(draft: Draft, length: tree.Length) -> Sql:
    """The first instant of `last ..`."""
    return draft.bindings.bind(_bounds(draft, tree.Window(tree.Rolling("last", length))).begin)


def _bounds(draft: Draft, window: tree.Window) -> Interval:
    asked = draft.operators
    return interval(window, asked.at, asked.zone, asked.first_weekday, asked.calendar)


def _when_any(draft: Draft, event: tree.Event, where: tree.Condition | None, holds: Sql) -> Rows:
    """Those who did something, where a condition over all the instants of it holds."""
    query = rows_of(source(instants(draft, event, where), "e")).select(column("e", "profile_no"))
    return query.group_by(column("e", "profile_no")).having(holds)


# --- active


def _active(draft: Draft, node: tree.Active) -> Rows:
    """Those with enough hits among the periods; a hit is a period with enough events."""
    spans = periods(node, lambda window: _bounds(draft, window))
    relation = draft.give(("periods", node.period, node.periods, node.is_calendar), "periods", lambda: _table(spans))
    scope, _ = draft.events_of(node.event)
    person, happened = column(scope.alias, "profile_no"), column(scope.alias, "happened")
    rows = chosen(scope, node.where, None)
    rows = rows.where(draft.operators.within(happened, Interval(spans[-1].begin, spans[0].end)))
    is_in_it = compare(">=", happened, column("p", "since")), compare("<", happened, column("p", "until"))
    rows = rows.join(source(relation, "p"), on=all_of(is_in_it)).select(person)
    hits = rows.group_by(person, column("p", "number")).having(_at_least(node.times))
    query = rows_of(hits.source("h")).select(column("h", "profile_no"))
    return query.group_by(column("h", "profile_no")).having(_at_least(node.hits))


def _at_least(least: int) -> Sql:
    return compare(">=", count(), integer(least))


def _table(spans: Sequence[Interval]) -> pa.Table:
    """One row a period: number (1 is the newest), since (inside) and until (outside), in milliseconds."""
    columns = {
        "number": list(range(1, len(spans) + 1)),
        "since": [span.begin for span in spans],
        "until": [span.end for span in spans],
    }
    return pa.table({name: pa.array(values, pa.int64()) for name, values in columns.items()})


# --- comebacks


def _returned(draft: Draft, node: tree.Returned) -> Rows:
    """Those with an event in the window and the nearest one strictly before it at least so long ago."""
    since_ever = instants(draft, node.event, node.where)
    query = rows_of(source(since_ever, "n"))
    query = query.join_nearest(source(since_ever, "e"), before("e", "n"))
    latest = shifted(draft, query, column("n", "happened"), back(node.after), "g")
    is_recent = compare(">=", column("n", "happened"), _begin(draft, node.length))
    is_after_a_break = compare("<=", column("e", "happened"), latest)
    query = query.where(all_of((is_recent, is_after_a_break)))
    return query.select(column("n", "profile_no")).distinct()
