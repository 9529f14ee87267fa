"""`intarsia work` is killed again and again while messages come in: what was acknowledged is there, and once."""

from __future__ import annotations

import json
import subprocess  # nosec B404
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import IO, Any

import intarsia
from intarsia.cli import root
from intarsia.clock import to_iso
from intarsia.errors import OutsideError
from scripts.torture.scenario import Asked, Figures, Scenario, must, play

CLIENTS = 4
PEOPLE = 200
AGAIN_SHARE = 0.05
"""So many messages come once more, as from a client that did not hear the answer."""
CALL_MOST = 20
PAUSE_SECONDS = 0.05
BEFORE = 50
"""So many messages are recorded before anybody is killed."""
LIVED_SECONDS = (0.2, 4.0)
SETTLED_SECONDS = 300
SEGMENTS = {
    "buyers": "count(order) >= 2",
    "big": "sum(order.total) > 500",
    "from here": "country = 'CZ' and did order in last 30 days",
    "quiet": "never order in last 1 minute",
}
COUNTRIES = ("CZ", "PL", "SK")


# --- who sends


def message(client: int, number: int) -> dict[str, Any]:
    """The message of that number of one client; always the same."""
    chance = Random(1_000_003 * client + number)  # nosec B311
    who = chance.randrange(PEOPLE)
    base = {"messageId": f"c{client}-{number}", "userId": f"p{who}"}
    if chance.random() < 0.3:
        return {**base, "type": "identify", "traits": {"country": COUNTRIES[who % 3], "email": f"p{who}@example.com"}}
    bought = {"order_id": f"o{client}-{number}", "total": chance.randrange(1, 300)}
    return {**base, "type": "track", "event": "Order Completed", "properties": bought}


def send(folder: Path, client: int, seed: int) -> None:
    """Send until the input ends; of each call that was answered a line with the ids, and what was answered of each."""
    chance, number, ended = Random(seed + client), 0, threading.Event()  # nosec B311

    def listen() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    workspace: Any
    with intarsia.open(folder) as workspace:
        while not ended.is_set():
            fresh = [message(client, n) for n in range(number, number + chance.randrange(1, CALL_MOST))]
            number += len(fresh)
            again = [message(client, chance.randrange(number)) for _ in fresh if chance.random() < AGAIN_SHARE]
            batch = [*fresh, *again]
            while True:
                try:
                    statuses = workspace.receive(batch).statuses
                except OutsideError as error:
                    if not error.again:
                        raise
                    continue
                break
            print(json.dumps(list(zip([one["messageId"] for one in batch], statuses, strict=True))), flush=True)
            ended.wait(PAUSE_SECONDS)


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


# --- who is killed


