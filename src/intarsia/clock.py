"""The one place that turns wall-clock time and zones into instants, and steps through the calendar.

An instant is an `int`: milliseconds since 1970-01-01 UTC. Nothing here reads the clock of the machine.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from intarsia.errors import UserError
from intarsia.speech import mark

Unit = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "year"]

MILLISECONDS: dict[str, int] = {"second": 1_000, "minute": 60_000, "hour": 3_600_000}
DAYS: dict[str, int] = {"day": 1, "week": 7}
MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}

DAY = timedelta(days=1)
MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime.combine(date(1970, 1, 1), time())
FIRST = (datetime.combine(date.min, time.min) - EPOCH) // MILLISECOND
"""The first instant that has a name: the begin of the year 1, UTC."""
LAST = (datetime.combine(date.max, time.max) - EPOCH) // MILLISECOND
"""The last instant that has a name: the end of the year 9999, UTC."""

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?"
    r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)


class NotATime(UserError):
    """A text that should say when, and does not."""

    code = "clock.not-a-time"
    says = mark("`{value}` is no date and no time")
    advises = mark("write 2026-01-31, 2026-01-31T10:00, 2026-01-31T10:00:00Z or 2026-01-31T10:00:00+01:00")


# --- reading and printing


def to_instant(value: str | datetime | date, zone: ZoneInfo) -> int:
    """The instant that an ISO 8601 text, a datetime or a date names; finer than a millisecond is cut.

    zone  whose wall clock is meant where there is no offset; a date is the begin of its day
    A text that is no ISO date or time, or lies outside the years 1 to 9999, is refused (`NotATime`).
    """
    if isinstance(value, datetime):
        return _named(value, zone)
    day = value if isinstance(value, date) else parse_date(value)
    if day is not None:
        return begin_of_day(day, zone)
    instant = parse_instant(str(value), zone)
    if instant is None:
        raise NotATime(value=value)
    return instant


def _named(value: datetime, zone: ZoneInfo) -> int:
    if value.tzinfo is None:
        return instant_of_wall(value, zone)
    offset = value.utcoffset() or timedelta()
    return (value.replace(tzinfo=None) - EPOCH - offset) // MILLISECOND


def parse_date(text: str) -> date | None:
    """The date that `YYYY-MM-DD` names, or None where the text is no such date."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def parse_instant(text: str, zone: ZoneInfo) -> int | None:
    """The instant that an ISO 8601 date and time name, or None where the text is none.

    Between date and time stands `T` or a blank; seconds and their decimals (after a point) may be missing;
    without `Z` or an offset it is the zone's wall clock. A text with a date only is not an instant.
    """
    found = _INSTANT.fullmatch(text)
    day = parse_date(found[1]) if found else None
    if found is None or day is None:
        return None
    micros = int((found[5] or "")[:3].ljust(3, "0")) * 1_000
    try:
        wall = datetime.combine(day, time(int(found[2]), int(found[3]), int(found[4] or 0), micros))
    except ValueError:
        return None
    if found[6] is None:
        return instant_of_wall(wall, zone)
    offset = _offset_minutes(found[6])
    return None if offset is None else _within_limits((wall - EPOCH) // MILLISECOND - offset * 60_000)


def _offset_minutes(text: str) -> int | None:
    if text == "Z":
        return 0
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
    if hours > 23 or minutes > 59:
        return None
    return (hours * 60 + minutes) * (-1 if text[0] == "-" else 1)


def _within_limits(instant: int) -> int | None:
    return instant if FIRST <= instant <= LAST else None


def to_iso(instant: int) -> str:
    """The instant as `2026-01-31T09:00:00.000Z`."""
    return (EPOCH + instant * MILLISECOND).isoformat(timespec="milliseconds") + "Z"


# --- wall clock and instant


def wall_of_instant(instant: int, zone: ZoneInfo) -> datetime:
    """What the zone's wall clock shows, without tzinfo; `fold` is 1 in the second pass of a repeated hour.

    Within a day of the limits (`FIRST`, `LAST`) the clock stands still, so that no zone leads past them.
    """
    kept = min(max(instant, FIRST + 86_400_000), LAST - 86_400_000)
    moment = (EPOCH + kept * MILLISECOND).replace(tzinfo=UTC)
    return moment.astimezone(zone).replace(tzinfo=None)


def instant_of_wall(wall: datetime, zone: ZoneInfo) -> int:
    """The instant at which the zone's wall clock shows this.

    An hour that is shown twice means its first pass; one that is skipped means the end of the gap.
    """
    first = _offset(wall.replace(fold=0), zone)
    second = _offset(wall.replace(fold=1), zone)
    instant = (wall.replace(fold=0) - EPOCH) // MILLISECOND - first
    if second > first:
        instant = _change(instant - (second - first), instant, zone)
    return min(max(instant, FIRST), LAST)


def _offset(wall: datetime, zone: ZoneInfo) -> int:
    """Milliseconds that the wall clock is ahead of UTC."""
    return (wall.replace(tzinfo=zone).utcoffset() or timedelta()) // MILLISECOND


def _offset_at(instant: int, zone: ZoneInfo) -> int:
    return (wall_of_instant(instant, zone).replace(fold=0) - EPOCH) // MILLISECOND - instant


def _change(before: int, after: int, zone: ZoneInfo) -> int:
    """The first instant with another offset than `before` has, not later than `after`, which has another."""
    offset = _offset_at(before, zone)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset_at(middle, zone) == offset:
            before = middle
        else:
            after = middle
    return after


def local_date(instant: int, zone: ZoneInfo) -> date:
    """The calendar day of the instant in the zone."""
    return wall_of_instant(instant, zone).date()


def begin_of_day(day: date, zone: ZoneInfo) -> int:
    """The first instant of the day in the zone: midnight, or the end of the gap where midnight is skipped."""
    return instant_of_wall(datetime.combine(day, time()), zone)


def end_of_day(day: date, zone: ZoneInfo) -> int:
    """The first instant after the day."""
    return LAST if day == date.max else begin_of_day(day + DAY, zone)


def first_day_from(instant: int, zone: ZoneInfo) -> date:
    """The first day that begins at or after the instant."""
    today = local_date(instant, zone)
    # A zone that skipped a day began two at one instant; one that had a day twice had its end before its second begin.
    near = (add_days(today, offset) for offset in (-1, 0, 1, 2))
    return next((day for day in near if begin_of_day(day, zone) >= instant), date.max)


# --- steps through the calendar


def add_days(day: date, count: int) -> date:
    """So many days later, or earlier where `count` is below zero; at the ends of the calendar, its end."""
    ordinal = day.toordinal() + count
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))


