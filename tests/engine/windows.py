"""Random windows of every kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Literal

from intarsia.clock import EPOCH, MILLISECOND, CalendarName
from intarsia.language import tree

SMALL: tuple[tree.Unit, ...] = ("second", "minute", "hour")
LARGE: tuple[tree.Unit, ...] = ("day", "week", "month", "quarter", "year")


def random_window(chance: Random, at: int) -> tree.Window:
    """A window that means something when it is seen from `at` (milliseconds UTC)."""
    period = chance.choice(_KINDS)(chance, at)
    if chance.random() < 0.15:
        return tree.Window(period, local=True)
    calendars: tuple[CalendarName | None, ...] = (None, None, None, "jalali", "gregorian")
    return tree.Window(period, calendar=chance.choice(calendars))


def random_time(chance: Random, at: int) -> tree.Time:
    """A date, or an instant with or without an offset, in the two years around `at`."""
    wall = EPOCH + at * MILLISECOND + timedelta(minutes=chance.choice((0, 0, chance.randrange(-500_000, 500_000))))
    if chance.random() < 0.5:
        return tree.Day(wall.date())
    return tree.Moment(wall.replace(second=0, microsecond=0), chance.choice((None, None, 0, 60, -300, 330)))


def _length(chance: Random) -> tree.Length:
    unit = chance.choice((*SMALL, *LARGE, *LARGE))
    return tree.Length(chance.choice((1, 1, 2, 3, 6, 13)), unit)


def _rolling(chance: Random, _: int) -> tree.Period:
    return tree.Rolling(chance.choice(("last", "last", "last", "next")), _length(chance))


def _calendar(chance: Random, _: int) -> tree.Period:
    which: Literal["this", "next", "previous"] = chance.choice(("this", "next", "previous", "previous"))
    return tree.Calendar(which, chance.choice(LARGE), chance.choice((1, 3)) if which == "previous" else 1)


def _named_day(chance: Random, _: int) -> tree.Period:
    return tree.NamedDay(chance.choice(("today", "yesterday", "tomorrow")))


def _point(chance: Random, at: int) -> tree.Period:
    return tree.Point(chance.choice(("before", "after", "on", "since", "until")), random_time(chance, at))


def _more_than_ago(chance: Random, _: int) -> tree.Period:
    return tree.MoreThanAgo(_length(chance))


def _between_ago(chance: Random, _: int) -> tree.Period:
    near = chance.choice((1, 3, 30))
    return tree.BetweenAgo(near, near + chance.choice((1, 3, 60)), chance.choice((*SMALL, *LARGE)))


def _between_times(chance: Random, at: int) -> tree.Period:
    return tree.BetweenTimes(random_time(chance, at - 30 * 86_400_000), random_time(chance, at))


_KINDS: tuple[Callable[[Random, int], tree.Period], ...] = (
    _rolling,
    _rolling,
    _calendar,
    _calendar,
    _named_day,
    _point,
    _more_than_ago,
    _between_ago,
    _between_times,
)