def run(asked: Asked) -> Figures:
    """So many kills, then everything is compared."""
    must(is_possible(), "this version has no `intarsia work`")
    chance, folder = Random(asked.seed), asked.folder / "ws"  # nosec B311
    with intarsia.create(folder, timezone="Europe/Prague", currency="CZK") as workspace:
        workspace.record([message(CLIENTS, number) for number in range(BEFORE)])  # so that rules know their names
        for name, text in SEGMENTS.items():
            workspace.segments.add(name, text)
    command = [sys.executable, "-m", "scripts.torture.kills", "--send", str(folder)]
    clients = [
        Client(
            subprocess.Popen(  # nosec B603
                [*command, str(number), str(asked.seed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        )
        for number in range(CLIENTS)
    ]
    died_alone = 0
    try:
        for _ in range(asked.count):
            worker = _work(folder)
            threading.Event().wait(chance.uniform(*LIVED_SECONDS))
            died_alone += worker.poll() is not None
            worker.kill()
            worker.wait()
    finally:
        for client in clients:
            client.end()
    must(not died_alone, f"`intarsia work` ended by itself {died_alone} times")
    _settle(folder)
    return _compared(folder, [answer for client in clients for answer in client.answered])


def is_possible() -> bool:
    """Whether there are `intarsia work`, and `Workspace.receive`."""
    return "work" in root.commands and hasattr(intarsia.Workspace, "receive")


def _work(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "intarsia", "-w", str(folder), "work"], stdout=subprocess.DEVNULL)  # nosec B603


def _settle(folder: Path) -> None:
    """Work on until the record has everything and the ledger is of a time after that."""
    worker, workspace = _work(folder), intarsia.open(folder)
    found: Any = workspace
    receiving = found.receiving if hasattr(found, "receiving") else found.projector
    try:
        pause = threading.Event()
        for _ in range(SETTLED_SECONDS):
            if not receiving.waiting:
                break
            pause.wait(1)
        must(not receiving.waiting, f"{receiving.waiting} batches were not recorded")
        whole = workspace.now()
        for _ in range(SETTLED_SECONDS):
            last = workspace.memberships.last_run()
            if last is not None and last.look.at >= whole:
                break
            pause.wait(1)
        must(last is not None and last.look.at >= whole, "the ledger was not brought up to date")
    finally:
        worker.kill()
        worker.wait()
        workspace.close()


# --- what must be so


def _compared(folder: Path, answered: list[tuple[str, str]]) -> Figures:
    acknowledged = {one for one, status in answered if status in ("accepted", "duplicate")}
    accepted = Counter(one for one, status in answered if status == "accepted")
    must(not [one for one, status in answered if status not in ("accepted", "duplicate")], "a message was refused")
    must(max(accepted.values()) == 1, "a message was accepted twice")
    with intarsia.open(folder) as workspace:
        with workspace.session() as session:
            found = Counter(session.execute("select event_id from lake.events")["event_id"].to_pylist())
        must(max(found.values()) == 1, "a message is in the record twice")
        lost = acknowledged - found.keys()
        must(not lost, f"{len(lost)} acknowledged messages are lost: {sorted(lost)[:5]}")
        before = {message(CLIENTS, number)["messageId"] for number in range(BEFORE)}
        must(found.keys() == acknowledged | before, "messages are there of which nobody was told")
        _claims_are_whole(workspace, found)
        sizes = _ledger_is_whole(workspace, found)
    return {"acknowledged": len(acknowledged), "recorded": len(found), "sizes": sizes}


def _sent(found: Counter[str]) -> Iterator[dict[str, Any]]:
    for one in found:
        client, number = one[1:].split("-")
        yield message(int(client), int(number))


def _claims_are_whole(workspace: intarsia.Workspace, found: Counter[str]) -> None:
    """Each e-mail address is claimed by its person, once."""
    said = {(one["userId"], one["traits"]["email"]) for one in _sent(found) if one["type"] == "identify"}
    with workspace.session() as session:
        rows = session.execute(
            "select profile_id, value from lake.identities join lake.profiles using (profile_no) where kind = 'email'"
        ).to_pylist()
    claims = Counter((row["profile_id"], row["value"]) for row in rows)
    must(claims.keys() == said, f"claims and messages differ: {sorted(claims.keys() ^ said)[:5]}")
    must(not claims or max(claims.values()) == 1, "a claim is there twice")


def _ledger_is_whole(workspace: intarsia.Workspace, found: Counter[str]) -> dict[str, int]:
    """The ledger of each segment says who is in by the whole record, as of its last run; two of them by hand, too."""
    last = workspace.memberships.last_run()
    assert last is not None
    sizes = {}
    for name in SEGMENTS:
        ledger = workspace.memberships.current(name)
        asked = workspace.segments.members(name, to_iso(last.look.at), to_iso(last.look.known_at))
        must(ledger == asked, f"{name}: the ledger has {len(ledger)} people, the record {len(asked)}")
        sizes[name] = len(ledger)
    orders = [one for one in _sent(found) if one["type"] == "track"]
    counts, sums = Counter[str](), Counter[str]()
    for one in orders:
        counts[one["userId"]] += 1
        sums[one["userId"]] += one["properties"]["total"]
    must(sizes["buyers"] == sum(count >= 2 for count in counts.values()), "buyers are not those who bought twice")
    must(sizes["big"] == sum(total > 500 for total in sums.values()), "the big ones are not those who paid so much")
    return sizes


SCENARIO = Scenario("S01", "kills", "kills", 5, 100, run)

if __name__ == "__main__":
    if sys.argv[1:2] == ["--send"]:
        send(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        sys.exit(play(SCENARIO))
