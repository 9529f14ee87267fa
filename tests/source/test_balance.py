from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intarsia import source
from intarsia.source import Balance, Shape
from intarsia.source.faults import NoRejects
from tests.source.records import RecordInMemory

Write = Callable[..., Path]
THEN, LATER = 1_700_000_000_000, 1_800_000_000_000
HEADER = "order,sku,qty,price,date,customer,country\n"
SALES = HEADER + "".join(
    f"{number // 3},S{number % 4},{number % 5 + 1},1.25,2024-01-{number % 28 + 1:02},{number // 9 or ''},Spain\n"
    for number in range(90)
)


def load(path: Path, record: RecordInMemory, shape: Shape = "purchases", at: int = THEN) -> Balance:
    return source.load(source.plan(path, shape=shape), record, recorded_at=at)


def test_every_line_is_imported_or_told(write: Write, record: RecordInMemory) -> None:
    balance = load(write(SALES + "\n98,A,one,1,2024-01-01,7,Spain\n99,A\n"), record)
    assert balance.holds()
    assert (balance.lines_read, balance.imported, balance.rejected, balance.blank) == (93, 90, 2, 1)
    assert balance.reasons == {"bad-number": 1, "too-few-cells": 1}
    assert balance.header_lines == 1


def test_rejected_lines_go_to_a_file_with_number_reason_and_the_line(write: Write, record: RecordInMemory) -> None:
    balance = load(write(SALES + '98,A,one,1,2024-01-01,"7",Spain\n'), record)
    with Path(balance.rejects_path or "").open(newline="") as file:
        assert list(csv.reader(file)) == [
            ["line", "reason", "explanation", "original", "profile_id"],
            ["92", "bad-number", "`one` in `qty` is no number", '98,A,one,1,2024-01-01,"7",Spain', "7"],
        ]


def test_without_rejected_lines_there_is_no_file_and_an_old_one_goes(write: Write, record: RecordInMemory) -> None:
    path = write(SALES)
    old = path.with_name("file.csv.rejected.csv")
    old.write_text("line,reason,explanation,original\n7,no-date,,x\n")
    assert load(path, record).rejects_path is None
    assert not old.exists()


def test_no_file_but_one_of_rejected_lines_is_replaced(write: Write, record: RecordInMemory) -> None:
    path = write(SALES)
    plan = source.plan(path, shape="purchases")
    with pytest.raises(NoRejects, match="another file is there"):
        source.load(plan, record, recorded_at=THEN, rejects_path=path)
    assert path.read_text() == SALES
    assert record.kept == {}


def test_a_place_that_cannot_be_written_is_refused_before_anything_is_loaded(
    write: Write, record: RecordInMemory, tmp_path: Path
) -> None:
    plan = source.plan(write(SALES), shape="purchases")
    with pytest.raises(NoRejects):
        source.load(plan, record, recorded_at=THEN, rejects_path=tmp_path / "none" / "rejects.csv")
    assert record.kept == {}


@pytest.mark.parametrize("shape", ["purchases", "profiles", "events"])
def test_loading_twice_changes_nothing(write: Write, record: RecordInMemory, shape: Shape) -> None:
    events = "user id,event,date\n" + "7,view,2024-01-01\n" * 3 + "8,view,2024-01-01\n"
    path = write({"purchases": SALES, "profiles": "id,city\n1,Oslo\n1,Oslo\n2,Rome\n", "events": events}[shape])
    first = load(path, record, shape)
    before = record.snapshot()
    second = load(path, record, shape, at=LATER)
    assert first.imported == first.lines_read == second.duplicate
    assert second.messages == 0
    assert second.holds()
    assert record.snapshot() == before


def test_a_known_order_with_other_content_is_updated_as_of_the_load(write: Write, record: RecordInMemory) -> None:
    load(write(SALES), record)
    changed = write(SALES.replace("\n0,S0,1,", "\n0,S0,7,"), "changed.csv")
    balance = load(changed, record, at=LATER)
    assert (balance.updated, balance.duplicate) == (3, 87)
    (update,) = record.events("Order Updated")
    assert update["properties"]["order_id"] == "0"
    assert update["timestamp"] == "2027-01-15T08:00:00.000Z"
    before = record.snapshot()
    assert load(changed, record, at=LATER + 1).duplicate == 90
    assert load(write(SALES), record, at=LATER + 2).duplicate == 90
    assert record.snapshot() == before


