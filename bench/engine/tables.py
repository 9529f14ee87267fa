"""What was measured of the hundred segments, as sections of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

import page
from processes import MEGABYTE, Cost

from engine.hundred import KIND_OF, KINDS
from engine.sizes import Size
from engine.ways import Way

PACKAGES = ("duckdb", "chdb", "chdb-core", "polars", "pandas", "pyarrow", "numpy", "numba")


@dataclass(frozen=True)
class Results:
    """Everything that was measured.

    by_size       CPU seconds of the hundred, by people and events
    by_segments   CPU seconds over these people and events, by how many segments
    preview       milliseconds of CPU and by the clock, by what was asked
    begun         the first process that keeps the segments up to date
    kept_up       another one: the same by what happens, how it begins, and what it costs to write everything down
    """

    size: str
    people: int
    events: int
    build: Cost
    ours: Cost
    start: Cost
    peers: Mapping[Way, Cost]
    missing: Sequence[Way]
    by_size: Mapping[Size, float]
    by_segments: Mapping[int, float]
    preview: Mapping[str, tuple[float, float]]
    begun: Cost
    kept_up: Cost
    bytes_per_second: float


def sections(results: Results) -> dict[str, list[str]]:
    """One section, by its title."""
    lines = [
        *_head(results),
        *_table_of_peers(results),
        *_table_of_kinds(results),
        *_limit(results),
        *_growth(results),
        *_preview(results),
        "",
        *_kept_up(results.kept_up, 1000 * results.ours.answer["cpu"]),
        "",
        *_keepers(results.begun, results.kept_up),
    ]
    return {f"A hundred segments over {results.people:,} people": lines}


def _head(results: Results) -> list[str]:
    kinds = ", ".join(f"{len(segments)} {kind}" for kind, segments in KINDS.items())
    command = "make bench" if results.size == "small" else f"make bench SIZE={results.size}"
    return [
        *page.measured(command, PACKAGES),
        f"Data: {results.people:,} people, {results.events:,} events of six types in two years.",
        f"Segments by what they ask for: {kinds}.",
        "",
    ]


def _table_of_peers(results: Results) -> list[str]:
    own = results.ours.answer
    rows = [f"| intarsia, all hundred | {own['cpu']:.3f} | {own['wall']:.3f} | {results.ours.peak_megabytes:,.0f} | |"]
    for way, cost in results.peers.items():
        cpu, wall = sum(cost.answer["cpu"]), sum(cost.answer["wall"])
        rows.append(f"| {way.title} | {cpu:.3f} | {wall:.3f} | {cost.peak_megabytes:,.0f} | {cpu / own['cpu']:.1f}x |")
    rows += [f"| {way.title} | not installed, not measured | | | |" for way in results.missing]
    return [
        "Seconds of the best run, in a process that runs already and has its data open; peak memory of the whole",
        "process, with the files that are mapped. Each peer is asked a query a segment, written by hand, and says how",
        "many people are in and the sum of their numbers; intarsia says who is in. All agree on both numbers, in every",
        "segment. *One a type*: each type of event has its table, by person and time; conditions are sets of people.",
        "*One scan*: all events are in one table by person and time; what a segment asks of events are aggregates with",
        "filters, joined to the people.",
        "",
        "| | CPU s | wall s | peak MB | times intarsia |",
        "|---|---:|---:|---:|---:|",
        *rows,
        "",
    ]


def _table_of_kinds(results: Results) -> list[str]:
    sums = {way: dict.fromkeys(KINDS, 0.0) for way in results.peers}
    for way, cost in results.peers.items():
        for kind, cpu in zip(KIND_OF, cost.answer["cpu"], strict=True):
            sums[way][kind] += cpu
    rows = [
        f"| {kind} | {' | '.join(f'{1000 * of_peer[kind] / len(segments):.1f}' for of_peer in sums.values())} |"
        for kind, segments in KINDS.items()
    ]
    return [
        "CPU milliseconds of one query, on average:",
        "",
        f"| | {' | '.join(way.short for way in sums)} |",
        f"|---|{'---:|' * len(sums)}",
        *rows,
        "",
    ]


def _limit(results: Results) -> list[str]:
    size, cpu = results.build.answer["bytes"], results.ours.answer["cpu"]
    limit = size / results.bytes_per_second
    start, build = results.start, results.build
    return [
        f"The columns that the hundred need have {size / MEGABYTE:,.0f} MB; one thread reads "
        f"{results.bytes_per_second / 1e9:.1f} GB in a second here.",
        f"To read them once takes {1000 * limit:.1f} ms; intarsia takes {cpu / limit:.0f} times that.",
        "",
        f"From nothing, with the columns on the disk, a new process has all hundred after {start.wall_seconds:.2f} s "
        f"({start.cpu_seconds:.2f} s CPU, {start.peak_megabytes:,.0f} MB).",
        f"To build these columns out of the tables took {build.cpu_seconds:.1f} s CPU, "
        f"{build.wall_seconds:.1f} s by the clock, {build.peak_megabytes:,.0f} MB.",
        "",
    ]


def _growth(results: Results) -> list[str]:
    sizes = [(one.events, f"{one.people:,} people, {one.events:,} events", cpu) for one, cpu in results.by_size.items()]
    segments = [(count, f"{count} segments", cpu) for count, cpu in results.by_segments.items()]
    return [
        "How CPU seconds grow; an exponent of 1 is linear:",
        "",
        "| | CPU s | exponent |",
        "|---|---:|---:|",
        *_rows_of_growth(sizes),
        *_rows_of_growth(segments),
        "",
    ]


def _rows_of_growth(points: Sequence[tuple[int, str, float]]) -> list[str]:
    rows = [f"| {points[0][1]} | {points[0][2]:.3f} | |"]
    for (before, _, less), (after, name, more) in pairwise(points):
        rows.append(f"| {name} | {more:.3f} | {log(more / less) / log(after / before):.2f} |")
    return rows


def _preview(results: Results) -> list[str]:
    named = {"cold": "a rule of three aggregates, nothing worked out yet", "changed": "its thresholds changed"}
    rows = [f"| {named[what]} | {cpu:.1f} | {wall:.1f} |" for what, (cpu, wall) in results.preview.items()]
    return [
        "The exact preview of one rule, text to number, columns open:",
        "",
        "| | CPU ms | wall ms |",
        "|---|---:|---:|",
        *rows,
    ]


def _kept_up(cost: Cost, everybody: float) -> list[str]:
    """What is evaluated again as time goes on and events arrive; `everybody`: CPU milliseconds of all hundred anew."""
    named = {"tick": "a second, nothing learned", "event": "one event", "batch": "1,000 events at once"}
    rows = []
    for what, title in named.items():
        found = cost.answer[what]
        cpu, wall = (" | ".join(f"{milliseconds:.1f}" for milliseconds in found[kind]) for kind in ("cpu", "wall"))
        rows.append(f"| {title} | {cpu} | {wall} | {found['changes']:,.1f} | {everybody / found['cpu'][0]:,.0f}x |")
    return [
        "Kept up: from when the journal has acknowledged messages, or a second has gone by, to the last change that is",
        "handed to whoever is told. Milliseconds of many runs, their median and what 99 of 100 do not exceed; how many",
        "enter or leave by it, on average; and how many times as much CPU all hundred take for everybody.",
        "",
        "| | CPU ms | 99 of 100 | wall ms | 99 of 100 | moves | all hundred |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *rows,
    ]


def _keepers(first: Cost, next_one: Cost) -> list[str]:
    """How long it takes to begin and to settle, and what stays in memory."""
    begun, found = first.answer, next_one.answer
    settled, again = found["settle"]
    resident = found["megabytes"]
    rows = [
        ("the first of a workspace: columns and ledger out of the tables", begun["cpu"], begun["wall"]),
        ("it keeps what it knows", begun["keep_cpu"], begun["keep_wall"]),
        ("the next one, which takes that up", found["begin"]["cpu"], found["begin"]["wall"]),
        ("it writes down what came: record, ledger with instants, a check", settled["cpu"], settled["wall"]),
        ("the same when nothing came", again["cpu"], again["wall"]),
    ]
    return [
        "Who keeps them up, seconds:",
        "",
        "| | CPU s | wall s |",
        "|---|---:|---:|",
        *(f"| {name} | {cpu:.1f} | {wall:.1f} |" for name, cpu, wall in rows),
        "",
        f"The first had {first.peak_megabytes:,.0f} MB at most, the next one {next_one.peak_megabytes:,.0f} MB, files",
        "that are mapped included" + ("." if resident is None else f"; in the end it had {resident:,.0f} MB."),
    ]
