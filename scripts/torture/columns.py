"""Columns kept on the disk are cut, flipped, exchanged and half written: answers stay right, and it is told."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess  # nosec B404
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

import intarsia
from intarsia.engine.columns.build import Builder
from intarsia.engine.columns.cache import MANIFEST, Cache
from intarsia.segment.reached import FILE as ABOUT
from scripts.torture.scenario import Asked, Figures, Scenario, must, play
from tests.engine.shop import Shop, instant, order, said, track
from tests.engine.test_columns_cache import answers, expected

PEOPLE = 60
DAMAGES_A_KILL = 20
DAMAGES_A_WORKER = 10
KILLED_WITHIN_SECONDS = 0.5
OPENED_MEGABYTES = 300
OPENED_SECONDS_MOST = 5.0


def shop(folder: Path) -> Shop:
    """A shop whose rules find some people, not all."""
    messages = []
    for number in range(PEOPLE):
        who, day = f"p{number}", 1 + number % 5
        lines = [{"sku": sku, "quantity": 1 + number % 3} for sku in "xy"[: 1 + number % 2]]
        messages += [
            said(who, country=("CZ", "PL", "SK")[number % 3], tags=["a", f"t{number % 4}"]),
            order(who, f"2024-05-0{day}", *lines, order_id=f"o{number}", total=10 + number, way=f"w{day}"),
            track(who, "Product Viewed", f"2024-05-0{day}", path=f"/{'ab'[number % 2]}"),
        ]
    return Shop(folder, messages)


# --- damages


def cut(path: Path, chance: Random) -> None:
    """Make a file shorter."""
    os.truncate(path, chance.randrange(path.stat().st_size))


def flip(path: Path, chance: Random) -> None:
    """Change up to a hundred bytes."""
    content = bytearray(path.read_bytes())
    for _ in range(chance.randrange(1, 100)):
        content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
    path.write_bytes(content)


def blank(path: Path, chance: Random) -> None:
    """Leave noughts from some place on, as a power cut does."""
    size = path.stat().st_size
    os.truncate(path, chance.randrange(size))
    os.truncate(path, size)


def exchange(path: Path, chance: Random) -> None:
    """Put another file's content in the place of this one's."""
    shutil.copyfile(chance.choice(sorted(path.parent.iterdir())), path.with_name("other"))
    path.with_name("other").replace(path)


def lengthen(path: Path, chance: Random) -> None:
    """Append to a file."""
    with path.open("ab") as file:
        file.write(chance.randbytes(chance.randrange(1, 100)))


def delete(path: Path, _: Random) -> None:
    """Take a file away."""
    path.unlink()


DAMAGES = (cut, flip, blank, exchange, lengthen, delete)


def run(asked: Asked) -> Figures:
    """So many damages, and for each twenty of them one writer who is killed."""
    chance, met, folder = Random(asked.seed), Counter[str](), asked.folder / "cache"  # nosec B311
    with shop(asked.folder / "shop").world.ask(instant("2024-05-06"), None) as found:
        right = expected(found)
        must(all(0 < len(members) < PEOPLE for members in right), "the rules tell nothing")
        answers(found, folder)
        used = sorted(path.name for path in folder.iterdir())
        for number in range(asked.count):
            damage, path = chance.choice(DAMAGES), folder / chance.choice(used)
            told = f"seed {asked.seed}, damage {number}: {damage.__name__} of {path.name}"
            before = path.read_bytes()
            damage(path, chance)
            is_another = not path.exists() or path.read_bytes() != before
            members, cache, _ = answers(found, folder)
            must(members == right, f"{told}: wrong answers")
            is_untold = damage is delete and path.name == MANIFEST  # as if nothing had been kept yet
            must(is_untold or bool(cache.healed) is is_another, f"{told}: told {cache.healed}")
            members, cache, is_built = answers(found, folder)
            must((members, cache.healed, is_built) == (right, [], False), f"{told}: not healed")
            met[damage.__name__] += is_another
        for number in range(max(1, asked.count // DAMAGES_A_KILL)):
            _killed(asked.folder, folder, chance)
            members, cache, _ = answers(found, folder)
            must(members == right, f"seed {asked.seed}, kill {number}: wrong answers")
            met["kills"] += 1
            met["kills that tore"] += bool(cache.healed)
    met.update(_worked(asked.folder / "worked", max(2, asked.count // DAMAGES_A_WORKER), chance))
    return {"met": dict(met), f"opened_{OPENED_MEGABYTES}_mb_seconds": _opened(asked.folder / "large")}


# --- who is killed while they write


def write(folder: Path, cache: Path) -> None:
    """Put the shop's columns into a cache again and again, now with these, now with those properties."""
    with shop(folder).world.ask(instant("2024-05-06"), None) as found:
        builder = Builder(found.evaluator)
        event = next(event for event in found.catalog.events.values() if event.short == "order")
        one, other = (
            builder.rows(event, [(own,)], [(of_line,)], with_lines=True)
            for own, of_line in (("total", "sku"), ("way", "quantity"))
        )
        print("ready", flush=True)
        while True:
            for rows in (one, other):
                Cache(cache, "one").put_rows(f"rows {event.name}", rows, with_lines=True)


