"""Lines of an erased person go from the files of rejected lines, and the others stay as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.source.rejects import erase_lines, files_of_rejects, lines_of

HEADER = "line,reason,explanation,original\r\n"
LINES = (
    '2,bad-date,`x` in `date` is no date,"ada;x;1"\r\n',
    '3,bad-date,`y` in `date` is no date,"ben;y;""two""\nlines"\r\n',
    "4,undecodable,the line holds bytes that are not utf-8,caf\udce9\r\n",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "file.csv.rejected.csv"
    found.write_text(HEADER + "".join(LINES), encoding="utf-8", errors="surrogateescape", newline="")
    return found


def test_their_lines_go_and_the_others_stay_byte_for_byte(path: Path) -> None:
    assert erase_lines(path, lambda _, text: "ada" in text) == 1
    kept = HEADER + LINES[1] + LINES[2]
    assert path.read_bytes() == kept.encode("utf-8", "surrogateescape")
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_where_nothing_is_left_no_file_is(path: Path) -> None:
    assert erase_lines(path, lambda *_: True) == 3
    assert list(path.parent.iterdir()) == []
    assert erase_lines(path, lambda *_: True) == 0


def test_the_line_number_and_the_code_are_nobodys(path: Path) -> None:
    assert erase_lines(path, lambda _, text: "bad-date" in text or text.startswith("2")) == 0


def test_a_line_longer_than_csv_reads_by_itself(path: Path) -> None:
    path.write_text(f"{HEADER}2,line-too-long,too long,{'x' * 300_000}\r\n{LINES[0]}", newline="")
    assert erase_lines(path, lambda _, text: "ada" in text) == 1
    assert len(path.read_text()) > 300_000


def test_a_file_of_somebody_elses_is_not_touched(tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("id,name\nada,Ada\n")
    assert (erase_lines(mine, lambda *_: True), lines_of(mine, lambda *_: True)) == (0, [])
    assert files_of_rejects(tmp_path) == []
    assert mine.read_text() == "id,name\nada,Ada\n"


def test_they_are_found_below_a_folder_and_their_lines_can_be_read(path: Path) -> None:
    below = path.parent / "a" / "b.csv"
    below.parent.mkdir()
    below.write_text(HEADER)
    assert files_of_rejects(path.parent) == [below, path]
    [line] = lines_of(path, lambda _, text: "ben" in text)
    assert (line["line"], line["original"]) == ("3", 'ben;y;"two"\nlines')
