from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.membership.simulated import Simulation, simulation


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Simulation]:
    with simulation(tmp_path / "shop") as opened:
        yield opened
