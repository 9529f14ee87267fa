"""From text to tree: conditions, by recursive descent. Values, tests, windows and literals are read next door.

SQL's precedence: `not` binds closest, then `and`, then `or`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Literal, cast

from intarsia.errors import Span, phrase
from intarsia.language import limits
from intarsia.language.problems.reading import EmptyText
from intarsia.language.problems.whole import NewerVersion, TooLarge
from intarsia.language.reading import patterns
from intarsia.language.reading.cursor import Cursor
from intarsia.language.reading.expected import Slot
from intarsia.language.reading.literals import decimal, moment, name, refuse_number, text, whole
from intarsia.language.reading.tests import value_test
from intarsia.language.reading.tokens import tokens
from intarsia.language.reading.values import bracketed, expect_value, filtered_event, value
from intarsia.language.reading.windows import optional_window
from intarsia.language.tree import (
    And,
    Condition,
    Consent,
    Did,
    Everyone,
    Had,
    HasLine,
    InSegment,
    InsideArea,
    Moved,
    Near,
    Nobody,
    Not,
    Or,
    Rank,
)
from intarsia.language.version import LANGUAGE_VERSION
from intarsia.language.words.token import Token, TokenKind
from intarsia.speech import mark

EXPECTED = mark("a condition such as `country = 'CZ'` or `did order in last 30 days`")


def parse(text: str, version: int = LANGUAGE_VERSION) -> Condition:
    """The tree of a definition; every node knows its place in the text.

    version  of the language in which the text was written; every version up to the present one is read for ever
    Whatever the text, what is raised is a LanguageError with the place and, where there is one, a hint.

    >>> parse("never order in last 90 days")
    Not(part=Did(event=Event(names=('order',), is_any=False), where=None, window=Window(period=\
Rolling(direction='last', length=Length(count=90, unit='day')), local=False, calendar=None)))
    """
    if not 1 <= version <= LANGUAGE_VERSION:
        raise NewerVersion(version=version, known=LANGUAGE_VERSION, text=text)
    check_size(text)
    return read(cursor_over(text, tokens(text)))


def cursor_over(text: str, of: list[Token], *, is_trial: bool = False) -> Cursor:
    """A cursor at the first of the tokens of a text; `is_trial`: nobody will read what errors advise."""
    return Cursor(text, of, condition, is_trial=is_trial)


def read(cursor: Cursor) -> Condition:
    """The tree of all tokens of a cursor."""
    if cursor.at_kind(TokenKind.END):
        cursor.is_short = True
        _expect_condition(cursor)
        raise EmptyText(text=cursor.text, span=Span(0, len(cursor.text)))
    found = condition(cursor)
    if not cursor.at_kind(TokenKind.END):
        cursor.unexpected(mark("`and`, `or` or the end"))
    return found


def check_size(text: str) -> None:
    """Refuse a text that is longer than one may be."""
    size = len("".join(text.split()).encode("utf-8", "surrogatepass"))
    if size > limits.TEXT_BYTES:
        advice = phrase("put long lists of people into a file: `intarsia list add`")
        raise TooLarge(what=phrase("bytes of text without blanks"), most=limits.TEXT_BYTES, next_step=advice)


# --- and, or, not


def condition(cursor: Cursor) -> Condition:
    """Conjunctions joined with `or`."""
    start = cursor.here
    parts = [_conjunction(cursor)]
    while cursor.take_words("or"):
        parts.append(_conjunction(cursor))
    return Or(tuple(parts), span=cursor.span_from(start)) if len(parts) > 1 else parts[0]


def _conjunction(cursor: Cursor) -> Condition:
    start = cursor.here
    parts = [_negation(cursor)]
    while cursor.take_words("and"):
        parts.append(_negation(cursor))
    return And(tuple(parts), span=cursor.span_from(start)) if len(parts) > 1 else parts[0]


def _negation(cursor: Cursor) -> Condition:
    start = cursor.here
    if not cursor.take_words("not"):
        return _primary(cursor)
    with cursor.nested(start):
        part = _negation(cursor)
    return Not(part, span=cursor.span_from(start))


def _primary(cursor: Cursor) -> Condition:
    _expect_condition(cursor)
    cursor.begun.append(cursor.position)
    found = _bracketed_or_plain(cursor)
    cursor.begun.pop()
    return found


def _expect_condition(cursor: Cursor) -> None:
    cursor.expect(Slot.SIGN, "(")
    cursor.expect(Slot.WORD, "not", *STARTS)
    expect_value(cursor)


def _bracketed_or_plain(cursor: Cursor) -> Condition:
    if cursor.at_symbol("("):
        with cursor.brackets():
            return condition(cursor)
    reader = _reader(cursor)
    if reader is not None:
        cursor.count_condition()
        return reader(cursor)
    if not cursor.at_kind(TokenKind.WORD, TokenKind.QUOTED) or _is_joint(cursor):
        cursor.unexpected(EXPECTED)
    return value_test(cursor)


def _is_joint(cursor: Cursor) -> bool:
    """Whether `and`, `or` or `where` stands here as a word of the grammar."""
    return cursor.at_word("and", "or", "where") and not cursor.at_name_of_value()


def _reader(cursor: Cursor) -> Callable[[Cursor], Condition] | None:
    """What reads the condition that begins with the word here; None where the word is a name, or a function's."""
    word = cursor.here.word
    if not word or cursor.at_name_of_value():
        return None
    reader = _BY_WORD.get(word)
    if reader is not None:
        return reader
    if cursor.at_symbol("(", ahead=1):
        return _near if word == "near" else patterns.READERS.get(word)
    if word in ("first", "last"):
        return _had
    if word in ("top", "bottom"):
        cursor.expect(Slot.NUMBER, ahead=1)
        return _rank if cursor.at_kind(TokenKind.NUMBER, ahead=1) else None
    if word == "consent":
        cursor.expect(Slot.CHANNEL, ahead=1)
        is_alone = cursor.at_kind(TokenKind.WORD, TokenKind.QUOTED, ahead=1) and cursor.at_kind(TokenKind.END, ahead=2)
        return _consent if cursor.at_word("for", ahead=2) or is_alone else None
    second, reader = _BY_TWO_WORDS.get(word, ("", None))
    return reader if reader and cursor.at_word(second, ahead=1) else None


