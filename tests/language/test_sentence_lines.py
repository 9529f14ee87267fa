"""A sentence says whether an order is spoken of or its lines, as far as the catalog tells."""

# ruff: noqa: E501  (a sentence stands on one line)

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from intarsia.language import parse, sentence
from intarsia.language import tree as t
from intarsia.language.catalog import EventType, Kind
from tests.language.trees import conditions
from tests.language.wide import CATALOG, LINES, ORDER, properties

BOTH = {"colour": Kind.TEXT}
TYPE = EventType(
    "Order Completed", "order", properties({**ORDER, **BOTH}), properties({**LINES, **BOTH}, is_of_line=True)
)
KNOWN = replace(CATALOG, events={**CATALOG.events, TYPE.name: TYPE})


def said(text: str) -> str:
    return sentence(parse(text), catalog=KNOWN).removeprefix("People ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("did order where (category = 'coats')", "with at least one order with a line whose category is 'coats'"),
        ("did order where (category = 'coats' and quantity >= 2)", "with at least one order with a line whose category is 'coats' and a line whose quantity is at least 2"),
        ("did order where (has line (category = 'coats' and quantity >= 2))", "with at least one order with a line where (category is 'coats' and quantity is at least 2)"),
        ("did order where (category != 'coats')", "with at least one order with no line whose category is 'coats'"),
        ("did order where (not (category != 'coats'))", "with at least one order where (not (there is no line whose category is 'coats'))"),
        ("did order where (sku is unknown and not has line (sku = 'A'))", "with at least one order with no line whose sku is known and no line where (sku is 'A')"),
        ("did order where (sku is empty)", "with at least one order with a line whose sku is empty or unknown (or no line at all)"),
        ("did order where (sku is not empty)", "with at least one order with no line whose sku is empty or unknown (but at least one line)"),
        ("did order where (lines.category contains 'x')", "with at least one order with a line whose category contains 'x'"),
        ("never order where (order.lines.category = 'coats')", "without any order with a line whose category is 'coats' (also those who never had one)"),
        ("did order where (category = 'coats' or sku = 'A')", "with at least one order where (there is a line whose category is 'coats' or there is a line whose sku is 'A')"),
        ("did order where (category = 'coats' or gift = true)", "with at least one order where (gift is true or there is a line whose category is 'coats')"),
        ("did any order where (category = 'coats') in last 6 months", "with at least one order of any status with a line whose category is 'coats' in the last 6 months"),
        ("did view where (path = '/')", "with at least one view where (path is '/')"),
        ("did \"Never Sent\" where (x = 1)", "with at least one \"Never Sent\" event where (x is 1)"),
        ("sequence(view, order where category = 'coats' within 7 days)", "who had one after the other (a view, then an order with a line whose category is 'coats' within 7 days)"),
        ("last order had (category = 'coats')", "whose last order was one with a line whose category is 'coats'"),
    ],
)  # fmt: skip
def test_what_lines_have_is_said_of_lines_and_each_test_of_one_of_its_own(text: str, expected: str) -> None:
    assert said(text) == expected


def test_nothing_of_the_order_is_said_behind_a_line_that_it_could_be_taken_for() -> None:
    assert said("did order where (category = 'coats' and total > 50)") == (
        "with at least one order where (total is above 50 and there is a line whose category is 'coats')"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("did order where (colour = 'red')", "with at least one order where (colour (or, if it has none, that of one of its lines) is 'red')"),
        ("did order where (colour != 'red')", "with at least one order where (colour (or, if it has none, that of all its lines) is not 'red' (or is unknown))"),
        ("did order where (lines.colour = 'red')", "with at least one order with a line whose colour is 'red'"),
        ("did order where (has line (colour = 'red' and gift = true))", "with at least one order with a line where (colour (that of the order or, if it has none, of the line) is 'red' and gift of the order is true)"),
        ("did order where (total > 5)", "with at least one order where (total is above 5)"),
        ("last(order.colour) = 'red'", "whose colour of the last order (or, if it has none, that of one of its lines) is 'red'"),
        ("count(order.colour) = 2", "whose number of known values of order.colour is 2"),
    ],
)  # fmt: skip
def test_what_both_may_have_is_said_of_both(text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(order.category) >= 2", "whose number of lines of orders with a known category is at least 2"),
        ("count(order.coupon) >= 2", "whose number of orders with a known coupon is at least 2"),
        ("count(order where category = 'coats') >= 2", "whose number of orders with a line whose category is 'coats' is at least 2"),
        ("sum(order.total where category = 'coats') > 5", "whose sum of order.total of orders with a line whose category is 'coats' is above 5"),
        ("sum(order.quantity where sku = 'A') > 5", "whose sum of quantity of lines of orders where (sku is 'A') is above 5"),
        ("sum(order.quantity where sku = 'A' and total > 25) > 5", "whose sum of quantity of lines of orders where (sku is 'A' and total of the order is above 25) is above 5"),
        ("avg(order.quantity, last 1 year) > 5", "whose average quantity of lines of orders in the last year is above 5"),
        ("distinct(order.category) > 5", "whose number of different values of category of lines of orders is above 5"),
        ("last(order.category) = 'coats'", "whose last order had a line whose category is 'coats'"),
        ("last(order.category where gift = true) != 'coats'", "whose last order where (gift is true) had no line whose category is 'coats' (also those without any such order)"),
        ("first(order.category, last 1 year) is unknown", "whose first order in the last year had no line whose category is known (also those without any such order)"),
        ("first(order.lines.sku) = 'A'", "whose sku of the first line of orders is 'A'"),
    ],
)  # fmt: skip
def test_functions_say_what_they_go_over(text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(order.category) >= 2", "People whose number of known values of order.category is at least 2"),
        ("sum(order.total where category = 'coats') > 5", "People whose sum of order.total where (category is 'coats') is above 5"),
        ("did order where (category = 'coats')", "People with at least one order where (category is 'coats')"),
    ],
)  # fmt: skip
def test_without_a_catalog_it_is_left_open(text: str, expected: str) -> None:
    assert sentence(parse(text)) == expected


@given(conditions())
def test_everything_can_be_said_whatever_is_known(tree: t.Condition) -> None:
    assert sentence(tree, catalog=KNOWN).startswith(("People", "Everyone", "Nobody"))


def test_lines_inside_of_lines_are_said_in_no_time() -> None:
    condition: t.Condition = t.Test(t.Path(("sku",)), t.Is("known"))
    for _ in range(30):
        condition = t.And((t.HasLine(condition), t.Not(t.HasLine(t.Nobody()))))
    assert sentence(t.Did(t.Event(("order",)), condition), catalog=KNOWN).count("a line where") == 30
