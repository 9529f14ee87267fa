"""What people decided: two profiles are one after all, or one of them is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from intarsia.clock import to_iso
from intarsia.errors import UserError
from intarsia.identity.claims import APP, TABLE, table_of
from intarsia.identity.evidence import Shared
from intarsia.identity.kinds import MERGE
from intarsia.lake.lake import Lake
from intarsia.speech import mark

Row = tuple[int, str, str]
"""Of a profile's number an identifier: kind and value."""


class AlreadyOne(UserError):
    """Two profiles are to be merged that are one person."""

    code = "identity.already-one"
    says = mark("`{one}` and `{other}` are one person already")
    advises = mark("`intarsia identity show {one}` tells by what; nothing was changed")


class NotMerged(UserError):
    """A profile is to be taken out of a person, and is one by itself."""

    code = "identity.not-merged"
    says = mark("`{profile_id}` is one person with nobody")
    advises = mark("`intarsia identity shared` lists what several people share; nothing was changed")


class NoReason(UserError):
    """Somebody decided without saying why."""

    code = "identity.no-reason"
    says = mark("a decision about who is one person needs its reason")
    advises = mark("add `--reason` with a sentence that a colleague will understand in a year; nothing was changed")


@dataclass(frozen=True)
class Decision:
    """What was decided of some profiles.

    what         merge: they are one from then on; unmerge: the first of them is one with none of the others
    recorded_at  when, milliseconds UTC; questions about what was known before do not see it
    """

    what: Literal["merge", "unmerge"]
    profile_ids: tuple[str, ...]
    reason: str
    recorded_at: int

    def to_json(self) -> dict[str, object]:
        """What, the profiles, the reason, and when in ISO 8601, UTC."""
        at = to_iso(self.recorded_at)
        return {"what": self.what, "profiles": list(self.profile_ids), "reason": self.reason, "recorded_at": at}


def ties(number: int, group: Iterable[int], shared: Iterable[Shared]) -> list[Row]:
    """Every identifier by which a profile may be joined to others of its person."""
    others = set(group) - {number}
    return [
        (number, identifier.kind, identifier.value)
        for identifier in shared
        if (numbers := {holder.profile_no for holder in identifier.holders}) & others and number in numbers
    ]


def write_merge(lake: Lake, numbers: Sequence[int], decision_id: str, *, reason: str, at: int) -> None:
    """Put down that profiles are one; only for whoever holds the writing lock."""
    _write(lake, [(number, MERGE, decision_id) for number in numbers], reason=reason, at=at, is_barred=False)


def write_bars(lake: Lake, rows: Sequence[Row], *, reason: str, at: int) -> None:
    """Put down that identifiers join profiles to nobody; only for whoever holds the writing lock."""
    _write(lake, rows, reason=reason, at=at, is_barred=True)


def _write(lake: Lake, rows: Sequence[Row], *, reason: str, at: int, is_barred: bool) -> None:
    count, first = len(rows), (lake.mark_of(TABLE, APP) or 0) + 1
    columns: dict[str, Iterable[object]] = {
        "claim_no": range(first, first + count),
        "profile_no": [number for number, _, _ in rows],
        "kind": [kind for _, kind, _ in rows],
        "value": [value for _, _, value in rows],
        "recorded_at": [at * 1000] * count,
        "event_no": [None] * count,
        "is_barred": [is_barred] * count,
        "reason": [reason] * count,
    }
    lake.append(TABLE, table_of(columns), app_id=APP, app_version=first + count - 1)
