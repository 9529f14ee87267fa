"""The tree of errors: yours (`UserError`), theirs (`OutsideError`), ours (`Bug`).

Every error class has a stable `code`, a sentence with named gaps (`says`), and where possible a
next step (`advises`). The sentence is kept apart from the facts that fill it, so that a door can
say it in the reader's language; `str(error)` is English.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Span:
    """Where something stands in a text: characters from `start` (0-based) up to, not including, `end`."""

    start: int
    end: int


class IntarsiaError(Exception):
    """Something that a caller is told about, with a stable code, a position if there was a text, and a hint.

    facts  fill the gaps of `says`, `advises`, and `otherwise`: the next step where `advises` lacks a fact
    text   the text that was read, if there was one; `span` is the place in it
    """

    code: ClassVar[str] = "intarsia"
    exit_status: ClassVar[int] = 70
    says: ClassVar[str] = "something went wrong"
    advises: ClassVar[str | None] = None
    otherwise: ClassVar[str | None] = None

    def __init__(self, *, text: str | None = None, span: Span | None = None, **facts: object) -> None:
        self.text = text
        self.span = span
        self.facts = facts
        super().__init__(self.message())

    def message(self, translate: Callable[[str], str] = str) -> str:
        """The sentence with its gaps filled, in the language that `translate` speaks."""
        return translate(self.says).format_map(self.facts)

    def hint(self, translate: Callable[[str], str] = str) -> str | None:
        """The next step, or None where there is none; another one where a fact that it needs is None."""
        advice = self.advises
        if advice is None or any(f"{{{name}}}" in advice and value is None for name, value in self.facts.items()):
            advice = self.otherwise
        return None if advice is None else translate(advice).format_map(self.facts)

    def to_json(self) -> dict[str, object]:
        """The one shape of an error answer: code, message, position (start, end, text) or None, hint or None."""
        position = None
        if self.span is not None:
            position = {"start": self.span.start, "end": self.span.end, "text": self.text}
        return {"code": self.code, "message": self.message(), "position": position, "hint": self.hint()}


class UserError(IntarsiaError):
    """What was asked for cannot be done as asked; nothing was changed unless the message says so."""

    code = "user"
    exit_status = 2


class OutsideError(IntarsiaError):
    """Something outside failed: a disk, a server, another process. `again` says whether a repeat makes sense."""

    code = "outside"
    exit_status = 3
    again: ClassVar[bool] = False


class Bug(IntarsiaError):
    """Our own mistake: a state that the code holds to be impossible."""

    code = "bug"
    exit_status = 70
    says = "this should not have happened: {what}"
    advises = "please report it with the command that you ran"
