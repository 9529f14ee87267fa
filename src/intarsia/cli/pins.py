"""`intarsia segment pin|exclude|unpin`."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from typing import Any

import click

from intarsia.cli.app import Place, with_json
from intarsia.cli.speaking import show_json, speak


def _putting(verb: str, says: str) -> click.Command:
    """The command that does with people what the workspace's segments call `verb`."""

    @click.command(verb, help=says)
    @click.argument("name")
    @click.argument("profiles", nargs=-1, required=True, metavar="PROFILE...")
    @click.option("--reason", required=True, help="Why; it is shown wherever the person is.")
    @click.option("--by", help="Who decided it. [default: your login name]")
    @click.option("--until", metavar="ISO", help="It expires then; a date is its whole day. [default: never]")
    @with_json
    @click.pass_obj
    def command(
        place: Place, name: str, profiles: Sequence[str], reason: str, by: str | None, until: str | None, as_json: bool
    ) -> None:
        with place.open() as ws:
            put = getattr(ws.segments, verb)
            found = put(name, profiles, reason=reason, until=until, author=by or _login())
        _answer(name, [one.to_json() for one in found], as_json=as_json)

    return command


pin = _putting("pin", "Put each PROFILE into the segment NAME by hand, whatever its rule says.")
exclude = _putting(
    "exclude", "Keep each PROFILE out of the segment NAME by hand; that wins over its rule and over pins."
)


@click.command("unpin")
@click.argument("name")
@click.argument("profiles", nargs=-1, required=True, metavar="PROFILE...")
@with_json
@click.pass_obj
def unpin(place: Place, name: str, profiles: Sequence[str], as_json: bool) -> None:
    """Take the pin or the exclusion of each PROFILE in the segment NAME back."""
    with place.open() as ws:
        found = ws.segments.unpin(name, profiles)
    _answer(name, [one.to_json() for one in found], as_json=as_json)


def told(one: Mapping[str, Any]) -> str:
    """One pin or exclusion in a line."""
    what = "kept out" if one["is_exclusion"] else "pinned"
    by = f" by {one['author']}" if one["author"] else ""
    until = f", until {one['until']}" if one["until"] else ""
    return f"{one['profile_id']} {what} since {one['created_at']}{by}{until}: {one['reason']}"


def _answer(name: str, found: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        pins = {False: "pins", True: "exclusions"}
        show_json({"name": name, **{pins[out]: [one for one in found if one["is_exclusion"] is out] for out in pins}})
        return
    for one in found:
        click.echo(told(one))
    speak(f"`{name}` has {len(found):,} pins and exclusions")


def _login() -> str | None:
    """The name that the system knows whoever runs this by, if it knows one."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return None
