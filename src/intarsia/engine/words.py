"""The few words that SQL trees are built of: constructors, bound parameters, and the functions that may be called.

A piece of SQL may stand in several places of a question: whoever prints it reads, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlglot import exp

Sql = exp.Expr
Query = TypeVar("Query", bound=exp.Select)

FUNCTIONS = frozenset(
    (
        "json_extract", "json_extract_string", "json_type", "json_exists", "json_array_length",
        "regexp_full_match", "regexp_matches", "list_contains", "list_has_any", "contains", "starts_with", "ends_with",
        "sha256", "chr", "concat", "substr", "lower", "regexp_replace", "row", "gcd", "error", "sign",
    )
)  # fmt: skip
"""The functions that a compiled question may call."""


@dataclass
class Bindings:
    """The values of one question, by the name of the parameter that stands for each in the SQL."""

    values: dict[str, object] = field(default_factory=dict)
    _names: dict[object, str] = field(default_factory=dict)

    def bind(self, value: object) -> Sql:
        """A parameter that stands for `value`; equal values share one."""
        key = (type(value), tuple(value) if isinstance(value, list) else value)
        if key not in self._names:
            self._names[key] = f"p{len(self.values) + 1}"
            self.values[self._names[key]] = value
        return exp.Placeholder(this=self._names[key])


def column(table: str, name: str) -> Sql:
    """A column of a relation of ours."""
    return exp.Column(this=exp.Identifier(this=name, quoted=False), table=exp.Identifier(this=table, quoted=False))


def source(name: str, alias: str | None = None) -> exp.Table:
    """A relation of ours in a `from` or `join`."""
    table = exp.Table(this=exp.Identifier(this=name, quoted=False))
    if alias is not None:
        table.set("alias", exp.TableAlias(this=exp.Identifier(this=alias, quoted=False)))
    return table


class Rows(exp.Select):
    """A query of ours: sqlglot's, with builders that take trees only, in place, and look for no text to parse."""

    key = "select"

    def select(self, *expressions: Any, **_: Any) -> Rows:
        """The query with more columns."""
        for expression in expressions:
            self.append("expressions", expression)
        return self

    def where(self, *expressions: Any, **_: Any) -> Rows:
        """The query with one more condition."""
        before = self.args.get("where")
        parts = expressions if before is None else (before.args["this"], *expressions)
        self.set("where", exp.Where(this=all_of(parts)))
        return self

    def join(self, expression: Any, on: Any = None, *_: Any, join_type: Any = None, **__: Any) -> Rows:
        """The query with one more relation; join_type: "left" or None."""
        side = {} if join_type is None else {"side": str(join_type).upper()}
        self.append("joins", exp.Join(this=expression, on=on, **side))
        return self

    def group_by(self, *expressions: Any, **_: Any) -> Rows:
        """The query in groups."""
        self.set("group", exp.Group(expressions=list(expressions)))
        return self

    def distinct(self, *_: Any, **__: Any) -> Rows:
        """The query with each row once."""
        self.set("distinct", exp.Distinct())
        return self

    def with_all(self, tables: Mapping[str, Sql]) -> Rows:
        """The query after these common table expressions, by name."""
        named_tables = [
            exp.CTE(this=table, alias=exp.TableAlias(this=exp.Identifier(this=name, quoted=False)))
            for name, table in tables.items()
        ]
        if named_tables:
            self.set("with_", exp.With(expressions=named_tables))
        return self


class Prepared(exp.Expression):
    """A query of ours that was read from a file: its text in pieces, with parameters between them."""

    arg_types = {"parts": True}


def rows_of(table: exp.Table | exp.Subquery) -> Rows:
    """A query without columns over a relation or another query."""
    return Rows(from_=exp.From(this=table))


def join_nearest(query: Query, table: exp.Table, on: Sql, *, keeping_all: bool = False) -> Query:
    """The query with the one row of a relation joined to each row that is nearest to it (`asof join`).

    on  equalities, and one comparison: of what meets it, the nearest is taken
    keeping_all  rows that have none stay, with nulls
    """
    join = exp.Join(this=table, method="ASOF", on=on)
    if keeping_all:
        join.set("side", "LEFT")
    query.append("joins", join)
    return query


def one_after_another(queries: Sequence[exp.Query], *, each_once: bool = False) -> exp.Query:
    """The rows of all of one or several queries with the same columns; each_once: those of several, none twice."""
    every = queries[0]
    for query in queries[1:]:
        every = exp.Union(this=every, expression=query, distinct=each_once)
    return every


def named(value: Sql, name: str) -> Sql:
    """A column of a query's answer."""
    return exp.Alias(this=value, alias=exp.Identifier(this=name, quoted=False))


