"""`intarsia list add|show|list|remove`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from intarsia.cli.app import Place, with_json
from intarsia.cli.speaking import show_json, show_rows, speak

UNKNOWN_SHOWN = 10
"""How many unknown ids are spoken; the JSON answer has all."""


@click.group("list")
def lists() -> None:
    """Name people one by one, for rules such as: in segment 'vip'."""


@lists.command("add")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--column", help="The ids are in this column of a table. [default: FILE has one id a line]")
@with_json
@click.pass_obj
def add(place: Place, name: str, file: Path, column: str | None, as_json: bool) -> None:
    """Put down the list NAME with the profile ids in FILE; a list of that name gets a new version.

    Ids that nobody has are kept, and count once somebody has them.
    """
    with place.open() as ws:
        found = ws.lists.add(name, file, column).to_json()
    _answer(found, as_json=as_json)


@lists.command("show")
@click.argument("name")
@click.option("--ids", is_flag=True, help="Write the ids, one a line.")
@with_json
@click.pass_obj
def show(place: Place, name: str, ids: bool, as_json: bool) -> None:
    """Show the list NAME: how many ids are on it, and which of them nobody has."""
    with place.open() as ws:
        found = ws.lists.show(name).to_json()
        if ids:
            found["members"] = ws.lists.ids(name)
    if ids and not as_json:
        for profile_id in found["members"]:  # type: ignore[attr-defined]
            click.echo(profile_id)
    else:
        _answer(found, as_json=as_json)


@lists.command("list")
@with_json
@click.pass_obj
def list_lists(place: Place, as_json: bool) -> None:
    """List all lists."""
    with place.open() as ws:
        rows = [definition.to_json() for definition in ws.lists.all()]
    if as_json:
        show_json(rows)
    else:
        show_rows(rows, ("name", "version", "definition"), numbers=("version",))


@lists.command("remove")
@click.argument("name")
@with_json
@click.pass_obj
def remove(place: Place, name: str, as_json: bool) -> None:
    """Take the list NAME out; refused while segments name it."""
    with place.open() as ws:
        ws.lists.remove(name)
    if as_json:
        show_json({"removed": name})
    else:
        speak(f"`{name}` is removed; the ledger keeps what was")


def _answer(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_json(found)
        return
    click.echo(f"{found['name']} (version {found['version']})")
    click.echo(f"  {found['ids']:,} ids, {found['found']:,} of them known")
    click.echo(f"  {found['added']:,} more and {found['removed']:,} fewer than in the version before")
    if found.get("duplicates"):
        speak(f"{found['duplicates']:,} more lines repeat an id")
    if found.get("unreadable_lines"):
        speak(f"not read: line {', '.join(map(str, found['unreadable_lines'][:UNKNOWN_SHOWN]))}")
    if found.get("erased"):
        speak(f"{found['erased']:,} ids are of people who were erased, and are left out")
    unknown = found["unknown"]
    if unknown:
        more = f" and {len(unknown) - UNKNOWN_SHOWN:,} more" if len(unknown) > UNKNOWN_SHOWN else ""
        speak(f"nobody has the id {', '.join(unknown[:UNKNOWN_SHOWN])}{more}; kept, and counted once somebody has it")
