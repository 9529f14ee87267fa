"""`intarsia evaluate`, `intarsia membership history`."""

from __future__ import annotations

from typing import Any

import click

from intarsia.cli.app import Place, with_json, with_times
from intarsia.cli.invalid import tell
from intarsia.cli.speaking import as_of_line, show_json, show_rows, speak


@click.command()
@with_times
@with_json
@click.pass_obj
def evaluate(place: Place, at: str | None, known_at: str | None, as_json: bool) -> None:
    """Work out all segments over one state of the record; write who entered and who left into the ledger."""
    with place.open() as ws:
        done = ws.evaluate(at, known_at)
    run = done.to_json()
    if as_json:
        show_json(run)
        return
    rows: list[dict[str, Any]] = list(run["segments"])  # type: ignore[call-overload]
    show_rows(rows, ("name", "version", "size", "entered", "left"), numbers=("version", "size", "entered", "left"))
    tell({one.name: one.error for one in done.broken if one.error is not None}, place.spoken)
    if run["erased"]:
        speak(f"{_erased(run['erased'])} since the evaluation before, without a change in the ledger")
    speak(as_of_line(run["as_of"]))  # type: ignore[arg-type]


def _erased(count: object) -> str:
    return "1 person has been erased" if count == 1 else f"{count:,} people have been erased"


@click.group()
def membership() -> None:
    """Read the ledger: who entered and left which segment, when, and why."""


@membership.command("history")
@click.option("--segment", help="Of one segment. [default: of all]")
@click.option("--profile", help="Of one person. [default: of everybody]")
@with_json
@click.pass_obj
def history(place: Place, segment: str | None, profile: str | None, as_json: bool) -> None:
    """List the changes in the order in which they were recorded."""
    with place.open() as ws:
        rows = [change.to_json() for change in ws.memberships.history(segment, profile)]
        erased = ws.memberships.erased()
        invalid = {name: error for name, error in ws.segments.invalid().items() if segment in (None, name)}
    tell(invalid, place.spoken)
    if erased:
        speak(f"{_erased(erased)}; their changes are not here")
    if as_json:
        show_json(rows)
    elif rows:
        show_rows(rows, [name for name in rows[0] if name not in ("run_id", "segment_id")])
