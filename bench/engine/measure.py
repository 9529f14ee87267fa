"""The hundred segments, asked of intarsia and of its peers over the same people and events, in the same run."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from page import is_there
from processes import Cost, run, say

from engine import tables
from engine.data import SEED
from engine.hundred import SEGMENTS
from engine.sizes import SIZES, Size
from engine.ways import WAYS, Way

MADE = "made.json"


@dataclass(frozen=True)
class Made:
    """People and events that are there: how many events, and what it cost to build the columns of them."""

    events: int
    build: Cost


def hundred_segments(folder: Path, size: str) -> dict[str, list[str]]:
    """Everything that is measured at a size, as sections of the page; the bench ends where two answers differ."""
    *smaller, own = SIZES[size]
    costs = {one: _evaluated(folder, one) for one in (*smaller, own)}
    place, made = folder / str(own.people), _made(folder, own)
    say("intarsia: start, growth, preview")
    ours = {what: piece("ours", place, what) for what in ("start", "grow", "preview")}
    say("intarsia: kept up")
    kept = {what: piece("keep", place, what) for what in ("begin", "keep_up")}
    found = [way for way in WAYS if is_there(way.peer)]
    _load(place, {way.peer for way in found if way.loads})
    peers = {way: _asked(place, way) for way in found}
    _agree(costs[own].answer["found"], peers)
    results = tables.Results(
        size=size,
        people=own.people,
        events=made.events,
        build=made.build,
        ours=costs[own],
        start=ours["start"],
        peers=peers,
        missing=[way for way in WAYS if way not in peers],
        by_size={one: cost.answer["cpu"] for one, cost in costs.items()},
        by_segments={int(count): cpu for count, cpu in ours["grow"].answer.items()},
        preview=ours["preview"].answer,
        begun=kept["begin"],
        kept_up=kept["keep_up"],
        bytes_per_second=piece("bandwidth", place).answer,
    )
    return tables.sections(results)


def piece(name: str, folder: Path, *others: str) -> Cost:
    """One piece in a process of its own."""
    return run([sys.executable, "-m", "engine.pieces", name, str(folder), *others])


def _made(folder: Path, size: Size) -> Made:
    """People and events of a size, made if they are not there yet."""
    place = folder / str(size.people)
    asked = {"seed": SEED, **asdict(size)}
    found = json.loads((place / MADE).read_text()) if (place / MADE).exists() else {}
    if found.get("asked") != asked:
        if place.exists():
            sys.exit(f"{place} holds something else, or was not finished: remove it")
        place.mkdir(parents=True)
        say(f"making {size.people:,} people and {size.events:,} events")
        written = piece("make", place, str(size.people), str(size.events)).answer
        say("building the columns that the hundred need")
        found = {"asked": asked, "events": written, "build": asdict(piece("ours", place, "build"))}
        (place / MADE).write_text(json.dumps(found))
    return Made(found["events"], Cost(**found["build"]))


def _evaluated(folder: Path, size: Size) -> Cost:
    _made(folder, size)
    say(f"intarsia: {len(SEGMENTS)} segments, {size.people:,} people")
    return piece("ours", folder / str(size.people), "evaluate")


def _load(place: Path, peers: set[str]) -> None:
    for peer in sorted(peers):
        say(f"{peer}: loading")
        piece("load", place, peer)


def _asked(place: Path, way: Way) -> Cost:
    say(f"{way.title}: {len(SEGMENTS)} queries")
    return piece("ask", place, way.peer, way.name)


def _agree(ours: list[list[int]], peers: dict[Way, Cost]) -> None:
    """Every peer takes the same number of people with the same sum of numbers into each segment, or the bench ends."""
    differing = [
        f"{way.title}: {segment.text}: {theirs}, not {own}"
        for way, cost in peers.items()
        for segment, own, theirs in zip(SEGMENTS, ours, cost.answer["found"], strict=True)
        if own != theirs
    ]
    if differing:
        sys.exit("different answers (people, sum of their numbers):\n" + "\n".join(differing))
    say(f"intarsia and {len(peers)} ways to ask peers agree on all {len(SEGMENTS)} segments")
