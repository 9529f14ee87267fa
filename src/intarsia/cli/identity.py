"""`intarsia identity show|shared|merge|unmerge|reread|kind`."""

from __future__ import annotations

from typing import Any

import click

from intarsia.cli.app import Place, with_json
from intarsia.cli.speaking import show_json, show_rows, speak

FORMS = ("digits", "text", "email", "phone", "code")
SHOWN_MOST = 100
_KNOWN = click.option("--known-at", metavar="ISO", help="Leave out what was recorded later. [default: nothing]")
_REASON = click.option("--reason", required=True, help="Why; kept with the decision.")


@click.group()
def identity() -> None:
    """See which profiles are one person and by what; merge two, take one out, say what identifies people."""


@identity.command("show")
@click.argument("profile_id")
@_KNOWN
@with_json
@click.pass_obj
def show(place: Place, profile_id: str, known_at: str | None, as_json: bool) -> None:
    """Show the person to whom PROFILE_ID belongs: all profiles, identifiers, and what makes them one, since when."""
    with place.open() as ws:
        found = ws.identity.show(profile_id, known_at).to_json()
    if as_json:
        show_json({**found, "asked_for": profile_id})
        return
    if found["profile_id"] != profile_id:
        speak(f"{profile_id} is one person with {found['profile_id']}, who was known first")
    _show(found)


@identity.command("shared")
@click.option("--limit", type=click.IntRange(1), default=SHOWN_MOST, show_default=True, help="At most so many.")
@_KNOWN
@with_json
@click.pass_obj
def shared(place: Place, limit: int, known_at: str | None, as_json: bool) -> None:
    """List identifiers that several profiles have and that join nobody, with the reason; what most have first."""
    with place.open() as ws:
        rows = [found.to_json() for found in ws.identity.shared(known_at)]
    if as_json:
        show_json(rows[:limit])
    else:
        show_rows(rows[:limit], ("kind", "value", "profiles", "reason"), numbers=("profiles",))
        speak(f"{min(limit, len(rows)):,} of {len(rows):,} shared identifiers")


@identity.command("merge")
@click.argument("one")
@click.argument("other")
@_REASON
@with_json
@click.pass_obj
def merge(place: Place, one: str, other: str, reason: str, as_json: bool) -> None:
    """Make the profiles ONE and OTHER one person, from now on, for every instant that is asked about."""
    with place.open() as ws:
        decided = ws.identity.merge(one, other, reason).to_json()
        survivor = ws.identity.show(one).profile_id
    if as_json:
        show_json({**decided, "profile_id": survivor})
    else:
        speak(f"{one} and {other} are one person, {survivor}; `intarsia identity unmerge` undoes it")


@identity.command("unmerge")
@click.argument("profile_id")
@_REASON
@with_json
@click.pass_obj
def unmerge(place: Place, profile_id: str, reason: str, as_json: bool) -> None:
    """Take PROFILE_ID out of the person it is part of. What they share joins it to nobody any more."""
    with place.open() as ws:
        decided = ws.identity.unmerge(profile_id, reason).to_json()
    if as_json:
        show_json(decided)
    else:
        others: Any = decided["profiles"]
        speak(f"{profile_id} is a person of its own; it was one with {', '.join(others[1:])}")


@identity.command("reread")
@with_json
@click.pass_obj
def reread(place: Place, as_json: bool) -> None:
    """Take identifiers out of everything recorded once more, as after a change of the setting `country`."""
    with place.open() as ws:
        claims = ws.identity.reread()
    if as_json:
        show_json({"new": claims})
    else:
        speak(f"{claims:,} identifiers are new")


# --- kinds


@identity.group("kind")
def kind() -> None:
    """See and declare the kinds of identifiers."""


@kind.command("add")
@click.argument("name")
@click.option("--trait", required=True, help="The trait that holds it: `membership.number`.")
@click.option("--form", required=True, type=click.Choice(FORMS), help="What of its values counts.")
@with_json
@click.pass_obj
def add(place: Place, name: str, trait: str, form: Any, as_json: bool) -> None:
    """Declare the kind NAME: who has the same in that trait is one person. It counts for what is recorded, too."""
    with place.open() as ws:
        found = ws.identity.declare(name, trait, form).to_json()
    if as_json:
        show_json(found)
    else:
        speak(f"`{name}` in the trait `{trait}` identifies people, read as {form}")


@kind.command("list")
@with_json
@click.pass_obj
def list_kinds(place: Place, as_json: bool) -> None:
    """List the kinds of identifiers, with the traits that hold them."""
    with place.open() as ws:
        rows = [found.to_json() for found in ws.identity.kinds()]
    if as_json:
        show_json(rows)
    else:
        told = [{**row, "traits": ", ".join(row["traits"])} for row in rows]  # type: ignore[arg-type]
        show_rows(told, ("kind", "traits", "form", "declared"))


def _show(found: dict[str, Any]) -> None:
    show_rows(found["profiles"], ("profile_id", "first_recorded_at"))
    show_rows(found["identifiers"], ("kind", "value", "profile_id", "recorded_at"))
    for evidence in found["joined_by"]:
        one, other = evidence["profiles"]
        what = "a decision" if evidence["kind"] == "merge" else f"{evidence['kind']} {evidence['value']}"
        click.echo(f"{one} and {other} are one by {what}, {evidence['recorded_at']}")
    for other in found["joins_nobody"]:
        click.echo(f"{other['kind']} {other['value']} joins nobody: {other['reason']}")
    for kept in found["kept_apart"]:
        what = f"{kept['kind']} {kept['value']} joins {kept['profile_id']} to nobody since {kept['since']}"
        click.echo(f"{what}: several shared it, and one of them was erased later")
    for decision in found["decisions"]:
        profiles = " and ".join(decision["profiles"])
        click.echo(f"{decision['recorded_at']} {decision['what']} {profiles}: {decision['reason']}")
