"""The names of events, with what plain SQL cannot read of them, for conditions on `event_name`."""

from __future__ import annotations

import json

import pyarrow as pa

from intarsia.engine.sql.derived import Annotate
from intarsia.lake.session import Session


def event_names(session: Session, annotate: Annotate | None) -> pa.Table:
    """One row a name: `name`, and a JSON object with the name as its `event_name`, with what is noted beside it."""
    names = session.execute("select distinct name from lake.events order by name")["name"].to_pylist()
    found = [_noted(name, annotate) for name in names]
    columns = {"name": names, "props": [text for text, _ in found], "readings": [note for _, note in found]}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _noted(name: str, annotate: Annotate | None) -> tuple[str, str | None]:
    values = {"event_name": name}
    return annotate(values) if annotate is not None else (json.dumps(values, ensure_ascii=False), None)
