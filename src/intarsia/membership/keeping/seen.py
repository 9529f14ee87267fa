"""Which messages were recorded before the journal came to know them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa

from intarsia.lake.session import Session

_KNOWN = "select event_id from lake.events semi join asked using (event_id) where event_no <= $event_no"


class Seen:
    """The ids of all messages of the record up to an event; the journal itself lets none of its own in twice.

    open_session  a session over the present state of the lake
    """

    def __init__(self, open_session: Callable[[], Session], event_no: int) -> None:
        self._session = open_session()
        self._event_no = event_no

    def among(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that are recorded."""
        self._session.register("asked", pa.table({"event_id": pa.array(ids, pa.string())}))
        return set(self._session.execute(_KNOWN, {"event_no": self._event_no})["event_id"].to_pylist())

    def close(self) -> None:
        """Let go of the state of the lake."""
        self._session.close()
