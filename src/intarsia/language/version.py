"""The version of the language that a text is written in. What one version reads, every later one reads too."""

from __future__ import annotations

LANGUAGE_VERSION = 1
"""The version that is written today; texts keep the one that they were written in, and parse for ever."""
