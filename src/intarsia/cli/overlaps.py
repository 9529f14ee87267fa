"""`intarsia segment overlap`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from intarsia.cli.app import Place, with_json, with_times
from intarsia.cli.invalid import tell
from intarsia.cli.speaking import as_of_line, show_json, show_rows, speak
from intarsia.cli.tables import percent, shortened, table_width, terminal_width, whole_percent

NAME_LONGEST = 24
"""Of a segment in a table of many columns; the JSON answer has the whole name."""


@click.command("overlap")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="Show at most so many pairs.")
@with_times
@with_json
@click.pass_obj
def overlap(
    place: Place, names: Sequence[str], limit: int, at: str | None, known_at: str | None, as_json: bool
) -> None:
    """Count the people that each two segments share, and those in two or more; all segments unless some are named.

    NAME is a segment, or a definition in quotes.
    """
    with place.open() as ws:
        counted = ws.overlap(names or None, at, known_at)
    found: dict[str, Any] = dict(counted.to_json())
    if as_json:
        show_json(found)
        return
    _show_matrix(found["segments"], found["shared"])
    pairs = [_told(pair.to_json()) for pair in counted.closest()]
    if pairs[:limit]:
        click.echo()
        columns = ("first", "second", "shared", "jaccard", "of the smaller")
        show_rows(pairs[:limit], columns, numbers=columns[2:])
    if len(pairs) > limit:
        speak(f"{len(pairs) - limit:,} more pairs share somebody: see them with a higher --limit, or with --json")
    for count, people in enumerate(found["by_count"]):
        if count > 1 and people:
            speak(f"in {count:,} segments: {people:,} people")
    speak(
        f"{found['reached']:,} of {found['base']:,} people are in a segment, {found['in_several']:,} in two or more: "
        f"{found['double_contacts']:,} double contacts"
    )
    tell(counted.invalid, place.spoken)
    speak(as_of_line(found["as_of"]))


def _show_matrix(segments: Sequence[Mapping[str, Any]], shared: Sequence[Sequence[int]]) -> None:
    """Sizes, and where a column for each segment fits how much of each lies in the others, in percent."""
    numbers = [f"{number}" for number in range(1, len(segments) + 1)]
    rows: list[dict[str, Any]] = []
    for number, one, row in zip(numbers, segments, shared, strict=True):
        cells = {column: _of(part, one["size"]) for column, part in zip(numbers, row, strict=True)}
        named = {"no": number, "segment": shortened(one["name"], NAME_LONGEST), "size": one["size"]}
        rows.append({**named, **cells, number: "·"})
    fits = table_width(rows, ("no", "segment", "size", *numbers)) <= terminal_width()
    columns = ("no", "segment", "size", *(numbers if fits and len(rows) > 1 else ()))
    show_rows(rows, columns, numbers=("no", "size", *numbers))
    if len(columns) > 3:
        speak("read a row: of its members, so many percent are in the segment of the column, too")


def _of(part: int, whole: int) -> str:
    return whole_percent(part / whole if whole else None)


def _told(pair: Mapping[str, Any]) -> dict[str, Any]:
    """A pair as a row."""
    names = {name: shortened(pair[name], NAME_LONGEST) for name in ("first", "second")}
    shares = {"jaccard": percent(pair["jaccard"]), "of the smaller": percent(pair["share_of_smaller"])}
    return {**names, "shared": pair["shared"], **shares}
