"""Which messages were recorded before the journal came to know them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa

from intarsia.engine.columns.known_texts import KnownTexts
from intarsia.lake.session import Session

_KNOWN = "select event_id from lake.events semi join asked using (event_id) where event_no <= $event_no"
_ALL = "select event_id from lake.events where event_no > $after and event_no <= $event_no"


class Seen:
    """The ids of all messages of the record up to an event; the journal itself lets none of its own in twice.

    open_session  a session over the present state of the lake
    """

    def __init__(self, open_session: Callable[[], Session], event_no: int) -> None:
        self._open_session = open_session
        self._event_no = 0
        self._ids = KnownTexts()
        self._session = open_session()
        self._learn(event_no)

    def _learn(self, event_no: int) -> None:
        newer = self._session.execute(_ALL, {"after": self._event_no, "event_no": event_no})["event_id"]
        if self._event_no:
            self._ids.add(newer)
        else:
            self._ids = KnownTexts.build(newer)
        self._event_no = event_no

    def catch_up(self, event_no: int) -> None:
        """Know the messages up to another event."""
        self._session.close()
        self._session = self._open_session()
        self._learn(event_no)

    def among(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that are recorded."""
        maybe = [one for one, may_be in zip(ids, self._ids.may_know(ids).tolist(), strict=True) if may_be]
        if not maybe:
            return set()
        self._session.register("asked", pa.table({"event_id": pa.array(maybe, pa.string())}))
        return set(self._session.execute(_KNOWN, {"event_no": self._event_no})["event_id"].to_pylist())

    def close(self) -> None:
        """Let go of the state of the lake."""
        self._session.close()
