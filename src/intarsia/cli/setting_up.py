"""`intarsia init`."""

from __future__ import annotations

from typing import Any

import click

from intarsia import workspace
from intarsia.cli.app import with_json
from intarsia.cli.speaking import show_json, speak


@click.command()
@click.argument("folder", type=click.Path(path_type=str))
@click.option("--timezone", default="UTC", show_default=True, help="IANA name of the zone in which days begin and end.")
@click.option("--currency", default="EUR", show_default=True, help="Of all sums: three capital letters.")
@click.option(
    "--report-language", default="en", show_default=True, help="Of errors, sentences and reports: en, ru, pl, cs or fa."
)
@click.option("--first-weekday", default="monday", show_default=True, help="The day on which a week begins.")
@click.option("--calendar", default="gregorian", show_default=True, help="Of months and years: gregorian or jalali.")
@with_json
def init(folder: str, report_language: str, as_json: bool, **others: str) -> None:
    """Make a workspace in FOLDER, which is empty or not there yet."""
    settings: dict[str, Any] = {**others, "language": report_language}
    with workspace.create(folder, **settings) as made:
        path = str(made.path)
    if as_json:
        show_json({"workspace": path, **settings})
    else:
        click.echo(path)
        speak(f"a workspace is in {path}; next: intarsia -w {path} source look FILE")
