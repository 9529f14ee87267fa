from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.source.records import RecordInMemory


@pytest.fixture
def record() -> RecordInMemory:
    return RecordInMemory()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of the given text or bytes; lines are joined as they are."""

    def write(content: str | bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
