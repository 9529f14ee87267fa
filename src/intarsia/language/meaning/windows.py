"""Windows of the language as bounds: half-open spans of instants, and of days for values that are dates (rules 16-20).

Every engine takes its bounds from here and only compares. Whose clock a window `in local time` goes by is for the
caller to say: the zone that is handed in is the person's then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from intarsia.clock import (
    DAYS,
    FIRST,
    MILLISECONDS,
    CalendarName,
    add_days,
    begin_of_day,
    begin_of_period,
    day_holding,
    end_of_day,
    first_day_from,
    instant_of_wall,
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
class WindowBefore(tree.Window):
    """The equally long window that ends where a window of this period begins: what a trend compares with (rule 31).

    Calendar periods and named days are as long as they are many, so before this month lies the whole month before.
    """


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
def interval(
    window: tree.Window, at: int, zone: ZoneInfo, first_weekday: int = 0, calendar: CalendarName = "gregorian"
) -> Interval:
    """The instants of a window, seen from `at`.

    zone           of the workspace, or of the person for a window `in local time`
    first_weekday  0 Monday .. 6 Sunday; calendar: the workspace's, for a window that names none
    """
    calendar = calendar_of(window, calendar)
    period = window.period
    if isinstance(window, WindowBefore):
        return _before(period, at, zone, first_weekday, calendar)
    match period:
        case tree.Rolling(direction="last", length=length):
            return Interval(back(at, length, zone, calendar), at + 1)
        case tree.Rolling(length=length):
            return Interval(at, shift(at, length.count, length.unit, zone, calendar) + 1)
        case tree.MoreThanAgo(length=length):
            return Interval(None, back(at, length, zone, calendar))
        case tree.BetweenAgo(near=near, far=far, unit=unit):
            return Interval(shift(at, -far, unit, zone, calendar), shift(at, -near, unit, zone, calendar))
        case tree.Point(relation=relation, time=time):
            return _side(relation, *instants_of(time, zone))
        case tree.BetweenTimes(begin=begin, end=end):
            return Interval(instants_of(begin, zone)[0], instants_of(end, zone)[1])
        case tree.Calendar() | tree.NamedDay():
            first, after = _whole_days(period, day_holding(at, zone), first_weekday, calendar)
            return Interval(begin_of_day(first, zone), begin_of_day(after, zone))


@lru_cache(maxsize=4096)
def date_interval(
    window: tree.Window, at: int, zone: ZoneInfo, first_weekday: int = 0, calendar: CalendarName = "gregorian"
) -> DateInterval:
    """The days of a window, seen from `at`, for values that are dates (rule 19); arguments as of `interval`.

    `last 3 days` is today and the three days before. Next to an instant, and for hours and shorter, a date is the
    begin of its day. A step to a day that does not exist ends with that month: `last 1 month` on 31 March has
    nothing of February, `next 1 month` on 31 January nothing of March.
    """
    calendar = calendar_of(window, calendar)
    period, today = window.period, day_holding(at, zone)
    match period:
        case tree.Rolling(length=length) | tree.MoreThanAgo(length=length) if length.unit in MILLISECONDS:
            return _begins_within(interval(window, at, zone, first_weekday), zone)
        case tree.BetweenAgo(unit=unit) if unit in MILLISECONDS:
            return _begins_within(interval(window, at, zone, first_weekday), zone)
        case tree.Rolling(direction="last", length=length):
            return DateInterval(step(today, -length.count, length.unit, calendar)[0], add_days(today, 1))
        case tree.Rolling(length=length):
            last, exists = step(today, length.count, length.unit, calendar)
            return DateInterval(today, add_days(last, 1) if exists else last)
        case tree.MoreThanAgo(length=length):
            return DateInterval(None, step(today, -length.count, length.unit, calendar)[0])
        case tree.BetweenAgo(near=near, far=far, unit=unit):
            return DateInterval(step(today, -far, unit, calendar)[0], step(today, -near, unit, calendar)[0])
        case tree.Point(relation=relation, time=time):
            return _side_of_days(relation, *_days_of(time, zone))
        case tree.BetweenTimes(begin=begin, end=end):
            return DateInterval(_days_of(begin, zone)[0], _days_of(end, zone)[1])
        case tree.Calendar() | tree.NamedDay():
            return DateInterval(*_whole_days(period, today, first_weekday, calendar))


def has_one_before(window: tree.Window) -> bool:
    """Whether there is an equally long window before: it has two ends, and does not lie in the future by its words."""
    match window.period:
        case tree.Rolling(direction=direction):
            return direction == "last"
        case tree.Calendar(which=which):
            return which != "next"
        case tree.NamedDay(name=name):
            return name != "tomorrow"
        case tree.Point(relation=relation, time=time):
            return relation == "on" and isinstance(time, tree.Day)
        case tree.BetweenAgo() | tree.BetweenTimes():
            return True
        case tree.MoreThanAgo():
            return False


def _before(period: tree.Period, at: int, zone: ZoneInfo, first_weekday: int, calendar: CalendarName) -> Interval:
    """The instants of the equally long window just before a period."""
    match period:
        case tree.Rolling(direction="last", length=length):
            twice = tree.Length(2 * length.count, length.unit)
            return Interval(back(at, twice, zone, calendar), back(at, length, zone, calendar))
        case tree.BetweenAgo(near=near, far=far, unit=unit):
            farther = tree.Length(2 * far - near, unit)
            return Interval(back(at, farther, zone, calendar), back(at, tree.Length(far, unit), zone, calendar))
        case tree.Calendar(unit=unit, count=count):
            first, _ = _whole_days(period, day_holding(at, zone), first_weekday, calendar)
            return Interval(begin_of_day(step(first, -count, unit, calendar)[0], zone), begin_of_day(first, zone))
        case tree.NamedDay():
            first, after = _whole_days(period, day_holding(at, zone), first_weekday, calendar)
            return _days_before(first, after, zone)
        case tree.Point(time=tree.Day(value=day)):
            return _days_before(day, add_days(day, 1), zone)
        case tree.BetweenTimes(begin=tree.Day(value=begin), end=tree.Day(value=end)):
            return _days_before(begin, add_days(end, 1), zone)
        case tree.BetweenTimes(begin=begin, end=end):
            first_instant, after_last = instants_of(begin, zone)[0], instants_of(end, zone)[1]
            return Interval(max(2 * first_instant - after_last, FIRST), first_instant)
        case _:
            raise Bug(what=f"there is no window before {period}")


def _days_before(first: date, after: date, zone: ZoneInfo) -> Interval:
    """As many days as there are from one up to, not including, another one, just before the first."""
    return Interval(begin_of_day(add_days(first, -(after - first).days), zone), begin_of_day(first, zone))


def calendar_of(window: tree.Window, calendar: CalendarName) -> CalendarName:
    """Whose months, quarters and years a window counts by: its own, else the workspace's."""
    return window.calendar or calendar