def step(day: date, count: int, unit: Unit) -> tuple[date, bool]:
    """The day so many units (of a day or longer) later, and whether that day exists.

    Where it does not (30 February), the day is the first of the next month: what comes after the end of that month.
    """
    if unit in DAYS:
        return add_days(day, count * DAYS[unit]), True
    months = day.year * 12 + day.month - 1 + count * MONTHS[unit]
    first = _first_of_month(months)
    if first is None:
        return (date.min if count < 0 else date.max), True
    after = _first_of_month(months + 1) or date.max
    target = first.toordinal() + day.day - 1
    exists = target < after.toordinal() or after == date.max
    return (date.fromordinal(target), True) if exists else (after, False)


def _first_of_month(months: int) -> date | None:
    year, month = divmod(months, 12)
    return date(year, month + 1, 1) if 1 <= year <= 9999 else None


def shift(at: int, count: int, unit: Unit, zone: ZoneInfo) -> int:
    """The instant so many units after `at`, before it where `count` is below zero.

    Seconds, minutes and hours are durations. Longer units step by the zone's calendar at the same wall time.
    The result never moves back while `at` moves on: a day that does not exist is the end of that month (the first
    instant of the next), a skipped hour the end of the gap, an hour that comes twice its first pass; and while
    `at` is in the second pass of such an hour, it counts as the last millisecond of the first: it waits.
    """
    if unit in MILLISECONDS:
        return min(max(at + count * MILLISECONDS[unit], FIRST), LAST)
    wall = _waiting_wall(at, zone)
    day, exists = step(wall.date(), count, unit)
    return instant_of_wall(datetime.combine(day, wall.time() if exists else time()), zone)


def _waiting_wall(at: int, zone: ZoneInfo) -> datetime:
    wall = wall_of_instant(at, zone)
    if not wall.fold:
        return wall
    repeated = _offset(wall.replace(fold=0), zone) - _offset(wall, zone)
    change = _change(at - repeated, at, zone)
    return wall_of_instant(change - 1, zone).replace(fold=0)
