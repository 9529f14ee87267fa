"""No answer changes by time alone before the instant that is told: random rules, asked of plain Python in between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.kernel.pattern_passes import NEVER
from intarsia.language import check, parse, show, tree
from intarsia.language.interpret import GivenSets, Question
from intarsia.language.interpret.conditions import is_member
from intarsia.language.interpret.known import Known
from intarsia.language.meaning.facts import Person
from intarsia.profile.derived import derive
from tests.engine.by_columns import everybody
from tests.engine.kinds import kinds
from tests.engine.shop import Shop, instant, order
from tests.engine.test_agreement import SEED, cases
from tests.engine.world import Asked
from tests.thorough import so_many

CASES = so_many(150, 3000)
LONGEST = 500 * 86_400_000
OF_OTHERS = (tree.Rank, tree.InSegment, tree.Moved)


def test_nothing_changes_before_the_next_change(tmp_path: Path) -> None:
    told = list(told_too_late(tmp_path, CASES))
    assert not any(told), next(filter(None, told))
    assert len(told) > CASES // 4


def told_too_late(folder: Path, count: int, shows: frozenset[str] = frozenset()) -> Iterator[str]:
    """Of each rule whose next changes are told, for whom that is too late, or nothing.

    shows  names of constructs (see `kinds`), one of which a rule has to use; none: any rule
    """
    chance, last = Random(SEED), None
    for asked, case in cases(folder, count, SEED):
        is_of_others = any(isinstance(node, OF_OTHERS) for node in case.rule.walk())
        if is_of_others or (shows and not shows & set(kinds(case.rule))):
            continue
        if asked is not last:
            last, (answers, _) = asked, everybody(asked)
        try:
            changes = answers.next_changes(case.rule)
        except NotInColumns:
            continue
        late = (
            _too_late(case.rule, person, asked, int(changes[_number(asked, person)]), chance) for person in asked.people
        )
        yield next(filter(None, late), "")


def _too_late(rule: tree.Condition, person: Person, asked: Asked, told: int, chance: Random) -> str:
    """An instant before the one that is told at which somebody's answer is another; nothing, if none is found."""
    at = asked.question.at
    until = min(told, _next_fact(person, at), at + LONGEST)
    before = _is_in(rule, person, asked, at)
    for later in {until - 1, chance.randint(at, max(at, until - 1))}:
        if _is_in(rule, person, asked, max(later, at)) != before:
            return f"{show(rule)} for {person.id} at {later}, told {until}"
    return ""


def _number(asked: Asked, person: Person) -> int:
    return next(number for number, profile_id in asked.names.items() if profile_id == person.id)


def _next_fact(person: Person, at: int) -> int:
    """When something happens to a person that is known already."""
    return min((fact.occurred_at for fact in person.facts if fact.occurred_at > at), default=NEVER)


def _is_in(rule: tree.Condition, person: Person, asked: Asked, at: int) -> bool:
    question = Question(at, asked.question.known_at)
    return is_member(rule, Known(person, question, asked.catalog, derive), GivenSets())


@pytest.mark.parametrize(
    "text",
    [
        "did order in next 3 minutes",
        "count(order, next 2 days) = 1",
        "last(order) in next 1 hour",
        "not did order in next 1 week",
    ],
)
def test_what_happens_this_very_instant_leaves_a_window_ahead_at_once(tmp_path: Path, text: str) -> None:
    at = instant("2024-05-06T12:00")
    shop = Shop(
        tmp_path, [order("ada", "2024-05-06T12:00", order_id="a"), order("ben", "2024-05-06T11:00", order_id="b")]
    )
    with shop.world.ask(at, None) as asked:
        answers, _ = everybody(asked)
        found = answers.next_changes(check(parse(text), asked.catalog).tree)
        numbers = {name: number for number, name in asked.names.items()}
        assert (found[numbers["ada"]], found[numbers["ben"]]) == (at + 1, NEVER)
