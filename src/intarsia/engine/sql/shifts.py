"""Instants moved by so many units of the calendar, row by row, by linear pieces that are worked out in Python."""

from __future__ import annotations

from functools import lru_cache

import pyarrow as pa

from intarsia.clock import FIRST, LAST, MILLISECONDS
from intarsia.clock_pieces import Shift, pieces
from intarsia.engine.sql.draft import Draft
from intarsia.engine.sql.queries import Rows, source
from intarsia.engine.sql.words import Sql, column, compare, integer, minus, plus, times, when
from intarsia.language import tree

STRETCH = 2**35
"""A little over a year, in milliseconds: tables of pieces begin and end at its multiples, for questions to share."""


def shifted(draft: Draft, query: Rows, instant: Sql, length: tree.Length, alias: str) -> Sql:
    """The instant so long after the one in each row of a query; before it where the length's count is below zero.

    Joins what it needs to the query, under the alias.
    """
    if length.unit in MILLISECONDS:
        return _limited(plus(instant, draft.bindings.bind(length.count * MILLISECONDS[length.unit])))
    relation = draft.shift(length)
    begins = compare(">=", instant, column(alias, "since"))
    query.join_nearest(source(relation, alias), begins)
    since_then = minus(instant, column(alias, "since"))
    return plus(column(alias, "moved"), times(column(alias, "slope"), since_then))


def _limited(instant: Sql) -> Sql:
    """The instant, or the first or last one that has a name."""
    is_before, is_after = compare("<", instant, integer(FIRST)), compare(">", instant, integer(LAST))
    return when(is_before, integer(FIRST), when(is_after, integer(LAST), instant))


def back(length: tree.Length) -> tree.Length:
    """The length as one that goes back."""
    return tree.Length(-length.count, length.unit)


def pieces_table(way: Shift, first: int, last: int) -> pa.Table:
    """The pieces of a shift for the instants from `first` to `last` at least.

    One row a piece: since (its first instant), moved (where that one goes), slope (0 or 1).
    """
    return _table(way, max(first // STRETCH * STRETCH, FIRST), min(-(-last // STRETCH) * STRETCH, LAST))


@lru_cache(maxsize=64)
def _table(way: Shift, first: int, last: int) -> pa.Table:
    found = pieces(way, first, last)
    columns = {
        "since": [piece.begin for piece in found],
        "moved": [piece.out for piece in found],
        "slope": [piece.slope for piece in found],
    }
    return pa.table({name: pa.array(values, pa.int64()) for name, values in columns.items()})
