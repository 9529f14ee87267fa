"""Why a person is in, or not: each condition with the facts behind it."""

from __future__ import annotations

import json

import pytest

from intarsia.clock import to_iso
from intarsia.language.interpret.explain import EVENTS_SHOWN
from tests.language.asking import instant, order, refund, said, view, why

ADA = [
    said("2024-01-01", country="PL"),
    order("2024-02-01", order_id="1", total=100, id="o1"),
    order("2024-05-01", order_id="2", total="many", coupon="X", id="o2", lines=[{"sku": "C-17", "quantity": 1}]),
    refund("2024-05-02", order_id="1", total="30.50"),
]


def test_the_failing_conditions_are_named_and_no_others() -> None:
    found = why("country = 'CZ' and sum(order.total) > 50 and (count(view) > 3 or did view)", *ADA)
    assert not found.holds
    assert [part.text for part in found.failing()] == ["country = 'CZ'", "count(view) > 3", "did view"]
    assert list(why("country = 'PL' or did view", *ADA).failing()) == []


def test_a_negation_is_named_whole() -> None:
    found = why("not did order in last 30 days", *ADA)
    assert [part.text for part in found.failing()] == ["never order in last 30 days"]
    assert found.parts[0].holds


def test_a_trait_shows_its_value_and_since_when() -> None:
    assert why("country = 'CZ'", *ADA).facts == {
        "trait": "country",
        "value": "PL",
        "since": to_iso(instant("2024-01-01")),
        "is_derived": False,
    }


def test_an_aggregate_shows_its_value_its_window_and_what_it_was_made_of() -> None:
    found = why("sum(order.total, last 6 months) > 500", *ADA).facts
    assert found["value"] == "69.5"
    assert found["window_begin"] == to_iso(instant("2023-11-15T12:00"))
    assert found["window_end"] == to_iso(instant("2024-05-15T12:00") + 1)
    assert found["event_count"] == 2
    assert found["left_out_count"] == 1
    assert found["refund_count"] == 1
    assert found["events"] == [
        {"id": "o1", "name": "Order Completed", "occurred_at": to_iso(instant("2024-02-01"))},
        {"id": "o2", "name": "Order Completed", "occurred_at": to_iso(instant("2024-05-01"))},
    ]


def test_an_amount_without_a_rate_is_reported() -> None:
    found = why("sum(order.total) > 5", order(total=5), order(total=5, currency="EUR")).facts
    assert (found["value"], found["without_rate_count"]) == (None, 1)


@pytest.mark.parametrize(
    "text",
    [
        "sum(order.points where total > 5) > 0",
        "count(order where total > 5) > 0",
        "did order where (total > 5)",
        "first order where (total > 5) had (total < 9)",
        "sequence(order where total > 5, order)",
        "lapsed(order where total > 5, 1 year)",
    ],
)
def test_the_rates_that_a_filter_needs_are_reported(text: str) -> None:
    found = why(text, order("2024-05-01", total=5, currency="EUR"), order("2024-05-02", currency="EUR"))
    assert (found.holds, found.facts["without_rate_count"]) == (False, 1)
    assert found.facts["missing_rates"] == ["EUR on 2024-05-01"]


def test_a_filter_that_is_decided_without_the_rate_needs_none() -> None:
    found = why("sum(order.points where total > 5 and coupon = 'X') = 0", order(total=5, currency="EUR"))
    assert (found.holds, found.facts["without_rate_count"]) == (True, 0)
    assert "missing_rates" not in why("did order where (total > 5)", order(total=9)).facts


def test_a_refund_of_which_nobody_can_tell_what_it_comes_to_is_left_out_and_counted() -> None:
    bought = order("2024-05-01", order_id="1", total=100)
    found = why("sum(order.total) = 100", bought, refund("2024-05-02", order_id="1", lines=[{"sku": "A"}])).facts
    assert (found["value"], found["refund_count"], found["left_out_count"]) == ("100", 1, 1)


def test_events_are_shown_up_to_a_limit_the_latest_and_counted() -> None:
    seen = [view(f"2024-05-{day:02}", id=f"v{day:02}") for day in range(1, 15)]
    found = why("did view in last 30 days", *seen).facts
    assert found["event_count"] == 14
    shown = found["events"]
    assert isinstance(shown, list)
    assert len(shown) == EVENTS_SHOWN
    assert shown[-1]["id"] == "v14"


def test_a_chosen_event_is_shown_with_what_was_asked_of_it() -> None:
    found = why("last order had (coupon = 'Y' and has line (sku = 'C-17' and quantity > 1))", *ADA)
    assert found.facts["event"] == {"id": "o2", "name": "Order Completed", "occurred_at": to_iso(instant("2024-05-01"))}
    coupon, line = found.parts[0].parts
    assert (coupon.text, coupon.holds, coupon.facts) == ("coupon = 'Y'", False, {"values": ["X"]})
    assert [part.holds for part in line.parts[0].parts] == [True, False]
    assert why("last view had (path = '/')", *ADA).facts == {"event": None}


def test_a_rank_shows_the_own_value_and_the_last_one_taken() -> None:
    others = {"ben": [order(total=500)], "cyd": [order(total=400)], "dan": [order(total=1)]}
    found = why("top 2 by sum(order.total)", *ADA, others=others)
    assert not found.holds
    assert (found.facts["value"], found.facts["edge"], found.facts["ranked"]) == ("69.5", "400", 4)


def test_a_test_of_a_time_shows_the_window_that_was_asked_for() -> None:
    found = why("last(order) in last 1 day", *ADA).facts
    assert found["value"] == to_iso(instant("2024-05-01"))
    assert found["test_begin"] == to_iso(instant("2024-05-14T12:00"))


def test_somebody_who_was_not_known_yet_is_told_so() -> None:
    found = why("not did order", order("2024-06-01"))
    assert (found.holds, found.facts) == (False, {"is_known": False})


def test_an_explanation_is_plain_json() -> None:
    text = "country = 'CZ' and bucket('s') < 1 and avg(order.total) > 1 and in segment 'loyal' or everyone"
    found = why(text.replace("and in segment 'loyal' ", ""), *ADA).to_json()
    assert json.loads(json.dumps(found)) == found


def test_of_the_last_order_each_line_is_shown() -> None:
    bought = order("2024-05-01", id="o3", lines=[{"sku": "C-17"}, {"sku": "H-1"}, {"category": "hats"}])
    found = why("last(order.sku) = 'H-1'", bought)
    assert found.holds
    assert found.facts["values"] == ["C-17", "H-1", None]
    assert (found.facts["event_count"], found.facts["left_out_count"]) == (1, 1)
