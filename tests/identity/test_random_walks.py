"""Random messages, merges and unmerges: the lake's identities agree with the naive ones, and both back ends do."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from tests.identity.naive import FOR_EVER
from tests.identity.walks import BEGIN, Steps, walk
from tests.thorough import so_many

SEED = int(os.environ.get("INTARSIA_SEED", "20261123"))
WALKS = so_many(1, 12)
STEPS = 25


@pytest.mark.slow
@pytest.mark.parametrize("number", range(WALKS))
def test_a_random_walk_ends_where_the_plainest_reading_does(tmp_path: Path, number: int) -> None:
    chance = Random(SEED + number)
    with walk(tmp_path, identity_most=chance.choice((2, 3))) as walked:
        steps = Steps(chance)
        steps.take(walked, STEPS)
        asked = {FOR_EVER, BEGIN - 1, *chance.sample(steps.instants, 4), chance.choice(steps.instants) - 1}
        print(f"INTARSIA_SEED={SEED}, walk {number}")
        for known_at in sorted(asked):
            walked.check(known_at, chance)
