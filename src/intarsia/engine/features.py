"""Aggregates over events as relations of one row a person, and how their values read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlglot import exp

from intarsia.engine.ends import ENDS, chosen_event, end_line, end_reading, is_any_line
from intarsia.engine.operators import Operators
from intarsia.engine.reading import EXACT, FractionReading, NumberReading, Reading
from intarsia.engine.scope import ORDER, EventScope
from intarsia.engine.words import (
    NULL,
    Sql,
    call,
    cast,
    column,
    compare,
    floor_divided,
    integer,
    is_null,
    named,
    negated,
    plus,
    surely,
    times,
    when,
)
from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.catalog import Catalog, Kind, Property
from intarsia.language.windows import interval

MICRO = 1_000_000
FINE = 10**12
"""Fractions of sums by counts below a million are told apart when multiplied by this and rounded down."""


@dataclass(frozen=True)
class Feature:
    """One aggregate of everybody who has an event in it.

    query    profile_no, then what the readings are made of
    reading  how the value reads, given the name under which the query is joined to everybody
    is_there  whether the person has at least one event in it
    key      what to rank by: the value, or for fractions a pair of whole numbers in the same order
    """

    query: exp.Select
    reading: Callable[[str], Reading]
    is_there: Callable[[str], Sql]
    key: Callable[[str], Sql]


def events_of(
    catalog: Catalog, operators: Operators, relations: set[str], event: tree.Event
) -> tuple[EventScope, Property | None]:
    """The scope of an event path, of lines where the path names them, and the property that it ends in, if any."""
    found = catalog.event(event.names[0])
    if found is None:
        raise Bug(what=f"the event {event.names[0]} came through the check")
    scope = EventScope(catalog, found, operators, relations)
    rest = event.names[1:]
    if not rest:
        return scope, None
    if rest[0] == "lines" and found.lines:
        return replace(scope, line_alias="l"), (scope.property(rest) if len(rest) > 1 else None)
    return scope, scope.property(rest)


def chosen(scope: EventScope, where: tree.Condition | None, window: tree.Window | None) -> exp.Select:
    """A query without columns over the events that meet a filter inside a window."""
    query = scope.source()
    operators = scope.operators
    if window is not None:
        bounds = interval(window, operators.at, operators.zone, operators.first_weekday)
        query = query.where(operators.within(column(scope.alias, "happened"), bounds), copy=False)
    if where is not None:
        query = query.where(scope.condition(where), copy=False)
    return query


def feature(catalog: Catalog, operators: Operators, relations: set[str], node: tree.Aggregate) -> Feature:
    """The relation of an aggregate; but for `first` and `last`, a line's property is taken of each line."""
    scope, found = events_of(catalog, operators, relations, node.event)
    if node.fold in ENDS:
        return _end(scope, found, node)
    if is_any_line(scope, found):
        scope = replace(scope, line_alias="l")
    sums = node.fold in ("sum", "avg")
    if sums and scope.event.name == ORDER and found is not None and found.path != ("gross",):
        scope = replace(scope, with_refunds=True)
    rows = chosen(scope, node.where, node.window)
    return _fold(scope, found, node, rows)


# --- folds


def _fold(scope: EventScope, found: Property | None, node: tree.Aggregate, rows: exp.Select) -> Feature:
    columns: dict[str, Sql] = {"n": _count_where(_is_order(scope))}
    if found is None:
        columns["v"] = exp.Count(this=exp.Star())
    elif node.fold == "count":
        columns["v"] = _count_where(scope.reading(found).known())
    elif node.fold == "distinct":
        columns["v"] = exp.Count(this=exp.Distinct(expressions=[scope.reading(found).text()]))
    elif node.fold in ("min", "max"):
        columns["v"] = (exp.Min if node.fold == "min" else exp.Max)(this=scope.reading(found).number())
    else:
        number = _signed(scope, scope.reading(found, own_only=True).number())
        columns["v"] = exp.Coalesce(this=exp.Sum(this=number), expressions=[cast(integer(0), EXACT)])
        own = scope.reading(found).number()
        columns["k"] = _count_where(_both(_is_order(scope), negated(is_null(own))))
    if found is not None and found.kind is Kind.MONEY:
        unrated = exp.Sum(this=when(scope.is_unrated(found), integer(1), integer(0)))
        columns["v"] = when(compare(">", unrated, integer(0)), NULL.copy(), columns["v"])
    query = rows.select(column(scope.alias, "profile_no"), copy=False)
    for name, value in columns.items():
        query = query.select(named(value, name), copy=False)
    query = query.group_by(column(scope.alias, "profile_no"), copy=False)
    return Feature(query, _reading_of(scope, found, node), _is_there, _key_of(scope, found, node))