# --- events


def _did(cursor: Cursor) -> Condition:
    start = cursor.take()
    event, where = filtered_event(cursor)
    window = optional_window(cursor)
    found = Did(event, where, window, span=cursor.span_from(start))
    return Not(found, span=found.span) if start.word == "never" else found


def _had(cursor: Cursor) -> Had:
    start = cursor.take()
    which = cast(Literal["first", "last"], start.word)
    event, where = filtered_event(cursor)
    window = optional_window(cursor)
    if not cursor.take_words("had"):
        cursor.unexpected(mark("`had` and a condition in brackets"))
    with cursor.speaking_of(event):
        return Had(which, event, where, window, bracketed(cursor), span=cursor.span_from(start))


def _has_line(cursor: Cursor) -> HasLine:
    start = cursor.here
    cursor.want_words("has", "line")
    with cursor.speaking_of(cursor.context.event, is_line=True):
        return HasLine(bracketed(cursor), span=cursor.span_from(start))


# --- sets of people


def _everyone(cursor: Cursor) -> Everyone:
    return Everyone(span=cursor.take().span)


def _nobody(cursor: Cursor) -> Nobody:
    return Nobody(span=cursor.take().span)


def _rank(cursor: Cursor) -> Rank:
    start = cursor.take()
    amount, is_percent = _amount(cursor)
    cursor.want_words("by")
    by = value(cursor)
    among = bracketed(cursor) if cursor.take_words("among") else None
    direction = cast(Literal["top", "bottom"], start.word)
    return Rank(direction, amount, is_percent, by, among, span=cursor.span_from(start))


