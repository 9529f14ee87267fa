"""The one place that turns wall-clock time and zones into instants, and steps through the calendar.

An instant is an `int`: milliseconds since 1970-01-01 UTC. Nothing here reads the clock of the machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from intarsia.errors import UserError
from intarsia.jalali import jalali, ordinal_of_month
from intarsia.speech import mark

Unit = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "year"]
CalendarName = Literal["gregorian", "jalali"]
CALENDARS: tuple[CalendarName, ...] = ("gregorian", "jalali")

MILLISECONDS: dict[str, int] = {"second": 1_000, "minute": 60_000, "hour": 3_600_000}
DAYS: dict[str, int] = {"day": 1, "week": 7}
MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}

DAY = timedelta(days=1)
DAYS_REMEMBERED = 10_000
MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime.combine(date(1970, 1, 1), time())
FIRST = (datetime.combine(date.min, time.min) - EPOCH) // MILLISECOND
"""The first instant that has a name: the begin of the year 1, UTC."""
LAST = (datetime.combine(date.max, time.max) - EPOCH) // MILLISECOND
"""The last instant that has a name: the end of the year 9999, UTC."""

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?"
    r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)


_FINER = re.compile(r":[0-9]{2}[.,][0-9]{3}[0-9]*[1-9]")


class NotATime(UserError):
    """A text that should say when, and does not."""

    code = "clock.not-a-time"
    says = mark("`{value}` is no date and no time")
    advises = mark("write 2026-01-31, 2026-01-31T10:00, 2026-01-31T10:00:00Z or 2026-01-31T10:00:00+01:00")


# --- zones


def zone_named(name: object) -> ZoneInfo | None:
    """The zone of that IANA name; None for anything else, as a person may state any text as their zone."""
    return ZoneInfo(name) if isinstance(name, str) and name in _zone_names() else None


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


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


def is_cut(value: str | datetime | date) -> bool:
    """Whether something of a time is finer than the millisecond that it is cut to."""
    if isinstance(value, datetime):
        return value.microsecond % 1000 != 0
    if not isinstance(value, str) or not ("." in value or "," in value):
        return False
    return _FINER.search(value) is not None


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
    if found is None:
        return None
    year, month, day, hour, minute, second, decimals, offset_said = found.groups()
    micros = int(decimals[:3].ljust(3, "0")) * 1_000 if decimals else 0
    try:
        wall = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micros)  # noqa: DTZ001 - a wall clock
    except ValueError:
        return None
    if offset_said is None:
        return instant_of_wall(wall, zone)
    offset = _offset_minutes(offset_said)
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


@lru_cache(maxsize=DAYS_REMEMBERED)
def begin_of_day(day: date, zone: ZoneInfo) -> int:
    """The first instant of the day in the zone: midnight, or the end of the gap where midnight is skipped."""
    return instant_of_wall(datetime.combine(day, time()), zone)


def end_of_day(day: date, zone: ZoneInfo) -> int:
    """The first instant after the day."""
    return LAST if day == date.max else begin_of_day(day + DAY, zone)


def day_holding(instant: int, zone: ZoneInfo) -> date:
    """The day from whose begin to whose end the instant lies; the wall clock may still, or again, show the day before.

    Where clocks are set back just after midnight, a day begins once and is not left again.
    """
    shown = local_date(instant, zone)
    return add_days(shown, 1) if end_of_day(shown, zone) <= instant else shown


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


def step(day: date, count: int, unit: Unit, calendar: CalendarName = "gregorian") -> tuple[date, bool]:
    """The day so many units (of a day or longer) later, and whether that day exists.

    calendar  whose months, quarters and years they are; days and weeks are the same in each
    Where it does not (30 February), the day is the first of the next month: what comes after the end of that month.
    """
    ordinal, exists = _stepped(day, count, unit, calendar)
    if not 1 <= ordinal <= date.max.toordinal():
        return (date.min if ordinal < 1 else date.max), True
    return date.fromordinal(ordinal), exists


def _stepped(day: date, count: int, unit: Unit, calendar: CalendarName) -> tuple[int, bool]:
    """As `step`, the day as its ordinal, which may lie outside what `date` can name."""
    if unit in DAYS:
        return day.toordinal() + count * DAYS[unit], True
    month, number, first_day = _place_in_month(day, calendar)
    target = month + count * MONTHS[unit]
    first, after = first_day(target), first_day(target + 1)
    exists = number <= after - first
    return (first + number - 1 if exists else after), exists


def begin_of_period(day: date, unit: Unit, calendar: CalendarName = "gregorian") -> date:
    """The first day of the month, quarter or year that the day is in."""
    month, _, first_day = _place_in_month(day, calendar)
    return date.fromordinal(max(first_day(month - month % MONTHS[unit]), 1))


def anniversary(day: date, years: int, calendar: CalendarName = "gregorian") -> date | None:
    """The day on which it is so many years since a day, as it is celebrated; None beyond the calendar's ends.

    29 February is celebrated on 28 February of a year that has none, 30 Esfand on 29 Esfand (rule 22).
    """
    month, number, first_day = _place_in_month(day, calendar)
    first, after = first_day(month + 12 * years), first_day(month + 12 * years + 1)
    ordinal = min(first + number, after) - 1
    return date.fromordinal(ordinal) if ordinal >= 1 and first <= ordinal <= date.max.toordinal() else None


def whole_years(since: date, day: date, calendar: CalendarName = "gregorian") -> int:
    """How many anniversaries of `since`, which is not later, have come on a day."""
    (begin, _, _), (end, _, _) = _place_in_month(since, calendar), _place_in_month(day, calendar)
    years = (end - begin) // 12
    latest = anniversary(since, years, calendar)
    return years - 1 if latest is None or latest > day else years


def _place_in_month(day: date, calendar: CalendarName) -> tuple[int, int, Callable[[int], int]]:
    """The running number of the day's month, the day of that month, and what gives the first day of any month."""
    if calendar == "jalali":
        year, month, number = jalali(day)
        return year * 12 + month - 1, number, ordinal_of_month
    return day.year * 12 + day.month - 1, day.day, _ordinal_of_gregorian_month


