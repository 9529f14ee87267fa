"""`intarsia segment ...`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click

from intarsia.cli.app import BadUsage, Place, with_json, with_times
from intarsia.cli.backtests import backtest
from intarsia.cli.definitions import with_definition
from intarsia.cli.explaining import Telling
from intarsia.cli.invalid import tell
from intarsia.cli.overlaps import overlap
from intarsia.cli.pins import exclude, pin, told, unpin
from intarsia.cli.previews import preview
from intarsia.cli.query_plans import query_plan
from intarsia.cli.rates import missing_line
from intarsia.cli.segment_code import applied, apply, plan, pull, rollback
from intarsia.cli.speaking import as_of_line, show_error, show_json, show_rows, speak, speak_of
from intarsia.cli.splits import split
from intarsia.cli.transitions import transitions
from intarsia.errors import phrase

INVALID = "invalid"
"""What stands in a table for a segment that cannot be asked."""


@click.group()
def segment() -> None:
    """Define segments, count them, list their members, ask why."""


@segment.command("add")
@click.argument("name")
@with_definition("definition", required=False)
@click.option("--template", help="Take the definition of a template instead.")
@with_json
@click.pass_obj
def add(place: Place, name: str, definition: str | None, template: str | None, as_json: bool) -> None:
    """Put down the segment NAME with a DEFINITION in the segment language."""
    if (definition is None) == (template is None):
        reason = phrase("give a definition or --template, one of them")
        raise BadUsage(reason=reason, command="intarsia segment add")
    with place.open() as ws:
        if definition is None:
            made = ws.segments.add_template(str(template), name)
        else:
            made = ws.segments.add(name, definition)
        doubts = ws.segments.doubts(made.text)
    _put_down(place, made.to_json(), doubts, as_json=as_json)


@segment.command("edit")
@click.argument("name")
@with_definition("definition")
@with_json
@click.pass_obj
def edit(place: Place, name: str, definition: str, as_json: bool) -> None:
    """Give the segment NAME another DEFINITION, as a new version."""
    with place.open() as ws:
        made = ws.segments.edit(name, definition)
        doubts = ws.segments.doubts(made.text)
    _put_down(place, made.to_json(), doubts, as_json=as_json)


@segment.command("rename")
@click.argument("name")
@click.argument("new_name")
@with_json
@click.pass_obj
def rename(place: Place, name: str, new_name: str, as_json: bool) -> None:
    """Call the segment NAME NEW_NAME, in the definitions that name it too."""
    with place.open() as ws:
        changed = [definition.to_json() for definition in ws.segments.rename(name, new_name)]
    if as_json:
        show_json(changed)
    else:
        for definition in changed:
            _speak_of_version(definition)


@segment.command("rm")
@click.argument("name")
@with_json
@click.pass_obj
def remove(place: Place, name: str, as_json: bool) -> None:
    """Take the segment NAME out; refused while others name it."""
    with place.open() as ws:
        ws.segments.remove(name)
    if as_json:
        show_json({"removed": name})
    else:
        speak(f"`{name}` is removed; the ledger keeps what was")


@segment.command("list")
@with_json
@click.pass_obj
def list_segments(place: Place, as_json: bool) -> None:
    """List all segments with their definitions; those that are invalid are marked, with the reason below."""
    with place.open() as ws:
        definitions, invalid = ws.segments.all(), ws.segments.invalid()
    if as_json:
        errors = {name: error.to_json() for name, error in invalid.items()}
        show_json([{**one.to_json(), "error": errors.get(one.name)} for one in definitions])
        return
    rows = [{**one.to_json(), "state": INVALID if one.name in invalid else ""} for one in definitions]
    columns = ("name", "version", *(("state",) if invalid else ()), "definition")
    show_rows(rows, columns, numbers=("version",))
    tell(invalid, place.spoken)


@segment.command("show")
@click.argument("name")
@with_times
@with_json
@click.pass_obj
def show(place: Place, name: str, at: str | None, known_at: str | None, as_json: bool) -> None:
    """Show the segment NAME: definition, in words, size, versions."""
    with place.open() as ws:
        shown = ws.segments.show(name, at, known_at, language=place.spoken)
        kept = None if shown.error is None else len(ws.memberships.current(name))
    found = {**shown.to_json(), "kept": kept}
    if as_json:
        show_json(found)
        return
    click.echo(f"{found['name']} (version {found['version']})")
    click.echo(f"  {found['definition']}")
    click.echo(f"  {found['sentence']}")
    if shown.error is None:
        click.echo(f"  {found['size']:,} of {found['base']:,}")
        _speak_of_anonymous(found)
    else:
        click.echo(f"  {INVALID}; members that it keeps: {kept:,}")
    for one in (*_list(found["pins"]), *_list(found["exclusions"])):
        click.echo(f"  {told(one)}")
    if shown.error is not None:
        tell({name: shown.error}, place.spoken)
    if shown.count is not None:
        speak_of((doubt.says for doubt in shown.count.doubts), place.spoken)
    speak(as_of_line(_mapping(found["as_of"])))


@segment.command("count")
@with_definition("text_or_name")
@with_times
@with_json
@click.pass_obj
def count(place: Place, text_or_name: str, at: str | None, known_at: str | None, as_json: bool) -> None:
    """Count the people in a segment, or those who meet a definition."""
    with place.open() as ws:
        counted = ws.segments.count(text_or_name, at, known_at)
    found = counted.to_json()
    if as_json:
        show_json(found)
    else:
        click.echo(found["size"])
        speak(f"{found['size']:,} of {found['base']:,} people, {as_of_line(_mapping(found['as_of']))}")
        _speak_of_anonymous(found)
        speak_of((doubt.says for doubt in counted.doubts), place.spoken)
        missing = found["missing_rates"]
        if isinstance(missing, list) and missing:
            speak(missing_line(missing))


@segment.command("members")
@with_definition("text_or_name")
@click.option("--limit", type=click.IntRange(1), help="At most so many. [default: all]")
@with_times
@with_json
@click.pass_obj
def members(
    place: Place, text_or_name: str, limit: int | None, at: str | None, known_at: str | None, as_json: bool
) -> None:
    """List the profile ids of a segment's members, or of those who meet a definition."""
    with place.open() as ws, ws.ask(at, known_at) as asking:
        ids = asking.members(text_or_name)["profile_id"].to_pylist()
        as_of, doubts = asking.as_of.to_json(), asking.doubts(text_or_name)
    shown = ids[:limit]
    if as_json:
        told_of = [doubt.to_json() for doubt in doubts]
        show_json({"size": len(ids), "members": shown, "as_of": as_of, "doubts": told_of})
        return
    for profile_id in shown:
        click.echo(profile_id)
    speak(f"{len(shown):,} of {len(ids):,} members, {as_of_line(as_of)}")
    speak_of((doubt.says for doubt in doubts), place.spoken)


