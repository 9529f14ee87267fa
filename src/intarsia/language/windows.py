"""Windows of the language as bounds: half-open spans of instants, and of days for values that are dates (rules 16-20).

Every engine takes its bounds from here and only compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from intarsia.clock import (
    DAYS,
    MILLISECONDS,
    add_days,
    begin_of_day,
    end_of_day,
    first_day_from,
    instant_of_wall,
    local_date,
    shift,
    step,
)
from intarsia.errors import Bug, UserError
from intarsia.language import tree
from intarsia.speech import mark


class NoSuchPeriod(UserError):
    """A calendar period of a unit that has none."""

    code = "language.no-such-period"
    says = mark("there is no calendar period `{which} {unit}`")
    advises = mark("write `last {count} {unit}s` or `next {count} {unit}s`")


@dataclass(frozen=True)
class Interval:
    """The instants from `begin` up to, not including, `end`, in milliseconds; None is without bound."""

    begin: int | None = None
    end: int | None = None

    def holds(self, instant: int) -> bool:
        """Whether the instant lies inside."""
        return (self.begin is None or self.begin <= instant) and (self.end is None or instant < self.end)


@dataclass(frozen=True)
class DateInterval:
    """The days from `begin` up to, not including, `end`; None is without bound."""

    begin: date | None = None
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the day lies inside."""
        return (self.begin is None or self.begin <= day) and (self.end is None or day < self.end)


@lru_cache(maxsize=4096)
def interval(window: tree.Window, at: int, zone: ZoneInfo, first_weekday: int = 0) -> Interval:
    """The instants of a window, seen from `at`; first_weekday: 0 Monday .. 6 Sunday."""
    period = _period(window)
    match period:
        case tree.Rolling(direction="last", length=length):
            return Interval(_back(at, length, zone), at + 1)
        case tree.Rolling(length=length):
            return Interval(at, shift(at, length.count, length.unit, zone) + 1)
        case tree.MoreThanAgo(length=length):
            return Interval(None, _back(at, length, zone))
        case tree.BetweenAgo(near=near, far=far, unit=unit):
            return Interval(shift(at, -far, unit, zone), shift(at, -near, unit, zone))
        case tree.Point(relation=relation, time=time):
            return _side(relation, *instants_of(time, zone))
        case tree.BetweenTimes(begin=begin, end=end):
            return Interval(instants_of(begin, zone)[0], instants_of(end, zone)[1])
        case tree.Calendar() | tree.NamedDay():
            days = _whole_days(period, local_date(at, zone), first_weekday)
            return Interval(begin_of_day(days[0], zone), begin_of_day(days[1], zone))


@lru_cache(maxsize=4096)
def date_interval(window: tree.Window, at: int, zone: ZoneInfo, first_weekday: int = 0) -> DateInterval:
    """The days of a window, seen from `at`, for values that are dates (rule 19).

    `last 3 days` is today and the three days before. Next to an instant, and for hours and shorter, a date is the
    begin of its day. A step to a day that does not exist ends with that month: `last 1 month` on 31 March has
    nothing of February, `next 1 month` on 31 January nothing of March.
    """
    period, today = _period(window), local_date(at, zone)
    match period:
        case tree.Rolling(length=length) | tree.MoreThanAgo(length=length) if length.unit in MILLISECONDS:
            return _begins_within(interval(window, at, zone, first_weekday), zone)
        case tree.BetweenAgo(unit=unit) if unit in MILLISECONDS:
            return _begins_within(interval(window, at, zone, first_weekday), zone)
        case tree.Rolling(direction="last", length=length):
            return DateInterval(step(today, -length.count, length.unit)[0], add_days(today, 1))
        case tree.Rolling(length=length):
            last, exists = step(today, length.count, length.unit)
            return DateInterval(today, add_days(last, 1) if exists else last)
        case tree.MoreThanAgo(length=length):
            return DateInterval(None, step(today, -length.count, length.unit)[0])
        case tree.BetweenAgo(near=near, far=far, unit=unit):
            return DateInterval(step(today, -far, unit)[0], step(today, -near, unit)[0])
        case tree.Point(relation=relation, time=time):
            return _side_of_days(relation, *_days_of(time, zone))
        case tree.BetweenTimes(begin=begin, end=end):
            return DateInterval(_days_of(begin, zone)[0], _days_of(end, zone)[1])
        case tree.Calendar() | tree.NamedDay():
            return DateInterval(*_whole_days(period, today, first_weekday))


def instants_of(time: tree.Time, zone: ZoneInfo) -> tuple[int, int]:
    """The first instant of a literal date or instant, and the first after it."""
    if isinstance(time, tree.Day):
        return begin_of_day(time.value, zone), end_of_day(time.value, zone)
    if time.offset is None:
        instant = instant_of_wall(time.value, zone)
    else:
        instant = instant_of_wall(time.value, ZoneInfo("UTC")) - time.offset * MILLISECONDS["minute"]
    return instant, instant + 1


def _period(window: tree.Window) -> tree.Period:
    if window.local or window.calendar == "jalali":
        raise Bug(what="a window of another clock or calendar came through the check")
    return window.period


def _back(at: int, length: tree.Length, zone: ZoneInfo) -> int:
    return shift(at, -length.count, length.unit, zone)


def _side(relation: str, begin: int, end: int) -> Interval:
    """What lies before, after, in (`on`), from (`since`) or up to and in (`until`) the span."""
    since = {"after": end, "on": begin, "since": begin}
    before = {"before": begin, "on": end, "until": end}
    return Interval(since.get(relation), before.get(relation))


def _side_of_days(relation: str, begin: date, end: date) -> DateInterval:
    since = {"after": end, "on": begin, "since": begin}
    before = {"before": begin, "on": end, "until": end}
    return DateInterval(since.get(relation), before.get(relation))


def _days_of(time: tree.Time, zone: ZoneInfo) -> tuple[date, date]:
    if isinstance(time, tree.Day):
        return time.value, add_days(time.value, 1)
    begin, end = instants_of(time, zone)
    return first_day_from(begin, zone), first_day_from(end, zone)


def _begins_within(instants: Interval, zone: ZoneInfo) -> DateInterval:
    """The days whose first instant lies inside."""
    begin, end = instants.begin, instants.end
    return DateInterval(
        None if begin is None else first_day_from(begin, zone), None if end is None else first_day_from(end, zone)
    )


def _whole_days(period: tree.Calendar | tree.NamedDay, today: date, first_weekday: int) -> tuple[date, date]:
    """The first day of a calendar period and the first after it."""
    if isinstance(period, tree.NamedDay):
        day = add_days(today, {"yesterday": -1, "today": 0, "tomorrow": 1}[period.name])
        return day, add_days(day, 1)
    begin = _begin_of_period(period, today, first_weekday)
    first, last = {"this": (0, 1), "next": (1, 2), "previous": (-period.count, 0)}[period.which]
    return step(begin, first, period.unit)[0], step(begin, last, period.unit)[0]


def _begin_of_period(period: tree.Calendar, today: date, first_weekday: int) -> date:
    """The first day of the week, month, quarter or year that today is in."""
    unit = period.unit
    if unit in MILLISECONDS:
        raise NoSuchPeriod(which=period.which, unit=unit, count=period.count, span=period.span)
    if unit in DAYS:
        return today if unit == "day" else add_days(today, -((today.weekday() - first_weekday) % 7))
    month = {"month": today.month, "quarter": today.month - (today.month - 1) % 3, "year": 1}[unit]
    return today.replace(month=month, day=1)
