"""Random lives recorded step by step: who is in, kept up from each message and each tick, is who is in asked anew."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from random import Random

from scripts.torture.scenario import Asked, Figures, Scenario, must, play
from tests.engine.rules import Decks
from tests.engine.test_live import Life


def run(asked: Asked) -> Figures:
    """So many lives."""
    decks, met = Decks(), Counter[str]()
    for number in range(asked.count):
        folder = asked.folder / str(number)
        life = Life(folder, Random(asked.seed + number), decks)  # nosec B311
        life.live(f"seed {asked.seed}, life {number}")
        met.update(life.met)
        shutil.rmtree(folder)
    figures = {what: met[what] for what in ("added", "read again", "by others", "by time")}
    must(asked.count < 10 or all(figures.values()), f"the lives were too quiet: {figures}")
    return figures


SCENARIO = Scenario("S23", "lives", "lives", 12, 500, run)

if __name__ == "__main__":
    sys.exit(play(SCENARIO))
