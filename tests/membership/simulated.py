"""A workspace in simulated time: what the tests of the ledger are written with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from intarsia.clock import to_instant, to_iso
from intarsia.membership.memberships import Change
from intarsia.membership.runs import Run, SegmentRun
from intarsia.workspace import Workspace, create

PRAGUE = ZoneInfo("Europe/Prague")


def instant(text: str) -> int:
    """The instant that Prague's clock, or an offset in the text, names."""
    return to_instant(text, PRAGUE)


class Simulation:
    """A workspace whose clock stands where the test sets it; times are Prague's."""

    def __init__(self, workspace: Workspace, clock: list[int]) -> None:
        self.workspace = workspace
        self._clock = clock
        self._numbers = count(1)

    def now(self, text: str | int) -> None:
        """Set the clock."""
        self._clock[0] = text if isinstance(text, int) else instant(text)

    def order(self, who: str, at: str | int, **properties: Any) -> None:
        """Record an order, now."""
        self.record(self.bought(who, at, **properties))

    def bought(self, who: str, at: str | int, **properties: Any) -> dict[str, Any]:
        """A message about an order, to be recorded with others."""
        number = next(self._numbers)
        return {
            "type": "track",
            "messageId": f"o{number:05}",
            "userId": who,
            "timestamp": to_iso(instant(at) if isinstance(at, str) else at),
            "event": "Order Completed",
            "properties": {"order_id": f"A{number}", "total": 100, **properties},
        }

    def say(self, who: str, at: str | int | None = None, **traits: Any) -> None:
        """Record a statement about traits, now; without a time it is undated."""
        self.record(self.said(who, at, **traits))

    def said(self, who: str, at: str | int | None = None, **traits: Any) -> dict[str, Any]:
        """A statement about traits, to be recorded with others."""
        message = {"type": "identify", "messageId": f"i{next(self._numbers):05}", "userId": who, "traits": traits}
        if at is not None:
            message["timestamp"] = to_iso(instant(at) if isinstance(at, str) else at)
        return message

    def record(self, *messages: dict[str, Any]) -> None:
        """Record messages, now; all are accepted."""
        receipt = self.workspace.record(messages)
        assert receipt.count("accepted") == len(messages), receipt

    def define(self, name: str, text: str) -> None:
        """Put down a segment, now."""
        self.workspace.segments.add(name, text)

    def evaluate(self, now: str | int | None = None, **question: Any) -> Run:
        """Evaluate, at an instant if one is given."""
        if now is not None:
            self.now(now)
        return self.workspace.evaluate(**question)

    def history(self, name: str | None = None, profile_id: str | None = None) -> list[Change]:
        """The ledger."""
        return self.workspace.memberships.history(name, profile_id)

    def last_change(self, name: str, profile_id: str) -> tuple[bool, str, str]:
        """Whether it was an entry, when it was by Prague's clock, and why."""
        change = self.history(name, profile_id)[-1]
        return change.entered, in_prague(change.valid_at), change.cause

    def current(self, name: str) -> list[str]:
        """The members, by the ledger."""
        return self.workspace.memberships.current(name)


def in_prague(at: int) -> str:
    """An instant as Prague's clock shows it, with the offset, to the millisecond."""
    from datetime import UTC, datetime, timedelta

    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
    return moment.astimezone(PRAGUE).isoformat(timespec="milliseconds")


def segment(run: Run, name: str) -> SegmentRun:
    """What a run says of one segment."""
    return next(found for found in run.segments if found.name == name)


@contextmanager
def simulation(folder: Path, begin: str = "2024-01-01", **settings: object) -> Iterator[Simulation]:
    """A new workspace in a folder, with Prague's time and crowns."""
    clock = [instant(begin)]
    chosen = {"timezone": "Europe/Prague", "currency": "CZK", **settings}
    with create(folder, clock=lambda: clock[0], **chosen) as workspace:
        yield Simulation(workspace, clock)
