"""`intarsia segment pull|plan|apply|rollback|applied`: what they answer, say and refuse."""

from __future__ import annotations

import json
import sys
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.running import AT, run

pytestmark = pytest.mark.usefixtures("shop")

FOLDER = Path("segments")


@pytest.fixture(autouse=True)
def pulled(shop: Path) -> None:  # noqa: ARG001 - it must be there first
    run("segment", "add", "buyers", "did order")
    run("segment", "add", "coats", "in segment 'buyers' and city is known")
    assert run("segment", "pull", "segments").status == 0


def put(name: str, text: str) -> None:
    (FOLDER / f"{name}.segment").write_text(f"{text}\n", encoding="utf-8")


def test_a_folder_is_written_and_left_alone_when_it_says_the_same() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == ["buyers.segment", "coats.segment"]
    again = run("segment", "pull", "segments")
    assert (again.answer, again.speech) == ("", "0 files written, 0 removed, 2 as they were\n")
    put("coats", "nobody")
    refused = run("segment", "pull", "segments", "--json")
    assert (refused.status, refused.error()["code"]) == (2, "segment.files-differ")
    assert run("segment", "pull", "segments", "--overwrite").answer == "written coats.segment\n"


def test_a_plan_shows_texts_people_money_and_overlaps() -> None:
    put("buyers", "did order in last 6 months\n  and everyone")
    put("new", "never order")
    said = run("segment", "plan", "segments", *AT)
    assert said.answer.splitlines() == [
        "changed buyers",
        "  - did order",
        "  + did order in last 6 months",
        "  +   and everyone",
        "added new",
        "  + never order",
        "",
        "name    change     before  after  entering  leaving  entering_revenue  leaving_revenue",
        "buyers  changed         2      1         0        1              0.00           450.00",
        "new     added                  1         1        0              0.00             0.00",
        "coats   dependent       1      1         0        0              0.00             0.00",
    ]
    speech = said.speech.splitlines()
    assert speech[:3] == [
        "the ledger is behind: of `buyers` for one an evaluation writes 1 in and 0 out; --json has all",
        "0 segments stay as they are",
        "revenue in CZK, of the 365 days before, as in the report",
    ]
    assert speech[3].startswith("as of 2026-09-30T22:00:00.000Z, record of 5 messages")
    assert speech[4].startswith("this and nothing else: intarsia segment apply segments --at 2026-10-01 --expect ")
    assert run("segment", "count", "buyers").answer == "2\n"


def test_every_mistake_is_shown_with_its_file_and_place() -> None:
    put("buyers", "did order\n  and citty = 'x'")
    put("loop", "in segment 'loop'")
    (FOLDER / "coats.segment").unlink()
    put("user", "in segment 'coats'")
    said = run("segment", "plan", "segments")
    assert (said.status, said.answer) == (2, "")
    assert said.speech.splitlines() == [
        "buyers.segment:",
        "error[language.unknown-trait]: no trait is called `citty`",
        "line 2, column 7:",
        "    and citty = 'x'",
        "        ^^^^^",
        "hint: the nearest is `city`",
        "loop.segment:",
        "error[language.segment-loop]: segments name each other in a circle: loop → loop",
        "hint: take one of these names out of its definition",
        "user.segment:",
        "error[segment.names-one-that-goes]: it names the segment `coats`, which would be gone",
        "  in segment 'coats'",
        "  ^^^^^^^^^^^^^^^^^^",
        "hint: keep `coats`, or take it out of this definition",
    ]
    told = run("segment", "plan", "segments", "--json")
    assert told.status == 2
    assert [problem["file"] for problem in json.loads(told.answer)["problems"]] == [
        "buyers.segment",
        "loop.segment",
        "user.segment",
    ]
    assert run("segment", "apply", "segments", "--yes").status == 2
    refused = run("segment", "apply", "segments", "--yes", "--json")
    assert (refused.answer, refused.error()["code"]) == ("", "segment.plan-has-problems")
    assert run("segment", "list", "--json").json()[1]["name"] == "coats"


def test_applying_asks_first_and_says_what_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    put("buyers", "did order in last 6 months")
    monkeypatch.setattr(sys, "stdin", StringIO(""))
    stopped = run("segment", "apply", "segments", *AT)
    assert stopped.status == 130
    assert "change 1 segment, with 0 entering and 1 leaving?" in stopped.speech
    assert run("segment", "list", "--json").json()[0]["definition"] == "did order"
    monkeypatch.setattr(sys, "stdin", StringIO("y\n"))
    done = run("segment", "apply", "segments", *AT)
    assert done.status == 0
    assert done.speech.endswith("applied: 1 segment; members follow with: intarsia evaluate\n")
    assert run("segment", "list", "--json").json()[0]["definition"] == "did order in last 6 months"
    again = run("segment", "apply", "segments", "--yes")
    assert again.speech.endswith("the segments are what the files say; nothing was changed\n")
    assert run("segment", "apply", "segments", "--yes", "--json").json()["change_set"] is None


def test_only_the_plan_that_was_approved_is_carried_out() -> None:
    put("buyers", "did order in last 6 months")
    plan = run("segment", "plan", "segments", *AT, "--json")
    Path("plan.json").write_text(plan.answer, encoding="utf-8")
    put("buyers", "did order in last 5 months")
    refused = run("segment", "apply", "segments", *AT, "--expect", "plan.json", "--yes", "--json")
    assert (refused.status, refused.error()["code"]) == (2, "segment.plan-differs")
    digest = plan.json()["digest"]
    assert run("segment", "apply", "segments", *AT, "--expect", digest, "--yes").status == 2
    for other in ("nothing", "segments/buyers.segment"):
        wrong = run("segment", "apply", "segments", "--expect", other, "--yes", "--json")
        assert (wrong.status, wrong.error()["code"]) == (2, "cli.usage")
    put("buyers", "did order in last 6 months")
    done = run("segment", "apply", "segments", *AT, "--expect", "plan.json", "--yes", "--json").json()
    assert done["change_set"]["plan"] == digest == done["plan"]["digest"]


def test_a_rollback_is_shown_asked_for_and_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("segment", "rollback", "--yes", "--json").error()["code"] == "segment.nothing-to-undo"
    put("buyers", "did order in last 6 months")
    (FOLDER / "coats.segment").unlink()
    run("segment", "apply", "segments", "--yes")
    monkeypatch.setattr(sys, "stdin", StringIO("n\n"))
    assert run("segment", "rollback").status == 130
    run("segment", "edit", "buyers", "everyone")
    assert run("segment", "rollback", "--yes", "--json").error()["code"] == "segment.changed-since"
    done = run("segment", "rollback", "--force", "--yes", *AT)
    assert done.answer.splitlines()[:6] == [
        "changed buyers",
        "  - everyone",
        "  + did order",
        "restored coats",
        "  + in segment 'buyers' and city is known",
        "",
    ]
    assert done.speech.endswith("undone: 2 segments; members follow with: intarsia evaluate\n")
    assert [row["definition"] for row in run("segment", "list", "--json").json()] == [
        "did order",
        "in segment 'buyers' and city is known",
    ]
    [applied] = run("segment", "applied", "--json").json()
    assert applied["undone_at"] is not None
    assert [(one["name_before"], one["name_after"]) for one in applied["segments"]] == [
        ("buyers", "buyers"),
        ("coats", None),
    ]
    assert run("segment", "applied").answer.splitlines()[0].split() == [
        *("created_at", "undone_at", "name_before", "version_before", "name_after", "version_after"),
    ]
