"""Values as canonical JSON: one text for one value, numbers exact."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from json.encoder import encode_basestring

from intarsia.language.meaning.facts import Json

_DECODER = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal)


def plain(number: Decimal) -> str:
    """A decimal as its shortest text: "1250", "3.5"; never an exponent, never "-0"."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def to_text(value: Json) -> str:
    """Canonical JSON: names sorted, numbers shortest, no blanks."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return encode_basestring(value)
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Mapping):
        return "{" + ",".join([f"{encode_basestring(name)}:{to_text(value[name])}" for name in sorted(value)]) + "}"
    return "[" + ",".join([to_text(item) for item in value]) + "]"


def read_value(text: str) -> Json:
    """The value that a JSON text says, numbers as decimals."""
    found: Json = _DECODER.decode(text)
    return found


def from_text(text: str) -> dict[str, Json]:
    """The object that `to_text` wrote."""
    found: dict[str, Json] = _DECODER.decode(text)
    return found
