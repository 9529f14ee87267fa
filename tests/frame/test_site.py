"""The documentation builds without a warning, and reading it tells nobody."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.frame.reading import ROOT

FETCHED = re.compile(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=[\"']?(?:https?:)?//[^>]*>")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    asked = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(asked, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_loads_only_its_own_files(site: Path) -> None:
    pages = {page.name: page.read_text(encoding="utf-8") for page in site.rglob("*.html")}
    assert "index.html" in pages
    loaded = {name: FETCHED.findall(text) for name, text in pages.items()}
    assert {name: found for name, found in loaded.items() if any('rel="canonical"' not in tag for tag in found)} == {}


def test_a_page_that_fetches_is_found() -> None:
    assert FETCHED.search('<script src="https://cdn.example.org/x.js"></script>')
    assert not FETCHED.search('<a href="https://example.org">a link that is clicked, not loaded</a>')
