"""`clock.shift` of a whole range of instants at once, as linear pieces: what lets an engine shift each row by itself.

Seen from one zone and calendar, the instant so many months later is a function that rises by a millisecond for each
millisecond, or stands still, and now and then jumps; it never falls. It bends only where the zone changes its offset,
on either side, and where a month begins or a day of it is missing in the other one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from intarsia.clock import (
    DAYS,
    EPOCH,
    FIRST,
    LAST,
    MILLISECOND,
    MILLISECONDS,
    CalendarName,
    Unit,
    add_days,
    begin_of_day,
    begin_of_period,
    end_of_day,
    instant_of_wall,
    local_date,
    shift,
    step,
    wall_of_instant,
)
from intarsia.errors import Bug

DAY_LENGTH = 86_400_000
STRIDE = 2 * DAY_LENGTH
"""How far apart, in milliseconds, offsets are compared; no zone ever kept one for less than three days."""

UNCHANGED_UNTIL = 1840
"""In no earlier year a zone changed its offset: clocks showed the time of the place."""

_UTC = ZoneInfo("UTC")
_TWO_MONTHS = 62
"""More days than any month at a limit of the calendar has, of which only a part has names."""

_LOWEST, _HIGHEST = FIRST + DAY_LENGTH, LAST - DAY_LENGTH
"""Within a day of the limits, the wall clock of `clock.wall_of_instant` stands still."""


@dataclass(frozen=True)
class Piece:
    """From `begin` on, up to the begin of the next piece, an instant `t` goes to `out + slope * (t - begin)`.

    begin, out  milliseconds since 1970 UTC; slope: 0 or 1
    """

    begin: int
    out: int
    slope: int

    def at(self, instant: int) -> int:
        """Where an instant of this piece goes."""
        return self.out + self.slope * (instant - self.begin)


@dataclass(frozen=True)
class Shift:
    """A step through the calendar: so many units forward, or back where `count` is below zero."""

    count: int
    unit: Unit
    zone: ZoneInfo
    calendar: CalendarName = "gregorian"

    def of(self, instant: int) -> int:
        """The instant so many units later, as `clock.shift` says."""
        return shift(instant, self.count, self.unit, self.zone, self.calendar)


@lru_cache(maxsize=256)
def pieces(way: Shift, first: int, last: int) -> tuple[Piece, ...]:
    """The pieces of a shift for every instant from `first` to `last`, by their begin; the first begins at `first`.

    first, last  milliseconds since 1970 UTC, both inside, within the limits of the calendar (`clock.FIRST`, `LAST`)
    """
    inside = {instant for instant in _bends(way, first, last) if first < instant <= last}
    begins = sorted({first, *inside})
    found: list[Piece] = []
    for begin, after in zip(begins, [*begins[1:], last + 1], strict=True):
        piece = _piece(way, begin, after - 1)
        if not found or found[-1].slope != piece.slope or found[-1].at(begin) != piece.out:
            found.append(piece)
    return tuple(found)


def _piece(way: Shift, begin: int, end: int) -> Piece:
    """The one piece between two instants, both inside."""
    out = way.of(begin)
    rise = way.of(end) - out
    if rise not in (0, end - begin):
        raise Bug(what=f"{way} bends between {begin} and {end}")
    return Piece(begin, out, int(rise > 0))


# --- where it may bend


def _bends(way: Shift, first: int, last: int) -> Iterator[int]:
    """Every instant of the range at which another piece may begin, and some at which none does."""
    if way.unit in MILLISECONDS:
        length = way.count * MILLISECONDS[way.unit]
        yield from (FIRST - length, LAST - length)
        return
    yield from (_LOWEST + 1, _HIGHEST)
    for change in _changes(first, last, way.zone):
        yield from (change.at, change.at + max(change.before - change.after, 0))
    yield from (instant_of_wall(wall, way.zone) for wall in _walls_before_bends(way, first, last))
    days = _bent_days(way, local_date(first, way.zone), local_date(last, way.zone))
    yield from (begin_of_day(day, way.zone) for day in days)


def _walls_before_bends(way: Shift, first: int, last: int) -> Iterator[datetime]:
    """What the wall clock shows when the shifted one shows the edge of a gap or of a repeated hour, or a limit."""
    low, high = way.of(first) - STRIDE, way.of(last) + STRIDE
    edges = [wall for change in _changes(low, high, way.zone) for wall in change.walls]
    for limit in (FIRST, LAST):
        edges += _wall(limit + _offset(min(max(limit, _LOWEST), _HIGHEST), way.zone))
    for wall in edges:
        day, exists = step(wall.date(), -way.count, way.unit, way.calendar)
        if exists:
            yield datetime.combine(day, wall.time())


def _bent_days(way: Shift, first: date, last: date) -> Iterator[date]:
    """The days on which the step goes another number of days than on the day before."""
    for limit in (date.min, date.max):
        for near in (limit, step(limit, -way.count, way.unit, way.calendar)[0]):
            around = (add_days(near, offset) for offset in range(-_TWO_MONTHS, _TWO_MONTHS + 1))
            yield from (day for day in around if first <= day <= last)
    if way.unit in DAYS:
        return
    begin = begin_of_period(first, "month", way.calendar)
    while begin <= last:
        after = begin_of_period(step(begin, 1, "month", way.calendar)[0], "month", way.calendar)
        target, _ = step(begin, way.count, way.unit, way.calendar)
        length = step(target, 1, "month", way.calendar)[0] - target
        yield from (begin, min(add_days(begin, length.days), after))
        if after <= begin:
            return
        begin = after


# --- changes of a zone's offset


@dataclass(frozen=True)
class _Change:
    """From `at` on the zone is `after` milliseconds ahead of UTC, and was `before`."""

    at: int
    before: int
    after: int

    @property
    def walls(self) -> tuple[datetime, ...]:
        """What the wall clock shows just before and just after."""
        return (*_wall(self.at + self.before), *_wall(self.at + self.after))


def _changes(first: int, last: int, zone: ZoneInfo) -> Iterator[_Change]:
    """Every change of the zone's offset from `first` to `last`, and some before and after."""
    for year in range(max(local_date(first, _UTC).year, UNCHANGED_UNTIL), local_date(last, _UTC).year + 1):
        yield from _changes_of_year(year, zone)


