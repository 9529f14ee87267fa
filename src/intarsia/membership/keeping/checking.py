"""The keeper's check of itself: of some people each time, who is in is worked out once more by the interpreter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from intarsia.clock import FIRST
from intarsia.engine.columns.values import Array
from intarsia.language import Checked, tree
from intarsia.language.meaning.facts import Person
from intarsia.membership.instants import Beside, Rule
from intarsia.membership.standing import Standing
from intarsia.profile.derived import derive
from intarsia.segment.asking import Asking


@dataclass(frozen=True)
class Difference:
    """Somebody who is in a segment, or not, though the interpreter says otherwise."""

    segment: str
    place: int
    is_in: bool


def differences(
    asking: Asking, people: Mapping[int, Person], standings: Iterable[Standing], members: Mapping[str, Array]
) -> Iterator[Difference]:
    """Those of some people whom the interpreter puts elsewhere, in the segments whose rules are about one person.

    people   with all their facts as of the question, by place
    members  who is in which segment, by name
    A segment that another one names is taken as it stands: each is checked by its own rule. Ranks, moves into segments
    and their members of the past are about everybody; proofs check them, not this.
    """
    rules = {one.definition.name: Rule(one.content, asking.catalog, derive) for one in standings if _is_of_one(one)}
    at, known_at = asking.as_of.at, asking.as_of.known_at
    for place, person in people.items():
        for name, rule in rules.items():
            is_in = bool(members[name][place])
            if rule.holds(person, at, known_at, _beside(asking, name, rule, place, person, members)) != is_in:
                yield Difference(name, place, is_in)


def _is_of_one(standing: Standing) -> bool:
    if not isinstance(standing.content, Checked):
        return True
    about_many = tree.Rank | tree.Moved
    nodes = list(standing.content.tree.walk())
    return not any(
        isinstance(node, about_many) or (isinstance(node, tree.InSegment) and node.at is not None) for node in nodes
    )


def _beside(asking: Asking, name: str, rule: Rule, place: int, person: Person, members: Mapping[str, Array]) -> Beside:
    named = rule.content.segments if isinstance(rule.content, Checked) else frozenset()
    ids = frozenset(person.ids)
    pins = tuple(pin for pin in asking.evaluator.named[name].pins if pin.profile_id in ids)
    return Beside({other: [(FIRST, bool(members[other][place]))] for other in named}, pins=pins)
