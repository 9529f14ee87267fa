"""Plain Python loops as machine code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def machine_code(function: F) -> F:
    """The function, compiled when it is first called and kept on the disk; it lets other threads run meanwhile."""
    compiled: F = njit(function, nogil=True, cache=True)
    return compiled
