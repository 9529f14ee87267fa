"""Random refunds of random orders, with and without amounts, lines, currencies: Python and SQL agree (rules 29, 30)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from intarsia.language import parse, tree
from intarsia.language.meaning.values import shortest
from tests.engine.populations import Message
from tests.engine.shop import instant, order, refund
from tests.engine.test_amounts import rates, shop_with
from tests.thorough import so_many

SEED = 20_261_122
PEOPLE = so_many(20, 50)
AMOUNTS = (0.01, 0.005, 1, 10, 33.333, 99.995, "50", "free", None)
CURRENCIES = (None, None, None, None, None, None, "CZK", "EUR", "JPY", "KWD", "USD", "", 5)
VALUES = (
    "sum(order.total)", "sum(order.shipping)", "sum(order.discount)", "sum(order.revenue)", "sum(order.points)",
    "sum(order.lines.total)", "sum(order.lines.cost)", "sum(order.lines.price)", "sum(order.quantity)",
    "sum(order.total where category = 'coats')", "sum(order.total where brand = 'Łódź')",
    "sum(order.lines.total where category = 'hats')", "sum(order.quantity where brand = 'Łódź' or sku = 'A')",
    "sum(order.total where total > 20)", "sum(order.total where shipping < 5)",
    "sum(order.lines.total where price > 5)",
    "sum(order.total where price between 1 and 900)", "sum(order.total where has line (quantity >= 2 and total > 1))",
    "sum(order.total where currency = 'EUR')", "avg(order.total)", "avg(order.lines.total)", "sum(any order.total)",
    "sum(order.total where coupon = 'X', last 7 days)", "sum(order.total where lines.total < 40)",
)  # fmt: skip


@pytest.mark.parametrize("currency", ["CZK", "JPY"][: so_many(1, 2)])
def test_random_refunds_come_to_the_same_in_python_and_in_sql(tmp_path: Path, currency: str) -> None:
    chance = Random(SEED)
    days = [f"2024-05-{day:02}" for day in range(1, 10)]
    by_day = {code: {day: f"{chance.uniform(1, 30):.3f}" for day in days} for code in ("EUR", "JPY", "CZK", "KWD")}
    by_day.pop(currency)
    shop = shop_with(tmp_path, list(sales(chance, days)), rates(by_day), currency=currency)
    with shop.world.ask(instant("2024-05-15T12:00:00"), None) as asked:
        everyone, different = asked.base(), 0
        for value in VALUES:
            found = dict(zip([one.id for one in asked.people], asked.values(_value(value)), strict=True))
            rule = " or ".join(
                f"(profile = '{who}' and {value} {_is(answer)})" for who, answer in sorted(found.items())
            )
            assert asked.by_interpreter(parse(rule)) == everyone
            assert everyone - asked.by_engine(parse(rule)) == set(), f"{value} in {currency}, seed {SEED}"
            different += len(set(found.values()))
    assert different > PEOPLE // 4 * len(VALUES)


def _value(text: str) -> tree.Value:
    test = parse(f"{text} is known")
    assert isinstance(test, tree.Test)
    return test.value


def _is(answer: Decimal | Fraction | None) -> str:
    if answer is None:
        return "is unknown"
    exact = Fraction(answer)
    return f"= {shortest(Decimal(exact.numerator) / Decimal(exact.denominator))}"


def sales(chance: Random, days: list[str]) -> Iterator[Message]:
    """People with an order or two, and refunds of them."""
    for number in range(PEOPLE):
        who = f"p{number:02}"
        for order_id in ("1", "2")[: chance.choice((1, 2))]:
            currency = chance.choice(CURRENCIES)
            bought = [_line(chance, 0.9) for _ in range(chance.choice((0, 1, 2, 3)))]
            yield order(who, chance.choice(days), *bought, order_id=order_id, **_content(chance, currency, 0.4))
            for _ in range(chance.choice((0, 1, 1, 2))):
                named = chance.choice((None, None, currency, chance.choice(CURRENCIES)))
                back = [_line(chance, 0.3, bought) for _ in range(chance.choice((0, 0, 1, 2)))]
                said = _content(chance, named, chance.choice((0, 0.2, 0.5)))
                yield refund(who, chance.choice(days), *back, order_id=order_id, **said)


def _content(chance: Random, currency: object, share: float) -> dict[str, Any]:
    names = ("total", "shipping", "tax", "discount", "revenue", "subtotal", "points")
    said = {name: chance.choice(AMOUNTS) for name in names if chance.random() < share}
    return {**said, "currency": currency, **({"coupon": "X"} if chance.random() < 0.3 else {})}


def _line(chance: Random, share: float, bought: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    line: dict[str, Any] = {"sku": chance.choice(("A", "B", "C", "D", "۵", "5", "", None, ["A"]))}
    if bought and chance.random() < 0.8:
        line = {"sku": chance.choice(bought).get("sku")}
    pools: dict[str, tuple[Any, ...]] = {
        "quantity": (1, 1, 2, 2, 3, 4, 0.5, 0, -1, "two", 10**13),
        "price": (10, 0.005, 33.333, 99.995, "free", 10**13),
        "unit_cost": (4, 0.3335),
        "discount": (1, 0.005),
        "total": (5, 20.005, "free"),
        "category": ("coats", "hats", ["coats"]),
        "brand": ("Łódź", "other", {"of": "x"}),
    }
    odds = {"quantity": 0.8 if bought is None else 2, "discount": 0.2, "total": 0.15, "unit_cost": 0.4}
    return line | {
        name: chance.choice(pool) for name, pool in pools.items() if chance.random() < share * odds.get(name, 0.7)
    }
