"""The few words that the SQL of a question is made of: constructors, bound parameters, functions that may be called.

A piece of SQL is a text of a type of its own. Nothing but this module and `queries.py` makes one, and neither takes a
text of a definition: names and values that somebody typed are bound to parameters. So the type checker sees to it that
nothing of a definition becomes SQL, and a piece may stand in as many places of a question as need it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from intarsia.errors import Bug


class Sql(str):
    """A piece of SQL, as DuckDB writes it."""

    __slots__ = ()


FUNCTIONS = frozenset(
    (
        "json_extract", "json_extract_string", "json_type", "json_exists", "json_array_length",
        "regexp_full_match", "regexp_matches", "list_contains", "list_has_any", "contains", "starts_with", "ends_with",
        "sha256", "chr", "concat", "substr", "lower", "regexp_replace", "row", "gcd", "error", "sign", "abs",
        "to_json", "upper", "approx_count_distinct",
    )
)  # fmt: skip
"""The functions that a compiled question may call."""

TYPES = frozenset(("bigint", "hugeint", "varchar", "varchar[]", "date", "decimal(38, 6)[]"))
"""The types that values are cast to, besides decimals."""


@dataclass
class Bindings:
    """The values of one question, by the name of the parameter that stands for each in the SQL."""

    values: dict[str, object] = field(default_factory=dict)
    _bound: dict[object, Sql] = field(default_factory=dict)

    def bind(self, value: object) -> Sql:
        """A parameter that stands for `value`; equal values share one."""
        key = (type(value), tuple(value) if isinstance(value, list) else value)
        bound = self._bound.get(key)
        if bound is None:
            name = f"p{len(self.values) + 1}"
            self.values[name] = value
            bound = self._bound[key] = Sql(f"${name}")
        return bound

    def used_in(self, sql: Sql) -> dict[str, object]:
        """The values whose parameters stand in a statement: DuckDB refuses others."""
        return {name: self.values[name] for name in set(re.findall(r"\$(p[0-9]+)\b", sql))}


# --- names and literals of the code


def column(table: str, name: str) -> Sql:
    """A column of a relation of ours."""
    return Sql(f"{table}.{name}")


def text(value: str) -> Sql:
    """A literal of ours: a name or a pattern from the code, never from a definition."""
    return Sql("'" + value.replace("'", "''") + "'")


def integer(value: int) -> Sql:
    """A whole number from the code."""
    return Sql(str(int(value)))


def numeral(digits: str) -> Sql:
    """A number from the code by its digits, perhaps with a point."""
    if not digits.replace(".", "", 1).isdigit():
        raise Bug(what=f"a question was compiled to the number {digits}")
    return Sql(digits)


TRUE = Sql("true")
FALSE = Sql("false")
NULL = Sql("null")
EVERY_ROW = Sql("*")


@lru_cache(maxsize=1024)
def json_place(*names: str) -> str:
    """Where a path of names leads inside a JSON object, as DuckDB writes it.

    A name that is empty or `*` has no spelling there, and needs a JSON pointer (RFC 6901).
    """
    if "" in names or "*" in names:
        return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names)
    quoted = (name.replace("\\", "\\\\").replace('"', '\\"') for name in names)
    return "$." + ".".join(f'"{name}"' for name in quoted)


# --- conditions


def all_of(parts: Iterable[Sql]) -> Sql:
    """The conjunction; true of none."""
    return _chain("and", list(parts), TRUE)


def any_of(parts: Iterable[Sql]) -> Sql:
    """The disjunction; false of none."""
    return _chain("or", list(parts), FALSE)


def _chain(word: str, parts: list[Sql], nothing: Sql) -> Sql:
    """A balanced tree of brackets, so that 250 conditions nest eight deep and not 250."""
    if not parts:
        return nothing
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return Sql(f"({_chain(word, parts[:half], nothing)} {word} {_chain(word, parts[half:], nothing)})")


def negated(part: Sql) -> Sql:
    """Not."""
    return Sql(f"not ({part})")


def surely(part: Sql) -> Sql:
    """`part`, with unknown as false: the two truth values of a single test (rule 7)."""
    return Sql(f"coalesce({part}, false)")


def is_null(value: Sql) -> Sql:
    """Whether a value is null."""
    return Sql(f"{value} is null")


def compare(operator: str, left: Sql, right: Sql) -> Sql:
    """One of the five comparisons."""
    if operator not in ("=", "<", "<=", ">", ">="):
        raise Bug(what=f"a question was compiled to the comparison {operator}")
    return Sql(f"{left} {operator} {right}")


def is_one_of(value: Sql, among: Iterable[Sql]) -> Sql:
    """Whether a value is one of a few."""
    return Sql(f"{value} in ({', '.join(among)})")


# --- values


def call(name: str, *arguments: Sql) -> Sql:
    """A call of one of `FUNCTIONS`."""
    if name not in FUNCTIONS:
        raise Bug(what=f"a question was compiled to the SQL function {name}")
    return Sql(f"{name}({', '.join(arguments)})")


def first_known(*parts: Sql) -> Sql:
    """The first value that is known."""
    return Sql(f"coalesce({', '.join(parts)})")


def when(condition: Sql, then: Sql, otherwise: Sql | None = None) -> Sql:
    """`case when .. then .. else .. end`."""
    rest = "" if otherwise is None else f" else {otherwise}"
    return Sql(f"case when {condition} then {then}{rest} end")


def try_cast(value: Sql, kind: str) -> Sql:
    """The value as another type, unknown where it does not fit."""
    return Sql(f"try_cast({value} as {_type(kind)})")


def cast(value: Sql, kind: str) -> Sql:
    """The value as another type."""
    return Sql(f"cast({value} as {_type(kind)})")


@lru_cache(maxsize=64)
def _type(kind: str) -> str:
    places = kind.removeprefix("decimal(").removesuffix(")").split(", ")
    is_decimal = kind.startswith("decimal(") and len(places) == 2 and all(place.isdigit() for place in places)
    if not is_decimal and kind not in TYPES:
        raise Bug(what=f"a question was compiled to the SQL type {kind}")
    return kind


# --- arithmetic


def minus_one_times(value: Sql) -> Sql:
    """The value below zero instead of above, and the other way round."""
    return Sql(f"-({value})")


def times(left: Sql, right: Sql) -> Sql:
    """The product."""
    return Sql(f"({left}) * ({right})")


def plus(left: Sql, right: Sql) -> Sql:
    """The sum of two."""
    return Sql(f"({left}) + ({right})")


def minus(left: Sql, right: Sql) -> Sql:
    """The difference of two."""
    return Sql(f"({left}) - ({right})")


def divided(left: Sql, right: Sql) -> Sql:
    """The whole part of a quotient of whole numbers, rounded towards zero."""
    return Sql(f"({left}) // ({right})")


def rest_of(left: Sql, right: Sql) -> Sql:
    """What is left of a whole number where it is divided by another, with its sign."""
    return Sql(f"({left}) % ({right})")


def floor_divided(left: Sql, right: Sql) -> Sql:
    """The whole part of a quotient of whole numbers, rounded towards minus infinity; `right` > 0."""
    above = rest_of(plus(rest_of(left, right), right), right)
    return divided(minus(left, above), right)


def half_even(top: Sql, bottom: Sql) -> Sql:
    """Half of a quotient of whole numbers, rounded to the nearest whole one, ties to the even one; `bottom` > 0.

    That is top / (2 * bottom): so what is added to round has no fraction.
    """
    grown = plus(call("abs", top), bottom)
    twice = times(integer(2), bottom)
    # What was a tie and went to the odd number above is an odd multiple of twice the bottom.
    rest = rest_of(grown, times(integer(4), bottom))
    too_much = when(compare("=", rest, twice), integer(1), integer(0))
    return times(minus(divided(grown, twice), too_much), call("sign", top))


# --- over several rows


def count(value: Sql = EVERY_ROW) -> Sql:
    """How many rows there are, or how many in which a value is known."""
    return Sql(f"count({value})")


def count_distinct(value: Sql) -> Sql:
    """How many different values there are."""
    return Sql(f"count(distinct {value})")


def total(value: Sql) -> Sql:
    """The sum over rows."""
    return Sql(f"sum({value})")


def least(value: Sql) -> Sql:
    """The smallest over rows."""
    return Sql(f"min({value})")


def greatest(value: Sql) -> Sql:
    """The largest over rows."""
    return Sql(f"max({value})")


@dataclass(frozen=True)
class Order:
    """By what rows are put in order; nulls come last either way."""

    value: Sql
    descends: bool = False


def over(value: Sql, *, partition_by: Sequence[Sql] = (), order: Sequence[Order] = ()) -> Sql:
    """An aggregate, or the row number, over each row's part of all rows, up to it if they are in an order."""
    parts = [f"partition by {', '.join(partition_by)}"] if partition_by else []
    if order:
        parts.append(
            "order by " + ", ".join(f"{by.value} desc nulls last" if by.descends else by.value for by in order)
        )
    return Sql(f"{value} over ({' '.join(parts)})")


ROW_NUMBER = Sql("row_number()")
"""The place of a row among those that it is `over`, from 1."""
