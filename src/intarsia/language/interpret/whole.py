"""One person with all that an answer about them rests on; and what being in a segment is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from intarsia.language import tree
from intarsia.language.catalog import Catalog
from intarsia.language.checking.named import FixedList, NamedSegments
from intarsia.language.interpret.question import Derive, Question
from intarsia.language.interpret.sets import Sets
from intarsia.language.meaning.facts import Person

if TYPE_CHECKING:
    from intarsia.language.checking.check import Checked


@dataclass(frozen=True)
class InBase(tree.Node):
    """The person is known, and not deleted (rules 1 and 6)."""


@dataclass(frozen=True)
class OnList(tree.Node):
    """The person is on the list that a segment is."""

    name: str


@dataclass(frozen=True)
class ByHand(tree.Node):
    """The person is pinned into a segment, or with `is_exclusion` kept out of it."""

    name: str
    is_exclusion: bool


Asked = tree.Condition | InBase | OnList | ByHand
"""A condition, or a piece of what a segment is made of beside its rule."""


def joined(*parts: Asked) -> tree.And:
    """All of some pieces."""
    return tree.And(parts)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Whole:
    """One person and one question, with everything that answers rest on.

    person      with the facts of all profiles that are theirs
    sets        who is in ranks, and in segments at other instants, as of the question
    segments    the definitions that may be named; defined_at: those in force then, None: the last ones
    """

    person: Person
    question: Question
    catalog: Catalog
    sets: Sets
    segments: NamedSegments = field(default_factory=NamedSegments)
    defined_at: int | None = None
    derive: Derive | None = None

    def inside(self, name: str) -> tree.And:
        """What a segment is made of: its rule or list, with who was put in, without who was kept out (rule 39)."""
        content = self._content(name)
        rule: Asked = OnList(name) if isinstance(content, FixedList) else content.tree
        put_in = tree.Or((rule, ByHand(name, is_exclusion=False)))  # type: ignore[arg-type]
        kept_out = ByHand(name, is_exclusion=True)
        return joined(put_in, tree.Not(kept_out))  # type: ignore[arg-type]

    def is_listed(self, name: str) -> bool:
        """Whether the person is on the list that a segment is."""
        content = self._content(name)
        return isinstance(content, FixedList) and not content.ids.isdisjoint(self.person.ids)

    def is_by_hand(self, node: ByHand, at: int) -> bool:
        """Whether a pin or an exclusion of the person counts as of an instant."""
        pins = self.segments[node.name].by_hand(self.person.ids, at, self.question.known_at)
        return any(pin.is_exclusion is node.is_exclusion for pin in pins)

    def edges_by_hand(self, name: str) -> set[int]:
        """The instants at which pins and exclusions of the person begin or cease to count."""
        pins = (pin for pin in self.segments[name].pins if pin.profile_id in self.person.ids)
        return {edge for pin in pins for edge in pin.edges()}

    def _content(self, name: str) -> Checked | FixedList:
        return self.segments.content(name, self.segments[name].in_force(self.defined_at))
