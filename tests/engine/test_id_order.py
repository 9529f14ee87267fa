"""The order of profile ids that is kept up is that of their bytes."""

from __future__ import annotations

from random import Random

from intarsia.engine.columns import id_order
from intarsia.engine.columns.id_order import IdOrder

LETTERS = "aB0 žس日\U0001f9e9"


def test_ids_that_come_later_stand_between_the_others() -> None:
    chance = Random(20261122)
    ids: list[str | None] = [None, *{_made(chance) for _ in range(40)}]
    order = IdOrder(ids)
    for _ in range(60):
        _expect_order(order, ids)
        ids += {_made(chance) for _ in range(chance.randrange(4))} - set(ids)
    _expect_order(order, ids)


def test_after_many_all_are_put_in_order_anew() -> None:
    chance = Random(20261123)
    ids: list[str | None] = ["m", "c"]
    order = IdOrder(ids)
    order.numbers(2)
    for _ in range(3):
        ids += {f"{chance.random()}" for _ in range(id_order.MOST_NEWCOMERS // 2 + 1)}
        _expect_order(order, ids)


def _expect_order(order: IdOrder, ids: list[str | None]) -> None:
    numbers = order.numbers(len(ids) + 5).tolist()
    assert len(numbers) >= len(ids)
    places = range(len(ids))
    by_number = sorted(places, key=lambda place: numbers[place])
    assert [ids[place] or "" for place in by_number] == sorted((one or "" for one in ids), key=lambda one: one.encode())
    assert len({numbers[place] for place in places}) == len(ids)


def _made(chance: Random) -> str:
    return "".join(chance.choices(LETTERS, k=chance.randrange(1, 6)))
