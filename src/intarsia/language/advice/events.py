"""What to write instead of other ways of saying that somebody did something, and how often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from intarsia.language.advice.names import USUAL_EVENTS
from intarsia.language.advice.place import FOLDS, NAMES, PERIODS, POINTS, SIGNS, UNITS, Place
from intarsia.language.advice.told import Told, write
from intarsia.language.catalog import nearest
from intarsia.language.words.spelling import spell_name
from intarsia.language.words.token import RESERVED, TokenKind
from intarsia.speech import mark

# --- how often


@dataclass(frozen=True)
class Often:
    """`at least 3 times`: how a count of events is compared, and where that begins and ends."""

    sign: str
    number: str
    begin: int
    end: int


_TIMES = ("times", "time", "x")
_AMOUNTS = {("at", "least"): ">=", ("at", "most"): "<=", ("more", "than"): ">", ("less", "than"): "<"}


def _count(place: Place) -> Told | None:
    """`did order > 3`, `did order 3 times`, `did 3 orders`, `did order at least 3 times`."""
    if place.word(-1) == "did" and place.kind() is TokenKind.NUMBER and place.kind(1) in NAMES:
        event = place.written(1)
        return write(f"count({event.removesuffix('s') if place.word(1) else event}) >= {place.written()}")
    begin = place.begin()
    often = _often(place) if place.word(begin) == "did" else None
    if often is None or often.begin <= begin + 1:
        return None
    event_end = min(place.event_end(begin + 1), often.begin)
    window = place.said(event_end, often.begin)
    if not window and place.word(often.end) == "in":
        window = place.said(often.end, place.end_of_part(often.end))
    inside = ", ".join(filter(None, (place.said(begin + 1, event_end), window.removeprefix("in "))))
    return write(f"count({inside}) {often.sign} {often.number}")


def _often(place: Place) -> Often | None:
    """How often something is said to have happened, in the words at a place."""
    word, then = place.word(), place.word(1)
    if word in SIGNS and place.kind(1) is TokenKind.NUMBER and place.word(2) not in UNITS:
        return Often(word, place.written(1), 0, 2)
    if word == "twice":
        return Often(">=", "2", 0, 1)
    if place.kind() is TokenKind.NUMBER and then in _TIMES:
        return Often(">=", place.written(), 0, 2)
    if (word, then) in _AMOUNTS and place.kind(2) is TokenKind.NUMBER and place.word(3) in _TIMES:
        return Often(_AMOUNTS[word, then], place.written(2), 0, 4)
    if word == "exactly" and place.kind(1) is TokenKind.NUMBER:
        return Often("=", place.written(1), 0, 2 + (place.word(2) in _TIMES))
    if word in _TIMES and (place.word(-3), place.word(-2)) in _AMOUNTS:
        return Often(_AMOUNTS[place.word(-3), place.word(-2)], place.written(-1), -3, 1)
    return None


# --- events


def _event(place: Place) -> Told | None:
    """Ways of saying that somebody did something."""
    before, shown = place.word(-1), place.written()
    if place.kind() in NAMES and (place.word(-2), before) in _NEVER:
        return mark("write `never {event}`"), {"event": shown}
    if place.kind() in NAMES and before == "has" and place.begins(-1):
        done = place.at(0).value.casefold()
        meant = next(iter(nearest(done, list(USUAL_EVENTS), most=1)), shown)
        return mark("write `did {event}`"), {"event": meant}
    if place.word() == "(" and place.word(-2) in ("did", "never", "first", "last", "no"):
        return mark("write `where` before the bracket"), {}
    if place.kind() is TokenKind.TEXT and (before in ("did", "never", "no", "where") or _is_first_in_call(place)):
        return mark("an event is named without quotes, or in double ones: {name}"), {
            "name": spell_name(place.at(0).value)
        }
    if before == "where":
        return mark("put the condition in brackets: where (total > 50)"), {}
    if before == "had":
        return mark("the condition behind `had` stands in brackets: had (coupon = 'x')"), {}
    return _time_or_content(place) if place.kind() is TokenKind.END or place.word() in SIGNS else None


def _time_or_content(place: Place) -> Told | None:
    """`first order in last 30 days`, `first order > 2026-01-01`."""
    begin = place.begin()
    which = place.word(begin)
    if which not in ("first", "last") or place.path_end(begin + 1) == begin + 1:
        return None
    told = mark("for the time of the event write {which}(..); for what it was like, `had` and a condition")
    return told, {"which": which}


_NEVER = {("did", "not"), ("never", "not"), ("did", "never"), ("never", "did")}


def _is_first_in_call(place: Place) -> bool:
    return place.word(-1) == "(" and place.word(-2) in FOLDS | {*CALLS}


def _late_where(place: Place) -> Told | None:
    """`did order in last 30 days where (..)`: what narrows the events stands before the window."""
    begin = place.begin()
    if place.word() != "where" or place.word(begin) not in ("did", "never", "first", "last"):
        return None
    end = place.event_end(begin + 1)
    if end >= 0 or place.word(end) not in ("in", "between", "more", *POINTS):
        return None
    narrowed = place.said(0, place.bracket_end(1)) if place.word(1) == "(" else "where (..)"
    return write(f"{place.said(begin, end)} {narrowed} {place.said(end, 0)}")


def _unbracketed(place: Place) -> Told | None:
    """`count order > 2`, `count distinct(order.category)`, `count(distinct order.category)`."""
    fold = place.word(-1)
    if place.kind() not in NAMES or fold not in FOLDS:
        return None
    if fold == "count" and place.word() == "distinct" and place.word(1) == "(":
        return write(place.said(0, place.bracket_end(1)))
    is_inside = fold == "distinct" and place.called() == "count"
    if place.begins(-1) or place.word(-2) == "by" or is_inside:
        return write(f"{fold}({place.said(0, place.event_end(0))})")
    return None


def _blank_in_name(place: Place) -> Told | None:
    """`did Product Viewed`: an event whose name has a blank."""
    begin, end = place.begin(), 0
    if place.word(begin) not in ("did", "never") or begin != -2 or not place.written()[:1].isupper():
        return None
    while place.kind(end) is TokenKind.WORD and place.word(end) not in RESERVED:
        end += 1
    if place.word(end) in SIGNS or end == 0:
        return None
    return mark("an event is named without quotes, or in double ones: {name}"), {"name": f'"{place.said(-1, end)}"'}


# --- what stands in the brackets of functions

CALLS = {
    "lapsed": "lapsed(order, {length})",
    "first_time": "first_time(order, last {length})",
    "returned": "returned(order, last {length}, after 90 days)",
    "active": "active(order, 3 of last 6 months)",
    "sequence": "sequence(view, order within {length})",
}
"""By pattern, how it is written."""

_ACTIVE = mark("say how often: active(order, 3 of last 6 months)")
_LACKING = {
    "lapsed": mark("say for how long not: lapsed(order, 90 days)"),
    "first_time": mark("say since when: first_time(order, last 30 days)"),
    "returned": mark("say since when, and after which pause: returned(order, last 30 days, after 90 days)"),
    "active": _ACTIVE,
    "trend": mark("say over which time: trend(sum(order.total), last 3 months)"),
    "ratio": mark("two values are divided: ratio(count(order), count(view))"),
    "count": mark("name an event: count(order)"),
}
"""By function, what is missing before its bracket closes."""


def _pattern(place: Place) -> Told | None:
    """What speaks of events in time, with something else in its brackets."""
    called, before = place.called(), place.word(-1)
    length = f"{place.written()} {place.word(1)}" if place.word(1) in UNITS else "90 days"
    is_first = before == "(" or (before in PERIODS and place.word(-2) == "(")
    if is_first and place.kind() is TokenKind.NUMBER and called in {*CALLS, "count"}:
        call = CALLS.get(called, "count(order, last {length})").format(length=length)
        return mark("name the event first: `{call}`"), {"call": call}
    if called == "active" and place.kind(-1) is TokenKind.NUMBER and place.word(-2) == "," and place.word() in UNITS:
        return _ACTIVE, {}
    if called == "active" and before == "of" and place.kind() is TokenKind.NUMBER:
        return mark("write `of last {number}`, or `of previous {number}` for whole calendar periods"), {
            "number": place.written()
        }
    if called == "lapsed" and before == ",":
        return mark("write lapsed(order, 90 days)"), {}
    if called in ("first_time", "returned") and before == "," and place.kind() is not TokenKind.NUMBER:
        return _only_last(place, called)
    if called == "sequence":
        return _in_sequence(place)
    return (_LACKING[called], {}) if place.word() == ")" and called in _LACKING and not _is_done(place) else None


def _is_done(place: Place) -> bool:
    """Whether a value is complete that the bracket closes: `count(order)` in another function."""
    return place.called() == "count" and place.word(-1) != "("


def _only_last(place: Place, called: str) -> Told | None:
    """`first_time(order, this month)`: another window than `last ..`."""
    if place.word() == "in" and place.word(1) == "last":
        return write(place.said(1, place.end_of_part(1)))
    if called == "returned" or place.kind() is TokenKind.END:
        return _LACKING[called], {}
    opening, lead = place.opening() or 0, "" if place.word() in (*POINTS, "in", "between", "more") else "in "
    event, window = place.said(opening + 1, -1), place.said(0, place.end_of_part(0))
    return mark("only `last ..` can stand here; else write `{instead}`"), {"instead": f"first({event}) {lead}{window}"}


def _in_sequence(place: Place) -> Told | None:
    if place.word() == "in" and place.kind(1) is TokenKind.NUMBER:
        return mark("write `within {number} {unit}`"), {"number": place.written(1), "unit": place.word(2)}
    if place.word() == "then" or (place.kind() in NAMES and place.kind(-1) in NAMES and place.word() not in PERIODS):
        return mark("a comma stands between the steps of a sequence"), {}
    return None


def _second_property(place: Place) -> Told | None:
    """`sum(order.total, order.gross)`: behind the comma stands a window."""
    opening = place.opening()
    if place.word(-1) != "," or place.called() not in FOLDS or opening is None or place.kind() not in NAMES:
        return None
    if place.word() in PERIODS | POINTS:
        return None
    first = place.said(opening - 1, -1)
    return mark("behind the comma stands a window: `{call}`"), {"call": f"{first}, last 30 days)"}


RULES: tuple[Callable[[Place], Told | None], ...] = (_count, _pattern, _unbracketed, _event, _second_property)
"""Tried in this order."""
LATE: tuple[Callable[[Place], Told | None], ...] = (_late_where, _blank_in_name)
"""Tried before what a single word means."""
