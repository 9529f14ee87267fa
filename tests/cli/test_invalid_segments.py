"""A segment of which what it names is gone: shown as invalid everywhere, with reason and advice; the others go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.segment.definitions import Definitions
from intarsia.workspace import open_workspace
from tests.cli.running import AT, run

REASON = "`= 'Praha'` cannot be asked of `city`, which is a list"
ADVICE = "a list is asked with `has`: city has 'Praha'"
TOLD = f"`praha` is invalid and keeps its members: {REASON}\n  hint: {ADVICE}\n"
CHILD = "`child` is invalid and keeps its members: it names the segment `praha`, which is invalid itself\n"

pytestmark = pytest.mark.usefixtures("broken")


@pytest.fixture
def broken(shop: Path) -> Path:
    """Three segments were evaluated; then the kind of `city` was corrected."""
    run("segment", "add", "praha", "city = 'Praha'")
    run("segment", "add", "child", "in segment 'praha' and did order")
    run("segment", "add", "well", "did order")
    run("tree", "add", "market", "praha\nwell")
    run("evaluate")
    return shop


@pytest.fixture(autouse=True)
def corrected(broken: Path) -> str:
    """What is said when the trait is corrected under the segments."""
    assert broken.exists()
    return run("word", "correct", "city", "--kind", "list").speech


def test_whoever_takes_the_ground_away_is_told_what_falls(corrected: str) -> None:
    assert TOLD in corrected
    assert CHILD in corrected
    assert "well" not in corrected
    assert run("word", "correct", "city", "--kind", "list").speech == "trait `city`: list\n"


def test_the_list_marks_it() -> None:
    said = run("segment", "list")
    assert said.status == 0
    assert [line.split()[:3] for line in said.answer.splitlines()] == [
        ["name", "version", "state"],
        ["child", "1", "invalid"],
        ["praha", "1", "invalid"],
        ["well", "1", "did"],
    ]
    assert TOLD in said.speech
    assert CHILD in said.speech
    errors = {one["name"]: one["error"] for one in run("segment", "list", "--json").json()}
    assert (errors["praha"]["message"], errors["praha"]["hint"]) == (REASON, ADVICE)
    assert errors["child"]["code"] == "membership.parent-invalid"
    assert errors["well"] is None


def test_it_is_shown_with_what_it_keeps() -> None:
    said = run("segment", "show", "praha")
    assert said.status == 0
    assert "  invalid; members that it keeps: 1\n" in said.answer
    assert TOLD in said.speech
    found = run("segment", "show", "child", "--json").json()
    assert (found["size"], found["kept"], found["error"]["code"]) == (None, 1, "membership.parent-invalid")
    assert run("segment", "show", "well", "--json").json()["kept"] is None


@pytest.mark.parametrize(
    "words",
    [
        *(("segment", "count", name) for name in ("praha", "child", "in segment 'child'")),
        ("segment", "members", "praha"),
        ("segment", "why", "praha", "ada"),
        ("segment", "overlap", "praha", "well"),
        ("segment", "split", "praha", "--into", "a 50%, rest"),
        ("segment", "transitions", "praha", "--from", "2026-01-01"),
        ("segment", "query-plan", "praha"),
        ("segment", "preview", "praha"),
    ],
)
def test_asked_for_itself_it_is_refused_with_what_to_write_instead(words: tuple[str, ...]) -> None:
    error = run(*words, "--json").error()
    assert REASON in error["message"]
    assert ADVICE in error["hint"]
    assert "praha: a" not in run("segment", "list").answer


def test_an_evaluation_keeps_its_members_and_does_the_others() -> None:
    said = run("evaluate")
    assert said.status == 0
    assert TOLD in said.speech
    sizes = {one["name"]: one["size"] for one in run("evaluate", "--json").json()["segments"]}
    assert sizes == {"praha": 1, "child": 1, "well": 2}


def test_the_ledger_says_of_whom_it_goes_no_further() -> None:
    assert TOLD in run("membership", "history").speech
    assert CHILD in run("membership", "history", "--segment", "child").speech
    assert TOLD not in run("membership", "history", "--segment", "well").speech
    assert TOLD in run("query", "select segment from memberships").speech
    assert TOLD not in run("query", "select profile_id from profiles").speech


def test_the_overlap_of_all_leaves_it_out_and_says_so() -> None:
    said = run("segment", "overlap", *AT)
    assert said.status == 0
    assert TOLD in said.speech
    found = run("segment", "overlap", *AT, "--json").json()
    assert [one["name"] for one in found["segments"]] == ["well"]
    assert [one["name"] for one in found["invalid"]] == ["child", "praha"]


def test_the_report_leaves_it_out_and_says_so(broken: Path) -> None:
    page = broken.parent / "page.html"
    said = run("report", "segments", *AT, "--output", str(page))
    assert said.status == 0
    whole = " ".join(said.answer.split())
    assert f"“praha” is invalid and not in this report: {REASON} ({ADVICE})" in whole
    assert "“praha” is invalid and not in this report" in page.read_text(encoding="utf-8")
    found = run("report", "segments", *AT, "--json").json()
    assert [one["name"] for one in found["segments"]] == ["well"]
    assert [one["name"] for one in found["invalid"]] == ["child", "praha"]


def test_trees_that_name_it_are_broken() -> None:
    assert "`market` is broken: `praha` cannot be asked; `intarsia tree show market` says why\n" in (
        run("tree", "list").speech
    )
    assert run("tree", "list", "--json").json()[0]["broken"] == ["praha"]
    assert "broken: `praha` cannot be asked" in run("tree", "show", "market", *AT).speech


def test_as_code_its_file_is_told() -> None:
    run("segment", "pull", "folder")
    said = run("segment", "plan", "folder")
    assert said.status == 2
    assert f"praha.segment:\nerror[language.list-needs-has]: {REASON}\n" in said.speech


def test_mended_it_is_as_before() -> None:
    run("segment", "edit", "praha", "city has 'Praha'")
    said = run("segment", "list")
    assert said.speech == ""
    assert "state" not in said.answer
    assert run("segment", "count", "child", *AT).status == 0


def test_a_parent_or_an_area_that_is_gone_is_as_bad(broken: Path) -> None:
    with open_workspace(broken) as ws:
        definitions = Definitions(ws.store)
        definitions.edit("well", "in segment 'gone'", at=ws.now())
        definitions.edit("praha", "inside area 'gone'", at=ws.now())
    errors = {one["name"]: one["error"]["code"] for one in run("segment", "list", "--json").json()}
    assert errors == {
        "praha": "language.no-areas",
        "child": "membership.parent-invalid",
        "well": "language.unknown-segment",
    }
    assert run("report", "segments", *AT).status == 0


def test_a_circle_is_refused_and_shown_and_one_that_got_in_is_invalid(broken: Path) -> None:
    run("segment", "edit", "praha", "city has 'Praha'")
    error = run("segment", "edit", "praha", "in segment 'child'", "--json").error()
    assert (error["code"], error["message"]) == (
        "language.segment-loop",
        "segments name each other in a circle: praha → child → praha",
    )
    with open_workspace(broken) as ws:
        Definitions(ws.store).edit("praha", "in segment 'child'", at=ws.now())
    said = run("segment", "list")
    assert "segments name each other in a circle: child → praha → child" in said.speech
    assert "`well` is invalid" not in said.speech
    assert run("evaluate").status == 0
    assert run("report", "segments", *AT).status == 0
