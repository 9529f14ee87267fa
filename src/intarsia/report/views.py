"""The views for analysts and BI tools: stable names over the record, as of one question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa

from intarsia.engine.sql.evaluate import Evaluator
from intarsia.lake.statements import statements
from intarsia.segment.asking import Asking

NEEDS: Mapping[str, tuple[str, ...]] = {
    "profiles": ("people", "statements"),
    "events": ("facts",),
    "purchases": ("sales", "versions"),
    "purchase_lines": ("sales", "versions", "lines"),
    "memberships": (),
}
"""The views, and which relations of the engine each is made over."""


def blocks() -> Mapping[str, str]:
    """The SQL of each view, by name."""
    return statements(Path(__file__).with_name("views.sql"))


def offer_views(asking: Asking, sql: str, *, traits: Iterable[str], segment_names: Mapping[str, str]) -> None:
    """Make the views that a statement names.

    traits         the recorded traits by name; segment_names: the name of each segment by its id
    """
    named = [view for view in NEEDS if re.search(rf"\b{view}\b", sql, re.IGNORECASE)]
    if "purchase_lines" in named and "purchases" not in named:
        named.insert(0, "purchases")
    for relation in sorted({relation for view in named for relation in NEEDS[view]}):
        asking.evaluator.relation(relation)
    if "profiles" in named:
        asking.session.register("traits_now", asking.evaluator.traits(sorted(traits)))
    if "memberships" in named:
        asking.session.register("segment_names", _names(segment_names))
        asking.session.register("question", _question(asking.evaluator))
    for view in named:
        asking.session.execute(f"create temp view {view} as {blocks()[view]}")


def _question(evaluator: Evaluator) -> pa.Table:
    """As of when is asked, in one row: the ledger has no relation of the engine that would know."""
    return pa.table({"at": pa.array([evaluator.at]), "known_at": pa.array([evaluator.known_at])})


def _names(names: Mapping[str, str]) -> pa.Table:
    return pa.table(
        {"segment_id": pa.array(list(names), pa.string()), "name": pa.array(list(names.values()), pa.string())}
    )
