"""`intarsia work` is killed again and again while messages come in: what was acknowledged is there, and once."""

from __future__ import annotations

import json
import signal
import subprocess  # nosec B404
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import IO, Any

import intarsia
from intarsia.clock import to_iso
from intarsia.errors import OutsideError, Phrase
from intarsia.segment.present import present
from intarsia.segment.previewing import Previews
from scripts.torture.scenario import Asked, Figures, Scenario, must, play
from scripts.torture.sent import BEFORE, CLIENTS, SEGMENTS, before, by_id, claims, message, sizes

AGAIN_SHARE = 0.05
"""So many messages come once more, as from a client that did not hear the answer."""
CALL_MOST = 20
PAUSE_SECONDS = 1.0
BEGUN_SECONDS = 2.5
"""After so long a worker has begun, as a rule."""
LATER_SECONDS = 3.0
SIGHTED_SECONDS_MOST = 5.0
ENDED_SECONDS_MOST = 300.0


# --- who sends


def send(folder: Path, client: int, seed: int) -> None:
    """Send until the input ends; of each call that was answered a line with the ids, and what was answered of each."""
    chance, number, ended = Random(seed + client), 0, threading.Event()  # nosec B311

    def listen() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    with intarsia.open(folder) as workspace:
        while not ended.is_set():
            fresh = [message(client, n) for n in range(number, number + chance.randrange(1, CALL_MOST))]
            number += len(fresh)
            again = [_known(client, number, chance) for _ in fresh if chance.random() < AGAIN_SHARE]
            batch = [*fresh, *again]
            print(json.dumps(list(zip([one["messageId"] for one in batch], _sent(workspace, batch), strict=True))))
            sys.stdout.flush()
            ended.wait(PAUSE_SECONDS)


def _known(client: int, number: int, chance: Random) -> dict[str, Any]:
    """A message that was sent already, by that client or before all of them."""
    return chance.choice((message(client, chance.randrange(number)), message(CLIENTS, chance.randrange(BEFORE))))


def _sent(workspace: intarsia.Workspace, batch: list[dict[str, Any]]) -> list[str]:
    """What was answered of each in the end."""
    while True:
        try:
            return list(workspace.receive(batch).statuses)
        except OutsideError as error:
            if not error.again:
                raise


@dataclass
class Client:
    """A process that sends, and all that was answered to it."""

    process: subprocess.Popen[str]
    answered: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        for line in _of(self.process.stdout):
            self.answered += [(one, status) for one, status in json.loads(line)]

    def end(self) -> None:
        """Let it end, and hear the last of it."""
        _of(self.process.stdin).close()
        self.process.wait()
        self._reading.join()
        must(self.process.returncode == 0, "somebody who sent messages failed")


def _of(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def _client(folder: Path, number: int, seed: int) -> Client:
    command = [sys.executable, "-m", "scripts.torture.kills", "--send", str(folder), str(number), str(seed)]
    return Client(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))  # nosec B603


# --- who is killed


