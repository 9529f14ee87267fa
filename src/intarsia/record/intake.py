"""Messages as they come: read and put into the journal, which acknowledges them, and from there into the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from intarsia.clock import LAST
from intarsia.language.meaning.json_text import from_text, to_text
from intarsia.record.barred import Barred
from intarsia.record.messages import Reader
from intarsia.record.record import REJECTED, Receipt, Record, admitted, identified
from intarsia.record.values import Finer, keep
from intarsia.store.journal import Batch, Entry, Journal

MARK = "record"
"""Up to which batch of the journal the record has come."""
BATCHES_AT_ONCE = 500
KEPT_MILLISECONDS = 24 * 3_600_000
"""For how long a batch stays in the journal after it was recorded: longer than what a power cut can tear off."""
FORGOTTEN_EVERY = 3_600_000


class Intake:
    """Takes messages into the journal of one workspace.

    barred  the ids of people who were erased; zone, currency: as in `Reader`
    """

    def __init__(self, journal: Journal, barred: Barred, *, zone: ZoneInfo, currency: str) -> None:
        self._journal = journal
        self._barred = barred
        self._zone = zone
        self._currency = currency

    def take(
        self, messages: Sequence[Mapping[str, Any]], received_at: int, repeats: Counter[str] | None = None
    ) -> Receipt:
        """Put messages into the journal; what is answered is on the disk, and what is accepted is not lost.

        received_at  milliseconds UTC
        repeats      how often equal messages without an id came before in the same stream; None: this is all of it
        Whether a message was recorded before the journal began is seen when it comes into the record.
        """
        finer = Finer()
        found, _ = Reader(self._zone, self._currency).read(messages, [received_at] * len(messages), finer)
        receipt = Receipt([REJECTED] * len(messages), rounded=finer.rounded, cut=finer.cut)
        kept = admitted(identified(found, receipt, repeats), messages, receipt, self._barred, self._zone)
        entries = [
            Entry(message_id, item.digest, to_text(keep({**messages[place], "messageId": message_id})))
            for place, message_id, item in kept
        ]
        statuses = self._journal.put(entries, received_at) if entries else []
        for (place, _, _), status in zip(kept, statuses, strict=True):
            receipt.statuses[place] = status
        return receipt


class Projector:
    """Brings what the journal holds into the record of one workspace. Whoever does so, each message comes in once.

    now  the present, milliseconds UTC
    """

    def __init__(self, journal: Journal, record: Record, *, now: Callable[[], int]) -> None:
        self._journal = journal
        self._record = record
        self._now = now
        self._forgotten_at = 0

    @property
    def waiting(self) -> int:
        """How many batches are still to come into the record."""
        return self._journal.last - self._journal.mark(MARK)

    @property
    def messages_waiting(self) -> int:
        """How many messages are still to come into the record."""
        return self._journal.messages_after(self._journal.mark(MARK))

    def project(self, until: int | None = None) -> int:
        """Record everything that waits; how many messages were new to the record.

        until  the number of the last batch that is recorded; None: all that are there by now, for more may come as
               fast as they are recorded
        What was recorded a day ago is let go of, and at once what is of people who were erased meanwhile. Of two who do
        so at once each records other batches; messages of a batch that somebody had recorded when they died are
        duplicates.
        """
        accepted, until = 0, self._journal.last if until is None else until
        while self._next(until):
            with self._record.alone():
                accepted += self._record_some(self._next(until))
        if self._now() - self._forgotten_at > FORGOTTEN_EVERY:
            self._forgotten_at = self._now()
            self._journal.forget(self._journal.mark(MARK), self._forgotten_at - KEPT_MILLISECONDS)
        return accepted

    def _record_some(self, batches: Sequence[Batch]) -> int:
        """Record some batches; how many messages were new. Of none, for another was faster, nothing."""
        if not batches:
            return 0
        messages = [from_text(body) for batch in batches for body in batch.bodies]
        instants = [batch.received_at for batch in batches for _ in batch.bodies]
        receipt = self._record.record(messages, recorded_at=instants, load_id=f"journal-{batches[0].batch_no}")
        self._journal.set_mark(MARK, batches[-1].batch_no)
        if receipt.withheld:
            self.forget()
        return receipt.count("accepted")

    def _next(self, until: int) -> list[Batch]:
        batches = self._journal.after(self._journal.mark(MARK), most=BATCHES_AT_ONCE)
        return [batch for batch in batches if batch.batch_no <= until]

    def forget(self) -> None:
        """Leave nothing of what was recorded in the journal, not a byte; whoever was erased is nowhere then."""
        self._journal.forget(self._journal.mark(MARK), LAST)
        self._journal.purge()
