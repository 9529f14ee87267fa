"""Only a door, or the workspace behind it, looks at the clock or throws dice; everything deeper is told."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.frame.reading import Module, modules, plant
from tests.frame.test_imports_go_one_way import DOORS

ALLOWED = {*DOORS, "workspace", "ids"}
CLOCK = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
DICE = {"random", "secrets", "uuid"}


def looks(found: dict[str, Module]) -> list[str]:
    """Places that read the wall clock or draw at random where they may not."""
    return [
        f"{module.name}:{line} {what}"
        for module in found.values()
        if module.stage not in ALLOWED
        for line, what in looks_of(module)
    ]


def looks_of(module: Module) -> list[tuple[int, str]]:
    """Lines of a module that read the wall clock, or import a source of chance."""
    seen = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = ".".join(ast.unparse(node.func).split(".")[-2:])
            if called in CLOCK:
                seen.append((node.lineno, called))
        elif isinstance(node, ast.Import):
            seen += [(node.lineno, alias.name) for alias in node.names if alias.name in DICE]
        elif isinstance(node, ast.ImportFrom) and node.module in DICE:
            seen.append((node.lineno, node.module))
    return seen


def test_nothing_but_the_doors_reads_the_clock_or_throws_dice() -> None:
    assert looks(modules()) == []


def test_a_look_at_the_clock_is_found(tmp_path: Path) -> None:
    text = "import datetime\nimport random\n\ndef f():\n    return datetime.datetime.now()\n"
    found = plant(tmp_path, segment__rule=text, cli__count=text)
    assert looks(found) == ["intarsia.segment.rule:2 random", "intarsia.segment.rule:5 datetime.now"]
