"""The value of traits as of a question, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import sqlglot
from sqlglot import exp

from intarsia.engine.words import Bindings, Sql, json_place


def trait_history(name: str, at: int, bindings: Bindings) -> Sql:
    """A query over `statements`: profile_no, props and readings of the statement that gives each person's value."""
    bound = {"path": bindings.bind(json_place(name)), "at": bindings.bind(at)}
    query = _parsed().copy()
    for placeholder in list(query.find_all(exp.Placeholder)):
        placeholder.replace(bound[placeholder.name].copy())
    return query


@cache
def _parsed() -> Sql:
    source = Path(__file__).with_name("history.sql").read_text(encoding="utf-8")
    tree = sqlglot.parse_one(source, dialect="duckdb")
    tree.comments = None
    return tree


def traits_query(names: Sequence[str], at: int) -> tuple[str, dict[str, object]]:
    """SQL for profile_no and `traits` (a JSON object) of everybody who has any of the traits, and its values."""
    if not names:
        return "select profile_no, '{}' as traits from statements where false", {}
    bindings = Bindings()
    parts = []
    for name in names:
        history = trait_history(name, at, bindings).sql(dialect="duckdb")
        label, place = bindings.bind(name), bindings.bind(json_place(name))
        parts.append(
            f"select profile_no, ${label.name} as name, json_extract(props, ${place.name}) as value from ({history})"  # nosec B608: only names of parameters are put in
        )
    union = " union all ".join(parts)
    sql = (
        "select profile_no, json_group_object(name, value) as traits "
        f"from (select * from ({union}) order by name) group by profile_no"  # nosec B608: as above
    )
    return sql, bindings.values
