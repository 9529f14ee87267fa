from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from intarsia.report.drawing import PicturesMissing, steps, ticks
from intarsia.report.pictures import placed
from intarsia.report.reports import Report
from tests.report.shop import Shop, opened

VOID = {"meta", "br", "img", "input", "link", "hr", "rect", "path", "line", "circle"}


class Balance(HTMLParser):
    """Counts elements, and notices what is closed that was not opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: dict[str, int] = {}
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.seen[tag] = self.seen.get(tag, 0) + 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.seen[tag] = self.seen.get(tag, 0) + 1

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def html(report: Report) -> str:
    return report.to_html()


def read(html: str) -> Balance:
    balance = Balance()
    balance.feed(html)
    assert balance.open == []
    return balance


def test_the_page_needs_no_other_file(html: str) -> None:
    assert not re.findall(r"(?:src|href)=\"(?!#)", html)
    assert not re.findall(r"url\(|@import|<script|<link", html)
    assert "http" not in html.replace("http://www.w3.org/", "")


def test_every_picture_has_a_label_and_a_table_behind_it(html: str, report: Report) -> None:
    seen = read(html).seen
    pictures = re.findall(r'<svg class="picture" role="img" aria-label="[^"]+"', html)
    portraits = sum(1 + bool(row.differences) for row in report.rows)
    assert len(pictures) == 4 + portraits
    assert seen["details"] == 3 + len(report.rows)


def test_pictures_take_their_colours_from_the_page(html: str) -> None:
    drawn = "".join(re.findall(r'<svg class="picture".*?</svg>', html, re.S))
    assert "var(--people)" in drawn
    assert set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]+|black|white)"', drawn)) == set()


def test_a_name_cannot_bring_a_program_into_the_page(shop: Shop, tmp_path: Path) -> None:
    evil = "<script>alert('x')</script>\"><marquee>"
    with opened(tmp_path / "evil", shop.messages, {evil: "did order"}) as workspace:
        found = workspace.reports.segments().to_html()
    assert "<script" not in found
    assert "<marquee" not in found
    assert "alert" in "".join(read(found).texts)


def test_the_numbers_of_the_table_are_those_of_the_report(html: str, report: Report) -> None:
    texts = "".join(read(html).texts)
    for row in report.rows:
        assert f"{row.size:,}" in texts
        assert f"€{(row.worth.revenue_minor + 50) // 100:,}" in texts


def test_a_persian_page_runs_from_right_to_left_in_persian_digits(report: Report) -> None:
    found = replace(report, language="fa").to_html()
    assert '<html lang="fa" dir="rtl">' in found
    texts = "".join(read(re.sub(r"<style>.*?</style>", "", found, flags=re.S)).texts)
    assert "۱۴۰۴" in texts
    assert not re.findall(r"[0-9]%", texts)


@pytest.mark.parametrize("language", ["ru", "pl", "cs"])
def test_the_page_can_be_made_in_the_other_languages(language: str, report: Report) -> None:
    assert f'<html lang="{language}" dir="ltr">' in replace(report, language=language).to_html()


def test_an_empty_workspace_has_a_page(tmp_path: Path) -> None:
    with opened(tmp_path / "empty", [], {}) as workspace:
        read(workspace.reports.segments().to_html())


def test_missing_libraries_are_named_with_what_to_install(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(PicturesMissing) as raised:
        report.to_html()
    assert "vl_convert" in raised.value.message()
    assert "intarsia[reports]" in str(raised.value.hint())


def test_the_json_form_is_json_and_holds_no_person(report: Report) -> None:
    found = json.dumps(report.to_json())
    assert '"p1"' not in found
    assert json.loads(found)["segments"][0]["worth"]["revenue_minor"] == report.rows[0].worth.revenue_minor


def test_a_definition_is_read_back_with_what_is_asked_of_lines(report: Report) -> None:
    [coats] = [row.sentence for row in report.rows if row.name == "Coats"]
    assert coats == (
        "People whose number of orders with a line whose category is 'coats' in the last year is at least 1"
    )


# --- parts of pictures


@pytest.mark.parametrize(
    ("highest", "values"), [(0, [0]), (10, [0, 2.5, 5, 7.5, 10]), (187, [0, 50, 100, 150]), (0.4, 5)]
)
def test_an_axis_has_round_values(highest: float, values: list[float] | int) -> None:
    found = steps(highest)
    assert len(found) == values if isinstance(values, int) else found == values


def test_a_tick_says_what_the_language_writes() -> None:
    made = ticks([0, 0.5], lambda value: f"{value:.0%} 'so'")
    assert made["values"] == [0, 0.5]
    assert "\"50% 'so'\"" in str(made["labelExpr"])


def test_names_beside_points_do_not_lie_on_each_other() -> None:
    points = [{"name": f"segment {number}", "x": 20.0 + number, "y": 50.0} for number in range(8)]
    places = sorted(item["label_y"] for item in placed(points, 300, 300))
    assert all(later - earlier >= 13 for earlier, later in pairwise(places))
    assert places[0] >= 5
