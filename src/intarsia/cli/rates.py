"""`intarsia rate load|list|missing`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from intarsia.cli.app import BadUsage, Place, with_json
from intarsia.cli.speaking import show_json, show_rows, speak
from intarsia.errors import phrase


@click.group()
def rate() -> None:
    """Give rates of exchange, by which amounts in other currencies become those of the workspace's."""


@rate.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="Who says so, as in: ECB.")
@click.option("--per", metavar="CURRENCY", help="A number is what one unit of this is in each currency, as the ECB's.")
@click.option("--per-unit", is_flag=True, help="A number is what one unit of a currency is in the workspace's.")
@click.option(
    "--fill",
    type=click.IntRange(0, 31),
    default=0,
    metavar="DAYS",
    help="Fill gaps of up to so many days with the rate of the day before, as at weekends. [default: none]",
)
@with_json
@click.pass_obj
def load(place: Place, file: Path, source: str, per: str | None, per_unit: bool, fill: int, as_json: bool) -> None:
    """Take the rates in FILE: columns day, currency and rate, or one column a currency as central banks publish them.

    A rate of a day that is known already replaces it from now on; questions about what was known before still see the
    one before.
    """
    if per is not None and per_unit:
        reason = phrase("--per and --per-unit say two different things; give one of them")
        raise BadUsage(reason=reason, command="intarsia rate load")
    with place.open() as ws:
        found = ws.rates.load(file, source=source, per=per, per_unit=per_unit, fill=fill).to_json()
    if as_json:
        show_json(found)
        return
    currencies = found["currencies"]
    assert isinstance(currencies, list)
    counts = ("recorded", "changed", "unchanged", "filled", "left_out")
    speak("rates: " + ", ".join(f"{found[name]:,} {name.replace('_', ' ')}" for name in counts))
    if found["first_day"] is not None:
        speak(f"from {found['first_day']} to {found['last_day']}: {' '.join(currencies)}")


@rate.command("list")
@click.option("--currency", metavar="CURRENCY", help="Of this one only. [default: all]")
@with_json
@click.pass_obj
def list_rates(place: Place, currency: str | None, as_json: bool) -> None:
    """List the rates that count now: what one unit of each currency was on each day."""
    with place.open() as ws:
        rows = [found.to_json() for found in ws.rates.all(currency)]
    if as_json:
        show_json(rows)
    else:
        show_rows(rows, ("currency", "day", "rate", "source", "recorded_at"))


@rate.command("missing")
@with_json
@click.pass_obj
def missing(place: Place, as_json: bool) -> None:
    """List the currencies and days of recorded amounts that have no rate, with how many events and people they touch.

    A sum over such an amount is unknown for the person, so that nothing is left out unseen.
    """
    with place.open() as ws:
        rows = [found.to_json() for found in ws.rates.missing()]
    if as_json:
        show_json(rows)
    else:
        show_rows(rows, ("currency", "day", "events", "people"), numbers=("events", "people"))


def missing_line(rates: list[dict[str, Any]]) -> str:
    """What is said of rates that an answer would have needed."""
    days = sorted(str(rate["day"]) for rate in rates)
    currencies = " ".join(sorted({str(rate["currency"]) for rate in rates}))
    span = days[0] if days[0] == days[-1] else f"from {days[0]} to {days[-1]}"
    return (
        f"missing rates: {len(rates):,} ({currencies}, {span}); sums of amounts without a rate are unknown, and no "
        "test of them holds; `intarsia rate missing` lists them"
    )
