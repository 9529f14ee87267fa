"""Reading the tests of a value: `= 'red'`, `not in (..)`, `is known`, `between 1 and 3`, `in last 30 days`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from intarsia.errors import phrase
from intarsia.language import limits
from intarsia.language.leaves import takes_negation_inside
from intarsia.language.problems.whole import TooLarge
from intarsia.language.reading.cursor import COMPARISONS, Cursor
from intarsia.language.reading.expected import Slot
from intarsia.language.reading.literals import constant, constants, text
from intarsia.language.reading.values import value
from intarsia.language.reading.windows import at_window, between, length, window, with_zone
from intarsia.language.tree import (
    BetweenAgo,
    BetweenTimes,
    Compare,
    Condition,
    During,
    Has,
    Held,
    Is,
    Not,
    OneOf,
    Operator,
    Range,
    Test,
    TextMatch,
)
from intarsia.language.words.token import Token, TokenKind
from intarsia.speech import mark

EXPECTED = mark("a test such as `= 'red'`, `> 5`, `is known` or `in last 30 days`")
MATCHES = ("contains", "starts", "ends", "matches")
OFFERED = ("=", "!=", "<", "<=", ">", ">=")
POSITIVE = frozenset({"=", "<", "<=", ">", ">="})
"""Signs that may follow `not`: `score not > 5 for at least 30 days`."""


@dataclass(frozen=True)
class Negatable:
    """An operator as it stands in the text: `!=` is a negated `=` (rule 46)."""

    operator: Operator
    is_negated: bool = False

    @property
    def minds_case(self) -> bool:
        """Whether `ignoring case` may follow."""
        return isinstance(self.operator, Compare | OneOf | Has)


def value_test(cursor: Cursor) -> Condition:
    """A value and its test."""
    cursor.count_condition()
    start, outside = cursor.here, cursor.deepest
    cursor.deepest = cursor.nesting
    of = value(cursor)
    with cursor.testing(of):
        found = _operator(cursor)
        ignoring_case = found.minds_case and cursor.take_words("ignoring", "case")
        held = _held(cursor, found)
    if found.is_negated and held is None and not takes_negation_inside(found.operator):
        # The canonical text has the `not` in front, around the value.
        cursor.allow_nesting(cursor.deepest + 1, start)
    cursor.deepest = max(outside, cursor.deepest)
    span = cursor.span_from(start)
    plain = Test(of, found.operator, ignoring_case, held, span=span)
    return Not(plain, span=span) if found.is_negated and held is None else plain


def _operator(cursor: Cursor) -> Negatable:
    start = cursor.here
    cursor.expect(Slot.SIGN, *OFFERED)
    if start.kind is TokenKind.SYMBOL and start.value in COMPARISONS:
        return _comparison(cursor)
    if cursor.take_words("is"):
        return _state(cursor, start)
    is_negated = cursor.take_words("not")
    if is_negated and cursor.here.kind is TokenKind.SYMBOL and cursor.here.value in POSITIVE:
        return Negatable(_comparison(cursor).operator, is_negated=True)
    return Negatable(_negatable(cursor, start), is_negated)


def _negatable(cursor: Cursor, start: Token) -> Operator:
    """What may stand behind `not` as well."""
    if cursor.at_word("in") and cursor.at_symbol("(", ahead=1):
        cursor.take()
        return OneOf(constants(cursor), span=cursor.span_from(start))
    if cursor.at_word("has"):
        return _has(cursor, start)
    if cursor.at_word(*MATCHES):
        return _match(cursor, start)
    if cursor.at_word("between"):
        return _between(cursor, start)
    if at_window(cursor):
        return During(window(cursor), span=cursor.span_from(start))
    cursor.unexpected(EXPECTED)


def _comparison(cursor: Cursor) -> Negatable:
    start = cursor.take()
    is_negated = start.value in ("!=", "<>")
    sign = cast(Literal["=", "<", "<=", ">", ">="], "=" if is_negated else start.value)
    return Negatable(Compare(sign, constant(cursor), span=cursor.span_from(start)), is_negated)


def _state(cursor: Cursor, start: Token) -> Negatable:
    is_negated = cursor.take_words("not")
    if not cursor.at_word("known", "unknown", "empty", "identified"):
        cursor.unexpected(mark("`known`, `unknown`, `empty` or `identified`"))
    word = cursor.take().word
    span = cursor.span_from(start)
    if word == "unknown":
        return Negatable(Is("known", span=span), not is_negated)
    return Negatable(Is(cast(Literal["known", "empty", "identified"], word), span=span), is_negated)


def _has(cursor: Cursor, start: Token) -> Has:
    cursor.want_words("has")
    if cursor.at_word("any", "all"):
        mode = cast(Literal["any", "all"], cursor.take().word)
        return Has(mode, constants(cursor), span=cursor.span_from(start))
    return Has("one", (constant(cursor),), span=cursor.span_from(start))


def _match(cursor: Cursor, start: Token) -> TextMatch:
    how = cast(Literal["contains", "starts", "ends", "matches"], cursor.take().word)
    if how in ("starts", "ends"):
        cursor.want_words("with")
    place = cursor.here.span
    searched = text(cursor)
    if how == "matches" and len(searched) > limits.PATTERN_CHARACTERS:
        advice = phrase("use `contains`, or several patterns joined with `or`")
        what = phrase("characters in a pattern")
        cursor.fail(TooLarge, place, what=what, most=limits.PATTERN_CHARACTERS, next_step=advice)
    return TextMatch(how, searched, span=cursor.span_from(start))


def _between(cursor: Cursor, start: Token) -> Operator:
    place = cursor.here
    found = between(cursor)
    if isinstance(found, BetweenAgo | BetweenTimes):
        return During(with_zone(cursor, place, found), span=cursor.span_from(start))
    return Range(*found, span=cursor.span_from(start))


def _held(cursor: Cursor, found: Negatable) -> Held | None:
    first = cursor.here
    if isinstance(found.operator, During) or not cursor.take_words("for"):
        return None
    how: Literal["at least", "less than"]
    if cursor.take_words("at", "least"):
        how = "at least"
    elif cursor.take_words("less", "than"):
        how = "less than"
    else:
        cursor.unexpected(mark("`at least` or `less than`"))
    return Held(how, length(cursor), of_negation=found.is_negated, span=cursor.span_from(first))
