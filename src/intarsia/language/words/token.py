"""What a text of the language parts into, and which words of it need no quotes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from intarsia.errors import Span


class TokenKind(Enum):
    """What a token is."""

    WORD = "word"
    QUOTED = "quoted name"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    INSTANT = "instant"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a text.

    value  of a name or text: what is inside the quotes; of a number or date: with plain digits; else as written
    word   the word in small letters; empty for everything that is no word, so that a quoted name is never grammar
    """

    kind: TokenKind
    value: str
    span: Span
    word: str = ""


RESERVED = frozenset(
    "and or not everyone nobody did never first last next this previous today yesterday tomorrow no any in is has "
    "between contains starts ends matches before after on since until more where within had true false by for".split()
)
"""Words that a name is quoted for when it is printed; a reader takes them as names wherever that is clear."""
MISTAKEN = ("==", "===", "!==", "=>", "=<", ":=", "=!", "><")
"""Signs of other languages; what is meant, an error says."""

BLANK = r"\s\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""What parts words and says nothing, marks of the direction of writing too: characters of a regular expression."""
WORD = rf"[^\W\d] [^{BLANK}\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f]*"
"""A word, as a verbose regular expression; which of its characters a name may have, `is_name_character` says."""
_PLAIN = re.compile(WORD, re.VERBOSE)
_WORD_JOINERS = "_\u200c\u200d"


def is_storable(character: str) -> bool:
    """Whether a character can stand inside quotes: all but NUL and halves of surrogate pairs, which no store keeps."""
    return character != "\0" and not "\ud800" <= character <= "\udfff"


def is_name_character(character: str) -> bool:
    """Whether a character can stand in a name without quotes."""
    return character.isalnum() or character in _WORD_JOINERS or unicodedata.category(character).startswith("M")


def is_plain_name(name: str) -> bool:
    """Whether a name can be written without quotes: letters of any script, digits and `_`, no digit first."""
    return _PLAIN.fullmatch(name) is not None and all(map(is_name_character, name))
