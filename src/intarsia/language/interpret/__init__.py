"""The interpreter: what a definition means, in plain Python, for one person or for all; and why.

It is the definition of what is right; engines are held against it. It is not fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from intarsia.language import tree
from intarsia.language.catalog import Catalog
from intarsia.language.interpret.conditions import answer, is_member
from intarsia.language.interpret.crowd import Crowd, SegmentLoop
from intarsia.language.interpret.explain import Explanation, explain_person
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.operators import Answer, Instant
from intarsia.language.interpret.question import Derive, Question
from intarsia.language.interpret.sets import GivenSets, Ranking, Sets
from intarsia.language.meaning.facts import Person
from intarsia.language.meaning.joins import Join

if TYPE_CHECKING:
    from intarsia.language.checking.check import Checked

__all__ = [
    "Answer",
    "Crowd",
    "Derive",
    "Explanation",
    "GivenSets",
    "Instant",
    "Question",
    "Ranking",
    "SegmentLoop",
    "Sets",
    "explain",
    "holds",
    "members",
    "value_of",
]

NO_SETS = GivenSets()


def members(
    checked: Checked,
    people: Iterable[Person],
    question: Question,
    *,
    segments: Mapping[str, Checked] | None = None,
    derive: Derive | None = None,
    joins: Iterable[Join] = (),
) -> frozenset[str]:
    """The profile ids of everybody for whom a definition holds.

    people    everybody, also those who are not known yet as of the question; a rank looks at all of them
    segments  the definitions of the segments that it names, and of those that they name
    derive    what computes derived traits; None: they are as recorded
    joins     which profiles are one person
    """
    crowd = Crowd(checked.catalog, people, question, segments=segments, derive=derive, joins=joins)
    return crowd.members(checked.tree)


def holds(
    checked: Checked, person: Person, question: Question, *, sets: Sets = NO_SETS, derive: Derive | None = None
) -> bool:
    """Whether a definition holds for one person.

    sets  who is in the ranks and segments that it names: a `Crowd` works them out, `GivenSets` carries them
    """
    return is_member(checked.tree, Known(person, question, checked.catalog, derive), sets)


def explain(
    checked: Checked, person: Person, question: Question, *, sets: Sets = NO_SETS, derive: Derive | None = None
) -> Explanation:
    """Why a definition holds for one person, or not; `sets` as in `holds`."""
    return explain_person(checked.tree, Known(person, question, checked.catalog, derive), sets)


def value_of(
    value: tree.Value, person: Person, question: Question, catalog: Catalog, *, derive: Derive | None = None
) -> Answer:
    """What a trait, an aggregate or a bucket is for one person; None is unknown."""
    return answer(value, Known(person, question, catalog, derive))
