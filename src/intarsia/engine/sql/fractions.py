"""Exact fractions in SQL: ratios, trends and means, compared and put in order without losing a digit (rule 31).

A fraction is a pair of whole numbers of 128 bits, the lower one above zero. Where a product would need more, DuckDB
raises an error; a wrong answer there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from intarsia.engine.sql.people import People
from intarsia.engine.sql.queries import Query, Rows, named, rows_of, source
from intarsia.engine.sql.reading import EXACT, Column, NumberReading, Reading
from intarsia.engine.sql.words import (
    FALSE,
    NULL,
    TRUE,
    Bindings,
    Sql,
    all_of,
    any_of,
    call,
    cast,
    column,
    compare,
    divided,
    floor_divided,
    integer,
    is_null,
    minus,
    negated,
    rest_of,
    text,
    times,
    when,
)
from intarsia.language import tree
from intarsia.language.meaning.trends import halves

MICRO = 1_000_000
"""Numbers have six places: as a fraction they are so many millionths."""

STEP = 10**14
STEPS = 4
LARGEST_BOTTOM = 10**24
"""Two fractions with lower numbers below this differ by more than 10**-48, so that `STEPS` digits of `STEP` tell which
is the greater; and the product of a rest and `STEP` has 128 bits."""

LARGEST_PRODUCT = 10**38
"""Whole numbers of 128 bits go that far, and a little farther."""

TOO_LARGE = "intarsia: a fraction is too large to be ranked"
"""What SQL says where a lower number is larger."""


class Values(Protocol):
    """What `engine.sql.compile.Compiler` offers here."""

    def people(self, alias: str) -> People:
        """The base under another alias, for a table that asks something else of everybody."""
        ...

    def reading(self, value: tree.Value, people: People) -> Reading:
        """How a value of the language reads for a person."""
        ...

    def table(self, key: object, prefix: str, build: Callable[[], Query]) -> str:
        """The name of the common table expression for `key`, built at its first use."""
        ...


@dataclass(frozen=True)
class FractionReading(NumberReading):
    """An exact fraction: `value` by `parts`, which is above zero; null where it is unknown.

    bound  both are known to be no larger, and `parts` is the same for everybody; None: nothing is known
    """

    parts: Column
    bound: int | None = None

    def known(self) -> Sql:
        return negated(is_null(self.value()))

    def is_number(self) -> Sql:
        return self.known()

    def is_empty(self) -> Sql:
        return FALSE

    def text(self) -> Sql:
        return NULL

    def number(self) -> Sql:
        return self.value()

    def compared(self, sign: str, value: Decimal, bindings: Bindings) -> Sql:
        """Next to a number: by the whole parts, and where these are equal by what is left."""
        micro = round(Fraction(value) * MICRO)
        if self.bound is not None and self.bound * max(abs(micro), MICRO) < LARGEST_PRODUCT:
            left, right = times(_huge(self.value()), integer(MICRO)), times(self.parts(), _bound(bindings, micro))
            return compare(sign, left, right)
        whole, rest = divmod(micro, MICRO)
        own_whole = floor_divided(self.value(), self.parts())
        own_rest = minus(self.value(), times(own_whole, self.parts()))
        left, right = times(own_rest, integer(MICRO)), times(integer(rest), self.parts())
        is_same_whole = compare("=", own_whole, _bound(bindings, whole))
        by_rest = all_of((is_same_whole, compare(sign, left, right)))
        if sign == "=":
            return by_rest
        return any_of((compare(sign[0], own_whole, _bound(bindings, whole)), by_rest))


def fraction_table(compiler: Values, value: tree.Value) -> str:
    """The relation of those whose fraction is known: profile_no, top, bottom, in lowest terms."""
    return compiler.table((value, "fraction"), "fraction", lambda: _reduced(_fraction(compiler, value)))


def fraction(compiler: Values, value: tree.Ratio | tree.Trend, people: People) -> FractionReading:
    """How a ratio or a trend reads for a person."""
    name = people.join(fraction_table(compiler, value))
    return FractionReading(lambda: column(name, "top"), lambda: column(name, "bottom"))


def order_keys(compiler: Values, value: tree.Value, reading: Reading, people: People) -> list[Sql]:
    """What puts people in order by a value, to be compared in turn."""
    if not isinstance(reading, FractionReading) or reading.bound is not None:
        return [reading.order()]
    digits = compiler.table((value, "digits"), "digits", lambda: _digits(fraction_table(compiler, value)))
    people.join(digits)
    return [column(digits, name) for name in _digit_names()]


# --- the fraction of a value


def _fraction(compiler: Values, value: tree.Value) -> Rows:
    """profile_no, top, bottom; bottom is above zero."""
    if isinstance(value, tree.Ratio):
        return _quotient(compiler, value.top, value.bottom, lambda top, bottom: (top, bottom))
    if isinstance(value, tree.Trend):
        now, before = halves(value)
        return _quotient(compiler, now, before, lambda top, bottom: (minus(top, bottom), bottom))
    people = compiler.people("q")
    top, bottom = as_fraction(compiler.reading(value, people))
    query = people.query(negated(is_null(top)))
    return query.select(column("q", "profile_no"), named(top, "top"), named(bottom, "bottom"))


def _quotient(
    compiler: Values, over: tree.Value, under: tree.Value, made: Callable[[Sql, Sql], tuple[Sql, Sql]]
) -> Rows:
    """A fraction of two fractions; of nobody for whom one is unknown, or the lower one is zero."""
    people = compiler.people("q")
    parts = (*as_fraction(compiler.reading(over, people)), *as_fraction(compiler.reading(under, people)))
    query = people.query(TRUE).select(column("q", "profile_no"))
    query = query.select(*(named(part, name) for part, name in zip(parts, "abcd", strict=True)))
    # (a / b) / (c / d), with what is below zero moved above the line.
    a, b, c, d = (column("p", name) for name in "abcd")
    sign = when(compare("<", c, integer(0)), integer(-1), integer(1))
    top, bottom = made(times(a, d), times(b, c))
    known = all_of((negated(is_null(a)), _is_not_zero(c)))
    outer = rows_of(query.source("p")).where(known)
    outer = outer.select(column("p", "profile_no"))
    return outer.select(named(times(top, sign), "top"), named(times(bottom, sign), "bottom"))


def _is_not_zero(value: Sql) -> Sql:
    """Whether a number is known, and not zero."""
    return any_of((compare("<", value, integer(0)), compare(">", value, integer(0))))


def as_fraction(reading: Reading) -> tuple[Sql, Sql]:
    """A value as a fraction of whole numbers; a plain number is so many millionths."""
    if isinstance(reading, FractionReading):
        return _huge(reading.value()), _huge(reading.parts())
    return _huge(times(cast(reading.number(), EXACT), integer(MICRO))), _huge(integer(MICRO))


def _reduced(query: Rows) -> Rows:
    """The same fractions in lowest terms, so that what is made of them stays small."""
    top, bottom = column("u", "top"), column("u", "bottom")
    common = call("gcd", top, bottom)
    return rows_of(query.source("u")).select(
        column("u", "profile_no"),
        named(divided(top, common), "top"),
        named(divided(bottom, common), "bottom"),
    )


# --- order


def _digit_names() -> tuple[str, ...]:
    return ("whole", *(f"digit{place}" for place in range(1, STEPS + 1)))


def _digits(fractions: str) -> Rows:
    """The whole part, then the digits of what is left to a base of `STEP`, as many as tell any two fractions apart."""
    top, bottom = column(fractions, "top"), column(fractions, "bottom")
    whole = floor_divided(top, bottom)
    is_too_large = compare(">=", bottom, _huge(integer(LARGEST_BOTTOM)))
    said = cast(call("error", text(TOO_LARGE)), "hugeint")
    query = rows_of(source(fractions)).select(
        column(fractions, "profile_no"),
        named(bottom, "bottom"),
        named(when(is_too_large, said, whole), "whole"),
        named(minus(top, times(whole, bottom)), "rest"),
    )
    for place in range(1, STEPS + 1):
        name = f"s{place}"
        grown = times(column(name, "rest"), integer(STEP))
        kept = [column(name, known) for known in ("profile_no", "bottom", *_digit_names()[:place])]
        query = rows_of(query.source(name)).select(
            *kept,
            named(divided(grown, column(name, "bottom")), _digit_names()[place]),
            named(rest_of(grown, column(name, "bottom")), "rest"),
        )
    return query


def _huge(value: Sql) -> Sql:
    return cast(value, "hugeint")


def _bound(bindings: Bindings, value: int) -> Sql:
    return _huge(bindings.bind(str(value)))
