"""Reading on behind a mistake: a condition that cannot be read is set aside, and what is around it is still read.

So a text has as many problems as it has broken conditions, and completion works behind a mistake further up.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from intarsia.errors import Span
from intarsia.language.parse import check_size, cursor_over, read
from intarsia.language.parse_cursor import Cursor
from intarsia.language.problems import LanguageError, TooLarge
from intarsia.language.problems_of_reading import EmptyText, UnclosedBracket
from intarsia.language.tokens import Token, TokenKind, tolerant_tokens
from intarsia.language.tree import Condition

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
    told = {problem.span.start for problem in problems if problem.span}
    while len(problems) < PROBLEMS_MOST:
        cursor = cursor_over(text, tokens)
        try:
            return Recovered(read(cursor), _in_order(problems))
        except LanguageError as problem:
            if not any(token.span.start in told for token in _around(cursor, problem)):
                problems.append(problem)
                told |= {problem.span.start} if problem.span else set()
            mended = without(cursor, problem)
            if mended is None:
                break
            tokens = mended
    return Recovered(None, _in_order(problems))


def without(cursor: Cursor, problem: LanguageError) -> list[Token] | None:
    """The tokens without the condition that could not be read; None where nothing would be left to read."""
    tokens, end = cursor.tokens, len(cursor.tokens) - 1
    if problem.span is None or isinstance(problem, TooLarge | EmptyText):
        return None
    if isinstance(problem, UnclosedBracket):
        return [*tokens[:end], Token(TokenKind.SYMBOL, ")", tokens[end].span), tokens[end]]
    place = _index(tokens, problem.span.start)
    begin = cursor.begun[-1] if cursor.begun else place
    stop = _joint(tokens, begin, max(begin, place))
    if not cursor.begun:
        return [*tokens[:begin], *tokens[max(stop, begin + 1) :]] if begin < end else None
    span = Span(tokens[begin].span.start, max(tokens[begin].span.start, tokens[stop - 1].span.end))
    return [*tokens[:begin], Token(TokenKind.WORD, "everyone", span, "everyone"), *tokens[stop:]]


def _joint(tokens: list[Token], begin: int, place: int) -> int:
    """Where what begins at `begin` and is broken at `place` ends: `and`, `or`, a comma or a bracket outside it."""
    depth = 0
    for index in range(begin, len(tokens)):
        token = tokens[index]
        sign = token.value if token.kind is TokenKind.SYMBOL else ""
        is_end = token.kind is TokenKind.END or sign in (")", ",") or token.word in ("and", "or")
        if index >= place and depth <= 0 and is_end:
            return index
        depth += {"(": 1, ")": -1}.get(sign, 0)
    return len(tokens) - 1


def _around(cursor: Cursor, problem: LanguageError) -> list[Token]:
    """The tokens of the condition in which a problem lies, up to its place and the one behind."""
    if problem.span is None:
        return []
    place = _index(cursor.tokens, problem.span.start)
    begin = cursor.begun[-1] if cursor.begun else place
    return cursor.tokens[min(begin, place) : place + 1]


def _index(tokens: list[Token], start: int) -> int:
    """Which token stands at a place in the text, or follows it; what was put there instead of nothing is none."""
    starts = [token.span.start for token in tokens]
    return min(max(bisect_left(starts, start), bisect_right(starts, start) - 1), len(tokens) - 1)


def _in_order(problems: list[LanguageError]) -> tuple[LanguageError, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.span.start if problem.span else 0))
