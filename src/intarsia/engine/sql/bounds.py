"""Each person's own bounds of a window `in local time`, read from the relation that local.py makes."""

from __future__ import annotations

from intarsia.engine.sql.queries import only_value, rows_of, source
from intarsia.engine.sql.words import Sql, column, compare

INSTANTS = ("begin_ms", "end_ms")
DAYS = ("begin_day", "end_day")
"""The columns of bounds: the first instant or day inside, and the first after; null where the window is open."""


def own_bound(relation: str, name: str, person: Sql) -> Sql:
    """One person's bound of a window, from a relation of `own_bounds`."""
    rows = rows_of(source(relation)).select(column(relation, name))
    return only_value(rows.where(compare("=", column(relation, "profile_no"), person)))
