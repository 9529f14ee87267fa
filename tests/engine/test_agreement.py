"""Random rules asked of random people: plain Python, DuckDB and the kernel answer the same (rule 44).

`INTARSIA_CASES` is how many rules are asked, `INTARSIA_SEED` where the random numbers begin. They are asked in shares
of a thousand, so that several processors can work at them.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from intarsia.errors import UserError
from intarsia.lake.session import Session
from intarsia.language import check, show, tree
from tests.engine.by_columns import IN_COLUMNS, ByColumns, once_asked
from tests.engine.held_tables import HeldTables
from tests.engine.kinds import REACHABLE, kinds
from tests.engine.populations import Population, random_population
from tests.engine.rules import Decks, Rules
from tests.engine.shrinking import Case, smallest
from tests.engine.world import Asked, World

CASES = int(os.environ.get("INTARSIA_CASES", "1000"))
SHARE = min(CASES, 1000)
SEED = int(os.environ.get("INTARSIA_SEED", "20261121"))
SEEDS_APART = 1_000_000
RULES_PER_QUESTION = 25
FILES_READ_EVERY = 10
"""Each so many populations are asked in the files of the lake; of the others the tables are held in memory."""
SEGMENTS = ("loyal", "do not mail", "خوب")
TELLING_SHARE = 0.2
"""At least so many answers are neither nobody nor everybody."""


@pytest.mark.parametrize("share", range(CASES // SHARE))
def test_all_back_ends_agree_on_who_is_in(share: int, tmp_path: Path) -> None:
    seed, number = SEED + share * SEEDS_APART, 0
    reached, in_columns, sizes = Counter[str](), Counter[str](), Counter[str]()
    for question, (asked, of_question) in enumerate(questions(tmp_path, SHARE, seed)):
        asked = once_asked(asked)
        columns = ByColumns(asked, prepared_for=[case.rule for case in of_question] if question % 2 else ())
        for case in of_question:
            found = by_all(asked, columns, case.rule)
            assert are_one(found), told(case, tmp_path, f"INTARSIA_SEED={seed}, case {number}: {found}")
            number += 1
            members = found["Python"]
            reached.update(kinds(case.rule))
            in_columns.update(columns.newly_asked())
            sizes["nobody" if not members else "everybody" if members == asked.base() else "some"] += 1
    print(f"INTARSIA_SEED={seed}: {dict(sizes)}, wholly from columns {dict(in_columns)}")
    if SHARE >= 1000:  # of fewer, chance decides
        assert sizes["some"] >= TELLING_SHARE * SHARE, sizes
        assert not sorted(REACHABLE - reached.keys())
        assert not sorted(IN_COLUMNS - in_columns.keys())


@pytest.mark.parametrize(
    ("joined", "expected"),
    [
        (lambda rule: tree.Or((rule, tree.Not(rule))), Asked.base),
        (lambda rule: tree.And((rule, tree.Not(rule))), lambda _: frozenset()),
    ],
    ids=["x or not x is everyone", "x and not x is nobody"],
)
def test_a_rule_and_its_negation_part_the_base(
    tmp_path: Path,
    joined: Callable[[tree.Condition], tree.Condition],
    expected: Callable[[Asked], frozenset[str]],
) -> None:
    for asked, case in cases(tmp_path, 50):
        rule = joined(case.rule)
        found = asked.by_interpreter(rule), asked.by_engine(rule)
        assert found == (expected(asked), expected(asked)), f"INTARSIA_SEED={SEED}: {show(rule)}"


# --- cases


def cases(
    folder: Path, count: int, seed: int = SEED, people: Callable[[Random], Population] = random_population
) -> Iterator[tuple[Asked, Case]]:
    """So many rules, each with the back ends ready to be asked."""
    for asked, of_question in questions(folder, count, seed, people):
        for case in of_question:
            yield asked, case


def questions(
    folder: Path, count: int, seed: int = SEED, people: Callable[[Random], Population] = random_population
) -> Iterator[tuple[Asked, list[Case]]]:
    """So many rules, those of one question together."""
    left, decks = count, Decks()
    for round_number in range(count):
        chance = Random(seed + round_number)
        population = people(chance)
        opens = Session if round_number % FILES_READ_EVERY == 0 else HeldTables
        world = World(folder / str(round_number), population, opens=opens)
        for at, known_at in population.questions:
            with world.ask(at, known_at) as asked:
                of_question = list(_asked_of(asked, chance, at, known_at, population, decks))[:left]
                yield asked, of_question
                left -= len(of_question)
            if not left:
                break
        world.close()
        if not left:
            return


def _asked_of(
    asked: Asked, chance: Random, at: int, known_at: int | None, population: Population, decks: Decks
) -> Iterator[Case]:
    facts = [fact for person in asked.people for fact in person.facts]
    rules = Rules(
        chance,
        lambda: asked.catalog,
        facts=facts,
        values=asked.values,
        windows=population.windows,
        at=at,
        decks=decks,
    )
    segments: dict[str, tree.Condition] = {}
    edits: dict[str, tuple[int, tree.Condition]] = {}
    for name in SEGMENTS:
        segments[name] = rules.rule()
        if chance.random() < 0.3:
            edits[name] = chance.choice((at - 20 * 86_400_000, at - 1, at)), rules.rule()
        define(asked, name, segments, edits)
    for _ in range(RULES_PER_QUESTION):
        yield Case(population, at, known_at, rules.rule(), segments, edits)


def define(
    asked: Asked,
    name: str,
    segments: Mapping[str, tree.Condition],
    edits: Mapping[str, tuple[int, tree.Condition]],
) -> None:
    """Let rules name a segment, with its edit if there was one."""
    edited_at, edited = edits.get(name, (0, None))
    asked.define(name, segments[name], edited, edited_at)


# --- disagreements


Answer = frozenset[str] | Exception


def by_both(asked: Asked, rule: tree.Condition) -> frozenset[str] | None:
    """The members, if plain Python and SQL answer the same."""
    wanted, found = _answer(asked.by_interpreter, rule), _answer(asked.by_engine, rule)
    return found if isinstance(found, frozenset) and found == wanted else None


def by_all(asked: Asked, columns: ByColumns, rule: tree.Condition) -> dict[str, Answer]:
    """The members by each way of asking, by its name."""
    found = {"Python": _answer(asked.by_interpreter, rule), "DuckDB": _answer(asked.by_engine, rule)}
    try:
        return found | columns.members(rule)
    except Exception as error:  # noqa: BLE001 -- whatever goes wrong is shown as the answer
        return found | {"columns": error}


def are_one(found: Mapping[str, Answer]) -> bool:
    """Whether all are answers, and the same."""
    return isinstance(found["Python"], frozenset) and len(set(found.values())) == 1


def _answer(ask: Callable[[tree.Condition], frozenset[str]], rule: tree.Condition) -> Answer:
    try:
        return ask(rule)
    except Exception as error:  # noqa: BLE001 -- whatever goes wrong is shown as the answer
        return error


def told(case: Case, folder: Path, where: str) -> str:
    """The smallest case that still disagrees, with all answers."""

    def answers(smaller: Case) -> dict[str, Answer] | None:
        with TemporaryDirectory(dir=folder) as fresh:
            world = World(Path(fresh), smaller.population)
            try:
                with world.ask(smaller.at, smaller.known_at) as asked:
                    for name in smaller.segments:
                        define(asked, name, smaller.segments, smaller.edits)
                    check(smaller.rule, asked.catalog)
                    found = by_all(asked, ByColumns(asked), smaller.rule)
            except UserError:
                return None
            finally:
                world.close()
        return None if are_one(found) else found

    least = smallest(case, lambda smaller: answers(smaller) is not None)
    found = answers(least) or {"this alone": frozenset(("agrees",))}
    return "\n".join((where, least.told(), *(f"{name:17} {answer}" for name, answer in found.items())))
