"""How segments stand in an evaluation: who is in by the question, and what has to change in the ledger for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as compute

from intarsia.errors import UserError
from intarsia.ids import digest
from intarsia.language import Checked, tree
from intarsia.language.checking.named import FixedList
from intarsia.membership.ledger import Ledger
from intarsia.membership.meaning import meaning
from intarsia.membership.runs import SegmentState
from intarsia.segment.asking import Asking
from intarsia.segment.definitions import Definition, in_dependency_order
from intarsia.segment.invalid import ParentInvalid


@dataclass(frozen=True)
class Standing:
    """One segment that could be evaluated.

    content   its rule or its list; named: the segments that it names
    meaning   the digest of what it says; since: from which instant on the ledger goes by that
    previous  how it stood when it was last evaluated; None: never
    size      how many are in; changes: who has to enter or leave for that, as `profile_no` and `entered`
    """

    definition: Definition
    content: Checked | FixedList
    named: frozenset[str]
    meaning: str
    since: int
    previous: SegmentState | None
    size: int
    changes: pa.Table

    @property
    def id(self) -> str:
        """The segment's id."""
        return self.definition.segment_id

    @property
    def is_redefined(self) -> bool:
        """Whether it is evaluated by this meaning for the first time."""
        return self.previous is None or self.previous.meaning != self.meaning

    @property
    def entered(self) -> int:
        """How many enter."""
        return int(compute.sum(self.changes["entered"]).as_py() or 0)

    @property
    def left(self) -> int:
        """How many leave."""
        return len(self.changes) - self.entered


class Counted(Protocol):
    """Says who is in each segment, beside who is in by the ledger."""

    def of(self, definition: Definition) -> tuple[int, pa.Table]:
        """How many are in, and who has to enter or leave for that: `profile_no`, `entered`, by profile_no.

        Raises what is wrong with the definition.
        """
        ...


@dataclass(frozen=True)
class ByQuestion:
    """Who is in by a question that is put to everybody."""

    asking: Asking
    ledger: Ledger

    def of(self, definition: Definition) -> tuple[int, pa.Table]:
        """How many are in, and who has to enter or leave for that."""
        members = self.asking.numbers(definition.name)
        return members.num_rows, self.ledger.difference(definition.segment_id, members)


@dataclass
class Standings:
    """How all segments stand in one question; works them out in the order in which they depend on each other.

    counted  who is in; states: how they stood before, by id
    order   every definition in force; found: those that could be evaluated; invalid: why the others could not, by name
    """

    asking: Asking
    counted: Counted
    states: Mapping[str, SegmentState]
    order: list[Definition] = field(default_factory=list)
    found: dict[str, Standing] = field(default_factory=dict)
    invalid: dict[str, UserError] = field(default_factory=dict)
    _created: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.order = in_dependency_order(self.asking.definitions, self.asking.register.named_by)
        for definition in self.order:
            try:
                self.found[definition.name] = self._standing(definition)
            except UserError as error:
                self.invalid[definition.name] = error

    def _standing(self, definition: Definition) -> Standing:
        content = self.asking.register.content(definition, self.asking.catalog)
        named = frozenset() if isinstance(content, FixedList) else content.segments
        for name in sorted(named):
            if name in self.invalid:
                raise ParentInvalid(name=name)
        size, changes = self.counted.of(definition)
        present = frozenset() if isinstance(content, FixedList) else _seen_now(content.tree)
        areas = [] if isinstance(content, FixedList) else self._areas(content.tree)
        created = max([definition.created_at, *(self._created[name] for name in present), *(at for at, _ in areas)])
        self._created[definition.name] = created
        says = self._meaning(definition, content)
        previous = self.states.get(definition.segment_id)
        is_known = previous is not None and previous.meaning == says
        return Standing(
            definition,
            content,
            named,
            says,
            previous.since if previous is not None and is_known else min(self.asking.as_of.at, created),
            previous,
            size,
            changes,
        )

    def _meaning(self, definition: Definition, content: Checked | FixedList) -> str:
        if isinstance(content, FixedList):
            return digest(f"list {definition.segment_id} {definition.version}")
        parents = {name: self.found[name] for name in content.segments}
        by_meaning = {name: f"{parent.id} {parent.meaning}" for name, parent in parents.items()}
        says = meaning(content.tree, by_meaning, {name: parent.id for name, parent in parents.items()})
        areas = self._areas(content.tree)
        return digest(" ".join([says, *(drawn for _, drawn in areas)])) if areas else says

    def _areas(self, condition: tree.Condition) -> list[tuple[int, str]]:
        """Since when each area that a definition names is drawn as it is, and how: a new drawing is a new meaning."""
        names = sorted({node.name for node in condition.walk() if isinstance(node, tree.InsideArea)})
        found = [self.asking.catalog.areas[name].at(self.asking.as_of.known_at) for name in names]
        return [(version.recorded_at, version.coordinates) for version in found]


def _seen_now(condition: tree.Condition) -> frozenset[str]:
    """The segments that a definition sees as of the same instant, by the definition in force."""
    return frozenset(node.name for node in condition.walk() if isinstance(node, tree.InSegment) and node.at is None)
