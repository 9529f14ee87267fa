"""Amounts of orders: rounded half to even to the minor unit, totals filled in where they are not given."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from intarsia.language.meaning.facts import Json
from intarsia.workspace import Workspace
from tests.record.shop import facts, kept_lines, order, recorded, rows, shop, track

Values = Mapping[str, Any]


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return shop(tmp_path)


def total(ws: Workspace, *lines: Values, **properties: Any) -> Json:
    """The total that the record fills in, or keeps."""
    return recorded(ws, order("a-1", *lines, **properties)).properties.get("total")


@pytest.mark.parametrize(
    ("line", "filled"),
    [
        ({"quantity": 2, "price": 100.5}, {"total": "201"}),
        ({"quantity": 2, "price": 100.5, "discount": 0.5}, {"total": "200.5"}),
        ({"quantity": 1, "price": "0.125"}, {"total": "0.12"}),
        ({"quantity": 1, "price": "0.135"}, {"total": "0.14"}),
        ({"quantity": 3, "price": 0.333333}, {"total": "1"}),
        ({"quantity": 2, "price": 10, "total": 15}, {"total": "15"}),
        ({"quantity": 2, "price": 10, "total": None}, {"total": "20"}),
        ({"quantity": 2, "price": 10, "total": "15.005"}, {"total": "15"}),
        ({"quantity": 2, "price": 10, "total": "15.015"}, {"total": "15.02"}),
        ({"quantity": 2, "unit_cost": 3.3335}, {"cost": "6.67"}),
        ({"quantity": 2, "unit_cost": 3, "cost": 5}, {"cost": "5"}),
        ({"quantity": -1, "price": 10}, {"total": "-10"}),
        ({"quantity": 0, "price": 10}, {"total": "0"}),
        ({"quantity": "two", "price": 10}, {}),
        ({"quantity": 2, "price": None}, {}),
        ({"price": 10}, {}),
        ({"quantity": 1, "price": 10, "discount": "a bit"}, {"total": "10"}),
        ({"quantity": 10**23, "price": 10**23}, {}),
    ],
)
def test_a_lines_total_and_cost(ws: Workspace, line: Values, filled: Mapping[str, str]) -> None:
    [kept] = kept_lines(ws, line)
    found = {name: kept[name] for name in ("total", "cost") if name in kept}
    assert found == {name: Decimal(amount) for name, amount in filled.items()}


def test_lines_of_unlike_shape_stay_in_their_order(ws: Workspace) -> None:
    lines: list[dict[str, object]] = [
        {"sku": "a", "quantity": 1, "price": 1},
        {"total": 2, "sku": "b"},
        {},
        {"sku": "c", "quantity": 3, "price": 1},
        {"sku": "d", "total": 4, "brand": "Own"},
    ]
    kept = recorded(ws, order("a-1", *lines))
    assert [line.get("sku") for line in kept.lines] == ["a", "b", None, "c", "d"]
    assert [line.get("total") for line in kept.lines] == [1, 2, None, 3, 4]
    assert "total" not in kept.properties, "of one line it is not known what it came to"


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, "30"),
        ({"total": "29.995"}, "30"),
        ({"total": 25}, "25"),
        ({"revenue": 27}, "27"),
        ({"total": 25, "revenue": 27}, "25"),
        ({"shipping": 5, "tax": "1.5", "discount": 2.25}, "34.25"),
        ({"shipping": "free"}, "30"),
    ],
)
def test_an_orders_total(ws: Workspace, properties: Values, expected: str) -> None:
    lines = ({"quantity": 1, "price": 10}, {"quantity": 2, "price": 10})
    assert total(ws, *lines, **properties) == Decimal(expected)


def test_an_order_without_lines_or_amounts_has_no_total(ws: Workspace) -> None:
    assert total(ws) is None
    assert rows(ws, "select total_minor, len(lines) as n from lake.events") == [{"total_minor": None, "n": 0}]


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"revenue": 40}, "40"),
        ({"shipping": 5}, "5"),
        ({"subtotal": 30, "shipping": 5, "tax": 6, "discount": 1}, "40"),
        ({"discount": 1}, None),
        ({"shipping": "free"}, None),
        ({"points": 4}, None),
    ],
)
def test_a_refund_without_lines_comes_to_the_amounts_that_it_says(
    ws: Workspace, properties: Values, expected: str | None
) -> None:
    fact = recorded(ws, track("r1", "ada", "Order Refunded", {"order_id": "a-1", **properties}))
    assert fact.properties.get("total") == (None if expected is None else Decimal(expected))


def test_a_refund_that_names_no_currency_keeps_its_amounts_as_they_came(ws: Workspace) -> None:
    line = {"sku": "c-1", "quantity": 1, "price": 0.1255}
    ws.record([track("r1", "ada", "Order Refunded", {"order_id": "a-1", "total": "30.555", "products": [line]})])
    ws.record([track("r2", "ada", "Order Refunded", {"order_id": "a-1", "total": 30.5, "products": [line]})])
    ws.record([track("r3", "ada", "Order Refunded", {"order_id": "a-1", "total": 30.555, "currency": "CZK"})])
    assert [fact.properties["total"] for fact in facts(ws)] == [Decimal("30.555"), Decimal("30.5"), Decimal("30.56")]
    assert facts(ws)[0].lines[0]["total"] == Decimal("0.1255")
    # What is finer than the column of minor units is kept beside it.
    kept = rows(ws, "select total_minor, lines[1].total_minor as line from lake.events order by event_no")
    assert kept == [
        {"total_minor": None, "line": None},
        {"total_minor": 3050, "line": None},
        {"total_minor": 3056, "line": None},
    ]


def test_a_total_that_is_no_number_stays_as_it_came(ws: Workspace) -> None:
    assert total(ws, {"quantity": 1, "price": 10}, total="a lot") == "a lot"
    assert rows(ws, "select total_minor from lake.events") == [{"total_minor": None}]


def test_a_refund_without_lines_gives_the_whole_order_back_and_one_with_lines_their_sum(ws: Workspace) -> None:
    refund = {"order_id": "a-1"}
    ws.record([track("r1", "ada", "Order Refunded", refund)])
    ws.record([track("r2", "ada", "Order Refunded", {**refund, "products": [{"quantity": 1, "price": 7}]})])
    ws.record([track("r3", "ada", "Order Refunded", {**refund, "total": 3})])
    assert [fact.properties.get("total") for fact in facts(ws)] == [None, Decimal(7), Decimal(3)]


@pytest.mark.parametrize(
    ("currency", "expected", "minor"), [("JPY", "12", 12), ("BHD", "12.346", 12346), ("usd", "12.35", 1235)]
)
def test_amounts_have_the_places_of_the_orders_own_currency(
    ws: Workspace, currency: str, expected: str, minor: int
) -> None:
    [line] = kept_lines(ws, {"sku": "c-1", "quantity": 1, "price": 12.3456}, currency=currency)
    assert (line["total"], line["price"]) == (Decimal(expected), Decimal("12.3456"))
    assert rows(ws, "select total_minor, lines[1].total_minor as line, currency from lake.events") == [
        {"total_minor": minor, "line": minor, "currency": currency.upper()}
    ]


def test_numbers_of_orders_and_articles_are_texts(ws: Workspace) -> None:
    fact = recorded(ws, order("a-1", {"sku": 17, "category": 4.50}, order_id=1001, coupon=5))
    assert (fact.properties["order_id"], fact.properties["coupon"]) == ("1001", "5")
    assert fact.lines == ({"sku": "17", "category": "4.5"},)
    assert rows(ws, "select order_id from lake.events") == [{"order_id": "1001"}]


def test_texts_that_read_as_numbers_are_numbers_where_numbers_belong(ws: Workspace) -> None:
    [line] = kept_lines(ws, {"sku": "007", "quantity": "٢", "price": "1.50", "size": "42"})
    assert line == {"sku": "007", "quantity": 2, "price": Decimal("1.5"), "size": "42", "total": 3}


@pytest.mark.parametrize(
    "products", ["c-17", ["c-17", {"sku": "c-18"}], {"sku": "c-17"}], ids=["text", "mixed list", "one object"]
)
def test_products_that_are_no_list_of_lines_are_kept_as_a_property(ws: Workspace, products: object) -> None:
    fact = recorded(ws, track("m1", "ada", "Order Completed", {"order_id": "a", "products": products}))
    assert (fact.properties["products"], fact.lines) == (products, ())


def test_lines_may_be_called_lines(ws: Workspace) -> None:
    fact = recorded(ws, track("m1", "ada", "Order Completed", {"lines": [{"quantity": 1, "price": 2}]}))
    assert fact.properties == {"total": 2}
    assert len(fact.lines) == 1


def test_what_does_not_fit_its_column_is_kept_beside_it(ws: Workspace) -> None:
    line = {"sku": ["a"], "quantity": 10**13, "price": 0.5, "unit_cost": "cheap", "discount": 10**20, "total": True}
    [kept] = kept_lines(ws, line)
    assert kept == {**line, "price": Decimal("0.5")}
    [row] = rows(ws, "select unnest(lines[1]) from lake.events")
    assert {name for name, value in row.items() if value is not None} == {"price", "props", "readings"}


def test_an_amount_beyond_64_bits_is_kept_without_a_column(ws: Workspace) -> None:
    assert total(ws, total=10**20) == Decimal(10**20)
    assert rows(ws, "select total_minor from lake.events") == [{"total_minor": None}]