def _is_order(scope: EventScope) -> Sql:
    return compare("=", column(scope.alias, "sign"), integer(1)) if scope.with_refunds else exp.true()


def _signed(scope: EventScope, number: Sql) -> Sql:
    if not scope.with_refunds:
        return number
    return when(_is_order(scope), number, exp.Neg(this=exp.Paren(this=number.copy())))


def _count_where(condition: Sql) -> Sql:
    return exp.Count(this=when(condition, integer(1)))


def _both(left: Sql, right: Sql) -> Sql:
    return exp.And(this=exp.Paren(this=left), expression=exp.Paren(this=right))


def _is_there(name: str) -> Sql:
    return surely(compare(">", column(name, "n"), integer(0)))


def _reading_of(scope: EventScope, found: Property | None, node: tree.Aggregate) -> Callable[[str], Reading]:
    """Of nothing, count, distinct and sum are 0, the others unknown (rule 28)."""
    if node.fold in ("count", "distinct", "sum"):
        return lambda name: NumberReading(
            lambda: when(is_null(column(name, "profile_no")), integer(0), column(name, "v"))
        )
    if node.fold in ("min", "max"):
        return lambda name: NumberReading(lambda: column(name, "v"))
    if found is not None and found.kind is Kind.MONEY:
        digits = scope.catalog.currency_digits
        return lambda name: NumberReading(lambda: _mean_of_money(name, digits))
    return lambda name: FractionReading(lambda: _if_counted(name, column(name, "v")), lambda: column(name, "k"))


def _key_of(scope: EventScope, found: Property | None, node: tree.Aggregate) -> Callable[[str], Sql]:
    reading = _reading_of(scope, found, node)
    if node.fold != "avg" or (found is not None and found.kind is Kind.MONEY):
        return lambda name: reading(name).number()

    return lambda name: _if_counted(name, call("row", *_whole_and_rest(name)))


def _whole_and_rest(name: str) -> tuple[Sql, Sql]:
    """The mean in millionths as a whole number and the fraction that is left, in parts of `FINE`."""
    count = column(name, "k")
    whole = exp.IntDiv(this=_micro(name), expression=count)
    left = exp.Mod(this=_micro(name), expression=count.copy())
    fine = times(left, cast(exp.Literal.number(FINE), "hugeint"))
    return whole, exp.IntDiv(this=exp.Paren(this=fine), expression=count.copy())


def _if_counted(name: str, value: Sql) -> Sql:
    return when(compare(">", column(name, "k"), integer(0)), value)


def _micro(name: str) -> Sql:
    return cast(times(column(name, "v"), integer(MICRO)), "hugeint")


def _mean_of_money(name: str, digits: int) -> Sql:
    """The sum by the count, rounded half up to the minor unit (rule 14), in major units."""
    unit = 10 ** (6 - digits)
    count = times(column(name, "k"), integer(unit))
    doubled = plus(times(integer(2), _micro(name)), count)
    minor = floor_divided(doubled, cast(times(integer(2), count.copy()), "hugeint"))
    place = exp.Literal.number("1" if digits == 0 else "0." + "0" * (digits - 1) + "1")
    return _if_counted(name, times(cast(minor, "decimal(30, 0)"), place))


def _end(scope: EventScope, found: Property | None, node: tree.Aggregate) -> Feature:
    query = chosen_event(scope, chosen(scope, node.where, node.window), node.fold)
    if is_any_line(scope, found):
        query = end_line(scope, query, node.fold)

    def is_there(name: str) -> Sql:
        return negated(is_null(column(name, "profile_no")))

    def key(name: str) -> Sql:
        reading = end_reading(scope, found, name)
        return reading.moment() if found is None else reading.number()

    return Feature(query, lambda name: end_reading(scope, found, name), is_there, key)