def _amount(cursor: Cursor) -> tuple[Decimal, bool]:
    """So many people, or a percentage of them."""
    place = cursor.here.span
    if not cursor.at_symbol("%", ahead=1):
        return Decimal(whole(cursor, mark("a number of people"))), False
    percentage = decimal(cursor, places=limits.DECIMAL_PLACES)
    cursor.want_symbol("%")
    if not 0 < percentage <= 100:
        refuse_number(cursor, place, mark("a percentage above 0 and up to 100 is wanted"))
    return percentage, True


def _in_segment(cursor: Cursor) -> InSegment:
    start = cursor.here
    cursor.want_words("in", "segment")
    segment = text(cursor, Slot.SEGMENT)
    at = moment(cursor) if cursor.take_words("at") else None
    return InSegment(segment, at, span=cursor.span_from(start))


def _moved(cursor: Cursor) -> Moved:
    start = cursor.take()
    how = cast(Literal["entered", "left"], start.word)
    cursor.want_words("segment")
    segment = text(cursor, Slot.SEGMENT)
    return Moved(how, segment, optional_window(cursor), span=cursor.span_from(start))


# --- place and consent


def _near(cursor: Cursor) -> Near:
    start = cursor.take()
    with cursor.brackets():
        latitude = _degrees(cursor, 90)
        cursor.want_symbol(",")
        longitude = _degrees(cursor, 180)
    cursor.want_words("within")
    place = cursor.here.span
    kilometres = decimal(cursor)
    if kilometres <= 0:
        refuse_number(cursor, place, mark("a distance above 0 is wanted"))
    cursor.want_words("km")
    return Near(latitude, longitude, kilometres, span=cursor.span_from(start))


def _degrees(cursor: Cursor, most: int) -> Decimal:
    place = cursor.here.span
    found = decimal(cursor)
    if abs(found) > most:
        refuse_number(cursor, place, mark("degrees from -{most} to {most} are wanted"), most=most)
    return found


def _inside_area(cursor: Cursor) -> InsideArea:
    start = cursor.here
    cursor.want_words("inside", "area")
    return InsideArea(text(cursor, Slot.AREA), span=cursor.span_from(start))


def _consent(cursor: Cursor) -> Consent:
    start = cursor.take()
    channel = name(cursor, mark("a channel such as `email`"), Slot.CHANNEL)
    cursor.want_words("for")
    purpose = name(cursor, mark("a purpose such as `marketing`"), Slot.PURPOSE)
    cursor.want_words("is")
    if not cursor.at_word("given", "withdrawn", "unknown"):
        cursor.unexpected(mark("`given`, `withdrawn` or `unknown`"))
    state = cast(Literal["given", "withdrawn", "unknown"], cursor.take().word)
    return Consent(channel, purpose, state, span=cursor.span_from(start))


_BY_WORD: dict[str, Callable[[Cursor], Condition]] = {
    "everyone": _everyone,
    "nobody": _nobody,
    "did": _did,
    "never": _did,
}
_BY_TWO_WORDS: dict[str, tuple[str, Callable[[Cursor], Condition]]] = {
    "has": ("line", _has_line),
    "in": ("segment", _in_segment),
    "entered": ("segment", _moved),
    "left": ("segment", _moved),
    "inside": ("area", _inside_area),
}
STARTS = (
    *_BY_WORD,
    *("first", "last", "top", "bottom", "consent"),
    *(f"{name} (" for name in ("near", "has line")),
    *(f"{name}(" for name in patterns.READERS),
    *(f"{first} {second}" for first, (second, _) in _BY_TWO_WORDS.items() if first != "has"),
)
"""What a condition can begin with, besides a value, `not` and a bracket."""
