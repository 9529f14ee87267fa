from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intarsia.segment.definitions import Definitions
from intarsia.store.store import Store
from tests.membership.simulated import Simulation, simulation


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.sqlite") as opened:
        yield opened


@pytest.fixture
def definitions(store: Store) -> Definitions:
    return Definitions(store)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Simulation]:
    """Ada has bought twice in 2024, once with a coupon, ben once in 2023, eva never; it is 1 March 2024."""
    with simulation(tmp_path / "shop", "2024-03-01") as opened:
        opened.order("ada", "2024-02-01T10:00", total=100, coupon="X")
        opened.order("ada", "2024-02-20T10:00", total=50)
        opened.order("ben", "2023-05-01T10:00", total=500)
        opened.say("eva", city="Brno")
        yield opened
