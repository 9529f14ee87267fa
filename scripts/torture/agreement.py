"""Random rules asked of random people: SQL, columns with their kernel, and plain Python find the same people."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

from intarsia.errors import UserError
from intarsia.language import parse, show
from scripts.torture.scenario import Asked, Figures, Scenario, must, play
from tests.engine.by_columns import ByColumns
from tests.engine.populations import Batch, Population, random_population
from tests.engine.shrinking import Case
from tests.engine.test_agreement import are_one, by_all, cases, told

ODD = (
    *(
        "NaN",
        "nan",
        "-NaN",
        "Infinity",
        "-inf",
        "1e999",
        "-0.0",
        "0x10",
        "1_000",
        "NULL",
        "None",
        "undefined",
        "\u0660",
    ),
    *(float("nan"), float("inf"), 1e308, 5e-324, -0.0, None, "", "\u00df", "\u1e9e", "\u0130", "\U0001f600"),
)
"""What takes the place of a value now and then, besides all that random people have anyhow."""
ODD_SHARE = 0.03
NOT_NUMBERS = frozenset(("nan", "-nan", "infinity", "-inf", "inf", "1e999", "null", "none", "undefined"))


def with_odd_values(chance: Random) -> Population:
    """Random people of whom some values are odd ones."""
    found = random_population(chance)
    batches = (Batch(batch.recorded_at, tuple(_odd(one, chance) for one in batch.messages)) for batch in found.batches)
    return replace(found, batches=tuple(batches))


def _odd(message: dict[str, Any], chance: Random) -> dict[str, Any]:
    parts = [part for part in ("traits", "properties") if part in message]
    return {**message, **{part: _exchanged(message[part], chance) for part in parts}}


def _exchanged(value: Any, chance: Random) -> Any:
    match value:
        case dict():
            return {name: _exchanged(inner, chance) for name, inner in value.items()}
        case list():
            return [_exchanged(inner, chance) for inner in value]
        case _:
            return chance.choice(ODD) if chance.random() < ODD_SHARE else value


def values(inside: Any) -> Iterator[Any]:
    """Every value in messages that has none inside it."""
    if isinstance(inside, dict):
        for inner in inside.values():
            yield from values(inner)
    elif isinstance(inside, list | tuple):
        for inner in inside:
            yield from values(inner)
    else:
        yield inside


def oddities(population: Population) -> Iterator[str]:
    """What there is among the values of some people that is easily read in two ways."""
    found = list(values([batch.messages for batch in population.batches]))
    texts = {value for value in found if isinstance(value, str)}
    yield from ("null" for value in found if value is None)
    yield from ("empty" for text in texts if not text.strip())
    yield from ("unicode" for text in texts if not text.isascii())
    yield from ("not a number" for value in found if str(value).lower() in NOT_NUMBERS)
    folded = Counter(text.casefold() for text in texts)
    yield from ("case" for count in folded.values() if count > 1)
    said = Counter(name for traits in _traits(population) for name in traits)
    yield from ("missing" for count in said.values() if count < len(list(_traits(population))))


def _traits(population: Population) -> Iterable[dict[str, Any]]:
    messages = (message for batch in population.batches for message in batch.messages)
    return (message["traits"] for message in messages if isinstance(message.get("traits"), dict))


def is_writable(case: Case) -> bool:
    """Whether the rule and those that it may name can be said in the language: a number of seven places cannot."""
    try:
        for rule in (case.rule, *case.segments.values(), *(edited for _, edited in case.edits.values())):
            parse(show(rule))
    except UserError:
        return False
    return True


def run(asked: Asked) -> Figures:
    """So many pairs of a rule and people."""
    met, sizes, wholly, last = Counter[str](), Counter[str](), 0, None
    for number, (both, case) in enumerate(cases(asked.folder, asked.count, asked.seed, with_odd_values)):
        if not is_writable(case):
            sizes["unwritable"] += 1
            continue
        if both is not last:
            last, columns = both, ByColumns(both)
            met.update(set(oddities(case.population)))
        found = by_all(both, columns, case.rule)
        if not are_one(found):
            must(False, told(case, asked.folder, f"seed {asked.seed}, pair {number}: {found}"))
        members = found["Python"]
        sizes["nobody" if not members else "everybody" if members == both.base() else "some"] += 1
        wholly += bool(columns.newly_asked())
    must(asked.count < 1000 or len(met) == 6, f"not every oddity was met: {met}")
    return {"pairs_met": dict(sizes), "populations_with": dict(met), "wholly_from_columns": wholly}


SCENARIO = Scenario("S22", "agreement", "pairs", 500, 10_000, run)

if __name__ == "__main__":
    sys.exit(play(SCENARIO))
