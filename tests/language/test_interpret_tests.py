"""Tests of traits: the value decides, the unknown is false, a negation is of the whole test (rules 7-13)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.language.asking import fact, is_in, order, said, value, view

UNKNOWN = object()


def holds(text: str, given: Any) -> bool:
    return is_in(text) if given is UNKNOWN else is_in(text, said(country=given))


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        # `=`: rule 10
        ("country = 'CZ'", "CZ", True), ("country = 'CZ'", "cz", False), ("country = 'cz' ignoring case", "CZ", True),
        ("country = 7", "7.0", True), ("country = '7'", 7, True), ("country = '042'", 42, True),
        ("country = '42'", "042", False),
        ("country = 7", "seven", False), ("country = 1", True, False), ("country = true", True, True),
        ("country = true", "true", True), ("country = 'true'", True, True), ("country = false", True, False),
        ("country = 'علی'", "علي", True), ("country = '12'", "۱۲", True), ("country = 12", "۱۲", True),
        ("country = 'x'", ["x"], False), ("country = ''", "", True), ("country = ''", UNKNOWN, False),
        ("country in ('CZ', 'PL')", "PL", True), ("country in ('CZ', 7)", "7", True),
        ("country in ('CZ')", UNKNOWN, False),
        ("country in ('cz') ignoring case", "CZ", True),
        # unknown and negation: rule 7
        ("country != 'CZ'", UNKNOWN, True), ("country != 'CZ'", None, True), ("country not in ('CZ')", UNKNOWN, True),
        ("country not in ('CZ')", "CZ", False), ("country not contains 'C'", UNKNOWN, True),
        ("country not has 'C'", UNKNOWN, True), ("country not between 1 and 2", UNKNOWN, True),
        ("not country < 5", UNKNOWN, True), ("country < 5", UNKNOWN, False), ("country >= 5", None, False),
        # known and empty: rule 8
        ("country is known", "", True), ("country is known", None, False), ("country is known", UNKNOWN, False),
        ("country is unknown", UNKNOWN, True), ("country is unknown", [], False), ("country is empty", UNKNOWN, True),
        ("country is empty", "", True), ("country is empty", [], True), ("country is empty", " ", False),
        ("country is empty", 0, False), ("country is not empty", "x", True), ("country is empty", False, False),
        # order: rule 11
        ("country < 10", "9", True), ("country < 10", 9, True), ("country > '9'", "10", True),
        ("country > '9'", 10, True),
        ("country <= 10", 10, True), ("country < 10", 10, False), ("country >= 10.000001", 10, False),
        ("country between 25 and 34", 25, True), ("country between 25 and 34", 34, True),
        ("country between 25 and 34", "34.5", False), ("country > 5", True, False), ("country > 5", "abc", False),
        ("country < 2024-03-01", "2024-02-29", True), ("country < 2024-03-01", 5, False),
        ("country > 5", "2024-02-29", False),
        ("country < '2024-03-01'", "2024-02-29", True), ("country >= '2024-03-01'", "2024-02-29T23:59:59", False),
        ("country = 2024-02-29", "2024-02-29T23:59:59.999", True), ("country = 2024-02-29", "2024-03-01T00:00", False),
        ("country in (2024-02-29)", "2024-02-29", True), ("country = '2024-02-29'", "2024-02-29T10:00", False),
        ("country > '2024-02-29T10:00:00Z'", "2024-02-29T10:00:00.001Z", True),
        ("country > '2024-02-29T10:00:00Z'", "2024-02-29T10:00:00Z", False),
        ("country between '2024-01-01' and '2024-01-31'", "2024-01-31T22:00", True),
        # text: rule 12
        ("country contains 'RAH'", "praha", True), ("country starts with 'PRA'", "praha", True),
        ("country ends with 'HA'", "praha", True), ("country starts with 'rah'", "praha", False),
        ("country contains 'ISTANBUL'", "İstanbul", True), ("country contains '25'", 1250, True),
        ("country ends with '.5'", 3.50, True), ("country contains 'tru'", True, True),
        ("country contains ''", "", True),
        ("country contains 'میروم'", "می‌روم", True), ("country contains 'a'", ["a"], False),
        ("country contains ''", UNKNOWN, False), ("country matches '^p.*a$'", "praha", True),
        ("country matches 'rah'", "praha", True), ("country matches 'RAH'", "praha", False),
        ("country matches '(?i)RAH'", "praha", True), ("country matches 'ی'", "ي", False),
        ("country matches '^12'", 1250, True), ("country not matches 'x'", UNKNOWN, True),
        # lists: rule 13
        ("country has 'ski'", ["hiking", "ski"], True), ("country has 'ski'", "ski", False),
        ("country has 'ski'", [], False),
        ("country has 'SKI' ignoring case", ["ski"], True), ("country has 7", ["7.0"], True),
        ("country has '7'", [7], True),
        ("country has any ('a', 'b')", ["b", "c"], True), ("country has any ('a', 'b')", ["c"], False),
        ("country has all ('a', 'b')", ["b", "a", "c"], True), ("country has all ('a', 'b')", ["a"], False),
        ("country has 'a'", [None, {"a": 1}, ["a"]], False),
        ("country not has 'ski'", ["hiking"], True),
    ],
)  # fmt: skip
def test_a_trait_is_tested_by_its_value(text: str, given: Any, expected: bool) -> None:
    assert holds(text, given) is expected
    assert holds(f"not ({text})", given) is not expected


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("country in last 3 days", "2024-05-12", True), ("country in last 3 days", "2024-05-11", False),
        ("country in last 3 days", "2024-05-15", True), ("country in last 3 days", "2024-05-16", False),
        ("country in last 3 days", "2024-05-12T12:00", True),
        ("country in last 3 days", "2024-05-12T11:59:59.999", False),
        ("country in last 3 days", "2024-05-15T12:00:00.001", False),
        ("country in last 3 days", "2024-05-15T10:00Z", True),
        ("country in next 7 days", "2024-05-22", True), ("country in next 7 days", "2024-05-23", False),
        ("country in next 7 days", "2024-05-22T12:00", True),
        ("country in next 7 days", "2024-05-22T12:00:00.001", False),
        ("country in last 36 hours", "2024-05-14", True), ("country in last 35 hours", "2024-05-14", False),
        ("country more than 90 days ago", "2024-02-14", True), ("country more than 90 days ago", "2024-02-15", False),
        ("country between 30 and 90 days ago", "2024-02-15", True),
        ("country between 30 and 90 days ago", "2024-04-15", False),
        ("country in this month", "2024-05-31", True), ("country in previous quarter", "2024-03-31", True),
        ("country before 2024-03-01", "2024-02-29", True), ("country after 2024-03-01", "2024-03-01T23:59", False),
        ("country on 2024-03-01", "2024-03-01T23:59:59.999", True),
        ("country since 2024-03-01T00:00", "2024-03-01", True),
        ("country after 2024-03-01T00:00", "2024-03-01", False), ("country until 2024-03-01", "2024-03-01", True),
        ("country before 2024-03-01", 20240229, False), ("country before 2024-03-01", UNKNOWN, False),
        ("country before 2024-03-01", "soon", False), ("country before 2024-03-01", ["2024-01-01"], False),
    ],
)  # fmt: skip
def test_a_time_is_exact_and_a_date_goes_by_days(text: str, given: Any, expected: bool) -> None:
    assert holds(text, given) is expected


@pytest.mark.parametrize("given", [UNKNOWN, None, "", "CZ", 5, True, [], ["CZ"], {"a": 1}, "2024-02-29"])
@pytest.mark.parametrize(
    "test", ["= 'CZ'", "< 5", "contains 'c'", "has 'CZ'", "is known", "is empty", "in last 3 days"]
)
def test_a_condition_or_its_negation_is_everyone(test: str, given: Any) -> None:
    assert holds(f"country {test} or not country {test}", given)
    assert not holds(f"country {test} and not country {test}", given)


def test_a_path_goes_into_objects() -> None:
    there = said(address={"city": "Praha"})
    assert is_in("address.city = 'Praha'", there)
    assert is_in("address.city is unknown", said(address="Praha"))
    assert is_in("address.city is unknown", said(address={"street": "Dlouhá"}))


def test_a_quoted_name_may_have_blanks() -> None:
    assert is_in("\"favourite colour\" = 'red'", said(**{"favourite colour": "red"}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("country = 'CZ' and score > 5 or city = 'Brno'", True),
        ("country = 'CZ' and (score > 5 or city = 'Brno')", False),
        ("not country = 'CZ' and score > 99", False),
        ("not (country = 'CZ' and score > 99)", True),
        ("everyone and not nobody", True),
        ("nobody or nobody", False),
    ],
)
def test_conditions_are_joined_as_in_sql(text: str, expected: bool) -> None:
    assert is_in(text, said(country="PL", score=9, city="Brno")) is expected


def test_a_property_is_tested_like_a_trait() -> None:
    assert is_in("did order where (gift != true)", order())
    assert not is_in("did order where (gift != true)", order(gift=True))
    assert is_in("did order where (coupon is unknown)", order(coupon=None))
    assert is_in("did view where (path starts with '/COATS')", view(path="/coats/1"))
    assert is_in("did order where (points between 2 and 3)", order(points="3"))


def test_a_path_goes_into_objects_of_an_event() -> None:
    there = order(address={"city": "Praha"})
    assert is_in("did order where (address.city = 'praha' ignoring case)", there)
    assert value("first(order.address.city)", there) == "Praha"


def test_a_trait_is_no_property_and_a_property_no_trait() -> None:
    assert not is_in("did order where (note = 'x')", said(note="x"), order())
    assert is_in("did order where (note = 'x')", said(note="y"), order(note="x"))
    assert not is_in("note = 'x'", order(note="x"))


def test_an_identify_is_no_event_even_if_it_has_the_name_of_one() -> None:
    assert not is_in("did view", fact("identify", "Product Viewed", "2024-05-01", {"note": "x"}))
