"""How a workspace gets on: whether its segments are kept up to date, as of when each is known, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from intarsia.clock import to_iso
from intarsia.lake.lake import Lake
from intarsia.membership.keeping.working import Working, working
from intarsia.membership.runs import KeptRun
from intarsia.segment.definitions import Definitions
from intarsia.store.store import Store


@dataclass(frozen=True)
class SegmentStatus:
    """As of when the ledger knows who is in a segment; `at` is None where it was never evaluated.

    is_stale  it was left out of the last evaluation, for it is invalid or newer: what the ledger says is of before
    """

    name: str
    size: int
    at: int | None
    is_stale: bool

    def to_json(self) -> dict[str, object]:
        """Name, size, the instant in ISO 8601, UTC, and whether it was left out."""
        at = None if self.at is None else to_iso(self.at)
        return {"name": self.name, "size": self.size, "as_of": at, "stale": self.is_stale}


@dataclass(frozen=True)
class Status:
    """How a workspace gets on; `waiting`: messages that are received and not recorded yet."""

    worker: Working | None
    waiting: int
    segments: tuple[SegmentStatus, ...]

    def to_json(self) -> dict[str, object]:
        """The worker, what waits, and the segments; instants in ISO 8601, UTC."""
        said: dict[str, Any] | None = None
        if self.worker is not None:
            times = {name: to_iso(getattr(self.worker, name)) for name in ("started_at", "seen_at", "at")}
            said = {**vars(self.worker), **times, "differences": list(self.worker.differences)}
        return {
            "worker": said,
            "waiting": self.waiting,
            "segments": [segment.to_json() for segment in self.segments],
        }


def status(lake: Lake, store: Store, *, waiting: int, last: KeptRun | None) -> Status:
    """How a workspace gets on; last: its last evaluation."""
    segments = []
    for definition in Definitions(store).all():
        state = last.states.get(definition.segment_id) if last else None
        at = state.look.at if state else None
        is_stale = last is None or at is None or at < last.look.at
        segments.append(SegmentStatus(definition.name, state.size if state else 0, at, is_stale))
    return Status(working(lake, store), waiting, tuple(segments))
