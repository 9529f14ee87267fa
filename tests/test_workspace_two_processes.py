"""One process loads a file, another asks all the while; and two load at once."""

from __future__ import annotations

import csv
import json
import os
import random
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import intarsia

ORDERS = 20_000
PEOPLE = 2_000
SEED = 20260718
ASKED = "count(order) >= 1"
LINES = 20_000
LIMIT = 100_000
"""Questions after which a reader ends by itself, if nobody ends it before."""


def write_orders(path: Path, numbers: range) -> None:
    """A file of purchases: one order a line, of people drawn with a seed."""
    chance = random.Random(f"{SEED} {numbers.start}")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["order_id", "customer_id", "date", "total"])
        for number in numbers:
            day = f"2026-{chance.randint(1, 6):02}-{chance.randint(1, 28):02}"
            writer.writerow([f"N{number}", f"p{chance.randrange(PEOPLE)}", day, f"{chance.randint(100, 9999) / 100}"])


def command(folder: Path, *words: str) -> list[str]:
    """The command line on a workspace."""
    return [sys.executable, "-m", "intarsia", "-w", str(folder), *words]


def started(words: list[str]) -> subprocess.Popen[str]:
    """A process whose streams are pipes."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    pipe = subprocess.PIPE
    return subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment)


def finished(process: subprocess.Popen[str]) -> Any:
    """What a process answered; it must have ended well."""
    answer, speech = process.communicate()
    assert process.returncode == 0, speech
    return json.loads(answer)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    intarsia.create(tmp_path / "shop").close()
    return tmp_path / "shop"


@pytest.mark.slow
def test_a_second_process_counts_while_the_first_loads_a_file(shop: Path) -> None:
    file = shop.parent / "orders.csv"
    write_orders(file, range(ORDERS))
    reader = started([sys.executable, __file__, str(shop)])
    assert reader.stdout is not None
    assert reader.stdout.readline() == "ready\n"
    balance = finished(started(command(shop, "source", "load", str(file), "--as", "purchases", "--json")))
    seen = finished(reader)
    assert (balance["lines_read"], balance["imported"], balance["holds"]) == (ORDERS, ORDERS, True)
    sizes, orders, states = zip(*seen, strict=True)
    assert list(sizes) == sorted(sizes)
    assert list(orders) == sorted(orders)
    assert list(states) == sorted(states)
    assert (orders[0], orders[-1], states[-1]) == (0, ORDERS, ORDERS)
    assert len(set(states)) >= 3, "the reader saw the record grow"
    with intarsia.open(shop) as ws:
        assert sizes[-1] == ws.segments.count(ASKED).size


@pytest.mark.slow
def test_two_processes_load_two_files_at_once_and_nothing_is_lost(shop: Path) -> None:
    files = [shop.parent / "first.csv", shop.parent / "second.csv"]
    for place, file in enumerate(files):
        write_orders(file, range(place * LINES, (place + 1) * LINES))
    loads = [started(command(shop, "source", "load", str(file), "--as", "purchases", "--json")) for file in files]
    balances = [finished(load) for load in loads]
    assert [balance["imported"] for balance in balances] == [LINES, LINES]
    assert counted(shop)[1:] == (2 * LINES, 2 * LINES)


def counted(folder: Path) -> tuple[int, int, int]:
    """Members of a segment, orders in the view, and messages in the record."""
    with intarsia.open(folder) as ws:
        [row] = ws.query("SELECT count(*) AS orders FROM purchases WHERE kind = 'order'").to_pylist()
        count = ws.segments.count(ASKED, at="2026-07-01")
        return count.size, row["orders"], count.as_of.record_state


def read(folder: Path) -> None:
    """Count without pause until the standard input ends, then print the counts."""
    counts = [counted(folder)]
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0] and len(counts) < LIMIT:
        counts.append(counted(folder))
    counts.append(counted(folder))
    print(json.dumps(counts))


if __name__ == "__main__":
    read(Path(sys.argv[1]))
