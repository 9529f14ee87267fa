"""How values read (rules 8-12, 14)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intarsia.clock import to_iso
from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.values import (
    date_of,
    distinct_key,
    equals,
    fold,
    fold_case,
    instant_of,
    is_empty,
    number,
    raw_text,
    shortest,
    text,
)

PRAGUE = ZoneInfo("Europe/Prague")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", "7"), ("-7.50", "-7.50"), ("042", "42"), ("۱۲٫۵", None), ("۱۲.۵", "12.5"), ("٤٢", "42"),
        ("0.0000005", "0"), ("0.0000015", "0.000002"), ("0.0000025", "0.000002"), ("-0", "0"),
        ("9" * 24, "9" * 24), ("9" * 25, None), (Decimal("1.5"), "1.5"), (Decimal("NaN"), None),
        ("9" * 2_000, None), ("0." + "0" * 2_000 + "1", "0"),
        ("", None), (" 7", None), ("7\n", None), ("1e5", None), ("1,000", None), (".5", None), ("5.", None),
        ("+5", None),
        ("inf", None), ("nan", None), ("--5", None), ("७", None), (True, None), (None, None), (["7"], None),
    ],
)  # fmt: skip
def test_a_text_reads_as_a_number_if_it_is_digits(value: Json, expected: str | None) -> None:
    assert number(value) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1250"), "1250"), (Decimal("3.50"), "3.5"), (Decimal("1E+3"), "1000"), (Decimal("-0.00"), "0"),
        (Decimal("0.000001"), "0.000001"),
        (Decimal("123456789012345678901234.123456"), "123456789012345678901234.123456"),
        (True, "true"), (False, "false"), ("Abc", "Abc"), ("ي", "ی"), (None, None), (["a"], None), ({"a": "b"}, None),
    ],
)  # fmt: skip
def test_a_scalar_reads_as_text(value: Json, expected: str | None) -> None:
    assert text(value) == distinct_key(value) == expected


def test_the_raw_text_is_not_folded() -> None:
    assert raw_text("ي") == "ي"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("علي", "علی"), ("كتاب", "کتاب"), ("می\u200cروم", "میروم"), ("۰۹۱۲", "0912"), ("٠٩", "09"),
        ("e\u0301", "\u00e9"), ("e\u200c\u0301", "\u00e9"), ("Straße", "Straße"), ("A", "A"),
    ],
)  # fmt: skip
def test_folding_makes_what_looks_alike_equal_and_keeps_case(value: str, expected: str) -> None:
    assert fold(value) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PRAHA", "praha"), ("ČESKÝ", "český"), ("МОСКВА", "москва"), ("Σ", "ς"), ("I", "ı"), ("İ", "i"),
        ("İstanbul", "ISTANBUL"),
        ("ẞ", "ß"), ("ᾈ", "ᾀ"), ("\u212a", "k"), ("I\u0307", "i"),
    ],
)  # fmt: skip
def test_folding_case_is_simple_and_minds_no_dots(one: str, other: str) -> None:
    assert fold_case(one) == fold_case(other)


def test_simple_folding_keeps_the_number_of_characters() -> None:
    assert fold_case("ß") != "ss"
    assert len(fold_case("ŉΐﬃ")) == len("ŉΐﬃ")


@given(st.text())
def test_folding_twice_is_folding_once(value: str) -> None:
    assert fold(fold(value)) == fold(value)
    assert fold_case(fold(value)) == fold_case(value)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_the_fast_way_for_ascii_is_the_same_way(value: str) -> None:
    assert fold(value + "\u0100") == fold(value) + "\u0100"
    assert fold_case(value + "\u0100") == fold_case(value) + "\u0101"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**18), max_value=10**18))
def test_a_number_and_its_text_read_alike(value: Decimal) -> None:
    assert number(shortest(value)) == number(value) == value
    assert equals(value, shortest(value))


def test_dates_and_instants_are_iso_texts() -> None:
    assert date_of("2024-02-29") == date_of("۲۰۲۴-۰۲-۲۹") == date(2024, 2, 29)
    assert date_of("2024-02-29T10:00") is None
    assert date_of(Decimal(20240229)) is None
    found = instant_of("2024-02-29 10:00", PRAGUE)
    assert found is not None
    assert to_iso(found) == "2024-02-29T09:00:00.000Z"
    assert instant_of("2024-02-29", PRAGUE) is None
    assert instant_of(None, PRAGUE) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Decimal(7), Decimal("7.0"), True), (Decimal(7), "7.0", True), (Decimal(42), "042", True),
        (Decimal(42), "forty", False),
        ("042", "42", False), ("a", "A", False), ("علي", "علی", True), ("۴۲", "42", True),
        (True, "true", True), (True, "True", False), (False, "false", True), (True, Decimal(1), False),
        (True, True, True),
        (True, False, False), (None, "", False), (None, None, False), (["a"], "a", False), ({}, "", False),
    ],
)  # fmt: skip
def test_equal_is_by_number_or_by_folded_text(one: Json, other: Json, expected: bool) -> None:
    assert equals(one, other) is equals(other, one) is expected


def test_ignoring_case_two_spellings_are_equal() -> None:
    assert equals("PRAHA", "Praha", ignoring_case=True)
    assert equals(True, "TRUE", ignoring_case=True)
    assert not equals("Praha", "Brno", ignoring_case=True)


@pytest.mark.parametrize(("value", "expected"), [
    (None, True), ("", True), ([], True), ("\u200c", True), (" ", False), (["a"], False), ({}, False),
    (False, False), (Decimal(0), False),
])  # fmt: skip
def test_empty_is_the_unknown_the_empty_text_and_the_empty_list(value: Json, expected: bool) -> None:
    assert is_empty(value) is expected
