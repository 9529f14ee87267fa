"""Whose a line is: the profile ids that can be read in a row or in a message."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from intarsia.source.planning import Plan
from intarsia.source.rows import Row

IN_MESSAGES = ("userId", "anonymousId", "previousId")
SHORTEST_WORD = 4
"""Shorter words tell nobody; neither do digits alone, which may be a quantity or a price."""

_WORD = re.compile(r"[\w.@+-]+")
_ESCAPED = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")


def ids_reader(plan: Plan) -> Callable[[Row], tuple[str, ...]]:
    """How the profile ids of a row are read, as they would be if the row were loaded; none: it has none."""
    if plan.shape == "messages":
        return lambda row: ids_in(row.cells)
    fields = plan.fields
    first = fields.get("profile_id") or ("" if "anonymous_id" in fields else fields.get("email", ""))
    columns = [column for column in (first, fields.get("anonymous_id", "")) if column]
    reader = plan.reader()
    read = [(column, reader.key(ends_in_zero=column in plan.spoilt_ids)) for column in columns]

    def ids(row: Row) -> tuple[str, ...]:
        found = (key(row.cells.get(column)) for column, key in read)
        return tuple(one for one in found if one is not None)

    return ids


def ids_in(message: Mapping[str, Any]) -> tuple[str, ...]:
    """The profile ids that a message names."""
    found = (message.get(name) for name in IN_MESSAGES)
    texts = (str(value) for value in found if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool))
    return tuple(text for text in texts if text.strip())


def words_of(text: str) -> set[str]:
    """The words of a line in which no id could be read that may be one, also those written in JSON's escapes."""
    found = _WORD.findall(text) + (_WORD.findall(unescaped(text)) if "\\u" in text else [])
    words = {*found, *(word.strip(".") for word in found)}
    return {word for word in words if len(word) >= SHORTEST_WORD and not word.isdigit()}


def unescaped(text: str) -> str:
    """A text with the letters for which JSON's escapes of four hex digits stand; two may be one letter."""
    return _ESCAPED.sub(lambda found: _letters(found[0]), text)


def _letters(escaped: str) -> str:
    codes = b"".join(int(code, 16).to_bytes(2, "big") for code in escaped.split("\\u")[1:])
    return codes.decode("utf-16-be", "surrogatepass")
