"""Events as rows of columns: what SQL says of them as of a question, grouped by person and put in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.reading import Reading, coded_texts, first_of
from intarsia.engine.columns.rows import Lines, Names, Rows
from intarsia.engine.columns.values import DIGITS, Array
from intarsia.engine.sql.evaluate import Evaluator
from intarsia.engine.sql.features import events_of
from intarsia.engine.sql.line_readings import LINE_AMOUNTS, LINE_NUMBERS, LINE_TEXTS, amount
from intarsia.engine.sql.queries import is_member, named, rows_of, source
from intarsia.engine.sql.scope import EventScope, converted
from intarsia.engine.sql.words import (
    FALSE,
    Bindings,
    Sql,
    all_of,
    any_of,
    call,
    cast,
    column,
    compare,
    count,
    first_known,
    integer,
    is_null,
    json_place,
    negated,
    surely,
    text,
    times,
    try_cast,
    when,
)
from intarsia.errors import phrase
from intarsia.language import tree
from intarsia.language.catalog import EVENT_NAME, EventType, Kind, Property
from intarsia.language.meaning.orders import GROSS, ORDER, TOTAL

MOST_VALUES = 1 << 16
"""Numbers of more different values than this are held as they are."""
STATUS = ("status",)


class EventRows:
    """Reads events of one question of the SQL back end."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._session = evaluator.session

    def rows(
        self, event: EventType, paths: Iterable[Names], line_paths: Iterable[Names], *, with_lines: bool, size: int
    ) -> Rows:
        """What everybody did of one type, with the columns of some properties; of orders those that count."""
        scope = self._scope(event)
        known = [property_at(event, path) for path in sorted(set(paths))]
        of_lines = [event.lines[path] for path in set(line_paths) if path in event.lines]
        if any(found.kind is Kind.MONEY for found in of_lines) and self._is_foreign(scope):
            raise NotInColumns(phrase("amounts of lines in other currencies"))
        numbered = self._numbered(scope, known)
        columns = {one.path: (_number if one in numbered else _said)(scope, one) for one in known}
        unrated = any_of(_is_unrated(scope, one) for one in known)
        with_lines = with_lines and bool(event.lines)
        made = Reading(list(columns), frozenset(one.path for one in numbered), with_lines=with_lines)
        found = self._read(made, scope, columns, unrated)
        rows = found.rows(size)
        if not with_lines:
            return rows
        return replace(rows, lines=self._lines(scope, found.lines_no, sorted(set(line_paths))))

    def refunds(self, event: EventType, taken: Names, paths: Iterable[Names], size: int) -> Rows:
        """The refunds of orders: in the column `taken` what each gives back; the others are what it is matched by."""
        scope = replace(self._scope(event), with_refunds=True)
        given = property_at(event, taken)
        known = [property_at(event, path) for path in sorted(set(paths))]
        columns = {GIVEN_BACK: _given_back(scope, given), **{found.path: _matched_by(scope, found) for found in known}}
        unrated = (_is_unrated(scope, one, is_given=False) for one in known)
        unsure = any_of((_is_unrated(scope, given), *unrated))
        return self._read(Reading(list(columns), frozenset()), scope, columns, unsure, sign=-1).rows(size)

    def _scope(self, event: EventType) -> EventScope:
        node = tree.Event((event.short or event.name,), event.is_any) if not event.is_any else _any(event)
        scope, _ = events_of(self._evaluator.catalog, self._evaluator.operators(), set(), node)
        return scope

    def _numbered(self, scope: EventScope, known: Sequence[Property]) -> list[Property]:
        """Those of the properties that are numbers throughout, and too many different ones for a dictionary."""
        asked = [one for one in known if one.kind in (Kind.MONEY, Kind.NUMBER)]
        if not asked:
            return []
        query = scope.source()
        for place, one in enumerate(asked):
            reading = scope.reading(one)
            odd = all_of((reading.known(), negated(surely(reading.is_number()))))
            query.select(
                named(call("approx_count_distinct", reading.number()), f"n{place}"),
                named(count(when(odd, integer(1))), f"odd{place}"),
            )
        (row,) = self._asked(scope, query.sql()).to_pylist()
        return [one for place, one in enumerate(asked) if row[f"n{place}"] > MOST_VALUES and not row[f"odd{place}"]]

    def _asked(self, scope: EventScope, sql: Sql) -> pa.Table:
        for relation in sorted(scope.relations):
            self._evaluator.relation(relation)
        return self._session.execute(sql, scope.bindings.used_in(sql))

    def _read(
        self, found: Reading, scope: EventScope, columns: dict[Names, Sql], unrated: Sql, sign: int = 1
    ) -> Reading:
        """The rows of a scope, which `found` takes and puts in order."""
        values = [named(value, f"c{place}") for place, value in enumerate(columns.values())]
        own = [column(scope.alias, name) for name in ("profile_no", "happened", "event_no", "lines_no")]
        # An order of which nothing but its cancellation is known has no message of its own.
        odd_id = when(is_null(column(scope.alias, "event_no")), column(scope.alias, "id"))
        query = scope.source().select(*own, *values, named(odd_id, "odd_id"), named(surely(unrated), "unrated"))
        if scope.is_of_sales and scope.with_refunds:
            query = query.where(compare("=", column(scope.alias, "sign"), integer(sign)))
        for relation in sorted(scope.relations):
            self._evaluator.relation(relation)
        sql = query.sql()
        for batch in self._session.stream(sql, scope.bindings.used_in(sql)):
            found.take(batch)
        found.arrange(lambda numbers: self._ids(scope, numbers))
        return found

    def _ids(self, scope: EventScope, event_no: Array) -> dict[int, str]:
        """The ids by which events of one instant are put in order, by the numbers of their messages."""
        self._session.register("tied_events", pa.table({"event_no": pa.array(event_no)}))
        tied = rows_of(source("tied_events")).select(column("tied_events", "event_no"))
        query = scope.source().select(column(scope.alias, "event_no"), column(scope.alias, "id"))
        sql = query.where(is_member(column(scope.alias, "event_no"), tied)).sql()
        found = self._session.execute(sql, scope.bindings.used_in(sql))
        return dict(zip(found["event_no"].to_pylist(), found["id"].to_pylist(), strict=True))

    def _is_foreign(self, scope: EventScope) -> bool:
        """Whether anything of a type is in another currency than the workspace's."""
        total = Property(TOTAL, Kind.MONEY)
        said = scope.currency(total)
        own = scope.catalog.currency
        query = scope.source().select(named(call("upper", said), "currency")).distinct()
        found = self._asked(scope, query.sql())
        return any(currency not in (None, "", own.upper()) for currency in found["currency"].to_pylist())

    def _lines(self, scope: EventScope, lines_no: Array, paths: Sequence[Names]) -> Lines:
        self._evaluator.relation("lines")
        values = [named(_of_line(path, scope.bindings), f"c{place}") for place, path in enumerate(paths)]
        asked = scope.source().select(column(scope.alias, "lines_no"))
        own = [column("l", "event_no"), column("l", "line_no")]
        query = rows_of(source("lines", "l")).select(*own, *values).where(is_member(column("l", "event_no"), asked))
        found = self._asked(scope, query.sql())
        by_event = np.argsort(lines_no, kind="stable")
        of_row = by_event[np.searchsorted(lines_no[by_event], found["event_no"].to_numpy())]
        order = np.lexsort((found["line_no"].to_numpy(), of_row))
        columns = {path: coded_texts(found[f"c{place}"], order) for place, path in enumerate(paths)}
        return Lines(first_of(of_row[order], len(lines_no)), columns)


