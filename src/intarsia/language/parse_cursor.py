"""Going through the tokens of a text: what stands here, what is taken, and what was expected instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

from intarsia.errors import Span
from intarsia.language import limits
from intarsia.language.problems import (
    LanguageError,
    NoArithmetic,
    TooLarge,
    UnclosedBracket,
    UnexpectedWord,
)
from intarsia.language.tokens import Token, TokenKind, tokens
from intarsia.language.tree import Condition

COMPARISONS = frozenset({"=", "!=", "<>", "<", "<=", ">", ">="})
TEST_WORDS = frozenset(
    "in not is has between contains starts ends matches before after on since until more like ilike".split()
)
UNITS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
UNIT_WORDS = frozenset((*UNITS, *(f"{unit}s" for unit in UNITS)))

_ADVICE = {
    "==": "write `=`",
    "null": "write `is unknown` or `is known`",
    "like": "write `contains`, `starts with` or `ends with`",
    "ilike": "write `contains`, `starts with` or `ends with`",
    "where": "`where` follows an event; conditions on people stand by themselves",
}


@dataclass
class Cursor:
    """A place in the tokens of a text.

    condition  reads a condition; handed in, so that values can hold conditions without a circle of modules
    """

    text: str
    condition: Callable[[Cursor], Condition]
    position: int = 0
    nesting: int = 0
    conditions: int = 0

    def __post_init__(self) -> None:
        self.tokens = tokens(self.text)

    # --- looking

    @property
    def here(self) -> Token:
        """The token that is read next."""
        return self.ahead(0)

    def ahead(self, count: int) -> Token:
        """The token so many places further on; past the end it is the END."""
        return self.tokens[min(self.position + count, len(self.tokens) - 1)]

    def at_word(self, *words: str, ahead: int = 0) -> bool:
        """Whether one of these words stands here."""
        return self.ahead(ahead).word in words

    def at_symbol(self, symbol: str, *, ahead: int = 0) -> bool:
        """Whether this sign stands here."""
        token = self.ahead(ahead)
        return token.kind is TokenKind.SYMBOL and token.value == symbol

    def at_kind(self, *kinds: TokenKind, ahead: int = 0) -> bool:
        """Whether a token of one of these kinds stands here."""
        return self.ahead(ahead).kind in kinds

    def at_unit(self, *, ahead: int = 0) -> bool:
        """Whether `month`, `days` and the like stand here."""
        return self.ahead(ahead).word in UNIT_WORDS

    def at_name_of_value(self) -> bool:
        """Whether the word here is a name because a test, or a dot, follows it: `count = 3`, `top.score > 1`."""
        after = self.ahead(1)
        if after.kind is TokenKind.SYMBOL:
            return after.value in COMPARISONS or after.value in (".", "==")
        return after.word in TEST_WORDS

    # --- taking

    def take(self) -> Token:
        """The token here; the cursor moves on."""
        token = self.here
        self.position = min(self.position + 1, len(self.tokens) - 1)
        return token

    def take_words(self, *words: str) -> bool:
        """Whether these words stand here one after the other; if so, the cursor moves behind them."""
        found = all(self.ahead(place).word == word for place, word in enumerate(words))
        if found:
            self.position += len(words)
        return found

    def take_symbol(self, symbol: str) -> bool:
        """Whether this sign stands here; if so, the cursor moves behind it."""
        found = self.at_symbol(symbol)
        if found:
            self.position += 1
        return found

    def want_words(self, *words: str) -> None:
        """Move behind these words, or raise UnexpectedWord."""
        for word in words:
            if not self.take_words(word):
                self.unexpected(f"`{word}`")

    def want_symbol(self, symbol: str) -> None:
        """Move behind this sign, or raise UnexpectedWord."""
        if not self.take_symbol(symbol):
            self.unexpected(f"`{symbol}`")

    def span_from(self, start: Token) -> Span:
        """From the begin of `start` to the end of what was read last."""
        last = self.tokens[max(self.position - 1, 0)]
        return Span(start.span.start, max(last.span.end, start.span.end))

    # --- brackets and limits

    @contextmanager
    def brackets(self) -> Iterator[None]:
        """What is read inside stands in round brackets: `(` before it is taken, and `)` after it."""
        opening = self.here
        self.want_symbol("(")
        with self.nested(opening):
            yield
        if self.at_kind(TokenKind.END):
            raise UnclosedBracket(text=self.text, span=opening.span)
        if not self.take_symbol(")"):
            self.unexpected("`)`")

    @contextmanager
    def nested(self, start: Token) -> Iterator[None]:
        """What is read inside stands one level deeper; too deep is refused."""
        self.nesting += 1
        if self.nesting > limits.NESTING:
            self.fail(TooLarge, start.span, what="levels of nesting", most=limits.NESTING, advice=_DIVIDE)
        yield
        self.nesting -= 1

    def count_condition(self) -> None:
        """One condition more; too many are refused."""
        self.conditions += 1
        if self.conditions > limits.CONDITIONS:
            self.fail(TooLarge, self.here.span, what="conditions", most=limits.CONDITIONS, advice=_DIVIDE)

    # --- refusing

    def fail(self, error: type[LanguageError], span: Span, **facts: object) -> NoReturn:
        """Raise an error about a place in this text."""
        raise error(text=self.text, span=span, **facts)

    def unexpected(self, expected: str, token: Token | None = None) -> NoReturn:
        """Raise the error that fits the token, by default the one here, that stands instead of `expected`."""
        token = token or self.here
        if token.kind is TokenKind.NUMBER and token.value.startswith("-"):
            self.fail(NoArithmetic, Span(token.span.start, token.span.start + 1), sign="-")
        advice = _ADVICE.get(token.word or token.value)
        self.fail(UnexpectedWord, token.span, expected=expected, found=self.shown(token), advice=advice)

    def shown(self, token: Token) -> str:
        """A token as it is shown in a message, cut if it is long."""
        if token.kind is TokenKind.END:
            return "the end"
        written = self.text[token.span.start : token.span.end]
        return f"`{written}`" if len(written) <= _SHOWN else f"`{written[:_SHOWN]}…`"


_SHOWN = 40
_DIVIDE = "divide it into segments and name them with `in segment '...'`"
