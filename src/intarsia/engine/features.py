"""Aggregates over events as relations of one row a person, and how their values read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlglot import exp

from intarsia.engine.ends import ENDS, chosen_event, end_line, end_reading, is_any_line
from intarsia.engine.fractions import MICRO, FractionReading
from intarsia.engine.operators import Operators
from intarsia.engine.reading import EXACT, NumberReading, Reading
from intarsia.engine.scope import EventScope, converted
from intarsia.engine.words import (
    NULL,
    TRUE,
    Sql,
    all_of,
    cast,
    column,
    compare,
    floor_divided,
    integer,
    is_null,
    named,
    negated,
    plus,
    rows_of,
    surely,
    times,
    when,
)
from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.catalog import Catalog, Kind, Property
from intarsia.language.money import unit_of


@dataclass(frozen=True)
class Feature:
    """One aggregate of everybody who has an event in it.

    query    profile_no, then what the readings are made of
    reading  how the value reads, given the name under which the query is joined to everybody
    is_there  whether the person has at least one event in it
    """

    query: exp.Select
    reading: Callable[[str], Reading]
    is_there: Callable[[str], Sql]


def events_of(
    catalog: Catalog, operators: Operators, relations: set[str], event: tree.Event
) -> tuple[EventScope, Property | None]:
    """The scope of an event path, of lines where the path names them, and the property that it ends in, if any."""
    found = catalog.event_of(event)
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
    if window is not None:
        query = query.where(scope.asks.happened_in(column(scope.alias, "happened"), window), copy=False)
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
    if scope.is_of_sales and found is not None and takes_refunds(node.fold, found):
        scope = replace(scope, with_refunds=True)
    rows = chosen(scope, node.where, node.window)
    return _fold(scope, found, node, rows)


def takes_refunds(fold: tree.Fold, found: Property) -> bool:
    """Whether of orders the refunds are taken off (rule 30)."""
    return fold in ("sum", "avg") and found.path != ("gross",)


# --- folds


def _fold(scope: EventScope, found: Property | None, node: tree.Aggregate, rows: exp.Select) -> Feature:
    if found is not None and node.fold in ("sum", "avg", "min", "max"):
        alias, columns = "e", _of_numbers(scope, found, node.fold)
        rows = rows_of(rows.select(*_read(scope, found), copy=False).subquery(alias, copy=False))
    else:
        alias, columns = scope.alias, _of_values(scope, found, node.fold)
    query = rows.select(column(alias, "profile_no"), copy=False)
    for name, value in columns.items():
        query = query.select(named(value, name), copy=False)
    query = query.group_by(column(alias, "profile_no"), copy=False)
    return Feature(query, _reading_of(scope, found, node), _is_there)


def _of_values(scope: EventScope, found: Property | None, fold: tree.Fold) -> dict[str, Sql]:
    """How many events there are (n), and of their values how many, or how many different ones (v)."""
    there = exp.Count(this=exp.Star())
    if found is None:
        return {"n": there, "v": there.copy()}
    reading = scope.reading(found)
    if fold == "distinct":
        value: Sql = exp.Count(this=exp.Distinct(expressions=[reading.text()]))
    else:
        value = _count_where(reading.known())
    return {"n": there, "v": _if_rated(found, lambda: scope.is_unrated(found), value)}


def _read(scope: EventScope, found: Property) -> list[Sql]:
    """What is taken of each row, read once: the number as it came, and what is needed to convert it."""
    columns = [column(scope.alias, "profile_no"), named(_is_order(scope), "is_order")]
    return [*columns, *(named(value, name) for name, value in scope.number(found).items())]


def _of_numbers(scope: EventScope, found: Property, fold: tree.Fold) -> dict[str, Sql]:
    """How many orders or other events there are (n), and what their numbers come to (v); for a mean, how many (k)."""
    number, is_order = column("e", "number"), column("e", "is_order")
    columns: dict[str, Sql] = {"n": _count_where(is_order)}
    value = number
    has_no_rate: Sql = TRUE.copy()
    if found.kind is Kind.MONEY:
        foreign = None
        if scope.has_rates:
            factor, divisor = column("e", "factor"), column("e", "divisor")
            foreign, has_no_rate = converted(number, factor, divisor, scope.catalog.currency_digits), is_null(factor)
        value = when(column("e", "is_own"), number.copy(), foreign)
    if fold in ("min", "max"):
        columns["v"] = (exp.Min if fold == "min" else exp.Max)(this=value)
    else:
        signed = when(is_order.copy(), value, exp.Neg(this=exp.Paren(this=value.copy())))
        total = exp.Sum(this=cast(signed if scope.with_refunds else value, EXACT))
        columns["v"] = exp.Coalesce(this=total, expressions=[cast(integer(0), EXACT)])
    if fold == "avg":
        columns["k"] = _count_where(all_of((is_order.copy(), negated(is_null(number.copy())))))
    is_unrated = (negated(column("e", "is_own")), negated(is_null(number.copy())), has_no_rate)
    columns["v"] = _if_rated(found, lambda: all_of(is_unrated), columns["v"])
    return columns


def _if_rated(found: Property, is_unrated: Callable[[], Sql], value: Sql) -> Sql:
    """The value; of amounts of which one has no rate, nothing (rule 29)."""
    if found.kind is not Kind.MONEY:
        return value
    unrated = exp.Sum(this=when(is_unrated(), integer(1), integer(0)))
    return when(compare(">", unrated, integer(0)), NULL.copy(), value)


def _is_order(scope: EventScope) -> Sql:
    return compare("=", column(scope.alias, "sign"), integer(1)) if scope.with_refunds else exp.true()


def _count_where(condition: Sql) -> Sql:
    return exp.Count(this=when(condition, integer(1)))


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
    return lambda name: FractionReading(lambda: _if_counted(name, _micro(name)), lambda: _millions(name))


def _if_counted(name: str, value: Sql) -> Sql:
    return when(compare(">", column(name, "k"), integer(0)), value)


def _micro(name: str) -> Sql:
    return cast(times(column(name, "v"), integer(MICRO)), "hugeint")


def _millions(name: str) -> Sql:
    """The count as what millionths are to be divided by."""
    return times(cast(column(name, "k"), "hugeint"), integer(MICRO))


def _mean_of_money(name: str, digits: int) -> Sql:
    """The sum by the count, rounded half up to the minor unit (rule 14), in major units."""
    unit = 10 ** (6 - digits)
    count = times(column(name, "k"), integer(unit))
    doubled = plus(times(integer(2), _micro(name)), count)
    minor = floor_divided(doubled, cast(times(integer(2), count.copy()), "hugeint"))
    return _if_counted(name, times(cast(minor, "decimal(30, 0)"), exp.Literal.number(unit_of(digits))))


def _end(scope: EventScope, found: Property | None, node: tree.Aggregate) -> Feature:
    query = chosen_event(scope, chosen(scope, node.where, node.window), node.fold)
    if is_any_line(scope, found):
        query = end_line(scope, query, node.fold)

    def is_there(name: str) -> Sql:
        return negated(is_null(column(name, "profile_no")))

    return Feature(query, lambda name: end_reading(scope, found, name), is_there)
