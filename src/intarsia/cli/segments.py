"""`intarsia segment ...`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from intarsia.cli.app import Place, with_json, with_times
from intarsia.cli.pins import exclude, pin, told, unpin
from intarsia.cli.rates import missing_line
from intarsia.cli.speaking import as_of_line, show_error, show_json, show_rows, speak


@click.group()
def segment() -> None:
    """Define segments, count them, list their members, ask why."""


@segment.command("add")
@click.argument("name")
@click.argument("definition", required=False)
@click.option("--template", help="Take the definition of a template instead.")
@with_json
@click.pass_obj
def add(place: Place, name: str, definition: str | None, template: str | None, as_json: bool) -> None:
    """Put down the segment NAME with a DEFINITION in the segment language."""
    if (definition is None) == (template is None):
        raise click.UsageError("give a definition or --template, one of them")
    with place.open() as ws:
        if definition is None:
            made = ws.segments.add_template(str(template), name)
        else:
            made = ws.segments.add(name, definition)
    _changed(made.to_json(), as_json)


@segment.command("edit")
@click.argument("name")
@click.argument("definition")
@with_json
@click.pass_obj
def edit(place: Place, name: str, definition: str, as_json: bool) -> None:
    """Give the segment NAME another DEFINITION, as a new version."""
    with place.open() as ws:
        _changed(ws.segments.edit(name, definition).to_json(), as_json)


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
            _changed(definition, False)


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
    """List all segments with their definitions."""
    with place.open() as ws:
        rows = [definition.to_json() for definition in ws.segments.all()]
    if as_json:
        show_json(rows)
    else:
        show_rows(rows, ("name", "version", "definition"), numbers=("version",))


@segment.command("show")
@click.argument("name")
@with_times
@with_json
@click.pass_obj
def show(place: Place, name: str, at: str | None, known_at: str | None, as_json: bool) -> None:
    """Show the segment NAME: definition, in words, size, versions."""
    with place.open() as ws:
        found = ws.segments.show(name, at, known_at).to_json()
    if as_json:
        show_json(found)
        return
    click.echo(f"{found['name']} (version {found['version']})")
    click.echo(f"  {found['definition']}")
    click.echo(f"  {found['sentence']}")
    click.echo(f"  {found['size']:,} of {found['base']:,}")
    _speak_of_anonymous(found)
    for one in (*_list(found["pins"]), *_list(found["exclusions"])):
        click.echo(f"  {told(one)}")
    speak(as_of_line(_mapping(found["as_of"])))


@segment.command("count")
@click.argument("text_or_name")
@with_times
@with_json
@click.pass_obj
def count(place: Place, text_or_name: str, at: str | None, known_at: str | None, as_json: bool) -> None:
    """Count the people in a segment, or those who meet a definition."""
    with place.open() as ws:
        found = ws.segments.count(text_or_name, at, known_at).to_json()
    if as_json:
        show_json(found)
    else:
        click.echo(found["size"])
        speak(f"{found['size']:,} of {found['base']:,} people, {as_of_line(_mapping(found['as_of']))}")
        _speak_of_anonymous(found)
        missing = found["missing_rates"]
        if isinstance(missing, list) and missing:
            speak(missing_line(missing))


@segment.command("members")
@click.argument("text_or_name")
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
        as_of = asking.as_of.to_json()
    shown = ids[:limit]
    if as_json:
        show_json({"size": len(ids), "members": shown, "as_of": as_of})
        return
    for profile_id in shown:
        click.echo(profile_id)
    speak(f"{len(shown):,} of {len(ids):,} members, {as_of_line(as_of)}")


@segment.command("why")
@click.argument("text_or_name")
@click.argument("profile_id")
@with_times
@with_json
@click.pass_obj
def why(place: Place, text_or_name: str, profile_id: str, at: str | None, known_at: str | None, as_json: bool) -> None:
    """Say why the person PROFILE_ID is in a segment or not: each condition with the facts behind it."""
    with place.open() as ws, ws.ask(at, known_at) as asking:
        explanation = asking.why(text_or_name, profile_id)
        person = asking.person(profile_id)[1].id
        found: dict[str, Any] = dict(explanation.to_json())
        found["failing"] = [part.text for part in explanation.failing()]
        as_of = asking.as_of.to_json()
    if as_json:
        show_json({"profile_id": person, **found, "as_of": as_of, "asked_for": profile_id})
        return
    if person != profile_id:
        speak(f"{profile_id} is one person with {person}, whose facts these are")
    click.echo(f"{person} is {'in' if found['holds'] else 'not in'}")
    _show_condition(found, 1)
    for text in found["failing"]:
        speak(f"not in because this does not hold: {text}")
    speak(as_of_line(as_of))


@segment.command("check")
@click.argument("definition")
@click.option("--cursor", type=click.IntRange(0), help="Look at what stands behind so many characters.")
@with_json
@click.pass_context
def check(ctx: click.Context, definition: str, cursor: int | None, as_json: bool) -> None:
    """Say what a DEFINITION means, or everything that is wrong with it; nobody is counted."""
    place: Place = ctx.obj
    with place.open() as ws:
        look = ws.segments.check_at(definition, cursor, language=place.language or "en")
    if as_json:
        show_json(look.to_json())
    else:
        if look.standing is not None:
            click.echo(f"{look.standing.name}: {look.standing.meaning}")
        if look.sentence is not None:
            click.echo(look.sentence)
        for problem in look.problems:
            show_error(problem, place.language or "en", as_json=False)
    if look.problems:
        ctx.exit(look.problems[0].exit_status)


@segment.command("complete")
@click.argument("definition")
@click.option("--cursor", type=click.IntRange(0), help="The place, behind so many characters. [default: the end]")
@with_json
@click.pass_obj
def complete(place: Place, definition: str, cursor: int | None, as_json: bool) -> None:
    """List what may stand at a place in a DEFINITION that is being written: names, words, signs."""
    with place.open() as ws:
        found = ws.segments.complete(definition, cursor, language=place.language or "en")
        rows = [suggestion.to_json() for suggestion in found]
    if as_json:
        show_json(rows)
    else:
        show_rows(rows, ("text", "kind", "explanation"))


for _by_hand in (pin, exclude, unpin):
    segment.add_command(_by_hand)


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


def _changed(definition: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show_json(definition)
    else:
        speak(f"`{definition['name']}` version {definition['version']}: {definition['definition']}")


def _speak_of_anonymous(found: Mapping[str, Any]) -> None:
    if found["base_anonymous"]:
        speak(f"of them anonymous: {found['anonymous']:,} of {found['base_anonymous']:,}")


def _show_condition(found: Mapping[str, Any], depth: int) -> None:
    click.echo(f"{'  ' * depth}{'yes' if found['holds'] else 'no ':3} {found['text']}")
    facts = {name: value for name, value in found["facts"].items() if value not in (None, [])}
    if facts:
        click.echo(f"{'  ' * depth}      {_facts(facts)}")
    for part in found["parts"]:
        _show_condition(part, depth + 1)


def _facts(facts: Mapping[str, Any]) -> str:
    return "; ".join(f"{name.replace('_', ' ')}: {_short(value)}" for name, value in facts.items())


def _short(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_short(item) for item in value[:3]) + (" ..." if len(value) > 3 else "")
    if isinstance(value, dict):
        return " ".join(_short(item) for name, item in value.items() if name != "id" and item not in (None, {}, []))
    return str(value)


def _list(value: object) -> list[Mapping[str, Any]]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(value)
    return value
