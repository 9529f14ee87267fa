"""RFM: recency, frequency and money of each customer, scored 1 to 5 by frozen edges, and the class that follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from intarsia.analysis.days import look_back
from intarsia.analysis.rfm_definition import (
    CLASSES,
    TITLES,
    Counting,
    Edges,
    NothingToLearn,
    RfmDefinition,
    RfmDefinitions,
)
from intarsia.clock import to_iso
from intarsia.ids import digest
from intarsia.lake.statements import statements
from intarsia.language.meaning.json_text import from_text, to_text
from intarsia.record.record import Receipt
from intarsia.record.values import keep
from intarsia.segment.asking import Asking, AsOf
from intarsia.store.store import Store

TRAIT = "rfm"
WINDOW_DAYS = 365

When = str | datetime | None
Ask = Callable[[When, When], AbstractContextManager[Asking]]


class Recorder(Protocol):
    """Takes messages into the record."""

    def __call__(self, messages: Sequence[Mapping[str, Any]], /) -> Receipt:
        """What became of each."""


@dataclass(frozen=True)
class RfmScores:
    """Everybody who bought in the window, with values, scores and class, as of one question.

    table  profile_id, recency_days (whole calendar days since the last order), frequency (orders, or days with one),
           monetary_minor (net of refunds, minor units), r, f, m (1 to 5), name (the class); in the order of the ids
    unrated_count  people left out, because a sale of theirs is in a currency whose rate is not known
    """

    table: pa.Table
    definition: RfmDefinition
    as_of: AsOf
    unrated_count: int

    def sizes(self) -> dict[str, list[int]]:
        """How many people have each score from 1 to 5, by `r`, `f`, `m`; rarely a fifth each, for ties stay whole."""
        found = {letter: Counter(self.table[letter].to_pylist()) for letter in "rfm"}
        return {letter: [counts[score] for score in range(1, 6)] for letter, counts in found.items()}

    def classes(self) -> dict[str, int]:
        """How many people are in each of the ten classes, best class first."""
        counts = Counter(self.table["name"].to_pylist())
        return {name: counts[name] for name in TITLES}

    def cells(self) -> dict[tuple[int, int], int]:
        """How many people have each pair of scores, recency and frequency."""
        counts = Counter(zip(self.table["r"].to_pylist(), self.table["f"].to_pylist(), strict=True))
        return {cell: counts[cell] for cell in sorted(CLASSES)}

    def to_json(self) -> dict[str, object]:
        """Definition, sizes, classes and as of; without the people."""
        return {
            "definition": self.definition.to_json(),
            "scored": self.table.num_rows,
            "unrated": self.unrated_count,
            "sizes": self.sizes(),
            "classes": self.classes(),
            "as_of": self.as_of.to_json(),
        }


@dataclass(frozen=True)
class RfmWritten:
    """What a writing of scores did: people scored, traits that changed, traits that went back to unknown."""

    scored: int
    changed: int
    cleared: int
    as_of: AsOf

    def to_json(self) -> dict[str, object]:
        """The three counts, and as of."""
        return {"scored": self.scored, "changed": self.changed, "cleared": self.cleared, "as_of": self.as_of.to_json()}


class Rfm:
    """RFM of one workspace.

    ask     opens a question as of an instant, by what was known at another
    record  takes messages into the record; now: the present, milliseconds UTC
    """

    def __init__(self, store: Store, *, ask: Ask, record: Recorder, now: Callable[[], int]) -> None:
        self._definitions = RfmDefinitions(store)
        self._ask = ask
        self._record = record
        self._now = now

    def learn(self, at: When = None, *, window_days: int = WINDOW_DAYS, counting: Counting = "orders") -> RfmDefinition:
        """Learn edges from the orders as of an instant and put them in force; earlier versions are kept.

        Raises `NothingToLearn`, `BadRfm`.
        """
        with self._ask(at, None) as asking:
            return self._definitions.add(learned(asking, window_days, counting, created_at=self._now()))

    def fix(
        self,
        *,
        recency_days: Edges,
        frequency: Edges,
        monetary_minor: Edges,
        at: When = None,
        window_days: int = WINDOW_DAYS,
        counting: Counting = "orders",
    ) -> RfmDefinition:
        """Put edges of your own in force, four for each score in rising order; raises `BadRfm`."""
        with self._ask(at, None) as asking:
            reference, currency = asking.as_of.at, asking.catalog.currency
        given = RfmDefinition(
            0, window_days, counting, currency, recency_days, frequency, monetary_minor, reference, self._now()
        )
        return self._definitions.add(given)

    def definition(self) -> RfmDefinition:
        """The edges in force; raises `NoRfm`."""
        return self._definitions.latest()

    def versions(self) -> list[RfmDefinition]:
        """Every definition that was ever in force, oldest first."""
        return self._definitions.all()

    def score(self, at: When = None, known_at: When = None) -> RfmScores:
        """Everybody's scores by the edges in force; raises `NoRfm`."""
        definition = self._definitions.latest()
        with self._ask(at, known_at) as asking:
            return scored(asking, definition)

    def write(self, at: When = None) -> RfmWritten:
        """Write the scores into the record as the trait `rfm`, dated `at`; who has none any more gets null.

        Only what differs from the trait as of `at` is written, so that a second call writes nothing. In rules:
        `rfm.class = 'champions'`, `rfm.recency < 30`, `rfm.monetary > 1000` (major units), `rfm.score = '555'`.
        """
        definition = self._definitions.latest()
        with self._ask(at, None) as asking:
            scores = scored(asking, definition)
            before = _written(asking)
            digits = asking.catalog.currency_digits
        traits: dict[str, dict[str, object] | None] = {
            row["profile_id"]: _trait(row, digits) for row in scores.table.to_pylist()
        }
        cleared = [profile_id for profile_id in before if profile_id not in traits]
        traits.update(dict.fromkeys(cleared))
        changed = {profile_id: trait for profile_id, trait in traits.items() if before.get(profile_id) != _text(trait)}
        if changed:
            self._record([_message(profile_id, trait, scores.as_of) for profile_id, trait in changed.items()])
        return RfmWritten(scores.table.num_rows, len(changed), len(cleared), scores.as_of)