def _ordinal_of_gregorian_month(months: int) -> int:
    """The ordinal of the first day of a month, counted from the first of the year 0; beyond the calendar, beyond it."""
    year, month = divmod(months, 12)
    if year < 1:
        return date.min.toordinal() - 366
    return date(year, month + 1, 1).toordinal() if year <= 9999 else date.max.toordinal() + 1


def shift(at: int, count: int, unit: Unit, zone: ZoneInfo, calendar: CalendarName = "gregorian") -> int:
    """The instant so many units after `at`, before it where `count` is below zero.

    calendar  whose months, quarters and years they are
    Seconds, minutes and hours are durations. Longer units step by the zone's calendar at the same wall time.
    The result never moves back while `at` moves on: a day that does not exist is the end of that month (the first
    instant of the next), a skipped hour the end of the gap, an hour that comes twice its first pass; and while
    `at` is in the second pass of such an hour, it counts as the last millisecond of the first: it waits.
    """
    if unit in MILLISECONDS:
        return min(max(at + count * MILLISECONDS[unit], FIRST), LAST)
    wall = _waiting_wall(at, zone)
    ordinal, exists = _stepped(wall.date(), count, unit, calendar)
    if not 1 <= ordinal <= date.max.toordinal():
        return FIRST if ordinal < 1 else LAST
    return instant_of_wall(datetime.combine(date.fromordinal(ordinal), wall.time() if exists else time()), zone)


def _waiting_wall(at: int, zone: ZoneInfo) -> datetime:
    wall = wall_of_instant(at, zone)
    if not wall.fold:
        return wall
    repeated = _offset(wall.replace(fold=0), zone) - _offset(wall, zone)
    change = _change(at - repeated, at, zone)
    return wall_of_instant(change - 1, zone).replace(fold=0)
