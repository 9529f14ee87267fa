"""The keeper's check of itself: of some people each time, who is in is worked out once more by the interpreter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from intarsia.engine.columns.grown import Grown
from intarsia.engine.columns.values import Array
from intarsia.language import Checked, tree
from intarsia.language.interpret import GivenSets, Question
from intarsia.language.interpret.conditions import is_member
from intarsia.language.interpret.known import Known
from intarsia.language.meaning.facts import Person
from intarsia.membership.standing import Standing
from intarsia.profile.derived import derive
from intarsia.segment.asking import Asking
from intarsia.segment.present import read_people

PEOPLE_AT_ONCE = 20
"""So many people are worked out once more each time, while they have no more facts together than"""
FACTS_AT_ONCE = 2_000


@dataclass(frozen=True)
class Difference:
    """Somebody who is in a segment, or not, though the interpreter says otherwise."""

    segment: str
    place: int
    is_in: bool


@dataclass(frozen=True)
class Looked:
    """Some people with all their facts, by place, and where they are elsewhere; `finished`: with so many it is done."""

    people: Mapping[int, Person]
    differences: tuple[Difference, ...]
    finished: int


class Round:
    """Goes round everybody, a few people each time, as far as `FACTS_AT_ONCE` allow.

    Of somebody who has more facts than that, fewer segments are looked at each time.
    """

    def __init__(self) -> None:
        self._place = 0
        self._segments_done = 0

    def look(
        self, asking: Asking, columns: Grown, standings: Sequence[Standing], members: Mapping[str, Array]
    ) -> Looked:
        """Work out who comes next; members: who is in which segment, by name."""
        alive = np.flatnonzero(columns.base())
        first = int(np.searchsorted(alive, self._place))
        places = alive[first : first + PEOPLE_AT_ONCE].tolist()
        if not places:
            self._place = self._segments_done = 0
            return Looked({}, (), 0)
        facts = list(accumulate(asking.facts_of(places)))
        places = places[: max(1, sum(one <= FACTS_AT_ONCE for one in facts))]
        checked = [one for one in standings if is_of_one(one)]
        last = len(checked)
        if facts[0] > FACTS_AT_ONCE:
            last = min(last, self._segments_done + max(1, len(checked) * FACTS_AT_ONCE // facts[0]))
        people = read_people(asking, columns.ids, places)
        found = tuple(differences(asking, people, checked[self._segments_done : last], members))
        is_whole = last >= len(checked)
        self._place, self._segments_done = (places[-1] + 1, 0) if is_whole else (places[0], last)
        return Looked(people, found, len(places) if is_whole else 0)


def differences(
    asking: Asking, people: Mapping[int, Person], standings: Iterable[Standing], members: Mapping[str, Array]
) -> Iterator[Difference]:
    """Those of some people whom the interpreter puts elsewhere, in the segments whose rules are about one person.

    people     with all their facts as of the question, by place
    standings  the segments, whose rules are about one person: see `is_of_one`
    members    who is in which segment, by name
    A segment that another one names is taken as it stands: each is checked by its own rule.
    """
    for place, person in people.items():
        known = Known(person, Question(asking.as_of.at, asking.as_of.known_at), asking.catalog, derive)
        for one in standings:
            name = one.definition.name
            is_in = bool(members[name][place])
            if _holds(asking, one, known, {other: bool(members[other][place]) for other in one.named}) != is_in:
                yield Difference(name, place, is_in)


def is_of_one(standing: Standing) -> bool:
    """Whether a segment's rule is about one person: ranks, moves into segments and their members of the past are about
    everybody; proofs check them, not this.
    """
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
