"""Reading names and constants: paths, texts, numbers, dates, lists of values."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import NoReturn

from intarsia.errors import Span
from intarsia.language import limits
from intarsia.language.parse_cursor import Cursor
from intarsia.language.problems import BadDate, BadNumber, NotAValue, TooLarge
from intarsia.language.tokens import RESERVED, Token, TokenKind
from intarsia.language.tree import Constant, Day, Moment, Number, Path, Text, Time, Truth

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(?:(Z)|([+-])(\d{2}):(\d{2}))?")
_CURRENCY = re.compile(r"[A-Z]{3}")

# --- names


def name(cursor: Cursor, expected: str) -> str:
    """One name, plain or in "double quotes"."""
    if not cursor.at_kind(TokenKind.WORD, TokenKind.QUOTED):
        cursor.unexpected(expected)
    return cursor.take().value


def names(cursor: Cursor, expected: str) -> tuple[str, ...]:
    """Names joined by dots."""
    found = [name(cursor, expected)]
    while cursor.take_symbol("."):
        found.append(name(cursor, "a name after the dot"))
    return tuple(found)


def path(cursor: Cursor, expected: str) -> Path:
    """A path: a trait, or a property."""
    start = cursor.here
    return Path(names(cursor, expected), span=cursor.span_from(start))


# --- constants


def constant(cursor: Cursor) -> Constant:
    """A text, a number, `true` or `false`, a date or an instant."""
    token = cursor.here
    if token.kind is TokenKind.TEXT:
        return Text(text(cursor), span=token.span)
    if token.kind is TokenKind.NUMBER:
        return _number(cursor)
    if token.kind in (TokenKind.DATE, TokenKind.INSTANT):
        return moment(cursor)
    if token.word in ("true", "false"):
        return Truth(cursor.take().word == "true", span=token.span)
    if token.kind in (TokenKind.WORD, TokenKind.QUOTED) and token.word != "null":
        quoted = "'" + token.value.replace("'", "''") + "'"
        cursor.fail(NotAValue, token.span, found=cursor.shown(token), quoted=quoted)
    cursor.unexpected("a value: a 'text', a number, a date, `true` or `false`")


def constants(cursor: Cursor) -> tuple[Constant, ...]:
    """A list of values in brackets."""
    opening = cursor.here
    with cursor.brackets():
        found = [constant(cursor)]
        while cursor.take_symbol(","):
            found.append(constant(cursor))
            if len(found) > limits.LIST_LITERALS:
                advice = "keep long lists in a file"
                cursor.fail(TooLarge, opening.span, what="values in a list", most=limits.LIST_LITERALS, advice=advice)
    return tuple(found)


def text(cursor: Cursor) -> str:
    """What is inside 'single quotes'."""
    if cursor.at_kind(TokenKind.QUOTED):
        token = cursor.here
        quoted = "'" + token.value.replace("'", "''") + "'"
        cursor.fail(NotAValue, token.span, found=cursor.shown(token), quoted=quoted)
    if not cursor.at_kind(TokenKind.TEXT):
        cursor.unexpected("a text in 'single quotes'")
    return cursor.take().value


def moment(cursor: Cursor) -> Time:
    """A date or an instant."""
    token = cursor.here
    if token.kind is TokenKind.DATE:
        return Day(_date(cursor, cursor.take()), span=token.span)
    if token.kind is TokenKind.INSTANT:
        return _instant(cursor, cursor.take())
    cursor.unexpected("a date such as 2026-01-31, without quotes")


def _date(cursor: Cursor, token: Token) -> date:
    found = _DATE.fullmatch(token.value)
    try:
        if found:
            return date(*map(int, found.groups()))
    except ValueError:
        pass  # no such day: the same error as for a wrong shape
    cursor.fail(BadDate, token.span, word=token.value)


def _instant(cursor: Cursor, token: Token) -> Moment:
    found = _INSTANT.fullmatch(token.value)
    if found is None:
        cursor.fail(BadDate, token.span, word=token.value)
    day, hour, minute, second, fraction, is_utc, sign, east_hours, east_minutes = found.groups()
    try:
        micros = int((fraction or "")[:3].ljust(3, "0")) * 1000
        wall = datetime.combine(date.fromisoformat(day), time(int(hour), int(minute), int(second or 0), micros))
    except ValueError:
        cursor.fail(BadDate, token.span, word=token.value)
    if is_utc:
        return Moment(wall, 0, span=token.span)
    if sign is None:
        return Moment(wall, span=token.span)
    if int(east_hours) > 23 or int(east_minutes) > 59:
        cursor.fail(BadDate, token.span, word=token.value)
    east = int(east_hours) * 60 + int(east_minutes)
    return Moment(wall, -east if sign == "-" else east, span=token.span)


# --- numbers


def _number(cursor: Cursor) -> Number:
    start = cursor.here
    value = decimal(cursor, places=limits.DECIMAL_PLACES)
    unit = cursor.here
    currency = None
    if unit.kind is TokenKind.WORD and _CURRENCY.fullmatch(unit.value) and unit.word not in RESERVED:
        currency = cursor.take().value
    return Number(value, currency, span=cursor.span_from(start))


def decimal(cursor: Cursor, *, places: int | None = None) -> Decimal:
    """An exact decimal with at most so many places; at most WHOLE_DIGITS before the point."""
    if not cursor.at_kind(TokenKind.NUMBER):
        cursor.unexpected("a number")
    token = cursor.take()
    whole, _, fraction = token.value.lstrip("-").partition(".")
    if len(whole) > limits.WHOLE_DIGITS:
        refuse_number(cursor, token.span, f"a number has at most {limits.WHOLE_DIGITS} digits before the point")
    if len(fraction) > (limits.WHOLE_DIGITS if places is None else places):
        refuse_number(cursor, token.span, f"a number has at most {limits.DECIMAL_PLACES} digits after the point")
    return Decimal(token.value)


def whole(cursor: Cursor, expected: str, *, least: int = 1) -> int:
    """A whole number, at least `least`, of at most COUNT_DIGITS digits."""
    token = cursor.here
    if token.kind is not TokenKind.NUMBER:
        cursor.unexpected(expected)
    cursor.take()
    if not token.value.isdigit() or len(token.value) > limits.COUNT_DIGITS or int(token.value) < least:
        most = "9" * limits.COUNT_DIGITS
        refuse_number(cursor, token.span, f"a whole number from {least} to {most} is wanted")
    return int(token.value)


def refuse_number(cursor: Cursor, span: Span, reason: str) -> NoReturn:
    """Raise BadNumber about the number at `span`."""
    cursor.fail(BadNumber, span, word=cursor.text[span.start : span.end], reason=reason)
