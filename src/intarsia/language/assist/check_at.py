"""What stands at a place in a definition, and everything that is wrong with it: for a page or an editor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from intarsia.errors import Span, UserError
from intarsia.language import tree as t
from intarsia.language.catalog import EVENT_NAME, Catalog, EventType, Kind
from intarsia.language.checking.check import kind_of, problems_of
from intarsia.language.checking.names import PROFILE
from intarsia.language.problems.whole import TooLarge
from intarsia.language.reading.cursor import UNIT_WORDS
from intarsia.language.reading.parse import check_size
from intarsia.language.reading.recover import recovered
from intarsia.language.reading.tokens import tolerant_tokens
from intarsia.language.sentences.sentence import sentence, tongue_of
from intarsia.language.words.meanings import KINDS, LITERALS, OF_NAMES, UNIT, meaning_of
from intarsia.language.words.token import Token, TokenKind
from intarsia.speech import mark

UNKNOWN = mark("a name that this workspace does not know")
OF_TOKENS = {
    TokenKind.TEXT: "text",
    TokenKind.NUMBER: "number",
    TokenKind.DATE: "date",
    TokenKind.INSTANT: "instant",
}


@dataclass(frozen=True)
class Standing:
    """What stands at the cursor.

    name      as it is written; span: where
    kind      "trait", "property", "event", "segment", "area", "word", "sign", "literal", "unit" or "unknown"
    meaning   what it means, in one line
    """

    name: str
    span: Span
    kind: str
    meaning: str

    def to_json(self) -> dict[str, object]:
        """Name, start, end, kind, meaning."""
        place = {"start": self.span.start, "end": self.span.end}
        return {"name": self.name, **place, "kind": self.kind, "meaning": self.meaning}


@dataclass(frozen=True)
class Look:
    """A definition looked at from a place in it.

    standing  what stands there; None between words
    sentence  of the innermost condition around the place, without a full stop; None where it cannot be read
    problems  all that is wrong with the text, in its order; those that only follow from another are left out
    """

    standing: Standing | None
    sentence: str | None
    problems: tuple[UserError, ...]

    def to_json(self) -> dict[str, object]:
        """What stands there, the sentence, and the problems in the shape of errors."""
        standing = self.standing and self.standing.to_json()
        problems = [problem.to_json() for problem in self.problems]
        return {"standing": standing, "sentence": self.sentence, "problems": problems}


def check_at(
    text: str, position: int | None, catalog: Catalog, say: Callable[[str], str] = str, language: str = "en"
) -> Look:
    """What stands in `text` at `position`, and everything that is wrong with the text.

    position  characters from the begin of the text; None: the whole definition is looked at
    say       translates what things mean
    language  of the sentence, where it can be had in it, else English
    """
    try:
        check_size(text)
    except TooLarge as problem:
        # It might be of any length: nothing more is read of it.
        return Look(None, None, (problem,))
    read = recovered(text)
    found = [] if read.tree is None else problems_of(read.tree, catalog, text)
    problems = sorted((*read.problems, *found), key=_place)
    if position is None:
        said = None if read.tree is None or problems else sentence(read.tree, tongue_of(language), catalog=catalog)
        return Look(None, said, tuple(problems))
    way = [] if read.tree is None else _way(read.tree, position)
    around = _about_people(way)
    is_said = around and not _is_broken(around[-1], read.problems)
    said = sentence(around[-1], tongue_of(language), catalog=catalog) if is_said else None
    return Look(_standing(text, position, way, _Dictionary(catalog, say)), said, tuple(problems))


def _place(problem: UserError) -> int:
    return problem.span.start if problem.span else 0


def _way(node: t.Node, position: int) -> list[t.Node]:
    """The nodes around a place, the outermost first."""
    if node.span is None or not node.span.start <= position <= node.span.end:
        return []
    inside = (_way(child, position) for child in node.children())
    return [node, *next((way for way in inside if way), [])]


def _about_people(way: list[t.Node]) -> list[t.Condition]:
    """The conditions around a place that speak of a person, not of one of the events."""
    found: list[t.Condition] = []
    for node in way:
        # `never order` is a negation and what it negates, in one place: the whole is meant.
        if isinstance(node, t.Condition) and not (found and found[-1].span == node.span):
            found.append(node)
        if hasattr(node, "event"):
            break
    return found


def _is_broken(node: t.Node, problems: tuple[UserError, ...]) -> bool:
    """Whether something in it could not be read, so that `everyone` stands for it."""
    span = node.span
    places = (problem.span for problem in problems if problem.span)
    return span is not None and any(span.start <= place.start <= span.end for place in places)


# --- what stands there


def _standing(text: str, position: int, way: list[t.Node], dictionary: _Dictionary) -> Standing | None:
    token = _token_at(text, position)
    if token is None:
        return None
    written = text[token.span.start : token.span.end]
    named = next((node for node in reversed(way) if isinstance(node, t.Path | t.Event)), None)
    if named is not None and token.kind in (TokenKind.WORD, TokenKind.QUOTED) and not _is_any(named, token):
        place = named.span or token.span
        kind, meaning = dictionary.of_name(named, way)
        return Standing(text[place.start : place.end], place, kind, meaning)
    if token.kind is TokenKind.TEXT:
        kind, meaning = dictionary.of_text(token, way)
        return Standing(written, token.span, kind, meaning)
    if token.kind in OF_TOKENS:
        return Standing(written, token.span, "literal", dictionary.say(LITERALS[OF_TOKENS[token.kind]]))
    return dictionary.of_word(written, token)


def _token_at(text: str, position: int) -> Token | None:
    """The token that the place is in, before, or right behind."""
    tokens = tolerant_tokens(text)[0][:-1]
    touching = [token for token in tokens if token.span.start <= position <= token.span.end]
    words = [token for token in touching if token.kind is not TokenKind.SYMBOL]
    return next(iter(reversed(words or touching)), None)


def _is_any(node: t.Node, token: Token) -> bool:
    return isinstance(node, t.Event) and node.is_any and token.word in ("any", node.names[0])


class _Dictionary:
    """Says what names, words and literals mean in a workspace."""

    def __init__(self, catalog: Catalog, say: Callable[[str], str]) -> None:
        self._catalog = catalog
        self.say = say

    def of_word(self, written: str, token: Token) -> Standing | None:
        if token.word in UNIT_WORDS:
            return Standing(written, token.span, "unit", self.say(UNIT))
        meaning = meaning_of(token.word or written)
        if meaning is None:
            kind = "unknown" if token.kind in (TokenKind.WORD, TokenKind.QUOTED) else ""
            return Standing(written, token.span, kind, self.say(UNKNOWN)) if kind else None
        return Standing(written, token.span, "word" if token.word else "sign", self.say(meaning))

    def of_text(self, token: Token, way: list[t.Node]) -> tuple[str, str]:
        owner = way[-1] if way else None
        if isinstance(owner, t.InSegment | t.Moved) and owner.name == token.value:
            is_known = token.value in self._catalog.segments
            return ("segment", self.say(OF_NAMES["segment"])) if is_known else ("unknown", self.say(UNKNOWN))
        if isinstance(owner, t.InsideArea):
            is_known = token.value in self._catalog.areas
            return ("area", self.say(OF_NAMES["area"])) if is_known else ("unknown", self.say(UNKNOWN))
        return "literal", self.say(LITERALS["text"])

    def of_name(self, node: t.Path | t.Event, way: list[t.Node]) -> tuple[str, str]:
        if isinstance(node, t.Event):
            return self._event(node)
        event = self._event_around(way)
        if event is not None:
            return self._property(node.names, event)
        if node.names == PROFILE:
            return "trait", self.say(OF_NAMES["profile"])
        kind = kind_of(node, self._catalog)
        trait = self._catalog.trait(node.names)
        key = "derived trait" if trait is not None and trait.is_derived else "trait"
        return self._named("trait", key, kind)

    def _event(self, node: t.Event) -> tuple[str, str]:
        event = self._catalog.event_of(node)
        if event is None:
            return "unknown", self.say(UNKNOWN)
        if len(node.names) > 1:
            return self._property(node.names[1:], event)
        return "event", self.say(OF_NAMES["event"]).format(event=event.name)

    def _property(self, names: tuple[str, ...], event: EventType) -> tuple[str, str]:
        if names == EVENT_NAME and names not in event.properties:
            return "property", self.say(OF_NAMES["event name"])
        called = event.short or event.name
        if names == ("lines",) and event.lines:
            return "property", self.say(OF_NAMES["lines"]).format(event=called)
        found = event.property(names)
        key = "line property" if found is not None and found.is_of_line else "property"
        return self._named("property", key, kind_of(t.Path(names), self._catalog, event), called)

    def _named(self, name: str, key: str, kind: Kind | None, event: str = "") -> tuple[str, str]:
        if kind is None:
            return "unknown", self.say(UNKNOWN)
        return name, self.say(OF_NAMES[key]).format(kind=self.say(KINDS[kind]), event=event)

    def _event_around(self, way: list[t.Node]) -> EventType | None:
        """The event whose `where` or `had` a name stands in."""
        for owner in reversed(way):
            event = getattr(owner, "event", None)
            if isinstance(event, t.Event):
                return self._catalog.event_of(event)
        return None
