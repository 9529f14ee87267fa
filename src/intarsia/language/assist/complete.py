"""What may stand at a place in a definition that is being written: words of the grammar, names of the catalog, signs.

The grammar is the parser's: it notes what it would have taken where the text ends (`parse_expected`), and each of
these is tried before it is offered. A mistake further up is set aside (`recover`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from intarsia.errors import Span
from intarsia.language import limits
from intarsia.language.assist.offers import Offer, Offering
from intarsia.language.catalog import Catalog
from intarsia.language.problems.reading import UnclosedQuote
from intarsia.language.problems.whole import LanguageError
from intarsia.language.reading.expected import Expected, Slot
from intarsia.language.reading.parse import cursor_over, read
from intarsia.language.reading.recover import PROBLEMS_MOST, without
from intarsia.language.reading.tokens import is_in_comment, tolerant_tokens
from intarsia.language.words.token import Token, TokenKind

KINDS = ("trait", "property", "event", "segment", "area", "channel", "purpose", "literal", "unit", "function", "word")
"""The kinds of suggestions in the order in which they are offered; signs come last, and then names without values."""

SAMPLES: dict[Slot, tuple[TokenKind, str]] = {
    Slot.VALUE: (TokenKind.QUOTED, "x"),
    Slot.EVENT: (TokenKind.QUOTED, "x"),
    Slot.CHANNEL: (TokenKind.QUOTED, "x"),
    Slot.PURPOSE: (TokenKind.QUOTED, "x"),
    Slot.SEGMENT: (TokenKind.TEXT, "x"),
    Slot.AREA: (TokenKind.TEXT, "x"),
    Slot.TEXT: (TokenKind.TEXT, "x"),
    Slot.CONSTANT: (TokenKind.TEXT, "x"),
    Slot.UNIT: (TokenKind.WORD, "day"),
    Slot.CURRENCY: (TokenKind.WORD, "EUR"),
    Slot.NUMBER: (TokenKind.NUMBER, "1"),
    Slot.DATE: (TokenKind.DATE, "2026-01-31"),
    Slot.INSTANT: (TokenKind.INSTANT, "2026-01-31T10:00"),
}
"""A token of each kind, to try whether such a thing may stand somewhere."""


@dataclass(frozen=True)
class Suggestion:
    """Something that may stand at the cursor.

    text         to put in place of what stands at `span`, which is empty where nothing is begun
    kind         one of `KINDS`, or "sign"; a "literal" is an example of what is wanted, to be written over
    explanation  what it means, in one line
    is_blank     it is a name of which no value came yet, which its explanation says too
    """

    text: str
    span: Span
    kind: str
    explanation: str
    is_blank: bool = False

    def to_json(self) -> dict[str, object]:
        """Text, start and end of what it replaces, kind, explanation."""
        place = {"start": self.span.start, "end": self.span.end}
        return {"text": self.text, **place, "kind": self.kind, "explanation": self.explanation}


def complete(text: str, position: int, catalog: Catalog, say: Callable[[str], str] = str) -> list[Suggestion]:
    """What may stand in `text` at `position` (characters from its begin), likely things first.

    The text may be incomplete, and wrong elsewhere; what stands behind the position is not looked at. Behind a word
    that is begun, what it could become; a sign may follow it at once. Inside a comment there is nothing to offer.
    say  translates the explanations
    """
    position = max(0, min(position, len(text)))
    before = text[:position]
    if is_in_comment(before) or len(before.encode("utf-8", "surrogatepass")) > 2 * limits.TEXT_BYTES:
        return []
    tokens, problems = tolerant_tokens(before)
    if any(_ends_at(problem, position) for problem in problems):
        return []
    here, begun = Span(position, position), _begun(tokens, before)
    found: list[Suggestion] = []
    if begun is not None:
        earlier = [token for token in tokens if token is not begun]
        place = Span(begun.span.start, _end_of(text, begun, position))
        offers = _offers(before[: begun.span.start], earlier, catalog, say)
        found = [_suggestion(offer, place) for offer in offers if _goes_on(begun, offer)]
    if begun is None or begun.kind is TokenKind.WORD:
        touches = len(tokens) > 1 and tokens[-2].span.end == position and tokens[-2].kind is not TokenKind.SYMBOL
        offers = _offers(before, tokens, catalog, say, is_begun=begun is not None)
        found += [_suggestion(offer, here) for offer in offers if _fits_behind(offer, touches=touches)]
    order = {kind: place for place, kind in enumerate(KINDS)}
    unique = {(suggestion.text, suggestion.span): suggestion for suggestion in reversed(found)}
    return sorted(
        unique.values(), key=lambda item: (item.is_blank, order.get(item.kind, len(order)), item.text.casefold())
    )


def _fits_behind(offer: Offer, *, touches: bool) -> bool:
    """Whether it can stand right behind a word: signs only; behind a blank, a dot would begin nothing."""
    return offer.kind == "sign" if touches else offer.text != "."


def _suggestion(offer: Offer, span: Span) -> Suggestion:
    return Suggestion(offer.text, span, offer.kind, offer.explanation, offer.is_blank)


# --- what is begun


def _ends_at(problem: LanguageError, position: int) -> bool:
    """Whether what cannot be read stands right before the place: half a date, but not a quote that is open still."""
    return not isinstance(problem, UnclosedQuote) and problem.span is not None and problem.span.end == position


def _begun(tokens: list[Token], before: str) -> Token | None:
    """The word or the quote at the end of the text that may not be finished."""
    last = tokens[-2] if len(tokens) > 1 else None
    if last is None or last.span.end != len(before):
        return None
    if last.kind is TokenKind.WORD:
        return last
    is_open = last.kind in (TokenKind.TEXT, TokenKind.QUOTED) and not _is_closed(before[last.span.start :])
    return last if is_open else None


def _is_closed(quoted: str) -> bool:
    quote = quoted[0]
    return re.fullmatch(f"{quote}[^{quote}]*(?:{quote}{quote}[^{quote}]*)*{quote}", quoted) is not None


def _end_of(text: str, begun: Token, position: int) -> int:
    """Where the word that is begun ends behind the cursor; a quote, only where it is closed before a blank."""
    if begun.kind is TokenKind.WORD:
        whole = re.compile(r"[\w\u200c\u200d]*").match(text, position)
    else:
        quote = text[begun.span.start]
        whole = re.compile(rf"[^\s{quote}]*{quote}").match(text, position)
    return whole.end() if whole else position


def _goes_on(begun: Token, offer: Offer) -> bool:
    """Whether what is offered goes on from what is begun, letter case aside."""
    if begun.kind is TokenKind.TEXT and not offer.text.startswith("'"):
        return False
    if begun.kind is TokenKind.QUOTED and offer.kind not in ("trait", "property", "event", "channel", "purpose"):
        return False
    written = begun.value.casefold()
    return any(name.casefold().startswith(written) for name in (offer.name, offer.text))


# --- what may stand there


def _offers(
    text: str, tokens: list[Token], catalog: Catalog, say: Callable[[str], str], *, is_begun: bool = False
) -> list[Offer]:
    """Everything that the parser takes behind the tokens; `is_begun`: the last of them may not be finished."""
    tokens = [*tokens[:-1], replace(tokens[-1], span=Span(len(text), len(text)))]
    previous = tokens[-2].value if len(tokens) > 1 else ""
    return Offering(catalog, say, previous, is_begun=is_begun).offers(_expected(text, tokens))


def _expected(text: str, tokens: list[Token]) -> list[Expected]:
    """What may stand behind the tokens, by the parser; broken conditions are set aside, but not what is written now."""
    touches = len(tokens) > 1 and tokens[-2].span.end == len(text)
    for _ in range(PROBLEMS_MOST):
        cursor = cursor_over(text, tokens, is_trial=True)
        problem = None
        try:
            read(cursor)
        except LanguageError as error:
            problem = error
        trial = _Trial(text, tokens)
        expected = [item for item in dict.fromkeys(cursor.expected) if trial.takes(item)]
        if expected or problem is None or cursor.is_short:
            return expected
        mended = without(cursor, problem)
        is_of_last = problem.span is not None and problem.span.end >= tokens[-2].span.start
        if mended is None or (touches and is_of_last):
            return []
        tokens = mended
    return []


class _Trial:
    """Tries what may stand behind the tokens of a text; things of one kind are tried once."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._known: dict[tuple[Slot, str], bool] = {}

    def takes(self, item: Expected) -> bool:
        """Whether the parser goes on behind it, or is content."""
        key = item.slot, item.text
        if key not in self._known:
            self._known[key] = self._is_taken(item)
        return self._known[key]

    def _is_taken(self, item: Expected) -> bool:
        added = list(self._sample(item))
        text = f"{self._text} {item.text or added[0].value}"
        end = Token(TokenKind.END, "", Span(len(text), len(text)))
        cursor = cursor_over(text, [*self._tokens[:-1], *added, end], is_trial=True)
        try:
            read(cursor)
        except LanguageError:
            return cursor.is_short
        return True

    def _sample(self, item: Expected) -> Iterator[Token]:
        start = len(self._text) + 1
        if item.slot in SAMPLES:
            kind, value = SAMPLES[item.slot]
            word = value if kind is TokenKind.WORD else ""
            yield Token(kind, value, Span(start, start + len(value)), word.lower())
            return
        text = f"{item.text}(" if item.slot is Slot.FUNCTION else item.text
        for token in tolerant_tokens(text)[0][:-1]:
            yield replace(token, span=Span(token.span.start + start, token.span.end + start))
