"""A definition read back as a sentence."""

# ruff: noqa: E501  (a sentence stands on one line)

from __future__ import annotations

import re
from string import Formatter

import pytest
from hypothesis import given

from intarsia.language import parse, sentence
from intarsia.language import tree as t
from intarsia.language.problems.whole import NoSuchTongue
from intarsia.language.sentences.besides import negated_traits
from intarsia.language.sentences.phrases import ENGLISH, TONGUES, Tongue
from tests.language.asking import is_in
from tests.language.examples import EXAMPLES
from tests.language.trees import conditions


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_read_back(text: str) -> None:
    assert sentence(parse(text)) == EXAMPLES[text]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = 1 and (b = 1 or c = 1)", "People whose a is 1 and (whose b is 1 or whose c is 1)"),
        ("a = 1 or b = 1 and c = 1", "People whose a is 1, or whose b is 1 and whose c is 1"),
        ("not (a = 1 or b = 1)", "People who are not among those (whose a is 1 or whose b is 1)"),
        ("nobody", "Nobody"),
        ("a not in (1, 2, 3)", "People whose a is neither 1, 2 nor 3 (or is unknown)"),
        ("a not in (1)", "People whose a is not 1 (or is unknown)"),
        ("a has all ('x', 'y')", "People whose a list has all of 'x' and 'y'"),
        ("a not has any ('x', 'y')", "People whose a list has none of 'x' or 'y' (or is unknown)"),
        ("a is unknown", "People whose a is unknown"),
        ("a is not empty", "People whose a is known and not empty"),
        ("a > 2026-01-01", "People whose a is after 2026-01-01"),
        ("a = 2026-01-01", "People whose a is 2026-01-01"),
        ("not a before 2026-01-01", "People whose a is not before 2026-01-01 (or is unknown)"),
        ("income > 500 EUR", "People whose income is above 500 EUR"),
        ("a matches '^x' and a not contains 'y'", "People whose a matches the pattern '^x' and whose a does not contain 'y' (or is unknown)"),
        ("ratio(age, income) < 2", "People whose ratio of age to income is below 2"),
        ("tier != 'gold' for at least 30 days", "People whose tier is not 'gold' (or is unknown) (and has been so for at least 30 days)"),
        ("tier not in ('a', 'b') for less than 3 months", "People whose tier is neither 'a' nor 'b' (or is unknown) (and has been so for less than 3 months)"),
        ("phone is unknown for at least 30 days", "People whose phone is unknown (and has been so for at least 30 days)"),
        ("not tier = 'gold' for at least 30 days", "People who are not among those (whose tier is 'gold' (and has been so for at least 30 days))"),
        ("not consent email for marketing is given", "People whose consent to email for marketing is not given (withdrawn, expired, not confirmed or never asked)"),
        ("consent email for marketing is withdrawn", "People whose consent to email for marketing is withdrawn"),
        ("consent sms for \"loyalty club\" is unknown", "People whose consent to sms for \"loyalty club\" is unknown (never asked or not confirmed)"),
        ("not consent sms for \"loyalty club\" is unknown", "People whose consent to sms for \"loyalty club\" is known (given, withdrawn or expired)"),
        ("not near (1, 2) within 3 km", "People who do not live within 3 km of the point 1, 2 (or nobody knows where)"),
        ("not inside area 'x'", "People who do not live inside the area 'x' (or nobody knows where)"),
        ("profile is identified", "People who are known by an id of their own"),
        ("not profile is identified", "People who are anonymous"),
        ("profile != 'ada'", "People whose profile id is not 'ada'"),
        ("never order", "People without any order ever"),
        ("never \"Newsletter Opened\" in this week", "People without any \"Newsletter Opened\" event in this week (also those who never had one)"),
        ("did any order in previous month in local time", "People with at least one order of any status in the previous calendar month in the person's local time"),
        ("sequence(\"Newsletter Opened\", \"Ad Seen\", any order, no view)", "People who had one after the other (a \"Newsletter Opened\" event, then an \"Ad Seen\" event, then an order of any status, then no view)"),
        ("count(order) != 3", "People whose number of orders is not 3 (also those without any order)"),
        ("count(order.coupon, last 1 year) > 2", "People whose number of known values of order.coupon in the last year is above 2"),
        ("count(order.lines where sku = 'x') > 2", "People whose number of lines of orders where (sku is 'x') is above 2"),
        ("count(order.lines.sku) > 2", "People whose number of lines of orders with a known sku is above 2"),
        ("last(order.lines.sku where total > 3, last 1 year) = 'x'", "People whose sku of the last line of orders where (total is above 3) in the last year is 'x'"),
        ("count(order) = 0", "People whose number of orders is 0"),
        ("count(order) <= 1", "People whose number of orders is at most 1 (also those without any order)"),
        ("count(order) >= 1", "People whose number of orders is at least 1"),
        ("not count(order) >= 2", "People whose number of orders is not at least 2 (also those without any order)"),
        ("count(order) not in (0, 1)", "People whose number of orders is neither 0 nor 1"),
        ("count(order where total > 5, last 1 year) in (0, 1)", "People whose number of orders where (total is above 5) in the last year is 0 or 1 (also those without any order)"),
        ("count(\"Ad Seen\") between 0 and 3", "People whose number of \"Ad Seen\" events is between 0 and 3 (also those without any \"Ad Seen\" event)"),
        ("sum(order.total) < 1000", "People whose sum of order.total is below 1000 (also those without any order)"),
        ("sum(order.total) < 0", "People whose sum of order.total is below 0"),
        ("sum(order.total) != 0", "People whose sum of order.total is not 0 (or is unknown)"),
        ("not sum(any order.total) > 5 EUR", "People whose sum of any order.total is not above 5 EUR (or is unknown, also those without any order of any status)"),
        ("distinct(order.coupon, last 1 year) = 0", "People whose number of different values of order.coupon in the last year is 0 (also those without any order)"),
        ("last(order.coupon) is unknown", "People whose coupon of the last order is unknown (also those without any order)"),
        ("last(order.coupon where total > 5) != 'X'", "People whose coupon of the last order where (total is above 5) is not 'X' (or is unknown, also those without any such order)"),
        ("avg(order.total) is unknown", "People whose average order.total is unknown (also those without any order)"),
        ("first(order, last 1 year) is unknown", "People without any order in the last year (also those who never had one)"),
        ("first(order where total > 5) is known", "People with at least one order where (total is above 5)"),
        ("did order and never order in last 90 days", "People with at least one order and without any order in the last 90 days"),
        ("never order in last 90 days and (count(order) >= 2 and sum(order.total) < 9)", "People without any order in the last 90 days and (whose number of orders is at least 2 and whose sum of order.total is below 9)"),
        ("did order or never order in last 90 days", "People with at least one order or without any order in the last 90 days (also those who never had one)"),
        ("did view and never order in last 90 days", "People with at least one view and without any order in the last 90 days (also those who never had one)"),
        ("did order and not sum(order.total) > 5", "People with at least one order and whose sum of order.total is not above 5 (or is unknown)"),
        ("did order and avg(order.total, last 1 year) is unknown", "People with at least one order and whose average order.total in the last year is unknown (also those without any such order)"),
        ("last(order) = 2026-01-01", "People whose last order was on 2026-01-01"),
        ("last(order) != 2026-01-01T10:00", "People whose last order was not at 2026-01-01T10:00 (or there is none)"),
        ("last(order) <= 2026-01-01 and last(order) since 2025-01-01", "People whose last order was 2026-01-01 or earlier and whose last order was 2025-01-01 or later"),
        ("last(order) between 2026-01-01 and 2026-01-31", "People whose last order was between 2026-01-01 and 2026-01-31"),
        ("a since 2026-01-01 and a on 2026-02-01", "People whose a is 2026-01-01 or later and whose a is on 2026-02-01"),
        ("a < '2026-01-01' and a < 'b'", "People whose a is before '2026-01-01' and whose a is below 'b'"),
        ("active(order, 1 of last 1 months)", "People with at least one order in the last month"),
        ("active(order, 2 times, 1 of previous 1 months)", "People with at least 2 orders in the previous calendar month"),
        ("active(order, 1 of previous 1 periods of 2 weeks)", "People with at least one order in the 2 weeks before this one"),
        ("did order in next 1 week or did order in next week", "People with at least one order in the next week or with at least one order in the next calendar week"),
        ("not consent email for marketing is withdrawn", "People whose consent to email for marketing is not withdrawn (given, also again after a withdrawal, expired, not confirmed or never asked)"),
        ("not top 10% by sum(order.total)", "People who are not among the top 10% by the sum of order.total (also those who have none)"),
        ("bottom 5% by count(order)", "People who are among the bottom 5% by the number of orders (of those who have any)"),
        ("not top 10 by age among (country = 'CZ')", "People who are not among the top 10 of the people (whose country is 'CZ') by age (also all who are not of these people or have no such value)"),
        ("top 3 by bucket('r') and not top 3 by bucket('r')", "People who are among the top 3 by the random share 'r' and who are not among the top 3 by the random share 'r'"),
        ("sequence(view, order, in last 2 days) and a = 1", "People who had one after the other (a view, then an order; the first of these in the last 2 days) and whose a is 1"),
        ("last(order) < 2026-01-01 and not last(order) > 2025-01-01", "People whose last order was before 2026-01-01 and whose last order was not after 2025-01-01 (or there is none)"),
        ("avg(order.total) != 100", "People whose average order.total is not 100 (or there is none)"),
        ("distinct(order.category, last 2 years) >= 3", "People whose number of different values of order.category in the last 2 years is at least 3"),
        ("active(order, 6 of last 6 months)", "People with at least one order in each of the last 6 months"),
        ("active(order, 2 times, 3 of previous 6 months)", "People with at least 2 orders in at least 3 of the 6 months before this one"),
        ("active(order, 2 of previous 4 periods of 2 weeks)", "People with at least one order in at least 2 of the previous 4 whole periods of 2 weeks"),
        ("lapsed(order where total > 5, 90 days)", "People with at least one order where (total is above 5) ever but none in the last 90 days"),
        ("not first_time(order where total > 50, last 30 days)", "People who are not among those (whose very first order where (total is above 50) was in the last 30 days)"),
        ("entered segment 'x' and not left segment 'y' in last 3 days", "People who entered the segment 'x' at some time and who did not leave the segment 'y' in the last 3 days"),
        ("not in segment 'x'", "People who are not in the segment 'x'"),
        ("not in segment 'x' at 2026-01-01T10:00", "People who were not in the segment 'x' as of 2026-01-01T10:00"),
        ("top 100 by age and not bottom 5% by first(order)", "People who are among the top 100 by age (of those of whom it is known) and who are not among the bottom 5% by the first order (also those who have none)"),
        ("not last order had (gift = true)", "People whose last order was not one where (gift is true) (also those who have none)"),
        ("did order where (not has line (x = 1))", "People with at least one order with no line where (x is 1)"),
        ("did order where (gift != true and tags not has 'x')", "People with at least one order where (gift is not true (or is unknown) and tags list does not have 'x' (or is unknown))"),
    ],
)  # fmt: skip
def test_brackets_unknowns_and_negations_are_said(text: str, said: str) -> None:
    assert sentence(parse(text)) == said


