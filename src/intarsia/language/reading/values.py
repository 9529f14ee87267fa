"""Reading values: traits and properties, aggregates over events, ratio, trend, anniversary, bucket."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn, cast

from intarsia.errors import Phrase, one_of
from intarsia.language.catalog import nearest
from intarsia.language.problems.reading import UnknownFunction
from intarsia.language.reading.cursor import Cursor
from intarsia.language.reading.expected import Slot
from intarsia.language.reading.literals import names, names_after, path, text
from intarsia.language.reading.windows import inner
from intarsia.language.tree import (
    Aggregate,
    Anniversary,
    Bucket,
    Condition,
    Event,
    Fold,
    Ratio,
    Trend,
    Value,
)
from intarsia.language.words.token import Token, TokenKind
from intarsia.speech import mark

FOLDS = ("count", "sum", "avg", "min", "max", "distinct", "first", "last")
FUNCTIONS = (*FOLDS, "ratio", "trend", "anniversary", "bucket")
PATTERNS = ("sequence", "active", "lapsed", "first_time", "returned", "near")
EXPECTED = mark("a trait, or a value such as `count(order)`")
_INSTEAD = {
    "": mark("the functions are count, sum, avg, min, max, distinct, first, last, ratio, trend, anniversary, bucket"),
    **dict.fromkeys(("lower", "upper", "lcase", "ucase"), mark("write `ignoring case` behind the test")),
    **dict.fromkeys(("now", "date", "datediff", "dateadd", "current_date"), mark("write a window: in last 30 days")),
    **dict.fromkeys(("coalesce", "ifnull", "nvl", "isnull"), mark("write `is unknown` or `is known`")),
}
"""What is written instead of functions of other languages; by name."""


def value(cursor: Cursor) -> Value:
    """A value that can be tested or ranked by."""
    start = cursor.here
    expect_value(cursor)
    if not cursor.at_symbol("(", ahead=1):
        return path(cursor, EXPECTED)
    if not cursor.at_word(*FUNCTIONS):
        _refuse_function(cursor, start)
    name = cursor.take().word
    with cursor.brackets():
        found = _inside(cursor, name)
    return replace(found, span=cursor.span_from(start))


def expect_value(cursor: Cursor) -> None:
    """Note that a value could stand here."""
    cursor.expect(Slot.VALUE)
    cursor.expect(Slot.FUNCTION, *FUNCTIONS)


def _inside(cursor: Cursor, name: str) -> Value:
    if name == "ratio":
        top = value(cursor)
        cursor.want_symbol(",")
        return Ratio(top, value(cursor))
    if name == "trend":
        of = value(cursor)
        cursor.want_symbol(",")
        return Trend(of, inner(cursor))
    if name == "anniversary":
        return Anniversary(path(cursor, mark("a trait that holds a date")))
    if name == "bucket":
        return Bucket(text(cursor))
    event, where = events(cursor)
    window = inner(cursor) if cursor.take_symbol(",") else None
    return Aggregate(cast(Fold, name), event, where, window)


def _refuse_function(cursor: Cursor, start: Token) -> NoReturn:
    if start.kind not in (TokenKind.WORD, TokenKind.QUOTED):
        cursor.unexpected(EXPECTED)
    close = nearest(start.value, [*FUNCTIONS, *PATTERNS], most=2)
    shown = one_of(f"`{name}`" for name in close)
    step = None if shown else Phrase(_INSTEAD.get(start.word, _INSTEAD[""]))
    cursor.fail(UnknownFunction, start.span, name=start.value, nearest=shown, next_step=step)


# --- events


def event(cursor: Cursor) -> Event:
    """An event type, `any event`, `any order`, or a property of an event."""
    start = cursor.here
    for name in ("event", "order"):
        if cursor.take_words("any", name):
            return Event(names_after(cursor, (name,), Slot.EVENT), is_any=True, span=cursor.span_from(start))
    return Event(names(cursor, mark("an event such as `order`"), Slot.EVENT), span=cursor.span_from(start))


def events(cursor: Cursor) -> tuple[Event, Condition | None]:
    """An event and its `where` inside the brackets of a function, where a comma or `)` ends the condition."""
    found = event(cursor)
    if not cursor.take_words("where"):
        return found, None
    with cursor.speaking_of(found):
        return found, cursor.condition(cursor)


def filtered_event(cursor: Cursor) -> tuple[Event, Condition | None]:
    """An event and its `where (..)` outside a function, where only brackets can end the condition."""
    found = event(cursor)
    if not cursor.take_words("where"):
        return found, None
    with cursor.speaking_of(found):
        return found, bracketed(cursor, mark("`(`: the condition behind `where` stands in brackets here"))


def bracketed(cursor: Cursor, expected: str = "`(`") -> Condition:
    """A condition in brackets."""
    if not cursor.at_symbol("("):
        cursor.unexpected(expected)
    with cursor.brackets():
        return cursor.condition(cursor)