def _killed(folder: Path, cache: Path, chance: Random) -> None:
    command = [sys.executable, "-m", "scripts.torture.columns", "--write", str(folder / "theirs"), str(cache)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # nosec B603
        assert process.stdout is not None
        must(process.stdout.readline() == "ready\n", "nobody writes")
        threading.Event().wait(chance.random() * KILLED_WITHIN_SECONDS)
        process.send_signal(signal.SIGKILL)
    shutil.rmtree(folder / "theirs")


# --- who goes on from what was kept


def _worked(folder: Path, count: int, chance: Random) -> Counter[str]:
    """So many damages of what a worker keeps, or the whole of it gone: the next one has the ledger right, and tells."""
    met = Counter[str]()
    with intarsia.create(folder, timezone="Europe/Prague", currency="CZK") as workspace:
        workspace.record([_bought(number) for number in range(PEOPLE)])
        workspace.segments.add("twice", "count(order) >= 2")
        _tells(workspace)
        right: list[str] = []
        for number in range(count):
            who = f"p{number % PEOPLE}"
            workspace.receive([_bought(number % PEOPLE, again=number + 1)])
            right = sorted({*right, who})
            kept = folder / "cache" / "columns"
            damage, path = chance.choice(DAMAGES), chance.choice(sorted(kept.iterdir()))
            before = path.read_bytes()
            if number % 4:
                damage(path, chance)
            else:
                path = kept.parent
                shutil.rmtree(path)
            is_another = not path.is_file() or path.read_bytes() != before
            said = " ".join(_tells(workspace))
            told = f"damage {number} of what a worker keeps: {damage.__name__} of {path.name}"
            must(workspace.memberships.current("twice") == right, f"{told}: the ledger is wrong")
            is_read = path.name in (ABOUT, "cache")  # of the other files those that its rules ask for
            must("worked out anew" in said or not (is_read and is_another), f"{told}: not told: {said}")
            met["damages before a worker"] += 1
            met["told by a worker"] += "worked out anew" in said
    return met


def _bought(number: int, again: int = 0) -> dict[str, Any]:
    """An order of somebody; `again`: another one of theirs."""
    name = f"{number}-{again}"
    order = {"order_id": f"o{name}", "total": 10}
    return {
        "type": "track",
        "messageId": f"m{name}",
        "userId": f"p{number}",
        "event": "Order Completed",
        "properties": order,
    }


def _tells(workspace: intarsia.Workspace) -> list[str]:
    """Let a worker begin and end; what it tells."""
    told: list[str] = []
    workspace.work(lambda _: True, log=lambda one: told.append(str(one)))
    return told


def _opened(folder: Path) -> float:
    """Seconds of processor until all of a large cache is read and compared."""
    arrays = [np.arange(number, number + 2**17 * 25) for number in range(OPENED_MEGABYTES // 25)]
    written = Cache(folder, "one")
    for number, array in enumerate(arrays):
        written.put_array(f"a{number}", array)
    begin = time.process_time()
    cache = Cache(folder, "one")
    must(all(cache.array(f"a{number}") is not None for number in range(len(arrays))), "not all was kept")
    taken = time.process_time() - begin
    must(taken < OPENED_SECONDS_MOST, f"{OPENED_MEGABYTES} MB took {taken:.1f} s to open")
    shutil.rmtree(folder)
    return round(taken, 2)


SCENARIO = Scenario("S04", "columns", "damages", 60, 2000, run)

if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        sys.exit(play(SCENARIO))
