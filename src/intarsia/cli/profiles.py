"""`intarsia profile delete|restore|erase|readmit|export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from intarsia.cli.app import BadUsage, Place, with_json
from intarsia.cli.speaking import show_json, speak
from intarsia.errors import phrase

if TYPE_CHECKING:
    from intarsia.workspace import Workspace

_IDS = click.argument("profile_ids", metavar="ID...", nargs=-1, required=True)
_AT = click.option("--at", metavar="ISO", help="From when on. [default: the present]")
_REASON = click.option("--reason", default="", help="Why; it is kept with the fact.")


@click.group()
def profile() -> None:
    """One person's data: delete, restore, erase, readmit, export."""


@profile.command("delete")
@_IDS
@_AT
@_REASON
@with_json
@click.pass_obj
def delete(place: Place, profile_ids: tuple[str, ...], at: str | None, reason: str, as_json: bool) -> None:
    """Take people out of every segment from an instant on; nothing is lost, and `restore` brings them back."""
    with place.open() as ws:
        _show_stated(ws.profiles.delete(profile_ids, at, reason=reason).to_json(), as_json=as_json)


@profile.command("restore")
@_IDS
@_AT
@_REASON
@with_json
@click.pass_obj
def restore(place: Place, profile_ids: tuple[str, ...], at: str | None, reason: str, as_json: bool) -> None:
    """Bring deleted people back, from an instant on."""
    with place.open() as ws:
        _show_stated(ws.profiles.restore(profile_ids, at, reason=reason).to_json(), as_json=as_json)


def _show_stated(stated: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_json(stated)
        return
    for profile_id in stated["profile_ids"]:
        click.echo(profile_id)
    speak(f"{'deleted' if stated['deleted'] else 'restored'} from {stated['at']} on")


@profile.command("erase")
@_IDS
@click.option("--reason", required=True, help="Why; it is kept for ever, so do not name the person.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_json
@click.pass_obj
def erase(place: Place, profile_ids: tuple[str, ...], reason: str, yes: bool, as_json: bool) -> None:
    """Remove people from the workspace, for ever; it rewrites the tables, so name all of them at once.

    ID is of a profile, or one that somebody is known by on a list or as a cookie. The ids are kept as keyed hashes, so
    that an old file does not bring them back; what other people wrote and still names them is told.
    """
    with place.open() as ws:
        if not yes:
            _ask_for(ws, profile_ids)
        done = ws.profiles.erase(profile_ids, reason=reason).to_json()
    if as_json:
        show_json(done)
    else:
        _show_erased(done)


def _ask_for(ws: Workspace, profile_ids: tuple[str, ...]) -> None:
    people = ws.profiles.people(profile_ids)
    for ids in people:
        speak(" = ".join(ids))
    click.confirm(f"erase {_counted(len(people), 'person', 'people')} for ever?", abort=True, err=True)


_ROWS = {
    "events": ("message", "messages"),
    "profiles": ("profile", "profiles"),
    "identities": ("identifier", "identifiers"),
    "memberships": ("change of a membership", "changes of memberships"),
    "list_member": ("place on a list", "places on lists"),
    "pin": ("pin or exclusion", "pins and exclusions"),
    "words": ("word that they used, counted anew", "words that they used, counted anew"),
    "consents": ("consent that nobody else was asked for", "consents that nobody else was asked for"),
    "definitions": ("definition that named them, rewritten", "definitions that named them, rewritten"),
}
"""What of one person is called, one and many of it, by the tables of the lake and the store."""


def _show_erased(done: dict[str, Any]) -> None:
    people = _counted(done["people"], "person", "people")
    click.echo(f"erased {people} ({_counted(done['profiles'], 'profile', 'profiles')})")
    for what, count in (*done["rows"].items(), *done["store"].items()):
        one, many = _ROWS.get(what, (what, what))
        click.echo(f"  {_counted(count, one, many)}")
    click.echo(f"  {_counted(done['rejected_lines'], 'rejected line', 'rejected lines')}")
    click.echo(f"  {_counted(done['files'], 'file', 'files')} of {_counted(done['bytes'], 'byte', 'bytes')}")
    for name in done["rewritten"]:
        click.echo(f"  rewritten, for it named them: segment {name}")
    if done["sessions_open"]:
        running = _counted(done["sessions_open"], "question that runs now holds", "questions that run now hold")
        speak(f"{running} what was read until it is answered")
    for mention in done["mentions"]:
        speak(f"still names them, for it was written by people: {mention['what']} {mention['name']}")
    for name in done["missing"]:
        speak(f"may still hold them, for it is not where it was: {name}")
    for name in done["loaded_from"]:
        speak(f"still holds them, for it is yours: {name}")
    speak("outside of this: back-ups, exports, files that were loaded, and what the disk keeps of removed files")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


@profile.command("readmit")
@click.argument("profile_id", metavar="ID")
@with_json
@click.pass_obj
def readmit(place: Place, profile_id: str, as_json: bool) -> None:
    """Let an erased id be recorded again; nothing comes back by itself, but a file that is loaded again counts."""
    with place.open() as ws:
        ws.profiles.readmit(profile_id)
    if as_json:
        show_json({"readmitted": True})
    else:
        speak("messages of this id are recorded again; a file that was loaded before brings back what it holds of it")


@profile.command("export")
@click.argument("profile_id", metavar="ID")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file. [default: stdout]")
@click.option("--format", "kind", type=click.Choice(("json", "zip")), default="json", show_default=True,
              help="One JSON document, or a CSV file for each part in a zip.")  # fmt: skip
@with_json
@click.pass_obj
def export(place: Place, profile_id: str, out: Path | None, kind: str, as_json: bool) -> None:
    """Write everything that is held of one person: profile, traits, messages, consents, memberships, lists, loads."""
    if as_json and kind == "zip" and out is None:
        reason = phrase("a zip is no JSON: name a file with --out")
        raise BadUsage(reason=reason, command="intarsia profile export")
    with place.open() as ws:
        found = ws.export(profile_id)
    content = found.to_zip() if kind == "zip" else found.to_bytes()
    if out is None:
        click.echo(content if kind == "zip" else content.decode(), nl=False)
        return
    out.write_bytes(content)
    counts = {name: len(rows) for name, rows in found.sections.items()}
    if as_json:
        show_json({"path": str(out), "bytes": len(content), "rows": counts})
    else:
        click.echo(str(out))
        speak(", ".join(_counted(count, *_of_section(name)) for name, count in counts.items() if count))


def _of_section(name: str) -> tuple[str, str]:
    """What one and many rows of a section of an export are called."""
    many = name.replace("_", " ")
    return many.removesuffix("s"), many
