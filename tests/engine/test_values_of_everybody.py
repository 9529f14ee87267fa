"""What a number is for everybody: SQL and the interpreter agree; and questions that are asked of other people."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest

from intarsia.engine.sql.exact import NumbersTooLarge
from intarsia.errors import UserError
from intarsia.language import check, parse, tree
from intarsia.language.reading.fragments import value_or_condition
from tests.engine.populations import random_population
from tests.engine.shop import Shop, instant, message, order, refund, said, track
from tests.engine.world import Asked, World

VALUES = (
    "count(order)",
    "count(any event, last 90 days)",
    "sum(order.total)",
    "sum(order.gross where total > 5)",
    "sum(order.lines.quantity, last 1 year)",
    "avg(order.total)",
    "avg(order.lines.quantity)",
    "min(order.total, last 6 months)",
    "max(order.lines.price)",
    "distinct(order.coupon)",
    "ratio(sum(order.total), count(order))",
    "ratio(count(order, last 90 days), count(any event))",
    "trend(count(order), last 3 months)",
)


def number(text: str) -> tree.Value:
    found = value_or_condition(text)
    assert isinstance(found, tree.Aggregate | tree.Ratio | tree.Trend)
    return found


def by_engine(asked: Asked, value: tree.Value) -> dict[str, Fraction | None]:
    rows = asked.evaluator.values(value).to_pylist()
    return {
        asked.names[row["profile_no"]]: None if row["top"] is None else Fraction(int(row["top"]), int(row["bottom"]))
        for row in rows
    }


def by_interpreter(asked: Asked, value: tree.Value) -> dict[str, Fraction | None]:
    base = asked.base()
    answers = zip(asked.people, asked.values(value), strict=True)
    return {one.id: None if found is None else Fraction(found) for one, found in answers if one.id in base}


@pytest.mark.parametrize("seed", range(6))
def test_the_interpreter_and_duckdb_agree_on_numbers(seed: int, tmp_path: Path) -> None:
    population, known = random_population(Random(seed)), 0
    world = World(tmp_path, population)
    for at, known_at in population.questions:
        with world.ask(at, known_at) as asked:
            for text in VALUES:
                value = number(text)
                try:
                    check(tree.Test(value, tree.Is("known")), asked.catalog)
                    found = by_engine(asked, value)
                except NumbersTooLarge:
                    continue
                except UserError as error:
                    if not error.code.startswith("language.unknown-"):
                        raise
                    continue
                assert found == by_interpreter(asked, value), (seed, text)
                known += sum(one is not None and one != 0 for one in found.values())
    world.close()
    assert known > 20, seed


def test_a_number_of_nothing_is_zero_or_unknown_as_the_language_has_it(tmp_path: Path) -> None:
    messages = [order("ada", total=100), refund("ada", total=30), said("ben")]
    with Shop(tmp_path, messages).world.ask(instant("2024-05-15"), None) as asked:
        for text, expected in (
            ("sum(order.total)", {"ada": 70, "ben": 0}),
            ("avg(order.total)", {"ada": 70, "ben": None}),
            ("ratio(count(order), count(order))", {"ada": 1, "ben": None}),
        ):
            value = number(text)
            assert by_engine(asked, value) == expected


def test_others_than_the_base_may_be_asked_of(tmp_path: Path) -> None:
    """Who was deleted is in no base, and may still be asked about by whoever knows them."""
    messages = [
        order("ada", total=100),
        message("ada", "track", "2024-05-03", event="Profile Deleted"),
        order("ben", total=5),
        track("cyd", "Product Viewed", "2024-05-01"),
    ]
    with Shop(tmp_path, messages).world.ask(instant("2024-05-15"), None) as asked:
        numbers = {profile_id: number for number, profile_id in asked.names.items()}
        assert asked.by_engine(parse("everyone")) == {"ben", "cyd"}
        asked.evaluator.ask_of(pa.table({"profile_no": [numbers["ada"], numbers["cyd"]]}))
        assert asked.by_engine(parse("everyone")) == {"ada", "cyd"}
        assert asked.by_engine(parse("did order")) == {"ada"}
        assert asked.by_engine(parse("never order")) == {"cyd"}
        assert asked.by_engine(parse("sum(order.total) < 50")) == {"cyd"}
        assert by_engine(asked, number("sum(order.total)")) == {"ada": 100, "cyd": 0}
