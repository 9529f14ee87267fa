"""Reading windows of time: `in last 6 months`, `before 2026-01-01`, `between 30 and 90 days ago`."""

from __future__ import annotations

from typing import Literal, cast

from intarsia.errors import Span
from intarsia.language.problems.reading import LastWithoutNumber
from intarsia.language.reading.cursor import Cursor
from intarsia.language.reading.expected import Slot
from intarsia.language.reading.literals import constant, moment, refuse_number, whole
from intarsia.language.tree import (
    BetweenAgo,
    BetweenTimes,
    Calendar,
    Constant,
    Day,
    Length,
    Moment,
    MoreThanAgo,
    NamedDay,
    Number,
    Period,
    Point,
    Rolling,
    Unit,
    Window,
)
from intarsia.language.words.token import Token, TokenKind
from intarsia.speech import mark

POINTS = ("before", "after", "on", "since", "until")
NAMED_DAYS = ("today", "yesterday", "tomorrow")
DURATIONS = ("second", "minute", "hour")
EXPECTED = mark("a window of time such as `in last 30 days`")
EXPECTED_PERIOD = mark("a period such as `last 30 days`, `this month` or `today`")


def at_window(cursor: Cursor) -> bool:
    """Whether a window begins here, as it does behind an event or a value."""
    return cursor.at_word("in", "between", "more", *POINTS)


def at_inner(cursor: Cursor) -> bool:
    """Whether a window begins here, behind a comma, rather than an event of that name."""
    if cursor.at_word("in", "today", "yesterday", "tomorrow"):
        return True
    if cursor.at_word("last", "next", "previous") and cursor.at_kind(TokenKind.NUMBER, ahead=1):
        return True
    if cursor.at_word("last", "next", "previous", "this") and cursor.at_unit(ahead=1):
        return True
    if cursor.at_word(*POINTS):
        cursor.expect(Slot.DATE, ahead=1)
        return cursor.at_kind(TokenKind.DATE, TokenKind.INSTANT, ahead=1)
    return cursor.at_word("between") or (cursor.at_word("more") and cursor.at_word("than", ahead=1))


def window(cursor: Cursor) -> Window:
    """A window behind an event or a value: `in last 30 days`, `before 2026-01-01`."""
    start = cursor.here
    if cursor.take_words("in"):
        return with_zone(cursor, start, period(cursor))
    return with_zone(cursor, start, _point(cursor))


def optional_window(cursor: Cursor) -> Window | None:
    """The window that begins here, if one does."""
    return window(cursor) if at_window(cursor) else None


def inner(cursor: Cursor) -> Window:
    """A window behind a comma, where `in` may be left out: `last 30 days`."""
    start = cursor.here
    if not cursor.take_words("in") and cursor.at_word("between", "more", *POINTS):
        return with_zone(cursor, start, _point(cursor))
    return with_zone(cursor, start, period(cursor))


def with_zone(cursor: Cursor, start: Token, of: Period) -> Window:
    """The window of a period, with `in local time` and `by .. calendar` where they follow."""
    local = cursor.take_words("in", "local", "time")
    calendar: Literal["jalali", "gregorian"] | None = None
    cursor.expect(Slot.WORD, *(f"by {name} calendar" for name in ("jalali", "gregorian")))
    if cursor.take_words("by"):
        if not cursor.at_word("jalali", "gregorian"):
            cursor.unexpected(mark("`jalali` or `gregorian`"))
        calendar = "jalali" if cursor.take().word == "jalali" else "gregorian"
        cursor.want_words("calendar")
    return Window(of, local, calendar, span=cursor.span_from(start))


# --- periods


