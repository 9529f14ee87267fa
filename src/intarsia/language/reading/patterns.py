"""Reading what speaks of several events in time: sequence, active, lapsed, first_time, returned."""

from __future__ import annotations

from collections.abc import Callable

from intarsia.errors import phrase
from intarsia.language import limits
from intarsia.language.problems.whole import TooLarge
from intarsia.language.reading.cursor import Cursor
from intarsia.language.reading.expected import Slot
from intarsia.language.reading.literals import refuse_number, whole
from intarsia.language.reading.values import events
from intarsia.language.reading.windows import at_inner, inner, length
from intarsia.language.tree import Active, FirstTime, Lapsed, Length, Returned, Sequence, Step
from intarsia.language.words.token import TokenKind
from intarsia.speech import mark


def sequence(cursor: Cursor) -> Sequence:
    """`sequence(view, order within 7 days, in last 90 days)`."""
    start = cursor.take()
    window = None
    with cursor.brackets():
        steps = [_step(cursor)]
        while window is None and cursor.take_symbol(","):
            if at_inner(cursor):
                window = inner(cursor)
            else:
                steps.append(_step(cursor))
            if len(steps) > limits.SEQUENCE_STEPS:
                advice = phrase("divide it into two sequences joined with `and`")
                place, what = cursor.span_from(start), phrase("steps of a sequence")
                cursor.fail(TooLarge, place, what=what, most=limits.SEQUENCE_STEPS, next_step=advice)
    return Sequence(tuple(steps), window, span=cursor.span_from(start))


def _step(cursor: Cursor) -> Step:
    start = cursor.here
    is_absent = _is_absence(cursor) and cursor.take_words("no")
    event, where = events(cursor)
    within = length(cursor) if cursor.take_words("within") else None
    return Step(event, where, within, is_absent, span=cursor.span_from(start))


def _is_absence(cursor: Cursor) -> bool:
    """Whether the `no` here stands before an event, rather than being the name of one."""
    if not cursor.at_word("no"):
        return False
    cursor.expect(Slot.EVENT, ahead=1)
    return cursor.at_kind(TokenKind.WORD, TokenKind.QUOTED, ahead=1) and not cursor.at_word("where", "within", ahead=1)


def active(cursor: Cursor) -> Active:
    """`active(order, 2 times, 3 of last 6 months)`."""
    start = cursor.take()
    with cursor.brackets():
        event, where = events(cursor)
        cursor.want_symbol(",")
        times, hits_place, hits = 1, cursor.here, whole(cursor, mark("a number of periods, as in `3 of last 6 months`"))
        if cursor.take_words("times") or cursor.take_words("time"):
            cursor.want_symbol(",")
            times, hits_place, hits = hits, cursor.here, whole(cursor, mark("a number of periods"))
        cursor.want_words("of")
        is_calendar = cursor.take_words("previous")
        if not is_calendar:
            cursor.want_words("last")
        periods, period = _periods(cursor)
    if hits > periods:
        refuse_number(cursor, hits_place.span, mark("there are only {periods} periods"), periods=periods)
    return Active(event, where, times, hits, periods, period, is_calendar, span=cursor.span_from(start))


def _periods(cursor: Cursor) -> tuple[int, Length]:
    """How many periods, and the length of one: `6 months`, `4 periods of 10 days`."""
    start = cursor.here
    if cursor.at_word("periods", "period", ahead=1):
        count = whole(cursor, mark("a number of periods"))
        cursor.take()
        cursor.want_words("of")
        return count, length(cursor, least=1)
    long = length(cursor, least=1)
    return long.count, Length(1, long.unit, span=cursor.span_from(start))


def lapsed(cursor: Cursor) -> Lapsed:
    """`lapsed(order, 90 days)`."""
    start = cursor.take()
    with cursor.brackets():
        event, where = events(cursor)
        cursor.want_symbol(",")
        cursor.take_words("last")
        found = length(cursor)
    return Lapsed(event, where, found, span=cursor.span_from(start))


def first_time(cursor: Cursor) -> FirstTime:
    """`first_time(order, last 30 days)`."""
    start = cursor.take()
    with cursor.brackets():
        event, where = events(cursor)
        found = _last(cursor)
    return FirstTime(event, where, found, span=cursor.span_from(start))


def returned(cursor: Cursor) -> Returned:
    """`returned(order, last 30 days, after 90 days)`."""
    start = cursor.take()
    with cursor.brackets():
        event, where = events(cursor)
        found = _last(cursor)
        cursor.want_symbol(",")
        cursor.want_words("after")
        gap = length(cursor)
    return Returned(event, where, found, gap, span=cursor.span_from(start))


def _last(cursor: Cursor) -> Length:
    cursor.want_symbol(",")
    cursor.want_words("last")
    return length(cursor)


READERS: dict[str, Callable[[Cursor], Sequence | Active | Lapsed | FirstTime | Returned]] = {
    "sequence": sequence,
    "active": active,
    "lapsed": lapsed,
    "first_time": first_time,
    "returned": returned,
}
"""By the word that each begins with."""
