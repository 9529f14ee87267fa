"""How one value reads in SQL: as text, as number, as a time. The twin of `language/meaning/values.py`.

Each reading is a method that builds a fresh SQL expression, null where the value does not read so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from intarsia.engine.sql.words import (
    NULL,
    Bindings,
    Sql,
    all_of,
    any_of,
    call,
    cast,
    compare,
    first_known,
    integer,
    is_null,
    is_one_of,
    json_place,
    negated,
    surely,
    text,
    try_cast,
    when,
)
from intarsia.language.meaning.values import reading_key

EXACT = "decimal(38, 6)"
NUMBER_PATTERN = r"-?[0-9]{1,15}(\.[0-9]{1,6})?"
"""What longer texts read as was noted by the record, or they read as no number."""
DATE_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

Column = Callable[[], Sql]


class Reading:
    """A value of which nothing is known: the base that the kinds of values override."""

    def known(self) -> Sql:
        """Whether the value is there and not null."""
        return negated(is_null(self.text()))

    def is_empty(self) -> Sql:
        """Whether a known value is '' or an empty list."""
        return surely(compare("=", self.text(), text("")))

    def text(self) -> Sql:
        """The folded text; a number as its shortest decimal."""
        return NULL

    def folded(self) -> Sql:
        """The folded text, letter case folded too."""
        return call("lower", self.text())

    def raw(self) -> Sql:
        """The text as it came."""
        return self.text()

    def number(self) -> Sql:
        """The exact number that the value is or reads as."""
        return NULL

    def is_number(self) -> Sql:
        """Whether it came as a number, not as a text that reads as one."""
        return negated(is_null(self.number()))

    def day(self) -> Sql:
        """The calendar date that it reads as."""
        return NULL

    def order(self) -> Sql:
        """What people are ranked by."""
        return self.number()

    def moment(self) -> Sql:
        """The instant that it reads as, milliseconds UTC."""
        return NULL

    def keys(self) -> Sql:
        """What the items of a list are found by (see `record.values.item_keys`)."""
        return NULL


@dataclass(frozen=True)
class JsonReading(Reading):
    """A value inside a JSON object of the lake, read with what the record noted beside it."""

    props: Column
    readings: Column
    path: tuple[str, ...]
    bindings: Bindings

    def _place(self) -> Sql:
        return self.bindings.bind(json_place(*self.path))

    def _noted(self, what: str) -> Sql:
        return _note(self.readings, self.path, what, self.bindings)

    def _type(self) -> Sql:
        return call("json_type", self.props(), self._place())

    def _is_one_of(self, *types: str) -> Sql:
        return is_one_of(self._type(), (text(name) for name in types))

    def known(self) -> Sql:
        return surely(negated(compare("=", self._type(), text("NULL"))))

    def is_empty(self) -> Sql:
        length = call("json_array_length", self.props(), self._place())
        is_empty_list = all_of((self._is_one_of("ARRAY"), compare("=", length, integer(0))))
        return any_of((surely(compare("=", self.text(), text(""))), surely(is_empty_list)))

    def _scalar(self) -> Sql:
        return when(
            negated(self._is_one_of("ARRAY", "OBJECT", "NULL")),
            self._written(),
        )

    def _written(self) -> Sql:
        """The text of a scalar; of a list or an object its JSON, which reads as no number and no date."""
        return call("json_extract_string", self.props(), self._place())

    def raw(self) -> Sql:
        return when(self.is_number(), self.text(), self._scalar())

    def text(self) -> Sql:
        return first_known(self._noted("t"), self._scalar())

    def folded(self) -> Sql:
        return first_known(self._noted("c"), call("lower", self._scalar()))

    def is_number(self) -> Sql:
        return self._is_one_of("BIGINT", "UBIGINT", "HUGEINT", "DOUBLE")

    def number(self) -> Sql:
        return first_known(try_cast(self._noted("n"), EXACT), _plain_number(self._written))

    def day(self) -> Sql:
        return first_known(try_cast(self._noted("d"), "date"), _plain_day(self._written))

    def moment(self) -> Sql:
        return try_cast(self._noted("i"), "bigint")

    def keys(self) -> Sql:
        return cast(call("json_extract", self.readings(), _noted_place(self.path, "l", self.bindings)), "varchar[]")


@dataclass(frozen=True)
class TextReading(Reading):
    """A text in a column of its own, such as a line's `sku`; what the record noted of it lies in `readings`."""

    column: Column
    readings: Column
    name: str
    bindings: Bindings

    def _noted(self, what: str) -> Sql:
        return _note(self.readings, (self.name,), what, self.bindings)

    def raw(self) -> Sql:
        return self.column()

    def text(self) -> Sql:
        return first_known(self._noted("t"), self.column())

    def folded(self) -> Sql:
        return first_known(self._noted("c"), call("lower", self.column()))

    def is_number(self) -> Sql:
        return compare("=", integer(0), integer(1))

    def number(self) -> Sql:
        return first_known(try_cast(self._noted("n"), EXACT), _plain_number(self.column))

    def day(self) -> Sql:
        return first_known(try_cast(self._noted("d"), "date"), _plain_day(self.column))

    def moment(self) -> Sql:
        return try_cast(self._noted("i"), "bigint")


