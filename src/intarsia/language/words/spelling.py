"""How names, texts, numbers and instants are spelled: in the canonical text, in JSON and in sentences."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from intarsia.language.words.token import RESERVED, is_plain_name


def spell_name(name: str) -> str:
    """A name as it is written in a text, in "double quotes" where it needs them."""
    if is_plain_name(name) and name.lower() not in RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def spell_path(names: tuple[str, ...]) -> str:
    """Names joined by dots."""
    return ".".join(map(spell_name, names))


def spell_text(value: str) -> str:
    """A text in 'single quotes'."""
    return "'" + value.replace("'", "''") + "'"


def spell_decimal(value: Decimal) -> str:
    """All digits that count: no exponent, no zeros behind."""
    written = format(value, "f")
    shortest = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if shortest == "-0" else shortest


def spell_instant(wall: datetime, offset: int | None) -> str:
    """A wall-clock time with its minutes, seconds and milliseconds where they are not 0, and its offset."""
    exactness = "milliseconds" if wall.microsecond else "seconds" if wall.second else "minutes"
    written = wall.isoformat(timespec=exactness)
    if offset is None:
        return written
    hours, minutes = divmod(abs(offset), 60)
    return written + (f"{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}" if offset else "Z")
