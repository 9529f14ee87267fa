"""Puts mistakes into functions of the engine, also into those that are kept as machine code."""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any

import pytest

from intarsia.engine.kernel import passes, pattern_passes

Patch = pytest.MonkeyPatch


def interpreted(patch: Patch) -> None:
    """Let passes run as plain Python: machine code is kept on the disk, and calls what it was made with."""
    for module in (passes, pattern_passes):
        for found in list(vars(module).values()):
            if hasattr(found, "py_func"):
                _everywhere(patch, found, found.py_func)


def mistake(module: ModuleType, name: str, old: str, new: str) -> Callable[[Patch], None]:
    """One place in a function, or in a `Class.method`, written otherwise."""

    def plant(patch: Patch) -> None:
        interpreted(patch)
        *owner, own_name = name.split(".")
        holder: Any = getattr(module, owner[0]) if owner else module
        right = getattr(holder, own_name)
        wrong = _written_otherwise(right, old, new)
        if owner:
            patch.setattr(holder, own_name, wrong)
        else:
            _everywhere(patch, right, wrong)

    return plant


def _written_otherwise(right: FunctionType, old: str, new: str) -> FunctionType:
    source = textwrap.dedent(inspect.getsource(right)).removeprefix("@machine_code\n")
    assert source.count(old) == 1, f"{old!r} is {source.count(old)} times in {right.__qualname__}"
    made: dict[str, Any] = {}
    exec(compile(source.replace(old, new), right.__module__, "exec"), right.__globals__, made)
    wrong: FunctionType = made[right.__name__]
    return wrong


def _everywhere(patch: Patch, right: object, wrong: object) -> None:
    """Replace a function in all modules of the engine that know it."""
    for module in _modules():
        for name, found in list(vars(module).items()):
            if found is right:
                patch.setattr(module, name, wrong)


def _modules() -> Iterator[ModuleType]:
    for name, module in list(sys.modules.items()):
        if name.startswith("intarsia.engine."):
            yield module
