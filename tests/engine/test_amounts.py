"""Amounts in several currencies: in plain Python and in SQL (rules 28 to 30)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from intarsia.errors import UserError
from intarsia.language import check, parse, show
from intarsia.language.catalog import Kind
from intarsia.language.meaning.rates import Quote, Rates
from tests.engine.populations import Message
from tests.engine.shop import Shop, instant, order, refund, said, track

SEED = 20_240_516
RATES: Mapping[str, Mapping[str, str]] = {
    "EUR": {"2024-05-01": "25.5", "2024-05-02": "24.5", "2024-05-03": "25.105", "2024-05-15": "25"},
    "JPY": {"2024-05-01": "0.15", "2024-05-02": "0.16"},
    "KWD": {"2024-05-01": "75.5"},
}


def rates(by_day: Mapping[str, Mapping[str, str]] = RATES, recorded_at: str = "2024-05-04") -> Rates:
    """Rates by currency and day, all recorded at one instant."""
    at = instant(recorded_at)
    return Rates.of(
        {
            currency: [Quote(date.fromisoformat(day), Decimal(rate), at) for day, rate in days.items()]
            for currency, days in by_day.items()
        }
    )


def shop_with(folder: Path, messages: list[Message], known: Rates | None = None, **settings: Any) -> Shop:
    """A shop whose catalog knows rates."""
    shop = Shop(folder, messages, **settings)
    shop.world.catalog = replace(shop.world.catalog, rates=rates() if known is None else known)
    return shop


def test_an_amount_is_converted_at_the_rate_of_its_own_day(tmp_path: Path) -> None:
    messages = [
        order("ada", "2024-05-01T12:00", total=10, currency="EUR"),
        order("ada", "2024-05-02T12:00", total=10, currency="eur"),
        order("ada", "2024-05-02T12:00", total=100),
        order("ben", "2024-05-01T12:00", total=255),
    ]
    shop = shop_with(tmp_path, messages)
    # 10 x 25.5 + 10 x 24.5 + 100
    assert shop.who("sum(order.total) = 600") == {"ada"}
    assert shop.who("max(order.total) = 255") == {"ada", "ben"}
    assert shop.who("min(order.total) = 100 and distinct(order.total) = 3 and count(order.total) = 3") == {"ada"}
    assert shop.who("avg(order.total) = 200") == {"ada"}
    assert shop.who("sum(order.gross) = 600") == {"ada"}
    assert shop.who("top 1 by sum(order.total)") == {"ada"}


def test_the_day_is_that_of_the_workspace(tmp_path: Path) -> None:
    messages = [
        order("ada", "2024-05-01T21:59:59.999Z", total=10, currency="EUR"),
        order("ben", "2024-05-01T22:00:00Z", total=10, currency="EUR"),
    ]
    shop = shop_with(tmp_path, messages)
    assert shop.who("sum(order.total) = 255") == {"ada"}
    assert shop.who("sum(order.total) = 245") == {"ben"}


def test_an_order_has_the_day_of_its_first_version(tmp_path: Path) -> None:
    updated = {**order("ada", "2024-05-02", order_id="1", total=20, currency="EUR"), "event": "Order Updated"}
    shop = shop_with(tmp_path, [order("ada", "2024-05-01", order_id="1", total=10, currency="EUR"), updated])
    assert shop.who("sum(order.total) = 510") == {"ada"}


def test_each_order_and_each_line_is_rounded_half_to_even(tmp_path: Path) -> None:
    cent = {"sku": "A", "quantity": 1, "price": 0.01}
    messages = [
        # 0.255 twice: a tie that goes to 0.26, so 0.52 and not 0.51.
        order("ada", "2024-05-01", total=0.01, currency="EUR"),
        order("ada", "2024-05-01", total=0.01, currency="EUR"),
        # 0.245: a tie that goes to 0.24.
        order("ben", "2024-05-02", total=0.01, currency="EUR"),
        order("cyd", "2024-05-01", cent, cent, cent, currency="EUR", total=0.03),
    ]
    shop = shop_with(tmp_path, messages)
    assert shop.who("sum(order.total) = 0.52") == {"ada"}
    assert shop.who("sum(order.total) = 0.24") == {"ben"}
    # 0.765 in one order: a tie to 0.76; three lines of 0.26 each.
    assert shop.who("sum(order.total) = 0.76 and sum(order.lines.total) = 0.78") == {"cyd"}
    assert shop.who("sum(order.lines.price) = 0.78 and max(order.price) = 0.26") == {"cyd"}


def test_currencies_with_no_and_with_three_decimals(tmp_path: Path) -> None:
    lines = [{"sku": "A", "quantity": 1, "price": 100}, {"sku": "B", "quantity": 2, "price": 50.4}]
    messages = [
        order("ada", "2024-05-01", *lines, currency="JPY"),
        order("ben", "2024-05-01", total=1.2345, currency="KWD"),
    ]
    shop = shop_with(tmp_path, messages)
    # 100 and 101 yen at 0.15
    assert shop.who("sum(order.total) = 30.15 and max(order.lines.total) = 15.15") == {"ada"}
    # 1.234 dinars at 75.5 are 93.167
    assert shop.who("sum(order.total) = 93.17") == {"ben"}
    home = rates({"EUR": {"2024-05-01": "160.5"}, "KWD": {"2024-05-01": "500.123456"}})
    messages = [
        order("ada", "2024-05-01", total=1, currency="EUR"),
        order("ben", "2024-05-01", total=3, currency="EUR"),
        order("cyd", "2024-05-01", total=0.001, currency="KWD"),
    ]
    japanese = shop_with(tmp_path / "jp", messages, home, currency="JPY")
    assert japanese.who("sum(order.total) = 160") == {"ada"}
    assert japanese.who("sum(order.total) = 482") == {"ben"}
    assert japanese.who("sum(order.total) = 1") == {"cyd"}


def test_a_refund_is_converted_at_the_rate_of_its_own_day(tmp_path: Path) -> None:
    messages = [
        order("ada", "2024-05-01", order_id="1", total=100, currency="EUR"),
        refund("ada", "2024-05-02", order_id="1", total=100, currency="EUR"),
        order("ben", "2024-05-01", order_id="2", total=100, currency="EUR"),
        refund("ben", "2024-05-02", order_id="2", total=10),
        order("cyd", "2024-05-01", order_id="3", total=100, currency="EUR"),
        refund("cyd", "2024-05-02", order_id="3"),
    ]
    shop = shop_with(tmp_path, messages)
    # 2550 - 2450; a refund that names no currency speaks of its order's, as does its total.
    assert shop.who("sum(order.total) = 100") == {"ada", "cyd"}
    assert shop.who("sum(order.total) = 2305") == {"ben"}
    assert shop.who("sum(order.total, on 2024-05-02) = -2450") == {"ada", "cyd"}
    assert shop.who("sum(order.gross) = 2550 and max(order.total) = 2550") == {"ada", "ben", "cyd"}


def test_a_refund_in_another_currency_than_its_order(tmp_path: Path) -> None:
    messages = [
        order("ada", "2024-05-01", order_id="1", total=1000, currency="JPY"),
        refund("ada", "2024-05-01", order_id="1", total=50, currency="CZK"),
        order("ben", "2024-05-01", order_id="2", total=100),
        refund("ben", "2024-05-01", order_id="2", total=200, currency="JPY"),
    ]
    shop = shop_with(tmp_path, messages)
    assert shop.who("sum(order.total) = 100") == {"ada"}
    assert shop.who("sum(order.total) = 70") == {"ben"}


def test_an_amount_that_is_borrowed_keeps_the_currency_of_what_gives_it(tmp_path: Path) -> None:
    line = {"sku": "A", "quantity": 1, "price": 1000}
    messages = [
        order("ada", "2024-05-01", line, order_id="1", currency="JPY", shipping=100),
        refund("ada", "2024-05-02", order_id="1", currency="EUR"),
        order("ben", "2024-05-01", line, order_id="2", currency="JPY"),
        refund("ben", "2024-05-02", order_id="2", currency="EUR", shipping=1),
    ]
    shop = shop_with(tmp_path, messages)
    # 1100 yen at 0.15, less the same at 0.16
    assert shop.who("sum(order.total) = -11 and sum(order.shipping) = -1 and sum(order.lines.total) = -10") == {"ada"}
    # A euro of shipping is given back; what conditions see of the order's amounts is in yen.
    assert shop.who("sum(order.total) = 125.5 and sum(order.lines.total) = 150") == {"ben"}
    assert shop.who("sum(order.total where price = 160) = -24.5") == {"ben"}
    assert shop.who("sum(order.total where currency = 'EUR') = -176") == {"ada"}


def test_a_refund_that_names_no_currency_is_rounded_by_its_orders(tmp_path: Path) -> None:
    line = {"sku": "A", "quantity": 1, "price": 30.555}
    messages = [
        order("ada", "2024-05-01", order_id="1", total=100, currency="EUR"),
        refund("ada", "2024-05-02", order_id="1", total=30.55, shipping=0.5),
        order("ben", "2024-05-01", order_id="2", total=100, currency="EUR"),
        refund("ben", "2024-05-02", line, order_id="2"),
        order("cyd", "2024-05-01", order_id="3", total=100),
        refund("cyd", "2024-05-02", line, order_id="3"),
        refund("dan", "2024-05-02", order_id="4", total=30.55),
    ]
    known = rates({"EUR": {"2024-05-01": "160", "2024-05-02": "100"}})
    shop = shop_with(tmp_path, messages, known, currency="JPY")
    assert shop.who("sum(order.total) = 12945 and sum(order.shipping) = -50") == {"ada"}
    assert shop.who("sum(order.total where total = 3055) = -3055") == {"ada"}
    # 30.555 euros are 30.56
    assert shop.who("sum(order.total) = 12944 and sum(order.lines.total) = -3056") == {"ben"}
    assert shop.who("sum(order.total) = 69 and sum(order.lines.total) = -31") == {"cyd"}
    assert shop.who("sum(order.total) = -31") == {"dan"}


WHERE_AMOUNTS = (
    ("ada", True, "sum(order.total where total > 10)"),
    ("ada", True, "count(order where total > 10)"),
    ("ada", True, "sum(order.points where total > 10)"),
    ("ada", True, "avg(order.points where not total > 10)"),
    ("ada", True, "first(order where total > 10)"),
    ("ada", True, "last(order.coupon where total > 10)"),
    ("ada", True, "last(order.category where total > 10)"),
    ("ada", True, "count(order where total is known)"),
    ("ada", True, "count(order where price > 10)"),
    ("ada", True, "count(order where has line (price > 10))"),
    ("ada", True, "count(order.lines where price > 10)"),
    ("ada", True, "trend(count(order where total > 10), last 1 year)"),
    ("ada", False, "sum(order.total where total > 10 and currency is unknown)"),
    ("ada", False, "sum(order.points where total > 10 or currency = 'USD')"),
    ("ada", False, "sum(order.total where total > 10, on 2024-05-01)"),
    ("ada", False, "count(order where coupon = 'A')"),
    ("ben", False, "sum(order.total where total > 10)"),
    ("cyd", True, "sum(order.total where total > 10)"),
    ("cyd", False, "count(order where total > 10)"),
)


@pytest.mark.parametrize(("who", "is_unknown", "value"), WHERE_AMOUNTS)
def test_an_aggregate_is_unknown_if_its_filter_asks_for_an_amount_without_a_rate(
    tmp_path: Path, who: str, is_unknown: bool, value: str
) -> None:
    line = {"sku": "A", "quantity": 1, "price": 100, "category": "hats"}
    messages = [
        order("ada", "2024-05-01", line, points=1, coupon="A"),
        order("ada", "2024-05-02", {**line, "price": 5000}, points=2, coupon="B", currency="USD"),
        order("ben", "2024-05-01", line, points=1, coupon="A"),
        order("cyd", "2024-05-01", line, order_id="1"),
        refund("cyd", "2024-05-02", order_id="1", total=1, currency="USD"),
    ]
    shop = shop_with(tmp_path, messages)
    with shop.world.ask(instant("2024-05-15"), None) as asked:
        unknown, known = parse(f"{value} is unknown"), parse(f"{value} is known")
        assert asked.by_engine(unknown) == asked.by_interpreter(unknown)
        assert asked.by_engine(known) == asked.by_interpreter(known)
        if "trend" not in value:
            assert (who in asked.by_engine(unknown)) is is_unknown


def test_a_test_of_an_amount_without_a_rate_beside_events_is_false(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, [order("ada", "2024-05-01", total=10, currency="USD")])
    assert shop.who("did order where (total > 5) or first order had (total > 5)") == set()
    assert shop.who("top 5 by count(order where total > 5)") == set()
    assert shop.who("count(order where total > 5) = 0 or count(order where total > 5) != 0") == {"ada"}


def test_without_a_rate_an_aggregate_is_unknown_and_its_test_false(tmp_path: Path) -> None:
    messages = [
        order("ada", "2024-05-01", total=10, currency="EUR"),
        order("ada", "2024-04-30", total=0, currency="EUR"),
        order("ben", "2024-05-01", total=10, currency="USD"),
        order("cyd", "2024-05-01", total=10, currency="EUR"),
        order("dan", "2024-05-01", order_id="4", total=10),
        refund("dan", "2024-05-09", order_id="4", total=1, currency="EUR"),
    ]
    shop = shop_with(tmp_path, messages)
    assert shop.who("sum(order.total) is known") == {"cyd"}
    assert shop.who("sum(order.total) >= 0") == {"cyd"}
    assert shop.who("not sum(order.total) >= 0") == {"ada", "ben", "dan"}
    assert shop.who("sum(order.total, on 2024-05-01) = 255") == {"ada", "cyd"}
    assert shop.who("max(order.total) = 10") == {"dan"}
    assert shop.who("top 9 by sum(order.total)") == {"cyd"}
    assert shop.who("count(order) >= 1 and count(order.total) is unknown") == {"ada", "ben"}
    assert shop.who("ratio(sum(order.total), count(order)) is known") == {"cyd"}
    assert shop.who("did order where (total >= 0)") == {"ada", "cyd", "dan"}
    assert shop.who("did order where (total is unknown)") == {"ada", "ben"}


def test_tests_of_amounts_see_them_in_the_currency_of_the_workspace(tmp_path: Path) -> None:
    lines = [{"sku": "A", "price": 10, "quantity": 1}, {"sku": "B", "price": 1, "quantity": 1}]
    messages = [
        order("ada", "2024-05-01", *lines, currency="EUR", shipping=2),
        order("ben", "2024-05-01", *lines),
        track("cyd", "Product Viewed", "2024-05-02", price="10", currency="eur"),
        track("dan", "Product Viewed", "2024-05-02", price=245),
        track("eve", "Product Viewed", "2024-05-02", price="dear", currency="EUR"),
    ]
    shop = shop_with(tmp_path, messages)
    assert shop.who("did order where (price > 200)") == {"ada"}
    assert shop.who("did order where (has line (sku = 'B' and price = 25.5))") == {"ada"}
    assert shop.who("did order where (shipping = 51 and total = 331.5)") == {"ada"}
    assert shop.who("last order had (total between 11 and 12)") == {"ben"}
    assert shop.who("last(order.total) = 331.5 and first(order.lines.price) = 255") == {"ada"}
    assert shop.who("last(order.price) = 25.5") == {"ada"}
    assert shop.who("did view where (price = 245)") == {"cyd", "dan"}
    assert shop.who("sum(view.price) = 245 and last(view.price) = 245") == {"cyd", "dan"}
    assert shop.who("did view where (price = 'dear')") == {"eve"}
    assert shop.who("sequence(view where price in (1, 245))") == {"cyd", "dan"}


def test_amounts_that_no_order_rounds_keep_their_six_places_next_to_converted_ones(tmp_path: Path) -> None:
    messages = [
        track("ada", "Product Viewed", "2024-05-02", price=0.000001),
        track("ada", "Product Viewed", "2024-05-02", price=1, currency="EUR"),
        track("ada", "Product Viewed", "2024-05-02", price=0.000002, currency="CZK"),
        track("ben", "Product Viewed", "2024-05-02", price=0.000003),
    ]
    shop = shop_with(tmp_path, messages)
    assert shop.who("sum(view.price) = 24.500003") == {"ada"}
    assert shop.who("min(view.price) = 0.000001 and max(view.price) = 24.5") == {"ada"}
    assert shop.who("did view where (price < 0.000002)") == {"ada"}
    # Money on average is rounded to the minor unit.
    assert shop.who("avg(view.price) = 8.17") == {"ada"}
    assert shop.who("first(view.price) = 0.000003 and avg(view.price) = 0") == {"ben"}


def test_what_was_learned_of_a_rate_later_does_not_count_before(tmp_path: Path) -> None:
    day = date(2024, 5, 1)
    known = Rates.of(
        {
            "EUR": [
                Quote(day, Decimal(26), instant("2024-05-12")),
                Quote(day, Decimal(25), instant("2024-05-10")),
                Quote(day, Decimal(27), instant("2024-05-12")),
            ]
        }
    )
    shop = shop_with(tmp_path, [order("ada", "2024-05-01", total=1, currency="EUR")], known)
    expected = {"2024-05-11T23:59:59.999": 25, "2024-05-10": 25, "2024-05-12": 27, None: 27}
    for known_at, total in expected.items():
        with shop.world.ask(instant("2024-05-15"), None if known_at is None else instant(known_at)) as asked:
            rule = parse(f"sum(order.total) = {total}")
            assert asked.by_engine(rule) == asked.by_interpreter(rule) == {"ada"}, known_at
    earlier = Rates.of({"EUR": [Quote(day, Decimal(25), instant("2024-05-11"))]})
    shop.world.catalog = replace(shop.world.catalog, rates=earlier)
    with shop.world.ask(instant("2024-05-15"), instant("2024-05-10")) as asked:
        rule = parse("sum(order.total) is unknown")
        assert asked.by_engine(rule) == asked.by_interpreter(rule) == {"ada"}


# --- literals


def test_a_literal_is_converted_at_the_rate_of_the_question(tmp_path: Path) -> None:
    messages = [order("ada", total=250), order("ben", total=251), order("cyd", total=10)]
    shop = shop_with(tmp_path, messages)
    # On 15 May one euro is 25 crowns.
    assert shop.who("sum(order.total) = 10 EUR") == {"ada"}
    assert shop.who("sum(order.total) > 10 EUR") == {"ben"}
    assert shop.who("sum(order.total) <= 10 EUR") == {"ada", "cyd"}
    assert shop.who("sum(order.total) in (10 EUR, 251)") == {"ada", "ben"}
    assert shop.who("sum(order.total) between 9 EUR and 250.5 CZK") == {"ada"}
    assert shop.who("sum(order.total) != 10 EUR") == {"ben", "cyd"}
    assert shop.who("did order where (total > 10.02 EUR)") == {"ben"}
    assert shop.who("sum(order.total) = 10 CZK") == {"cyd"}
    assert shop.who("avg(order.total) = 0.4 EUR and max(order.total) < 1 EUR") == {"cyd"}
    # On 2 May it is 24.5, and 10.2041 euros are 250.00045 crowns, rounded 250.
    assert shop.who("sum(order.total) = 10.2041 EUR", at="2024-05-02T12:00") == {"ada"}


def test_a_test_with_an_amount_without_a_rate_is_false(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, [order("ada", total=250), order("ben", total=0)])
    assert shop.who("sum(order.total) >= 0 KWD") == set()
    assert shop.who("sum(order.total) < 0 KWD") == set()
    assert shop.who("not sum(order.total) >= 0 KWD") == {"ada", "ben"}
    assert shop.who("sum(order.total) != 0 KWD") == {"ada", "ben"}
    assert shop.who("sum(order.total) between -5 KWD and 10 EUR") == set()
    assert shop.who("sum(order.total) in (1 KWD, 10 EUR)") == {"ada"}


def test_a_literal_next_to_a_trait_and_to_one_that_has_held(tmp_path: Path) -> None:
    messages = [
        said("ada", "2024-05-01", income=2500),
        said("ben", "2024-05-14", income=2500),
        said("cyd", "2024-05-01", income="2499.99"),
    ]
    shop = shop_with(tmp_path, messages)
    catalog = shop.world.catalog
    income = replace(catalog.traits[("income",)], kind=Kind.MONEY)
    shop.world.catalog = replace(catalog, traits={**catalog.traits, ("income",): income})
    assert shop.who("income >= 100 EUR") == {"ada", "ben"}
    # The amount is that of the day of the question, and the same on every day before.
    assert shop.who("income >= 100 EUR for at least 10 days") == {"ada"}
    assert shop.who("income >= 100 EUR for less than 10 days") == {"ben"}
    assert shop.who("income >= 100 KWD for at least 10 days") == set()
    assert shop.who("income != 100 EUR for at least 10 days") == {"cyd"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("sum(order.total) > 5 ERU", "language.unknown-currency"),
        ("count(order) > 5 EUR", "language.money-and-other"),
        ("did order where (quantity > 5 EUR)", "language.money-and-other"),
        ("tier = 5 EUR", "language.money-and-other"),
        ("bucket('x') < 1 EUR", "language.money-and-other"),
        ("tags has 5 EUR", "language.money-and-other"),
        ("sum(order.total) between 5 EUR and 4 EUR", "language.empty-range"),
    ],
)
def test_amounts_that_make_no_sense_are_refused(tmp_path: Path, text: str, code: str) -> None:
    messages = [said("ada", tier="gold", tags=["a"]), order("ada", total=1)]
    shop = shop_with(tmp_path, messages, is_loose=False)
    with pytest.raises(UserError) as refused:
        check(parse(text), shop.world.catalog, text)
    assert refused.value.code == code
    if code == "language.unknown-currency":
        assert "the nearest is `EUR`" in str(refused.value.hint())


def test_a_currency_is_refused_where_there_are_no_rates_at_all(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, [order("ada", total=1)], Rates())
    check(parse("sum(order.total) > 5 CZK"), shop.world.catalog)
    with pytest.raises(UserError) as refused:
        check(parse("sum(order.total) > 5 EUR"), shop.world.catalog)
    assert refused.value.code == "language.no-rates"
    assert "intarsia rate load" in str(refused.value.hint())


# --- at random


def test_random_amounts_are_the_same_in_python_and_in_sql(tmp_path: Path) -> None:
    chance = Random(SEED)
    days = [f"2024-05-{day:02}" for day in range(1, 16)]
    by_day = {
        currency: {day: f"{chance.uniform(*span):.{places}f}" for day in days if chance.random() < 0.9}
        for currency, span, places in (("EUR", (24, 26), 3), ("JPY", (0.1, 0.2), 6), ("KWD", (70, 80), 9))
    }
    shop = shop_with(tmp_path, list(random_sales(chance, days)), rates(by_day))
    values = (
        "sum(order.total)", "avg(order.total)", "max(order.price)", "sum(order.lines.total)", "last(order.total)",
        "min(order.shipping)", "sum(order.total, last 7 days)", "sum(order.total where coupon is known)",
        "distinct(order.total)", "sum(any order.total)", "sum(any event.shipping)", "sum(order.gross)",
        "sum(order.total where total > 20 EUR)", "avg(order.shipping where not price < 10)",
        "max(order.lines.total where shipping > 1 and total < 50)",
        "count(order where total > 50 or coupon = 'A')",
        "ratio(sum(order.total), sum(order.gross))", "trend(sum(order.total), last 7 days)",
    )  # fmt: skip
    tests = ("> 20 EUR", "is known", "between 10 and 900", "<= 1 KWD", "in (5 JPY, 100, 255)")
    rules = [f"{value} {test}" for value in values[:-3] for test in tests if "distinct" not in value]
    rules += [f"{value} {test}" for value in values[-3:] for test in ("> 0", "is known", "= 1")]
    rules += [f"{rank} by {value}" for value in values for rank in ("top 5", "bottom 30%")]
    rules += ["did order where (total > 20 EUR)", "did order where (price < 300 and total >= 1 KWD)"]
    found = []
    with shop.world.ask(instant("2024-05-15T12:00:00"), None) as asked:
        for rule in map(parse, rules):
            found.append(asked.by_engine(rule))
            assert found[-1] == asked.by_interpreter(rule), f"{show(rule)}, seed {SEED}"
    assert sum(0 < len(members) < 40 for members in found) > 0.7 * len(rules)


def random_sales(chance: Random, days: list[str]) -> Iterator[Message]:
    """Forty people with orders and refunds in several currencies."""
    currencies = (None, None, "CZK", "EUR", "eur", "JPY", "KWD", "USD", "", 5)
    for number in range(40):
        who = f"p{number:02}"
        own = [currency for currency in currencies if chance.random() < 0.3] or [None]
        for _ in range(chance.randrange(5)):
            content: dict[str, Any] = {"order_id": str(chance.randrange(4)), "currency": chance.choice(own)}
            content |= {"total": chance.choice((0.01, 0.03, 10, 99.99, 1234.567, "50", "free"))}
            content |= {"shipping": chance.choice((1, 2.5, "0.005"))} if chance.random() < 0.5 else {}
            content |= {"coupon": "A"} if chance.random() < 0.5 else {}
            lines = [
                {"sku": "A", "quantity": chance.choice((1, 2, 0.5)), "price": chance.choice((0.01, 10, 33.3333))}
                for _ in range(chance.randrange(3))
            ]
            at = f"{chance.choice(days)}T{chance.choice(('00:00', '12:00', '23:59:59.999'))}"
            yield (order if chance.random() < 0.75 else refund)(who, at, *lines, **content)
        yield said(who, income=chance.choice((100, 2500, None)))
