"""Messages that come as lines of JSON, one a line: from a pipe, as long as somebody writes, or from a file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from intarsia.errors import Phrase, UserError, phrase
from intarsia.record.messages import BadMessage
from intarsia.record.record import REJECTED, Receipt
from intarsia.speech import mark

LINES_MOST = 1000
"""So many lines are taken at once."""
FAULTS_MOST = 10_000
"""Of so many rejected lines the reasons are held, of the last ones: a pipe may stay open for ever."""
LINE_MOST = 1 << 24
"""So many bytes a line may have."""


class LineTooLong(UserError):
    """A stream goes on and on without the end of a line."""

    code = "record.line-too-long"
    says = mark("a line has more than {most} bytes and no end; nothing from it on was taken")
    advises = mark("put one message on each line")


@dataclass
class Received:
    """What became of the lines so far.

    counts  by status; faults: by the number of a rejected line, why it was
    """

    lines: int = 0
    blank: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    faults: dict[int, UserError] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """The lines, the blank ones, how many of each status, and the reasons with the numbers of their lines."""
        counts = {status: self.counts[status] for status in ("accepted", "duplicate", "conflicting", REJECTED)}
        reasons = [{"line": line, "error": fault.to_json()} for line, fault in self.faults.items()]
        return {"lines": self.lines, "blank": self.blank, **counts, "reasons": reasons}


def receive(pieces: Iterable[bytes], take: Callable[[Sequence[Mapping[str, Any]]], Receipt]) -> Iterator[Received]:
    """Take the messages of a stream; after each step what became of all lines so far, which is on the disk.

    pieces  of the stream, cut anywhere; what is whole of each is taken before the next one is waited for
    take    takes messages, and answers when they are on the disk
    A line that is no message is rejected with its number and the reason; the others go on.
    """
    so_far = Received()
    for lines in _lines(pieces):
        messages: dict[int, Mapping[str, Any]] = {}
        for line in lines:
            so_far.lines += 1
            if len(so_far.faults) > FAULTS_MOST:
                so_far.faults.pop(next(iter(so_far.faults)))
            if not line.strip():
                so_far.blank += 1
                continue
            try:
                messages[so_far.lines] = _message(line)
            except BadMessage as fault:
                so_far.faults[so_far.lines] = fault
                so_far.counts[REJECTED] += 1
        receipt = take(list(messages.values()))
        so_far.counts.update(receipt.statuses)
        numbers = list(messages)
        so_far.faults.update({numbers[place]: fault for place, fault in receipt.faults.items()})
        yield so_far


def _lines(pieces: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines that are whole, some at a time; at the end what is left."""
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        if len(rest) > LINE_MOST:
            raise LineTooLong(most=LINE_MOST)
        for first in range(0, len(lines), LINES_MOST):
            yield lines[first : first + LINES_MOST]
    if rest:
        yield [rest]


def _message(line: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(line.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:  # bytes that are not UTF-8 among them
        raise _no_object(error.args[0] if len(error.args) == 1 else str(error)) from error
    if not isinstance(found, dict):
        raise _no_object(phrase("it is something else"))
    return found


def _no_object(problem: str | Phrase) -> BadMessage:
    return BadMessage(reason=phrase("the line is no JSON object: {problem}", problem=problem))


def _refuse(name: str) -> None:
    raise ValueError(phrase("{name} is no JSON", name=name))
