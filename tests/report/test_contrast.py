from __future__ import annotations

import pytest

from intarsia import Workspace
from intarsia.report.contrast import MOST
from intarsia.report.features import LEAST_PEOPLE
from intarsia.report.reports import Report
from intarsia.shares import Share


@pytest.mark.parametrize(
    ("yes", "known", "low", "high"),
    # R: prop.test(yes, known, correct = FALSE)$conf.int
    [(8, 10, 0.4901625, 0.9433178), (0, 20, 0.0, 0.1611252), (50, 100, 0.4038315, 0.5961685), (5, 5, 0.5655175, 1.0)],
)
def test_wilson_intervals_are_those_of_r(yes: int, known: int, low: float, high: float) -> None:
    share = Share(yes, known)
    assert share.low == pytest.approx(low, abs=1e-6)
    assert share.high == pytest.approx(high, abs=1e-6)


def test_a_planted_difference_is_found_with_its_counts(workspace: Workspace, report: Report) -> None:
    gold = next(row for row in report.rows if row.name == "Gold")
    found = next(item for item in gold.differences if item.feature.subject == "home")
    members = set(workspace.segments.members("Gold"))
    by_sea = set(workspace.segments.members(f"home = '{found.feature.value}'"))
    everyone = set(workspace.segments.members("everyone"))
    assert (found.members.yes, found.members.known) == (len(members & by_sea), len(members))
    assert (found.rest.yes, found.rest.known) == (len(by_sea - members), len(everyone - members))


def test_one_value_of_two_says_all(report: Report) -> None:
    gold = next(row for row in report.rows if row.name == "Gold")
    assert len([item for item in gold.differences if item.feature.subject == "home"]) == 1


def test_intervals_of_what_is_told_never_overlap(report: Report) -> None:
    for row in report.rows:
        assert len(row.differences) <= MOST
        for item in row.differences:
            assert item.members.low > item.rest.high or item.rest.low > item.members.high


def test_what_the_definition_speaks_of_is_left_out(report: Report) -> None:
    told = {row.name: {item.feature.subject for item in row.differences} for row in report.rows}
    assert "loyalty_tier" not in told["Gold"] | told["Gold with coats"]
    assert "bought" not in told["Coats"] | told["Gold with coats"]
    assert "orders" not in told["Buyers"]


def test_nothing_is_told_of_a_few_persons(report: Report) -> None:
    for row in report.rows:
        for item in row.differences:
            assert item.members.yes + item.rest.yes >= LEAST_PEOPLE


def test_an_empty_segment_differs_in_nothing(report: Report) -> None:
    assert next(row for row in report.rows if row.name == "No one").differences == []
