"""Aggregates over events as relations of one row a person, and how their values read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from intarsia.engine.sql.ends import ENDS, chosen_event, end_line, end_reading, is_any_line
from intarsia.engine.sql.fractions import MICRO, FractionReading
from intarsia.engine.sql.operators import Operators
from intarsia.engine.sql.queries import Rows, named, one_after_another, query_source, rows_of
from intarsia.engine.sql.reading import EXACT, NumberReading, Reading
from intarsia.engine.sql.scope import EventScope, converted
from intarsia.engine.sql.words import (
    NULL,
    TRUE,
    Sql,
    all_of,
    cast,
    column,
    compare,
    count,
    count_distinct,
    first_known,
    floor_divided,
    greatest,
    integer,
    is_null,
    least,
    minus_one_times,
    negated,
    numeral,
    plus,
    surely,
    times,
    total,
    when,
)
from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.catalog import Catalog, Kind, Property
from intarsia.language.meaning.money import unit_of


@dataclass(frozen=True)
class Feature:
    """One aggregate of everybody who has an event in it.

    query    profile_no, then what the readings are made of
    reading  how the value reads, given the name under which the query is joined to everybody
    is_there  whether the person has at least one event in it
    """

    query: Rows
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


def chosen(scope: EventScope, where: tree.Condition | None, window: tree.Window | None) -> Rows:
    """A query without columns over the events that meet a filter inside a window."""
    query = scope.source()
    if window is not None:
        query = query.where(scope.asks.happened_in(column(scope.alias, "happened"), window))
    if where is not None:
        query = query.where(scope.condition(where))
    return query


def feature(catalog: Catalog, operators: Operators, relations: set[str], node: tree.Aggregate) -> Feature:
    """The relation of an aggregate; but for `first` and `last`, a line's property is taken of each line."""
    scope, found = events_of(catalog, operators, relations, node.event)
    if node.fold in ENDS:
        return _end(scope, found, node)
    if found is None:
        return _of_events(scope, node)
    if scope.is_of_sales and takes_refunds(node.fold, found):
        scope = replace(scope, with_refunds=True)
    return _fold(scope, found, node)


def takes_refunds(fold: tree.Fold, found: Property) -> bool:
    """Whether of orders the refunds are taken off (rule 30)."""
    return fold in ("sum", "avg") and found.path != ("gross",)


# --- folds

READ = "e"
"""The query of what was read of each row."""


def _of_events(scope: EventScope, node: tree.Aggregate) -> Feature:
    """How many events, or lines, there are."""
    there = count()
    rows = chosen(scope, node.where, node.window)
    return _grouped(rows, scope.alias, {"n": there, "v": there}, _reading_of(scope, None, node))


def _fold(scope: EventScope, found: Property, node: tree.Aggregate) -> Feature:
    """What the values of a property come to: each is read once, in every place where it is found."""
    is_of_numbers = node.fold in ("sum", "avg", "min", "max")
    take = _numbers if is_of_numbers else partial(_values, fold=node.fold)
    queries = []
    for place, taken, applies in scope.places(found):
        rows = chosen(place, node.where, node.window)
        if found.otherwise is not None:
            rows = rows.where(applies)
        columns = {"profile_no": column(place.alias, "profile_no"), **take(place, taken)}
        queries.append(rows.select(*(named(value, name) for name, value in columns.items())))
    rows = rows_of(query_source(one_after_another(queries), READ))
    columns = _of_numbers(scope, found, node.fold) if is_of_numbers else _of_values(found, node.fold)
    return _grouped(rows, READ, columns, _reading_of(scope, found, node))


def _grouped(rows: Rows, alias: str, columns: dict[str, Sql], reading: Callable[[str], Reading]) -> Feature:
    """One row a person."""
    query = rows.select(column(alias, "profile_no"), *(named(value, name) for name, value in columns.items()))
    return Feature(query.group_by(column(alias, "profile_no")), reading, _is_there)


def _values(scope: EventScope, found: Property, fold: tree.Fold) -> dict[str, Sql]:
    """What is taken of each row: its text, or whether it is known; of an amount, whether it lacks a rate."""
    reading = scope.reading(found)
    columns = {"value": reading.text() if fold == "distinct" else reading.known()}
    return columns if found.kind is not Kind.MONEY else {**columns, "is_unrated": scope.is_unrated(found)}


def _of_values(found: Property, fold: tree.Fold) -> dict[str, Sql]:
    """How many events there are (n), and of their values how many, or how many different ones (v)."""
    value = column(READ, "value")
    number = count_distinct(value) if fold == "distinct" else _count_where(value)
    is_unrated = partial(column, READ, "is_unrated")
    return {"n": count(), "v": _if_rated(found, is_unrated, number)}


def _numbers(scope: EventScope, found: Property) -> dict[str, Sql]:
    """What is taken of each row: the number as it came, and what is needed to convert it."""
    return {"is_order": _is_order(scope), **scope.number(found)}


def _of_numbers(scope: EventScope, found: Property, fold: tree.Fold) -> dict[str, Sql]:
    """How many orders or other events there are (n), and what their numbers come to (v); for a mean, how many (k)."""
    number, is_order = column(READ, "number"), column(READ, "is_order")
    columns: dict[str, Sql] = {"n": _count_where(is_order)}
    value = number
    has_no_rate: Sql = TRUE
    if found.kind is Kind.MONEY:
        foreign = None
        if scope.has_rates:
            factor, divisor = column(READ, "factor"), column(READ, "divisor")
            foreign, has_no_rate = converted(number, factor, divisor, scope.catalog.currency_digits), is_null(factor)
        value = when(column(READ, "is_own"), number, foreign)
    if fold in ("min", "max"):
        columns["v"] = (least if fold == "min" else greatest)(value)
    else:
        signed = when(is_order, value, minus_one_times(value))
        summed = total(cast(signed if scope.with_refunds else value, EXACT))
        columns["v"] = first_known(summed, cast(integer(0), EXACT))
    if fold == "avg":
        columns["k"] = _count_where(all_of((is_order, negated(is_null(number)))))
    is_unrated = (negated(column(READ, "is_own")), negated(is_null(number)), has_no_rate)
    columns["v"] = _if_rated(found, lambda: all_of(is_unrated), columns["v"])
    return columns


def _if_rated(found: Property, is_unrated: Callable[[], Sql], value: Sql) -> Sql:
    """The value; of amounts of which one has no rate, nothing (rule 29)."""
    if found.kind is not Kind.MONEY:
        return value
    unrated = total(when(is_unrated(), integer(1), integer(0)))
    return when(compare(">", unrated, integer(0)), NULL, value)


def _is_order(scope: EventScope) -> Sql:
    return compare("=", column(scope.alias, "sign"), integer(1)) if scope.with_refunds else TRUE


def _count_where(condition: Sql) -> Sql:
    return count(when(condition, integer(1)))


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
    minor = floor_divided(doubled, cast(times(integer(2), count), "hugeint"))
    return _if_counted(name, times(cast(minor, "decimal(30, 0)"), numeral(unit_of(digits))))


def _end(scope: EventScope, found: Property | None, node: tree.Aggregate) -> Feature:
    query = chosen_event(scope, chosen(scope, node.where, node.window), node.fold)
    if is_any_line(scope, found):
        query = end_line(scope, query, node.fold)

    def is_there(name: str) -> Sql:
        return negated(is_null(column(name, "profile_no")))

    return Feature(query, lambda name: end_reading(scope, found, name), is_there)
