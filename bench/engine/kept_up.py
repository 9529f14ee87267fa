"""intarsia: the hundred kept up, as time goes on and as events arrive, in a process that goes on running."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from engine.clock import Spent, timed
from engine.data import CAMPAIGNS, CATEGORIES, SEED, TYPES
from engine.hundred import SEGMENTS, name_of
from engine.ours import Engine, engine
from engine.shape import AT
from intarsia.engine.columns.derivation import Derivation
from intarsia.engine.columns.grown import Grown
from intarsia.engine.live.arriving import Arrivals
from intarsia.engine.live.changed import Change, Live
from intarsia.language.checking.named import Named, Version
from intarsia.language.meaning.facts import Fact, Json
from intarsia.profile.derived import derive, sources

BATCH = 1000
TIMES = {"tick": 200, "event": 200, "batch": 60}
"""How often each is measured."""
FIRST = 10
"""So many of each come before and are not counted: they map what they need, and work out calendars."""
STEP = 1000
"""From one to the next a second goes by."""
LATE, LATEST = 0.01, 10 * 86_400_000
"""Of the events so many happened longer ago than the second, up to so many milliseconds."""

Milliseconds = tuple[float, float]
"""Of several runs the median, and what 99 of 100 do not exceed."""


def keep_up(folder: Path) -> dict[str, Any]:
    """Milliseconds of CPU and by the clock, by what happens; how many enter or leave by it, on average."""
    with engine(folder) as found:
        live, ids = _live(found)
        # What is there by now stays: nothing is gained from looking through it for what could be let go of.
        gc.freeze()
        feed = _Feed(ids)
        what = {"tick": 0, "event": 1, "batch": BATCH}
        return {name: _measured(live, feed, count, TIMES[name]) for name, count in what.items()}


def _live(found: Engine) -> tuple[Live, list[str | None]]:
    """The hundred over everybody, as of the instant of the question."""
    answer = found.asking.session.execute("select profile_no, profile_id from lake.profiles")
    ids: list[str | None] = [None] * found.kept.size
    for place, profile_id in zip(answer["profile_no"].to_pylist(), answer["profile_id"].to_pylist(), strict=True):
        ids[place] = profile_id
    places = {profile_id: place for place, profile_id in enumerate(ids) if profile_id is not None}
    at = int(datetime.fromisoformat(AT).timestamp()) * 1000
    columns = Grown(lambda: found.kept, ids, Derivation(derive, sources), at)
    contents = [found.asking.checked(name_of(place)) for place in range(len(SEGMENTS))]
    segments = {
        name_of(place): Named((Version(0, lambda content=content: content),))  # type: ignore[misc]
        for place, content in enumerate(contents)
    }
    live = Live(columns, places, segments, answer=_not_in_columns, arrivals=Arrivals())
    return live, list(places)


def _not_in_columns(name: str) -> Any:
    raise AssertionError(f"{name} is not from columns")


class _Feed:
    """Events by chance, of the types and in the shares of the data."""

    def __init__(self, ids: Sequence[str | None]) -> None:
        self._chance = np.random.default_rng(SEED)
        self._ids = ids
        self._number = 0

    def events(self, count: int, at: int) -> list[tuple[str, Fact]]:
        """So many, of the second before an instant, a few of them late."""
        return [self._event(at) for _ in range(count)]

    def _event(self, at: int) -> tuple[str, Fact]:
        chance = self._chance
        what = str(chance.choice(list(TYPES), p=[one.share for one in TYPES.values()]))
        self._number += 1
        happened = at - int(chance.integers(LATEST if chance.random() < LATE else STEP))
        said = self._properties(what)
        fact = Fact(f"new-{self._number}", "track", TYPES[what].name, happened, at, properties=said)
        return self._ids[int(chance.integers(len(self._ids)))] or "", fact

    def _properties(self, what: str) -> dict[str, Json]:
        whole = lambda below: Decimal(int(self._chance.integers(below)))  # noqa: E731
        category = CATEGORIES[int(self._chance.integers(len(CATEGORIES)))]
        match what:
            case "view":
                return {"category": category}
            case "order":
                own = {"order_id": f"new-{self._number}", "total": whole(20_000) / 100}
                return {**own, "category": category, "discount_pct": Decimal(10)}
            case "opened" | "clicked":
                return {"campaign_id": whole(CAMPAIGNS)}
            case "answered":
                return {"score": whole(11)}
            case _:
                return {"points": whole(100)}


def _measured(live: Live, feed: _Feed, count: int, times: int) -> dict[str, Any]:
    """Time goes on by a second, and so many events are learned if it is any; only that is measured then."""
    runs = list[Spent[list[Change]]]()
    for _ in range(FIRST + times):
        at = live.at + STEP
        events = feed.events(count, at)
        if count:
            live.tick(at)
        work: Callable[[], list[Change]] = (lambda: live.take(events, at)) if count else (lambda: live.tick(at))  # noqa: B023
        runs.append(timed(work))
    counted = runs[FIRST:]
    return {
        "cpu": _spread([run.cpu for run in counted]),
        "wall": _spread([run.wall for run in counted]),
        "changes": sum(len(run.answer) for run in counted) / times,
    }


def _spread(seconds: Sequence[float]) -> Milliseconds:
    median, most = np.quantile(seconds, (0.5, 0.99))
    return 1000 * float(median), 1000 * float(most)
