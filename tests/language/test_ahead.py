"""When an answer becomes another if nothing happens: held against a walk through every quarter of an hour."""

from __future__ import annotations

from random import Random

import pytest

from intarsia.clock import to_iso
from intarsia.language import Checked
from intarsia.language.interpret import GivenSets, Question
from intarsia.language.interpret.ahead import Ahead, Forward
from intarsia.language.interpret.conditions import is_member
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.whole import Whole
from intarsia.language.meaning.facts import Person
from intarsia.profile.derived import derive
from tests.language.asking import defined, instant
from tests.language.test_moments import BEGINS, DAY, DAYS, QUARTER, RICH, TEXTS, facts
from tests.thorough import so_many

OF_OTHERS = ("segment", "top 1")
WALKED = tuple(text for text in TEXTS if not any(word in text for word in OF_OTHERS))
SEEDS = 1
JOINTS = ("({}) and ({})", "({}) or ({})", "not (({}) and ({}))", "({}) and not ({})", "not ({}) or ({})")


def forward(person: Person, at: int) -> Forward:
    return Forward(Whole(person, Question(at), RICH, GivenSets(), derive=derive))


def is_in(checked: Checked, person: Person, at: int) -> bool:
    return is_member(checked.tree, Known(person, Question(at), RICH, derive), GivenSets())


def first_change(checked: Checked, person: Person, begin: int) -> int | None:
    """The first instant of the walk at which the answer is another than at its begin."""
    before = is_in(checked, person, begin)
    points = (quarter + step for quarter in range(begin, begin + DAYS * DAY, QUARTER) for step in (0, 1))
    return next((point for point in points if is_in(checked, person, point) is not before), None)


def compare(text: str, chance: Random, told: str) -> bool:
    """Hold one person against the walk; whether the answer changed within it."""
    checked, begin = defined(text, RICH), instant(chance.choice(BEGINS)) + QUARTER * chance.randrange(96)
    person = Person("ada", tuple(facts(chance, begin, text)))
    found = forward(person, begin).of(checked.tree)
    expected = first_change(checked, person, begin)
    assert found.reason in (None, "years"), told
    if expected is None:
        assert found.until >= begin + DAYS * DAY, f"{told}: {found}"
    else:
        assert found == Ahead(expected), f"{told}: {to_iso(expected)}, not {found}"
    if found.reason is None and found.at is not None:
        before = is_in(checked, person, begin)
        assert is_in(checked, person, found.at - 1) is before, told
        assert is_in(checked, person, found.at) is not before, told
    return expected is not None


@pytest.mark.parametrize("text", WALKED)
def test_the_next_change_is_that_of_a_walk(text: str) -> None:
    for seed in range(SEEDS):
        compare(text, Random(f"{text} {seed}"), f"{text}, seed {seed}")


@pytest.mark.slow
@pytest.mark.parametrize("text", WALKED)
def test_the_next_change_is_that_of_a_walk_for_many_people(text: str) -> None:
    for seed in range(SEEDS, so_many(6, 60)):
        compare(text, Random(f"{text} {seed}"), f"{text}, seed {seed}")


def test_the_next_change_of_what_is_joined_is_that_of_a_walk() -> None:
    changed = 0
    for seed in range(so_many(60, 3000)):
        chance = Random(seed)
        text = chance.choice(JOINTS).format(chance.choice(WALKED), chance.choice(WALKED))
        changed += compare(text, chance, f"{text}, seed {seed}")
    assert changed > 20
