"""What the parser would have taken where a text ends, noted while it reads: completion needs no second grammar."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from intarsia.language.tree import Event, Value


class Slot(Enum):
    """What kind of thing may stand somewhere."""

    WORD = "word"
    SIGN = "sign"
    FUNCTION = "function"
    VALUE = "value"
    EVENT = "event"
    INSIDE_VALUE = "inside a value"
    INSIDE_EVENT = "inside an event"
    SEGMENT = "segment"
    AREA = "area"
    CHANNEL = "channel"
    PURPOSE = "purpose"
    UNIT = "unit"
    CURRENCY = "currency"
    CONSTANT = "constant"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    INSTANT = "instant"


@dataclass(frozen=True)
class Context:
    """Of what a condition speaks where it is read.

    event    of whose properties a `where` or `had` speaks; None: of a person
    is_line  inside `has line`, or over the lines of an event
    value    what is tested, behind a value
    """

    event: Event | None = None
    is_line: bool = False
    value: Value | None = None


PERSON = Context()
"""Where nothing has been read yet."""


@dataclass(frozen=True)
class Expected:
    """One thing that may stand where the text ends.

    text    the words or the sign themselves; empty for names and literals
    before  the names of a path that stand already: `address`, with a dot behind or, for `INSIDE_..`, without
    """

    slot: Slot
    context: Context
    text: str = ""
    before: tuple[str, ...] = ()
