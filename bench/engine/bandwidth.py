"""How quickly one thread of this machine reads memory: what no way of answering can be quicker than."""

from __future__ import annotations

import numpy as np

from engine.clock import best

BYTES = 1 << 29


def bytes_per_second() -> float:
    """Bytes that one thread adds up in a second of CPU, of an array much larger than every cache."""
    numbers = np.ones(BYTES // 8, np.int64)
    numbers.sum()
    return float(BYTES / best(numbers.sum, seconds=30).cpu)
