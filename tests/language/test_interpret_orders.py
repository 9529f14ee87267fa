"""Orders, their lines, refunds and money (rules 14, 24, 27, 29, 30)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from intarsia.language.interpret import Instant
from intarsia.language.meaning.facts import Fact
from tests.language.asking import CATALOG, instant, is_in, order, refund, value

COAT = {"sku": "C-17", "category": "coats", "quantity": 2, "total": 200}
SOCKS = {"sku": "S-1", "category": "socks", "quantity": 5, "total": 50}
HAT = {"sku": "H-1", "category": "hats", "quantity": 1, "total": 30}


# --- an order is its id


def test_the_earliest_version_gives_the_time_and_the_latest_the_content() -> None:
    bought = [
        order("2024-02-01", order_id="1", total=10, note="first"),
        order("2024-05-01", order_id="1", total=99, name="Order Updated"),
    ]
    assert value("count(order)", *bought) == 1
    assert value("sum(order.total)", *bought) == 99
    assert value("sum(order.total)", *bought, at="2024-04-30") == 10
    assert value("first(order)", *bought) == value("last(order)", *bought) == Instant(instant("2024-02-01"))
    assert value("last(order.note)", *bought) is None
    assert is_in("never order in last 30 days", *bought)


def test_an_order_id_is_compared_as_text_and_an_order_without_one_stands_alone() -> None:
    assert value("count(order)", order(order_id=7), order(order_id="7"), order(order_id="۷")) == 1
    assert value("count(order)", order(), order(), order(order_id=None), order(order_id="")) == 4


def test_of_one_instant_the_greater_message_id_is_the_later_version() -> None:
    bought = [order(order_id="1", total=20, id="b"), order(order_id="1", total=10, id="a")]
    assert value("sum(order.total)", *bought) == 20


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("paid", 1),
        ("PAID", 1),
        ("Shıpped", 1),
        ("", 1),
        ("\u200c", 1),
        (None, 1),
        ("cancelled", 0),
        ("pending", 0),
        (["paid"], 1),
        (5, 0),
    ],
)
def test_an_order_counts_while_its_status_is_one_of_the_list(status: Any, expected: int) -> None:
    assert value("count(order)", order(status=status, total=5)) == expected


def test_a_status_takes_an_order_out_from_its_versions_time_on() -> None:
    bought = [
        order("2024-02-01", order_id="1", total=10),
        order("2024-03-01", order_id="1", total=10, status="on hold", name="Order Updated"),
        order("2024-04-01", order_id="1", total=12, status="shipped", name="Order Updated"),
    ]
    counts = [value("sum(order.total)", *bought, at=at) for at in ("2024-02-15", "2024-03-01", "2024-04-01")]
    assert counts == [10, 0, 12]


CANCELLABLE = replace(CATALOG, order_statuses=frozenset({"cancelled"}))


def test_a_cancellation_says_only_that_the_order_is_cancelled_from_then_on() -> None:
    bought = [
        order("2024-02-01", order_id="1", total=10, lines=[COAT]),
        order("2024-03-01", order_id="1", name="Order Cancelled", total=5, status="completed", note="x", lines=[HAT]),
    ]
    assert value("count(order)", *bought, at="2024-02-28") == 1
    assert value("count(order)", *bought) == 0
    as_it_was = {
        "sum(order.total)": 10,
        "last(order.note)": None,
        "last(order.sku)": "C-17",
        "last(order.status)": "cancelled",
    }
    assert {text: value(text, *bought, catalog=CANCELLABLE) for text in as_it_was} == as_it_was


def test_a_later_version_brings_a_cancelled_order_back() -> None:
    bought = [
        order("2024-02-01", order_id="1", total=10),
        order("2024-03-01", order_id="1", name="Order Cancelled"),
        order("2024-04-01", order_id="1", total=12, name="Order Updated"),
    ]
    assert value("sum(order.total)", *bought) == 12
    assert value("sum(order.total)", *bought, at="2024-03-31") == 0


def test_a_cancellation_of_an_unknown_order_is_no_order() -> None:
    assert value("count(order)", order(order_id="1", name="Order Cancelled")) == 0


def test_a_version_that_is_not_recorded_yet_gives_no_content() -> None:
    bought = [
        order("2024-02-01", order_id="1", total=10),
        order("2024-03-01", order_id="1", total=99, recorded="2024-05-10"),
    ]
    assert is_in("sum(order.total) = 10", *bought, known_at="2024-05-09")
    assert is_in("sum(order.total) = 99", *bought, known_at="2024-05-10")


# --- lines


def test_a_line_property_is_met_by_one_line_each_test_for_itself() -> None:
    bought = order(lines=[COAT, SOCKS])
    assert is_in("did order where (category = 'coats' and quantity = 5)", bought)
    assert not is_in("did order where (has line (category = 'coats' and quantity = 5))", bought)
    assert is_in("did order where (has line (category = 'coats' and quantity = 2))", bought)


def test_its_negation_is_that_no_line_does() -> None:
    assert not is_in("did order where (category != 'coats')", order(lines=[COAT, SOCKS]))
    assert is_in("did order where (category != 'coats')", order(lines=[SOCKS]))
    assert is_in("did order where (category != 'coats')", order())
    assert is_in("did order where (has line (category != 'coats'))", order(lines=[COAT, SOCKS]))
    assert not is_in("did order where (not has line (category = 'coats'))", order(lines=[COAT]))


def test_of_no_lines_the_value_is_unknown_and_so_empty() -> None:
    assert is_in("did order where (category is empty)", order())
    assert is_in("did order where (category is empty)", order(lines=[{"sku": "X"}]))


def test_a_name_that_both_have_is_the_orders() -> None:
    bought = order(total=230, lines=[COAT, HAT])
    assert not is_in("did order where (total = 200)", bought)
    assert is_in("did order where (lines.total = 200)", bought)
    assert is_in("did order where (has line (lines.total = 30 and total = 230 and sku = 'H-1'))", bought)


BOUGHT = [
    order("2024-04-01", order_id="1", total=250, note="n", lines=[COAT, SOCKS]),
    order("2024-05-01", order_id="2", total=30, lines=[HAT]),
    order("2024-05-02", order_id="3", total=5),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(order.lines)", 3),
        ("count(order.lines where category = 'coats')", 1),
        ("sum(order.lines.quantity)", 8),
        ("sum(order.lines.quantity where order.lines.sku = 'C-17', last 90 days)", 2),
        ("sum(order.lines.total where note = 'n')", 250),
        ("sum(order.quantity where sku = 'S-1')", 5),
        ("max(order.lines.total)", 200),
        ("avg(order.lines.quantity)", Fraction(8, 3)),
        ("distinct(order.category)", 3),
        ("first(order.category)", "coats"),
        ("last(order.category)", None),
        ("last(order.category, before 2024-05-02)", "hats"),
        ("last(order.lines.category)", "hats"),
        ("last(order.category where total > 100)", "socks"),
        ("first(order.lines.sku where category = 'socks')", "S-1"),
    ],
)
def test_an_aggregate_over_lines_goes_over_lines_that_see_their_order(text: str, expected: object) -> None:
    assert value(text, *BOUGHT) == expected


def test_the_last_order_is_asked_and_one_of_its_lines_is_enough() -> None:
    bought = [order("2024-04-01", total=10, lines=[HAT]), order("2024-05-01", total=300, lines=[COAT, SOCKS])]
    for text in ("last(order.category) = 'coats'", "last(order.category) = 'socks'", "first(order.category) = 'hats'"):
        assert is_in(text, *bought)
    assert not is_in("last(order.category) = 'hats'", *bought)
    assert not is_in("last(order.category) != 'coats'", *bought)
    assert is_in("last(order.category where total < 100) = 'hats'", *bought)
    assert not is_in("last(order.lines.category) = 'coats'", *bought)


def test_of_no_order_and_of_an_order_without_lines_the_last_ones_property_is_unknown_and_empty() -> None:
    for text in ("last(order.category) is empty", "last(order.category) is unknown"):
        assert is_in(text)
    assert is_in("last(order.category) is empty", order())
    assert is_in("last(order.category) is unknown", order())
    assert is_in("last(order.category) is empty", order(lines=[{"sku": "X"}, COAT]))


def test_the_filter_of_the_last_order_is_asked_of_the_whole_order() -> None:
    bought = [order("2024-05-01", lines=[COAT, SOCKS]), order("2024-05-02", lines=[HAT])]
    assert is_in("last(order.category where sku = 'S-1') = 'coats'", *bought)
    assert is_in("last(order.category where has line (quantity = 5)) = 'coats'", *bought)


# --- refunds


def test_a_refund_lowers_a_sum_but_not_the_count() -> None:
    bought = [order("2024-05-01", order_id="1", total=100), refund("2024-05-03", order_id="1", total=30)]
    assert value("sum(order.total)", *bought) == 70
    assert value("count(order)", *bought) == 1
    assert value("avg(order.total)", *bought) == 70
    assert value("max(order.total)", *bought) == 100
    assert value("sum(order.gross)", *bought) == 100
    assert value("avg(order.gross)", *bought) == 100
    assert value("count(refund)", *bought) == 1
    assert value("sum(refund.total)", *bought) == 30


def test_a_refund_has_a_time_of_its_own() -> None:
    bought = [order("2024-01-01", order_id="1", total=100), refund("2024-05-03", order_id="1", total=30)]
    assert value("sum(order.total, last 30 days)", *bought) == -30
    assert value("sum(order.total, in previous quarter)", *bought) == 100
    assert value("avg(order.total, last 30 days)", *bought) is None
    assert value("sum(order.total)", *bought, at="2024-05-02") == 100


def test_a_refund_without_an_amount_gives_back_the_whole_order() -> None:
    assert value("sum(order.total)", order(order_id="1", total=100), refund(order_id="1")) == 0


def test_a_refund_of_an_unknown_order_stands_for_itself() -> None:
    assert value("sum(order.total)", refund(order_id="9", total=30)) == -30
    assert value("sum(order.total)", refund(total=30), refund()) == -30
    assert not is_in("did order", refund(total=30))


def test_a_refund_of_an_order_that_does_not_count_does_not_count() -> None:
    assert value("sum(order.total)", order(order_id="1", status="pending", total=9), refund(order_id="1", total=9)) == 0


def test_a_refund_is_matched_by_its_own_properties_else_by_its_orders() -> None:
    bought = [
        order(order_id="1", total=250, coupon="X", lines=[COAT, SOCKS]),
        refund(order_id="1", total=50, lines=[SOCKS]),
    ]
    assert value("sum(order.total where coupon = 'X')", *bought) == 200
    assert value("sum(order.total where category = 'socks')", *bought) == 200
    assert value("sum(order.total where category = 'coats')", *bought) == 250
    own = refund(order_id="1", total=50, coupon="Y")
    assert value("sum(order.total where coupon = 'X')", bought[0], own) == 250


def test_other_properties_are_taken_off_only_where_the_refund_has_them_itself() -> None:
    bought = order(order_id="1", total=100, points=10)
    assert value("sum(order.points)", bought, refund(order_id="1", total=100)) == 10
    assert value("sum(order.points)", bought, refund(order_id="1", points=4)) == 6


def test_over_lines_the_lines_of_the_refund_go_off_else_all_of_its_order() -> None:
    bought = order(order_id="1", total=250, lines=[COAT, SOCKS])
    part = refund(order_id="1", lines=[{**SOCKS, "quantity": 3, "total": 30}])
    assert value("sum(order.lines.quantity)", bought, part) == 4
    assert value("sum(order.lines.total where category = 'socks')", bought, part) == 20
    assert value("sum(order.lines.quantity)", bought, refund(order_id="1")) == 0
    assert value("count(order.lines)", bought, part) == 2


# --- money


def test_an_average_of_money_is_rounded_half_up_to_the_minor_unit() -> None:
    assert value("avg(order.total)", order(total="0.01"), order(total="0.02")) == Fraction(2, 100)
    assert value("avg(order.total)", order(total="-0.01"), order(total="-0.02")) == Fraction(-1, 100)
    thirds = [order(total="0.01"), order(total="0.01"), order(total="0.02")]
    assert is_in("avg(order.total) = 0.01", *thirds)
    points = [order(points=1), order(points=1), order(points=2)]
    assert value("avg(order.points)", *points) == Fraction(4, 3)


FOREIGN = order("2024-05-01", total=10, points=3, currency="EUR", lines=[COAT])
HOME = order("2024-04-01", total=200, points=1, currency="czk", lines=[HAT])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(order.total)", None), ("avg(order.total)", None), ("max(order.total)", None),
        ("count(order.total)", None),
        ("distinct(order.total)", None), ("last(order.total)", None), ("sum(order.gross)", None),
        ("sum(order.lines.total)", None),
        ("first(order.total)", 200), ("sum(order.total, before 2024-05-01)", 200), ("count(order)", 2),
        ("sum(order.points)", 4),
        ("sum(order.lines.quantity)", 3), ("sum(order.total where coupon is known)", 0),
    ],
)  # fmt: skip
def test_an_amount_without_a_rate_makes_the_aggregate_unknown(text: str, expected: int | None) -> None:
    assert value(text, FOREIGN, HOME) == expected


def test_a_test_of_an_amount_without_a_rate_is_false() -> None:
    assert not is_in("did order where (total > 5)", FOREIGN)
    assert is_in("did order where (not total > 5)", FOREIGN)
    assert not is_in("did order where (price is known)", FOREIGN)
    assert is_in("did order where (total is empty)", FOREIGN)
    assert is_in("did order where (total > 5)", HOME)


def test_what_is_no_amount_needs_no_rate() -> None:
    odd = order("2024-05-01", total="many", currency="EUR")
    assert value("sum(order.total)", odd, HOME) == 200


@pytest.mark.parametrize(
    ("given_back", "expected"),
    [
        (refund(order_id="h", total=5, currency="EUR"), None),
        (refund(order_id="h", total=5), Decimal(195)),
        (refund(order_id="h", points=5, currency="EUR"), Decimal(0)),
        (refund(points=5, currency="EUR"), Decimal(200)),
    ],
)
def test_a_refund_without_a_rate_makes_the_sum_unknown(given_back: Fact, expected: Decimal | None) -> None:
    home = order("2024-04-01", order_id="h", total=200, currency="CZK")
    assert value("sum(order.total)", home, given_back) == expected
