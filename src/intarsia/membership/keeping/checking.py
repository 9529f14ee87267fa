"""The keeper's check of itself: of some people each time, who is in is worked out once more by the interpreter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from intarsia.engine.columns.values import Array
from intarsia.language import Checked, tree
from intarsia.language.interpret import GivenSets, Question
from intarsia.language.interpret.conditions import is_member
from intarsia.language.interpret.known import Known
from intarsia.language.meaning.facts import Person
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
    checked = [one for one in standings if _is_of_one(one)]
    for place, person in people.items():
        known = Known(person, Question(asking.as_of.at, asking.as_of.known_at), asking.catalog, derive)
        for one in checked:
            name = one.definition.name
            is_in = bool(members[name][place])
            if _holds(asking, one, known, {other: bool(members[other][place]) for other in one.named}) != is_in:
                yield Difference(name, place, is_in)


def _is_of_one(standing: Standing) -> bool:
    nodes = standing.content.tree.walk() if isinstance(standing.content, Checked) else ()
    return not any(
        isinstance(node, tree.Rank | tree.Moved) or (isinstance(node, tree.InSegment) and node.at is not None)
        for node in nodes
    )


def _holds(asking: Asking, standing: Standing, known: Known, named: Mapping[str, bool]) -> bool:
    """Whether somebody is in, who is in the segments that are named or not; by hand, by list or by rule."""
    by_hand = asking.evaluator.named[standing.definition.name].by_hand(
        known.person.ids, asking.as_of.at, asking.as_of.known_at
    )
    if not known.is_in_base or any(pin.is_exclusion for pin in by_hand):
        return False
    if by_hand:
        return True
    if not isinstance(standing.content, Checked):
        return not standing.content.ids.isdisjoint(known.person.ids)
    segments = {name: frozenset([known.id] if is_in else ()) for name, is_in in named.items()}
    return is_member(standing.content.tree, known, GivenSets(segments=segments))
