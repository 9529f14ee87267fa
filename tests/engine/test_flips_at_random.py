"""What is promised of a nearest change is so: the facts that it names are added, and everybody is asked anew."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

from intarsia.errors import UserError
from intarsia.language import show, tree
from intarsia.language.interpret import Crowd
from intarsia.language.interpret.flips import Nearest, nearest
from intarsia.language.meaning.facts import Person
from intarsia.profile.derived import derive
from tests.engine.test_agreement import SEED, cases
from tests.engine.test_ahead_at_random import everybody, forward
from tests.engine.world import Asked
from tests.thorough import so_many

CASES = so_many(150, 4000)
PEOPLE = 3


def test_with_the_facts_of_a_change_that_was_tried_the_answer_is_another(tmp_path: Path) -> None:
    chance = Random(SEED)
    told: Counter[str] = Counter()
    for asked, case in cases(tmp_path, CASES, SEED):
        for person in chance.sample(sorted(asked.people, key=lambda one: one.id), min(PEOPLE, len(asked.people))):
            try:
                found = nearest(case.rule, forward(asked, person, case.at))
                before = person.id in asked.crowd.members(case.rule)
            except UserError:
                continue  # A segment is asked about that was not there yet.
            where = f"INTARSIA_SEED={SEED}: {show(case.rule)} for {person.id} at {case.at}, told {found}"
            assert found.would_be is not before, where
            assert found.steps, where
            if found.is_tried:
                assert (person.id in after(asked, case.rule, person, found)) is not before, where
            told["tried" if found.is_tried else "open" if found.is_possible else "impossible"] += 1
            told["in" if found.is_tried and not before else "out" if found.is_tried else ""] += 1
    assert told["tried"] > CASES // 2, told
    assert min(told["in"], told["out"]) > CASES // 10, told


def after(asked: Asked, rule: tree.Condition, person: Person, found: Nearest) -> frozenset[str]:
    """Who is in when the facts are there, or when the time has come."""
    adds = [replace(fact, id=f"{fact.id}{n}") for n, step in enumerate(found.steps) for fact in step.adds]
    if not adds:
        later = max(step.turns_at or 0 for step in found.steps)
        return everybody(asked, later).members(rule)
    crowd = asked.crowd
    profiles = [replace(one, facts=(*one.facts, *adds)) if one.id == person.id else one for one in crowd._profiles]
    # Asked apart from the crowd, which keeps what it has worked out of groups and moves.
    joins = {join for some in crowd._joins.values() for join in some}
    again = Crowd(asked.catalog, profiles, asked.question, segments=asked.segments, derive=derive, joins=joins)
    return again.members(rule)
