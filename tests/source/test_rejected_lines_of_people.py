"""A rejected line is the person's whose id stands in it: it goes with them, never comes back, takes nobody along."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import intarsia
from intarsia.source import rejects as writing
from intarsia.workspace import Workspace

HEADER = "order,customer,date,sku,quantity,price\n"
GOOD = "o1,1,2026-01-05,S1,1,10\no2,ada77,2026-01-05,S1,1,10\no3,ben,2026-01-05,S1,1,10\n"


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with intarsia.create(tmp_path / "shop", timezone="Europe/Prague", currency="CZK") as made:
        yield made


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def rejected(path: Path) -> list[list[str]]:
    with path.with_name(f"{path.name}.rejected.csv").open(newline="") as file:
        return list(csv.reader(file))[1:]


def lines_in_export(ws: Workspace, who: str) -> list[str]:
    found: Any = ws.export(who).to_json()["rejected_lines"]
    return [line["original"] for line in found]


# --- whose a line is


def test_a_line_is_that_of_its_id_and_not_of_who_is_called_like_its_quantity(
    ws: Workspace, write: Callable[[str, str], Path]
) -> None:
    path = write("till.csv", HEADER + GOOD + "o4,ben,soon,S1,1,10\no5,1,soon,S1,7,10\no6,,soon,S1,1,10\n")
    ws.sources.load(path, "purchases")
    assert [row[4] for row in rejected(path)] == ["ben", "1", ""]
    assert lines_in_export(ws, "1") == ["o5,1,soon,S1,7,10"]
    assert lines_in_export(ws, "ben") == ["o4,ben,soon,S1,1,10"]
    done = ws.profiles.erase(["1"], reason="asked")
    assert done.rejected_lines == 1
    assert [row[3] for row in rejected(path)] == ["o4,ben,soon,S1,1,10", "o6,,soon,S1,1,10"]


def test_a_line_that_names_somebody_beside_its_own_id_stays(ws: Workspace, write: Callable[[str, str], Path]) -> None:
    path = write(
        "till.csv", "order,customer,date,sku,price,note\no1,ada77,2026-01-05,S1,10,\no4,ben,soon,S1,1,for ada77\n"
    )
    ws.sources.load(path, "purchases")
    assert lines_in_export(ws, "ada77") == []


def test_letter_case_tells_ids_apart(ws: Workspace, write: Callable[[str, str], Path]) -> None:
    path = write("till.csv", HEADER + GOOD + "o4,BEN,soon,S1,1,10\n")
    ws.sources.load(path, "purchases")
    assert lines_in_export(ws, "ben") == []


def test_a_line_without_a_readable_id_is_judged_by_its_words_but_not_by_short_ones_or_digits(
    ws: Workspace, write: Callable[[str, str], Path]
) -> None:
    path = write("till.csv", HEADER + GOOD + "o4,ada77,soon\no5,1,soon\no6,ben,soon\n")
    ws.sources.load(path, "purchases")
    assert [row[1] for row in rejected(path)] == ["too-few-cells"] * 3
    assert [lines_in_export(ws, who) for who in ("ada77", "1", "ben")] == [["o4,ada77,soon"], [], []]


def test_a_line_of_json_is_found_by_what_its_escapes_stand_for(
    ws: Workspace, write: Callable[[str, str], Path]
) -> None:
    ws.record([{"type": "identify", "userId": "žofie", "traits": {"city": "Praha"}}])
    good = '{"id": "x", "city": "Oslo", "updated_at": "2026-01-01"}\n'
    path = write(
        "people.jsonl", good + r'{"id": "\u017eofie", "updated_at": "soon"}' + "\n" + r'{"id": "\u017eofie", ' + "\n"
    )
    ws.sources.load(path, "profiles")
    assert [(row[1], row[4]) for row in rejected(path)] == [("bad-date", "žofie"), ("bad-json", "")]
    assert len(lines_in_export(ws, "žofie")) == 2
    ws.profiles.erase(["žofie"], reason="asked")
    assert not path.with_name("people.jsonl.rejected.csv").exists()


@pytest.mark.parametrize("written", ["KNR-9911-77", "knr991177", "KNR 9911 77"])
def test_a_card_is_found_however_it_is_written(ws: Workspace, write: Callable[[str, str], Path], written: str) -> None:
    ws.record([{"type": "identify", "userId": "ada", "traits": {"loyalty_card": "KNR-9911-77"}}])
    path = write("till.csv", f"{HEADER}{GOOD}o4,{written},soon\n")
    ws.sources.load(path, "purchases")
    assert lines_in_export(ws, "ada") == [f"o4,{written},soon"]


def test_a_message_that_the_record_refuses_keeps_its_ids_and_says_the_reason_once(
    ws: Workspace, write: Callable[[str, str], Path]
) -> None:
    messages = [
        {"type": "shout", "userId": "ada", "anonymousId": "device-1"},
        {"type": "shout", "userId": 7},
        {"type": "shout", "userId": "[x]"},
        {"type": "track", "event": "seen"},
    ]
    path = write("sent.jsonl", "".join(json.dumps(message) + "\n" for message in messages))
    ws.sources.load(path, "messages")
    assert [row[4] for row in rejected(path)] == ['["ada", "device-1"]', "7", '["[x]"]', ""]
    assert [row[2].count("the message") for row in rejected(path)] == [1, 1, 1, 1]
    assert rejected(path)[3][2].startswith("the message was rejected: it has neither userId nor anonymousId")


def test_files_of_earlier_versions_without_the_column_are_read_and_kept(
    ws: Workspace, write: Callable[[str, str], Path]
) -> None:
    ws.record([{"type": "identify", "userId": "ada77", "traits": {}}])
    old = ws.path / "old.rejected.csv"
    old.write_text("line,reason,explanation,original\n2,bad-date,no date,ada77;x\n3,bad-date,no date,ben;y\n")
    assert lines_in_export(ws, "ada77") == ["ada77;x"]
    ws.profiles.erase(["ada77"], reason="asked")
    assert old.read_text().splitlines() == ["line,reason,explanation,original", "3,bad-date,no date,ben;y"]
    assert write("x", "").exists()


# --- who was erased does not come back


def test_rejected_lines_of_the_erased_are_not_written_again(ws: Workspace, write: Callable[[str, str], Path]) -> None:
    ws.sources.load(write("first.csv", HEADER + GOOD), "purchases")
    ws.profiles.erase(["1", "ada77"], reason="asked")
    path = write("again.csv", HEADER + GOOD + "o4,ben,soon,S1,1,10\no5,1,soon,S1,7,10\no6,ada77,soon\no7,1,soon\n")
    balance = ws.sources.load(path, "purchases")
    assert balance.rejected == 6
    found = {row[0]: (row[1], row[3], row[4]) for row in rejected(path)}
    assert found["5"] == ("bad-date", "o4,ben,soon,S1,1,10", "ben")
    assert found["6"] == found["7"] == found["2"] == found["3"] == ("erased", "", "")
    # Digits alone tell nobody where no id could be read.
    assert found["8"] == ("too-few-cells", "o7,1,soon", "")
    assert "ada77" not in path.with_name("again.csv.rejected.csv").read_text()


def test_who_is_erased_while_a_file_is_loaded_is_not_in_its_rejected_lines(
    ws: Workspace, write: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intarsia.source.rowwise.LINES_AT_ONCE", 4)
    ws.sources.load(write("first.csv", HEADER + GOOD), "purchases")
    bad = [f"{who},soon,x{number}" for number, who in enumerate(["ada77", "ben"] * 6)]
    path = write("again.csv", "customer_id,updated_at,city\n" + "\n".join(bad) + "\n")
    calls = []

    def erase(lines: int, share: float) -> None:
        calls.append((lines, share))
        if len(calls) == 2:
            with intarsia.open(ws.path) as other:
                assert other.profiles.erase(["ada77"], reason="asked").rejected_lines == 4

    ws.sources.load(path, "profiles", {"known_since": "updated_at"}, progress=erase)
    originals = [row[3] for row in rejected(path)]
    assert "ada77" not in path.with_name("again.csv.rejected.csv").read_text()
    assert [line for line in originals if line] == [line for line in bad if "ben" in line]


def test_lines_written_before_an_erasure_that_could_not_find_the_file_go_at_the_end(
    ws: Workspace, write: Callable[[str, str], Path]
) -> None:
    ws.sources.load(write("first.csv", HEADER + GOOD), "purchases")
    path = write("again.csv", HEADER + "x1,ada77,soon,S1,1,10\nx2,ben,soon,S1,1,10\n" + GOOD)

    def erase(lines: int, share: float) -> None:
        file = path.with_name("again.csv.rejected.csv")
        if share < 1 and lines and file.exists():
            hidden = file.rename(file.with_name("hidden"))
            with intarsia.open(ws.path) as other:
                other.profiles.erase(["ada77"], reason="asked")
            hidden.rename(file)

    ws.sources.load(path, "purchases", progress=erase)
    assert "ada77" not in path.with_name("again.csv.rejected.csv").read_text()


# --- where the files are


def test_the_rejected_lines_of_a_killed_load_are_known_wherever_they_are(
    ws: Workspace, tmp_path: Path, write: Callable[[str, str], Path]
) -> None:
    ws.sources.load(write("first.csv", HEADER + GOOD), "purchases")
    path = write("again.csv", HEADER + "x1,ada77,soon,S1,1,10\nx2,ben,soon,S1,1,10\n" + GOOD)
    elsewhere = tmp_path / "elsewhere" / "bad.csv"
    elsewhere.parent.mkdir()

    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        ws.sources.load(path, "purchases", progress=kill, rejects_path=elsewhere)
    assert lines_in_export(ws, "ada77") == ["x1,ada77,soon,S1,1,10"]
    assert ws.profiles.erase(["ada77"], reason="asked").rejected_lines == 1
    assert "ada77" not in elsewhere.read_text()


def test_a_file_that_was_moved_is_told_and_one_that_went_rightly_is_not(
    ws: Workspace, write: Callable[[str, str], Path]
) -> None:
    moved, mended, emptied = (write(f"{name}.csv", HEADER + GOOD + f"{name},{who},soon,S1,1,10\n")
                              for name, who in (("moved", "ben"), ("mended", "ben"), ("emptied", "ada77")))  # fmt: skip
    for path in (moved, mended, emptied):
        ws.sources.load(path, "purchases")
    mended.write_text(HEADER + GOOD)
    ws.sources.load(mended, "purchases")
    assert ws.profiles.erase(["ada77"], reason="asked").missing == ()
    there = moved.with_name("moved.csv.rejected.csv")
    there.rename(there.with_name("else.csv"))
    assert ws.profiles.erase(["1"], reason="asked").missing == (str(there),)


def test_what_is_written_just_when_the_file_is_replaced_is_not_lost(
    ws: Workspace, write: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("till.csv", HEADER + GOOD + "o4,ben,soon,S1,1,10\n")
    file = path.with_name("till.csv.rejected.csv")
    opened = writing._opened
    times: list[Path] = []

    def replaced(where: Path, mode: Any) -> Any:
        found = opened(where, mode)
        if mode == "a" and not times:
            times.append(where)
            other = where.with_name("other")
            other.write_text(",".join(writing.COLUMNS) + "\n")
            other.replace(file)
        return found

    monkeypatch.setattr(writing, "_opened", replaced)
    ws.sources.load(path, "purchases")
    assert [row[3] for row in rejected(path)] == ["o4,ben,soon,S1,1,10"]
