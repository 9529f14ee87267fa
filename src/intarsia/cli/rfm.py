"""`intarsia rfm learn|show|write`."""

from __future__ import annotations

from typing import Any

import click

from intarsia.cli.app import Place, with_json, with_times
from intarsia.cli.speaking import as_of_line, show_json, show_rows, speak


@click.group()
def rfm() -> None:
    """Recency, frequency and money: learn edges, see classes, write them as traits."""


@rfm.command("learn")
@click.option("--at", metavar="ISO", help="The instant that is looked back from. [default: the present]")
@click.option("--window-days", type=click.IntRange(1), default=365, show_default=True, help="How far back.")
@click.option(
    "--counting", type=click.Choice(("orders", "days")), default="orders", show_default=True, help="What F is."
)
@with_json
@click.pass_obj
def learn(place: Place, at: str | None, window_days: int, counting: Any, as_json: bool) -> None:
    """Learn the edges between the scores from the orders, and put them in force until the next learning."""
    with place.open() as ws:
        definition = ws.rfm.learn(at, window_days=window_days, counting=counting).to_json()
    if as_json:
        show_json(definition)
    else:
        for name, value in definition.items():
            click.echo(f"{name}: {value}")


@rfm.command("show")
@with_times
@with_json
@click.pass_obj
def show(place: Place, at: str | None, known_at: str | None, as_json: bool) -> None:
    """Show how many people are in each class, by the edges in force."""
    with place.open() as ws:
        scores = ws.rfm.score(at, known_at)
        found = scores.to_json()
    if as_json:
        show_json(found)
        return
    classes = scores.classes()
    rows = [{"class": name, "people": count} for name, count in classes.items()]
    show_rows(rows, ("class", "people"), numbers=("people",))
    speak(as_of_line(scores.as_of.to_json()))


@rfm.command("write")
@click.option("--at", metavar="ISO", help="As of this instant. [default: the present]")
@with_json
@click.pass_obj
def write(place: Place, at: str | None, as_json: bool) -> None:
    """Write everybody's scores into the record as the trait `rfm`, for use in rules: rfm.class = 'champions'."""
    with place.open() as ws:
        written = ws.rfm.write(at).to_json()
    if as_json:
        show_json(written)
    else:
        speak(f"{written['scored']:,} scored, {written['changed']:,} changed, {written['cleared']:,} cleared")
