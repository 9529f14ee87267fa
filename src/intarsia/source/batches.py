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

Message = dict[str, Any]


@dataclass
class Batch:
    """Some messages of a file.

    lines         for each message, the physical lines that it came from; a message that only accompanies others
                  (an identify beside an order) came from none
    rejected      lines that gave no message
    blank_lines   lines without content
    lines_read    physical lines that were read since the batch before
    share_done    how much of the file is done, 0 to 1
    """

    messages: list[Message] = field(default_factory=list)
    lines: list[tuple[int, ...]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    blank_lines: int = 0
    lines_read: int = 0
    share_done: float = 0.0

    def add(self, message: Message, lines: tuple[int, ...]) -> None:
        """One more message, with its lines."""
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
        short = int(found[:15], 16)
        if short not in self._seen:
            self._seen.add(short)
            return found
        self._again[short] += 1
        return digest(content + b"\n%d" % self._again[short])

    def name_by(self, *key: str | None) -> str:
        """The id of a message that is named by a key instead of its content."""
        return digest(json.dumps(key).encode())
