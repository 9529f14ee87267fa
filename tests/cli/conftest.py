from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.running import make_shop


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "shop"
    make_shop(folder)
    return folder


@pytest.fixture
def shop(made_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small workspace of its own in an empty folder, which is the current one; the environment names it."""
    folder = tmp_path / "shop"
    shutil.copytree(made_once, folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INTARSIA_WORKSPACE", str(folder))
    return folder


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one; no workspace is named."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("INTARSIA_WORKSPACE", raising=False)
    return tmp_path
