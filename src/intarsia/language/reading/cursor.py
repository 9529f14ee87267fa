"""Going through the tokens of a text: what stands here, what is taken, and what was expected instead.

Every look at the end of the text is noted in `expected`: that is what completion offers there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import NoReturn

from intarsia.errors import Phrase, Span, phrase
from intarsia.language import limits
from intarsia.language.advice.advise import advise
from intarsia.language.advice.place import Place
from intarsia.language.problems.reading import NoArithmetic, UnclosedBracket, UnexpectedWord
from intarsia.language.problems.whole import LanguageError, TooLarge
from intarsia.language.reading.expected import PERSON, Context, Expected, Slot
from intarsia.language.tree import Condition, Event, Value
from intarsia.language.words.token import MISTAKEN, Token, TokenKind

COMPARISONS = frozenset({"=", "!=", "<>", "<", "<=", ">", ">="})
TEST_WORDS = frozenset(
    "in not is has between contains starts ends matches before after on since until more like ilike".split()
)
UNITS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
UNIT_WORDS = frozenset((*UNITS, *(f"{unit}s" for unit in UNITS)))


@dataclass
class Cursor:
    """A place in the tokens of a text.

    tokens     of the text, the END last
    condition  reads a condition; handed in, so that values can hold conditions without a circle of modules
    expected   what would have been taken where the tokens end
    is_short   whether reading failed because the tokens end too early, and for no other reason
    begun      where the conditions begin that are being read, the innermost last
    is_trial   nobody will read what an error advises
    """

    text: str
    tokens: list[Token]
    condition: Callable[[Cursor], Condition]
    position: int = 0
    nesting: int = 0
    deepest: int = 0
    conditions: int = 0
    context: Context = PERSON
    expected: list[Expected] = field(default_factory=list)
    is_short: bool = False
    begun: list[int] = field(default_factory=list)
    is_trial: bool = False

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
        self.expect(Slot.WORD, *words, ahead=ahead)
        return self.ahead(ahead).word in words

    def at_symbol(self, symbol: str, *, ahead: int = 0) -> bool:
        """Whether this sign stands here."""
        self.expect(Slot.SIGN, symbol, ahead=ahead)
        token = self.ahead(ahead)
        return token.kind is TokenKind.SYMBOL and token.value == symbol

    def at_kind(self, *kinds: TokenKind, ahead: int = 0) -> bool:
        """Whether a token of one of these kinds stands here."""
        return self.ahead(ahead).kind in kinds

    def at_unit(self, *, ahead: int = 0) -> bool:
        """Whether `month`, `days` and the like stand here."""
        self.expect(Slot.UNIT, ahead=ahead)
        return self.ahead(ahead).word in UNIT_WORDS

    def at_name_of_value(self) -> bool:
        """Whether the word here is a name because a test, or a dot, follows it: `count = 3`, `top.score > 1`."""
        after = self.ahead(1)
        if after.kind is TokenKind.SYMBOL:
            return after.value in COMPARISONS or after.value in (".", *MISTAKEN)
        return after.word in TEST_WORDS

    # --- taking

    def take(self) -> Token:
        """The token here; the cursor moves on."""
        token = self.here
        self.position = min(self.position + 1, len(self.tokens) - 1)
        return token

    def take_words(self, *words: str) -> bool:
        """Whether these words stand here one after the other; if so, the cursor moves behind them."""
        for place, word in enumerate(words):
            self.expect(Slot.WORD, " ".join(words[place:]), ahead=place)
            if self.ahead(place).word != word:
                return False
        self.position += len(words)
        return True

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

    # --- what is expected

    def expect(self, slot: Slot, *texts: str, ahead: int = 0, before: Sequence[str] = ()) -> None:
        """Note that this could stand here, if the tokens end here."""
        if self.position + ahead == len(self.tokens) - 1:
            self.expected.extend(Expected(slot, self.context, text, tuple(before)) for text in texts or ("",))

    @contextmanager
    def speaking_of(self, event: Event | None, *, is_line: bool = False) -> Iterator[None]:
        """What is read inside is asked of one event, or of one of its lines."""
        outside, self.context = self.context, Context(event, is_line)
        yield
        self.context = outside

    @contextmanager
    def testing(self, value: Value) -> Iterator[None]:
        """What is read inside is the test of a value."""
        outside, self.context = self.context, replace(self.context, value=value)
        yield
        self.context = outside

    # --- brackets and limits

    @contextmanager
    def brackets(self) -> Iterator[None]:
        """What is read inside stands in round brackets: `(` before it is taken, and `)` after it."""
        opening = self.here
        self.want_symbol("(")
        with self.nested(opening):
            yield
        if self.take_symbol(")"):
            return
        if self.at_kind(TokenKind.END):
            self.is_short = True
            raise UnclosedBracket(text=self.text, span=opening.span)
        self.unexpected("`)`")

    @contextmanager
    def nested(self, start: Token) -> Iterator[None]:
        """What is read inside stands one level deeper; too deep is refused."""
        self.nesting += 1
        self.allow_nesting(self.nesting, start)
        yield
        self.nesting -= 1

    def allow_nesting(self, levels: int, start: Token) -> None:
        """So many levels are there; too many are refused."""
        self.deepest = max(self.deepest, levels)
        if levels > limits.NESTING:
            self.fail(TooLarge, start.span, what=phrase("levels of nesting"), most=limits.NESTING, next_step=_DIVIDE)

    def count_condition(self) -> None:
        """One condition more; too many are refused."""
        self.conditions += 1
        if self.conditions > limits.CONDITIONS:
            self.fail(TooLarge, self.here.span, what=phrase("conditions"), most=limits.CONDITIONS, next_step=_DIVIDE)

    # --- refusing

    def fail(self, error: type[LanguageError], span: Span, **facts: object) -> NoReturn:
        """Raise an error about a place in this text."""
        raise error(text=self.text, span=span, **facts)

    def unexpected(self, expected: str, token: Token | None = None) -> NoReturn:
        """Raise the error that fits the token, by default the one here, that stands instead of `expected`."""
        token = token or self.here
        self.is_short = token.kind is TokenKind.END
        if token.kind is TokenKind.NUMBER and token.value.startswith("-"):
            sign = Span(token.span.start, token.span.start + 1)
            self.fail(NoArithmetic, sign, sign="-", next_step=self._next_step(token))
        wanted = Phrase(expected)
        found, step = self.shown(token), self._next_step(token)
        self.fail(UnexpectedWord, token.span, expected=wanted, found=found, next_step=step)

    def place(self, token: Token) -> Place:
        """A token and what is around it, as those look at it who advise."""
        index = next(place for place, each in enumerate(self.tokens) if each is token)
        return Place(self.text, self.tokens, index, lambda: self._words_at(index))

    def _next_step(self, token: Token) -> Phrase | None:
        """What to write instead of a token."""
        told = None if self.is_trial else advise(self.place(token))
        return None if told is None else Phrase(*told)

    def _words_at(self, index: int) -> list[str]:
        """The words of the grammar that could stand in place of a token, by reading up to it."""
        end = self.tokens[-1]
        probe = Cursor(self.text, [*self.tokens[:index], end], self.condition, is_trial=True)
        with suppress(LanguageError):
            self.condition(probe)
        words = (item for item in probe.expected if item.slot in (Slot.WORD, Slot.FUNCTION))
        return [item.text.split(" ")[0].removesuffix("(") for item in words]

    def shown(self, token: Token) -> str | Phrase:
        """A token as it is shown in a message, cut if it is long."""
        if token.kind is TokenKind.END:
            return phrase("the end")
        written = self.text[token.span.start : token.span.end]
        return f"`{written}`" if len(written) <= _SHOWN else f"`{written[:_SHOWN]}…`"


_SHOWN = 40
_DIVIDE = phrase("divide it into segments and name them with `in segment '...'`")
