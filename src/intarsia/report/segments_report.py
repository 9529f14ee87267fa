"""What each segment is worth, as one answer: rows, overlap, sizes over time, RFM, totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from intarsia.analysis.days import DaysBack, look_back
from intarsia.analysis.rfm import RfmScores, learned, scored
from intarsia.analysis.rfm_definition import TITLES, NothingToLearn, RfmDefinition, RfmDefinitions
from intarsia.clock import to_iso
from intarsia.config import Settings
from intarsia.errors import UserError
from intarsia.language.meaning.money import minor_digits
from intarsia.report.contrast import Difference, differences
from intarsia.report.features import features
from intarsia.report.size_history import Measured, SizeAt, history
from intarsia.report.worth import Worth, blocks, offer_members, worths
from intarsia.segment.asking import Asking, AsOf
from intarsia.segment.definitions import Definition
from intarsia.store.store import Store

WINDOW_DAYS = 365


@dataclass(frozen=True)
class SegmentRow:
    """One segment: its definition, what it is worth beside everybody else, its sizes over time, who its members are.

    worth, rest  of the members, and of all other people who are known
    differences  the features in which members differ most from the rest, largest difference first
    """

    definition: Definition
    sentence: str
    worth: Worth
    rest: Worth
    history: list[SizeAt]
    differences: list[Difference]

    @property
    def name(self) -> str:
        """The segment's name."""
        return self.definition.name

    @property
    def size(self) -> int:
        """How many members."""
        return self.worth.people


@dataclass(frozen=True)
class RfmMap:
    """How everybody who bought spreads over the scores.

    cells              people by recency and frequency score
    classes, revenue_minor  people and net revenue by class, best class first
    is_frozen          the edges are those in force; else they were learned for this report only
    unrated_count      people left out, because the rate of a currency is not known
    """

    definition: RfmDefinition
    cells: dict[tuple[int, int], int]
    classes: dict[str, int]
    revenue_minor: dict[str, int]
    is_frozen: bool
    unrated_count: int

    def to_json(self) -> dict[str, object]:
        """Cells as a list of r, f and people; classes as a list."""
        cells = [{"r": r, "f": f, "people": people} for (r, f), people in self.cells.items()]
        classes = [
            {"class": name, "people": people, "revenue_minor": self.revenue_minor[name]}
            for name, people in self.classes.items()
        ]
        return {
            "definition": self.definition.to_json(),
            "is_frozen": self.is_frozen,
            "cells": cells,
            "classes": classes,
            "unrated": self.unrated_count,
        }


@dataclass(frozen=True)
class SegmentsReport:
    """The report on all segments of a workspace.

    workspace  its name; note: what is to be known of the data, such as where they come from
    window     the time whose orders count
    everyone, guests  what all known people bought, and what was sold without a profile; together: everything
    overlap    how many people each pair of segments shares, by the places of `rows`; with itself: its size
    rfm        None: nobody bought in the window
    invalid    why other segments could not be asked, by name; they keep their members in the ledger
    """

    workspace: str
    note: str
    language: str
    timezone: str
    currency: str
    as_of: AsOf
    window: DaysBack
    everyone: Worth
    guests: Worth
    rows: list[SegmentRow]
    overlap: list[list[int]]
    rfm: RfmMap | None
    invalid: Mapping[str, UserError]

    @property
    def total(self) -> Worth:
        """Everything that was sold: to members, to the rest, to guests."""
        return self.everyone + self.guests

    @property
    def currency_digits(self) -> int:
        """How many decimals the currency has."""
        return minor_digits(self.currency)

    def share_of_base(self, row: SegmentRow) -> float:
        """The members among all who are known, 0 to 1."""
        return row.size / self.everyone.people if self.everyone.people else 0.0

    def share_of_revenue(self, worth: Worth) -> float | None:
        """A revenue among all revenue, guests' included; None where there is none to share."""
        total = self.total.revenue_minor
        return worth.revenue_minor / total if total > 0 else None

    def to_json(self) -> dict[str, object]:
        """Everything in the report; amounts in minor units, shares from 0 to 1, instants in ISO 8601, UTC."""
        return {
            "workspace": self.workspace,
            "note": self.note,
            "as_of": self.as_of.to_json(),
            "timezone": self.timezone,
            "currency": self.currency,
            "currency_digits": self.currency_digits,
            "window": {
                "days": self.window.count,
                "begin": to_iso(self.window.begin),
                "end": to_iso(self.window.end - 1),
            },
            "segments": [self._row_json(row) for row in self.rows],
            "everyone": self.everyone.to_json(),
            "guests": self.guests.to_json(),
            "total": self.total.to_json(),
            "overlap": self.overlap,
            "rfm": None if self.rfm is None else self.rfm.to_json(),
            "invalid": [{"name": name, "error": error.to_json()} for name, error in self.invalid.items()],
        }

    def _row_json(self, row: SegmentRow) -> dict[str, object]:
        return {
            **row.definition.to_json(),
            "sentence": row.sentence,
            "size": row.size,
            "share_of_base": round(self.share_of_base(row), 6),
            "share_of_revenue": _rounded(self.share_of_revenue(row.worth)),
            "worth": row.worth.to_json(),
            "rest": row.rest.to_json(),
            "history": [item.to_json() for item in row.history],
            "differences": [item.to_json() for item in row.differences],
        }


