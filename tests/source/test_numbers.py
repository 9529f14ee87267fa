from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intarsia.source.numbers import currency_of, read_number, tidy


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("-0.001", "-0.001"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234\u202f567", "1234567"),
        ("1'234.5", "1234.5"),
        ("12,5", "12.5"),
        ("0,125", "0.125"),
        ("£12.50", "12.50"),
        ("12,50 Kč", "12.50"),
        ("EUR 7", "7"),
        ("-$3.20", "-3.20"),
        ("(12.50)", "-12.50"),
        ("12.50-", "-12.50"),
        ("+3", "3"),
        ("۱۲۳٫۵", "123.5"),
        (".5", "0.5"),
    ],
)
def test_numbers_are_read_exactly_as_people_write_them(text: str, number: str) -> None:
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "-", "1e5", "nan", "inf", "12a", "1,23,456", "1.2.3", "1-2", "--5", "2024-01-01", "9" * 41, "½"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_number(text) is None


def test_a_form_that_could_be_either_goes_by_the_decimal_comma() -> None:
    assert read_number("1,234") == 1234
    assert read_number("1,234", decimal_comma=True) == Decimal("1.234")
    assert read_number("1.234") == Decimal("1.234")
    assert read_number("1.234", decimal_comma=True) == 1234
    assert read_number("12.50", decimal_comma=True) == Decimal("12.50")


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.booleans())
def test_grouped_and_plain_forms_say_the_same(number: Decimal, is_comma: bool) -> None:
    grouped = f"{number:,.2f}"
    if is_comma:
        grouped = grouped.translate(str.maketrans(",.", ".,"))
    assert read_number(grouped, decimal_comma=is_comma) == number


def test_a_sign_that_several_currencies_share_names_none() -> None:
    assert (currency_of("£5"), currency_of("5 zł"), currency_of("5 USD"), currency_of("$5")) == (
        "GBP",
        "PLN",
        "USD",
        None,
    )


@pytest.mark.parametrize(("number", "text"), [("2.50", "2.5"), ("100", "100"), ("1E+3", "1000"), ("-0.0", "0")])
def test_numbers_are_tidied_to_their_shortest_form(number: str, text: str) -> None:
    assert str(tidy(Decimal(number))) == text
