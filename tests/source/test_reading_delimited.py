from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intarsia.source.faults import Damaged, EmptyFile
from intarsia.source.readers.delimited import DelimitedTable
from intarsia.source.readers.lines import LONGEST_LINE
from intarsia.source.rows import Blank, Broken, Item, Row

Write = Callable[..., Path]


def items(path: Path) -> list[Item]:
    return list(DelimitedTable(path, "utf-8").rows())


def cells(path: Path) -> list[list[object]]:
    return [list(item.cells.values()) for item in items(path) if isinstance(item, Row)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(write: Write, delimiter: str) -> None:
    path = write("\n".join(delimiter.join(row) for row in (["id", "name"], ["1", "Ada"], ["2", "Ben"])))
    assert cells(path) == [["1", "Ada"], ["2", "Ben"]]


def test_the_delimiter_is_not_the_commonest_character_but_the_regular_one(write: Write) -> None:
    assert cells(write("id;note\n1;a, b, c\n2;d\n3;e, f\n")) == [["1", "a, b, c"], ["2", "d"], ["3", "e, f"]]


def test_a_line_that_declares_the_delimiter_is_believed(write: Write) -> None:
    path = write("sep=;\nid;name\n1;Ada\n")
    assert [(item.line, list(item.cells.values())) for item in items(path) if isinstance(item, Row)] == [
        (3, ["1", "Ada"])
    ]


def test_line_ends_may_be_mixed(write: Write) -> None:
    assert cells(write("id,name\r\n1,Ada\n2,Ben\r3,Cy\r\n4,Di")) == [
        ["1", "Ada"],
        ["2", "Ben"],
        ["3", "Cy"],
        ["4", "Di"],
    ]


def test_nul_characters_are_left_out(write: Write) -> None:
    assert cells(write("id,name\n1,A\0da\n\0\0\n2,Ben\n")) == [["1", "Ada"], ["2", "Ben"]]


def test_blank_lines_are_told_from_rows(write: Write) -> None:
    found = items(write("id,name\n1,Ada\n\n , \n,,\n2,Ben\n"))
    assert [type(item).__name__ for item in found] == ["Row", "Blank", "Blank", "Blank", "Row"]


def test_a_quoted_cell_may_hold_delimiters_quotes_and_line_ends(write: Write) -> None:
    path = write('id,note,city\n1,"a, ""b""\nand c",Oslo\n2,d,Rome\n')
    assert items(path) == [
        Row(2, 2, {"id": "1", "note": 'a, "b"\nand c', "city": "Oslo"}, '1,"a, ""b""\nand c",Oslo\n'),
        Row(4, 1, {"id": "2", "note": "d", "city": "Rome"}, "2,d,Rome\n"),
    ]


def test_a_quote_that_is_never_closed_swallows_no_line(write: Write) -> None:
    path = write('id,note,city\n1,"open,Oslo\n' + "".join(f'{number},"fine",Rome\n' for number in range(2, 400)))
    found = cells(path)
    assert found[0] == ["1", '"open', "Oslo"]
    assert len(found) == 399


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('1,5" pipe,x', ["1", '5" pipe', "x"]),
        ('1,"5" pipe",x', ["1", '5" pipe', "x"]),
        ('1,"Ada" Byron,x', ["1", '"Ada" Byron', "x"]),
        ('1, "a, b", x', ["1", "a, b", " x"]),
        (r'1,"a \"b\" c",x', ["1", r"a \"b\" c", "x"]),
        ('1,"",x', ["1", "", "x"]),
    ],
)
def test_stray_quotes_stand_for_themselves(write: Write, line: str, expected: list[str]) -> None:
    assert cells(write(f"id,note,city\n{line}\n2,b,c\n")) == [expected, ["2", "b", "c"]]


def test_single_quotes_may_wrap_cells(write: Write) -> None:
    assert cells(write("'id','name'\n'1','A, da'\n'2','Ben'\n")) == [["1", "A, da"], ["2", "Ben"]]


def test_too_few_and_too_many_cells_are_told_with_their_numbers(write: Write) -> None:
    found = items(write("id,name,city\n1,Ada\n2,Ben,Rome,x\n3,Cy,Oslo,,\n"))
    assert [item.reason.sentence() for item in found if isinstance(item, Broken)] == [
        "the line has 2 cells, the header 3",
        "the line has 4 cells, the header 3",
    ]
    assert isinstance(found[2], Row)


def test_a_line_in_foreign_bytes_is_rejected_and_the_others_are_read(write: Write) -> None:
    found = items(write("id,name\n1,Zoë\n".encode() + b"2,Zo\xeb\n3,Ada\n"))
    assert [type(item).__name__ for item in found] == ["Row", "Broken", "Row"]


def test_a_line_without_end_is_cut_and_rejected(write: Write) -> None:
    found = items(write(f"id,name\n1,{'x' * (3 * LONGEST_LINE)}\n2,Ben\n"))
    assert [type(item).__name__ for item in found] == ["Broken", "Row"]
    assert isinstance(found[0], Broken)
    assert len(found[0].raw or "") < LONGEST_LINE + 10


def test_a_file_without_header_gets_numbered_columns(write: Write) -> None:
    table = DelimitedTable(write("1,Ada\n2,Ben\n"), "utf-8")
    assert table.columns == ("column_1", "column_2")
    assert [item.line for item in table.rows()] == [1, 2]


def test_columns_of_one_name_and_of_none_are_told_apart(write: Write) -> None:
    assert DelimitedTable(write("id,name,name,\n1,a,b,c\n"), "utf-8").columns == ("id", "name", "name_2", "column_4")


def test_gzip_is_unpacked(write: Write) -> None:
    assert cells(write(gzip.compress(b"id,name\n1,Ada\n"), "file.csv.gz")) == [["1", "Ada"]]


def test_a_gzip_that_breaks_off_hands_on_what_came_before_and_says_where(write: Write) -> None:
    lines = "".join(f"{number},{number * 7919 % 104729}\n" for number in range(50_000))
    table = DelimitedTable(write(gzip.compress(f"id,name\n{lines}".encode())[:-20_000], "file.csv.gz"), "utf-8")
    read: list[Item] = []
    with pytest.raises(Damaged) as caught:
        read.extend(table.rows())
    assert 1_000 < len(read) < 50_000
    assert caught.value.code == "source.damaged"


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", " \r\n\x1a"])
def test_a_file_without_content_is_refused(write: Write, content: str) -> None:
    with pytest.raises(EmptyFile):
        DelimitedTable(write(content), "utf-8")


PIECES = st.lists(st.sampled_from(["a", "7", ",", '"', '""', "\n", "\r\n", "\r", "\0", " ", ";", "é", "x,y,z\n"]))


@given(PIECES)
def test_every_physical_line_is_in_exactly_one_item(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str]
) -> None:
    body = "".join(pieces)
    path = tmp_path_factory.mktemp("lines") / "file.csv"
    path.write_bytes(f"id,name,city\n{body}".encode())
    table = DelimitedTable(path, "utf-8", has_header=True)
    found = list(table.rows())
    ends = len(re.findall("\r\n|\r|\n", body))
    physical = ends + (not body.endswith(("\n", "\r")) and body != "")
    assert table.lines_read == physical
    assert sum(item.height for item in found) == physical
    assert [item.line for item in found] == [
        2 + sum(other.height for other in found[:place]) for place in range(len(found))
    ]
    assert all(item.height == 1 for item in found if isinstance(item, Blank))
