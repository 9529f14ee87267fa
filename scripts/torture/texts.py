"""Random texts put to the language: only errors with a code come out, and none of a text reaches the SQL."""

from __future__ import annotations

import re
import subprocess  # nosec B404
import sys
from pathlib import Path

from scripts.torture.scenario import Asked, Figures, Scenario, must, play

FUZZER = Path(__file__).parents[1] / "fuzz" / "run.py"
_TOLD = re.compile(r"^torture: ([\d,]+) texts")
_RUNS = re.compile(r"^stat::number_of_executed_units:\s*(\d+)")


def run(asked: Asked) -> Figures:
    """So many seconds of texts."""
    command = [sys.executable, str(FUZZER), "--seconds", str(asked.count), "--seed", str(asked.seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # nosec B603
    said = (done.stdout + done.stderr).splitlines()
    must(done.returncode == 0, "a text broke something:\n" + "\n".join(said[-40:]))
    counts = [found[1] for line in said if (found := _RUNS.match(line) or _TOLD.match(line))]
    must(counts, "the fuzzer does not say how many texts there were")
    return {"texts": int(counts[-1].replace(",", "")), "with_atheris": any(map(_RUNS.match, said))}


SCENARIO = Scenario("S37", "texts", "seconds", 20, 900, run)

if __name__ == "__main__":
    sys.exit(play(SCENARIO))
