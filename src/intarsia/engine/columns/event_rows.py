"""Events as rows of columns: what SQL says of them as of a question, grouped by person and put in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.rows import Lines, Names, Rows
from intarsia.engine.columns.values import Array, Numbered, Values, coded
from intarsia.engine.sql.features import events_of
from intarsia.engine.sql.line_readings import LINE_AMOUNTS, LINE_NUMBERS, LINE_TEXTS, amount
from intarsia.engine.sql.queries import is_member, named, rows_of, source
from intarsia.engine.sql.scope import EventScope, converted
from intarsia.engine.sql.words import (
    FALSE,
    Bindings,
    Sql,
    any_of,
    call,
    cast,
    column,
    compare,
    first_known,
    integer,
    json_place,
    surely,
    text,
    when,
)
from intarsia.language import tree
from intarsia.language.catalog import EVENT_NAME, EventType, Kind, Property
from intarsia.language.meaning.orders import GROSS, ORDER, TOTAL
from intarsia.language.meaning.values import number

if TYPE_CHECKING:
    from intarsia.engine.sql.evaluate import Evaluator

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
        known = [_property(event, path) for path in sorted(set(paths))]
        columns = {found.path: _said(scope, found) for found in known}
        of_lines = [event.lines[path] for path in set(line_paths) if path in event.lines]
        if any(found.kind is Kind.MONEY for found in of_lines) and self._is_foreign(scope):
            raise NotInColumns("amounts of lines in other currencies")
        found, order = self._read(scope, columns, any_of(_is_unrated(scope, one) for one in known))
        rows = _rows(found, order, list(columns), size)
        if not (event.lines and with_lines):
            return rows
        return replace(rows, lines=self._lines(found["lines_no"].to_numpy()[order], sorted(set(line_paths))))

    def refunds(self, event: EventType, taken: Names, paths: Iterable[Names], size: int) -> Rows:
        """The refunds of orders: in the column `taken` what each gives back; the others are what it is matched by."""
        scope = replace(self._scope(event), with_refunds=True)
        given = _property(event, taken)
        known = [_property(event, path) for path in sorted(set(paths))]
        columns = {GIVEN_BACK: _given_back(scope, given), **{found.path: _matched_by(scope, found) for found in known}}
        unrated = (_is_unrated(scope, one, is_given=False) for one in known)
        found, order = self._read(scope, columns, any_of((_is_unrated(scope, given), *unrated)), sign=-1)
        return _rows(found, order, list(columns), size)

    def _scope(self, event: EventType) -> EventScope:
        node = tree.Event((event.short or event.name,), event.is_any) if not event.is_any else _any(event)
        scope, _ = events_of(self._evaluator.catalog, self._evaluator.operators(), set(), node)
        return scope

    def _read(
        self, scope: EventScope, columns: dict[Names, Sql], unrated: Sql, sign: int = 1
    ) -> tuple[pa.Table, Array]:
        """The rows of a scope, and their order by person, time and id."""
        values = [named(value, f"c{place}") for place, value in enumerate(columns.values())]
        own = [column(scope.alias, name) for name in ("profile_no", "happened", "id", "lines_no")]
        query = scope.source().select(*own, *values, named(surely(unrated), "unrated"))
        if scope.is_of_sales and scope.with_refunds:
            query = query.where(compare("=", column(scope.alias, "sign"), integer(sign)))
        for relation in sorted(scope.relations):
            self._evaluator.relation(relation)
        sql = query.sql()
        found = self._session.execute(sql, scope.bindings.used_in(sql))
        if len(found) and found["unrated"].to_numpy().any():
            raise NotInColumns("amounts without a rate")
        order = _in_order(
            found["profile_no"].to_numpy(),
            found["happened"].to_numpy(),
            lambda rows: found["id"].take(pa.array(rows)).to_pylist(),
        )
        return found, order

    def _is_foreign(self, scope: EventScope) -> bool:
        """Whether anything of a type is in another currency than the workspace's."""
        total = Property(TOTAL, Kind.MONEY)
        said = scope.currency(total)
        own = scope.catalog.currency
        query = scope.source().select(named(call("upper", said), "currency")).distinct()
        for relation in sorted(scope.relations):
            self._evaluator.relation(relation)
        sql = query.sql()
        found = self._session.execute(sql, scope.bindings.used_in(sql))
        return any(currency not in (None, "", own.upper()) for currency in found["currency"].to_pylist())

    def _lines(self, lines_no: Array, paths: Sequence[Names]) -> Lines:
        self._evaluator.relation("lines")
        bindings = Bindings()
        values = [named(_of_line(path, bindings), f"c{place}") for place, path in enumerate(paths)]
        self._session.register("asked_lines", pa.table({"event_no": pa.array(np.unique(lines_no))}))
        asked = rows_of(source("asked_lines")).select(column("asked_lines", "event_no"))
        own = [column("l", "event_no"), column("l", "line_no")]
        query = rows_of(source("lines", "l")).select(*own, *values).where(is_member(column("l", "event_no"), asked))
        sql = query.sql()
        found = self._session.execute(sql, bindings.used_in(sql))
        by_event = np.argsort(lines_no, kind="stable")
        of_row = by_event[np.searchsorted(lines_no[by_event], found["event_no"].to_numpy())]
        order = np.lexsort((found["line_no"].to_numpy(), of_row))
        columns = {path: _values(found[f"c{place}"], order) for place, path in enumerate(paths)}
        return Lines(_first(of_row[order], len(lines_no)), columns)


GIVEN_BACK = ("",)
"""The column of refunds that holds what they give back."""


def _any(event: EventType) -> tree.Event:
    return tree.Event(("order",) if event.name == ORDER else ("event",), is_any=True)


def _property(event: EventType, path: Names) -> Property:
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


# --- arrays


def _rows(found: pa.Table, order: Array, paths: Sequence[Names], size: int) -> Rows:
    columns = {path: _values(found[f"c{place}"], order) for place, path in enumerate(paths)}
    profile_no, happened = found["profile_no"].to_numpy()[order], found["happened"].to_numpy()[order]
    return Rows(_first(profile_no, size), happened, columns)


def _in_order(profile_no: Array, happened: Array, ids: Callable[[Array], list[str]]) -> Array:
    """The places of rows by person, time and id; `ids`: of some rows, asked for where times are equal."""
    order = np.lexsort((happened, profile_no))
    person, at = profile_no[order], happened[order]
    same = (person[1:] == person[:-1]) & (at[1:] == at[:-1])
    is_tied = np.zeros(len(order), np.bool_)
    is_tied[1:] |= same
    is_tied[:-1] |= same
    tied = np.flatnonzero(is_tied)
    if len(tied):
        rows = order[tied]
        known = dict(zip(rows.tolist(), ids(rows), strict=True))
        order[tied] = sorted(rows.tolist(), key=lambda row: (profile_no[row], happened[row], known[row]))
    return order


def _first(group: Array, count: int) -> Array:
    """Where each group's rows begin, of rows that are sorted by group."""
    first = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(group, minlength=count), out=first[1:])
    return first


def _values(said: pa.ChunkedArray, order: Array) -> Values:
    """A column of JSON texts as values: each different one once, or the numbers themselves where they are many."""
    encoded = said.combine_chunks().dictionary_encode()
    places = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)[order]
    found = coded(places, encoded.dictionary.to_pylist())
    values = found.dictionary.values[1:]
    if len(values) < MOST_VALUES or any(number(value) is None or isinstance(value, str) for value in values):
        return found
    return Numbered(found.numbers[found.codes])
