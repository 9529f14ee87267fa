from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from intarsia import Workspace
from intarsia.clock import to_instant, to_iso
from intarsia.report.reports import Report
from intarsia.report.size_history import month_ends
from tests.report.shop import Shop, opened

PRAGUE = ZoneInfo("Europe/Prague")


def instants(*texts: str) -> list[int]:
    return [to_instant(text, PRAGUE) for text in texts]


def test_months_end_a_millisecond_before_the_next_one_in_the_zone() -> None:
    found = month_ends(to_instant("2026-05-15", PRAGUE), PRAGUE, 3)
    assert [at + 1 for at in found] == instants("2026-03-01", "2026-04-01", "2026-05-01")


def test_a_month_that_ended_just_now_is_not_told_twice() -> None:
    found = month_ends(to_instant("2026-05-01T05:00:00", PRAGUE), PRAGUE, 2)
    assert [at + 1 for at in found] == instants("2026-03-01", "2026-04-01")


def test_there_are_twelve_month_ends_and_the_present(report: Report) -> None:
    assert all(len(row.history) == 13 for row in report.rows)
    assert report.rows[0].history[-1].at == report.as_of.at


def test_each_size_is_that_of_a_question_as_of_its_instant(workspace: Workspace, report: Report) -> None:
    for row in report.rows:
        for item in row.history:
            asked = workspace.segments.count(row.name, at=to_iso(item.at))
            assert (item.size, item.base) == (asked.size, asked.base), (row.name, to_iso(item.at))


def test_what_was_recorded_after_known_at_is_in_no_size(shop: Shop, tmp_path: Path) -> None:
    early, late = shop.messages[:200], shop.messages[200:]
    with opened(tmp_path / "late", early) as workspace:
        before = workspace.reports.segments(known_at="2026-03-02").to_json()
        workspace.record(late, "2026-03-03")
        after = workspace.reports.segments(known_at="2026-03-02").to_json()
    before.pop("as_of")
    after.pop("as_of")
    assert before == after


def test_the_ledger_says_what_evaluations_found_up_to_the_last_one(shop: Shop, tmp_path: Path) -> None:
    with opened(tmp_path / "ledger", shop.messages) as workspace:
        ends = month_ends(workspace.instant(None), PRAGUE)
        for place in (6, 9):
            workspace.evaluate(to_iso(ends[place]))
        histories = {row.name: row.history for row in workspace.reports.segments().rows}
    for name, history in histories.items():
        kept = [item.ledger_size for item in history]
        assert (kept[6] or 0, kept[9] or 0) == (history[6].size, history[9].size), name
        assert kept[:6] == [None] * 6, name
        assert kept[10:] == [None] * 3, name


def test_a_ledger_that_was_written_later_than_is_asked_says_nothing(shop: Shop, tmp_path: Path) -> None:
    with opened(tmp_path / "ledger", shop.messages) as workspace:
        workspace.evaluate("2025-12-01")
        history = workspace.reports.segments(known_at="2026-03-02").rows[0].history
    assert [item.ledger_size for item in history] == [None] * 13


def test_lists_and_pins_have_a_history_too(tmp_path: Path) -> None:
    """Its halves are asked in threads of their own."""
    path = tmp_path / "vip.txt"
    path.write_text("p0\np1\nghost\n", encoding="utf-8")
    with opened(tmp_path / "shop", Shop(seed=7, people=10).messages) as workspace:
        workspace.lists.add("vip", path)
        workspace.segments.add("dear", "in segment 'vip' and not in segment 'Gold'")
        workspace.segments.pin("dear", ["p5"], reason="a friend")
        workspace.segments.exclude("vip", ["p1"], reason="no more")
        rows = {row.name: row for row in workspace.reports.segments().rows}
        assert rows["vip"].size == 1
        for name in ("vip", "dear"):
            for item in rows[name].history:
                assert item.size == workspace.segments.count(name, at=to_iso(item.at)).size, (name, to_iso(item.at))
