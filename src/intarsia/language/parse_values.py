"""Reading values: traits and properties, aggregates over events, ratio, trend, anniversary, bucket."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn, cast

from intarsia.language.catalog import nearest
from intarsia.language.parse_cursor import Cursor
from intarsia.language.parse_literals import names, path, text
from intarsia.language.parse_windows import inner
from intarsia.language.problems import UnknownFunction
from intarsia.language.tokens import Token, TokenKind
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

FOLDS = ("count", "sum", "avg", "min", "max", "distinct", "first", "last")
FUNCTIONS = (*FOLDS, "ratio", "trend", "anniversary", "bucket")
PATTERNS = ("sequence", "active", "lapsed", "first_time", "returned", "near")
EXPECTED = "a trait, or a value such as `count(order)`"


def value(cursor: Cursor) -> Value:
    """A value that can be tested or ranked by."""
    start = cursor.here
    if not cursor.at_symbol("(", ahead=1):
        return path(cursor, EXPECTED)
    if not cursor.at_word(*FUNCTIONS):
        _refuse_function(cursor, start)
    name = cursor.take().word
    with cursor.brackets():
        found = _inside(cursor, name)
    return replace(found, span=cursor.span_from(start))


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
        return Anniversary(path(cursor, "a trait that holds a date"))
    if name == "bucket":
        return Bucket(text(cursor))
    event, where = events(cursor)
    window = inner(cursor) if cursor.take_symbol(",") else None
    return Aggregate(cast(Fold, name), event, where, window)


def _refuse_function(cursor: Cursor, start: Token) -> NoReturn:
    if start.kind not in (TokenKind.WORD, TokenKind.QUOTED):
        cursor.unexpected(EXPECTED)
    close = nearest(start.value, [*FUNCTIONS, *PATTERNS], most=2)
    shown = " or ".join(f"`{name}`" for name in close) or None
    cursor.fail(UnknownFunction, start.span, name=start.value, nearest=shown)


# --- events


def event(cursor: Cursor) -> Event:
    """An event type, `any event`, `any order`, or a property of an event."""
    start = cursor.here
    if cursor.at_word("any") and cursor.at_word("event", "order", ahead=1):
        cursor.take()
        path_names = (cursor.here.word, *names(cursor, "an event")[1:])
        return Event(path_names, is_any=True, span=cursor.span_from(start))
    return Event(names(cursor, "an event such as `order`"), span=cursor.span_from(start))


def events(cursor: Cursor) -> tuple[Event, Condition | None]:
    """An event and its `where` inside the brackets of a function, where a comma or `)` ends the condition."""
    found = event(cursor)
    return found, cursor.condition(cursor) if cursor.take_words("where") else None


def filtered_event(cursor: Cursor) -> tuple[Event, Condition | None]:
    """An event and its `where (..)` outside a function, where only brackets can end the condition."""
    found = event(cursor)
    if not cursor.take_words("where"):
        return found, None
    return found, bracketed(cursor, "`(`: the condition behind `where` stands in brackets here")


def bracketed(cursor: Cursor, expected: str = "`(`") -> Condition:
    """A condition in brackets."""
    if not cursor.at_symbol("("):
        cursor.unexpected(expected)
    with cursor.brackets():
        return cursor.condition(cursor)
