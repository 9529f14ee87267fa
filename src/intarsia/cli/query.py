"""`intarsia query`."""

from __future__ import annotations

import json

import click

from intarsia.cli.app import Place, with_json, with_times
from intarsia.cli.invalid import tell
from intarsia.cli.speaking import as_of_line, show_json, show_rows, speak

SHOWN_ROWS = 1000


@click.command()
@click.argument("sql")
@with_times
@with_json
@click.pass_obj
def query(place: Place, sql: str, at: str | None, known_at: str | None, as_json: bool) -> None:
    """Answer one SELECT (DuckDB) over the views profiles, events, purchases, purchase_lines and memberships."""
    with place.open() as ws:
        answer = ws.query(sql, at=at, known_at=known_at)
        invalid = ws.segments.invalid() if "memberships" in sql.lower() else {}
    tell(invalid, place.spoken)
    if as_json:
        show_json(answer.to_pylist())
        return
    rows = answer.slice(0, SHOWN_ROWS).to_pylist()
    numbers = [
        field.name for field in answer.schema if str(field.type).startswith(("int", "uint", "double", "decimal"))
    ]
    show_rows(rows, answer.schema.names, numbers=numbers)
    more = f" (the first {SHOWN_ROWS:,} are shown; --json gives all)" if answer.num_rows > SHOWN_ROWS else ""
    as_of = json.loads(answer.schema.metadata[b"as_of"])
    speak(f"{answer.num_rows:,} rows{more}, {as_of_line(as_of)}")
