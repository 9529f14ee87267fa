"""Previews: the estimate's interval, the exact number, and that a changed threshold works nothing out anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from math import sqrt
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from intarsia.engine.columns.build import Builder
from intarsia.engine.columns.cache import Cache
from intarsia.engine.columns.kept import Kept
from intarsia.engine.columns.loaded import Loaded
from intarsia.engine.kernel.features import Features
from intarsia.errors import UserError
from intarsia.ids import bucket_number
from intarsia.segment.previewing import SALT, Estimate, NoEstimate, Previews
from intarsia.shares import Share
from tests.membership.simulated import Simulation, simulation

PEOPLE = 3_000
ASKED = 300
SEED = 20261122
RULES = 400


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    """Three thousand people with an age and a city, half of whom bought, some of them several times."""
    rng = Random(SEED)
    with simulation(tmp_path_factory.mktemp("crowd") / "shop", "2024-03-01") as opened:
        messages: list[dict[str, Any]] = []
        for number in range(PEOPLE):
            traits = {"points": rng.randrange(1000), "city": rng.choice("ABCDEFGH")}
            messages.append({"type": "identify", "messageId": f"i{number}", "userId": f"p{number}", "traits": traits})
            for order in range(rng.choice((0, 0, 1, 2, 5))):
                messages.append(
                    {
                        "type": "track",
                        "messageId": f"o{number}-{order}",
                        "userId": f"p{number}",
                        "timestamp": f"2024-0{rng.choice((1, 2))}-{rng.randrange(10, 29)}T10:00:00Z",
                        "event": "Order Completed",
                        "properties": {"order_id": f"{number}-{order}", "total": rng.randrange(10, 500)},
                    }
                )
        opened.record(*messages)
        yield opened


def few(asking: Any) -> Previews:
    """Previews that ask a tenth."""
    return Previews(asking, people_least=ASKED, share=0)


def any_rule(rng: Random, number: int) -> str:
    """A rule that some hold, many or few."""
    return rng.choice(
        (
            f"bucket('salt {number}') < {rng.choice((0.01, 0.05, 0.2, 0.5, 0.9))}",
            f"points < {rng.randrange(1, 1000)} and bucket('{number}') < 0.7",
            f"city = '{rng.choice('ABCDEFGH')}' and points >= {rng.randrange(900)}",
            f"count(order, last {rng.choice((7, 30, 45))} days) > {rng.randrange(3)} and points > {rng.randrange(500)}",
            f"sum(order.total) between {rng.randrange(200)} and {rng.randrange(200, 1500)}",
        )
    )


def test_the_interval_holds_the_exact_number_about_95_times_in_100(crowd: Simulation) -> None:
    rng, held, width = Random(SEED), 0, []
    with crowd.workspace.ask() as asking:
        previews = few(asking)
        for number in range(RULES):
            text = any_rule(rng, number)
            estimate, size = previews.estimate(text), previews.size(text)
            held += estimate.low <= size <= estimate.high
            width.append((estimate.high - estimate.low) / PEOPLE)
    assert 0.92 <= held / RULES <= 0.995, f"SEED={SEED}: {held} of {RULES}"
    assert np.median(width) < 2 * 1.96 * sqrt(0.25 / ASKED)


def test_the_exact_number_is_that_of_a_count(crowd: Simulation) -> None:
    rng = Random(SEED + 1)
    texts = [any_rule(rng, number) for number in range(12)]
    texts += ["top 10% by sum(order.total)", "city = 'A' for at least 1 day", "near (50, 14) within 9 km", "nobody"]
    with crowd.workspace.previews() as previews:
        found = {text: previews.preview(text).size for text in texts}
    assert found == {text: crowd.workspace.segments.count(text).size for text in texts}


def test_the_sample_is_of_the_same_people_each_time(crowd: Simulation) -> None:
    with crowd.workspace.ask() as asking:
        sample = few(asking).sample
        assert np.array_equal(sample, few(asking).sample)
        found = asking.session.execute("select profile_no, profile_id from people").to_pylist()
    first = sorted(found, key=lambda row: bucket_number(SALT, row["profile_id"]))[:ASKED]
    assert sorted(row["profile_no"] for row in first) == sample.tolist()


def test_where_there_are_few_everybody_is_asked(shop: Simulation) -> None:
    found = shop.workspace.segments.preview("did order")
    assert found.estimate == Estimate(Share(2, 3), 3)
    assert (found.estimate.low, found.estimate.size, found.estimate.high) == (2, 2, 2)
    assert (found.size, found.base) == (2, 3)


def test_of_nobody_there_is_no_estimate(tmp_path: Path) -> None:
    with simulation(tmp_path / "empty", "2024-03-01") as opened:
        found = opened.workspace.segments.preview("everyone")
    assert (found.estimate, str(found.no_estimate), found.size) == (None, "nobody is known", 0)


def by_roots(yes: int, known: int) -> tuple[float, float]:
    """The shares that lie just 1.96 of their own standard errors from what was found, by halving."""

    def edge(inside: float, outside: float) -> float:
        for _ in range(200):
            middle = (inside + outside) / 2
            is_inside = abs(yes / known - middle) <= 1.959963984540054 * sqrt(middle * (1 - middle) / known)
            inside, outside = (middle, outside) if is_inside else (inside, middle)
        return inside

    return edge(yes / known, 0.0), edge(yes / known, 1.0)


@pytest.mark.parametrize(("yes", "known", "base"), [(30, 300, 3_000), (1, 2_000, 1_000_000), (150, 300, 90_000)])
def test_the_ends_are_those_of_wilson_in_whole_people(yes: int, known: int, base: int) -> None:
    estimate, (low, high) = Estimate(Share(yes, known), base), by_roots(yes, known)
    assert estimate.size == round(base * yes / known)
    assert estimate.low == int(base * low)
    assert estimate.high == int(base * high) + 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("top 10% by count(order)", "a rank looks at everybody"),
        ("did order and in segment 'buyers'", "it names a segment, and who is in one is worked out of everybody"),
        ("entered segment 'buyers' in last 7 days", "it names a segment, and who is in one is worked out of everybody"),
        ("city = 'Brno' for at least 3 days", "columns do not have how long a trait has been so"),
    ],
)
def test_what_needs_everybody_has_no_estimate(shop: Simulation, text: str, reason: str) -> None:
    shop.define("buyers", "did order")
    with shop.workspace.previews() as previews:
        with pytest.raises(NoEstimate, match=reason):
            previews.estimate(text)
        found = previews.preview(text)
    assert (found.estimate, str(found.no_estimate)) == (None, reason)
    assert found.size == shop.workspace.segments.count(text).size


def test_a_segment_by_its_name_counts_whom_somebody_put_in(shop: Simulation) -> None:
    shop.define("buyers", "did order")
    shop.workspace.segments.pin("buyers", ["eva"], reason="asked for it")
    shop.workspace.segments.exclude("buyers", ["ada"], reason="staff")
    with shop.workspace.previews() as previews:
        assert previews.size("buyers") == shop.workspace.segments.count("buyers").size == 2
        assert previews.size("did order") == 2


class Counting(Loaded):
    """Columns that count what they are asked for."""

    def __init__(self, columns: Any) -> None:
        super().__init__(columns)
        self.asked: Counter[str] = Counter()

    def rows(self, *arguments: Any, **others: Any) -> Any:
        """Rows of a type."""
        self.asked["rows"] += 1
        return super().rows(*arguments, **others)

    def trait(self, names: Any) -> Any:
        """A trait."""
        self.asked["trait"] += 1
        return super().trait(names)


def test_a_changed_threshold_works_nothing_out_anew(crowd: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    passes: list[int] = []
    shared = Features.shared

    def counted(self: Features, part: Callable[[int, int], None]) -> None:
        passes.append(1)
        shared(self, part)

    monkeypatch.setattr(Features, "shared", counted)
    text = "count(order, last 30 days) >= {} and sum(order.gross) > {} and points > {}"
    with crowd.workspace.ask() as asking:
        columns = Counting(Builder(asking.evaluator))
        previews = Previews(asking, columns, people_least=ASKED, share=0)
        first = previews.preview(text.format(1, 100, 100))
        asked, made = dict(columns.asked), len(passes)
        assert asked
        assert made
        second = previews.preview(text.format(2, 200, 300))
        assert (dict(columns.asked), len(passes)) == (asked, made)
        previews.preview(text.format(1, 100, 100).replace("30 days", "20 days"))
        assert len(passes) > made
    assert first.size > second.size > 0
    assert second.size == crowd.workspace.segments.count(text.format(2, 200, 300)).size


def test_columns_may_be_those_that_are_kept_on_the_disk(crowd: Simulation, tmp_path: Path) -> None:
    text = "count(order) >= 2 and city in ('A', 'B')"
    found = []
    with crowd.workspace.ask() as asking:
        for _ in range(2):
            kept = Kept(Cache(tmp_path / "columns", "a state"), asking.catalog, lambda: Builder(asking.evaluator))
            found.append(Previews(asking, kept).preview(text))
    assert found[0] == found[1]
    assert found[0].size == crowd.workspace.segments.count(text).size


def test_a_wrong_text_is_refused_and_the_session_goes_on(shop: Simulation) -> None:
    with shop.workspace.previews() as previews:
        with pytest.raises(UserError, match="no trait is called `citty`"):
            previews.preview("citty = 'Brno'")
        assert previews.preview("city = 'Brno'").size == 1


def test_it_is_as_of_an_instant(shop: Simulation) -> None:
    text = "count(order) >= 1"
    for at in ("2023-06-01", "2024-02-10", "2024-03-01"):
        found = shop.workspace.segments.preview(text, at)
        assert found.size == shop.workspace.segments.count(text, at).size
        assert found.as_of.at == shop.workspace.instant(at)