def build_segments_report(
    asking: Asking, store: Store, settings: Settings, past: Callable[[], Measured], *, workspace: str, language: str
) -> SegmentsReport:
    """The report as of a question.

    past  waits for the sizes of the segments at earlier instants
    """
    members, invalid = asking.several(asking.definitions)
    names, definitions = list(members), [asking.definitions[name] for name in members]
    offer_members(asking, list(members.values()))
    window = look_back(asking, WINDOW_DAYS)
    worth = worths(asking, len(names), window)
    overlap = _overlap(asking, len(names))
    differing = differences(asking, features(asking, window), names)
    rfm = _rfm(asking, RfmDefinitions(store).all())
    measured = past().with_present(asking)
    rows = [
        SegmentRow(
            definition,
            definition.sentence(language, catalog=asking.catalog),
            worth.segments[place],
            worth.everyone - worth.segments[place],
            history(asking, store, definition, measured),
            differing[place],
        )
        for place, definition in enumerate(definitions)
    ]
    order = sorted(range(len(rows)), key=lambda place: (-rows[place].worth.revenue_minor, rows[place].name))
    return SegmentsReport(
        workspace=workspace,
        note=settings.data_note,
        language=language,
        timezone=settings.timezone,
        currency=settings.currency,
        as_of=asking.as_of,
        window=window,
        everyone=worth.everyone,
        guests=worth.guests,
        rows=[rows[place] for place in order],
        overlap=[[overlap[row][column] for column in order] for row in order],
        rfm=rfm,
        invalid=invalid,
    )


def _overlap(asking: Asking, count: int) -> list[list[int]]:
    found = {
        (row["first"], row["second"]): row["shared"] for row in asking.session.execute(blocks()["overlap"]).to_pylist()
    }
    return [[found.get((row, column), 0) for column in range(count)] for row in range(count)]


def _rfm(asking: Asking, kept: list[RfmDefinition]) -> RfmMap | None:
    try:
        definition = kept[-1] if kept else learned(asking, WINDOW_DAYS, "orders", created_at=asking.as_of.known_at)
    except NothingToLearn:
        return None
    scores = scored(asking, definition)
    return RfmMap(
        definition,
        scores.cells(),
        scores.classes(),
        _revenue_by_class(scores),
        is_frozen=bool(kept),
        unrated_count=scores.unrated_count,
    )


def _revenue_by_class(scores: RfmScores) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for name, amount in zip(scores.table["name"].to_pylist(), scores.table["monetary_minor"].to_pylist(), strict=True):
        sums[name] += amount
    return {name: sums[name] for name in TITLES}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
