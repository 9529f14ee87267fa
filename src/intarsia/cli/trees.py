"""`intarsia tree add|edit|list|show|members|rm`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from intarsia.cli.app import Place, with_json, with_times
from intarsia.cli.definitions import with_definition
from intarsia.cli.speaking import as_of_line, show_json, show_rows, speak
from intarsia.cli.tables import percent, shortened
from intarsia.speech import Speech

NAME_LONGEST = 36
REST = "(rest)"


@click.group()
def tree() -> None:
    """Sort everybody into segments and those below them: each person stands in exactly one leaf."""


@tree.command("add")
@click.argument("name")
@with_definition("text")
@with_json
@click.pass_obj
def add(place: Place, name: str, text: str, as_json: bool) -> None:
    """Put down the tree NAME: segments, one a line, those below one indented, the more important ones first.

    TEXT may be @FILE, or - for what is piped in.
    """
    with place.open() as ws:
        made = ws.trees.add(name, text).to_json()
    _answer(made, as_json=as_json)


@tree.command("edit")
@click.argument("name")
@with_definition("text")
@with_json
@click.pass_obj
def edit(place: Place, name: str, text: str, as_json: bool) -> None:
    """Give the tree NAME another TEXT, as a new version."""
    with place.open() as ws:
        made = ws.trees.edit(name, text).to_json()
    _answer(made, as_json=as_json)


@tree.command("list")
@with_json
@click.pass_obj
def list_trees(place: Place, as_json: bool) -> None:
    """List all trees."""
    with place.open() as ws:
        found, invalid = ws.trees.all(), ws.segments.invalid()
    wrong = {one.name: [name for name in one.segments if name in invalid or name in one.gone] for one in found}
    if as_json:
        show_json([{**one.to_json(), "broken": wrong[one.name]} for one in found])
        return
    rows = [{"name": one.name, "version": one.version, "segments": len(one.segments)} for one in found]
    show_rows(rows, ("name", "version", "segments"), numbers=("version", "segments"))
    for name, broken in wrong.items():
        if broken:
            speak(f"`{name}` is broken: {_listed(broken)} cannot be asked; `intarsia tree show {name}` says why")


@tree.command("show")
@click.argument("name")
@with_times
@with_json
@click.pass_obj
def show(place: Place, name: str, at: str | None, known_at: str | None, as_json: bool) -> None:
    """Show the tree NAME in numbers: who stands where, what is left over, what they bought.

    A line tells how many members its segment has, how many of them stand in the line above, and how many people are
    left for it, because no line before it has taken them. The rest are those of its people in nothing below it.
    """
    with place.open() as ws:
        shown = ws.trees.show(name, at, known_at)
        versions = [one.version_json() for one in ws.trees.versions(name)]
    found: dict[str, Any] = {**shown.to_json(), "versions": versions}
    if as_json:
        show_json(found)
        return
    click.echo(f"{found['name']} (version {found['version']})")
    rows = [_row(row, found, place.spoken) for row in found["rows"]]
    columns = ("segment", "members", "in parent", "people", "share", "rest", "net revenue")
    show_rows(rows, columns, numbers=columns[1:])
    for broken in found["broken"]:
        speak(f"broken: `{broken['segment']}` cannot be asked: {broken['error']['message']}")
    if found["broken"]:
        speak(f"nobody can be placed: mend what is broken, or take it out with `intarsia tree edit {found['name']}`")
    speak(f"net revenue of the last {found['window']['days']} days")
    speak(as_of_line(found["as_of"]))


@tree.command("members")
@click.argument("name")
@click.argument("path", nargs=-1, metavar="[SEGMENT]...")
@click.option("--rest", is_flag=True, help="Those who are in none of the segments below it.")
@click.option("--limit", type=click.IntRange(1), help="At most so many. [default: all]")
@with_times
@with_json
@click.pass_obj
def members(
    place: Place,
    name: str,
    path: Sequence[str],
    rest: bool,
    limit: int | None,
    at: str | None,
    known_at: str | None,
    as_json: bool,
) -> None:
    """List the profile ids of those who stand in a branch of the tree NAME.

    Name each SEGMENT on the way to it, the outermost first; without any it is the whole tree.
    """
    with place.open() as ws:
        ids, as_of = ws.trees.members(name, path, at, known_at, is_rest=rest)
    shown = ids[:limit]
    if as_json:
        show_json({"size": len(ids), "members": shown, "as_of": as_of.to_json()})
        return
    for profile_id in shown:
        click.echo(profile_id)
    speak(f"{len(shown):,} of {len(ids):,} people, {as_of_line(as_of.to_json())}")


@tree.command("rm")
@click.argument("name")
@with_json
@click.pass_obj
def remove(place: Place, name: str, as_json: bool) -> None:
    """Take the tree NAME out; its segments stay."""
    with place.open() as ws:
        ws.trees.remove(name)
    if as_json:
        show_json({"removed": name})
    else:
        speak(f"the tree `{name}` is removed; its segments stay")


def _answer(made: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_json(made)
        return
    speak(f"`{made['name']}` version {made['version']}:")
    click.echo(made["definition"])


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _row(row: Mapping[str, Any], report: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A line of the table: what is left over stands among the branches that leave it."""
    level = len(row["path"]) + row["is_rest"]
    called = REST if row["is_rest"] else row["path"][-1] if row["path"] else "everyone"
    minor, currency = row["net_revenue_minor"], (report["currency"], report["currency_digits"])
    return {
        "segment": shortened("  " * level + called, NAME_LONGEST),
        "members": row["size"],
        "in parent": row["in_parent"],
        "people": row["people"],
        "share": percent(row["share_of_parent"]) if level else "",
        "rest": row["remainder"] or None,
        "net revenue": None if minor is None else Speech(language).money(minor, *currency, is_rounded=True),
    }
