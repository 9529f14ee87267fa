"""No answer changes by time alone before the instant that is told: random rules, asked of plain Python in between."""

from __future__ import annotations

from pathlib import Path
from random import Random

from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.kernel.pattern_passes import NEVER
from intarsia.language import show, tree
from intarsia.language.interpret import GivenSets, Question
from intarsia.language.interpret.conditions import is_member
from intarsia.language.interpret.known import Known
from intarsia.language.meaning.facts import Person
from intarsia.profile.derived import derive
from tests.engine.test_agreement import SEED, cases
from tests.engine.test_kernel_agreement import everybody
from tests.engine.world import Asked
from tests.thorough import so_many

CASES = so_many(150, 3000)
LONGEST = 500 * 86_400_000
OF_OTHERS = (tree.Rank, tree.InSegment, tree.Moved)


def test_nothing_changes_before_the_next_change(tmp_path: Path) -> None:
    chance, told, last = Random(SEED), 0, None
    for asked, case in cases(tmp_path, CASES, SEED):
        if any(isinstance(node, OF_OTHERS) for node in case.rule.walk()):
            continue
        if asked is not last:
            last, (answers, _) = asked, everybody(asked)
        try:
            changes = answers.next_changes(case.rule)
        except NotInColumns:
            continue
        told += 1
        at = asked.question.at
        for person in asked.people:
            until = min(int(changes[_number(asked, person)]), _next_fact(person, at), at + LONGEST)
            before = _is_in(case.rule, person, asked, at)
            for later in {until - 1, chance.randint(at, max(at, until - 1))}:
                is_same = _is_in(case.rule, person, asked, max(later, at)) == before
                assert is_same, f"{show(case.rule)} for {person.id} at {later}, told {until}"
    assert told > CASES // 4


def _number(asked: Asked, person: Person) -> int:
    return next(number for number, profile_id in asked.names.items() if profile_id == person.id)


def _next_fact(person: Person, at: int) -> int:
    """When something happens to a person that is known already."""
    return min((fact.occurred_at for fact in person.facts if fact.occurred_at > at), default=NEVER)


def _is_in(rule: tree.Condition, person: Person, asked: Asked, at: int) -> bool:
    question = Question(at, asked.question.known_at)
    return is_member(rule, Known(person, question, asked.catalog, derive), GivenSets())
