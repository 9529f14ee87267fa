"""The normal form of an identifier: what two ways of writing the same one have in common."""

from __future__ import annotations

import unicodedata
from typing import Literal

from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.values import fold, fold_case, raw_text

Form = Literal["digits", "text", "email", "phone", "code"]
"""How an identifier is read: `code` is letters and digits, as on a card."""

FORMS: tuple[Form, ...] = ("digits", "text", "email", "phone", "code")

LONGEST = 255
SHORTEST_CODE = 4
"""Letters and digits that a code must have; shorter ones identify nobody."""


def normal_form(value: Json, form: Form, country: str) -> str | None:
    """An identifier as it is compared; None: the value is none.

    country  two capital letters: whose numbers phone numbers without a country's code are; "": such are none

    >>> normal_form(" Ada.L@Exämple.com ", "email", "")
    'ada.l@xn--exmple-cua.com'
    >>> normal_form("0912 345 6789", "phone", "IR"), normal_form("0912 345 6789", "phone", "")
    ('+989123456789', None)
    >>> normal_form("ab-12 34", "code", ""), normal_form("0000", "code", "")
    ('AB1234', None)
    """
    text = None if isinstance(value, bool) else raw_text(value)
    if text is None or not text.strip() or len(text) > LONGEST or "\0" in text:
        return None
    match form:
        case "email":
            return _email(text.strip())
        case "phone":
            return _phone(text.strip(), country)
        case "digits":
            return _long_enough("".join(letter for letter in fold(text) if letter.isdecimal()))
        case "code":
            return _long_enough("".join(letter for letter in fold(text) if letter.isalnum()).upper())
        case "text":
            return " ".join(fold_case(text).split())


def _email(text: str) -> str | None:
    """The address with letter case folded and the domain as the network knows it; dots are left where they are."""
    local, at, domain = unicodedata.normalize("NFC", text).rpartition("@")
    if not (local and at and domain) or any(letter.isspace() for letter in text):
        return None
    known = _domain(domain.rstrip("."))
    return f"{fold_case(local)}@{known}" if known and "." in known else None


def _domain(domain: str) -> str | None:
    if domain.isascii():
        return domain.lower() if all(domain.split(".")) else None
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None


def _phone(text: str, country: str) -> str | None:
    """The number as it is dialled from abroad, with its extension; one that no network has is none."""
    import phonenumbers  # 25 ms, for those who have numbers

    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    dialled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{dialled};ext={number.extension}" if number.extension else dialled


def _long_enough(code: str) -> str | None:
    """A code; none if it is short, or one sign over and over, as people write who have none."""
    return code if len(code) >= SHORTEST_CODE and len(set(code)) > 1 else None
