"""A place in a text where something unexpected stands, as the rules of advice look at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

from intarsia.language.leaves import Unit
from intarsia.language.tokens import Token, TokenKind

UNITS = frozenset(f"{unit}{ending}" for unit in get_args(Unit) for ending in ("", "s"))
SIGNS = frozenset({"=", "!=", "<>", "<", "<=", ">", ">="})
POINTS = frozenset({"before", "after", "on", "since", "until"})
NAMED_DAYS = frozenset({"today", "yesterday", "tomorrow"})
PERIODS = frozenset({"last", "next", "this", "previous"})
NAMES = (TokenKind.WORD, TokenKind.QUOTED)
MONTHS = frozenset("jan feb mar apr may jun jul aug sep oct nov dec".split())

Told = tuple[str, dict[str, str]]
"""A sentence, and what fills its gaps."""


@dataclass(frozen=True)
class Place:
    """Where something unexpected stands.

    index     of the token
    expected  finds the words of the grammar that could stand there
    """

    text: str
    tokens: Sequence[Token]
    index: int
    expected: Callable[[], Sequence[str]]

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
        span = self.at(offset).span
        return self.text[span.start : span.end]

    def kind(self, offset: int = 0) -> TokenKind:
        """What stands there."""
        return self.at(offset).kind

    def called(self) -> str:
        """The function, or the word, in whose brackets the place is; empty outside of any."""
        depth = 0
        for offset in range(-1, -self.index - 1, -1):
            depth += {")": 1, "(": -1}.get(self.word(offset), 0)
            if depth < 0:
                return self.word(offset - 1)
        return ""
