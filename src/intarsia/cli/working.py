"""`intarsia work`, `intarsia status`."""

from __future__ import annotations

import signal
import threading
from typing import Any

import click

from intarsia.cli.app import Place, with_json
from intarsia.cli.speaking import show_json, show_rows, speak, speak_of


@click.command()
@with_json
@click.pass_obj
def work(place: Place, as_json: bool) -> None:
    """Keep all segments up to date, until it is told to stop (Ctrl-C).

    Takes messages as `intarsia receive` acknowledges them, lets people leave when their time has come, writes who
    entered and left into the ledger, and checks itself. One worker a workspace; all other commands go on working.
    """
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    goes_on = True
    while goes_on:
        with place.open() as ws:
            goes_on = ws.work(stopping.wait, log=lambda told: speak_of([told], place.spoken))
            found: dict[str, Any] = ws.status().to_json()
    if as_json:
        show_json(found["worker"])


@click.command()
@with_json
@click.pass_obj
def status(place: Place, as_json: bool) -> None:
    """Tell whether a worker keeps the segments up to date, what waits, and as of when each segment is known."""
    with place.open() as ws:
        found: dict[str, Any] = ws.status().to_json()
    if as_json:
        show_json(found)
        return
    rows = [{**row, "state": "left out of the last evaluation" if row["stale"] else ""} for row in found["segments"]]
    show_rows(rows, ("name", "size", "as_of", "state"), numbers=("size",))
    speak(_worker(found["worker"]))
    if found["waiting"]:
        speak(f"received and not recorded yet: {found['waiting']:,} messages")


def _worker(said: dict[str, Any] | None) -> str:
    if said is None or not said["runs"]:
        return "no worker runs: `intarsia evaluate` brings the ledger up to date, `intarsia work` keeps it so"
    parts = [f"a worker runs since {said['started_at']}: {said['taken']:,} messages, {said['changes']:,} changes"]
    parts.append(f"last heard of at {said['seen_at']}")
    parts.append(f"{said['checked']:,} people checked, {len(said['differences'])} differences")
    if said["trouble"]:
        parts.append(f"it cannot write: {said['trouble']}")
    return "; ".join(parts)
