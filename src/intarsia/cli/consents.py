"""`intarsia consent declare|list`."""

from __future__ import annotations

import click

from intarsia.cli.app import Place, with_json
from intarsia.cli.speaking import show_json, show_rows, speak


@click.group()
def consent() -> None:
    """See for which channels and purposes people are asked, for rules such as: consent email for marketing is given."""


@consent.command("declare")
@click.argument("channel")
@click.argument("purpose")
@with_json
@click.pass_obj
def declare(place: Place, channel: str, purpose: str, as_json: bool) -> None:
    """Make CHANNEL and PURPOSE known before anybody is asked, so that rules may name them."""
    with place.open() as ws:
        found = ws.consents.declare(channel, purpose).to_json()
    if as_json:
        show_json(found)
    else:
        speak(f"consent to {found['channel']} for {found['purpose']} may be named")


@consent.command("list")
@with_json
@click.pass_obj
def list_consents(place: Place, as_json: bool) -> None:
    """List the channels and purposes that messages spoke of, or that were declared."""
    with place.open() as ws:
        rows = [found.to_json() for found in ws.consents.all()]
    if as_json:
        show_json(rows)
    else:
        show_rows(rows, ("channel", "purpose", "declared"))
