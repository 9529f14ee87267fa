"""Which facts a condition looks at: whatever else is known of a person changes nothing of its answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from intarsia.language import tree
from intarsia.language.catalog import Catalog
from intarsia.language.interpret.known import PROFILE
from intarsia.language.interpret.whole import Asked, InBase
from intarsia.language.meaning.consents import RANKS
from intarsia.language.meaning.deletion import DELETED, RESTORED
from intarsia.language.meaning.facts import Fact, Person
from intarsia.language.meaning.orders import CANCELLED, ORDER, REFUND, UPDATED

STATEMENT = "identify"
VERSIONS = frozenset({ORDER, UPDATED, CANCELLED, REFUND})
"""What an order, and what is given back of it, is read from."""


def looked_at(node: Asked, facts: Iterable[Fact], catalog: Catalog) -> tuple[Fact, ...]:
    """Those of a person's facts that a condition without parts is decided by."""
    if isinstance(node, InBase):
        return _of_base(tuple(facts))
    names, asked = _names(node, catalog), _asked_traits(node, catalog)
    found = (_said(fact, asked) if fact.kind == STATEMENT else _happened(fact, names) for fact in facts)
    return tuple(fact for fact in found if fact is not None)


def _said(fact: Fact, asked: frozenset[str] | None) -> Fact | None:
    """What a statement says of the traits that are asked about; None of those: all that it says."""
    if asked is None:
        return fact
    properties = {name: value for name, value in fact.properties.items() if name in asked}
    return replace(fact, properties=properties) if properties else None


def _happened(fact: Fact, names: frozenset[str] | None) -> Fact | None:
    return fact if names is None or fact.name in names else None


def _of_base(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The first fact, undated ones first, for they count at every instant; and what deletes and restores."""
    first = min(facts, key=lambda fact: (not fact.is_undated, fact.occurred_at), default=None)
    said = [fact for fact in facts if fact.name in (DELETED, RESTORED) and fact is not first]
    return tuple(said) if first is None else (first, *said)


def _names(node: Asked, catalog: Catalog) -> frozenset[str] | None:
    """The names of the events that a condition looks at; None: all of them."""
    if _is_of_profile(node):
        return None
    found: set[str] = set()
    for one in node.walk():
        if isinstance(one, tree.Consent):
            found |= RANKS.keys()
        if isinstance(one, tree.Event):
            known = catalog.event_of(one)
            if known is None or (known.is_any and known.name != ORDER):
                return None
            found |= VERSIONS if known.name == ORDER else {known.name}
    return frozenset(found)


def _is_of_profile(node: Asked) -> bool:
    """Whether it asks who the person is, which every fact may tell."""
    return isinstance(node, tree.Test) and node.value == tree.Path(PROFILE)


def _asked_traits(node: Asked, catalog: Catalog) -> frozenset[str] | None:
    """The traits that a condition looks at; None: any, for it asks what follows from others, or whose clock it is."""
    is_local = any(isinstance(one, tree.Window) and one.local for one in node.walk())
    if is_local or isinstance(node, tree.Near | tree.InsideArea) or _is_of_profile(node):
        return None
    if not isinstance(node, tree.Test) or not isinstance(node.value, tree.Path | tree.Anniversary):
        return frozenset()
    names = node.value.names if isinstance(node.value, tree.Path) else node.value.path.names
    traits = (catalog.trait(names), catalog.trait(names[:1]))
    return None if any(trait is not None and trait.is_derived for trait in traits) else frozenset(names[:1])


def with_facts(person: Person, facts: Iterable[Fact]) -> Person:
    """The same person with other facts."""
    return Person(person.id, tuple(facts), person.other_ids)