def period(cursor: Cursor) -> Period:
    """What can follow `in`: `last 30 days`, `this month`, `previous 3 months`, `today`."""
    start = cursor.here
    if cursor.at_word(*NAMED_DAYS):
        name = cast(Literal["today", "yesterday", "tomorrow"], cursor.take().word)
        return NamedDay(name, span=start.span)
    if not cursor.at_word("last", "next", "this", "previous"):
        cursor.unexpected(EXPECTED_PERIOD)
    word = cursor.take().word
    if word == "last" or (word == "next" and not cursor.at_unit()):
        if cursor.at_unit():
            place = Span(start.span.start, cursor.here.span.end)
            cursor.fail(LastWithoutNumber, place, unit=cursor.here.word.removesuffix("s"))
        long = length(cursor)
        return Rolling("last" if word == "last" else "next", long, span=cursor.span_from(start))
    return _calendar(cursor, start, word)


def _calendar(cursor: Cursor, start: Token, word: str) -> Calendar:
    count = 1
    if word == "previous":
        cursor.expect(Slot.NUMBER)
        if cursor.at_kind(TokenKind.NUMBER):
            count = whole(cursor, mark("a number"))
    of = unit(cursor)
    which = cast(Literal["this", "next", "previous"], word)
    return Calendar(which, of, count, span=cursor.span_from(start))


def length(cursor: Cursor, *, least: int = 0) -> Length:
    """So many units: `6 months`, `least` or more; none of them only where the unit is an hour or shorter."""
    start = cursor.here
    is_short = cursor.ahead(1).word.removesuffix("s") in DURATIONS
    count = whole(cursor, mark("a number of days, weeks, months ..."), least=least if is_short else 1)
    of = unit(cursor)
    return Length(count, of, span=cursor.span_from(start))


def unit(cursor: Cursor) -> Unit:
    """`day`, `days` and the like."""
    if not cursor.at_unit():
        cursor.unexpected(mark("a unit of time: second, minute, hour, day, week, month, quarter or year"))
    return cast(Unit, cursor.take().word.removesuffix("s"))


# --- points and ranges


def _point(cursor: Cursor) -> Period:
    start = cursor.here
    if cursor.at_word(*POINTS):
        relation = cast(Literal["before", "after", "on", "since", "until"], cursor.take().word)
        time = moment(cursor)
        return Point(relation, time, span=cursor.span_from(start))
    if cursor.take_words("more"):
        cursor.want_words("than")
        long = length(cursor)
        cursor.want_words("ago")
        return MoreThanAgo(long, span=cursor.span_from(start))
    if not cursor.at_word("between"):
        cursor.unexpected(EXPECTED)
    edge = cursor.ahead(1)
    found = between(cursor)
    if not isinstance(found, tuple):
        return found
    if all(isinstance(part, Number) for part in found):
        cursor.unexpected(mark("a unit of time and `ago`, as in `between 30 and 90 days ago`"))
    cursor.unexpected(mark("a date, or a number of days with `ago` behind"), edge)


def between(cursor: Cursor) -> BetweenAgo | BetweenTimes | tuple[Constant, Constant]:
    """`between A and B`, `between 30 and 90 days ago`; the edges alone where they are neither dates nor ages."""
    start = cursor.here
    cursor.want_words("between")
    cursor.expect(Slot.NUMBER)
    low = constant(cursor)
    cursor.want_words("and")
    if isinstance(low, Day | Moment):
        return BetweenTimes(low, moment(cursor), span=cursor.span_from(start))
    high_token = cursor.here
    cursor.expect(Slot.NUMBER)
    high = constant(cursor)
    if not cursor.at_unit():
        return low, high
    of = unit(cursor)
    cursor.want_words("ago")
    near, far = _age(cursor, low), _age(cursor, high)
    if near >= far:
        refuse_number(cursor, high_token.span, mark("the smaller number goes first: between 30 and 90 days ago"))
    return BetweenAgo(near, far, of, span=cursor.span_from(start))


def _age(cursor: Cursor, edge: Constant) -> int:
    place = edge.span or cursor.here.span
    written = cursor.text[place.start : place.end]
    is_whole = isinstance(edge, Number) and edge.currency is None and edge.value == int(edge.value) >= 0
    if not isinstance(edge, Number) or not is_whole or len(written) > 9:
        refuse_number(cursor, place, mark("a whole number of units is wanted before `ago`"))
    return int(edge.value)
