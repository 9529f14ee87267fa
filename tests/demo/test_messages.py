"""The Complete Journey becomes messages: all of it, and nothing that it does not say."""

from __future__ import annotations

import json
import sys
from collections import Counter
from decimal import Decimal
from itertools import islice
from subprocess import run

import pytest

from intarsia.demo import MESSAGE_COUNT, messages
from intarsia.demo.journey import Message
from tests.demo.package import asker, only

FIRST_BASKET = 2469 + 6589 + 2102


@pytest.fixture(scope="module")
def begin() -> list[Message]:
    """Everything before the orders, and the first thousand of them."""
    return [message for batch in islice(messages(4000), 4) for message in batch][: FIRST_BASKET + 1000]


def named(found: list[Message], message_id: str) -> Message:
    [message] = [message for message in found if message["messageId"] == message_id]
    return message


def test_every_household_is_stated_with_what_is_known_of_it(begin: list[Message]) -> None:
    households = [message for message in begin if message["type"] == "identify"]
    assert len(households) == 2469
    assert sum(bool(message["traits"]) for message in households) == 801
    assert not any("timestamp" in message for message in households)
    assert named(begin, "household-1")["traits"] == {
        "age_band": "65+",
        "income_band": "35-49K",
        "home_ownership": "Homeowner",
        "marital_status": "Married",
        "household_comp": "2 Adults No Kids",
        "household_size": 2,
        "children": 0,
    }


def test_so_many_or_more_is_so_many(begin: list[Message]) -> None:
    traits = [message["traits"] for message in begin if message["type"] == "identify"]
    sizes = Counter(found["household_size"] for found in traits if found)
    children = Counter(found["children"] for found in traits if found)
    assert sizes == {1: 255, 2: 318, 3: 109, 4: 53, 5: 66}
    assert children == {0: 513, 1: 159, 2: 60, 3: 69}


def test_campaigns_and_coupons_are_events_on_their_days(begin: list[Message]) -> None:
    events = Counter(message["event"] for message in begin if message["type"] == "track")
    assert events == {"Campaign Received": 6589, "Coupon Redeemed": 2102, "Order Completed": 1000}
    received = named(begin, "campaign-1-105")
    assert (received["userId"], received["timestamp"]) == ("105", "2017-03-03")
    assert received["properties"] == {"campaign_id": "1", "campaign_type": "Type B"}
    redeemed = named(begin, "coupon-1029-51380041013-26-2017-01-01")
    assert (redeemed["userId"], redeemed["timestamp"]) == ("1029", "2017-01-01")
    assert redeemed["properties"] == {"coupon_upc": "51380041013", "campaign_id": "26"}


def test_a_basket_is_an_order_with_a_line_an_article(begin: list[Message]) -> None:
    assert named(begin, "basket-31198570047") == {
        "type": "track",
        "messageId": "basket-31198570047",
        "userId": "900",
        "timestamp": "2017-01-01T12:10:28Z",
        "event": "Order Completed",
        "properties": {
            "order_id": "31198570047",
            "store_id": "330",
            "products": [
                {
                    "sku": "9878513",
                    "name": "FACIAL TISSUE & PAPER HANDKE",
                    "category": "FACIAL TISS/DNR NAPKIN",
                    "department": "GROCERY",
                    "brand": "Private",
                    "quantity": 1,
                    "price": 1.09,
                    "discount": 0.1,
                    "total": 0.99,
                    "coupon_discount": None,
                }
            ],
        },
    }


def test_price_times_quantity_less_the_discount_is_the_total(begin: list[Message]) -> None:
    lines = [line for message in begin[FIRST_BASKET:] for line in message["properties"]["products"]]
    without_price = [line for line in lines if line["price"] is None]
    assert {line["quantity"] for line in without_price} == {0}
    for line in lines:
        if line["price"] is not None:
            quantity, price, discount, total = (
                Decimal(str(line[name])) for name in ("quantity", "price", "discount", "total")
            )
            # A price has six decimals; of petrol thousands of pieces are sold.
            assert abs(quantity * price - discount - total) <= quantity * Decimal("0.0000005"), line


def test_messages_are_plain_json_and_their_ids_are_unique(begin: list[Message]) -> None:
    assert json.loads(json.dumps(begin)) == begin
    assert len({message["messageId"] for message in begin}) == len(begin)


def test_batches_cut_the_same_messages_otherwise(begin: list[Message]) -> None:
    batches = list(islice(messages(3000), 4))
    assert [len(batch) for batch in batches] == [3000] * 4
    assert [message for batch in batches for message in batch] == begin[:12_000]


@pytest.mark.parametrize(("zone", "is_right"), [("America/New_York", True), ("UTC", False)])
def test_the_packages_weeks_are_weeks_in_new_york_if_its_times_are_utc(zone: str, is_right: bool) -> None:
    weeks = asker()(f"""
        select week, count(distinct date_trunc('week', timezone('{zone}', timezone('UTC', transaction_timestamp))))
        from transactions group by week
    """)
    assert len(weeks) == 53
    assert all(mondays == 1 for _, mondays in weeks) is is_right


def test_the_data_are_read_without_pandas() -> None:
    program = "import sys; from intarsia.demo import messages; next(messages(10)); print('pandas' in sys.modules)"
    assert run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.slow
def test_all_orders_come_to_what_the_package_sums_to() -> None:
    ask = asker()
    cents = lines = orders = total = 0
    coupons: set[str] = set()
    for batch in messages():
        total += len(batch)
        for message in batch:
            if message.get("event") == "Order Completed":
                properties = message["properties"]
                orders += 1
                lines += len(properties["products"])
                cents += sum(round(line["total"] * 100) for line in properties["products"])
                coupons.update({message["messageId"]} if "coupon" in properties else ())
    assert (total, orders, lines) == (MESSAGE_COUNT, 155_848, 1_469_307)
    assert cents == 459_603_958 == only(ask("select sum(round(sales_value * 100)::bigint) from transactions"))[0]
    assert len(coupons) == 991
