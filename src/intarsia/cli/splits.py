"""`intarsia segment split`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from intarsia.cli.app import BadUsage, Place, with_json, with_times
from intarsia.cli.speaking import as_of_line, show_json, show_rows, speak
from intarsia.cli.tables import percent, table_width, terminal_width
from intarsia.errors import phrase

UNLIKELY = 0.001
"""Chance alone gives so uneven sizes in one of a thousand splits."""


@click.command("split")
@click.argument("name")
@click.option("--into", metavar="PARTS", help="Such as: a 10%, b 10%, rest. [default: show the parts that there are]")
@click.option("--salt", help="Deals people into parts; another one deals them anew. [default: the segment's name]")
@with_times
@with_json
@click.pass_obj
def split(
    place: Place, name: str, into: str | None, salt: str | None, at: str | None, known_at: str | None, as_json: bool
) -> None:
    """Split the segment NAME by share into segments of its own: stable, disjoint, the same on every machine.

    A part without a percentage takes what is left. Given again with other percentages, a part that grows keeps
    everybody who was in. Without --into, show the parts and whether their sizes are as they should be.
    """
    if into is None and salt is not None:
        raise BadUsage(reason=phrase("--salt goes with --into"), command="intarsia segment split")
    if into is not None and known_at is not None:
        raise BadUsage(reason=phrase("--known-at does not go with --into"), command="intarsia segment split")
    with place.open() as ws:
        found = ws.splits.show(name, at, known_at) if into is None else [ws.splits.make(name, into, salt=salt, at=at)]
    told = [one.to_json() for one in found]
    if as_json:
        show_json(told)
        return
    for one in told:
        _show(one)
    if not told:
        speak(f"`{name}` has no parts: make some with --into")


def _show(split: Mapping[str, Any]) -> None:
    rows = [_row(part["name"], part, split["size"], part["definition"]) for part in split["parts"]]
    if split["unassigned"]["share"]:
        rows.append(_row("(in no part)", split["unassigned"], split["size"], None))
    columns = ("name", "share", "people", "of all", "definition")
    fits = table_width(rows, columns) <= terminal_width()
    show_rows(rows, columns if fits else columns[:-1], numbers=columns[1:4])
    speak(f"`{split['segment']}`: {split['size']:,} people, dealt with the salt `{split['salt']}`")
    if split["balance"] is not None:
        speak(_of_balance(split["balance"]))
    speak(as_of_line(split["as_of"]))


def _row(name: str, part: Mapping[str, Any], whole: int, definition: str | None) -> dict[str, Any]:
    is_of_all = percent(part["size"] / whole) if whole else None
    share = f"{100 * part['share']:.4f}".rstrip("0").rstrip(".")
    return {
        "name": name,
        "share": f"{share} %",
        "people": part["size"],
        "of all": is_of_all,
        "definition": definition,
    }


def _of_balance(balance: Mapping[str, Any]) -> str:
    """What the test says of the sizes."""
    degrees = balance["degrees"]
    freedom = "1 degree of freedom" if degrees == 1 else f"{degrees} degrees of freedom"
    how = f"chi-square {balance['statistic']:.2f}, {freedom}, p = {balance['p_value']:.3f}"
    if balance["is_rough"]:
        return f"too few people for a test of the sizes: {how}"
    if balance["p_value"] < UNLIKELY:
        return f"the sizes are not as chance would have them: {how}"
    return f"the sizes are as the shares say: {how}"