@segment.command("why")
@with_definition("text_or_name")
@click.argument("profile_id")
@with_times
@with_json
@click.pass_obj
def why(place: Place, text_or_name: str, profile_id: str, at: str | None, known_at: str | None, as_json: bool) -> None:
    """Say why the person PROFILE_ID is in a segment or not: each condition with the facts behind it.

    Below stand the nearest change that would make it another answer, and when that comes if nothing happens.
    """
    with place.open() as ws, ws.ask(at, known_at) as asking:
        explanation = asking.why(text_or_name, profile_id)
        person = asking.person(profile_id)[1].id
        found: dict[str, Any] = dict(explanation.to_json())
        found["failing"] = [part.text for part in explanation.failing()]
        as_of, zone = asking.as_of.to_json(), ws.settings.zone
    if as_json:
        show_json({"profile_id": person, **found, "as_of": as_of, "asked_for": profile_id})
        return
    if person != profile_id:
        speak(f"{profile_id} is one person with {person}, whose facts these are")
    click.echo(f"{person} is {'in' if found['holds'] else 'not in'}")
    telling = Telling(zone, place.spoken)
    telling.show(found)
    telling.show_changes(explanation)
    for text in found["failing"]:
        speak(_deleted(found) or f"not in because this does not hold: {text}")
    speak(as_of_line(as_of))


@segment.command("check")
@with_definition("definition")
@click.option("--cursor", type=click.IntRange(0), help="Look at what stands behind so many characters.")
@with_json
@click.pass_context
def check(ctx: click.Context, definition: str, cursor: int | None, as_json: bool) -> None:
    """Say what a DEFINITION means, or everything that is wrong with it; nobody is counted."""
    place: Place = ctx.obj
    with place.open() as ws:
        look = ws.segments.check_at(definition, cursor, language=place.spoken)
        doubts = () if look.problems else ws.segments.doubts(definition)
    if as_json:
        show_json({**look.to_json(), "doubts": [doubt.to_json() for doubt in doubts]})
    else:
        if look.standing is not None:
            click.echo(f"{look.standing.name}: {look.standing.meaning}")
        if look.sentence is not None:
            click.echo(look.sentence)
        for problem in look.problems:
            show_error(problem, place.spoken, as_json=False)
        speak_of((doubt.says for doubt in doubts), place.spoken)
    if look.problems:
        ctx.exit(look.problems[0].exit_status)


@segment.command("complete")
@with_definition("definition")
@click.option("--cursor", type=click.IntRange(0), help="The place, behind so many characters. [default: the end]")
@with_json
@click.pass_obj
def complete(place: Place, definition: str, cursor: int | None, as_json: bool) -> None:
    """List what may stand at a place in a DEFINITION that is being written: names, words, signs."""
    with place.open() as ws:
        found = ws.segments.complete(definition, cursor, language=place.spoken)
        rows = [suggestion.to_json() for suggestion in found]
    if as_json:
        show_json(rows)
    else:
        show_rows(rows, ("text", "kind", "explanation"))


for _elsewhere in (
    *(pin, exclude, unpin, overlap, transitions, split, backtest, preview, query_plan),
    *(pull, plan, apply, rollback, applied),
):
    segment.add_command(_elsewhere)


@segment.command("templates")
@with_json
def templates(as_json: bool) -> None:
    """List the ready definitions."""
    from intarsia.workspace import templates as ready

    rows = [template.to_json() for template in ready()]
    if as_json:
        show_json(rows)
    else:
        show_rows(rows, ("name", "meaning", "definition"))


def _put_down(place: Place, definition: Mapping[str, Any], doubts: Iterable[Any], *, as_json: bool) -> None:
    if as_json:
        show_json({**definition, "doubts": [doubt.to_json() for doubt in doubts]})
    else:
        _speak_of_version(definition)
        speak_of((doubt.says for doubt in doubts), place.spoken)


def _speak_of_version(definition: Mapping[str, Any]) -> None:
    speak(f"`{definition['name']}` version {definition['version']}: {definition['definition']}")


def _deleted(found: Mapping[str, Any]) -> str | None:
    """What is said of somebody who is in no segment because they are deleted."""
    since, reason = found["facts"].get("deleted_since"), found["facts"].get("reason")
    return since and f"not in because deleted since {since}{f': {reason}' if reason else ''}"


def _speak_of_anonymous(found: Mapping[str, Any]) -> None:
    if found["base_anonymous"]:
        speak(f"of them anonymous: {found['anonymous']:,} of {found['base_anonymous']:,}")


def _list(value: object) -> list[Mapping[str, Any]]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(value)
    return value