@dataclass(frozen=True)
class PlainReading(Reading):
    """A text of which nothing needs to be noted."""

    column: Column

    def text(self) -> Sql:
        return self.column()

    def is_number(self) -> Sql:
        return compare("=", integer(0), integer(1))

    def number(self) -> Sql:
        return _plain_number(self.column)

    def day(self) -> Sql:
        return _plain_day(self.column)


@dataclass(frozen=True)
class NumberReading(Reading):
    """A number of SQL's own: an aggregate, a quantity, an amount."""

    value: Column

    def number(self) -> Sql:
        return cast(self.value(), EXACT)

    def known(self) -> Sql:
        return negated(is_null(self.value()))

    def text(self) -> Sql:
        return call("regexp_replace", cast(self.number(), "varchar"), text(r"\.?0+$"), text(""))


@dataclass(frozen=True)
class MomentReading(Reading):
    """An instant of SQL's own, milliseconds UTC: the time of a first or last event."""

    value: Column

    def order(self) -> Sql:
        return self.value()

    def moment(self) -> Sql:
        return self.value()

    def known(self) -> Sql:
        return negated(is_null(self.value()))


@dataclass(frozen=True)
class FirstKnown(Reading):
    """The first of two readings if it is known, else the second.

    A typed column and the JSON beside it; a refund's own property and its order's. `is_first` decides instead, if any.
    """

    first: Reading
    second: Reading
    is_first: Column | None = None

    def _choose(self, of_first: Sql, of_second: Sql) -> Sql:
        return when(self.is_first() if self.is_first else self.first.known(), of_first, of_second)

    def known(self) -> Sql:
        if self.is_first is not None:
            return self._choose(self.first.known(), self.second.known())
        return any_of((self.first.known(), self.second.known()))

    def is_empty(self) -> Sql:
        return self._choose(self.first.is_empty(), self.second.is_empty())

    def text(self) -> Sql:
        return self._choose(self.first.text(), self.second.text())

    def folded(self) -> Sql:
        return self._choose(self.first.folded(), self.second.folded())

    def raw(self) -> Sql:
        return self._choose(self.first.raw(), self.second.raw())

    def number(self) -> Sql:
        return self._choose(self.first.number(), self.second.number())

    def is_number(self) -> Sql:
        return self._choose(self.first.is_number(), self.second.is_number())

    def day(self) -> Sql:
        return self._choose(self.first.day(), self.second.day())

    def moment(self) -> Sql:
        return self._choose(self.first.moment(), self.second.moment())

    def keys(self) -> Sql:
        return self._choose(self.first.keys(), self.second.keys())


@dataclass(frozen=True)
class AmountReading(FirstKnown):
    """An amount of money: converted where it is one in another currency, which `is_first` tells, else as it came."""

    is_own: Column = lambda: NULL

    def number(self) -> Sql:
        # What is no amount has no number either way, so that the currency alone decides.
        return when(self.is_own(), self.second.number(), self.first.number())


def _note(readings: Column, path: tuple[str, ...], what: str, bindings: Bindings) -> Sql:
    """What the record noted of the value at a path (see `record.values.readings`)."""
    return call("json_extract_string", readings(), _noted_place(path, what, bindings))


def _noted_place(path: tuple[str, ...], what: str, bindings: Bindings) -> Sql:
    return bindings.bind(json_place(reading_key(path), what))


def _plain_number(raw: Column) -> Sql:
    return when(call("regexp_full_match", raw(), text(NUMBER_PATTERN)), try_cast(raw(), EXACT))


def written_day(raw: Column) -> Sql:
    """The calendar day that a date and time begins with."""
    return _plain_day(lambda: call("substr", raw(), integer(1), integer(10)))


def _plain_day(raw: Column) -> Sql:
    is_date = all_of(
        (
            call("regexp_full_match", raw(), text(DATE_PATTERN)),
            negated(call("starts_with", raw(), text("0000"))),
        )
    )
    return when(is_date, try_cast(raw(), "date"))
