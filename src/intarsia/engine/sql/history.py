"""The value of traits as of a question, in SQL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from intarsia.engine.sql.queries import of_file
from intarsia.engine.sql.words import Bindings, Sql, json_place
from intarsia.lake.statements import statements

FOR_EVER = 9_000_000_000_000_000_000
"""Stands for the end of what holds still, and below zero for the begin of what has always held."""

_COMMENT = re.compile(r"--.*")


@dataclass(frozen=True)
class History:
    """The history of a derived trait: by what name it is to be offered, of which trait, and from which instant on."""

    relation: str
    names: tuple[str, ...]
    begin: int


def trait_history(name: str, at: int, bindings: Bindings) -> Sql:
    """A query over `statements`: profile_no, props and readings of the statement that gives each person's value."""
    return _query("latest", name, at, bindings)


def trait_spans(name: str, at: int, bindings: Bindings) -> Sql:
    """A query over `statements`: each that held for a while, with `since` and `until` in milliseconds UTC.

    What nobody said anything of before its first `since` was unknown until then.
    """
    return _query("spans", name, at, bindings)


def _query(block: str, name: str, at: int, bindings: Bindings) -> Sql:
    bound = {"path": bindings.bind(json_place(name)), "at": bindings.bind(at)}
    return of_file(_blocks()[block], bound)


@cache
def _blocks() -> dict[str, str]:
    """Each block in one line, with `said` put in."""
    read = statements(Path(__file__).with_name("history.sql"))
    blocks = {name: " ".join(_COMMENT.sub("", sql).split()) for name, sql in read.items()}
    return {name: sql.replace("from said", f"from ({blocks['said']}) as said") for name, sql in blocks.items()}


def traits_query(names: Sequence[str], at: int) -> tuple[str, dict[str, object]]:
    """SQL for profile_no and `traits` (a JSON object) of everybody who has any of the traits, and its values."""
    if not names:
        return "select profile_no, '{}' as traits from statements where false", {}
    bindings = Bindings()
    union = " union all ".join(_labelled(name, trait_history(name, at, bindings), bindings) for name in names)
    sql = (
        "select profile_no, json_group_object(name, value) as traits "
        f"from (select * from ({union}) order by name) group by profile_no"  # nosec B608
    )
    return sql, bindings.values


def histories_query(names: Sequence[str], at: int, begin: int) -> tuple[str, dict[str, object]]:
    """SQL for profile_no and `said`, a JSON list of [since, name, value], of all that held since `begin`.

    at, begin  milliseconds UTC; what held before `begin` already is given as since then
    """
    bindings = Bindings()
    union = " union all ".join(_labelled(name, trait_spans(name, at, bindings), bindings) for name in names)
    first = bindings.bind(begin)
    sql = (
        f"select profile_no, to_json(list(json_array(greatest(since, {first}), name, value) order by since, name)) "  # nosec B608
        f"as said from ({union}) where until > {first} group by profile_no"
    )
    return sql, bindings.values


def _labelled(name: str, query: Sql, bindings: Bindings) -> str:
    label, place = bindings.bind(name), bindings.bind(json_place(name))
    return f"select *, {label} as name, json_extract(props, {place}) as value from ({query})"  # nosec B608
