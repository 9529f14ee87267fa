"""Why a line was not imported: a stable code and a sentence for each reason."""

from __future__ import annotations

from dataclasses import dataclass, field

from intarsia.errors import Phrase, Translate
from intarsia.speech import mark

SENTENCES = {
    "too-few-cells": mark("the line has {found} cells, the header {expected}"),
    "too-many-cells": mark("the line has {found} cells, the header {expected}"),
    "line-too-long": mark("the line is longer than {most} characters"),
    "undecodable": mark("the line holds bytes that are not {encoding}"),
    "bad-json": mark("the line is no JSON object: {problem}"),
    "no-profile-id": mark("the profile id (`{column}`) is empty"),
    "no-order-id": mark("the order id (`{column}`) is empty"),
    "no-date": mark("the date (`{column}`) is empty"),
    "no-event": mark("the event's name (`{column}`) is empty"),
    "no-amount": mark("there is neither a quantity and a unit price nor an amount"),
    "bad-consent": mark("`{value}` in `{column}` says neither that consent is given nor that it is withdrawn"),
    "no-consent": mark("`{column}` is empty, so nobody can tell what was agreed to"),
    "bad-date": mark("`{value}` in `{column}` is no date"),
    "bad-number": mark("`{value}` in `{column}` is no number"),
    "several-customers": mark("the order {order} belongs to customer {first}, the line says {second}"),
    "conflict": mark("another message with the same id is already recorded, with other content"),
    "refused": "{problem}",
    "erased": mark("{problem}; the line is not repeated here"),
}
"""By code; the gaps are filled from a reason's facts."""


@dataclass(frozen=True)
class Reason:
    """One reason: `code` is a key of `SENTENCES`, `facts` fill the gaps of its sentence."""

    code: str
    facts: dict[str, object] = field(default_factory=dict)

    def phrase(self) -> Phrase:
        """The reason in words, as they fill a gap of another sentence."""
        return Phrase(SENTENCES[self.code], self.facts)

    def sentence(self, translate: Translate = str) -> str:
        """The reason in words, in the language that `translate` speaks."""
        return self.phrase().said(translate)


class Unfit(Exception):
    """A row cannot become a message; caught where rows are read, never seen by a caller."""

    def __init__(self, code: str, **facts: object) -> None:
        self.reason = Reason(code, facts)
        super().__init__(code)


@dataclass(frozen=True)
class Rejected:
    """Physical lines that were not imported.

    line, height  the first of them, and how many they are
    raw           their text; None: not at hand, to be looked up in the file
    ids           the profile ids that could be read in them
    """

    line: int
    height: int
    reason: Reason
    raw: str | None = None
    ids: tuple[str, ...] = ()
