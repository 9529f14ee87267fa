"""Reading names and constants: paths, texts, numbers, dates, lists of values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import NoReturn

from intarsia.errors import Phrase, Span, phrase
from intarsia.language import limits
from intarsia.language.advice.dates import about_date
from intarsia.language.advice.values import about_value
from intarsia.language.problems.reading import BadDate, BadNumber, NotAValue, NotQuoted
from intarsia.language.problems.whole import TooLarge
from intarsia.language.reading.cursor import Cursor
from intarsia.language.reading.expected import Slot
from intarsia.language.tree import Constant, Day, Moment, Number, Path, Text, Time, Truth
from intarsia.language.words.spelling import spell_text
from intarsia.language.words.token import RESERVED, Token, TokenKind
from intarsia.speech import mark

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(?:(Z)|([+-])(\d{2}):(\d{2}))?")
_CURRENCY = re.compile(r"[A-Z]{3}")

_MANY_DIGITS = mark("a number has at most {most} digits before the point")
_MANY_PLACES = mark("a number has at most {most} digits after the point")
_TEXTS = {
    Slot.SEGMENT: mark("the name of a segment in 'single quotes'"),
    Slot.AREA: mark("the name of an area in 'single quotes'"),
}

# --- names


def name(cursor: Cursor, expected: str, slot: Slot, before: Sequence[str] = ()) -> str:
    """One name, plain or in "double quotes"; `slot` says of what, `before` what stands before a dot."""
    cursor.expect(slot, before=before)
    if not cursor.at_kind(TokenKind.WORD, TokenKind.QUOTED):
        cursor.unexpected(expected)
    return cursor.take().value


def names(cursor: Cursor, expected: str, slot: Slot) -> tuple[str, ...]:
    """Names joined by dots."""
    return names_after(cursor, (name(cursor, expected, slot),), slot)


def names_after(cursor: Cursor, found: tuple[str, ...], slot: Slot) -> tuple[str, ...]:
    """The names that stand already, and those that follow behind dots."""
    inside = Slot.INSIDE_EVENT if slot is Slot.EVENT else Slot.INSIDE_VALUE
    path = list(found)
    cursor.expect(inside, ".", before=path)
    while cursor.take_symbol("."):
        path.append(name(cursor, mark("a name after the dot"), slot, path))
        cursor.expect(inside, ".", before=path)
    return tuple(path)


def path(cursor: Cursor, expected: str) -> Path:
    """A path: a trait, or a property."""
    start = cursor.here
    return Path(names(cursor, expected, Slot.VALUE), span=cursor.span_from(start))


# --- constants


def constant(cursor: Cursor) -> Constant:
    """A text, a number, `true` or `false`, a date or an instant."""
    token = cursor.here
    cursor.expect(Slot.CONSTANT)
    if token.kind is TokenKind.TEXT:
        return Text(text(cursor), span=token.span)
    if token.kind is TokenKind.NUMBER:
        return _number(cursor)
    if token.kind in (TokenKind.DATE, TokenKind.INSTANT):
        return moment(cursor)
    if cursor.at_word("true", "false"):
        return Truth(cursor.take().word == "true", span=token.span)
    if token.kind in (TokenKind.WORD, TokenKind.QUOTED) and token.word != "null":
        advice = Phrase(*about_value(cursor.place(token)))
        cursor.fail(NotAValue, token.span, found=cursor.shown(token), next_step=advice)
    cursor.unexpected(mark("a value: a 'text', a number, a date, `true` or `false`"))


def constants(cursor: Cursor) -> tuple[Constant, ...]:
    """A list of values in brackets."""
    opening = cursor.here
    with cursor.brackets():
        found = [constant(cursor)]
        while cursor.take_symbol(","):
            found.append(constant(cursor))
            if len(found) > limits.LIST_LITERALS:
                advice = phrase("put long lists of people into a file: `intarsia list add`")
                what = phrase("values in a list")
                cursor.fail(TooLarge, opening.span, what=what, most=limits.LIST_LITERALS, next_step=advice)
    return tuple(found)


def text(cursor: Cursor, slot: Slot = Slot.TEXT) -> str:
    """What is inside 'single quotes'; `slot` says what it names."""
    cursor.expect(slot)
    token = cursor.here
    expected = _TEXTS.get(slot, mark("a text in 'single quotes'"))
    if cursor.at_kind(TokenKind.QUOTED) or (cursor.at_kind(TokenKind.WORD) and token.word not in ("any", "all")):
        quoted = spell_text(token.value)
        found = cursor.shown(token)
        cursor.fail(NotQuoted, token.span, expected=Phrase(expected), found=found, quoted=quoted)
    if not cursor.at_kind(TokenKind.TEXT):
        cursor.unexpected(expected)
    return cursor.take().value


def moment(cursor: Cursor) -> Time:
    """A date or an instant."""
    cursor.expect(Slot.DATE)
    cursor.expect(Slot.INSTANT)
    token = cursor.here
    if token.kind is TokenKind.DATE:
        return Day(_date(cursor, cursor.take()), span=token.span)
    if token.kind is TokenKind.INSTANT:
        return _instant(cursor, cursor.take())
    cursor.unexpected(mark("a date such as 2026-01-31, without quotes"))


def _date(cursor: Cursor, token: Token) -> date:
    found = _DATE.fullmatch(token.value)
    try:
        if found:
            return date(*map(int, found.groups()))
    except ValueError:
        pass  # no such day: the same error as for a wrong shape
    _refuse_date(cursor, token)


def _instant(cursor: Cursor, token: Token) -> Moment:
    found = _INSTANT.fullmatch(token.value)
    if found is None:
        _refuse_date(cursor, token)
    day, hour, minute, second, fraction, is_utc, sign, east_hours, east_minutes = found.groups()
    try:
        micros = int((fraction or "")[:3].ljust(3, "0")) * 1000
        wall = datetime.combine(date.fromisoformat(day), time(int(hour), int(minute), int(second or 0), micros))
    except ValueError:
        _refuse_date(cursor, token)
    if is_utc:
        return Moment(wall, 0, span=token.span)
    if sign is None:
        return Moment(wall, span=token.span)
    if int(east_hours) > 23 or int(east_minutes) > 59:
        _refuse_date(cursor, token)
    east = int(east_hours) * 60 + int(east_minutes)
    return Moment(wall, -east if sign == "-" else east, span=token.span)


def _refuse_date(cursor: Cursor, token: Token) -> NoReturn:
    cursor.fail(BadDate, token.span, word=token.value, next_step=Phrase(*about_date(token.value)))


# --- numbers


def _number(cursor: Cursor) -> Number:
    start = cursor.here
    value = decimal(cursor, places=limits.DECIMAL_PLACES)
    unit = cursor.here
    cursor.expect(Slot.CURRENCY)
    currency = None
    if unit.kind is TokenKind.WORD and _CURRENCY.fullmatch(unit.value) and unit.word not in RESERVED:
        currency = cursor.take().value
    return Number(value, currency, span=cursor.span_from(start))


def decimal(cursor: Cursor, *, places: int | None = None) -> Decimal:
    """An exact decimal with at most so many places; at most WHOLE_DIGITS before the point."""
    cursor.expect(Slot.NUMBER)
    if not cursor.at_kind(TokenKind.NUMBER):
        cursor.unexpected(mark("a number"))
    token = cursor.take()
    whole, _, fraction = token.value.lstrip("-").partition(".")
    if len(whole) > limits.WHOLE_DIGITS:
        refuse_number(cursor, token.span, _MANY_DIGITS, most=limits.WHOLE_DIGITS)
    if len(fraction) > (limits.WHOLE_DIGITS if places is None else places):
        refuse_number(cursor, token.span, _MANY_PLACES, most=limits.DECIMAL_PLACES)
    return Decimal(token.value)


def whole(cursor: Cursor, expected: str, *, least: int = 1) -> int:
    """A whole number, at least `least`, of at most COUNT_DIGITS digits."""
    token = cursor.here
    cursor.expect(Slot.NUMBER)
    if token.kind is not TokenKind.NUMBER:
        cursor.unexpected(expected)
    cursor.take()
    if not token.value.isdigit() or len(token.value) > limits.COUNT_DIGITS or int(token.value) < least:
        most = "9" * limits.COUNT_DIGITS
        refuse_number(
            cursor, token.span, mark("a whole number from {least} to {most} is wanted"), least=least, most=most
        )
    return int(token.value)


def refuse_number(cursor: Cursor, span: Span, reason: str, **gaps: object) -> NoReturn:
    """Raise BadNumber about the number at `span`; `gaps` fill those of the reason."""
    cursor.fail(BadNumber, span, word=cursor.text[span.start : span.end], reason=Phrase(reason, gaps))
