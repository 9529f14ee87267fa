"""Rows of the store that belong to people, and texts that may name some: found by the names of their columns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, NamedTuple

from intarsia.store.store import Store

BY_ID = "profile_id"
BY_NUMBER = "profile_no"
"""Columns by which a row of the store belongs to a person: whoever adds a table with such rows names them so."""

_COLUMNS = """
select m.name, c.name as column from sqlite_schema m join pragma_table_info(m.name) c
where m.type = 'table' and c.name in ('profile_id', 'profile_no') order by m.name, c.cid
"""


_RULES = """
select m.name from sqlite_schema m where m.type = 'table' and exists (
    select 1 from pragma_table_info(m.name) c where c.name = 'text'
) and exists (select 1 from pragma_table_info(m.name) c where c.name = 'language_version') order by m.name
"""
_TEXTS = """
select m.name, c.name as column from sqlite_schema m join pragma_table_info(m.name) c
where m.type = 'table' and c.type = 'TEXT' collate nocase order by m.name, c.cid
"""


Read = Callable[[str], Iterable[Any]]
"""What answers a question to the store: `Store.rows`, or `execute` of a connection inside a transaction."""


class Rule(NamedTuple):
    """A rule as it was once written: where it stands, of which segment it is, and in which version of the language."""

    table: str
    rowid: int
    segment: str
    version: int
    text: str
    language_version: int


class Written(NamedTuple):
    """A text of the store: in which column, the row that it is a part of, and what it says."""

    table: str
    column: str
    row: dict[str, Any]
    text: str


def forget_rows(connection: sqlite3.Connection, ids: Collection[str], numbers: Collection[int]) -> dict[str, int]:
    """Remove every row that belongs to some people, inside a transaction; how many of each table that had any."""
    removed: dict[str, int] = {}
    for table, where, theirs in _places(connection.execute(_COLUMNS).fetchall(), ids, numbers):
        gone = connection.execute(f'delete from "{table}" where {where}', (theirs,)).rowcount  # nosec B608
        if gone:
            removed[table] = removed.get(table, 0) + gone
    return removed


def ids_in(store: Store) -> set[str]:
    """Every profile id that a row of the store belongs to."""
    tables = [row["name"] for row in store.rows(_COLUMNS) if row["column"] == BY_ID]
    return {row[BY_ID] for table in tables for row in store.rows(f'select distinct {BY_ID} from "{table}"')}  # nosec B608


def rows_of(store: Store, ids: Collection[str], numbers: Collection[int]) -> dict[str, list[dict[str, Any]]]:
    """Every row that belongs to some people, by table, in the order of putting down; a table without one too."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table, where, theirs in _places(store.rows(_COLUMNS), ids, numbers):
        rows = store.rows(f'select * from "{table}" where {where} order by rowid', theirs)  # nosec B608
        found.setdefault(table, []).extend(dict(row) for row in rows)
    return found


def rules_in(read: Read) -> list[Rule]:
    """Every rule that the store holds, in all versions of all segments, removed ones too, by segment and version."""
    found = []
    for (table,) in list(read(_RULES)):
        sql = f'select t.rowid, t.*, s.name as segment, s.kind from "{table}" t left join segment s using (segment_id)'  # nosec B608
        found += [
            Rule(table, row["rowid"], row["segment"] or "", row["version"], row["text"], row["language_version"])
            for row in read(sql)
            if row["kind"] != "list"
        ]
    return sorted(found, key=lambda rule: (rule.segment, rule.table, rule.version))


def texts_in(read: Read) -> Iterator[Written]:
    """Every text of the store, in the columns whose values are texts; ids of people are told by `ids_in`."""
    for table, column in list(read(_TEXTS)):
        if column != BY_ID:
            rows = read(f'select * from "{table}" where "{column}" is not null')  # nosec B608
            yield from (Written(table, column, dict(row), str(row[column])) for row in rows)


def _places(columns: Iterable[Any], ids: Collection[str], numbers: Collection[int]) -> list[tuple[str, str, str]]:
    """Of each column the table, the condition of some people's rows, and what is bound in it.

    The names are from the schema. Not a temporary table of ids: it might be written to a file of its own.
    """
    theirs = {BY_ID: json.dumps(sorted(ids)), BY_NUMBER: json.dumps(sorted(numbers))}
    return [
        (row["name"], f'"{row["column"]}" in (select value from json_each(?))', theirs[row["column"]])  # nosec B608
        for row in columns
    ]
