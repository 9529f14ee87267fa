"""What was put into the journal is there once, in its order, whoever put it and whatever died."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import pytest

from intarsia.store.journal import Entry, Journal
from intarsia.store.store import StoreBusy, StoreFailed
from tests.thorough import so_many

KILLS = so_many(4, 50)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.sqlite")


def entry(number: object, says: str = "") -> Entry:
    return Entry(f"m{number}", f"{number}{says}", json.dumps({"n": number, "says": says}))


def bodies(journal: Journal) -> list[str]:
    return [body for batch in journal.after(0) for body in batch.bodies]


def test_messages_come_out_in_the_order_in_which_they_were_put(journal: Journal) -> None:
    assert journal.put([entry(2), entry(1)], 10) == ["accepted", "accepted"]
    assert journal.put([entry(3)], 20) == ["accepted"]
    first, second = journal.after(0)
    assert first.bodies == [entry(2).body, entry(1).body]
    assert (first.batch_no, first.received_at, second.received_at) == (1, 10, 20)
    assert journal.after(1) == [second]
    assert journal.after(0, most=1) == [first]
    assert journal.last == 2


def test_the_first_of_one_id_counts(journal: Journal) -> None:
    assert journal.put([entry(1), entry(1), entry(1, "other")], 10) == ["accepted", "duplicate", "conflicting"]
    assert journal.put([entry(1, "other"), entry(1)], 20) == ["conflicting", "duplicate"]
    assert bodies(journal) == [entry(1).body]
    assert journal.last == 1, "a call that brought nothing new takes no number"


def test_a_mark_never_goes_back(journal: Journal) -> None:
    assert journal.mark("lake") == 0
    journal.set_mark("lake", 5)
    journal.set_mark("lake", 3)
    assert journal.mark("lake") == 5
    assert journal.mark("another") == 0


def test_what_is_let_go_of_is_gone_with_its_ids_and_numbers_are_not_given_again(
    journal: Journal, tmp_path: Path
) -> None:
    journal.put([entry(1, "CANARY")], 10)
    journal.put([entry(2)], 20)
    assert journal.forget(1, 10) == 0
    assert journal.forget(1, 11) == 1
    journal.purge()
    assert bodies(journal) == [entry(2).body]
    assert b"CANARY" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert journal.put([entry(1)], 30) == ["accepted"]
    assert journal.last == 3


def test_many_threads_and_another_connection_put_each_message_once(journal: Journal, tmp_path: Path) -> None:
    other = Journal(tmp_path / "journal.sqlite")
    counts = {"accepted": 0, "duplicate": 0, "conflicting": 0}
    lock = threading.Lock()

    def put(who: Journal, seed: int) -> None:
        chance = Random(seed)
        for _ in range(20):
            statuses = who.put([entry(chance.randrange(300)) for _ in range(5)], seed)
            with lock:
                for status in statuses:
                    counts[status] += 1

    threads = [threading.Thread(target=put, args=(other if seed % 4 == 0 else journal, seed)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = bodies(journal)
    assert len(found) == len(set(found)) == counts["accepted"]
    assert sum(counts.values()) == 8 * 20 * 5
    assert counts["conflicting"] == 0


def test_a_failure_is_told_to_everybody_who_waited_and_leaves_nothing(journal: Journal, tmp_path: Path) -> None:
    journal._connection.execute("pragma busy_timeout = 10")
    with Journal(tmp_path / "journal.sqlite")._change(), pytest.raises(StoreBusy):
        journal.put([entry(1)], 10)
    assert bodies(journal) == []
    assert journal.put([entry(1)], 10) == ["accepted"]
    (tmp_path / "bad.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreFailed):
        Journal(tmp_path / "bad.sqlite")


WRITER = """
import sys
from pathlib import Path
from intarsia.store.journal import Entry, Journal
journal, begin = Journal(Path(sys.argv[1])), int(sys.argv[2])
for number in range(begin, begin + 100_000, 7):
    some = [Entry(f"m{n}", str(n), str(n)) for n in range(number, number + 8)]
    statuses = journal.put(some, 1)
    print(*[one.body for one, status in zip(some, statuses) if status == "accepted"], flush=True)
"""


def test_nothing_that_was_answered_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    chance, answered = Random(20_261_122), set[str]()
    path = tmp_path / "journal.sqlite"
    for life in range(KILLS):
        command = [sys.executable, "-c", WRITER, str(path), str(life * 50)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            told = [process.stdout.readline() for _ in range(chance.randrange(1, 40))]
            os.kill(process.pid, signal.SIGKILL)
            told += process.stdout.read().splitlines()[:-1]
        answered |= {body for line in told for body in line.split()}
        found = bodies(Journal(path))
        assert len(found) == len(set(found))
        assert answered <= set(found)
    assert len(answered) > KILLS
