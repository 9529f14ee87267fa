"""From text to tokens: words, names, literals and signs, each with its place in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from intarsia.errors import Span
from intarsia.language.problems import BadDate, EmptyName, NoArithmetic, UnclosedQuote, UnexpectedCharacter


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

_BLANK = r"\s\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069"
_DIGIT = r"[0-9\u06f0-\u06f9\u0660-\u0669]"
_NUMBER = rf"{_DIGIT}+(?:\.{_DIGIT}+)?"
_TOKEN = re.compile(
    rf"""
      (?P<blank>   [{_BLANK}]+ | --[^\n]* )
    | (?P<text>    ' [^']* (?: '' [^']* )* (?P<text_end>') ?)
    | (?P<quoted>  " [^"]* (?: "" [^"]* )* (?P<quoted_end>") ?)
    | (?P<date>    {_DIGIT}+ (?P<sign>[-/.]) {_DIGIT}+ (?P=sign) {_DIGIT}+
                   (?P<time> (?: T | [ ](?={_DIGIT}+:) ) [0-9:.\u06f0-\u06f9\u0660-\u0669]* (?: Z | [+-][0-9:]+ )? )? )
    | (?P<number>  -? {_NUMBER} )
    | (?P<word>    [^\W\d] [^{_BLANK}\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f]* )
    | (?P<symbol>  <= | >= | != | <> | == | [=<>(),.%] )
    """,
    re.VERBOSE,
)
_PLAIN_DIGITS = {zero + value: str(value) for zero in (0x06F0, 0x0660) for value in range(10)}
_WORD_JOINERS = "_\u200c\u200d"
_ADVICE = {
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`, or `!=`",
    ";": "a definition is one condition, without an end sign",
    "`": 'names with blanks stand in "double quotes"',
    "\u2018": "texts stand in straight 'single quotes'",
    "\u2019": "texts stand in straight 'single quotes'",
    "\u201c": "texts stand in straight 'single quotes'",
    "\u201d": "texts stand in straight 'single quotes'",
    "\u201e": "texts stand in straight 'single quotes'",
    ":": "an instant is written 2026-01-31T10:00",
    "[": "lists stand in round brackets",
    "{": "lists stand in round brackets",
}


def tokens(text: str) -> list[Token]:
    """All tokens of a text without blanks and comments; the last one is the END.

    Raises UnexpectedCharacter, UnclosedQuote, EmptyName, BadDate or NoArithmetic.
    """
    return [*_scan(text), Token(TokenKind.END, "", Span(len(text), len(text)))]


def _scan(text: str) -> Iterator[Token]:
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise _bad_character(text, position)
        position = found.end()
        if found["blank"] is None:
            yield _token(text, found)


def _token(text: str, found: re.Match[str]) -> Token:
    span = Span(*found.span())
    written = found[0]
    if found["text"] is not None or found["quoted"] is not None:
        return _quotation(text, found, span)
    if found["date"] is not None:
        return _date(text, found, span)
    if found["number"] is not None:
        return Token(TokenKind.NUMBER, written.translate(_PLAIN_DIGITS), span)
    if found["word"] is None:
        return Token(TokenKind.SYMBOL, written, span)
    for offset, character in enumerate(written):
        if not _is_name_character(character):
            raise _bad_character(text, span.start + offset)
    return Token(TokenKind.WORD, written, span, written.lower() if written.isascii() else "")


def _quotation(text: str, found: re.Match[str], span: Span) -> Token:
    quote = found[0][0]
    if found["text_end"] is None and found["quoted_end"] is None:
        raise UnclosedQuote(text=text, span=Span(span.start, span.start + 1), quote=quote)
    inside = found[0][1:-1]
    for offset, character in enumerate(inside):
        if not is_storable(character):
            raise _bad_character(text, span.start + 1 + offset)
    if quote == "'":
        return Token(TokenKind.TEXT, inside.replace("''", "'"), span)
    if not inside:
        raise EmptyName(text=text, span=span)
    return Token(TokenKind.QUOTED, inside.replace('""', '"'), span)


def _date(text: str, found: re.Match[str], span: Span) -> Token:
    has_blank = (found["time"] or "").startswith(" ")
    if found["sign"] != "-" or has_blank:
        raise BadDate(text=text, span=span, word=found[0])
    kind = TokenKind.DATE if found["time"] is None else TokenKind.INSTANT
    return Token(kind, found[0].translate(_PLAIN_DIGITS), span)


def _bad_character(text: str, position: int) -> UnexpectedCharacter | NoArithmetic:
    character = text[position]
    span = Span(position, position + 1)
    if character in "+-*/^":
        return NoArithmetic(text=text, span=span, sign=character)
    shown = f"`{character}`" if character.isprintable() else f"the character U+{ord(character):04X}"
    return UnexpectedCharacter(text=text, span=span, character=shown, advice=_ADVICE.get(character))


def is_storable(character: str) -> bool:
    """Whether a character can stand inside quotes: all but NUL and halves of surrogate pairs, which no store keeps."""
    return character != "\0" and not "\ud800" <= character <= "\udfff"


def _is_name_character(character: str) -> bool:
    return character.isalnum() or character in _WORD_JOINERS or unicodedata.category(character).startswith("M")


def is_plain_name(name: str) -> bool:
    """Whether a name can be written without quotes: letters of any script, digits and `_`, no digit first."""
    found = _TOKEN.match(name)
    return found is not None and found["word"] == name and all(map(_is_name_character, name))
