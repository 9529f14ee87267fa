"""`intarsia segment pull|plan|apply|rollback|applied`."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from difflib import ndiff
from pathlib import Path
from typing import Any

import click

from intarsia.cli.app import BadUsage, Place, with_json
from intarsia.cli.speaking import as_of_line, show_error, show_json, show_rows, speak
from intarsia.errors import phrase

Plan = Any
"""What `workspace.code.plan` answers; a door knows no more of it."""

_FOLDER = click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
_AT = click.option("--at", metavar="ISO", help="The instant whose members are compared. [default: the present]")
_YES = click.option("--yes", is_flag=True, help="Do not ask.")
_DIGEST = re.compile(r"[0-9a-f]{32}")
_COLUMNS = ("name", "change", "before", "after", "entering", "leaving", "entering_revenue", "leaving_revenue")
OVERLAPS_SHOWN = 20
"""How many pairs of segments are shown; the JSON answer has all."""


@click.command()
@_FOLDER
@click.option("--with-lists", is_flag=True, help="The ids on fixed lists too; they are data of people.")
@click.option("--overwrite", is_flag=True, help="Also files that say something else, and those of segments that went.")
@with_json
@click.pass_obj
def pull(place: Place, folder: Path, with_lists: bool, overwrite: bool, as_json: bool) -> None:
    """Write each segment into a file of its own in DIR, with its definition as it was written.

    A rule goes to NAME.segment, a list to NAME.list with one id a line. Pins and exclusions are not written: they are
    people, with reasons and ends.
    """
    with place.open() as ws:
        found = ws.code.pull(folder, with_lists=with_lists, overwrite=overwrite).to_json()
    if as_json:
        show_json(found)
        return
    for what in ("written", "removed"):
        for name in found[what]:  # type: ignore[attr-defined]
            click.echo(f"{what} {name}")
    count = {what: len(found[what]) for what in ("written", "removed", "unchanged")}  # type: ignore[arg-type]
    speak(f"{count['written']:,} files written, {count['removed']:,} removed, {count['unchanged']:,} as they were")


@click.command()
@_FOLDER
@_AT
@with_json
@click.pass_context
def plan(ctx: click.Context, folder: Path, at: str | None, as_json: bool) -> None:
    """Show what `apply` would do with the files in DIR: who enters and leaves, what they spent. Nothing is written.

    Everything that is wrong with the files is shown at once.
    """
    place: Place = ctx.obj
    with place.open() as ws:
        found = ws.code.plan(folder, at)
    if as_json:
        show_json(found.to_json())
    else:
        _show(found, place)
        if found.changes and not found.problems:
            asked = (str(folder), *(("--at", at) if at else ()), "--expect", found.digest)
            speak(f"this and nothing else: intarsia segment apply {shlex.join(asked)}")
    if found.problems:
        ctx.exit(found.problems[0].error.exit_status)


@click.command()
@_FOLDER
@_AT
@click.option("--expect", metavar="PLAN", help="Refuse all but this: a file with what `plan --json` said, or a digest.")
@_YES
@with_json
@click.pass_context
def apply(ctx: click.Context, folder: Path, at: str | None, expect: str | None, yes: bool, as_json: bool) -> None:
    """Make the segments what the files in DIR say: all of them in one change, or none.

    The plan is shown first. Members follow at the next `intarsia evaluate`; `rollback` undoes it.
    """
    expected = None if expect is None else _expected(expect)
    _carry_out(ctx, lambda ws: ws.code.plan(folder, at), expected, yes=yes, as_json=as_json)


@click.command()
@_AT
@click.option("--force", is_flag=True, help="Also what somebody changed by hand since.")
@_YES
@with_json
@click.pass_context
def rollback(ctx: click.Context, at: str | None, force: bool, yes: bool, as_json: bool) -> None:
    """Put the segments back as they were before the last `apply` that is not undone; what was removed comes back."""
    _carry_out(ctx, lambda ws: ws.code.plan_rollback(at, force=force), None, yes=yes, as_json=as_json)


@click.command()
@with_json
@click.pass_obj
def applied(place: Place, as_json: bool) -> None:
    """List what was applied together, newest first: when, which segments, their versions before and after."""
    with place.open() as ws:
        found = [each.to_json() for each in ws.code.applied()]
    if as_json:
        show_json(found)
        return
    rows = [{**each, **one} for each in found for one in each["segments"]]  # type: ignore[attr-defined]
    columns = ("created_at", "undone_at", "name_before", "version_before", "name_after", "version_after")
    show_rows(rows, columns, numbers=("version_before", "version_after"))


def _carry_out(
    ctx: click.Context,
    planned: Callable[[Any], Plan],
    expected: str | Mapping[str, Any] | None,
    *,
    yes: bool,
    as_json: bool,
) -> None:
    """Show a plan, ask, and carry it out."""
    place: Place = ctx.obj
    with place.open() as ws:
        found = planned(ws)
        if not as_json:
            _show(found, place)
        if found.problems and not as_json:
            ctx.exit(found.problems[0].error.exit_status)
        if found.changes and not yes and not found.problems:
            click.confirm(_question(found), abort=True, err=True)
        done = ws.code.apply(found, expect=expected)
    if as_json:
        show_json({"change_set": done and done.to_json(), "plan": found.to_json()})
    elif done is None:
        speak("the segments are what the files say; nothing was changed")
    else:
        what = "applied" if done.undone_at is None else "undone"
        speak(f"{what}: {_counted(len(found.changes))}; members follow with: intarsia evaluate")


def _question(found: Plan) -> str:
    entries, exits = (
        sum(worth.people for worth in side if worth is not None)
        for side in zip(*((each.entering, each.leaving) for each in found.segments), strict=True)
    )
    return f"change {_counted(len(found.changes))}, with {entries:,} entering and {exits:,} leaving?"


def _counted(count: int) -> str:
    return f"{count:,} {'segment' if count == 1 else 'segments'}"


def _expected(said: str) -> str | Mapping[str, Any]:
    """A digest, or the plan that a file holds."""
    if _DIGEST.fullmatch(said):
        return said
    try:
        plan = json.loads(Path(said).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        plan = None
    if not isinstance(plan, dict) or not isinstance(plan.get("digest"), str):
        reason = phrase("`{name}` is neither a digest nor a file with what `plan --json` said", name=said)
        raise BadUsage(reason=reason, command="intarsia segment apply")
    return plan


# --- a plan


def _show(found: Plan, place: Place) -> None:
    """A plan: texts, numbers, overlaps on stdout; what they are of as speech. Or everything that is wrong."""
    for problem in found.problems:
        speak(f"{problem.file}:")
        show_error(problem.error, place.spoken, as_json=False)
    if found.problems:
        return
    told = found.to_json()
    segments: list[dict[str, Any]] = told["segments"]
    for each in segments:
        if each["change"] != "dependent":
            for line in _texts(each):
                click.echo(line)
    if segments:
        click.echo()
    show_rows([_row(each, _digits(told)) for each in segments], _COLUMNS, numbers=_COLUMNS[2:])
    _show_overlaps(told["overlaps"])
    _speak_of(found, segments)


def _digits(told: Mapping[str, Any]) -> int:
    return int(told["currency_digits"])


def _texts(each: Mapping[str, Any]) -> Iterator[str]:
    """What becomes of a definition, line by line."""
    wording = ", only in its wording" if each["is_only_wording"] else ""
    former = f", which was {each['name_before']}" if each["change"] == "renamed" else ""
    yield f"{each['change']} {each['name']}{former}{wording}"
    before, after = (str(each[f"definition_{side}"] or "").splitlines() for side in ("before", "after"))
    if before != after:
        yield from (f"  {line}".rstrip() for line in ndiff(before, after) if not line.startswith("?"))


def _row(each: Mapping[str, Any], digits: int) -> dict[str, Any]:
    sides = {"before": each["size_before"], "after": each["size_after"]}
    for side in ("entering", "leaving"):
        worth = each[side]
        sides[side] = worth and worth["people"]
        sides[f"{side}_revenue"] = worth and _amount(worth["revenue_minor"], digits)
    return {"name": each["name"], "change": each["change"], **sides}


def _amount(minor: int, digits: int) -> str:
    return f"{Decimal(minor).scaleb(-digits):,.{digits}f}"


def _show_overlaps(overlaps: list[dict[str, Any]]) -> None:
    if not overlaps:
        return
    click.echo()
    rows = sorted(overlaps, key=lambda row: -abs((row["after"] or 0) - (row["before"] or 0)))
    show_rows(rows[:OVERLAPS_SHOWN], ("first", "second", "before", "after"), numbers=("before", "after"))
    if len(rows) > OVERLAPS_SHOWN:
        speak(f"{len(rows) - OVERLAPS_SHOWN:,} more pairs of segments share people; --json has all")


def _speak_of(found: Plan, segments: list[dict[str, Any]]) -> None:
    told: dict[str, Any] = found.to_json()
    for each in segments:
        for side in ("before", "after"):
            if each[f"error_{side}"]:
                speak(f"`{each['name']}` is invalid {side}: {each[f'error_{side}']['message']}")
        if each["pins"]:
            speak(f"`{each['name']}` is removed with {each['pins']:,} pins and exclusions")
    behind = [each for each in segments if each["ledger"] and each["entering"] and _is_behind(each)]
    for each in behind[:1]:
        entering, leaving = each["ledger"].values()
        told_of = f"of `{each['name']}` for one an evaluation writes {entering:,} in and {leaving:,} out"
        speak(f"the ledger is behind: {told_of}; --json has all")
    unrated = sum(each[side]["unrated_sales"] for each in segments for side in ("entering", "leaving") if each[side])
    if unrated:
        speak(f"no rate is known for {unrated:,} of the sales, which are in no revenue: intarsia rate missing")
    count = len(found.unchanged)
    speak(f"{_counted(count)} {'stays as it is' if count == 1 else 'stay as they are'}")
    if segments:
        speak(f"revenue in {told['currency']}, of the {told['window']['days']} days before, as in the report")
    speak(as_of_line(told["as_of"]))


def _is_behind(each: Mapping[str, Any]) -> bool:
    """Whether an evaluation writes something else than the change makes: data came, or time went on, since the last."""
    return any(each["ledger"][side] != each[side]["people"] for side in ("entering", "leaving"))
