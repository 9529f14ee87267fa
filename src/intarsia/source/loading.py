"""Loading a file: its messages go to the record, and every line is accounted for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from intarsia.clock import to_iso
from intarsia.source.balance import Balance
from intarsia.source.batches import Batch, Message
from intarsia.source.cells import Cut
from intarsia.source.events import consenting, passing, tracking
from intarsia.source.planning import Plan
from intarsia.source.profiles import identifying
from intarsia.source.purchases import ORDER, purchase_batches
from intarsia.source.reasons import Reason, Rejected
from intarsia.source.recorder import Recorder
from intarsia.source.rejects import Rejects
from intarsia.source.rowwise import rowwise

UPDATE = "Order Updated"

Progress = Callable[[int, float], None]
"""Told the lines read so far, and the share of the work that is done, 0 to 1."""


def messages(plan: Plan) -> Iterator[Batch]:
    """The messages of the planned file, some thousand at a time, with the lines that they came from.

    The same file gives the same messages with the same ids, however often it is read; a change of the plan's
    zone, fields or currency makes other messages.
    """
    match plan.shape:
        case "purchases":
            return purchase_batches(plan)
        case "messages":
            return rowwise(plan, passing)
        case "profiles":
            return rowwise(plan, identifying(plan))
        case "consents":
            return rowwise(plan, consenting(plan))
        case "events":
            return rowwise(plan, tracking(plan))


def load(
    plan: Plan,
    recorder: Recorder,
    *,
    recorded_at: int,
    progress: Progress | None = None,
    rejects_path: Path | None = None,
) -> Balance:
    """Record the planned file; no line stops the load, and what comes out says what became of each.

    recorded_at   milliseconds UTC; also the time of a new version of a known order
    rejects_path  where rejected lines are written, if there are any; None: beside the file, `NAME.rejected.csv`
    Loading the same file again changes nothing: its lines are duplicates.
    """
    plan = replace(plan, cut=Cut())
    path = rejects_path or plan.path.with_name(f"{plan.path.name}.rejected.csv")
    with Rejects(path, plan.open) as rejects:
        loader = _Loader(plan, recorder, recorded_at, rejects)
        for batch in messages(plan):
            loader.take(batch)
            if progress is not None:
                progress(loader.balance.lines_read, batch.share_done)
    loader.balance.cut += plan.cut.count
    if loader.balance.rejected:
        loader.balance.rejects_path = str(path)
    return loader.balance


class _Loader:
    def __init__(self, plan: Plan, recorder: Recorder, recorded_at: int, rejects: Rejects) -> None:
        self._plan = plan
        self._recorder = recorder
        self._recorded_at = recorded_at
        self._rejects = rejects
        self._new_profiles: set[str] = set()
        self.balance = Balance(header_lines=plan.header_lines)

    def take(self, batch: Batch) -> None:
        """Record a batch and book its lines."""
        balance = self.balance
        balance.lines_read += batch.lines_read
        balance.blank += batch.blank_lines
        for rejected in batch.rejected:
            self._reject(rejected)
        if not batch.messages:
            return
        known, repeated = self._known_before(batch.messages)
        sent = [number for number in range(len(batch.messages)) if number not in repeated]
        receipt = self._recorder.record([batch.messages[number] for number in sent], self._recorded_at)
        balance.duplicate += sum(len(batch.lines[number]) for number in repeated)
        balance.rounded += receipt.rounded
        balance.cut += receipt.cut
        for place, (number, status) in enumerate(zip(sent, receipt.statuses, strict=True)):
            lines = batch.lines[number]
            balance.messages += status == "accepted"
            if status == "accepted" and number in known:
                balance.updated += len(lines)
            elif status == "accepted":
                balance.imported += len(lines)
            elif status == "duplicate":
                balance.duplicate += len(lines)
            elif place in receipt.withheld:
                self._withhold(lines, receipt.reasons.get(place, ""))
            else:
                self._turn_down(status, lines, receipt.reasons.get(place, ""))

    def _withhold(self, lines: tuple[int, ...], problem: str) -> None:
        for line in lines:
            self._reject(Rejected(line, 1, Reason("erased", {"problem": problem}), raw=""))

    def _turn_down(self, status: str, lines: tuple[int, ...], problem: str) -> None:
        reason = Reason("conflict") if status == "conflicting" else Reason("refused", {"problem": problem})
        for line in lines:
            self._reject(Rejected(line, 1, reason))

    def _reject(self, rejected: Rejected) -> None:
        self.balance.rejected += rejected.height
        self.balance.reasons[rejected.reason.code] += rejected.height
        self._rejects.add(rejected)

    def _known_before(self, batch: list[Message]) -> tuple[set[int], set[int]]:
        """The numbers of messages about what was known before this load, and of those that need not be sent again."""
        if self._plan.shape == "profiles":
            return self._known_profiles(batch), set()
        return self._renew_orders(batch) if self._plan.shape == "purchases" else (set(), set())

    def _known_profiles(self, batch: list[Message]) -> set[int]:
        asked = {message["userId"] for message in batch} - self._new_profiles
        known = self._recorder.known_profiles(sorted(asked))
        self._new_profiles |= asked - known
        return {number for number, message in enumerate(batch) if message["userId"] in known}

    def _renew_orders(self, batch: list[Message]) -> tuple[set[int], set[int]]:
        """An order that is known with other content becomes its new version, known since now.

        One whose message is recorded is not sent again: it may have been recorded as such a version, at another time.
        """
        orders = {
            message["properties"]["order_id"]: number
            for number, message in enumerate(batch)
            if message.get("event") == ORDER and "order_id" in message["properties"]
        }
        if not orders:
            return set(), set()
        known = {orders[order_id] for order_id in self._recorder.known_orders(sorted(orders))}
        recorded = self._recorder.known_messages([batch[number]["messageId"] for number in sorted(known)])
        repeated = {number for number in known if batch[number]["messageId"] in recorded}
        for number in known - repeated:
            batch[number] |= {"event": UPDATE, "timestamp": to_iso(self._recorded_at)}
        return known - repeated, repeated
