"""What a plan settled by guessing, in words."""

from __future__ import annotations

from dataclasses import dataclass, field

from intarsia.errors import Phrase, Translate
from intarsia.speech import mark

SENTENCES = {
    "sample": mark("columns and forms were judged from {rows} of the first {lines} lines"),
    "currency": mark("amounts are taken for {currency}, whose sign stands beside them"),
    "day-first": mark("dates begin with the day"),
    "month-first": mark("dates begin with the month"),
    "decimal-comma": mark("numbers have a decimal comma"),
    "no-header": mark("the file has no header line"),
    "emptying": mark("an empty cell makes unknown what was known before: {columns}"),
    "row-is-line": mark("a row is a line of an order"),
    "row-is-order": mark("a row is an order"),
}
"""By code; the gaps are filled from a note's facts."""


@dataclass(frozen=True)
class Note:
    """One thing that was settled: `code` is a key of `SENTENCES`, `facts` fill the gaps of its sentence."""

    code: str
    facts: dict[str, object] = field(default_factory=dict)

    def sentence(self, translate: Translate = str) -> str:
        """The note in words, in the language that `translate` speaks."""
        return Phrase(SENTENCES[self.code], self.facts).said(translate)
