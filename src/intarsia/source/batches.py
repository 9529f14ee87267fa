"""What the shapes hand on: messages, each with the lines that it came from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from intarsia.ids import digest
from intarsia.source.cells import Memory
from intarsia.source.numbers import tidy
from intarsia.source.reasons import Rejected

MESSAGES_AT_ONCE = 5_000
LINES_AT_ONCE = 50_000

ID_LENGTH = 32
_HEX = frozenset("0123456789abcdef")

Message = dict[str, Any]


EMPTIED = "emptied"
"""Under this name an undated identify carries the traits whose cells are empty, on its way to the batch."""


@dataclass
class Batch:
    """Some messages of a file.

    lines         for each message, the physical lines that it came from; a message that only accompanies others
                  (an identify beside an order) came from none
    emptied       by the number of an undated identify, the traits whose cells are empty
    rejected      lines that gave no message
    blank_lines   lines without content
    lines_read    physical lines that were read since the batch before
    share_done    how much of the file is done, 0 to 1
    naming        what named the messages that came without an id
    """

    messages: list[Message] = field(default_factory=list)
    lines: list[tuple[int, ...]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    blank_lines: int = 0
    lines_read: int = 0
    share_done: float = 0.0
    emptied: dict[int, tuple[str, ...]] = field(default_factory=dict)
    naming: Naming | None = None

    def add(self, message: Message, lines: tuple[int, ...], emptied: tuple[str, ...] = ()) -> None:
        """One more message, with its lines."""
        if emptied:
            self.emptied[len(self.messages)] = emptied
        self.messages.append(message)
        self.lines.append(lines)


def canonical_writer() -> Callable[[Mapping[str, Any]], str]:
    """A function that gives a content as one text, the same for the same content.

    Names are sorted; numbers are in their shortest form, and told apart from the text of their digits.
    """
    written: Memory[dict[str, str]] = Memory(lambda number: {"number": str(tidy(number))})
    encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=written.__getitem__)
    return encoder.encode


class Naming:
    """Message ids from the content and its running number among equal ones of the same file (rule 23).

    Keeps eight bytes of digest for each message: about 100 MB for a million.
    """

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._again: Counter[int] = Counter()
        self._canonical = canonical_writer()

    def name(self, message: Message) -> str:
        """The id of a message; the second equal one of a file has another than the first."""
        content = self._canonical(message).encode("utf-8", "surrogatepass")
        found = digest(content)
        short = _short(found)
        if short not in self._seen:
            self._seen.add(short)
            return found
        self._again[short] += 1
        found = digest(content + b"\n%d" % self._again[short])
        self._seen.add(_short(found))
        return found

    def has_named(self, message_id: str) -> bool:
        """Whether a message of this file, up to here, has this id of its content."""
        return _is_of_content(message_id) and _short(message_id) in self._seen

    def name_by(self, *key: str | None) -> str:
        """The id of a message that is named by a key instead of its content."""
        return digest(json.dumps(key).encode())


def _short(message_id: str) -> int:
    return int(message_id[:15], 16)


def _is_of_content(message_id: str) -> bool:
    return len(message_id) == ID_LENGTH and _HEX.issuperset(message_id)
