"""`intarsia demo`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from intarsia.cli.app import with_json
from intarsia.cli.speaking import show_json, speak, wide_console

FOLDER = "demo"
PAGE = "report.html"


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default=FOLDER, show_default=True, help="Where it is kept.")
@with_json
def demo(folder: Path, as_json: bool) -> None:
    """Load the demo shop, evaluate its segments, show what they are worth. A second run uses what is there."""
    from intarsia.demo import ABOUT, build

    with _progress() as progress, build(folder, progress) as ws:
        run = ws.evaluate()
        found = ws.reports.segments()
        page = ws.path / PAGE
        page.write_text(found.to_html(), encoding="utf-8")
        if as_json:
            show_json({"run": run.to_json(), "report": found.to_json(), "page": str(page)})
            return
        found.print(wide_console())
    speak(ABOUT)
    speak(f"the page with pictures: {page.resolve().as_uri()}")
    program = sys.argv[0] if Path(sys.argv[0]).name == "intarsia" else "intarsia"
    speak(f'ask on: {program} -w {folder} segment count "did order in last 6 months"')


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, told how many messages are recorded and how many there are."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("messages")
        yield lambda done, of: bar.update(task, completed=done, total=of)