class Lives:
    """The lives of workers over one folder, each of which ends with a kill at an instant of some kind."""

    def __init__(self, folder: Path, workspace: intarsia.Workspace, chance: Random) -> None:
        self._folder = folder
        self._workspace = workspace
        self._chance = chance
        self._pause = threading.Event().wait
        self.met: Counter[str] = Counter()

    def live(self) -> None:
        """One life."""
        kind: Callable[[], object] = self._chance.choice(
            (self.while_it_begins, self.while_it_first_writes, self.while_it_settles, self.later)
        )
        worker = _work(self._folder)
        kind()
        must(worker.poll() is None, f"`intarsia work` ended by itself with {worker.returncode}")
        worker.kill()
        worker.wait()
        self.met[kind.__name__] += 1

    def while_it_begins(self) -> None:
        """At any instant of its beginning."""
        self._pause(self._chance.uniform(0, BEGUN_SECONDS))

    def while_it_first_writes(self) -> None:
        """When it writes what waited: the record, the columns or the ledger."""
        self._sighted(self._chance.randrange(1, 30))

    def while_it_settles(self) -> None:
        """When it writes because somebody edited."""
        self._pause(self._chance.uniform(1, 1.5) * BEGUN_SECONDS)
        self._edit()
        self._sighted(self._chance.randrange(1, 10))

    def later(self) -> None:
        """At any instant later."""
        self._pause(BEGUN_SECONDS)
        self._edit()
        self._pause(self._chance.uniform(0, LATER_SECONDS))

    def _edit(self) -> None:
        """Put somebody into a segment by hand, or keep them out, or change a threshold there and back."""
        segments, who = self._workspace.segments, self._chance.choice(before())["userId"]
        if self._chance.random() < 0.3:
            total = 3 - int(segments.get("by hand").text[-1])
            segments.edit("by hand", f"count(order) < {total}")
        else:
            put = segments.pin if self._chance.random() < 0.6 else segments.exclude
            put(self._chance.choice(("by hand", "now", "best")), [who], reason="because")

    def _sighted(self, count: int) -> None:
        """Wait until so many files have come into the lake or the cache, and a moment more."""
        there, deadline, seen = self._files(), time.monotonic() + SIGHTED_SECONDS_MOST, 0
        while seen < count and time.monotonic() < deadline:
            now = self._files()
            seen += len(now - there)
            there = now
            self._pause(0.002)
        self._pause(self._chance.uniform(0, 0.02))

    def _files(self) -> set[Path]:
        folders = [*(self._folder / "lake").glob("*/"), *(self._folder / "lake").glob("*/_delta_log")]
        folders += [self._folder / "cache", *(self._folder / "cache").glob("*/")]
        return {path for folder in folders if folder.is_dir() for path in folder.glob("*")}


def run(asked: Asked) -> Figures:
    """So many kills, then everything is compared."""
    folder = asked.folder / "ws"
    with intarsia.create(folder, timezone="Europe/Prague", currency="CZK") as workspace:
        workspace.record(before())
        for name, text in SEGMENTS.items():
            workspace.segments.add(name, text)
        lives = Lives(folder, workspace, Random(asked.seed))  # nosec B311
        clients = [_client(folder, number, asked.seed) for number in range(CLIENTS)]
        try:
            for _ in range(asked.count):
                lives.live()
        finally:
            for client in clients:
                client.end()
    answered = [answer for client in clients for answer in client.answered]
    for _ in range(2):  # the second one begins with the columns of the first
        _work_through(folder)
    return {"met": dict(lives.met), **compared(folder, answered)}


def _work(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "intarsia", "-w", str(folder), "work"], stdout=subprocess.DEVNULL)  # nosec B603


def _work_through(folder: Path) -> None:
    """Let a worker begin, and end as it is asked to: then everything is written down."""
    worker, deadline = _work(folder), time.monotonic() + ENDED_SECONDS_MOST
    try:
        with intarsia.open(folder) as workspace:
            while (found := workspace.status().worker) is None or found.process != worker.pid:
                must(worker.poll() is None, f"`intarsia work` ended by itself with {worker.returncode}")
                must(time.monotonic() < deadline, f"`intarsia work` did not begin in {ENDED_SECONDS_MOST} s")
                threading.Event().wait(0.1)
            worker.send_signal(signal.SIGTERM)
            worker.wait(ENDED_SECONDS_MOST)
            status = workspace.status()
    finally:
        worker.kill()
        worker.wait()
    must(worker.returncode == 0, f"`intarsia work` ended with {worker.returncode}")
    must(status.worker is not None and status.worker.trouble is None, f"the worker is in trouble: {status.worker}")
    must(not status.waiting, f"{status.waiting} messages were not recorded")


# --- what must be so


def compared(folder: Path, answered: list[tuple[str, str]]) -> Figures:
    """Compare what was answered, the record, the claims, the ledger and the columns; how much there is."""
    acknowledged = {one for one, status in answered if status in ("accepted", "duplicate")}
    accepted = Counter(one for one, status in answered if status == "accepted")
    must(not [one for one, status in answered if status not in ("accepted", "duplicate")], "a message was refused")
    must(max(accepted.values()) == 1, "a message was accepted twice")
    with intarsia.open(folder) as workspace:
        with workspace.session() as session:
            rows = session.execute("select event_id, epoch_ms(occurred_at) as at from lake.events").to_pylist()
        found = {row["event_id"]: int(row["at"]) for row in rows}
        must(len(found) == len(rows), "a message is in the record twice")
        lost = acknowledged - found.keys()
        must(not lost, f"{len(lost)} acknowledged messages are lost: {sorted(lost)[:5]}")
        early = {one["messageId"] for one in before()}
        must(found.keys() == acknowledged | early, "messages are there of which nobody was told")
        _claims_are_whole(workspace, found)
        members = _ledger_is_whole(workspace, found)
        changes = _changes_take_turns(workspace)
        _columns_are_whole(workspace)
        moved = _only_time_moves(workspace)
        status = workspace.status().worker
        must(status is not None and not status.differences, f"the worker found differences: {status}")
    repeated = sum(status == "duplicate" for _, status in answered)
    figures = {"acknowledged": len(acknowledged), "duplicates": repeated, "recorded": len(found)}
    return {**figures, "changes": changes, "moved_by_time_since": moved, "sizes": members}


