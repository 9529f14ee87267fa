"""What columns answer without SQL, and as plain Python does; random rules are asked in `test_agreement`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from intarsia.language import check, parse
from tests.engine.by_columns import everybody
from tests.engine.shop import Shop, instant, order, track

ASKED = (
    "count(order, between 2024-05-03T10:00 and 2024-05-01) = 0",
    "never order in last 2 days",
    "sequence(view, no view where (path = '/a') within 1 day, order within 3 days)",
    "sequence(order, no order within 1 day)",
    "returned(order, last 10 days, after 2 days)",
    "active(order, 2 of last 9 days)",
    "did order where (has line (sku = 'x' and quantity >= 2))",
    "last(order.total) = 30",
    "top 1 by sum(order.total)",
    "sum(order.lines.quantity where sku = 'x') >= 3",
    "profile in ('ada', 'ben')",
    "profile contains 'd' and not profile = 'ada'",
    "profile is identified",
)


@pytest.mark.parametrize("text", ASKED)
def test_each_of_these_is_answered_from_columns(tmp_path: Path, text: str) -> None:
    lines = [{"sku": "x", "quantity": 2}, {"sku": "y", "quantity": 1}]
    messages = [
        *(order("ada", f"2024-05-0{day}", *lines, order_id=f"a{day}", total=10 * day) for day in (1, 2, 6)),
        order("ben", "2024-05-03T10:00", {"sku": "x", "quantity": 1}, order_id="b", total=30),
        *(track("ben", "Product Viewed", f"2024-05-02T0{hour}:00", path="/b") for hour in (1, 2)),
        track("cyd", "Product Viewed", "2024-05-02", path="/a"),
        order("cyd", "2024-05-03", order_id="c", total=5),
    ]
    shop = Shop(tmp_path, messages)
    with shop.world.ask(instant("2024-05-06T12:00"), None) as asked:
        answers, _ = everybody(asked)
        members = answers.members(check(parse(text), asked.catalog))
        found = frozenset(asked.names[number] for number in np.flatnonzero(members).tolist())
        assert found == asked.by_interpreter(parse(text)) == asked.by_engine(parse(text))
        assert not answers.fallen_back
