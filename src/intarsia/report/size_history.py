"""Sizes of segments over the last twelve months."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from intarsia.clock import begin_of_day, local_date, step, to_iso
from intarsia.membership.ledger import blocks
from intarsia.membership.runs import Runs
from intarsia.membership.tallies import erased_after, offer_tallies
from intarsia.segment.asking import Asking
from intarsia.segment.definitions import Definition
from intarsia.store.store import Store

MONTHS = 12
_DAY_MILLISECONDS = 86_400_000


@dataclass(frozen=True)
class SizeAt:
    """How many members a segment had at an instant, and how many people were known.

    size         by the definition in force now and what is known now
    ledger_size  by the membership ledger: whoever had entered and not left; None where it does not reach back so far
    erased_since how many people have been erased after that instant; only `ledger_size` still counts them
    """

    at: int
    size: int
    base: int
    ledger_size: int | None
    erased_since: int = 0

    def to_json(self) -> dict[str, object]:
        """The instant in ISO 8601, UTC, and the counts."""
        counts = {"size": self.size, "base": self.base, "ledger_size": self.ledger_size}
        return {"at": to_iso(self.at), **counts, "erased_since": self.erased_since}


def month_ends(at: int, zone: ZoneInfo, count: int = MONTHS) -> list[int]:
    """The last milliseconds of the months before `at`, oldest first; an end less than a day before `at` is left out."""
    first = local_date(at, zone).replace(day=1)
    ends = [begin_of_day(step(first, -back, "month")[0], zone) - 1 for back in range(count + 1)]
    return sorted(end for end in ends if at - end >= _DAY_MILLISECONDS)[-count:]


@dataclass(frozen=True)
class Measured:
    """The sizes of all segments, by name, and of the base, at some instants."""

    sizes: dict[int, dict[str, int]]
    bases: dict[int, int]

    def with_present(self, asking: Asking) -> Measured:
        """The same, with those of a question at its own instant."""
        at = asking.as_of.at
        present = _sizes(asking)
        return Measured({**self.sizes, at: present}, {**self.bases, at: asking.base})


def measure(asking: Asking, instants: Sequence[int]) -> Measured:
    """Sizes at each of the instants, the latest of which is the question's; the question is spent afterwards.

    A segment that names a segment is measured with that one's members at the same instant.
    """
    sizes, bases = {}, {}
    for instant in sorted(instants, reverse=True):
        if instant < asking.evaluator.at:
            asking.evaluator.rewind(instant)
        bases[instant] = asking.evaluator.everyone()
        sizes[instant] = _sizes(asking)
    return Measured(sizes, bases)


def _sizes(asking: Asking) -> dict[str, int]:
    """How many are in each segment that can be asked."""
    return {name: members.num_rows for name, members in asking.several(asking.definitions)[0].items()}


def together(parts: Iterable[Measured]) -> Measured:
    """Sizes that were measured in parts, of different instants, as one."""
    sizes, bases = {}, {}
    for part in parts:
        sizes.update(part.sizes)
        bases.update(part.bases)
    return Measured(sizes, bases)


def history(asking: Asking, store: Store, definition: Definition, measured: Measured) -> list[SizeAt]:
    """One segment's sizes, oldest first, beside those of the ledger as `asking` knows it."""
    instants = sorted(measured.sizes)
    ledger = _ledger_sizes(asking, store, definition.segment_id, instants)
    return [
        SizeAt(at, measured.sizes[at][definition.name], measured.bases[at], kept, erased)
        for at, kept, erased in zip(instants, ledger, erased_after(store, instants), strict=True)
    ]


def _ledger_sizes(asking: Asking, store: Store, segment_id: str, instants: Sequence[int]) -> list[int | None]:
    """The ledger speaks from the first instant that it has of a segment up to the last evaluation."""
    reached = _ledger_reaches(asking, store)
    offer_tallies(asking.session, store, segment_id)
    rows = asking.session.execute(blocks()["sizes"], {"segment_id": segment_id}).to_pylist() if reached else []
    begins = [row["valid_at"] for row in rows]
    places = [bisect_right(begins, at) if reached is not None and at <= reached else 0 for at in instants]
    return [rows[place - 1]["size"] if place else None for place in places]


def _ledger_reaches(asking: Asking, store: Store) -> int | None:
    """As of when the ledger is; None: nothing is in it, or it holds more than the question may know."""
    mark = asking.session.execute("select max(change_no) as mark from lake.memberships")["mark"][0].as_py()
    last = Runs(store).last(mark or 0)
    return None if last is None or last.recorded_at > asking.as_of.known_at else last.look.at
