"""Memory that was used once is kept for the arrays of the next question, by processes that ask many."""

from __future__ import annotations

import ctypes

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""The numbers of these options of glibc's `mallopt`."""
LARGEST = 1 << 30
MOST = (1 << 31) - 1


def hold_memory() -> bool:
    """Have the C library keep what is freed; whether it can: glibc does, others are left as they are.

    By itself it gives arrays of some megabytes and more back to the operating system at once, and takes clean pages for
    the next ones: that is a third of what it takes to evaluate all segments of a million people. What a process holds
    does not grow beyond what it needed at most.
    """
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(set_option(MMAP_THRESHOLD, LARGEST) and set_option(TRIM_THRESHOLD, MOST))
