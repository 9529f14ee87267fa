"""`first(..)`, `last(..)` and `first .. had`: one event, or line, of each person."""

from __future__ import annotations

from dataclasses import replace

from intarsia.engine.sql.queries import Rows, all_columns, rows_of, source
from intarsia.engine.sql.reading import MomentReading, Reading
from intarsia.engine.sql.scope import EventScope
from intarsia.engine.sql.words import ROW_NUMBER, Order, Sql, all_of, column, compare, integer, over
from intarsia.language import tree
from intarsia.language.catalog import Property

ENDS = ("first", "last")


def ranked(scope: EventScope, rows: Rows, which: str) -> Rows:
    """The first or the last of each person's rows, by time, id and order of the lines; still without columns."""
    by = [column(scope.alias, "happened"), column(scope.alias, "id")]
    if scope.line_alias is not None:
        by.append(column(scope.line_alias, "line_no"))
    order = [Order(item, descends=which == "last") for item in by]
    number = over(ROW_NUMBER, partition_by=[column(scope.alias, "profile_no")], order=order)
    return rows.qualify(compare("=", number, integer(1)))


def chosen_event(scope: EventScope, rows: Rows, which: str) -> Rows:
    """The first or the last of each person's rows, with all its columns."""
    rows = ranked(scope, rows, which).select(all_columns(scope.alias))
    if scope.line_alias is not None:
        rows = rows.select(all_columns(scope.line_alias, but="event_no"))
    return rows


def is_any_line(scope: EventScope, found: Property | None) -> bool:
    """Whether a property that lines may have is asked of a whole event: then one line is enough (rule 27)."""
    return found is not None and scope.line_alias is None and (found.is_of_line or found.otherwise is not None)


def end_line(scope: EventScope, event: Rows, which: str) -> Rows:
    """The first line of the chosen first event, or the last of the last: what a line's property is ranked by."""
    each = replace(scope, line_alias="l")
    rows = each.with_lines(rows_of(event.source(scope.alias)), keeping_all=True)
    return chosen_event(each, rows, which)


def those_who_pass(
    scope: EventScope, found: Property, name: str, operator: tree.Operator, *, ignoring_case: bool
) -> list[Rows]:
    """profile_no of those whose chosen event, under a name, passes: by its own property, or by a line's."""
    return [
        _of_place(place, name, applies, scope.asks.holds(place.reading(taken), operator, ignoring_case=ignoring_case))
        for place, taken, applies in scope.places(found)
    ]


def those_with_a_value(scope: EventScope, found: Property, name: str) -> list[Rows]:
    """profile_no of those whose chosen event, under a name, has the property itself, or lines that may have it."""
    return [_of_place(place, name, applies) for place, _, applies in scope.places(found)]


def _of_place(place: EventScope, name: str, *conditions: Sql) -> Rows:
    rows = place.with_lines(rows_of(source(name, place.alias)))
    return rows.select(column(place.alias, "profile_no")).where(all_of(conditions))


def end_reading(scope: EventScope, found: Property | None, name: str) -> Reading:
    """How the time or the property of the chosen event, or line, reads that is joined under a name."""
    if found is None:
        return MomentReading(lambda: column(name, "happened"))
    has_line = found.is_of_line or is_any_line(scope, found)
    return replace(scope, alias=name, line_alias=name if has_line else None).reading(found)
