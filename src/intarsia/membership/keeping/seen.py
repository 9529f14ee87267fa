"""Which messages were recorded before the journal came to know them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa

from intarsia.engine.columns.known_texts import KnownTexts
from intarsia.lake.session import Session

_KNOWN = "select event_id from lake.events semi join asked using (event_id) where event_no <= $event_no"
_NEWER = "select event_id from lake.events where event_no > $after and event_no <= $event_no"


class Seen:
    """The ids of all messages of the record up to an event; the journal itself lets none of its own in twice.

    open_session  a session over the present state of the lake
    ids           those of the messages up to the event of a number
    """

    def __init__(self, open_session: Callable[[], Session], ids: KnownTexts, event_no: int) -> None:
        self.ids = ids
        self.event_no = event_no
        self._open_session = open_session
        self._session = open_session()

    def catch_up(self, event_no: int) -> None:
        """Know the messages up to another event."""
        self._session.close()
        self._session = self._open_session()
        self.ids.add(self._session.execute(_NEWER, {"after": self.event_no, "event_no": event_no})["event_id"])
        self.event_no = event_no

    def among(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that are recorded."""
        maybe = [one for one, may_be in zip(ids, self.ids.may_know(ids).tolist(), strict=True) if may_be]
        if not maybe:
            return set()
        self._session.register("asked", pa.table({"event_id": pa.array(maybe, pa.string())}))
        return set(self._session.execute(_KNOWN, {"event_no": self.event_no})["event_id"].to_pylist())

    def close(self) -> None:
        """Let go of the state of the lake."""
        self._session.close()
