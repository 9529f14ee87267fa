"""Small modules, small functions: the hard limits."""

from __future__ import annotations

from pathlib import Path

from tests.frame.reading import Module, functions, modules, plant

MODULE_LINES_MOST = 400
FUNCTION_LINES_MOST = 50


def too_long(found: dict[str, Module]) -> list[str]:
    """Modules and functions beyond the limits, with their lines."""
    long = []
    for module in found.values():
        lines = len(module.path.read_text(encoding="utf-8").splitlines())
        if lines > MODULE_LINES_MOST:
            long.append(f"{module.name}: {lines} lines")
        for node in functions(module):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MOST:
                long.append(f"{module.name}:{node.lineno} {node.name}: {length} lines")
    return long


def test_no_module_or_function_is_too_long() -> None:
    assert too_long(modules()) == []


def test_a_long_function_is_found(tmp_path: Path) -> None:
    found = plant(tmp_path, lake="def f():\n" + "    x = 1\n" * 60)
    assert too_long(found) == ["intarsia.lake:1 f: 61 lines"]
