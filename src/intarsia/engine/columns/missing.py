"""What columns do not have."""

from __future__ import annotations

from intarsia.errors import Phrase


class NotInColumns(Exception):
    """What is asked has no column; SQL answers it. `what` says what that is."""

    def __init__(self, what: Phrase) -> None:
        super().__init__(what)
        self.what = what
