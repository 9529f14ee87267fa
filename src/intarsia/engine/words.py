"""The few words that SQL trees are built of: constructors, bound parameters, and the whitelist of what may occur."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlglot import exp

from intarsia.errors import Bug

Sql = exp.Expr

FUNCTIONS = frozenset(
    (
        "json_extract", "json_extract_string", "json_type", "json_exists", "json_array_length",
        "regexp_full_match", "regexp_matches", "list_contains", "list_has_any", "contains", "starts_with", "ends_with",
        "sha256", "chr", "concat", "substr", "lower", "regexp_replace", "row",
    )
)  # fmt: skip
"""The functions that a compiled question may call."""

NODES = (
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.With, exp.CTE,
    exp.Subquery, exp.Union, exp.Table, exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Star, exp.Literal,
    exp.Boolean, exp.Null, exp.Placeholder, exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.LT, exp.LTE,
    exp.GT, exp.GTE, exp.Is, exp.In, exp.Case, exp.If, exp.Coalesce, exp.TryCast, exp.Cast, exp.DataType,
    exp.DataTypeParam, exp.Add, exp.Sub, exp.Mul, exp.IntDiv, exp.Neg, exp.Count, exp.Sum, exp.Min, exp.Max,
    exp.Distinct, exp.Filter, exp.Window, exp.Anonymous, exp.Dot, exp.Mod, exp.RowNumber,
    exp.Qualify, exp.JSONExists,
)  # fmt: skip
"""The kinds of node that a compiled question may hold."""


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


def rows_of(table: exp.Table | exp.Subquery) -> exp.Select:
    """A query without columns over a relation or another query."""
    return exp.Select(from_=exp.From(this=table))


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
    return exp.Literal.number(value) if value >= 0 else exp.Neg(this=exp.Literal.number(-value))


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
        return nothing.copy()
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
    parameters = [exp.DataTypeParam(this=exp.Literal.number(place.strip())) for place in places.split(",") if place]
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


def floor_divided(left: Sql, right: Sql) -> Sql:
    """The whole part of a quotient of whole numbers, rounded towards minus infinity; `right` > 0."""
    rest = exp.Mod(this=exp.Paren(this=left), expression=exp.Paren(this=right))
    above = exp.Mod(this=exp.Paren(this=plus(rest, right.copy())), expression=exp.Paren(this=right.copy()))
    return exp.IntDiv(
        this=exp.Paren(this=exp.Sub(this=exp.Paren(this=left.copy()), expression=exp.Paren(this=above))),
        expression=exp.Paren(this=right.copy()),
    )


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


def only_whitelisted(tree: Sql) -> Sql:
    """The tree itself; raises `Bug` when it holds a node or calls a function that no question needs."""
    for node in tree.walk():
        if not isinstance(node, NODES):
            raise Bug(what=f"a question was compiled to the SQL node {type(node).__name__}")
        if isinstance(node, exp.Anonymous) and str(node.this).lower() not in FUNCTIONS:
            raise Bug(what=f"a question was compiled to the SQL function {node.this}")
    return tree
