"""The source tree as the tests of the frame read it: modules, what they import, what they define. Nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
PACKAGE = "intarsia"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of Python: its dotted name (a package goes by its own), and its path."""

    name: str
    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"), str(self.path))

    @property
    def stage(self) -> str:
        """The folder or file directly below the package; `__init__` for the package itself."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else "__init__"


@cache
def modules(source: Path = SOURCE) -> dict[str, Module]:
    """Every module of the package below `source`, by dotted name."""
    found = {}
    for path in sorted((source / PACKAGE).rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, path)
    return found


def imported(module: Module, known: dict[str, Module]) -> dict[str, int]:
    """The modules of the package that a module imports, at the top or inside a function, with the line."""
    found: dict[str, int] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in known else node.module for name in inner]
        else:
            continue
        for name in names:
            if name.split(".")[0] == PACKAGE:
                found.setdefault(name, node.lineno)
    return found


def is_public(name: str) -> bool:
    """Whether a module, class or function of that name is meant for others."""
    return not any(part.startswith("_") for part in name.split("."))


def public_definitions(module: Module) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """The public classes and functions of a module and the public methods of its public classes, with their names."""
    for node in module.tree.body:
        if isinstance(node, Function | ast.ClassDef) and is_public(node.name):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                for inner in node.body:
                    if isinstance(inner, Function) and is_public(inner.name):
                        yield f"{node.name}.{inner.name}", inner


def functions(module: Module) -> Iterator[Function]:
    """Every function of a module, nested ones too."""
    return (node for node in ast.walk(module.tree) if isinstance(node, Function))


def plant(folder: Path, **texts: str) -> dict[str, Module]:
    """A small package below `folder`, to show that a test can fail; `language__parse` is language/parse.py."""
    for name, text in texts.items():
        path = folder / PACKAGE / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return modules(folder)
