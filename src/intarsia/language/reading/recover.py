"""Reading on behind a mistake: a condition that cannot be read is set aside, and what is around it is still read.

So a text has as many problems as it has broken conditions, and completion works behind a mistake further up.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from intarsia.errors import Span
from intarsia.language.problems.reading import EmptyText, UnclosedBracket
from intarsia.language.problems.whole import LanguageError, TooLarge
from intarsia.language.reading.cursor import Cursor
from intarsia.language.reading.parse import check_size, cursor_over, read
from intarsia.language.reading.tokens import tolerant_tokens
from intarsia.language.tree import Condition
from intarsia.language.words.token import Token, TokenKind

PROBLEMS_MOST = 20
"""So many problems of one text are told; behind them nothing is read any more."""


@dataclass(frozen=True)
class Recovered:
    """What can be read of a text.

    tree      with `everyone` in the place of each condition that cannot be read; None if nothing can
    problems  in the order of the text
    """

    tree: Condition | None
    problems: tuple[LanguageError, ...]


def recovered(text: str) -> Recovered:
    """The tree of a text that may be broken, and every problem of reading it that does not follow from another."""
    try:
        check_size(text)
    except TooLarge as problem:
        return Recovered(None, (problem,))
    tokens, problems = tolerant_tokens(text)
    doubtful = _unreadable(text, tokens, problems)
    while len(problems) < PROBLEMS_MOST:
        cursor = cursor_over(text, tokens)
        try:
            return Recovered(read(cursor), _in_order(problems))
        except LanguageError as problem:
            if not _follows(cursor, problem, doubtful, problems):
                problems.append(problem)
            doubtful |= {problem.span.start} if problem.span else set()
            mended = without(cursor, problem)
            if mended is None:
                break
            tokens = mended
    return Recovered(None, _in_order(problems))


def _unreadable(text: str, tokens: list[Token], problems: list[LanguageError]) -> set[int]:
    """Where the tokens begin that cannot be read, or were read as something else."""
    places = sorted(problem.span.start for problem in problems if problem.span)
    return {
        token.span.start
        for token in tokens
        if bisect_left(places, token.span.start) < bisect_left(places, token.span.end)
        or (token.kind is TokenKind.SYMBOL and text[token.span.start : token.span.end] != token.value)
    }


def _follows(cursor: Cursor, problem: LanguageError, doubtful: set[int], problems: list[LanguageError]) -> bool:
    """Whether a problem comes of one that is told: in the same condition, or right behind what was set aside."""
    if isinstance(problem, EmptyText) or problem.span is None:
        return bool(problems)
    place = _index(cursor.tokens, problem.span.start)
    begin = min(cursor.begun[-1] if cursor.begun else place, place)
    before = cursor.tokens[begin - 1] if begin else None
    if before is not None and (before.span.start in doubtful or _is_set_aside(cursor.text, before)):
        return True
    end = place + 1 if cursor.begun else place + 2
    return any(token.span.start in doubtful for token in cursor.tokens[begin:end])


def _is_set_aside(text: str, token: Token) -> bool:
    """Whether a token stands for a condition that could not be read."""
    return token.word == "everyone" != text[token.span.start : token.span.end].lower()


def without(cursor: Cursor, problem: LanguageError) -> list[Token] | None:
    """The tokens without the condition that could not be read; None where nothing would be left to read."""
    tokens, end = cursor.tokens, len(cursor.tokens) - 1
    if problem.span is None or isinstance(problem, TooLarge | EmptyText):
        return None
    if isinstance(problem, UnclosedBracket):
        return [*tokens[:end], Token(TokenKind.SYMBOL, ")", tokens[end].span), tokens[end]]
    place = _index(tokens, problem.span.start)
    if not cursor.begun:
        return _without_stray(tokens, place) if place < end else None
    begin = cursor.begun[-1]
    return _set_aside(tokens, begin, _joint(tokens, begin, max(begin, place)))


def _set_aside(tokens: list[Token], begin: int, stop: int) -> list[Token]:
    """The tokens with `everyone` in the place of some."""
    span = Span(tokens[begin].span.start, max(tokens[begin].span.start, tokens[stop - 1].span.end))
    return [*tokens[:begin], Token(TokenKind.WORD, "everyone", span, "everyone"), *tokens[stop:]]


def _without_stray(tokens: list[Token], place: int) -> list[Token]:
    """The tokens without what stands behind a condition and joins nothing to it.

    A comma before another condition is read as `and`. A sign, or a name behind a name, puts the condition before in
    doubt, which goes with it.
    """
    token, before = tokens[place], tokens[place - 1] if place else None
    stop = _joint(tokens, place, place)
    if token.kind is TokenKind.SYMBOL and token.value == ",":
        if tokens[place + 1].kind in _NAMES or tokens[place + 1].value == "(":
            return [*tokens[:place], Token(TokenKind.WORD, "and", token.span, "and"), *tokens[place + 1 :]]
        stop = _joint(tokens, place + 1, place + 1)
        while tokens[stop].value == "," and tokens[stop].kind is TokenKind.SYMBOL:
            stop = _joint(tokens, stop + 1, stop + 1)
    is_sign = token.kind is TokenKind.SYMBOL and token.value not in (")", ",")
    if before is not None and (is_sign or (token.kind in _NAMES and before.kind in _NAMES)):
        return _set_aside(tokens, _begin_of_last(tokens, place), stop)
    return [*tokens[:place], *tokens[max(stop, place + 1) :]]


_NAMES = (TokenKind.WORD, TokenKind.QUOTED)


def _begin_of_last(tokens: list[Token], place: int) -> int:
    """Where the condition begins that ends before a place."""
    depth = 0
    for index in range(place - 1, -1, -1):
        token = tokens[index]
        depth += {")": 1, "(": -1}.get(token.value if token.kind is TokenKind.SYMBOL else "", 0)
        if depth < 0 or (depth == 0 and index < place - 1 and token.word in ("and", "or")):
            return min(index + 1, place - 1)
    return 0


def _joint(tokens: list[Token], begin: int, place: int) -> int:
    """Where what begins at `begin` and is broken at `place` ends: `and`, `or`, a comma or a bracket outside it."""
    depth, is_between = 0, False
    for index in range(begin, len(tokens)):
        token = tokens[index]
        sign = token.value if token.kind is TokenKind.SYMBOL else ""
        is_joint = token.word == "or" or (token.word == "and" and not is_between)
        is_between = token.word == "between" or (is_between and token.word != "and")
        is_end = token.kind is TokenKind.END or sign in (")", ",") or is_joint
        if index >= place and depth <= 0 and is_end:
            return index
        depth += {"(": 1, ")": -1}.get(sign, 0)
    return len(tokens) - 1


def _index(tokens: list[Token], start: int) -> int:
    """Which token stands at a place in the text, or follows it; what was put there instead of nothing is none."""
    starts = [token.span.start for token in tokens]
    return min(max(bisect_left(starts, start), bisect_right(starts, start) - 1), len(tokens) - 1)


def _in_order(problems: list[LanguageError]) -> tuple[LanguageError, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.span.start if problem.span else 0))
