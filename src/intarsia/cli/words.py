"""`intarsia word list|correct`."""

from __future__ import annotations

import click

from intarsia.cli.app import Place, with_json
from intarsia.cli.speaking import show_json, show_rows, speak

KINDS = ("text", "number", "money", "boolean", "date", "instant", "list", "object", "any")
FAMILIES = ("demographic", "geographic", "psychographic", "behavioural")


@click.group()
def word() -> None:
    """See which traits, events and properties the record holds; correct their kind or family."""


@word.command("list")
@with_json
@click.pass_obj
def list_words(place: Place, as_json: bool) -> None:
    """List every word with its kind, how many values came, and how many of them do not fit."""
    with place.open() as ws:
        rows = [found.to_json() for found in ws.words()]
    if as_json:
        show_json(rows)
    else:
        columns = ("word", "scope", "kind", "family", "seen", "unfit", "unfit_example")
        show_rows(rows, columns, numbers=("seen", "unfit"))


@word.command("correct")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), help="What its values are.")
@click.option("--family", type=click.Choice(FAMILIES), help="Of a trait: its family of criteria.")
@with_json
@click.pass_obj
def correct(place: Place, name: str, kind: str | None, family: str | None, as_json: bool) -> None:
    """Say of what kind or family NAME is, such as `city` or `Order Completed.coupon`. The record is untouched."""
    with place.open() as ws:
        found = ws.correct_word(name, kind=kind, family=family).to_json()
    if as_json:
        show_json(found)
    else:
        speak(f"`{found['word']}` is {found['kind']}" + (f", {found['family']}" if found["family"] else ""))
