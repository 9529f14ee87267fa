"""A question's tree as DuckDB's SQL, written in one pass that knows only what a question may hold.

sqlglot's own generator serves every dialect and every node, and takes as long as all the rest of a compilation. This
one is a table of the nodes and functions that `words.py` builds: what is not in it cannot be written, so nothing of a
definition becomes SQL but through a bound parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlglot import exp

from intarsia.engine.words import FUNCTIONS, Prepared, Rows, Sql
from intarsia.errors import Bug

Out = list[str]
Writer = Callable[[Any, Out], None]


def to_sql(tree: Sql) -> str:
    """The statement as text; raises `Bug` for a node or a function that no question needs."""
    out: Out = []
    _write(tree, out)
    return "".join(out)


def _write(node: Sql, out: Out) -> None:
    try:
        writer = _WRITERS[type(node)]
    except KeyError:
        raise Bug(what=f"a question was compiled to the SQL node {type(node).__name__}") from None
    writer(node, out)


def _write_list(nodes: Iterable[Sql], out: Out) -> None:
    between = ""
    for node in nodes:
        if between:
            out.append(between)
        between = ", "
        _write(node, out)


def _binary(sign: str) -> Writer:
    sign = f" {sign} "

    def write(node: Any, out: Out) -> None:
        args = node.args
        _write(args["this"], out)
        out.append(sign)
        _write(args["expression"], out)

    return write


def _around(before: str, after: str = "") -> Writer:
    def write(node: Any, out: Out) -> None:
        out.append(before)
        _write(node.args["this"], out)
        out.append(after)

    return write


def _always(text: str) -> Writer:
    def write(_: Any, out: Out) -> None:
        out.append(text)

    return write


# --- names and literals


def _identifier(node: Any, out: Out) -> None:
    name = node.args["this"]
    out.append(f'"{name}"' if node.args.get("quoted") else name)


def _column(node: Any, out: Out) -> None:
    args = node.args
    table = args.get("table")
    if table is not None:
        _identifier(table, out)
        out.append(".")
    _write(args["this"], out)


def _star(node: Any, out: Out) -> None:
    out.append("*")
    left_out = node.args.get("except_") or node.args.get("except")
    if left_out:
        out.append(" EXCLUDE (")
        _write_list(left_out, out)
        out.append(")")


def _literal(node: Any, out: Out) -> None:
    text = node.args["this"]
    out.append("'" + text.replace("'", "''") + "'" if node.args.get("is_string") else text)


def _boolean(node: Any, out: Out) -> None:
    out.append("TRUE" if node.args["this"] else "FALSE")


def _placeholder(node: Any, out: Out) -> None:
    out.append("$" + node.args["this"])


# --- values


def _call(node: Any, out: Out) -> None:
    name = node.args["this"]
    if name not in FUNCTIONS:
        raise Bug(what=f"a question was compiled to the SQL function {name}")
    out.append(name.upper() + "(")
    _write_list(node.args.get("expressions") or (), out)
    out.append(")")


def _case(node: Any, out: Out) -> None:
    out.append("CASE")
    for branch in node.args["ifs"]:
        out.append(" WHEN ")
        _write(branch.args["this"], out)
        out.append(" THEN ")
        _write(branch.args["true"], out)
    default = node.args.get("default")
    if default is not None:
        out.append(" ELSE ")
        _write(default, out)
    out.append(" END")


def _cast(name: str) -> Writer:
    def write(node: Any, out: Out) -> None:
        out.append(name)
        _write(node.args["this"], out)
        out.append(" AS ")
        _write(node.args["to"], out)
        out.append(")")

    return write


_TYPES = {
    exp.DataType.Type.BIGINT: "BIGINT",
    exp.DataType.Type.INT: "INT",
    exp.DataType.Type.INT128: "INT128",
    exp.DataType.Type.DECIMAL: "DECIMAL",
    exp.DataType.Type.VARCHAR: "TEXT",
    exp.DataType.Type.TEXT: "TEXT",
    exp.DataType.Type.DATE: "DATE",
    exp.DataType.Type.BOOLEAN: "BOOLEAN",
}


def _data_type(node: Any, out: Out) -> None:
    kind = node.args["this"]
    inner: Sequence[Any] = node.args.get("expressions") or ()
    if kind == exp.DataType.Type.ARRAY:
        _write(inner[0], out)
        out.append("[]")
        return
    if kind not in _TYPES:
        raise Bug(what=f"a question was compiled to the SQL type {kind}")
    out.append(_TYPES[kind])
    if inner:
        out.append("(")
        _write_list(inner, out)
        out.append(")")


def _in(node: Any, out: Out) -> None:
    _write(node.args["this"], out)
    query = node.args.get("query")
    if query is not None:
        out.append(" IN ")
        _write(query, out)
        return
    out.append(" IN (")
    _write_list(node.args["expressions"], out)
    out.append(")")


def _function(name: str) -> Writer:
    def write(node: Any, out: Out) -> None:
        out.append(name + "(")
        argument = node.args.get("this")
        if argument is not None:
            _write(argument, out)
        more = node.args.get("expressions")
        if more:
            out.append(", ")
            _write_list(more, out)
        out.append(")")

    return write


def _distinct(node: Any, out: Out) -> None:
    out.append("DISTINCT ")
    _write_list(node.args["expressions"], out)


def _window(node: Any, out: Out) -> None:
    args = node.args
    _write(args["this"], out)
    out.append(" OVER (")
    partition, order = args.get("partition_by"), args.get("order")
    if partition:
        out.append("PARTITION BY ")
        _write_list(partition, out)
    if order is not None:
        if partition:
            out.append(" ")
        _order_by(order, out)
    if args.get("spec") is not None:
        raise Bug(what="a question was compiled to a window with a frame")
    out.append(")")


def _order_by(node: Any, out: Out) -> None:
    out.append("ORDER BY ")
    _write_list(node.args["expressions"], out)


def _ordered(node: Any, out: Out) -> None:
    _write(node.args["this"], out)
    if node.args.get("desc"):
        out.append(" DESC")
    if node.args.get("nulls_first"):
        out.append(" NULLS FIRST")
    elif node.args.get("desc"):
        out.append(" NULLS LAST")


def _json_exists(node: Any, out: Out) -> None:
    out.append("JSON_EXISTS(")
    _write(node.args["this"], out)
    out.append(", ")
    _write(node.args["path"], out)
    out.append(")")


# --- queries


def _prepared(node: Any, out: Out) -> None:
    for part in node.args["parts"]:
        if isinstance(part, str):
            out.append(part)
        else:
            _write(part, out)


def _alias(node: Any, out: Out) -> None:
    _write(node.args["this"], out)
    out.append(" AS ")
    _write(node.args["alias"], out)


def _table(node: Any, out: Out) -> None:
    _write(node.args["this"], out)
    alias = node.args.get("alias")
    if alias is not None:
        out.append(" AS ")
        _write(alias.args["this"], out)


def _subquery(node: Any, out: Out) -> None:
    out.append("(")
    _write(node.args["this"], out)
    out.append(")")
    alias = node.args.get("alias")
    if alias is not None:
        out.append(" AS ")
        _write(alias.args["this"] if isinstance(alias, exp.TableAlias) else alias, out)


_CLAUSES = frozenset(
    ("with_", "distinct", "expressions", "from_", "joins", "where", "group", "having", "qualify", "order")
)
"""What a query may have; anything else would be left out in silence."""
_PARTS = (("where", " WHERE "), ("group", " GROUP BY "), ("having", " HAVING "), ("qualify", " QUALIFY "))


def _select(node: Any, out: Out) -> None:
    args = node.args
    if not _CLAUSES.issuperset(name for name, value in args.items() if value):
        raise Bug(what=f"a question was compiled to a query with {', '.join(args)}")
    _with(args.get("with_"), out)
    out.append("SELECT DISTINCT " if args.get("distinct") else "SELECT ")
    _write_list(args.get("expressions") or (), out)
    begin = args.get("from_")
    if begin is not None:
        out.append(" FROM ")
        _write(begin.args["this"], out)
    for join in args.get("joins") or ():
        _join(join, out)
    for name, word in _PARTS:
        part = args.get(name)
        if part is not None:
            out.append(word)
            _write_list((part.args["this"],) if name != "group" else part.args["expressions"], out)
    order = args.get("order")
    if order is not None:
        out.append(" ")
        _order_by(order, out)


def _with(node: Sql | None, out: Out) -> None:
    if node is None:
        return
    out.append("WITH ")
    for place, table in enumerate(node.args["expressions"]):
        if place:
            out.append(", ")
        _write(table.args["alias"].args["this"], out)
        out.append(" AS (")
        _write(table.args["this"], out)
        out.append(")")
    out.append(" ")


def _join(node: Any, out: Out) -> None:
    args = node.args
    words = [str(args[name]).upper() for name in ("method", "side", "kind") if args.get(name)]
    out.append(" " + " ".join((*words, "JOIN")) + " ")
    _write(args["this"], out)
    on = args.get("on")
    if on is not None:
        out.append(" ON ")
        _write(on, out)


def _union(node: Any, out: Out) -> None:
    _with(node.args.get("with_"), out)
    _write(node.args["this"], out)
    out.append(" UNION " if node.args.get("distinct") else " UNION ALL ")
    _write(node.args["expression"], out)


_WRITERS: dict[type[Sql], Writer] = {
    exp.Identifier: _identifier,
    exp.Column: _column,
    exp.Star: _star,
    exp.Literal: _literal,
    exp.Boolean: _boolean,
    exp.Null: _always("NULL"),
    exp.Placeholder: _placeholder,
    exp.And: _binary("AND"),
    exp.Or: _binary("OR"),
    exp.EQ: _binary("="),
    exp.LT: _binary("<"),
    exp.LTE: _binary("<="),
    exp.GT: _binary(">"),
    exp.GTE: _binary(">="),
    exp.Add: _binary("+"),
    exp.Sub: _binary("-"),
    exp.Mul: _binary("*"),
    exp.IntDiv: _binary("//"),
    exp.Mod: _binary("%"),
    exp.Is: _binary("IS"),
    exp.Not: _around("NOT "),
    exp.Paren: _around("(", ")"),
    exp.Neg: _around("-"),
    exp.Anonymous: _call,
    exp.Coalesce: _function("COALESCE"),
    exp.Case: _case,
    exp.Cast: _cast("CAST("),
    exp.TryCast: _cast("TRY_CAST("),
    exp.DataType: _data_type,
    exp.DataTypeParam: _around(""),
    exp.In: _in,
    exp.Abs: _function("ABS"),
    exp.Lead: _function("LEAD"),
    exp.Count: _function("COUNT"),
    exp.Sum: _function("SUM"),
    exp.Min: _function("MIN"),
    exp.Max: _function("MAX"),
    exp.RowNumber: _always("ROW_NUMBER()"),
    exp.Distinct: _distinct,
    exp.Window: _window,
    exp.Order: _order_by,
    exp.Ordered: _ordered,
    exp.JSONExists: _json_exists,
    exp.Alias: _alias,
    exp.Table: _table,
    exp.Subquery: _subquery,
    exp.Select: _select,
    Rows: _select,
    Prepared: _prepared,
    exp.Union: _union,
}
"""What a compiled question may hold, and how it is written."""