def back(at: int, length: tree.Length, zone: ZoneInfo, calendar: CalendarName) -> int:
    """The start of `last ..`, seen from `at`: the instant so long before."""
    return shift(at, -length.count, length.unit, zone, calendar)


def instants_of(time: tree.Time, zone: ZoneInfo) -> tuple[int, int]:
    """The first instant of a literal date or instant, and the first after it."""
    if isinstance(time, tree.Day):
        return begin_of_day(time.value, zone), end_of_day(time.value, zone)
    if time.offset is None:
        instant = instant_of_wall(time.value, zone)
    else:
        instant = instant_of_wall(time.value, ZoneInfo("UTC")) - time.offset * MILLISECONDS["minute"]
    return instant, instant + 1


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


def _whole_days(
    period: tree.Calendar | tree.NamedDay, today: date, first_weekday: int, calendar: CalendarName
) -> tuple[date, date]:
    """The first day of a calendar period and the first after it."""
    if isinstance(period, tree.NamedDay):
        day = add_days(today, {"yesterday": -1, "today": 0, "tomorrow": 1}[period.name])
        return day, add_days(day, 1)
    begin = _begin_of(period, today, first_weekday, calendar)
    first, last = {"this": (0, 1), "next": (1, 2), "previous": (-period.count, 0)}[period.which]
    return step(begin, first, period.unit, calendar)[0], step(begin, last, period.unit, calendar)[0]


def _begin_of(period: tree.Calendar, today: date, first_weekday: int, calendar: CalendarName) -> date:
    """The first day of the week, month, quarter or year that today is in."""
    unit = period.unit
    if unit in MILLISECONDS:
        raise NoSuchPeriod(which=period.which, unit=unit, count=period.count, span=period.span)
    if unit in DAYS:
        return today if unit == "day" else add_days(today, -((today.weekday() - first_weekday) % 7))
    return begin_of_period(today, unit, calendar)