GIVEN_BACK = ("",)
"""The column of refunds that holds what they give back."""


def _any(event: EventType) -> tree.Event:
    return tree.Event(("order",) if event.name == ORDER else ("event",), is_any=True)


def property_at(event: EventType, path: Names) -> Property:
    """What a path is of an event; what is in no catalog lies inside an object."""
    if path == EVENT_NAME:
        return Property(path, is_name=True)
    found = event.properties.get(path) or Property(path)
    return found.own


def _is_unrated(scope: EventScope, found: Property, *, is_given: bool = True) -> Sql:
    return scope.is_unrated(found, is_given=is_given) if found.kind is Kind.MONEY else FALSE


# --- properties as JSON


def _said(scope: EventScope, found: Property) -> Sql:
    """What an event says of a property, an amount in the workspace's currency."""
    raw = _raw(scope, found.path)
    if found.kind is not Kind.MONEY:
        return raw
    return when(scope.is_foreign(found), _written(scope.reading(found).number()), raw)


def _number(scope: EventScope, found: Property) -> Sql:
    """A property that is a number, in units of 10 ** -DIGITS."""
    return try_cast(times(scope.reading(found).number(), integer(10**DIGITS)), "bigint")


def _raw(scope: EventScope, path: Names) -> Sql:
    alias, bind = scope.alias, scope.bindings.bind
    if path == EVENT_NAME:
        return cast(call("to_json", column(alias, "name")), "varchar")
    said = call("json_extract", column(alias, "props"), bind(json_place(*path)))
    if not scope.is_of_sales:
        return said
    if path == STATUS:
        return when(column(alias, "is_cancelled"), text('"cancelled"'), said)
    if path in (TOTAL, GROSS):
        said = call("json_extract", column(alias, "props"), bind(json_place(*TOTAL)))
        return first_known(_written(amount(column(alias, "total_minor"), column(alias, "total_unit"))), said)
    return said


def _given_back(scope: EventScope, found: Property) -> Sql:
    """What a refund gives back, in the workspace's currency."""
    given = scope.number(found)
    if found.kind is not Kind.MONEY:
        return _written(given["number"])
    if not scope.has_rates:
        return _written(given["number"])
    foreign = converted(given["number"], given["factor"], given["divisor"], scope.catalog.currency_digits)
    return _written(when(given["is_own"], given["number"], foreign))


def _matched_by(scope: EventScope, found: Property) -> Sql:
    """What a refund is matched by: its own property, else its order's."""
    if found.kind is Kind.MONEY:
        return _written(scope.reading(found).number())
    place = scope.bindings.bind(json_place(*found.path))
    own, under = (call("json_extract", column(scope.alias, props), place) for props in ("props", "under_props"))
    if found.path == STATUS:
        under = when(column(scope.alias, "is_cancelled"), text('"cancelled"'), under)
    top = scope.bindings.bind(json_place(found.path[0]))
    says = surely(compare("<", text("NULL"), call("json_type", column(scope.alias, "props"), top)))
    known = any_of((says, surely(compare("<", call("json_type", column(scope.alias, "props"), top), text("NULL")))))
    return when(known, own, under)


def _of_line(path: Names, bindings: Bindings) -> Sql:
    """A property of a line."""
    said = call("json_extract", column("l", "line_props"), bindings.bind(json_place(*path)))
    name = path[0]
    if len(path) > 1:
        return said
    if name in LINE_TEXTS:
        return first_known(cast(call("to_json", column("l", name)), "varchar"), said)
    if name in LINE_NUMBERS:
        return first_known(_written(column("l", name)), said)
    if name in LINE_AMOUNTS:
        return first_known(_written(amount(column("l", f"line_{name}_minor"), column("l", "line_unit"))), said)
    return said


def _written(value: Sql) -> Sql:
    return cast(value, "varchar")
