"""Which rates are missing: the days of amounts in currencies of which nobody said the rate (rule 29)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.clock import begin_of_day, day_holding
from intarsia.engine.sql.compile import Compiled, Compiler
from intarsia.engine.sql.features import chosen, takes_refunds
from intarsia.engine.sql.operators import Operators
from intarsia.engine.sql.queries import Query, Rows, named, one_after_another, query_source, rows_of, source
from intarsia.engine.sql.words import Sql, any_of, column, compare, count_distinct
from intarsia.language import tree
from intarsia.language.catalog import Catalog, Kind, Property
from intarsia.language.meaning.trends import aggregates_of


@dataclass(frozen=True)
class MissingRate:
    """A currency and a day of which nobody said the rate.

    events  so many have an amount in it; people: so many have such an event. Both are 0 where a definition itself
            names an amount in it
    """

    currency: str
    day: date
    events: int = 0
    people: int = 0

    def to_json(self) -> dict[str, object]:
        """Currency, day, events, people."""
        return {"currency": self.currency, "day": self.day.isoformat(), "events": self.events, "people": self.people}


@dataclass(frozen=True)
class Use:
    """Amounts of events that are looked at: of those that meet a filter inside a window; of orders, of refunds too.

    is_asked  a filter asks for them: of refunds those that they are matched by, not those that they give back
    """

    event: tree.Event
    amounts: tuple[Property, ...]
    where: tree.Condition | None = None
    window: tree.Window | None = None
    with_refunds: bool = False
    is_asked: bool = False


def literals(condition: tree.Condition, operators: Operators) -> list[MissingRate]:
    """The currencies of amounts in a definition that have no rate on the day of the question."""
    day = day_holding(operators.at, operators.zone)
    said = (node for node in condition.walk() if isinstance(node, tree.Number))
    return [
        MissingRate(str(node.currency), day)
        for node in said
        if operators.own.number(node, operators.at, operators.zone) is None
    ]


def uses(condition: tree.Condition, catalog: Catalog) -> Iterator[Use]:
    """The amounts that a definition looks at, without those of the segments that it names."""
    match condition:
        case tree.And(parts=parts) | tree.Or(parts=parts):
            for part in parts:
                yield from uses(part, catalog)
        case tree.Not(part=part):
            yield from uses(part, catalog)
        case tree.Test(value=value):
            yield from _of_value(value, catalog)
        case tree.Rank(by=by, among=among):
            yield from _of_value(by, catalog)
            if among is not None:
                yield from uses(among, catalog)
        case tree.Did(event=event, where=where, window=window):
            yield from _of_filter(event, where, window, catalog)
        case tree.Had(event=event, where=where, window=window, condition=inner):
            yield from _of_filter(event, where, window, catalog)
            yield from _of_filter(event, inner, window, catalog)
        case tree.Sequence(steps=steps):
            for step in steps:
                yield from _of_filter(step.event, step.where, None, catalog)
        case (
            tree.Active(event=event, where=where)
            | tree.Lapsed(event=event, where=where)
            | tree.FirstTime(event=event, where=where)
            | tree.Returned(event=event, where=where)
        ):
            yield from _of_filter(event, where, None, catalog)


def _of_value(value: tree.Value, catalog: Catalog) -> Iterator[Use]:
    for aggregate in aggregates_of(value):
        event, where, window = aggregate.event, aggregate.where, aggregate.window
        found = catalog.event_of(event)
        taken = None if found is None or len(event.names) == 1 else found.property(event.names[1:])
        with_refunds = taken is not None and takes_refunds(aggregate.fold, taken)
        if taken is not None and taken.kind is Kind.MONEY:
            yield Use(event, (taken,), where, window, with_refunds)
        yield from _of_filter(event, where, window, catalog, with_refunds=with_refunds)


def _of_filter(
    event: tree.Event,
    where: tree.Condition | None,
    window: tree.Window | None,
    catalog: Catalog,
    *,
    with_refunds: bool = False,
) -> Iterator[Use]:
    """The amounts of which a filter asks: it cannot be said of which events it holds."""
    found = catalog.event_of(event)
    paths = [node.names for node in where.walk() if isinstance(node, tree.Path)] if where is not None else []
    known = [found.property(names) for names in paths] if found is not None else []
    amounts = tuple(amount for amount in known if amount is not None and amount.kind is Kind.MONEY)
    if amounts:
        yield Use(tree.Event(event.names[:1], event.is_any), amounts, None, window, with_refunds, is_asked=True)


def everything(catalog: Catalog) -> Iterator[Use]:
    """All amounts of all events."""
    for name, event in catalog.events.items():
        known = (*event.properties.values(), *event.lines.values())
        amounts = tuple(amount for amount in known if amount.kind is Kind.MONEY)
        if amounts:
            yield Use(tree.Event((event.short or name,)), amounts, with_refunds=True)


def missing_query(catalog: Catalog, operators: Operators, used: Iterable[Use], since: int) -> Compiled | None:
    """The question which rates are missing: currency, begin of the day, events, people; None: no amount is looked at.

    since  when the first event happened, milliseconds UTC
    """
    compiler = Compiler(catalog, operators)
    parts: list[Query] = [_unrated(compiler, one) for use in used for one in _by_place(use)]
    if not parts:
        return None
    days = compiler.give("days", "days", lambda: _days(since, operators.at, operators.zone))
    query = rows_of(query_source(one_after_another(parts, each_once=True), "u"))
    query = query.join_nearest(source(days, "d"), compare(">=", column("u", "happened"), column("d", "begin_ms")))
    currency, begin = column("u", "currency"), column("d", "begin_ms")
    query = query.select(
        named(currency, "currency"),
        named(begin, "begin_ms"),
        named(_count_distinct("event_no"), "events"),
        named(_count_distinct("profile_no"), "people"),
    )
    return compiler.finish(query.group_by(currency, begin))


def missing_rates(answer: pa.Table, zone: ZoneInfo) -> list[MissingRate]:
    """What a question of `missing_query` answered, by currency and day."""
    found = [
        MissingRate(_code(row["currency"]), day_holding(row["begin_ms"], zone), row["events"], row["people"])
        for row in answer.to_pylist()
    ]
    return sorted(found, key=lambda missing: (missing.currency, missing.day))


def _code(folded: str) -> str:
    return folded.upper() if folded.isascii() else folded


def _by_place(use: Use) -> Iterator[Use]:
    """The same, of the events' own amounts and of those of their lines.

    Of refunds one by one: what one borrows of its order may be in another currency.
    """
    each = [one for amount in use.amounts for one in (amount.own, amount.otherwise) if one is not None]
    for is_of_line in (False, True):
        amounts = tuple(amount for amount in each if amount.is_of_line is is_of_line)
        if use.with_refunds:
            yield from (replace(use, amounts=(amount,)) for amount in amounts)
        elif amounts:
            yield replace(use, amounts=amounts)


def _unrated(compiler: Compiler, use: Use) -> Rows:
    """The events with an amount without a rate: event_no, profile_no, happened, currency."""
    scope, _ = compiler.events_of(use.event)
    if use.amounts[0].is_of_line:
        scope = replace(scope, line_alias="l", is_matched=use.is_asked)
    scope = replace(scope, with_refunds=use.with_refunds and scope.is_of_sales)
    rows = chosen(scope, use.where, use.window)
    rows = rows.where(any_of(scope.is_unrated(amount, is_given=not use.is_asked) for amount in use.amounts))
    kept = (column(scope.alias, name) for name in ("event_no", "profile_no", "happened"))
    return rows.select(*kept, named(scope.currency(use.amounts[0]), "currency")).distinct()


def _count_distinct(name: str) -> Sql:
    return count_distinct(column("u", name))


def _days(since: int, until: int, zone: ZoneInfo) -> pa.Table:
    first, last = day_holding(since, zone), day_holding(until, zone)
    days = range(first.toordinal(), last.toordinal() + 1)
    begins = sorted({begin_of_day(date.fromordinal(day), zone) for day in days})
    return pa.table({"begin_ms": pa.array(begins, pa.int64())})