@lru_cache(maxsize=16_384)
def _changes_of_year(year: int, zone: ZoneInfo) -> tuple[_Change, ...]:
    first, last = begin_of_day(date(year, 1, 1), _UTC), min(end_of_day(date(year, 12, 31), _UTC), _HIGHEST)
    marks = [*range(first, last, STRIDE), last]
    offsets = [_offset(mark, zone) for mark in marks]
    found = []
    for index in range(1, len(marks)):
        if offsets[index - 1] != offsets[index]:
            at = _first_with_another(offsets[index - 1], marks[index - 1], marks[index], zone)
            found.append(_Change(at, offsets[index - 1], offsets[index]))
    return tuple(found)


def _first_with_another(offset: int, before: int, after: int, zone: ZoneInfo) -> int:
    """The first instant after `before`, not later than `after`, at which the offset is another."""
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle, zone) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(instant: int, zone: ZoneInfo) -> int:
    """Milliseconds that the zone's wall clock is ahead of UTC, at an instant not within a day of the limits."""
    return (wall_of_instant(instant, zone).replace(fold=0) - EPOCH) // MILLISECOND - instant


def _wall(shown: int) -> Iterable[datetime]:
    """A wall clock that is so many milliseconds from 1970-01-01T00:00; nothing where there is no such date."""
    if FIRST <= shown <= LAST:
        return (EPOCH + shown * MILLISECOND,)
    return ()