def test_how_many_are_there_although_the_value_is_unknown_is_said_where_it_is_at_hand() -> None:
    tree = parse("country != 'CZ' and tier not in ('a', 'b') for at least 3 days and not city = 'x' and age > 3")
    assert negated_traits(tree) == [("country",), ("tier",), ("city",)]
    said = sentence(tree, counts={("country",): 312, ("tier",): 1, ("city",): 0})
    assert said == (
        "People whose country is not 'CZ' (includes 312 people whose country is unknown) "
        "and whose tier is neither 'a' nor 'b' (includes 1 person whose tier is unknown) (and has been so for at least 3 days) "
        "and whose city is not 'x' (includes nobody whose city is unknown) and whose age is above 3"
    )


def test_counts_are_said_of_those_who_are_meant_and_of_no_others() -> None:
    tree = parse("top 10 by age among (country != 'CZ') and did order where (country != 'CZ')")
    assert negated_traits(tree) == []
    assert "312" not in sentence(tree, counts={("country",): 312})
    assert negated_traits(parse("phone is unknown and profile != 'ada' and count(order) != 3")) == []
    assert negated_traits(parse("not (country = 'CZ' or address.city != 'x')")) == []
    assert negated_traits(parse("age > 3 or address.city != 'x'")) == [("address", "city")]


