"""How many random lives a test follows: a few in `make check`, many in `make prove`."""

from __future__ import annotations

import os

THOROUGH = os.environ.get("INTARSIA_THOROUGH", "") == "1"


def so_many(usually: int, thoroughly: int) -> int:
    """The one number or the other."""
    return thoroughly if THOROUGH else usually