def call(name: str, *arguments: Sql) -> Sql:
    """A call of one of `FUNCTIONS`."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def text(value: str) -> Sql:
    """A literal of ours: a name or a pattern from the code, never from a definition."""
    return exp.Literal.string(value)


def json_place(*names: str) -> str:
    """Where a path of names leads inside a JSON object, as DuckDB writes it.

    A name that is empty or `*` has no spelling there, and needs a JSON pointer (RFC 6901).
    """
    if "" in names or "*" in names:
        return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names)
    quoted = (name.replace("\\", "\\\\").replace('"', '\\"') for name in names)
    return "$." + ".".join(f'"{name}"' for name in quoted)


def integer(value: int) -> Sql:
    """A whole number from the code."""
    digits = numeral(str(abs(value)))
    return digits if value >= 0 else exp.Neg(this=digits)


def numeral(digits: str) -> Sql:
    """A number from the code by its digits, perhaps with a point; `Literal.number` would read them again."""
    return exp.Literal(this=digits, is_string=False)


TRUE = exp.true()
FALSE = exp.false()
NULL = exp.null()


def all_of(parts: Iterable[Sql]) -> Sql:
    """The conjunction; true of none."""
    return _chain(exp.And, list(parts), TRUE)


def any_of(parts: Iterable[Sql]) -> Sql:
    """The disjunction; false of none."""
    return _chain(exp.Or, list(parts), FALSE)


def _chain(node: type[exp.And | exp.Or], parts: list[Sql], nothing: Sql) -> Sql:
    """A balanced tree of brackets, so that 250 conditions nest eight deep and not 250."""
    if not parts:
        return nothing
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    left, right = _chain(node, parts[:half], nothing), _chain(node, parts[half:], nothing)
    return exp.Paren(this=node(this=left, expression=right))


def negated(part: Sql) -> Sql:
    """Not."""
    return exp.Not(this=exp.Paren(this=part))


def surely(part: Sql) -> Sql:
    """`part`, with unknown as false: the two truth values of a single test (rule 7)."""
    return exp.Coalesce(this=part, expressions=[exp.false()])


def first_known(*parts: Sql) -> Sql:
    """The first value that is known."""
    return exp.Coalesce(this=parts[0], expressions=list(parts[1:]))


def when(condition: Sql, then: Sql, otherwise: Sql | None = None) -> Sql:
    """`case when .. then .. else .. end`."""
    return exp.Case(ifs=[exp.If(this=condition, true=then)], default=otherwise)


def try_cast(value: Sql, kind: str) -> Sql:
    """The value as another type, unknown where it does not fit."""
    return exp.TryCast(this=value, to=_type(kind))


def cast(value: Sql, kind: str) -> Sql:
    """The value as another type."""
    return exp.Cast(this=value, to=_type(kind))


def _type(kind: str) -> exp.DataType:
    # Built by hand: to read or to copy a type takes as long as a hundred columns, and a question names many.
    if kind.endswith("[]"):
        return exp.DataType(this=exp.DataType.Type.ARRAY, expressions=[_type(kind.removesuffix("[]"))], nested=True)
    name, _, places = kind.removesuffix(")").partition("(")
    parameters = [exp.DataTypeParam(this=integer(int(place))) for place in places.split(",") if place]
    return exp.DataType(this=_TYPES[name], expressions=parameters, nested=False)


def is_null(value: Sql) -> Sql:
    """Whether a value is null."""
    return exp.Is(this=value, expression=exp.null())


def compare(operator: str, left: Sql, right: Sql) -> Sql:
    """One of the five comparisons."""
    return _COMPARISONS[operator](this=left, expression=right)


def times(left: Sql, right: Sql) -> Sql:
    """The product."""
    return exp.Mul(this=exp.Paren(this=left), expression=exp.Paren(this=right))


def plus(left: Sql, right: Sql) -> Sql:
    """The sum of two."""
    return exp.Add(this=exp.Paren(this=left), expression=exp.Paren(this=right))


def minus(left: Sql, right: Sql) -> Sql:
    """The difference of two."""
    return exp.Sub(this=exp.Paren(this=left), expression=exp.Paren(this=right))


def floor_divided(left: Sql, right: Sql) -> Sql:
    """The whole part of a quotient of whole numbers, rounded towards minus infinity; `right` > 0."""
    rest = exp.Mod(this=exp.Paren(this=left), expression=exp.Paren(this=right))
    above = exp.Mod(this=exp.Paren(this=plus(rest, right)), expression=exp.Paren(this=right))
    return exp.IntDiv(
        this=exp.Paren(this=exp.Sub(this=exp.Paren(this=left), expression=exp.Paren(this=above))),
        expression=exp.Paren(this=right),
    )


def half_even(top: Sql, bottom: Sql) -> Sql:
    """Half of a quotient of whole numbers, rounded to the nearest whole one, ties to the even one; `bottom` > 0.

    That is top / (2 * bottom): so what is added to round has no fraction.
    """
    grown = plus(exp.Abs(this=top), bottom)
    twice = times(integer(2), bottom)
    rounded = exp.IntDiv(this=exp.Paren(this=grown), expression=exp.Paren(this=twice))
    # What was a tie and went to the odd number above is an odd multiple of twice the bottom.
    rest = exp.Mod(this=exp.Paren(this=grown), expression=exp.Paren(this=times(integer(4), bottom)))
    too_much = when(compare("=", rest, twice), integer(1), integer(0))
    return times(minus(rounded, too_much), call("sign", top))


def is_member(value: Sql, query: Sql) -> Sql:
    """Whether a value is among the rows of a query."""
    return surely(exp.In(this=value, query=exp.Subquery(this=query)))


_TYPES = {
    "bigint": exp.DataType.Type.BIGINT,
    "hugeint": exp.DataType.Type.INT128,
    "decimal": exp.DataType.Type.DECIMAL,
    "varchar": exp.DataType.Type.VARCHAR,
    "date": exp.DataType.Type.DATE,
}
_COMPARISONS: dict[str, type[exp.Binary]] = {"=": exp.EQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}
