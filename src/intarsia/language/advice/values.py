"""What to write instead of a name where a value is wanted."""

from __future__ import annotations

from intarsia.language.advice.numbers import currency_meant
from intarsia.language.advice.place import SIGNS, Place
from intarsia.language.advice.told import Told, write
from intarsia.language.words.spelling import spell_text
from intarsia.language.words.token import TokenKind
from intarsia.speech import mark

_OF_NAMES = mark("write {quoted} if it is a text; one trait cannot be compared with another")
_OF_WORDS: dict[tuple[str, ...], str] = {
    ("yes", "no", "on", "off"): mark("write `true` or `false`, or {quoted} if it is a text"),
    ("today", "yesterday", "tomorrow"): mark("write `in {word}`"),
    ("now",): mark("the instant that is asked about is the end of every `last`: in last 30 days"),
}
"""What to write instead of a word where a value is wanted; else `_OF_NAMES`."""
_TWO_VALUES = mark("two values are not compared with each other; divide them: `{instead}`")


def about_value(place: Place) -> Told:
    """Of a name, or a function, that stands where a value is wanted."""
    code = currency_meant(place, 0)
    if code is not None and place.kind(1) is TokenKind.NUMBER:
        return write(f"{place.written(1)} {code}")
    if place.word(1) == "(":
        return _of_call(place)
    step = next((step for words, step in _OF_WORDS.items() if place.word() in words), _OF_NAMES)
    return step, {"word": place.word(), "quoted": spell_text(place.at(0).value)}


def _of_call(place: Place) -> Told:
    """`count(order) > count(view)`: how many times the one is the other."""
    begin, end = place.begin(), place.value_end(0)
    if place.word(-1) not in SIGNS or place.value_end(begin) != -1:
        return _TWO_VALUES, {"instead": "ratio(count(order), count(view)) > 1"}
    ratio = f"ratio({place.said(begin, -1)}, {place.said(0, end)})"
    return _TWO_VALUES, {"instead": f"{ratio} {place.word(-1)} 1"}
