"""Random rules asked of random people: plain Python and DuckDB answer the same (rule 44).

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
def test_the_interpreter_and_duckdb_agree_on_who_is_in(share: int, tmp_path: Path) -> None:
    seed = SEED + share * SEEDS_APART
    reached: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for number, (asked, case) in enumerate(cases(tmp_path, SHARE, seed)):
        members = by_both(asked, case.rule)
        assert members is not None, told(case, tmp_path, f"INTARSIA_SEED={seed}, case {number}")
        reached.update(kinds(case.rule))
        sizes["nobody" if not members else "everybody" if members == asked.base() else "some"] += 1
    if SHARE >= 1000:  # of fewer, chance decides
        assert sizes["some"] >= TELLING_SHARE * SHARE, sizes
        assert not sorted(REACHABLE - reached.keys())


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
    """So many rules, each with both back ends ready to be asked."""
    number, decks = 0, Decks()
    for round_number in range(count):
        chance = Random(seed + round_number)
        population = people(chance)
        opens = Session if round_number % FILES_READ_EVERY == 0 else HeldTables
        world = World(folder / str(round_number), population, opens=opens)
        for asked, case in _of_population(chance, world, population, decks):
            yield asked, case
            number += 1
            if number == count:
                world.close()
                return
        world.close()


def _of_population(chance: Random, world: World, population: Population, decks: Decks) -> Iterator[tuple[Asked, Case]]:
    for at, known_at in population.questions:
        with world.ask(at, known_at) as asked:
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
                yield asked, Case(population, at, known_at, rules.rule(), segments, edits)


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


def by_both(asked: Asked, rule: tree.Condition) -> frozenset[str] | None:
    """The members, if both back ends answer the same."""
    wanted, found = _answer(asked.by_interpreter, rule), _answer(asked.by_engine, rule)
    return found if isinstance(found, frozenset) and found == wanted else None


def _answer(ask: Callable[[tree.Condition], frozenset[str]], rule: tree.Condition) -> frozenset[str] | Exception:
    try:
        return ask(rule)
    except Exception as error:  # noqa: BLE001 -- whatever goes wrong is shown as the answer
        return error


def told(case: Case, folder: Path, where: str) -> str:
    """The smallest case that still disagrees, with both answers."""

    def answers(smaller: Case) -> tuple[object, object] | None:
        with TemporaryDirectory(dir=folder) as fresh:
            world = World(Path(fresh), smaller.population)
            try:
                with world.ask(smaller.at, smaller.known_at) as asked:
                    for name in smaller.segments:
                        define(asked, name, smaller.segments, smaller.edits)
                    check(smaller.rule, asked.catalog)
                    found = _answer(asked.by_interpreter, smaller.rule), _answer(asked.by_engine, smaller.rule)
            except UserError:
                return None
            finally:
                world.close()
        return None if found[0] == found[1] else found

    least = smallest(case, lambda smaller: answers(smaller) is not None)
    interpreter, engine = answers(least) or ("agree", "agree")
    return f"{where}\n{least.told()}\nPython     {interpreter}\nDuckDB     {engine}"
