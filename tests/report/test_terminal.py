from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from intarsia.report.reports import Report


def printed(report: Report) -> str:
    console = Console(file=StringIO(), width=200, color_system=None)
    report.print(console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_the_table_has_a_line_for_every_segment_and_the_totals(report: Report) -> None:
    text = printed(report)
    for row in report.rows:
        assert row.name in text
    assert "Guests" in text
    assert "Everything" in text


def test_how_and_as_of_when_it_is_counted_is_told(report: Report) -> None:
    text = " ".join(printed(report).split())
    assert "As of Mar 1, 2026, 01:00" in text
    assert "less refunds" in text
    assert f"{report.total.unrated_sales} orders or refunds in other currencies are in no sum" in text
    assert "learned for this report only" in text


def test_the_note_on_the_data_is_told(report: Report) -> None:
    assert "simulated" in printed(replace(report, note="simulated from real patterns"))


@pytest.mark.parametrize("language", ["ru", "pl", "cs", "fa"])
def test_the_table_can_be_printed_in_every_language(language: str, report: Report) -> None:
    assert report.rows[0].name in printed(replace(report, language=language))
