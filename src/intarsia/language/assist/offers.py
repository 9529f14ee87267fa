"""From what the parser takes to what is offered: words with their meaning, names of the catalog, examples of values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from intarsia.language.catalog import EVENT_NAME, Catalog, EventType, Kind, Property
from intarsia.language.checking.check import kind_of
from intarsia.language.checking.names import LINES, PROFILE
from intarsia.language.checking.tests import MEANINGFUL, Asks
from intarsia.language.reading.cursor import UNITS
from intarsia.language.reading.expected import Context, Expected, Slot
from intarsia.language.reading.parse import STARTS
from intarsia.language.tree import Event, Path
from intarsia.language.words.meanings import KINDS, LITERALS, OF_NAMES, SIGNS, UNIT, meaning_of
from intarsia.language.words.spelling import spell_name, spell_text
from intarsia.speech import mark

EXAMPLES = {
    Slot.TEXT: "''",
    Slot.NUMBER: "1",
    Slot.DATE: "2026-01-31",
    Slot.INSTANT: "2026-01-31T10:00",
}
ASKED: dict[str, tuple[Asks, ...]] = {
    "=": (Asks.EQUALITY,),
    "!=": (Asks.EQUALITY,),
    "in": (Asks.EQUALITY, Asks.TIME),
    "(": (Asks.EQUALITY, Asks.ITEMS),
    "ignoring case": (Asks.TEXT, Asks.ITEMS),
    "true": (Asks.EQUALITY,),
    "false": (Asks.EQUALITY,),
    **dict.fromkeys(("<", "<=", ">", ">="), (Asks.ORDER,)),
    "between": (Asks.ORDER, Asks.TIME),
    **dict.fromkeys(("contains", "starts", "ends", "matches"), (Asks.TEXT,)),
    **dict.fromkeys(("has", "any", "all"), (Asks.ITEMS,)),
    **dict.fromkeys(("before", "after", "on", "since", "until", "more"), (Asks.TIME,)),
    **dict.fromkeys(("last", "next", "this", "previous", "today", "yesterday", "tomorrow"), (Asks.TIME,)),
}
"""What a word behind a value asks of it; one that is not here asks nothing in particular."""

LITERALS_OF: dict[Kind, tuple[Slot, ...]] = {
    Kind.TEXT: (Slot.TEXT,),
    Kind.NUMBER: (Slot.NUMBER,),
    Kind.MONEY: (Slot.NUMBER,),
    Kind.BOOLEAN: (),
    Kind.DATE: (Slot.DATE,),
    Kind.INSTANT: (Slot.DATE, Slot.INSTANT),
    Kind.LIST: (Slot.TEXT, Slot.NUMBER),
}
"""The literals that a value of each kind is compared with; of other kinds, all of them."""

ALWAYS_WITH = {"starts": "starts with", "ends": "ends with", "more": "more than"}
"""Words that are offered with the one that must follow."""
PHRASES: dict[str, tuple[str, ...]] = {
    "is": ("is known", "is unknown", "is empty", "is not empty"),
    "for": ("for at least", "for less than"),
}
"""Words behind a value that are offered with those that may follow."""

OF_EVENTS = frozenset({"not", "has line ("})
"""What a condition on an event can begin with, besides a property."""
OF_PEOPLE = frozenset({*STARTS, "segment", "area"}) - OF_EVENTS

NO_VALUES = mark("no values yet")

Names = tuple[str, ...]


@dataclass(frozen=True)
class Offer:
    """Something to be offered.

    name      what a reader would begin to write, without quotes
    is_blank  it is a name of which no value came yet
    """

    text: str
    kind: str
    explanation: str
    name: str
    is_blank: bool = False


class Offering:
    """Makes offers of what the parser expects.

    say       translates explanations
    previous  the token before: the number decides between `day` and `days`
    is_begun  the token before may not be finished: a name that nobody knows is being written
    """

    def __init__(self, catalog: Catalog, say: Callable[[str], str], previous: str, *, is_begun: bool) -> None:
        self._catalog = catalog
        self._say = say
        self._previous = previous
        self._is_begun = is_begun

    def offers(self, expected: Iterable[Expected]) -> list[Offer]:
        """Offers without repetition; a word is left out where it is offered together with those that follow."""
        found = list(dict.fromkeys(offer for item in expected for offer in self._of(item)))
        words = [offer.text for offer in found if offer.kind == "word"]
        return [
            offer
            for offer in found
            if offer.kind != "word" or not any(word.startswith(f"{offer.text} ") for word in words)
        ]

    def _of(self, item: Expected) -> Iterator[Offer]:
        match item.slot:
            case Slot.WORD | Slot.SIGN | Slot.FUNCTION:
                yield from self._word(item)
            case Slot.INSIDE_VALUE | Slot.INSIDE_EVENT:
                yield from self._dot(item)
            case Slot.VALUE:
                yield from self._values(item)
            case Slot.EVENT:
                yield from self._events(item)
            case Slot.SEGMENT:
                yield from self._texts("segment", self._catalog.segments)
            case Slot.AREA:
                yield from self._texts("area", self._catalog.areas)
            case Slot.CHANNEL | Slot.PURPOSE:
                yield from self._consents(item.slot)
            case Slot.UNIT:
                many = "s" if self._previous.isdigit() and int(self._previous) != 1 else ""
                yield from (self._offer(f"{unit}{many}", "unit", UNIT) for unit in UNITS)
            case Slot.CONSTANT:
                yield from self._constant(item)
            case Slot.CURRENCY:
                yield from self._currency(item)
            case _:
                yield from self._literal(item.slot)

    def _offer(self, text: str, kind: str, explanation: str, name: str | None = None) -> Offer:
        return Offer(text, kind, self._say(explanation), text if name is None else name)

    # --- words and signs

    def _word(self, item: Expected) -> Iterator[Offer]:
        is_one = item.text == "time" and self._previous.isdigit() and int(self._previous) != 1
        if item.text == "." or is_one or not self._fits(item):
            return
        text = f"{item.text}(" if item.slot is Slot.FUNCTION else item.text
        kind = "sign" if item.slot is Slot.SIGN else "function" if text.endswith("(") else "word"
        text = ALWAYS_WITH.get(text, text)
        for phrase in PHRASES.get(text, (text,)) if item.context.value is not None else (text,):
            yield self._offer(phrase, kind, meaning_of(phrase) or meaning_of(text) or "")
        if text == "is" and item.context.value == Path(PROFILE):
            for phrase in ("is identified", "is not identified"):
                yield self._offer(phrase, "word", meaning_of(phrase) or "")

    def _fits(self, item: Expected) -> bool:
        """Whether a word makes sense in its context: for the kind of the value, of an event or of a person."""
        context, text = item.context, item.text
        if context.value is not None:
            return self._fits_value(text, context)
        if context.event is None:
            return text != "has line ("
        if item.slot is Slot.FUNCTION or text in OF_PEOPLE:
            return False
        event = self._catalog.event_of(context.event)
        return text != "has line (" or (not context.is_line and event is not None and bool(event.lines))

    def _fits_value(self, text: str, context: Context) -> bool:
        kind = self._kind(context)
        if kind is None:
            # A word of the grammar that is no known name was meant as such: no test follows it.
            is_grammar = isinstance(context.value, Path) and context.value.names[0] in _FIRST_WORDS
            return not self._is_begun and not is_grammar
        if text in ("true", "false"):
            return kind in (Kind.BOOLEAN, Kind.ANY)
        asked = ASKED.get(text)
        return asked is None or any(asks in _fitting(kind) for asks in asked)

    def _kind(self, context: Context) -> Kind | None:
        if context.value is None:
            return None
        event = None if context.event is None else self._catalog.event_of(context.event)
        return kind_of(context.value, self._catalog, event)

    def _dot(self, item: Expected) -> Iterator[Offer]:
        """A dot, where something is known to be inside."""
        inside = self._values(item) if item.slot is Slot.INSIDE_VALUE else self._events(item)
        if next(inside, None) is not None:
            yield self._offer(".", "sign", SIGNS["."])

    # --- names

    def _values(self, item: Expected) -> Iterator[Offer]:
        if item.context.event is not None:
            event = self._catalog.event_of(item.context.event)
            if event is not None:
                yield from self._properties(event, item.before)
                yield from self._event_name(event, item.before)
                yield from self._event_itself(event, item.before)
            return
        traits = self._catalog.traits
        for name in _next_names(traits, item.before):
            trait = traits.get((*item.before, name))
            key = "derived trait" if trait is not None and trait.is_derived else "trait"
            is_blank = self._is_blank_trait((*item.before, name))
            yield self._named(name, "trait", key, of=Kind.OBJECT if trait is None else trait.kind, is_blank=is_blank)
        if not item.before:
            yield self._named(*PROFILE, "trait", "profile")

    def _is_blank_trait(self, names: Names) -> bool:
        """Whether nobody has a trait of that name, nor one inside it."""
        blank = self._catalog.sent.blank_traits
        return all(path in blank for path in self._catalog.traits if path[: len(names)] == names)

    def _event_name(self, event: EventType, before: Names) -> Iterator[Offer]:
        if not before and event.is_any and event.short is None:
            yield self._named(*EVENT_NAME, "property", "event name")

    def _event_itself(self, event: EventType, before: Names) -> Iterator[Offer]:
        """The event before its properties: `order.lines.sku`."""
        if not before and not event.is_any:
            yield self._event(event)

    def _events(self, item: Expected) -> Iterator[Offer]:
        if item.before:
            event = self._catalog.event_of(Event(item.before))
            if event is not None:
                yield from self._properties(event, item.before[1:])
            return
        yield from map(self._event, self._catalog.events.values())

    def _event(self, event: EventType) -> Offer:
        is_blank = self._catalog.sent.lacks_event(event)
        return self._named(event.short or event.name, "event", "event", event=event.name, is_blank=is_blank)

    def _properties(self, event: EventType, before: Names) -> Iterator[Offer]:
        """The names that go on from `before` in an event: its own properties, `lines`, those of its lines."""
        called = event.short or event.name
        if before and (before[0] == event.name or event.is_short(before[0])):
            before = before[1:]
        if before[:1] == LINES and event.lines:
            yield from self._inside(event, event.lines, before[1:], "line property")
            return
        yield from self._inside(event, event.properties, before, "property")
        if event.lines and not before:
            yield self._named(*LINES, "property", "lines", event=called)
        own = {path[:1] for path in event.properties}
        free = {path: known for path, known in event.lines.items() if path[:1] not in own}
        yield from self._inside(event, free, before, "line property")

    def _inside(self, event: EventType, known: Mapping[Names, Property], before: Names, key: str) -> Iterator[Offer]:
        for name in _next_names(known, before):
            found = known.get((*before, name))
            is_blank = found is not None and self._catalog.sent.lacks_property(event, found)
            of, called = found.kind if found else Kind.OBJECT, event.short or event.name
            yield self._named(name, "property", key, of=of, event=called, is_blank=is_blank)

    def _named(
        self, name: str, kind: str, key: str, *, of: Kind = Kind.ANY, event: str = "", is_blank: bool = False
    ) -> Offer:
        explanation = self._say(OF_NAMES[key]).format(kind=self._say(KINDS[of]), event=event)
        if is_blank:
            explanation = f"{explanation}; {self._say(NO_VALUES)}"
        return Offer(spell_name(name), kind, explanation, name, is_blank)

    def _texts(self, kind: str, names: Iterable[str]) -> Iterator[Offer]:
        known = sorted(names)
        for name in known:
            yield self._offer(spell_text(name), kind, OF_NAMES[kind], name)
        if not known:
            yield self._offer("''", "literal", LITERALS[kind])

    def _consents(self, slot: Slot) -> Iterator[Offer]:
        place = 0 if slot is Slot.CHANNEL else 1
        known = sorted({pair[place] for pair in self._catalog.consents})
        for name in known:
            yield self._offer(spell_name(name), slot.value, OF_NAMES[slot.value], name)
        if not known:
            example = "email" if slot is Slot.CHANNEL else "marketing"
            yield self._offer(example, "literal", LITERALS[slot.value])

    # --- literals

    def _constant(self, item: Expected) -> Iterator[Offer]:
        """What a value is compared with, by its kind."""
        for slot in LITERALS_OF.get(self._kind(item.context) or Kind.ANY, tuple(EXAMPLES)):
            yield from self._literal(slot)

    def _literal(self, slot: Slot) -> Iterator[Offer]:
        yield self._offer(EXAMPLES[slot], "literal", LITERALS[slot.value])

    def _currency(self, item: Expected) -> Iterator[Offer]:
        if item.context.value is None or self._kind(item.context) in (Kind.MONEY, Kind.ANY):
            yield self._offer(self._catalog.currency, "literal", LITERALS["currency"])


_FIRST_WORDS = frozenset(start.split(" ")[0].removesuffix("(") for start in STARTS)


def _fitting(kind: Kind) -> frozenset[Asks]:
    """What is likely to be asked; a text may read as a number or a date, but is rarely meant to."""
    rare = {Asks.ORDER, Asks.TIME} if kind is Kind.TEXT else {Asks.TEXT} if kind is not Kind.ANY else set()
    return MEANINGFUL[kind] - rare


def _next_names(known: Iterable[Names], before: Names) -> list[str]:
    """The names that stand behind `before` in paths, each once, in order."""
    size = len(before)
    return sorted({path[size] for path in known if path[:size] == before and len(path) > size})