def test_a_credit_note_with_other_content_is_a_conflict_and_never_a_second_refund(
    write: Write, record: RecordInMemory
) -> None:
    load(write(HEADER + "1,A,2,1,2024-01-01,7,Spain\nC2,A,-1,1,2024-01-02,7,Spain\n"), record)
    path = write(HEADER + "1,A,2,1,2024-01-01,7,Spain\nC2,A,-2,1,2024-01-02,7,Spain\n", "again.csv")
    balance = load(path, record)
    assert (balance.duplicate, balance.rejected, balance.holds()) == (1, 1, True)
    assert len(record.events("Order Refunded")) == 1
    rejects = Path(balance.rejects_path or "").read_text()
    assert "3,conflict," in rejects
    assert "C2,A,-2,1,2024-01-02,7,Spain" in rejects


def test_known_profiles_are_updated_new_ones_imported(write: Write, record: RecordInMemory) -> None:
    load(write("id,city\n1,Oslo\n"), record, "profiles")
    balance = load(write("id,city\n1,Rome\n2,Rome\n2,Paris\n", "more.csv"), record, "profiles")
    assert (balance.updated, balance.imported) == (1, 2)


def test_what_the_record_refuses_is_rejected_with_its_words(write: Write, record: RecordInMemory) -> None:
    path = write('{"type": "track", "userId": "1", "event": "x"}\n{"type": "shout", "userId": "1"}\n', "file.jsonl")
    balance = load(path, record, "messages")
    assert (balance.imported, balance.reasons) == (1, {"refused": 1})
    assert "its type is 'shout'" in Path(balance.rejects_path or "").read_text()


def test_a_row_of_several_lines_counts_with_all_of_them(write: Write, record: RecordInMemory) -> None:
    balance = load(write('id,note,city\n1,"a\nb\nc",Oslo\n2,d,Rome\n'), record, "profiles")
    assert (balance.lines_read, balance.imported) == (4, 4)


def test_progress_runs_from_nothing_to_the_whole(write: Write, record: RecordInMemory) -> None:
    told: list[tuple[int, float]] = []
    plan = source.plan(write(SALES), shape="purchases")
    source.load(plan, record, recorded_at=THEN, progress=lambda lines, share: told.append((lines, share)))
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[-1] == (90, 1.0)


CELLS = st.sampled_from(
    ["1", "2", "C3", "A4", "", "x", "-1", "0", "2024-01-01", "soon", '"', '"a,b"', "1,5", "\n", " "]
)
ROWS = st.lists(st.lists(CELLS, min_size=5, max_size=9), max_size=30)


@given(rows=ROWS, shape=st.sampled_from(["purchases", "profiles", "events"]))
def test_the_counts_add_up_whatever_the_file_holds(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], shape: Shape
) -> None:
    path = tmp_path_factory.mktemp("load") / "file.csv"
    good = "1,A,1,1,2024-01-01,7,Spain\n"
    path.write_text(HEADER + good + "".join(",".join(cells) + "\n" for cells in rows))
    mapping = {"event": "sku"} if shape == "events" else {}
    record = RecordInMemory()
    plan = source.plan(path, shape=shape, mapping={"profile_id": "customer", **mapping, **_typed(shape)})
    first = source.load(plan, record, recorded_at=THEN)
    before = record.snapshot()
    second = source.load(plan, record, recorded_at=LATER)
    assert first.holds()
    assert second.holds()
    assert first.lines_read == len(path.read_text().splitlines()) - 1
    assert first.imported == second.duplicate
    assert first.rejected == second.rejected
    assert record.snapshot() == before


def _typed(shape: Shape) -> dict[str, str]:
    """Every field by its column, since values at random would be guessed otherwise."""
    if shape == "purchases":
        return {"order_id": "order", "sku": "sku", "quantity": "qty", "price": "price", "date": "date"}
    return {"date": "date"} if shape == "events" else {}