def _claims_are_whole(workspace: intarsia.Workspace, found: dict[str, int]) -> None:
    """Each e-mail address is claimed by whoever said it, once."""
    said = claims(map(by_id, found))
    with workspace.session() as session:
        rows = session.execute(
            "select profile_id, value from lake.identities join lake.profiles using (profile_no) where kind = 'email'"
        ).to_pylist()
    claimed = Counter((row["profile_id"], row["value"]) for row in rows)
    must(claimed.keys() == said, f"claims and messages differ: {sorted(claimed.keys() ^ said)[:5]}")
    must(not claimed or max(claimed.values()) == 1, "a claim is there twice")


def _ledger_is_whole(workspace: intarsia.Workspace, found: dict[str, int]) -> dict[str, int]:
    """The ledger says who is in by the whole record, as of its last run; of some segments by hand, too."""
    last = workspace.memberships.last_run()
    assert last is not None
    by_ledger = {}
    for name in SEGMENTS:
        ledger = workspace.memberships.current(name)
        asked = workspace.segments.members(name, to_iso(last.look.at))
        differ = sorted(set(ledger) ^ set(asked))
        must(ledger == asked, f"{name}: the ledger has {len(ledger)}, the record {len(asked)} people: {differ[:5]}")
        must(last.states[workspace.segments.get(name).segment_id].size == len(ledger), f"{name}: the run's size")
        by_ledger[name] = len(ledger)
    by_hand = sizes(found, last.look.at)
    pinned = {name for name in by_hand if workspace.segments.pins(name)}
    differing = {name: size for name, size in by_hand.items() if name not in pinned and size != by_ledger[name]}
    must(not differing, f"by hand there are {differing}, by the ledger {by_ledger}")
    return by_ledger


def _changes_take_turns(workspace: intarsia.Workspace) -> int:
    """Whoever enters was out, whoever leaves was in, in the order in which it was written; how many changes."""
    is_in: dict[tuple[str, str], bool] = {}
    history = workspace.memberships.history()
    for change in history:
        key = change.segment_id, change.profile_id
        must(is_in.get(key, False) is not change.entered, f"{change} is no change")
        is_in[key] = change.entered
    return len(history)


def _columns_are_whole(workspace: intarsia.Workspace) -> None:
    """Columns that were kept answer as the tables do, and none of them is torn."""
    told: list[Phrase] = []
    with workspace.ask() as asking, present(asking, workspace.path / "cache", 0, log=told.append) as found:
        must(len(found.changed) < asking.base, "the columns that were kept are of no use")
        previews = Previews(asking, found.columns)
        for name in SEGMENTS:
            size = asking.numbers(name).num_rows
            must(previews.size(name) == size, f"{name}: {previews.size(name)} people by columns, {size} by tables")
    must(not told, f"torn columns: {[str(one) for one in told]}")


def _only_time_moves(workspace: intarsia.Workspace) -> int:
    """An evaluation as of the last run changes nothing, one as of now what time changes; how many that are."""
    last = workspace.memberships.last_run()
    assert last is not None
    again = workspace.evaluate(to_iso(last.look.at))
    must(not again.changes, f"an evaluation as of the last run changed {again.changes}")
    run = workspace.evaluate()
    causes = {change.cause for change in workspace.memberships.history()[-run.changes :]} if run.changes else set()
    must(causes <= {"time"}, f"changes by {sorted(causes)} though only time went by")
    return run.changes


SCENARIO = Scenario("S01", "kills", "kills", 5, 100, run)

if __name__ == "__main__":
    if sys.argv[1:2] == ["--send"]:
        send(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        sys.exit(play(SCENARIO))
