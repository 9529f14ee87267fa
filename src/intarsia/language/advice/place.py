"""A place in a text where something unexpected stands, as the rules of advice look at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

from intarsia.language.leaves import Unit
from intarsia.language.words.token import Token, TokenKind

UNITS = frozenset(f"{unit}{ending}" for unit in get_args(Unit) for ending in ("", "s"))
SIGNS = frozenset({"=", "!=", "<>", "<", "<=", ">", ">="})
POINTS = frozenset({"before", "after", "on", "since", "until"})
NAMED_DAYS = frozenset({"today", "yesterday", "tomorrow"})
PERIODS = frozenset({"last", "next", "this", "previous"})
FOLDS = frozenset({"count", "sum", "avg", "min", "max", "distinct", "first", "last"})
NAMES = (TokenKind.WORD, TokenKind.QUOTED)
TIMES = (TokenKind.DATE, TokenKind.INSTANT)
CONSTANTS = (TokenKind.TEXT, TokenKind.NUMBER, *TIMES)


@dataclass(frozen=True)
class Place:
    """Where something unexpected stands. Other tokens are spoken of by how far they are from it: offsets.

    index     of the token
    expected  finds the words of the grammar that could stand there
    """

    text: str
    tokens: Sequence[Token]
    index: int
    expected: Callable[[], Sequence[str]]

    # --- single tokens

    def at(self, offset: int) -> Token:
        """The token so many places further on, or back; outside the text it is the END."""
        place = self.index + offset
        return self.tokens[place] if 0 <= place < len(self.tokens) else self.tokens[-1]

    def word(self, offset: int = 0) -> str:
        """The word or sign there, in small letters."""
        token = self.at(offset)
        return token.word or (token.value if token.kind is TokenKind.SYMBOL else "")

    def written(self, offset: int = 0) -> str:
        """What is written there."""
        return self.said(offset, offset + 1)

    def kind(self, offset: int = 0) -> TokenKind:
        """What stands there."""
        return self.at(offset).kind

    # --- several tokens

    def said(self, begin: int, end: int) -> str:
        """What is written from one token up to, not including, another."""
        return self.text[self.at(begin).span.start : self.at(end - 1).span.end] if begin < end else ""

    def path_end(self, offset: int) -> int:
        """What is behind the names, joined by dots, that begin there; itself where none do."""
        if self.kind(offset) not in NAMES:
            return offset
        end = offset + 1
        while self.word(end) == "." and self.kind(end + 1) in NAMES:
            end += 2
        return end

    def path_begin(self, end: int) -> int:
        """Where the names, joined by dots, begin that end before a token."""
        begin = end - 1 if self.kind(end - 1) in NAMES else end
        while begin < end and self.word(begin - 1) == "." and self.kind(begin - 2) in NAMES:
            begin -= 2
        return begin

    def bracket_end(self, offset: int) -> int:
        """What is behind the bracket that closes the one there; the END where none does."""
        depth = 0
        for end in range(offset, len(self.tokens) - self.index):
            depth += {"(": 1, ")": -1}.get(self.word(end), 0)
            if depth == 0:
                return end + 1
        return len(self.tokens) - 1 - self.index

    def value_end(self, offset: int) -> int:
        """What is behind the value, a path or a function, that begins there; itself where none does."""
        end = self.path_end(offset)
        return self.bracket_end(end) if end == offset + 1 and self.word(end) == "(" else end

    def event_end(self, offset: int) -> int:
        """What is behind the event and its `where (..)` that begin there."""
        is_any = self.word(offset) == "any" and self.word(offset + 1) in ("event", "order")
        end = self.path_end(offset + is_any)
        return self.bracket_end(end + 1) if self.word(end) == "where" and self.word(end + 1) == "(" else end

    def end_of_part(self, offset: int) -> int:
        """Where what stands there ends: `and`, `or`, a comma, a bracket outside it, or the END."""
        depth = 0
        for end in range(offset, len(self.tokens) - self.index):
            word = self.word(end)
            if depth == 0 and (word in ("and", "or", ",", ")") or self.kind(end) is TokenKind.END):
                return end
            depth += {"(": 1, ")": -1}.get(word, 0)
        return offset

    # --- what is around

    def begin(self, offset: int = 0) -> int:
        """Where the condition begins in which a token is."""
        depth = 0
        for before in range(offset - 1, -self.index - 1, -1):
            depth += {")": 1, "(": -1}.get(self.word(before), 0)
            if depth < 0 or (depth == 0 and self._is_joint(before)):
                return before + 1
        return -self.index

    def _is_joint(self, offset: int) -> bool:
        """Whether a condition may begin behind that word; `city not in` and `between 5 and 10` are none."""
        word = self.word(offset)
        if word == "and":
            return "between" not in (self.word(offset - 2), self.word(offset - 3))
        if word == "not":
            return self.kind(offset - 1) not in NAMES or self.word(offset - 1) in ("and", "or", "where", "not")
        return word in ("or", "where")

    def begins(self, offset: int = 0) -> bool:
        """Whether a condition may begin with that token."""
        is_argument = self.word(offset - 1) == "(" and self.kind(offset - 2) in NAMES and self.index + offset >= 2
        return self.begin(offset) == offset and not (is_argument and self.word(offset - 2) not in _BEFORE_CONDITIONS)

    def opening(self) -> int | None:
        """The bracket in which the place is; None outside of any."""
        depth = 0
        for offset in range(-1, -self.index - 1, -1):
            depth += {")": 1, "(": -1}.get(self.word(offset), 0)
            if depth < 0:
                return offset
        return None

    def called(self) -> str:
        """The function, or the word, in whose brackets the place is; empty outside of any."""
        opening = self.opening()
        return "" if opening is None else self.word(opening - 1)


_BEFORE_CONDITIONS = frozenset({"and", "or", "not", "where", "had", "line", "among"})
"""Words behind which a bracket holds a condition."""
