"""ARCHITECTURE.md and the pages of docs/ name only what exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.frame.reading import ROOT, SOURCE, modules

PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    if path.name != "CHANGELOG.md"  # tells of the past
)
QUOTED = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^```.*?^```", re.M | re.S)
PATH = re.compile(r"[\w.-]+(/[\w.-]+)*/?")
ENDS = (".py", ".md", ".toml", ".lock", ".yml", ".sql", "/")
TWO_PAGES_OF_WORDS = 1_500
MADE = {"site/", ".venv/", "dist/"}
OF_A_WORKSPACE = {"workspace.toml", "cache/"}


@cache
def defined() -> set[str]:
    """Every name that the source defines or a package offers, bare and whole."""
    names: set[str] = set()
    for name, module in modules().items():
        names.add(name)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                names |= {node.name, f"{name}.{node.name}"}
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names |= {node.id, f"{name}.{node.id}"}
            elif isinstance(node, ast.ImportFrom) and module.path.name == "__init__.py":
                names |= {f"{name}.{alias.name}" for alias in node.names}
    return names


def missing_paths(text: str) -> Iterator[str]:
    """Paths in `backticks` that are neither in the project nor in the package."""
    for quoted in QUOTED.findall(FENCED.sub("", text)):
        is_path = PATH.fullmatch(quoted) and (quoted.endswith(ENDS) or quoted.startswith(("src/", "docs/", "tests/")))
        is_there = any((base / quoted).exists() for base in (ROOT, SOURCE / "intarsia", ROOT / "docs"))
        if is_path and not is_there and quoted not in MADE | OF_A_WORKSPACE:
            yield quoted


def missing_names(text: str, known: set[str]) -> Iterator[str]:
    """Names in `backticks` that look like ours (intarsia.x.y, CamelCase, call()) and are defined nowhere."""
    for quoted in QUOTED.findall(FENCED.sub("", text)):
        bare = quoted.removesuffix("()")
        is_class = re.fullmatch(r"([A-Z][a-z0-9]+){2,}", bare)
        is_ours = re.fullmatch(r"intarsia(\.\w+)+", bare) or (bare != quoted and re.fullmatch(r"\w+", bare))
        if (is_class or is_ours) and bare not in known:
            yield quoted


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_and_name_on_the_page_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert list(missing_paths(text)) == []
    assert list(missing_names(text, defined())) == []


def test_the_architecture_fits_two_pages() -> None:
    text = FENCED.sub("", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    assert len(text.split()) <= TWO_PAGES_OF_WORDS


def test_what_does_not_exist_is_found() -> None:
    text = "`src/intarsia/gone.py`, `language/`, `NoSuchClass`, `intarsia.errors.UserError`, `no_such_function()`"
    assert list(missing_paths(text)) == ["src/intarsia/gone.py"]
    assert list(missing_names(text, defined())) == ["NoSuchClass", "no_such_function()"]
