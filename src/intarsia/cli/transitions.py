"""`intarsia segment transitions`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from intarsia.cli.app import BadUsage, Place, with_json
from intarsia.cli.speaking import as_of_line, show_json, show_rows, speak
from intarsia.cli.tables import percent, shortened, table_width, terminal_width, whole_percent
from intarsia.errors import phrase

NAME_LONGEST = 24
FLOWS_MOST = 20
"""So many moves are shown where the whole table does not fit."""


@click.command("transitions")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--tree", help="Between the leaves of this tree.")
@click.option("--from", "since", metavar="ISO", required=True, help="The earlier instant.")
@click.option("--to", metavar="ISO", help="The later one. [default: the present]")
@click.option("--known-at", metavar="ISO", help="Leave out what was recorded later, at both. [default: nothing]")
@click.option("--counts", is_flag=True, help="Show people in the table, not percentages.")
@with_json
@click.pass_obj
def transitions(
    place: Place,
    names: Sequence[str],
    tree: str | None,
    since: str,
    to: str | None,
    known_at: str | None,
    counts: bool,
    as_json: bool,
) -> None:
    """Show from which segment into which people moved between two instants.

    Who is in several of the segments NAME is counted in the first of them, so name the most important one first; or
    name a tree. Both instants are asked by the definitions that are in force now and by all that is known now (or was
    at --known-at): an edited definition and a late file move nobody.
    """
    if bool(names) == (tree is not None):
        reason = phrase("give segments or --tree, one of them")
        raise BadUsage(reason=reason, command="intarsia segment transitions")
    with place.open() as ws:
        if tree is None:
            made = ws.transitions(names, since, to, known_at)
        else:
            made = ws.trees.transitions(tree, ws.instant(since), to, known_at)
    found: dict[str, Any] = dict(made.to_json())
    if as_json:
        show_json(found)
        return
    _show(found, is_counts=counts)
    speak(f"from {found['from']} to {found['to']}: {found['stayed']:,} people stayed, {found['moved']:,} moved")
    if found["in_several"] and any(found["in_several"]):
        then, now = found["in_several"]
        speak(f"{then:,} people were in several segments, and {now:,} are now: they are counted in the first")
    speak(as_of_line(found["as_of"]))


def _show(found: Mapping[str, Any], *, is_counts: bool) -> None:
    """The table, where it fits; else the largest moves."""
    states, shares, counts = found["states"], found["shares"], found["counts"]
    if not states[-1]["before"] and not states[-1]["after"]:
        states, counts, shares = states[:-1], [row[:-1] for row in counts[:-1]], [row[:-1] for row in shares[:-1]]
    numbers = [str(number) for number in range(1, len(states) + 1)]
    rows: list[dict[str, Any]] = []
    for number, state, people, parts in zip(numbers, states, counts, shares, strict=True):
        cells = people if is_counts else [whole_percent(part) for part in parts]
        named = {"no": number, "segment": _called(state, is_later=None), "then": state["before"], "now": state["after"]}
        rows.append({**named, **dict(zip(numbers, cells, strict=True))})
    columns = ("no", "segment", "then", "now", *numbers)
    if table_width(rows, columns) <= terminal_width():
        show_rows(rows, columns, numbers=("no", *columns[2:]))
        what = "people" if is_counts else "percent"
        speak(f"read a row: of those who were there then, so many {what} are in the segment of the column now")
        return
    show_rows(rows, columns[:4], numbers=("no", *columns[2:4]))
    click.echo()
    flows = sorted(_flows(states, counts, shares), key=lambda flow: -flow["people"])
    show_rows(flows[:FLOWS_MOST], ("from", "to", "people", "share"), numbers=("people", "share"))
    if len(flows) > FLOWS_MOST:
        speak(f"{len(flows) - FLOWS_MOST:,} more moves: see them with --json")


def _flows(
    states: Sequence[Mapping[str, Any]], counts: Sequence[Sequence[int]], shares: Sequence[Sequence[float | None]]
) -> list[dict[str, Any]]:
    """Every move that somebody made."""
    return [
        {
            "from": _called(state, is_later=False),
            "to": _called(states[column], is_later=True),
            "people": people,
            "share": percent(shares[row][column]),
        }
        for row, state in enumerate(states)
        for column, people in enumerate(counts[row])
        if people and row != column
    ]


def _called(state: Mapping[str, Any], *, is_later: bool | None) -> str:
    """A state in a few words; away is one thing before, and another one after."""
    if state["is_away"]:
        return {None: "(new; gone)", False: "(not known yet)", True: "(gone)"}[is_later]
    if state["is_rest"] and not state["path"]:
        return "(in none)"
    way = [*state["path"], *(["(rest)"] if state["is_rest"] else [])]
    return shortened(" ▸ ".join(way), NAME_LONGEST)
