"""What kind of values a column holds, guessed from the values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from intarsia.source.dates import read_date
from intarsia.source.numbers import currency_of, is_comma_decimal, read_number
from intarsia.source.rows import Cell

ColumnKind = Literal["text", "integer", "decimal", "money", "date", "instant", "boolean", "list"]

FITTING_SHARE = 0.95
"""So many of the filled cells must fit a kind."""

TRUE_WORDS = frozenset({"true", "yes", "y", "t", "ano", "tak", "да", "بله", "ja", "oui"})
FALSE_WORDS = frozenset({"false", "no", "n", "f", "ne", "nie", "нет", "خیر", "nein", "non"})

_COVERS: tuple[tuple[ColumnKind, frozenset[str]], ...] = (
    ("boolean", frozenset({"boolean"})),
    ("integer", frozenset({"integer"})),
    ("decimal", frozenset({"integer", "decimal"})),
    ("money", frozenset({"integer", "decimal", "money"})),
    ("date", frozenset({"date"})),
    ("instant", frozenset({"date", "instant"})),
    ("list", frozenset({"list"})),
)
_CODE = re.compile(r"[+-]?0[0-9]+")


def read_truth(text: str) -> bool | None:
    """What a word for yes or no says, in several languages; None for any other text."""
    low = text.strip().casefold()
    if low in TRUE_WORDS:
        return True
    return False if low in FALSE_WORDS else None


def kind_of_cell(cell: Cell, *, decimal_comma: bool = False, day_first: bool | None = True) -> str:
    """The kind of one filled cell; "code" for digits that begin with a zero, which are text."""
    if isinstance(cell, bool):
        return "boolean"
    if isinstance(cell, (int, Decimal)):
        return "integer" if cell == int(cell) else "decimal"
    if isinstance(cell, (list, dict)):
        return "list"
    if isinstance(cell, (date, datetime)):
        return _kind_of_date(cell)
    return _kind_of_text(cell.strip(), decimal_comma, day_first) if isinstance(cell, str) else "text"


def _kind_of_text(text: str, decimal_comma: bool, day_first: bool | None) -> str:
    if _CODE.fullmatch(text):
        return "code"
    number = read_number(text, decimal_comma=decimal_comma)
    if number is not None:
        if currency_of(text) or any(sign in text for sign in "$¥"):
            return "money"
        return "integer" if number == int(number) and not re.search("[.,٫]", text) else "decimal"
    if read_truth(text) is not None:
        return "boolean"
    when = read_date(text, day_first=True if day_first is None else day_first)
    return "text" if when is None else _kind_of_date(when)


def _kind_of_date(when: date | datetime) -> str:
    is_instant = isinstance(when, datetime) and (when.tzinfo is not None or when.time() != time())
    return "instant" if is_instant else "date"


def kind_of_column(counts: Mapping[str, int]) -> ColumnKind:
    """The narrowest kind of those that fit the most cells, if those are nearly all cells.

    counts  how many cells are of each kind of cell
    """
    total = sum(counts.values())
    if not total or counts.get("code"):
        return "text"
    fitting = [(sum(counts.get(name, 0) for name in covered), kind) for kind, covered in _COVERS]
    most = max(count for count, _ in fitting)
    return next(kind for count, kind in fitting if count == most) if most >= FITTING_SHARE * total else "text"


def fits(kind_of_cell: str, kind: ColumnKind) -> bool:
    """Whether a cell of one kind belongs in a column of another."""
    return kind == "text" or kind_of_cell in dict(_COVERS)[kind]


def has_decimal_comma(texts: Mapping[str, int]) -> bool | None:
    """Whether most numbers among the texts are written with a decimal comma; None where nothing shows it."""
    votes = Counter(is_comma_decimal(text) for text in texts if len(text) < 40 and read_number(text) is not None)
    if votes[True] == votes[False]:
        return None
    return votes[True] > votes[False]
