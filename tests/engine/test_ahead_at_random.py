"""When answers change if nothing happens: random rules and people, and everybody asked anew at other instants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from intarsia.clock import LAST
from intarsia.errors import UserError
from intarsia.language import show, tree
from intarsia.language.checking.named import NamedSegments, is_ranked
from intarsia.language.interpret import Crowd, Question
from intarsia.language.interpret.ahead import Ahead, Forward
from intarsia.language.interpret.whole import Whole
from intarsia.language.meaning.facts import Person
from intarsia.profile.derived import derive
from tests.engine.test_agreement import SEED, cases
from tests.engine.world import Asked
from tests.thorough import so_many

CASES = so_many(150, 4000)
PEOPLE = 3
DAY = 86_400_000
SPREAD = (60_000, DAY, 40 * DAY, 400 * DAY, 4000 * DAY)


def test_an_answer_changes_at_the_instant_that_is_told_and_not_before(tmp_path: Path) -> None:
    chance = Random(SEED)
    told: Counter[str] = Counter()
    for asked, case in cases(tmp_path, CASES, SEED):
        for person in chance.sample(sorted(asked.people, key=lambda one: one.id), min(PEOPLE, len(asked.people))):
            # As of an earlier instant, much of what is recorded is still to come.
            at = chance.choice([case.at, *(fact.occurred_at - chance.choice((0, 1)) for fact in person.facts)])
            try:
                ahead = forward(asked, person, at).of(case.rule)
                where = f"INTARSIA_SEED={SEED}: {show(case.rule)} for {person.id} at {at}, told {ahead}"
                compare(asked, case.rule, person, at, ahead, chance, where)
            except UserError:
                continue  # A segment is asked about that was not there yet.
            told[ahead.reason or ("never" if ahead.at is None else "changes")] += 1
    assert min(told[name] for name in ("never", "changes", "others")) > CASES // 20, told
    assert told["moves"] > 0
    assert told["work"] == 0


def forward(asked: Asked, person: Person, at: int) -> Forward:
    question = Question(at, asked.question.known_at)
    segments, sets = NamedSegments(asked.segments), everybody(asked, at)
    return Forward(Whole(person, question, asked.catalog, sets, segments, question.known_at, derive))


def everybody(asked: Asked, at: int, person: Person | None = None) -> Crowd:
    """Everybody as of an instant, by what was known and by the definitions in force at the question; or one person."""
    there = asked.crowd
    profiles = there._profiles if person is None else there._groups.of(person.id).profiles
    return Crowd(asked.catalog, profiles, Question(at, asked.question.known_at), derive=derive, above=there)


def compare(
    asked: Asked, rule: tree.Condition, person: Person, at: int, ahead: Ahead, chance: Random, where: str
) -> None:
    """The answer is the same up to just before the instant, and another then, unless that was left open."""
    before = is_in(asked, rule, person, at)
    for instant in between(at, ahead.until, chance):
        assert is_in(asked, rule, person, instant) is before, f"{where}, not the same at {instant}"
    if ahead.at is not None and ahead.reason is None:
        assert is_in(asked, rule, person, ahead.at) is not before, where


def between(at: int, until: int, chance: Random) -> Iterator[int]:
    """Some instants from one up to, not including, another: its last one, and ever farther ones."""
    yield until - 1
    yield from (at + chance.randrange(span) for span in SPREAD if at + span < min(until, LAST))


def is_in(asked: Asked, rule: tree.Condition, person: Person, at: int) -> bool:
    names = {node.name for node in rule.walk() if isinstance(node, tree.InSegment | tree.Moved)}
    is_by_others = is_ranked(rule) or NamedSegments(asked.segments).are_ranked(names)
    return person.id in everybody(asked, at, None if is_by_others else person).members(rule)