def test_a_long_list_is_cut_and_counted() -> None:
    text = f"a in ({', '.join(map(str, range(25)))})"
    assert sentence(parse(text)).endswith("18, 19 and 5 more")


@given(conditions())
def test_everything_can_be_said(tree: t.Condition) -> None:
    assert re.match("People|Everyone|Nobody", sentence(tree))


def test_a_language_without_a_table_is_refused_by_name() -> None:
    with pytest.raises(NoSuchTongue, match="there are no sentences in `tlh`"):
        sentence(t.Everyone(), "tlh")


def gaps(phrase: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


@pytest.mark.parametrize("tongue", TONGUES.values(), ids=list(TONGUES))
def test_every_language_has_every_phrase_with_its_gaps(tongue: Tongue) -> None:
    assert {key: gaps(phrase) for key, phrase in tongue.phrases.items()} == {
        key: gaps(phrase) for key, phrase in ENGLISH.phrases.items()
    }
    assert set(tongue.units) == set(ENGLISH.units)


@pytest.mark.parametrize("value", ["count(order)", "sum(order.total)", "distinct(order.coupon, last 1 year)"])
@pytest.mark.parametrize(
    "asked",
    [f"{sign} {limit}" for sign in ("=", "!=", "<", "<=", ">", ">=") for limit in (-1, 0, 1)]
    + ["in (0, 5)", "not in (0, 5)", "in (5, 6)", "between 0 and 3", "not between 0 and 3", "not between 1 and 3"],
)
def test_those_without_any_order_are_named_where_they_are_in(value: str, asked: str) -> None:
    text = f"{value} {asked}"
    is_named = "without any order" in sentence(parse(text)) or text == "count(order) = 0"
    assert is_named is is_in(text)
