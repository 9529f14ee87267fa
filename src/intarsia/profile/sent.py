"""Which names of a catalog no value came of, by what was counted of the record's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from intarsia.language.catalog import EventType, Kind, Names, Sent, Trait
from intarsia.language.meaning.orders import CANCELLED, ORDER
from intarsia.profile.derived import sources
from intarsia.profile.vocabulary import STANDARD_TRAITS
from intarsia.record.vocabulary import REFUND_NAME, SHIPPED
from intarsia.record.words import Word, type_of

STATUS = (ORDER, False, ("status",))
"""What a cancellation says of its order without sending it."""


def sent(found: Iterable[Word], traits: Mapping[Names, Trait], events: Mapping[str, EventType]) -> Sent:
    """Of which traits, events and properties of a catalog no value came, and of which kind all values of traits are."""
    seen = [word for word in found if word.seen]
    stated = {word.path: word for word in seen if word.scope == "trait"}
    happened = {type_of(word.event) for word in seen if word.scope != "trait"}
    said = {(type_of(word.event), word.scope == "line", word.path) for word in seen if word.scope != "trait"}
    said |= {STATUS for word in seen if word.event == CANCELLED}
    said |= {(REFUND_NAME, *place[1:]) for place in said if place[0] == ORDER}  # what a refund borrows of its order
    named = {
        (event.name, is_of_line, path)
        for event in events.values()
        for is_of_line, known in ((False, event.properties), (True, event.lines))
        for path in known
    }
    return Sent(
        blank_traits=frozenset(path for path, trait in traits.items() if not _is_stated(trait, stated)),
        blank_events=frozenset(events) - happened,
        blank_properties=frozenset(named - said),
        recorded=frozenset(path for path, trait in traits.items() if trait.is_derived and path in stated),
        kinds=_kinds(traits, stated),
    )


def builtin_words(found: Iterable[Word]) -> list[Word]:
    """The built-in names of which the record holds no word."""
    there = {(word.scope, word.event, word.path) for word in found}
    places: list[tuple[str, str, Names, Kind, str | None]]
    places = [("trait", "", path, trait.kind, trait.family.value) for path, trait in STANDARD_TRAITS.items()]
    for event in SHIPPED.values():
        places.append(("event", event.name, (), Kind.ANY, None))
        places += [("event", event.name, path, known.kind, None) for path, known in event.properties.items()]
        places += [("line", event.name, path, known.kind, None) for path, known in event.lines.items()]
    return [
        Word(scope, event, path, kind, family, is_corrected=False, seen=0, unfit=0, unfit_example=None)
        for scope, event, path, kind, family in sorted(places, key=lambda place: place[:3])
        if (scope, event, path) not in there
    ]


def _is_stated(trait: Trait, stated: Mapping[Names, Word]) -> bool:
    """Whether a value came of the trait, or of one that it is worked out from, at the top or as a part of `address`."""
    if not trait.is_derived:
        return trait.path in stated
    read = [name for name in sources(trait.path[0]) if name != "address"]
    return any((name,) in stated or ("address", name) in stated for name in read)


def _kinds(traits: Mapping[Names, Trait], stated: Mapping[Names, Word]) -> dict[Names, Kind]:
    """Of a word that somebody corrected, the values before were counted by another kind: nothing is said of it."""
    uniform = {path: word.kind for path, word in stated.items() if not word.unfit and not word.is_corrected}
    derived = {path: trait.kind for path, trait in traits.items() if trait.is_derived and path not in stated}
    return {**uniform, **derived}
