"""Two ways of writing one identifier have one normal form; what is no identifier has none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from intarsia.identity.forms import Form, normal_form
from intarsia.language.meaning.facts import Json


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        ("email", "Ada@Example.COM", "ada@example.com"),
        ("email", "  ada@example.com\t", "ada@example.com"),
        ("email", "a.d.a+shop@example.com", "a.d.a+shop@example.com"),
        ("email", "ŽOFIE@dřevo.cz", "žofie@xn--devo-b5a.cz"),
        ("email", "ada@example.com.", "ada@example.com"),
        ("email", '"a@b"@example.com', '"a@b"@example.com'),
        ("email", "straße@example.com", "straße@example.com"),
        ("email", "ada", None),
        ("email", "@example.com", None),
        ("email", "ada@", None),
        ("email", "ada@localhost", None),
        ("email", "ada@example..com", None),
        ("email", "ada lovelace@example.com", None),
        ("email", "", None),
        ("email", None, None),
        ("email", ["ada@example.com"], None),
        ("phone", "+420 777 123 456", "+420777123456"),
        ("phone", "777 123 456", "+420777123456"),
        ("phone", "00420777123456", "+420777123456"),
        ("phone", "(+420) 777-123-456", "+420777123456"),
        ("phone", Decimal(777123456), "+420777123456"),
        ("phone", "+98 ۹۱۲ ۳۴۵ ۶۷۸۹", "+989123456789"),
        ("phone", "+420 777 123 456 ext. 12", "+420777123456;ext=12"),
        ("phone", "111 111 111", None),
        ("phone", "12", None),
        ("phone", "ring me", None),
        ("phone", True, None),
        ("code", "ab-12 34", "AB1234"),
        ("code", "AB1234", "AB1234"),
        ("code", Decimal(123456), "123456"),
        ("code", "۱۲۳۴۵۶", "123456"),
        ("code", "0000 0000", None),
        ("code", "12", None),
        ("digits", "Member no. 00-4711", "004711"),
        ("digits", "12", None),
        ("text", "  Straße  7 ", "straße 7"),
        ("text", "كتاب", "کتاب"),
        ("text", " ", None),
    ],
)
def test_an_identifier_has_one_normal_form(form: Form, value: Json, expected: str | None) -> None:
    assert normal_form(value, form, "CZ") == expected


def test_without_a_country_only_international_numbers_are_known() -> None:
    assert normal_form("777 123 456", "phone", "") is None
    assert normal_form("00420 777 123 456", "phone", "") is None
    assert normal_form("+420 777 123 456", "phone", "") == "+420777123456"


@pytest.mark.parametrize("form", ["email", "phone", "code", "digits", "text"])
def test_what_is_too_long_to_be_one_is_none(form: Form) -> None:
    assert normal_form("1234567890" * 26 + "@a.cz", form, "CZ") is None


@pytest.mark.parametrize("value", ["Ada@Example.com", "+420 777 123 456", "ab-1234", "Straße 7"])
def test_a_normal_form_is_its_own(value: str) -> None:
    for form in ("email", "phone", "code", "text"):
        found = normal_form(value, form, "CZ")
        assert found is None or normal_form(found, form, "CZ") == found
