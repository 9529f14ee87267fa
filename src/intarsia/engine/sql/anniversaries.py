"""`anniversary(birth_date) in ..` in SQL (rule 22): the days whose anniversaries lie in a window, worked out before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.clock import CalendarName, step
from intarsia.engine.sql.draft import ByZone, PersonalDraft
from intarsia.engine.sql.local import own_zone
from intarsia.engine.sql.people import People
from intarsia.engine.sql.queries import Rows, named, rows_of, source
from intarsia.engine.sql.reading import Reading, written_day
from intarsia.engine.sql.words import Sql, all_of, column, compare, is_null, negated, when
from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.meaning.windows import DateInterval, calendar_of, date_interval


def has_anniversary(compiler: PersonalDraft, node: tree.Test, people: People) -> Sql:
    """Whether the day of a trait is known, or one of its anniversaries lies in a window."""
    value = node.value
    assert isinstance(value, tree.Anniversary)
    match node.operator:
        case tree.Is(what="known"):
            return negated(is_null(_day(compiler.reading(value.path, people))))
        case tree.During(window=window):
            return compiler.among(
                people, compiler.table(node, "celebrating", lambda: _celebrating(compiler, value, window))
            )
        case _:
            raise Bug(what=f"the anniversary test {node.operator} came through the check")


def _day(reading: Reading) -> Sql:
    """The calendar day of a date, or of a date and time as it is written."""
    return when(is_null(reading.moment()), reading.day(), written_day(reading.text))


def _celebrating(compiler: PersonalDraft, value: tree.Anniversary, window: tree.Window) -> Rows:
    """profile_no of everybody whose day lies in one of the spans of days that are celebrated in the window."""
    calendar = calendar_of(window, compiler.operators.calendar)
    at, first_weekday = compiler.operators.at, compiler.operators.first_weekday

    def build(zones: Iterable[ZoneInfo]) -> pa.Table:
        days = {zone: date_interval(window, at, zone, first_weekday, calendar) for zone in zones}
        return _table({zone: celebrated(span, calendar) for zone, span in days.items()})

    spans = compiler.by_zone((window, "celebrated"), ByZone(build, window.local))
    own = compiler.people("q")
    day = _day(compiler.reading(value.path, own))
    zone = own_zone(compiler, own) if window.local else compiler.bindings.bind(compiler.operators.zone.key)
    born = own.query(negated(is_null(day))).select(column("q", "profile_no"))
    born = born.select(named(day, "day"), named(zone, "zone"))
    last_before = all_of(
        (
            compare("=", column("born", "zone"), column(spans, "zone")),
            compare(">=", column("born", "day"), column(spans, "begin_day")),
        )
    )
    query = rows_of(born.source("born")).join_nearest(source(spans), last_before)
    is_inside = compare("<", column("born", "day"), column(spans, "end_day"))
    return query.where(is_inside).select(column("born", "profile_no"))


@lru_cache(maxsize=256)
def celebrated(window: DateInterval, calendar: CalendarName) -> tuple[tuple[date, date], ...]:
    """The days of which some anniversary, from the first on, lies in a window: spans apart from each other, in order.

    window  closed at both ends
    Each span is its first day and the first after it. So many years before the edges of the window lie those of the
    days that are celebrated in it: 29 February, where it is missing, is stepped back to what comes after, 1 March.
    """
    if window.begin is None or window.end is None:
        raise Bug(what="the anniversaries in an open window came through the check")
    found: list[tuple[date, date]] = []
    for years in range(1, window.end.year + 1):
        begin, end = (step(edge, -years, "year", calendar)[0] for edge in (window.begin, window.end))
        if found and end >= found[-1][0]:
            end = found.pop()[1]
        if begin < end:
            found.append((begin, end))
    return tuple(reversed(found))


def _table(spans: Mapping[ZoneInfo, Iterable[tuple[date, date]]]) -> pa.Table:
    rows = [(zone.key, begin, end) for zone, found in spans.items() for begin, end in found]
    names = ("zone", "begin_day", "end_day")
    arrays = [pa.array([row[place] for row in rows], kind) for place, kind in enumerate(_KINDS)]
    return pa.table(arrays, names)


_KINDS = (pa.string(), pa.date32(), pa.date32())
