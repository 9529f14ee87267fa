"""`intarsia receive`: messages as they come, through the journal."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from intarsia.cli.app import Place, with_json
from intarsia.cli.speaking import show_json, speak

FAULTS_TOLD = 10
PIECE = 1 << 20


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@with_json
@click.pass_obj
def receive(place: Place, file: IO[bytes], as_json: bool) -> None:
    """Take messages from FILE, or from a pipe, one JSON object a line, as they come.

    Each is on the disk before the next ones are read, counts once by its `messageId`, and is recorded soon after: at
    the next question, or by `intarsia work`. Ends with what became of the lines.
    """
    with place.open() as ws, _progress() as progress:
        found: dict[str, Any] = ws.receive_stream(_pieces(file), progress).to_json()
    if as_json:
        show_json(found)
        return
    parts = ("accepted", "duplicate", "conflicting", "rejected", "blank")
    click.echo(f"{found['lines']:,} lines = " + " + ".join(f"{found[part]:,} {part}" for part in parts))
    reasons: list[dict[str, Any]] = found["reasons"]
    for reason in reasons[:FAULTS_TOLD]:
        speak(f"line {reason['line']}: {reason['error']['message']}")
    if len(reasons) > FAULTS_TOLD:
        speak(f"and {len(reasons) - FAULTS_TOLD:,} more; --json lists them all")


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """A line on stderr, if that is a terminal: how many lines are taken and since when."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} lines"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("", total=None)
        yield lambda lines: shown.update(task, completed=lines)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """What there is to read, without waiting for more than there is."""
    while piece := os.read(file.fileno(), PIECE):
        yield piece
