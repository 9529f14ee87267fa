"""`any event`, `any order` and `event_name`, in plain Python and in SQL (rules 15 and 24)."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from intarsia.errors import UserError
from intarsia.language import check, parse, show
from intarsia.language.catalog import Kind
from tests.engine.shop import Shop, cancelled, instant, message, order, refund, said, track

SEED = 7


def test_any_event_is_every_message_that_is_no_statement(tmp_path: Path) -> None:
    messages = [
        said("ada", city="Praha"),
        message("ada", "group", "2024-05-01", traits={"plan": "x"}),
        message("ada", "alias", "2024-05-01", previousId="a"),
        said("ben", city="Praha"),
        track("ben", "shop_opened", "2024-05-01"),
        message("cyd", "page", "2024-05-01", name="home"),
        message("cyd", "screen", "2024-05-09", name="start"),
        order("dan", "2024-05-01", order_id="1", total=10),
        cancelled("dan", "2024-05-02", order_id="1"),
        refund("dan", "2024-05-03", order_id="1", total=10),
    ]
    shop = Shop(tmp_path, messages)
    assert shop.who("did any event") == {"ben", "cyd", "dan"}
    assert shop.who("never any event") == {"ada"}
    assert shop.who("count(any event) = 2") == {"cyd"}
    # Each version of an order is an event; so is the refund.
    assert shop.who("count(any event) = 3 and count(any event, since 2024-05-02) = 2") == {"dan"}
    assert shop.who("count(any event where event_name starts with 'shop_', last 30 days) >= 1") == {"ben"}
    assert shop.who("did any event where (event_name in ('page', 'Order Cancelled'))") == {"cyd", "dan"}
    assert shop.who("did any event where (event_name != 'page')") == {"ben", "cyd", "dan"}
    assert shop.who("first(any event) on 2024-05-01 and last(any event) after 2024-05-08") == {"cyd"}
    assert shop.who("last any event had (event_name = 'screen' and name = 'start')") == {"cyd"}
    assert shop.who("top 1 by count(any event)") == {"dan"}


def test_names_of_events_are_compared_folded(tmp_path: Path) -> None:
    names = {"ada": "خريد كتاب", "ben": "خرید کتاب", "cyd": "Buy", "dan": "buy", "eve": "7.0", "fay": "2024-05-01"}
    messages = [track(who, name, "2024-05-01") for who, name in names.items()]
    shop = Shop(tmp_path, messages)
    assert shop.who("did any event where (event_name = 'خرید کتاب')") == {"ada", "ben"}
    assert shop.who("did any event where (event_name contains 'كتاب')") == {"ada", "ben"}
    assert shop.who("did any event where (event_name = 'Buy')") == {"cyd"}
    assert shop.who("did any event where (event_name = 'BUY' ignoring case)") == {"cyd", "dan"}
    assert shop.who("did any event where (event_name matches '^[Bb]uy$')") == {"cyd", "dan"}
    assert shop.who("did any event where (event_name = 7)") == {"eve"}
    assert shop.who("did any event where (event_name on 2024-05-01)") == {"fay"}
    assert shop.who("last(any event.event_name) = 'خرید کتاب'") == {"ada", "ben"}
    assert shop.who("distinct(any event.event_name) = 1 and count(any event.event_name) = 1") == set(names)


def test_the_name_of_an_event_can_be_asked_of_each(tmp_path: Path) -> None:
    messages = [
        order("ada", order_id="1", total=1),
        {**order("ada", "2024-05-02", order_id="1", total=2), "event": "Order Updated"},
        track("ben", "Product Viewed", "2024-05-01", event_name="mine"),
        track("cyd", "Product Viewed", "2024-05-01"),
    ]
    shop = Shop(tmp_path, messages)
    # All versions of an order are one, and that is called as its first one.
    assert shop.who("did order where (event_name = 'Order Completed')") == {"ada"}
    assert shop.who("did view where (event_name = 'Product Viewed')") == {"ben", "cyd"}
    assert shop.who("did view where (event_name = 'mine')") == set()
    assert shop.who("did view where (view.event_name = 'mine')") == {"ben"}
    assert shop.who("distinct(any event.event_name) = 2") == {"ada"}


def test_any_order_counts_whatever_its_status(tmp_path: Path) -> None:
    messages = [
        order("ada", "2024-05-01", order_id="1", total=100),
        order("ben", "2024-05-01", order_id="2", total=100, status="pending"),
        order("cyd", "2024-05-01", order_id="3", total=100),
        cancelled("cyd", "2024-05-02", order_id="3"),
        refund("cyd", "2024-05-03", order_id="3", total=30),
        track("dan", "Seen", "2024-05-01"),
    ]
    shop = Shop(tmp_path, messages)
    assert shop.who("did order") == {"ada"}
    assert shop.who("did any order") == {"ada", "ben", "cyd"}
    assert shop.who("never any order") == {"dan"}
    assert shop.who("did any order where (status = 'cancelled')") == {"cyd"}
    assert shop.who("did any order where (status is unknown)") == {"ada"}
    assert shop.who("sum(any order.total) = 70 and sum(order.total) = 0") == {"cyd"}
    assert shop.who("sum(any order.total) = 100 and sum(order.total) = 0") == {"ben"}
    assert shop.who("last(any order.status) in ('pending', 'cancelled')") == {"ben", "cyd"}
    assert shop.who("count(any order where event_name = 'Order Completed') = 1") == {"ada", "ben", "cyd"}
    assert shop.who("ratio(count(order), count(any order)) = 0") == {"ben", "cyd"}
    assert shop.who("bottom 1 by sum(any order.total)") == {"cyd"}


def test_any_events_stand_in_patterns(tmp_path: Path) -> None:
    messages = [
        track("ada", "shop_opened", "2024-05-01T10:00"),
        order("ada", "2024-05-01T12:00", total=1, status="pending"),
        track("ben", "shop_opened", "2024-05-01T10:00"),
        message("ben", "page", "2024-05-01T11:00", name="x"),
        order("ben", "2024-05-01T12:00", total=1),
        order("cyd", "2024-03-01", total=1),
    ]
    shop = Shop(tmp_path, messages)
    shops = "any event where event_name starts with 'shop_'"
    assert shop.who(f"sequence({shops}, any order within 1 day)") == {"ada", "ben"}
    assert shop.who(f"sequence({shops}, order)") == {"ben"}
    assert shop.who(f"sequence({shops}, no any event where event_name = 'page', any order)") == {"ada"}
    assert shop.who("active(any event, 3 times, 1 of last 1 months)") == {"ben"}
    assert shop.who("lapsed(any order, 30 days)") == {"cyd"}
    assert shop.who("first_time(any event where event_name = 'Order Completed', last 30 days)") == {"ada", "ben"}
    assert shop.who("returned(any event, last 30 days, after 1 hours)") == {"ada", "ben"}


def test_the_properties_of_any_event_are_those_of_all(tmp_path: Path) -> None:
    coat = {"sku": "C-1", "quantity": 2, "price": 50}
    messages = [
        track("ada", "Searched", "2024-05-01", words="coat", hits=3, cart={"size": 2}),
        track("ben", "Clicked", "2024-05-01", words=7, hits="many"),
        order("cyd", "2024-05-01", coat, total=100),
        {**order("cyd", "2024-05-02", coat, total=100), "event": "Order Updated"},
    ]
    shop = Shop(tmp_path, messages, is_loose=False)
    any_event = shop.world.catalog.event_of(parse("did any event").event)  # type: ignore[union-attr]
    assert any_event is not None
    kinds = {path: known.kind for path, known in any_event.properties.items()}
    assert (kinds[("words",)], kinds[("hits",)], kinds[("total",)]) == (Kind.ANY, Kind.ANY, Kind.MONEY)
    assert ("gross",) not in kinds
    assert shop.who("did any event where (words = 'coat')") == {"ada"}
    assert shop.who("did any event where (cart.size = 2 and hits > 2)") == {"ada"}
    assert shop.who("sum(any event.hits) = 3") == {"ada"}
    assert shop.who("did any event where (has line (lines.sku = 'C-1' and lines.quantity >= 2))") == {"cyd"}
    assert shop.who("sum(any event.total) = 200 and sum(any event.lines.quantity) = 4") == {"cyd"}
    assert shop.who("distinct(any event.lines.sku) = 1 and max(any event.lines.price) = 50") == {"cyd"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("did any event where (nonsense = 1)", "language.unknown-property"),
        ("did any event.total", "language.not-an-event"),
        ("sum(any event) > 1", "language.wrong-fold"),
        ("did any refund", "language.unexpected-word"),
        ("did any event where (event_name > 'a')", "language.no-order"),
        ("event_name = 'x'", "language.unknown-trait"),
        ("did order where (lines.event_name = 'x')", "language.unknown-property"),
    ],
)
def test_what_makes_no_sense_of_any_event_is_refused(tmp_path: Path, text: str, code: str) -> None:
    shop = Shop(tmp_path, [order("ada", total=1)], is_loose=False)
    with pytest.raises(UserError) as refused:
        check(parse(text), shop.world.catalog, text)
    assert refused.value.code == code


def test_random_rules_on_any_event_are_the_same_in_python_and_in_sql(tmp_path: Path) -> None:
    chance = Random(SEED)
    names = ("shop_a", "Shop_A", "shop_b", "علي", "علی", "page", "7", "Product Viewed")
    statuses = (None, "", "pending", "paid", "cancelled")
    messages = []
    for number in range(30):
        who = f"p{number:02}"
        messages.append(said(who, city="Brno"))
        for _ in range(chance.randrange(4)):
            at = f"2024-05-{chance.randrange(1, 10):02}T{chance.choice(('10:00', '11:00'))}"
            messages.append(
                track(who, chance.choice(names), at, name=chance.choice(names), total=chance.choice((1, 2)))
            )
            content = {"order_id": str(chance.randrange(3)), "status": chance.choice(statuses), "total": 5}
            made = chance.choice((order, order, refund, cancelled))
            messages.append(made(who, at, **content))
    shop = Shop(tmp_path, messages)
    rules = [
        f"{value} {test}"
        for value in ("last(any event.event_name)", "first(any event.event_name, last 10 days)")
        for test in ("= 'علی'", "starts with 'SHOP'", "in ('shop_a', 'Order Completed')", "= 7", "is known")
    ]
    rules += [
        f"{fold}(any {what}{path}) {test}"
        for what in ("event", "order")
        for fold, path in (("count", ""), ("sum", ".total"), ("distinct", ".event_name"), ("avg", ".total"))
        for test in ("> 2", "= 1", "between 3 and 10")
    ]
    rules += [
        "last any event had (event_name contains 'shop')",
        "last any order had (status in ('pending', 'cancelled'))",
        "sequence(any event where event_name contains 'shop', any order where status = 'paid')",
        "top 7 by count(any event where event_name != 'page')",
        "top 30% by distinct(any event.event_name)",
    ]
    with shop.world.ask(instant("2024-05-15T12:00:00"), None) as asked:
        for rule in map(parse, rules):
            assert asked.by_engine(rule) == asked.by_interpreter(rule), f"{show(rule)}, seed {SEED}"
