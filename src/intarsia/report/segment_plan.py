"""What a change of definitions would do, before it is made: who enters and leaves, what they spent, what overlaps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from intarsia.analysis.days import DaysBack
from intarsia.clock import to_iso
from intarsia.errors import UserError
from intarsia.ids import digest
from intarsia.language.meaning.money import minor_digits
from intarsia.report.worth import Worth
from intarsia.segment.as_code.changes import Change
from intarsia.segment.as_code.folder import FileProblem
from intarsia.segment.asking import AsOf
from intarsia.segment.definitions import Definition

DEPENDENT = "dependent"


@dataclass(frozen=True)
class Side:
    """A segment before or after a change: how many are in; None: it is not there, or invalid for a reason."""

    size: int | None
    error: UserError | None = None


@dataclass(frozen=True)
class InLedger:
    """How many entries and exits an evaluation after the change would write, whatever they come of."""

    entering: int
    leaving: int


@dataclass(frozen=True)
class SegmentPlan:
    """What becomes of one segment.

    change   None: its definition stays, and names one that does not
    entering, leaving  who is in after and not before, and the other way, with what they bought in the window of the
             reports; None: that cannot be said, for one side is invalid
    people   the digest of who they are
    pins     how many pins and exclusions go with a segment that is removed
    ledger   None: the question is of before the last evaluation
    """

    change: Change | None
    name: str
    segment_id: str | None
    before: Side
    after: Side
    entering: Worth | None
    leaving: Worth | None
    people: str
    pins: int
    ledger: InLedger | None

    @property
    def what(self) -> str:
        """In one word: added, changed, renamed, removed, restored, dependent."""
        return DEPENDENT if self.change is None else self.change.what

    @property
    def definitions(self) -> tuple[str | None, str | None]:
        """The texts before and after; None: it is not there, or stays as it is."""
        if self.change is None:
            return None, None
        before, after = self.change.before, self.change.after
        return None if before is None else before.text, None if after is None else after.text

    @property
    def digest(self) -> str:
        """Of what becomes of its definition, and of who enters and leaves by that."""
        change = self.change
        before = change and change.before and (change.before.segment_id, change.before.version, change.before.text)
        ids = sorted(change.after.ids) if change and change.after else []
        said = [self.what, change and change.name_before, self.name, before, self.definitions[1], ids, self.people]
        return digest(json.dumps(said))

    def to_json(self) -> dict[str, object]:
        """Names, texts, sizes, who enters and leaves with what they are worth, and errors in their one shape."""
        change, (before, after) = self.change, self.definitions
        return {
            "name": self.name,
            "name_before": self.name if change is None else change.name_before,
            "id": self.segment_id,
            "change": self.what,
            "is_only_wording": change is not None and change.what == "changed" and change.means_the_same,
            "version_before": change.before.version if change and change.before else None,
            "definition_before": before,
            "definition_after": after,
            "size_before": self.before.size,
            "size_after": self.after.size,
            "error_before": self.before.error and self.before.error.to_json(),
            "error_after": self.after.error and self.after.error.to_json(),
            "entering": self.entering and self.entering.to_json(),
            "leaving": self.leaving and self.leaving.to_json(),
            "pins": self.pins,
            "ledger": self.ledger and {"entering": self.ledger.entering, "leaving": self.ledger.leaving},
            "digest": self.digest,
        }


@dataclass(frozen=True)
class Overlap:
    """How many people two segments that change share, before and after; None: one of them is not there, or invalid."""

    first: str
    second: str
    before: int | None
    after: int | None

    def to_json(self) -> dict[str, object]:
        """All four."""
        return dict(vars(self))


@dataclass(frozen=True)
class Numbers:
    """The numbers of a plan.

    segments  those that change, then those that name one that does, each by name
    window    the orders of which time say what people are worth
    """

    as_of: AsOf
    window: DaysBack
    segments: tuple[SegmentPlan, ...]
    overlaps: tuple[Overlap, ...]


@dataclass(frozen=True)
class Plan:
    """What a change of definitions would do, at one instant, over one state of the record; nothing is written by it.

    changes   in the order in which they are made; present: the segments that there were
    problems  what is wrong with the files; then nothing is worked out, and it cannot be carried out
    undoes    the change set that it takes back; None: it comes from a folder
    """

    changes: tuple[Change, ...]
    present: tuple[Definition, ...]
    currency: str
    problems: tuple[FileProblem, ...] = ()
    numbers: Numbers | None = None
    undoes: str | None = None

    @property
    def segments(self) -> tuple[SegmentPlan, ...]:
        """What becomes of each segment."""
        return () if self.numbers is None else self.numbers.segments

    @property
    def unchanged(self) -> list[str]:
        """The segments that stay as they are, members too."""
        touched = {segment.name for segment in self.segments} | {change.name_before for change in self.changes}
        return [definition.name for definition in self.present if definition.name not in touched]

    @property
    def digest(self) -> str | None:
        """Names what would be done: the same for the same changes of the same people. None: there are problems."""
        if self.numbers is None:
            return None
        return digest(" ".join([self.undoes or "", *(segment.digest for segment in self.segments)]))

    def to_json(self) -> dict[str, object]:
        """All of it; amounts in minor units, instants in ISO 8601, UTC."""
        numbers = self.numbers
        window = numbers and {
            "days": numbers.window.count,
            "begin": to_iso(numbers.window.begin),
            "end": to_iso(numbers.window.end - 1),
        }
        return {
            "problems": [problem.to_json() for problem in self.problems],
            "as_of": numbers and numbers.as_of.to_json(),
            "currency": self.currency,
            "currency_digits": minor_digits(self.currency),
            "window": window,
            "segments": [segment.to_json() for segment in self.segments],
            "overlaps": [] if numbers is None else [overlap.to_json() for overlap in numbers.overlaps],
            "unchanged": self.unchanged,
            "undoes": self.undoes,
            "digest": self.digest,
        }


def differing(plan: Plan, expected: Mapping[str, str]) -> Sequence[str]:
    """The names of the segments of which a plan says something else than is expected; expected: digests by name."""
    found = {segment.name: segment.digest for segment in plan.segments}
    return sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
