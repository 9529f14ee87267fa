from __future__ import annotations

from pathlib import Path

from intarsia.language.catalog import Family, Kind
from tests.analysis.orders import AT, order, shop

ADA = [order("1", "ada", "2026-02-25T10:00:00Z", 120.5), order("2", "ada", "2026-01-25T10:00:00Z", 79.5)]
BEN = [order("3", "ben", "2025-06-01T10:00:00Z", 10)]


def test_scores_can_be_asked_for_in_rules(tmp_path: Path) -> None:
    with shop(tmp_path / "shop", [*ADA, *BEN]) as workspace:
        workspace.rfm.fix(
            recency_days=(7, 30, 90, 180), frequency=(0, 0, 1, 1), monetary_minor=(0, 5_000, 9_000, 15_000)
        )
        written = workspace.rfm.write()
        assert (written.scored, written.changed, written.cleared) == (2, 2, 0)
        for text in (
            "rfm.class = 'champions'",
            "rfm.recency < 30",
            "rfm.monetary = 200",
            "rfm.frequency = 2",
            "rfm.score = '555'",
            "rfm.r = 5 and rfm.f = 5 and rfm.m = 5",
        ):
            assert workspace.segments.members(text) == ["ada"], text
        assert workspace.segments.members("rfm.recency > 200") == ["ben"]


def test_a_second_writing_writes_nothing(tmp_path: Path) -> None:
    with shop(tmp_path / "shop", [*ADA, *BEN]) as workspace:
        workspace.rfm.learn()
        workspace.rfm.write()
        again = workspace.rfm.write()
    assert (again.scored, again.changed) == (2, 0)


def test_scores_hold_from_the_instant_that_they_are_of(tmp_path: Path) -> None:
    with shop(tmp_path / "shop", [*ADA, *BEN]) as workspace:
        workspace.rfm.learn()
        workspace.rfm.write("2026-02-01")
        workspace.rfm.write()
        members = workspace.segments.members
        assert members("rfm.frequency = 1", at="2026-02-15") == ["ada", "ben"]
        assert members("rfm.frequency = 2", at=AT) == ["ada"]
        assert members("rfm.class is known", at="2026-01-15") == []


def test_who_falls_out_of_the_window_has_no_scores_any_more(tmp_path: Path) -> None:
    with shop(tmp_path / "shop", [*ADA, *BEN]) as workspace:
        workspace.rfm.learn()
        workspace.rfm.write()
        later = workspace.rfm.write("2026-08-01")
        assert (later.scored, later.cleared) == (1, 1)
        assert workspace.segments.members("rfm.class is known", at="2026-08-02") == ["ada"]
        assert workspace.segments.members("rfm.class is known", at="2026-07-31") == ["ada", "ben"]


def test_orders_that_came_late_correct_the_scores_of_the_same_instant(tmp_path: Path) -> None:
    with shop(tmp_path / "shop", [*ADA, *BEN]) as workspace:
        workspace.rfm.learn()
        workspace.rfm.write()
        for number in range(4, 9):
            workspace.record([order(str(number), "ben", "2026-02-28T10:00:00Z", 1)], AT)
            assert workspace.rfm.write().changed == 1
            assert workspace.segments.members(f"profile in ('ben') and rfm.frequency = {number - 2}") == ["ben"]


def test_the_catalog_knows_the_scores_as_behaviour(tmp_path: Path) -> None:
    with shop(tmp_path / "shop", [*ADA, *BEN]) as workspace:
        workspace.rfm.learn()
        workspace.rfm.write()
        traits = workspace.catalog().traits
    assert traits["rfm", "recency"].kind is Kind.NUMBER
    assert traits["rfm", "class"].kind is Kind.TEXT
    assert {traits["rfm", name].family for name in ("recency", "monetary", "class")} == {Family.BEHAVIOURAL}
