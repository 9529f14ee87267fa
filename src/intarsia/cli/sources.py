"""`intarsia source look|load`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from intarsia.cli.app import Place, with_json
from intarsia.cli.speaking import show_json, show_rows, speak
from intarsia.errors import UserError
from intarsia.speech import mark

if TYPE_CHECKING:
    from collections.abc import Callable

EMPTY_CELLS = ("unknown", "keep", "text")
SHAPES = ("profiles", "purchases", "events", "consents", "messages")


class BadMapping(UserError):
    """An option `--map` is not FIELD=COLUMN."""

    code = "cli.bad-mapping"
    says = mark("`--map {given}` does not say which column a field comes from")
    advises = mark("write --map order_id=InvoiceNo; an empty column (--map country=) leaves the field out")


@click.group()
def source() -> None:
    """Look at files and load them."""


def _reading(command: Any) -> Any:
    """The options that say how a file is read."""
    options = (
        click.option("--encoding", help="As Python names it. [default: found from the content]"),
        click.option("--delimiter", help="Between cells. [default: found from the content]"),
        click.option("--sheet", help="Of an XLSX file. [default: the first]"),
        click.option("--currency", help="Of amounts without a currency column. [default: the workspace's]"),
        click.option("--day-first/--month-first", "day_first", default=None, help="How 03/04/2024 is read."),
        click.option("--decimal-comma/--decimal-point", "decimal_comma", default=None, help="How 1,234 is read."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@source.command("look")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_reading
@with_json
@click.pass_obj
def look(place: Place, /, file: Path, as_json: bool, **reading: Any) -> None:
    """Show what FILE seems to hold: columns, types, roles, oddities. Nothing is recorded."""
    with place.open() as ws:
        found = ws.sources.look(file, ws.sources.options(**reading)).to_json()
    if as_json:
        show_json(found)
        return
    _show_look(found)


def _show_look(found: dict[str, Any]) -> None:
    rows = [
        {
            "column": column["name"],
            "kind": column["kind"],
            "role": column.get("role") or "",
            "filled": f"{column['fill_share']:.0%}",
            "distinct": column["distinct_count"],
            "examples": ", ".join(str(item) for item in column["examples"][:3])[:60],
        }
        for column in found["columns"]
    ]
    show_rows(rows, ("column", "kind", "role", "filled", "distinct", "examples"), numbers=("filled", "distinct"))
    for oddity in found["oddities"]:
        speak(f"oddity: {oddity['sentence']}")
    gaps = [column["name"] for column in found["columns"] if found["shape"] == "profiles" and _has_gaps(column)]
    if gaps:
        speak(f"an empty cell makes unknown what was known before, here of {', '.join(gaps)}; or --empty-cells keep")
    speak(f"load it with: intarsia source load FILE --as {found['shape']}")


def _has_gaps(column: dict[str, Any]) -> bool:
    role = column.get("role") or ""
    is_trait = role not in ("profile_id", "known_since") and not role.startswith("consent.")
    return is_trait and 0 < column["fill_share"] < 1


@source.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "shape", type=click.Choice(SHAPES), required=True, help="What the rows are.")
@click.option("--map", "maps", multiple=True, metavar="FIELD=COLUMN", help="Which column a field comes from; repeat.")
@click.option("--event", help="The name of all events, where no column holds it.")
@click.option("--rejects", type=click.Path(path_type=Path), help="Where rejected lines go. [default: beside FILE]")
@click.option(
    "--empty-cells",
    type=click.Choice(EMPTY_CELLS),
    default="unknown",
    show_default=True,
    help="What an empty cell of a profile says: the trait is unknown, nothing, or an empty text.",
)
@click.option("--again", is_flag=True, help="A file that was loaded before is a new state, and counts as of now.")
@click.option("--dry-run", is_flag=True, help="Only show how the file would be loaded.")
@_reading
@with_json
@click.pass_obj
def load(
    place: Place,
    /,
    file: Path,
    shape: Any,
    maps: tuple[str, ...],
    event: str | None,
    rejects: Path | None,
    again: bool,
    dry_run: bool,
    as_json: bool,
    **reading: Any,
) -> None:
    """Load FILE into the record; ends with a balance of its lines."""
    mapping = dict(_pair(given) for given in maps)
    with place.open() as ws:
        options = ws.sources.options(**reading)
        if dry_run:
            show_json(ws.sources.plan(file, shape, mapping, options=options, event=event).to_json())
            return
        known = {word.label for word in ws.words()}
        with _progress(file.name) as progress:
            balance = ws.sources.load(
                file,
                shape,
                mapping,
                options=options,
                event=event,
                progress=progress,
                rejects_path=rejects,
                is_new_state=again,
            ).to_json()
        new = [word.to_json() for word in ws.words() if word.label not in known and word.path]
    if as_json:
        show_json({**balance, "new_words": new})
    else:
        _show_balance(balance)
        _show_new(new)


def _pair(given: str) -> tuple[str, str]:
    field, sign, column = given.partition("=")
    if not sign or not field.strip():
        raise BadMapping(given=given)
    return field.strip(), column.strip()


def _show_balance(balance: dict[str, Any]) -> None:
    parts = ("imported", "updated", "duplicate", "rejected", "blank")
    sums = " + ".join(f"{balance[part]:,} {part}" for part in parts)
    click.echo(f"{balance['lines_read']:,} lines read = {sums}")
    for reason, count in balance["reasons"].items():
        speak(f"rejected because of {reason}: {count:,}")
    if balance["emptied"]:
        speak(f"values made unknown by empty cells: {balance['emptied']:,}; --empty-cells keep leaves them as they are")
    if balance["loaded_at"]:
        speak(f"this very file was loaded before, at {balance['loaded_at']}")
    if balance["overtaken"]:
        speak(f"lines that were overtaken since: {balance['overtaken']:,}; if they are a new state, add --again")
    if balance["rounded"]:
        speak(f"numbers of more than six places, rounded to six: {balance['rounded']:,}")
    if balance["cut"]:
        speak(f"times finer than a millisecond, cut to it: {balance['cut']:,}")
    if balance["rejects_path"]:
        speak(f"rejected lines with their reasons: {balance['rejects_path']}")


def _show_new(words: list[dict[str, Any]]) -> None:
    """The words that nobody had sent before, with the kind that was inferred and what does not fit it."""
    for word in words:
        odd = f", {word['unfit']:,} of {word['seen']:,} values do not fit" if word["unfit"] else ""
        speak(f"new: `{word['word']}` is {word['kind']}{odd}")
    if words:
        speak("correct a kind with: intarsia word correct NAME --kind KIND")


@contextmanager
def _progress(name: str) -> Iterator[Callable[[int, float], None]]:
    """A bar on stderr, told the lines read and the share done."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[lines]:,} lines"))
    console = Console(stderr=True)
    is_silent = not console.is_terminal
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True, disable=is_silent) as bar:
        task = bar.add_task(name, total=1.0, lines=0)
        yield lambda lines, share: bar.update(task, completed=share, lines=lines)