# --- values and scores


def learned(asking: Asking, window_days: int, counting: Counting, *, created_at: int) -> RfmDefinition:
    """The edges of the orders as of a question, not kept; raises `NothingToLearn`."""
    none: Edges = (0, 0, 0, 0)
    at, currency = asking.as_of.at, asking.catalog.currency
    blank = RfmDefinition(0, window_days, counting, currency, none, none, none, at, created_at)
    _make_values(asking, window_days)
    found = asking.session.execute(_blocks()["edges"], {"counting": counting}).to_pylist()[0]
    if not found["people"]:
        raise NothingToLearn(days=window_days, at=to_iso(at))
    edges = {f"{name}_edges": tuple(found[name]) for name in ("recency", "frequency", "monetary")}
    return RfmDefinition(**{**vars(blank), **edges})


def scored(asking: Asking, definition: RfmDefinition) -> RfmScores:
    """Everybody's scores as of a question by the edges of a definition."""
    _make_values(asking, definition.window_days)
    edges = {
        "recency_edges": list(definition.recency_edges),
        "frequency_edges": list(definition.frequency_edges),
        "monetary_edges": list(definition.monetary_edges),
    }
    table = asking.session.execute(_blocks()["scores"], {"counting": definition.counting, **edges})
    cells = zip(table["r"].to_pylist(), table["f"].to_pylist(), strict=True)
    names = pa.array([CLASSES[cell] for cell in cells], pa.string())
    unrated = asking.session.execute("select count(*) as n from rfm_values where unrated_count > 0")["n"][0].as_py()
    return RfmScores(table.append_column("name", names), definition, asking.as_of, unrated)


def _make_values(asking: Asking, window_days: int) -> None:
    """The relation `rfm_values`; the window is that of `last {window_days} days`, both its edges inside."""
    asking.evaluator.relation("own_sales")
    window = look_back(asking, window_days)
    asking.session.execute(_blocks()["values"], window.bounds())


# --- traits


def _written(asking: Asking) -> dict[str, str]:
    """The trait of everybody who has it as of a question, as canonical JSON by profile id."""
    asking.session.register("rfm_written", asking.evaluator.traits([TRAIT]))
    rows = asking.session.execute("select profile_id, traits from rfm_written join lake.profiles using (profile_no)")
    found = {row["profile_id"]: from_text(row["traits"])[TRAIT] for row in rows.to_pylist()}
    return {profile_id: to_text(trait) for profile_id, trait in found.items() if trait is not None}


def _trait(row: Mapping[str, Any], digits: int) -> dict[str, object]:
    return {
        "recency": row["recency_days"],
        "frequency": row["frequency"],
        "monetary": Decimal(row["monetary_minor"]).scaleb(-digits),
        "r": row["r"],
        "f": row["f"],
        "m": row["m"],
        "score": f"{row['r']}{row['f']}{row['m']}",
        "class": row["name"],
    }


def _text(trait: Mapping[str, object] | None) -> str | None:
    return None if trait is None else to_text(keep(trait))


def _message(profile_id: str, trait: Mapping[str, object] | None, as_of: AsOf) -> dict[str, object]:
    # Of two statements of one instant the greater id counts, so a later state of the record must sort above.
    message_id = f"rfm-{as_of.at:015d}-{as_of.record_state:012d}-{digest(profile_id)}"
    return {
        "type": "identify",
        "messageId": message_id,
        # What we work out tells nobody's name: a `userId` would make somebody identified who is not (rule 1).
        "anonymousId": profile_id,
        "timestamp": to_iso(as_of.at),
        "traits": {TRAIT: trait},
    }


def _blocks() -> Mapping[str, str]:
    return statements(Path(__file__).with_name("rfm.sql"))
