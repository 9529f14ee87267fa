"""What columns do not have."""

from __future__ import annotations


class NotInColumns(Exception):
    """What is asked has no column; SQL answers it. The argument says what that is."""
