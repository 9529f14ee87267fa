"""Run the scenarios of `make torture`, all or those that are named: `python scripts/torture/run.py forks --seed 5`.

Each runs in a process of its own, with a limit of time, and prints one line of JSON. The seed is printed; without one
each run has another. The program ends with 1 if something that is promised did not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess  # nosec B404
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Limit:
    """Minutes that a scenario may take in each tier, on a machine that is busy otherwise."""

    quick: int
    long: int


LIMITS = {
    "agreement": Limit(12, 120),
    "lives": Limit(12, 240),
    "bombs": Limit(6, 30),
    "forks": Limit(6, 20),
    "columns": Limit(4, 60),
    "swaps": Limit(4, 30),
    "texts": Limit(2, 20),
    "kills": Limit(12, 60),
}
"""The scenarios, the longest first: two run at a time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("names", nargs="*", metavar="SCENARIO", help=f"some of {', '.join(LIMITS)}; none: all")
    reader.add_argument("--tier", choices=("quick", "long"), default="quick", help="how much of each")
    reader.add_argument("--seed", type=int, help="where random numbers begin; without it, somewhere")
    reader.add_argument("--jobs", type=int, default=2, help="how many run at a time")
    asked = reader.parse_args(arguments)
    unknown = [name for name in asked.names if name not in LIMITS]
    if unknown:
        reader.error(f"no scenario is called {unknown[0]}; there are {', '.join(LIMITS)}")
    seed = int.from_bytes(os.urandom(4), "big") if asked.seed is None else asked.seed
    names = asked.names or list(LIMITS)
    print(f"torture: seed {seed}, {asked.tier}: {', '.join(names)}", file=sys.stderr)
    with ThreadPoolExecutor(asked.jobs) as pool:
        held = list(pool.map(lambda name: played(name, asked.tier, seed), names))
    broken = [name for name, did in zip(names, held, strict=True) if not did]
    if broken:
        again = f"python scripts/torture/run.py {' '.join(broken)} --tier {asked.tier} --seed {seed}"
        print(f"torture: broken: {', '.join(broken)}; once more: {again}", file=sys.stderr)
    return 1 if broken else 0


def played(name: str, tier: str, seed: int) -> bool:
    """Run one scenario and print its line; whether everything held."""
    minutes = getattr(LIMITS[name], tier)
    command = [sys.executable, "-m", f"scripts.torture.{name}", "--tier", tier, "--seed", str(seed)]
    return bounded(command, name, seconds=60 * minutes)


def bounded(command: Sequence[str], name: str, *, seconds: float) -> bool:
    """Run a command that prints one line, and end it and all that it started after so long; whether it ended well."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "src")))
    process = subprocess.Popen(  # nosec B603
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        line, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        _, said = process.communicate()
        line = json.dumps({"scenario": name, "ok": False, "error": f"not done after {seconds:g} s"})
    if process.returncode:
        print(said[-8000:], file=sys.stderr)
    is_told = bool(line.strip())
    print(
        line.strip() if is_told else json.dumps({"scenario": name, "ok": False, "error": "it said nothing"}), flush=True
    )
    return process.returncode == 0 and is_told


if __name__ == "__main__":
    sys.exit(main())
