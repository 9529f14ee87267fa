"""Ranks that are kept up take whom ranks take that are asked anew."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from intarsia.engine.kernel.sets import ranked
from intarsia.engine.live.ranks import Rank
from intarsia.language import tree

BY = tree.Path(("points",))


@pytest.mark.parametrize("seed", range(12))
def test_who_is_taken_after_each_step(seed: int) -> None:
    chance = np.random.default_rng(seed)
    is_percent = bool(seed % 2)
    amount = Decimal(int(chance.integers(1, 30)))
    node = tree.Rank(("top", "bottom")[seed % 3 == 0], amount, is_percent, BY)
    size, widest = 400, int(chance.choice([3, 50, 10**12]))
    rank, value, has_place = Rank(node), np.zeros(size, np.int64), np.zeros(size, np.bool_)
    order = chance.permutation(2 * size)
    flips = 0
    for step in range(60):
        if step == 30:
            size *= 2
            value, has_place = np.append(value, np.zeros(400, np.int64)), np.append(has_place, np.zeros(400, np.bool_))
        some = np.unique(chance.integers(0, size, size if step in (0, 40) else int(chance.integers(1, 6))))
        value[some], has_place[some] = chance.integers(-widest, widest, len(some)), chance.random(len(some)) < 0.9
        before = np.append(rank.taken, np.zeros(size - len(rank.taken), np.bool_))
        flipped = rank.update(some, value[some], has_place[some], size, lambda: order)
        expected = ranked(node, value, has_place, lambda: order)
        assert np.array_equal(rank.taken, expected), step
        assert np.array_equal(flipped, np.flatnonzero(before != expected))
        flips += len(flipped)
    assert flips


def test_counts_in_narrow_numbers_rank_nobody_who_has_no_place() -> None:
    rank, count = Rank(tree.Rank("top", Decimal(1), False, BY)), np.array([5, 1, 3], np.int32)
    rank.update(np.arange(3), count, count == 1, 3, lambda: np.arange(3))
    assert rank.taken.tolist() == [False, True, False]
