"""Values as they are kept: exact decimals, canonical JSON text, and readings of what SQL cannot read by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.json_text import plain, to_text
from intarsia.language.meaning.values import date_of, fold, fold_case, instant_of, number, reading_key

DEEPEST = 32
"""How many lists and objects may lie inside each other."""

PLACES_KEPT = 6
_SIX_PLACES = Decimal("0.000001")
_LARGEST = Decimal(10) ** 24
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_NUMERALS = bytes.maketrans(b"123456789.", b"0000000000")


@dataclass
class Finer:
    """What came finer than it is kept.

    rounded  numbers of more than six places, rounded half to even (rule 14)
    cut      times finer than a millisecond (rule 16)
    """

    rounded: int = 0
    cut: int = 0


def keep(value: object, finer: Finer | None = None, depth: int = 0) -> Json:
    """A value as the record keeps it: numbers as decimals of at most six places, dates as ISO text.

    finer  counts the numbers that are rounded
    A number that is infinite, no number, or beyond 10^24 is kept as its text, and so is what lies deeper than
    `DEEPEST` lists and objects.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float, Decimal)):
        return _kept_number(value, finer)
    if depth < DEEPEST:
        if isinstance(value, Mapping):
            return {str(name): keep(item, finer, depth + 1) for name, item in value.items()}
        if isinstance(value, (set, frozenset)):
            return sorted((keep(item, finer, depth + 1) for item in value), key=to_text)
        if isinstance(value, Sequence):
            return [keep(item, finer, depth + 1) for item in value]
    return value.isoformat() if isinstance(value, (datetime, date)) else str(value)


def _kept_number(value: int | float | Decimal, finer: Finer | None) -> Json:
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite() or abs(number) >= _LARGEST:
        return str(value)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -6:
        exact, number = number, number.quantize(_SIX_PLACES, ROUND_HALF_EVEN)
        if finer is not None and number != exact:
            finer.rounded += 1
    return number


def keep_number(value: object, finer: Finer) -> Json:
    """`keep`, for what is read as a number also where it is a text, whose places are counted too."""
    if isinstance(value, str) and "." in value and len(fold(value).partition(".")[2].rstrip("0")) > PLACES_KEPT:
        finer.rounded += number(value) is not None
    return keep(value, finer)


def readings(values: Mapping[str, Json], text: str, zone: ZoneInfo) -> str | None:
    """How values read that SQL engines would read differently, as JSON by path; None where there are none.

    text  the values as `to_text` wrote them
    zone  of times without an offset

    By path, only what cannot be read off the JSON text by plain SQL: `t` the folded text, `c` the text with
    letter case folded too, `n` the number, `d` the date, `i` the instant (milliseconds UTC), `l` the keys of a
    list's items (see `item_keys`). Pure ASCII text and short numbers need no reading.
    """
    found = readings_by_path(values, text, zone)
    return to_text(found) if found else None


def readings_by_path(values: Mapping[str, Json], text: str, zone: ZoneInfo) -> dict[str, dict[str, Json]]:
    """The same as an object, by `reading_key` of each path."""
    if not _is_odd(text):
        return {}
    return {reading_key(path): reading for path, value in _leaves(values) if (reading := _reading(value, zone))}


def _is_odd(text: str) -> bool:
    """Whether a text may hold what SQL reads differently: long or tiny numbers, lists, instants, letters beyond ASCII.

    Asked of every message, so it looks for fixed bytes where a pattern would take ten times as long.
    """
    if not text.isascii():
        return True
    data = text.encode()
    with_zeros = data.translate(_DIGITS)
    return (
        b"[" in data
        or b"0.000" in data
        or b"0.0000000" in with_zeros
        or b"-00-00T" in with_zeros
        or b"-00-00 " in with_zeros
        or b"0" * 16 in data.translate(_NUMERALS)
    )


def _leaves(value: Mapping[str, Json], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Json]]:
    for name, item in value.items():
        if isinstance(item, Mapping):
            yield from _leaves(item, (*path, name))
        else:
            yield (*path, name), item


def _reading(value: Json, zone: ZoneInfo) -> dict[str, Json]:
    if isinstance(value, str):
        return _text_reading(value, zone)
    if isinstance(value, Decimal):
        shortest = plain(value)
        return {"n": shortest, "t": shortest, "c": shortest} if _is_odd(shortest) else {}
    if isinstance(value, Sequence):
        return {"l": [key for item in value for key in item_keys(item)]}
    return {}


def _text_reading(value: str, zone: ZoneInfo) -> dict[str, Json]:
    found: dict[str, Json] = {}
    if not value.isascii():
        found["c"] = fold_case(value)
        if (folded := fold(value)) != value:
            found["t"] = folded
        if (day := date_of(value)) is not None:
            found["d"] = day.isoformat()
    if _is_odd(value) and (read := number(value)) is not None:
        found["n"] = plain(read)
    if (moment := instant_of(value, zone)) is not None:
        found["i"] = str(moment)
    return found


def item_keys(item: Json) -> list[str]:
    """What an item of a list is found by: "t:" its folded text, "c:" with letter case folded, "n:" its number.

    A number that came as a number has "N:" instead of "n:", since a text finds numbers by value and texts by letters.
    """
    if isinstance(item, str):
        keys = ["t:" + fold(item), "c:" + fold_case(item)]
        read = number(item)
        return keys if read is None else [*keys, "n:" + plain(read)]
    if isinstance(item, Decimal):
        return ["N:" + plain(item)]
    if isinstance(item, bool):
        return ["t:true", "c:true"] if item else ["t:false", "c:false"]
    return []
