"""Refunds, in plain Python and in SQL, by hand (rules 26 to 28 and 30)."""

from __future__ import annotations

from pathlib import Path

from tests.engine.shop import Shop, cancelled, order, refund, track

COAT = {"sku": "C-1", "category": "coats", "quantity": 1, "price": 100}
HATS = {"sku": "H-1", "category": "hats", "quantity": 4, "price": 10}


def test_a_sum_is_the_orders_in_the_window_less_the_refunds_in_it(tmp_path: Path) -> None:
    messages = [
        order("ada", "2024-03-01", order_id="1", total=100),
        refund("ada", "2024-05-02", order_id="1", total=30),
        order("ada", "2024-05-01", order_id="2", total=50),
        order("ben", "2024-03-01", order_id="3", total=100),
        refund("ben", "2024-05-02", order_id="3"),
        track("cyd", "Seen", "2024-05-01"),
    ]
    shop = Shop(tmp_path, messages)
    assert shop.who("sum(order.total) = 120") == {"ada"}
    assert shop.who("sum(order.total, this month) = 20") == {"ada"}
    # A refund that says no amount gives the whole order back; the sum may be below zero.
    assert shop.who("sum(order.total) = 0") == {"ben", "cyd"}
    assert shop.who("sum(order.total, this month) = -100") == {"ben"}
    assert shop.who("sum(order.total, previous month) = 0") == {"ada", "ben", "cyd"}


def test_counts_first_last_min_and_max_see_orders_only(tmp_path: Path) -> None:
    messages = [
        order("ada", "2024-04-01", order_id="1", total=100),
        order("ada", "2024-04-02", order_id="2", total=20),
        refund("ada", "2024-05-02", order_id="1", total=100),
        refund("ada", "2024-05-03", order_id="2", total=500),
    ]
    shop = Shop(tmp_path, messages)
    assert shop.who("count(order) = 2 and count(order.total) = 2 and distinct(order.total) = 2") == {"ada"}
    assert shop.who("min(order.total) = 20 and max(order.total) = 100") == {"ada"}
    assert shop.who("last(order) on 2024-04-02 and last(order.total) = 20 and first(order.total) = 100") == {"ada"}
    assert shop.who("sum(order.gross) = 120 and avg(order.gross) = 60") == {"ada"}
    # 120 less 600, by two orders
    assert shop.who("avg(order.total) = -240") == {"ada"}
    assert shop.who("never order in this month and avg(order.total, this month) is unknown") == {"ada"}


def test_a_refund_is_matched_by_what_it_says_else_by_its_order(tmp_path: Path) -> None:
    messages = [
        order("ada", "2024-05-01", order_id="1", total=100, coupon="A"),
        refund("ada", "2024-05-02", order_id="1", total=10),
        refund("ada", "2024-05-03", order_id="1", total=20, coupon="B"),
    ]
    shop = Shop(tmp_path, messages)
    assert shop.who("sum(order.total where coupon = 'A') = 90") == {"ada"}
    assert shop.who("sum(order.total where coupon = 'B') = -20") == {"ada"}
    assert shop.who("sum(order.total where coupon is unknown) = 0") == {"ada"}


def test_of_lines_those_of_the_refund_go_off_else_all_of_its_order(tmp_path: Path) -> None:
    messages = [
        order("ada", "2024-05-01", COAT, HATS, order_id="1"),
        refund("ada", "2024-05-02", {**HATS, "quantity": 3}, order_id="1"),
        order("ben", "2024-05-01", COAT, HATS, order_id="2"),
        refund("ben", "2024-05-02", order_id="2"),
        order("cyd", "2024-05-01", COAT, HATS, order_id="3"),
        refund("cyd", "2024-05-02", order_id="3", total=15),
    ]
    shop = Shop(tmp_path, messages)
    assert shop.who("sum(order.lines.quantity) = 2 and sum(order.lines.total where category = 'hats') = 10") == {"ada"}
    assert shop.who("sum(order.total) = 110") == {"ada"}
    assert shop.who("sum(order.lines.quantity) = 0 and sum(order.lines.total) = 0") == {"ben", "cyd"}
    # An amount alone names no lines: the total goes down by it, of the lines all go off.
    assert shop.who("sum(order.total) = 125") == {"cyd"}
    assert shop.who("count(order.lines) = 2 and max(order.lines.price) = 100") == {"ada", "ben", "cyd"}


def test_refunds_of_an_order_that_does_not_count_do_not_count_from_then_on(tmp_path: Path) -> None:
    messages = [
        order("ada", "2024-04-01", order_id="1", total=100),
        refund("ada", "2024-04-10", order_id="1", total=40),
        cancelled("ada", "2024-05-01", order_id="1"),
    ]
    shop = Shop(tmp_path, messages)
    assert shop.who("sum(order.total) = 60", at="2024-04-30T12:00") == {"ada"}
    assert shop.who("sum(order.total) = 0 and never order") == {"ada"}
    assert shop.who("sum(any order.total) = 60") == {"ada"}


def test_the_last_order_is_chosen_before_what_it_says_is_looked_at(tmp_path: Path) -> None:
    messages = [
        order("ada", "2024-04-01", total=10, coupon="A"),
        order("ada", "2024-05-01", total=20),
        order("ben", "2024-04-01", total=10),
        order("ben", "2024-05-01", total=20, coupon="A"),
    ]
    shop = Shop(tmp_path, messages)
    assert shop.who("last(order.coupon) is known") == {"ben"}
    assert shop.who("last(order.coupon where total < 15) = 'A'") == {"ada"}
    assert shop.who("last(order.coupon) != 'A'") == {"ada"}
    assert shop.who("last order where (coupon = 'A') had (total = 20)") == {"ben"}
    assert shop.who("first order where (total = 5) had (coupon = 'A')") == set()
    assert shop.who("not first order where (total = 5) had (coupon = 'A')") == {"ada", "ben"}


def test_of_nothing_some_are_zero_and_some_unknown(tmp_path: Path) -> None:
    messages = [track("ada", "Seen", "2024-05-01"), order("ben", "2024-05-01", points="many")]
    shop = Shop(tmp_path, messages)
    both = {"ada", "ben"}
    assert shop.who("count(order, today) = 0 and sum(order.points) = 0 and distinct(order.points, today) = 0") == both
    for value in ("avg(order.points)", "min(order.points)", "max(order.points)", "last(order.points, today)"):
        assert shop.who(f"{value} is unknown") == both, value
    assert shop.who("first(order) is unknown") == {"ada"}
    assert shop.who("ratio(sum(order.points), count(order)) is unknown") == {"ada"}
    assert shop.who("trend(count(order), this month) is unknown") == both
