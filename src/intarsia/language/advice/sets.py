"""What to write instead of other ways of saying that somebody is in a set of people, in a place, or has agreed."""

from __future__ import annotations

from collections.abc import Callable

from intarsia.language.advice.place import Place
from intarsia.language.advice.told import Told, write
from intarsia.language.advice.words import BY_WORD
from intarsia.language.words.token import TokenKind
from intarsia.speech import mark

_STATES = {
    **dict.fromkeys(("granted", "yes", "true", "given", "allowed", "ok"), "given"),
    **dict.fromkeys(("withdrawn", "revoked", "denied", "refused", "false"), "withdrawn"),
}
"""What some say of a consent, and what it is here."""


def _segment(place: Place) -> Told | None:
    """Ways of saying that somebody is in a segment."""
    before = place.word(-1)
    offset = -3 if place.word(-2) == "not" else -2
    is_begin = place.index + offset < 0 or place.word(offset) in ("and", "or", "(", "member")
    if before in ("in", "of") and place.kind() is TokenKind.TEXT and is_begin:
        return write(f"in segment {place.written()}")
    if place.kind() is TokenKind.TEXT and place.begins(-1) and before in ("segment", "entered", "left"):
        return write(f"{'in' if before == 'segment' else before} segment {place.written()}")
    if place.word() == "of" and before in ("member", "members", "part"):
        return mark("write `in segment '..'`"), {}
    return None


def _rank(place: Place) -> Told | None:
    before, word = place.word(-1), place.word()
    if place.word(-2) in ("top", "bottom") and place.kind(-1) is TokenKind.NUMBER and word not in BY_WORD:
        return mark("write `by` before the value: top 10% by sum(order.total)"), {}
    if before in ("top", "bottom"):
        return mark("say how many, or which share: {word} 10% by sum(order.total)"), {"word": before}
    return None


def _place(place: Place) -> Told | None:
    if place.word(-1) == "near":
        return mark("write near (50.08, 14.43) within 50 km: degrees north, then east, in brackets"), {}
    return None


def _consent(place: Place) -> Told | None:
    """A consent without its state, or with another word for it."""
    begin = place.begin()
    if place.word(begin) == "consent" and place.word(begin + 2) == "for" and begin <= -4:
        asked = place.said(begin, begin + 4)
        if place.word() == "not" and place.word(1) in _STATES:
            return write(f"not {asked} is {_STATES[place.word(1)]}")
        if begin == -4 or place.word() in _STATES:
            return write(f"{asked} is {_STATES.get(place.word(), 'given')}")
    if place.word(-1) == "consent" or place.word(-2) == "consent":
        return mark("write consent email for marketing is given: channel, purpose, state"), {}
    return None


RULES: tuple[Callable[[Place], Told | None], ...] = (_segment, _rank, _place, _consent)
"""Tried in this order."""
