"""Loading a file: its messages go to the record, and every line is accounted for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from intarsia.source.balance import Balance
from intarsia.source.batches import Batch
from intarsia.source.cells import Cut
from intarsia.source.editions import digest_of, edition_of
from intarsia.source.events import consenting, passing, tracking
from intarsia.source.planning import Plan
from intarsia.source.profiles import identifying
from intarsia.source.purchases import purchase_batches
from intarsia.source.reasons import Reason, Rejected
from intarsia.source.recorder import Recorder
from intarsia.source.rejects import Rejects
from intarsia.source.renewing import Renewal
from intarsia.source.rowwise import rowwise
from intarsia.source.whose import ids_in, words_of

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
    is_new_state: bool = False,
) -> Balance:
    """Record the planned file; no line stops the load, and what comes out says what became of each.

    recorded_at   milliseconds UTC; also the time of a new version of a known order
    rejects_path  where rejected lines are written, if there are any; None: beside the file, `NAME.rejected.csv`
    is_new_state  a file that was loaded before counts like a new one: what was overtaken since is said again
    Loading the same file again otherwise changes nothing: its lines are duplicates.
    """
    plan = replace(plan, cut=Cut())
    path = rejects_path or plan.path.with_name(f"{plan.path.name}.rejected.csv")
    file_digest = digest_of(plan.path)
    edition = edition_of(file_digest, recorder.loaded(file_digest), is_new_state=is_new_state)
    with Rejects(path, plan.open, lambda lines: _withheld(lines, recorder)) as rejects:
        # Found again from any folder, when somebody whose lines are in it is erased.
        said = {"file_digest": file_digest, "rejects_path": str(path.absolute())}
        recorder.begin(str(plan.path.absolute()), plan.shape, recorded_at, said)
        loader = _Loader(Renewal(plan.shape, recorder, edition, recorded_at), recorder, recorded_at, rejects)
        loader.balance.header_lines, loader.balance.loaded_at = plan.header_lines, edition.loaded_at
        for batch in messages(plan):
            loader.take(batch)
            if progress is not None:
                progress(loader.balance.lines_read, batch.share_done)
    balance = loader.balance
    balance.cut += plan.cut.count
    if balance.rejected and path.exists():
        balance.rejects_path = str(path)
    recorder.end({**balance.to_json(), **said, "rejects_path": balance.rejects_path and said["rejects_path"]})
    return balance


def _withheld(lines: Sequence[tuple[tuple[str, ...], str]], recorder: Recorder) -> list[Reason | None]:
    """Why lines may not be repeated: they are of people who were erased, by their ids, else by any word."""
    erased = recorder.erased(word for ids, text in lines for word in ids or words_of(text))
    if not erased:
        return [None] * len(lines)
    faults = ((erased[word] for word in ids or words_of(text) if word in erased) for ids, text in lines)
    return [None if (fault := next(found, None)) is None else Reason("erased", {"problem": fault}) for found in faults]


class _Loader:
    def __init__(self, renewal: Renewal, recorder: Recorder, recorded_at: int, rejects: Rejects) -> None:
        self._renewal = renewal
        self._recorder = recorder
        self._recorded_at = recorded_at
        self._rejects = rejects
        self.balance = Balance()

    def take(self, batch: Batch) -> None:
        """Record a batch and book its lines."""
        self.balance.lines_read += batch.lines_read
        self.balance.blank += batch.blank_lines
        for rejected in batch.rejected:
            self._reject(rejected)
        if batch.messages:
            self._record(batch)
        self._rejects.flush()

    def _record(self, batch: Batch) -> None:
        balance, news = self.balance, self._renewal.news(batch)
        sent = [number for number in range(len(batch.messages)) if number not in news.repeated]
        receipt = self._recorder.record([batch.messages[number] for number in sent], self._recorded_at)
        balance.duplicate += sum(len(batch.lines[number]) for number in news.repeated)
        balance.overtaken += sum(len(batch.lines[number]) for number in news.overtaken)
        balance.rounded += receipt.rounded
        balance.cut += receipt.cut
        for place, (number, status) in enumerate(zip(sent, receipt.statuses, strict=True)):
            lines, message = batch.lines[number], batch.messages[number]
            balance.messages += status == "accepted"
            if status == "accepted" and number in news.known:
                balance.updated += len(lines)
            elif status == "accepted":
                balance.imported += len(lines)
            elif status == "duplicate":
                balance.duplicate += len(lines)
            elif place in receipt.withheld:
                self._withhold(lines, receipt.faults.get(place, ""))
            else:
                self._turn_down(status, lines, receipt.faults.get(place, ""), ids_in(message))
            if status == "accepted" and message["type"] == "identify" and isinstance(message.get("traits"), Mapping):
                balance.emptied += sum(value is None for value in message["traits"].values())

    def _withhold(self, lines: tuple[int, ...], problem: object) -> None:
        for line in lines:
            self._reject(Rejected(line, 1, Reason("erased", {"problem": problem}), raw=""))

    def _turn_down(self, status: str, lines: tuple[int, ...], problem: object, ids: tuple[str, ...]) -> None:
        reason = Reason("conflict") if status == "conflicting" else Reason("refused", {"problem": problem})
        for line in lines:
            self._reject(Rejected(line, 1, reason, ids=ids))

    def _reject(self, rejected: Rejected) -> None:
        self.balance.rejected += rejected.height
        self.balance.reasons[rejected.reason.code] += rejected.height
        self._rejects.add(rejected)
