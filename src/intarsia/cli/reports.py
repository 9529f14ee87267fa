"""`intarsia report segments`."""

from __future__ import annotations

from pathlib import Path

import click

from intarsia.cli.app import Place, with_json, with_times
from intarsia.cli.speaking import show_json, speak, wide_console


@click.group()
def report() -> None:
    """What the segments are worth."""


@report.command("segments")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the page with pictures here.")
@with_times
@with_json
@click.pass_obj
def segments(place: Place, output: Path | None, at: str | None, known_at: str | None, as_json: bool) -> None:
    """Show all segments with size, revenue and gross profit; with --output also as one HTML page with pictures."""
    with place.open() as ws:
        found = ws.reports.segments(at, known_at, language=place.language)
        if output is not None:
            output.write_text(found.to_html(), encoding="utf-8")
        if as_json:
            show_json(found.to_json())
        else:
            found.print(wide_console())
    if output is not None:
        speak(f"the page is in {output.resolve().as_uri()}")
