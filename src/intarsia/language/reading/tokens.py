"""From text to tokens: words, names, literals and signs, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intarsia.errors import Phrase, Span, phrase
from intarsia.language.advice.dates import about_date
from intarsia.language.advice.signs import about_arithmetic, about_character, about_open_quote, full_width, straight
from intarsia.language.advice.told import Told
from intarsia.language.problems.reading import (
    BadDate,
    CurlyQuotes,
    EmptyName,
    NoArithmetic,
    UnclosedQuote,
    UnexpectedCharacter,
)
from intarsia.language.problems.whole import LanguageError
from intarsia.language.words.token import BLANK, WORD, Token, TokenKind, is_name_character, is_storable

_DIGIT = r"[0-9\u06f0-\u06f9\u0660-\u0669]"
_NUMBER = rf"{_DIGIT}+(?:\.{_DIGIT}+)?"
_SINGLE, _DOUBLE, _ANGLE = r"\u2018-\u201b\u00b4", r"\u201c-\u201f", r"\u00ab\u00bb\u2039\u203a"
_QUOTED = "|".join(
    (
        rf"[{_DOUBLE}] [^{_DOUBLE}\"\n]* [{_DOUBLE}]",
        rf"[{_ANGLE}] [^{_ANGLE}\"\n]* [{_ANGLE}]",
        rf"[{_SINGLE}] (?: [^{_SINGLE}'\"\n] | \u2019 (?= \w ) )* [{_SINGLE}]",
        rf"[{_SINGLE}{_DOUBLE}{_ANGLE}] [^{_SINGLE}{_DOUBLE}{_ANGLE}'\"\n]* ['\"] (?! \w )",
    )
)
"""Texts in quotes that are not straight, at both ends or at the first alone."""
_TOKEN = re.compile(
    rf"""
      (?P<blank>   [{BLANK}]+ | --[^\n]* )
    | (?P<text>    ' [^']* (?: '' [^']* )* (?P<text_end>') ?)
    | (?P<quoted>  " [^"]* (?: "" [^"]* )* (?P<quoted_end>") ?)
    | (?P<date>    {_DIGIT}+ (?P<sign>[-/.]) {_DIGIT}+ (?P=sign) {_DIGIT}+
                   (?P<time> (?: T | [ ](?={_DIGIT}+:) ) [0-9:.\u06f0-\u06f9\u0660-\u0669]* (?: Z | [+-][0-9:]+ )? )? )
    | (?P<number>  -? {_NUMBER} )
    | (?P<word>    {WORD} )
    | (?P<symbol>  === | !== | == | => | =< | := | =! | >< | <= | >= | != | <> | [=<>(),.%] )
    | (?P<curly>   {_QUOTED} | ` [^`\n]* ` )
    | (?P<foreign> /\* (?s: .*? ) (?: \*/ | \Z ) | // [^\n]* | \# [^\n]* )
    """,
    re.VERBOSE,
)
_PLAIN_DIGITS = {zero + value: str(value) for zero in (0x06F0, 0x0660) for value in range(10)}
_MENDED = {"[": "(", "{": "(", "]": ")", "}": ")"}
"""Brackets of other kinds, which are read as round ones where a text with mistakes is read on."""


def tokens(text: str) -> list[Token]:
    """All tokens of a text without blanks and comments; the last one is the END.

    Raises UnexpectedCharacter, UnclosedQuote, EmptyName, BadDate or NoArithmetic.
    """
    found = []
    for token, problem in _scan(text):
        if problem is not None:
            raise problem
        found += [token] if token else []
    return [*found, _end(text)]


def tolerant_tokens(text: str) -> tuple[list[Token], list[LanguageError]]:
    """The tokens of a text in which not everything can be read, and what is wrong with it.

    What cannot be read is a SYMBOL that the grammar has nowhere; a quote that nobody closes goes to the end; brackets
    of other kinds are round ones.
    """
    scanned = list(_scan(text))
    return [*(token for token, _ in scanned if token), _end(text)], [problem for _, problem in scanned if problem]


def is_in_comment(text: str) -> bool:
    """Whether a text ends inside a comment."""
    position, is_comment = 0, False
    while position < len(text):
        found = _TOKEN.match(text, position)
        position = position + 1 if found is None else found.end()
        is_comment = found is not None and found[0].startswith("--")
    return is_comment


def _end(text: str) -> Token:
    return Token(TokenKind.END, "", Span(len(text), len(text)))


def _scan(text: str) -> Iterator[tuple[Token | None, LanguageError | None]]:
    """Every token; one that cannot be read comes with what is wrong with it, and a comment of other languages alone."""
    position, open_brackets = 0, 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        span = Span(position, position + len(_sign_at(text, position))) if found is None else Span(*found.span())
        position = span.end
        if found is not None and found["blank"] is not None:
            continue
        if found is not None and found["foreign"] is not None:
            yield None, _bad_character(text, span.start)
            continue
        written = text[span.start : span.end]
        mended = _MENDED.get(written, written)
        if mended == ")" != written and open_brackets:
            open_brackets -= 1
            yield Token(TokenKind.SYMBOL, mended, span), None
            continue
        try:
            if found is None:
                raise _bad_character(text, span.start)
            yield _token(text, found, span), None
        except UnclosedQuote as problem:
            kind = TokenKind.TEXT if text[span.start] == "'" else TokenKind.QUOTED
            yield Token(kind, text[span.start + 1 : span.end], span), problem
        except LanguageError as problem:
            open_brackets += mended == "("
            yield Token(TokenKind.SYMBOL, mended, span), problem


def _token(text: str, found: re.Match[str], span: Span) -> Token:
    written = found[0]
    if found["text"] is not None or found["quoted"] is not None:
        return _quotation(text, found, span)
    if found["date"] is not None:
        return _date(text, found, span)
    if found["curly"] is not None:
        raise CurlyQuotes(text=text, span=span, found=written, quoted=straight(text, span.start, span.end))
    if found["number"] is not None:
        return Token(TokenKind.NUMBER, written.translate(_PLAIN_DIGITS), span)
    if found["word"] is None:
        return Token(TokenKind.SYMBOL, written, span)
    for offset, character in enumerate(written):
        if not is_name_character(character):
            raise _bad_character(text, span.start + offset)
    return Token(TokenKind.WORD, written, span, written.lower() if written.isascii() else "")


def _quotation(text: str, found: re.Match[str], span: Span) -> Token:
    quote = found[0][0]
    if found["text_end"] is None and found["quoted_end"] is None:
        step = _step(about_open_quote(text, span.start))
        raise UnclosedQuote(text=text, span=Span(span.start, span.start + 1), quote=quote, next_step=step)
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
        step = Phrase(*about_date(found[0].translate(_PLAIN_DIGITS)))
        raise BadDate(text=text, span=span, word=found[0], next_step=step)
    kind = TokenKind.DATE if found["time"] is None else TokenKind.INSTANT
    return Token(kind, found[0].translate(_PLAIN_DIGITS), span)


def _sign_at(text: str, position: int) -> str:
    """The sign that the language has not, of one or two characters, or several full-width ones."""
    two = text[position : position + 2]
    return two if two in ("&&", "||", "//", "/*") else full_width(text, position) or text[position]


def _bad_character(text: str, position: int) -> UnexpectedCharacter | NoArithmetic:
    written = _sign_at(text, position)
    span = Span(position, position + len(written))
    if written in "+-*/^":
        return NoArithmetic(text=text, span=span, sign=written, next_step=_step(about_arithmetic(text, position)))
    code = f"{ord(written[0]):04X}"
    shown = f"`{written}`" if written.isprintable() else phrase("the character U+{code}", code=code)
    step = _step(about_character(text, position, written))
    return UnexpectedCharacter(text=text, span=span, character=shown, next_step=step)


def _step(told: Told | None) -> Phrase | None:
    return None if told is None else Phrase(*told)
