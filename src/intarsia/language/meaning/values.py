"""How a value reads: as a number, as text, as a date, as an instant; and when two values are equal (rules 8-12, 14).

The value decides, not the column: a text that looks like a number is one for a comparison with a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from zoneinfo import ZoneInfo

from intarsia.clock import parse_date, parse_instant
from intarsia.language.meaning.facts import Json

PLACES = Decimal("0.000001")
"""Numbers have at most six decimals."""
LARGEST = Decimal(10) ** 24
"""Numbers are smaller than this; a text of more digits reads as no number."""

_EXACT = Context(prec=80, rounding=ROUND_HALF_EVEN)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY_LENGTH = len("2026-01-31")
_UTC = ZoneInfo("UTC")
_NON_JOINER = "\u200c"
_ALIKE = str.maketrans("يك٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "یک" + "0123456789" * 2)


class _CaseFolding(dict[int, str]):
    """Unicode's simple case folding, one character for one, filled as characters are met; I, i, İ and ı are alike."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        forms = (character.casefold(), character.lower(), character)
        folded = next(form for form in forms if len(form) == 1)
        self[code] = folded
        return folded


_CASES = _CaseFolding({ord(letter): "i" for letter in "Iiİı"})


STEP = "\x1f"
"""Joins the names of a path in the keys of the lake's `readings`."""
_ESCAPED = str.maketrans({"\x1e": "\x1e0", STEP: "\x1e1"})


def reading_key(path: Sequence[str]) -> str:
    """The key in `readings` of what lies at a path inside an object; different paths have different keys."""
    return STEP.join([name.translate(_ESCAPED) if not name.isprintable() else name for name in path])


# --- text


def fold(text: str) -> str:
    """The text as comparisons see it: NFC, Persian ye and ke for the Arabic ones, no ZWNJ, ASCII digits (rule 12)."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text.replace(_NON_JOINER, "")).translate(_ALIKE)


def fold_case(text: str) -> str:
    """`fold`, and Unicode's simple case folding, with i, İ and ı alike."""
    if text.isascii():
        return text.lower()
    return fold(text).translate(_CASES)


def raw_text(value: Json) -> str | None:
    """The text of a scalar as it came, not folded: a number as its shortest decimal, a truth as `true` or `false`."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return shortest(value) if isinstance(value, Decimal) else None


def text(value: Json) -> str | None:
    """The folded text of a scalar, or None for the unknown, lists and objects."""
    found = raw_text(value)
    return None if found is None else fold(found)


def shortest(number: Decimal) -> str:
    """A number as its shortest decimal: `1250`, `3.5`, never an exponent or `-0`."""
    found = format(number, "f")
    if "." in found:
        found = found.rstrip("0").rstrip(".")
    return "0" if found == "-0" else found


def distinct_key(value: Json) -> str | None:
    """What `distinct` counts: scalars with one folded text are one; None is left out."""
    return text(value)


# --- numbers and times


def number(value: Json) -> Decimal | None:
    """The number that a value is or, being text, reads as: at most six places, half to even; a truth is none.

    A text reads as a number if it is digits, perhaps after a minus, perhaps with decimals after a point; no
    blanks, exponents or signs of thousands. From 10**24 on there are no numbers.
    """
    if isinstance(value, str):
        folded = fold(value)
        value = Decimal(folded) if _NUMBER.fullmatch(folded) else None
    if not isinstance(value, Decimal) or not value.is_finite() or value.copy_abs() >= LARGEST:
        return None
    exponent = value.as_tuple().exponent
    return value.quantize(PLACES, context=_EXACT) if isinstance(exponent, int) and exponent < -6 else value


def date_of(value: Json) -> date | None:
    """The date that a text names as `YYYY-MM-DD`, or None."""
    return parse_date(fold(value)) if isinstance(value, str) else None


def instant_of(value: Json, zone: ZoneInfo) -> int | None:
    """The instant that an ISO 8601 date and time name, in the zone where there is no offset, or None."""
    return parse_instant(fold(value), zone) if isinstance(value, str) else None


def written_day(value: Json) -> date | None:
    """The day of a date, or of a date and time as it is written, whatever zone the time is of; None for anything else.

    So no birthday moves into another zone's day.
    """
    if not isinstance(value, str):
        return None
    written = fold(value)
    is_instant = parse_instant(written, _UTC) is not None
    return parse_date(written[:_DAY_LENGTH] if is_instant else written)


# --- equality and emptiness


def is_empty(value: Json) -> bool:
    """Whether a value is unknown, an empty text or an empty list."""
    if isinstance(value, str):
        return fold(value) == ""
    return value is None or (is_list(value) and not value)


def is_list(value: Json) -> bool:
    """Whether a value is a list; a text is none."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def equals(value: Json, other: Json, *, ignoring_case: bool = False) -> bool:
    """Whether two scalars are equal (rule 10); an unknown value, a list or an object equals nothing.

    A number with a number, or with a text that reads as one: by number. Texts: as folded text, so '042' is not
    '42'. `true` equals the text 'true'. Anything else: not equal.
    """
    if isinstance(value, Decimal) or isinstance(other, Decimal):
        left, right = number(value), number(other)
        return left is not None and left == right
    if isinstance(value, bool) and isinstance(other, bool):
        return value is other
    as_text = _text_ignoring_case if ignoring_case else text
    found = as_text(value)
    return found is not None and found == as_text(other)


def _text_ignoring_case(value: Json) -> str | None:
    found = raw_text(value)
    return None if found is None else fold_case(found)


def inside(value: Json, path: Sequence[str]) -> Json:
    """What lies at the path inside objects; None where it leads nowhere."""
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value
