"""Does a definition make sense in a catalog?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from intarsia.errors import UserError
from intarsia.language import check, parse, show
from intarsia.language import tree as t
from intarsia.language.catalog import Catalog, EventType, Kind, Property, Trait
from intarsia.language.problems.checking import UnknownProperty, UnknownTrait
from tests.language.answerable import answerable
from tests.persian import left_in_english

TRAITS = {
    "city": Kind.TEXT,
    "age": Kind.NUMBER,
    "income": Kind.MONEY,
    "is_member": Kind.BOOLEAN,
    "birth_date": Kind.DATE,
    "signed_up": Kind.INSTANT,
    "interests": Kind.LIST,
    "address": Kind.OBJECT,
    "note": Kind.ANY,
}


def properties(kinds: dict[str, Kind], *, is_of_line: bool = False) -> dict[tuple[str, ...], Property]:
    return {(name,): Property((name,), kind, is_of_line) for name, kind in kinds.items()}


LINES = {"sku": Kind.TEXT, "category": Kind.TEXT, "quantity": Kind.NUMBER, "total": Kind.MONEY}
ORDER = {"total": Kind.MONEY, "coupon": Kind.TEXT, "gift": Kind.BOOLEAN, "tags": Kind.LIST, "delivery": Kind.OBJECT}
CATALOG = Catalog(
    traits={
        **{(name,): Trait((name,), kind) for name, kind in TRAITS.items()},
        ("rfm", "recency"): Trait(("rfm", "recency"), Kind.NUMBER),
    },
    events={
        "Order Completed": EventType("Order Completed", "order", properties(ORDER), properties(LINES, is_of_line=True)),
        "Product Viewed": EventType("Product Viewed", "view", properties({"path": Kind.TEXT, "seen": Kind.ANY})),
    },
    segments=frozenset({"loyal", "do not mail"}),
)


def code(text: str) -> str:
    """The code of the error that a text is refused with."""
    with pytest.raises(UserError) as refused:
        check(parse(text), CATALOG, text)
    assert refused.value.span is not None
    assert refused.value.text == text
    assert left_in_english(refused.value, "invalid perl operator") == []
    return refused.value.code


def test_what_a_definition_rests_on_is_told() -> None:
    text = "rfm.recency < 30 and in segment 'loyal' and count(order where category = 'x') > 1 and profile = 'ada'"
    checked = check(parse(text), CATALOG)
    assert checked.tree == parse(text)
    assert checked.traits == {("rfm", "recency")}
    assert checked.events == {"Order Completed"}
    assert checked.segments == {"loyal"}


@pytest.mark.parametrize(
    "text",
    [
        "city = 'x' or city in ('x', 7) or city > 5 or city before 2026-01-01 or city contains 'x'",
        "age > 5 and age < '7' and age between 1 and 2 and age starts with '1' and age = 'unknown'",
        "is_member = true and not is_member = 'true'",
        "birth_date > 2000-01-01 and birth_date >= '2000-01-01' and birth_date in last 3 days",
        "interests has 'x' and interests is not empty and interests has any (1, 'y')",
        "address is known and address.city.district = 'x'",
        "note has 'x' and note = 2026-01-01 and note < 5",
        "did \"Order Completed\" where (total > 5 and sku = 'x' and lines.total > 3 and delivery.street = 'x')",
        "did order where (order.sku = 'x' and has line (sku = 'x' and coupon = 'y'))",
        "last order had (has line (quantity > 2))",
        "count(order.lines where quantity > total) > 1".replace("> total", "> 1"),
        "last(order.category) = 'x' and first(order) in last 3 days and last(order) > 2026-01-01",
        "last(order.tags) has 'x' and first(order.gift) = true",
        "avg(order.total) > 5 and min(order.lines.quantity) = 1 and distinct(order.sku) > 3",
        "top 3 by first(order) and top 10% by age among (city = 'x') and bottom 5 by bucket('x')",
        "did order where (everyone) and nobody",
        "bucket('x') < 0.2",
    ],
)
def test_what_makes_sense_is_accepted(text: str) -> None:
    assert show(check(parse(text), CATALOG, text).tree)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("town = 'x'", "language.unknown-trait"),
        ("rfm = 1", "language.unknown-trait"),
        ("city.district = 'x'", "language.unknown-trait"),
        ("did purchase", "language.unknown-event"),
        ("count(order.price) > 1", "language.unknown-property"),
        ("did order where (price > 1)", "language.unknown-property"),
        ("did view where (lines.sku = 'x')", "language.unknown-property"),
        ("did order where (profile = 'x')", "language.unknown-property"),
        ("did order where (city = 'x')", "language.trait-in-where"),
        ("in segment 'x'", "language.unknown-segment"),
        ("interests = 'x'", "language.list-needs-has"),
        ("interests contains 'x'", "language.list-needs-has"),
        ("did order where (tags = 'x')", "language.list-needs-has"),
        ("address = 'x'", "language.object-needs-name"),
        ("city has 'x'", "language.wrong-test"),
        ("age in last 3 days", "language.wrong-test"),
        ("age = 2026-01-01", "language.wrong-test"),
        ("age < '2026-01-01'", "language.wrong-test"),
        ("is_member > 5", "language.wrong-test"),
        ("birth_date > 5", "language.wrong-test"),
        ("birth_date in (5)", "language.wrong-test"),
        ("count(order) contains '1'", "language.wrong-test"),
        ("count(order) in last 3 days", "language.wrong-test"),
        ("first(order) = '2026-01-01'", "language.wrong-test"),
        ("first(order) > 5", "language.wrong-test"),
        ("city > 'm'", "language.no-order"),
        ("city between 'a' and 'm'", "language.no-order"),
        ("note > true", "language.no-order"),
        ("note between 1 and '2026-01-01'", "language.mixed-range"),
        ("age between 30 and 20", "language.empty-range"),
        ("birth_date between 2001-01-01 and 2000-01-01", "language.empty-range"),
        ("interests has 2026-01-01", "language.date-in-list"),
        ("city matches '(?=x)'", "language.bad-pattern"),
        ("sum(order.coupon) > 1", "language.wrong-fold"),
        ("avg(order) > 1", "language.wrong-fold"),
        ("distinct(order) > 1", "language.wrong-fold"),
        ("distinct(order.tags) > 1", "language.wrong-fold"),
        ("sum(order.lines) > 1", "language.wrong-fold"),
        ("first(order.lines) in today", "language.wrong-fold"),
        ("did order.total", "language.not-an-event"),
        ("did order where (did view)", "language.not-in-where"),
        ("did order where (count(view) > 1)", "language.not-in-where"),
        ("did order where (in segment 'loyal')", "language.not-in-where"),
        ("has line (sku = 'x')", "language.has-line-outside"),
        ("did view where (has line (sku = 'x'))", "language.has-line-outside"),
        ("count(order.lines where has line (sku = 'x')) > 1", "language.has-line-outside"),
        ("did order where (has line (has line (sku = 'x')))", "language.has-line-outside"),
        ("top 10 by city", "language.wrong-rank"),
        ("top 10 by birth_date", "language.wrong-rank"),
        ("city is identified", "language.only-profiles-identified"),
        ("did order in this hour", "language.no-such-period"),
    ],
)
def test_what_makes_no_sense_is_refused(text: str, expected: str) -> None:
    assert code(text) == expected


def test_the_nearest_names_are_those_that_can_stand_there() -> None:
    with pytest.raises(UnknownTrait) as trait:
        check(parse("adress.city = 'x'"), CATALOG)
    assert trait.value.hint() == "the nearest is `address`"
    with pytest.raises(UnknownProperty) as line:
        check(parse("did order where (lines.totl > 1)"), CATALOG)
    assert line.value.hint() == "the nearest is `lines.total`"


@settings(max_examples=300)
@given(answerable(CATALOG))
def test_what_the_random_rules_of_other_tests_say_is_accepted(tree: t.Condition) -> None:
    assert check(parse(show(tree)), CATALOG).tree == tree
