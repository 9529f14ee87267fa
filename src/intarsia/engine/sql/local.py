"""Windows `in local time` (rule 21): each person's own bounds, worked out in Python once for every zone that occurs."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.clock import CalendarName
from intarsia.engine.sql.bounds import DAYS, INSTANTS
from intarsia.engine.sql.draft import ByZone, PersonalDraft
from intarsia.engine.sql.people import People
from intarsia.engine.sql.queries import Rows, source
from intarsia.engine.sql.words import TRUE, Sql, column, compare, first_known
from intarsia.language import tree
from intarsia.language.meaning.windows import date_interval, interval

ZONES = "zones"
"""The relation of those whose own zone is known: profile_no, zone."""

STATED = "timezone"
OF_PLACE = "place_timezone"
"""Where a person's zone is from: what was said of it, else the derived trait."""


def own_bounds(compiler: PersonalDraft, window: tree.Window) -> Rows:
    """A query for everybody's own bounds of a window: profile_no, then `INSTANTS` and `DAYS`."""
    operators = compiler.operators
    seen_from = operators.at, operators.first_weekday, operators.calendar

    def table(zones: Iterable[ZoneInfo]) -> pa.Table:
        return _bounds(window, zones, *seen_from)

    bounds = compiler.by_zone((window, "bounds"), ByZone(table, is_local=True))
    everybody = compiler.people("z")
    is_of_zone = compare("=", column(bounds, "zone"), own_zone(compiler, everybody))
    query = everybody.query(TRUE).join(source(bounds), on=is_of_zone)
    columns = (column(bounds, name) for name in (*INSTANTS, *DAYS))
    return query.select(column("z", "profile_no"), *columns)


def own_zone(compiler: PersonalDraft, people: People) -> Sql:
    """The name of a person's own zone, else of the workspace's."""
    return first_known(column(people.join(ZONES), "zone"), compiler.bindings.bind(compiler.operators.zone.key))


def _bounds(
    window: tree.Window, zones: Iterable[ZoneInfo], at: int, first_weekday: int, calendar: CalendarName
) -> pa.Table:
    rows = []
    for zone in zones:
        instants = interval(window, at, zone, first_weekday, calendar)
        days = date_interval(window, at, zone, first_weekday, calendar)
        rows.append((zone.key, instants.begin, instants.end, days.begin, days.end))
    kinds = (pa.string(), pa.int64(), pa.int64(), pa.date32(), pa.date32())
    arrays = [pa.array([row[place] for row in rows], kind) for place, kind in enumerate(kinds)]
    return pa.table(arrays, ["zone", *INSTANTS, *DAYS])
