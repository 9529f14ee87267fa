"""The tree of errors: yours (`UserError`), theirs (`OutsideError`), ours (`Bug`).

Every error class has a stable `code`, a sentence with named gaps (`says`), and where possible a
next step (`advises`). The sentence is kept apart from the facts that fill it, so that a door can
say it in the reader's language; `str(error)` is English. A fact that is itself made of words of ours is
a `Phrase`, or another error, and is said in that language too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

Translate = Callable[[str], str]
"""What says words of ours in a reader's language."""


@dataclass(frozen=True)
class Span:
    """Where something stands in a text: characters from `start` (0-based) up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True)
class Phrase:
    """Words of ours with named gaps, said in the reader's language wherever they stand: in a gap of a sentence, too.

    gaps  what fills them: names and numbers as they are; phrases, and errors, in the reader's language again
    """

    words: str
    gaps: Mapping[str, object] = field(default_factory=dict)

    def said(self, translate: Translate = str) -> str:
        """The words with their gaps filled, in the language that `translate` speaks."""
        return translate(self.words).format_map({name: _told(gap, translate) for name, gap in self.gaps.items()})

    def __str__(self) -> str:
        """The words in English."""
        return self.said()


def phrase(words: str, /, **gaps: object) -> Phrase:
    """Words that fill a gap, and what fills theirs; tells the extractor of messages that they are to be translated.

    >>> str(phrase("more than {most} items", most=5))
    'more than 5 items'
    """
    return Phrase(words, gaps)


def one_of(items: Iterable[object]) -> Phrase | None:
    """One of several: "a, b or c"; None of none.

    >>> str(one_of(["`city`", "`country`", "`age`"]))
    '`city`, `country` or `age`'
    """
    found = list(items)
    if len(found) < 2:
        return Phrase("{one}", {"one": found[0]}) if found else None
    first = found[0]
    for item in found[1:-1]:
        first = phrase("{first}, {next}", first=first, next=item)
    return phrase("{first} or {last}", first=first, last=found[-1])


def _told(fact: object, translate: Translate) -> object:
    """What fills a gap, in the language that `translate` speaks where it is made of words of ours."""
    if isinstance(fact, Phrase):
        return fact.said(translate)
    return fact.message(translate) if isinstance(fact, IntarsiaError) else fact


class IntarsiaError(Exception):
    """Something that a caller is told about, with a stable code, a position if there was a text, and a hint.

    facts  fill the gaps of `says`, `advises`, and `otherwise`: the next step where `advises` lacks a fact.
           `next_step`, if it is among them and not None, is a phrase that comes before both
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

    def message(self, translate: Translate = str) -> str:
        """The sentence with its gaps filled, in the language that `translate` speaks."""
        return Phrase(self.says, self.facts).said(translate)

    def hint(self, translate: Translate = str) -> str | None:
        """The next step, or None where there is none; another one where a fact that it needs is None."""
        step = self.step()
        return None if step is None else step.said(translate)

    def step(self) -> Phrase | None:
        """The same as words that may fill a gap of others."""
        step = self.facts.get("next_step")
        if step is not None:
            return Phrase("{step}", {"step": step})
        advice = self.advises
        if advice is None or any(f"{{{name}}}" in advice and value is None for name, value in self.facts.items()):
            advice = self.otherwise
        return None if advice is None else Phrase(advice, self.facts)

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
