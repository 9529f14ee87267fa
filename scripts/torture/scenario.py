"""What every scenario of `make torture` has: how much is asked of it, a seed, a folder, and one line of JSON."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Figures = Mapping[str, Any]


class Broken(AssertionError):
    """Something that is promised does not hold."""


@dataclass(frozen=True)
class Asked:
    """What a scenario is asked to do.

    count   how much: rules, lives, kills, by the scenario
    seed    where its random numbers begin; folder: an empty one, which goes afterwards
    """

    count: int
    seed: int
    folder: Path


@dataclass(frozen=True)
class Scenario:
    """A scenario: its number among ours, its name, what it counts, and how many of these are asked in each tier."""

    number: str
    name: str
    unit: str
    quick: int
    long: int
    run: Callable[[Asked], Figures]


def cpu_seconds() -> float:
    """What this process and those that it started and waited for have taken of processors so far."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def must(holds: object, what: str) -> None:
    """Raise `Broken` with the words if something does not hold."""
    if not holds:
        raise Broken(what)


def play(scenario: Scenario, arguments: list[str] | None = None) -> int:
    """Run a scenario as the command line asks for; 0 if everything held, 1 if not. One line of JSON says which."""
    reader = argparse.ArgumentParser(description=sys.modules[scenario.run.__module__].__doc__)
    reader.add_argument("--tier", choices=("quick", "long"), default="quick")
    reader.add_argument("--seed", type=int, default=1, help="where its random numbers begin")
    reader.add_argument(f"--{scenario.unit}", dest="count", type=int, help="how many, whatever the tier")
    asked = reader.parse_args(arguments)
    count = asked.count or (scenario.long if asked.tier == "long" else scenario.quick)
    line = {"scenario": f"{scenario.number} {scenario.name}", "ok": True, scenario.unit: count, "seed": asked.seed}
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f"torture-{scenario.name}-") as folder:
        try:
            line |= scenario.run(Asked(count, asked.seed, Path(folder)))
        except Exception as error:  # noqa: BLE001 -- whatever goes wrong is the scenario's answer
            traceback.print_exc()
            line |= {"ok": False, "error": f"{type(error).__name__}: {error}"}
    taken = {"seconds": round(time.monotonic() - begin, 1), "cpu_seconds": round(cpu_seconds(), 1)}
    print(json.dumps({**line, **taken}, ensure_ascii=False), flush=True)
    return 0 if line["ok"] else 1
