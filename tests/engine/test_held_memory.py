"""The C library keeps what is freed, where it can."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

from intarsia.engine.columns.held_memory import hold_memory

_FAULTS = """
import resource, sys
import numpy as np
from intarsia.engine.columns.held_memory import hold_memory
if sys.argv[1] == "held":
    assert hold_memory()
for _ in range(3):
    np.ones(2_000_000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    np.ones(2_000_000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(how: str) -> int:
    """How many clean pages the operating system gave for twenty arrays, one after another."""
    done = subprocess.run([sys.executable, "-c", _FAULTS, how], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "gnu_get_libc_version"), reason="glibc's option")
def test_arrays_take_the_pages_of_those_before_them() -> None:
    assert faults("held") < 1_000
    assert hold_memory()


def test_another_c_library_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert not hold_memory()
