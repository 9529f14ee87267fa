"""A row that returns to an earlier content counts again; a file that is loaded again does not (rules 4, 23, 24)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import intarsia
from intarsia.clock import to_iso
from intarsia.source import Balance, Options
from intarsia.source.loading import messages
from intarsia.workspace import Workspace

DAY = 86_400_000
START = 1_780_000_000_000
ORDERS = "order,customer,date,sku,quantity,price,status\n"


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with intarsia.create(tmp_path / "shop", timezone="Europe/Prague", currency="CZK") as made:
        yield made


class Files:
    """Loads texts as files, a day apart; none has the bytes of another unless they are the same text."""

    def __init__(self, ws: Workspace, folder: Path) -> None:
        self.ws, self.folder, self.count = ws, folder, 0

    def load(self, text: str, shape: Any, **said: Any) -> Balance:
        self.count += 1
        path = self.folder / f"{self.count}.csv"
        path.write_text(text)
        return self.ws.sources.load(path, shape, recorded_at=START + self.count * DAY, **said)

    def members(self, rule: str, after: int | None = None) -> list[str]:
        at = START + (self.count if after is None else after) * DAY + DAY // 2
        return self.ws.segments.members(rule, at=to_iso(at))

    def events(self) -> int:
        with self.ws.session() as session:
            count: int = session.execute("select count(*) as n from lake.events")["n"][0].as_py()
        return count


@pytest.fixture
def files(ws: Workspace, tmp_path: Path) -> Files:
    return Files(ws, tmp_path)


def order(status: str, more: str = "") -> str:
    return f"{ORDERS}o1,ada,2026-01-05,S1,1,10,{status}\n{more}"


def counts(balance: Balance) -> tuple[int, int, int]:
    assert balance.holds()
    return balance.imported, balance.updated, balance.duplicate


OTHER = "o2,ben,2026-01-06,S1,1,10,paid\n"


def test_an_order_that_returns_to_an_earlier_status_counts_again(files: Files) -> None:
    files.load(order("processing"), "purchases")
    files.load(order("on-hold"), "purchases")
    assert files.members("did order") == []
    assert counts(files.load(order("processing", OTHER), "purchases")) == (1, 1, 0)
    assert files.members("did order") == ["ada", "ben"]
    assert files.members("did order", after=2) == ["ben"]
    assert files.members("first(order) before 2026-01-06") == ["ada"]


def test_the_same_bytes_are_duplicates_under_any_name_and_it_is_told_what_was_overtaken(files: Files) -> None:
    files.load(order("processing"), "purchases")
    files.load(order("on-hold"), "purchases")
    again = files.load(order("processing"), "purchases")
    assert (*counts(again), again.overtaken, again.loaded_at) == (0, 0, 1, 1, START + DAY)
    assert files.members("did order") == []
    assert (counts(files.load(order("on-hold"), "purchases")), files.events()) == ((0, 0, 1), 2)


def test_the_same_bytes_count_as_a_new_state_if_that_is_said(files: Files) -> None:
    for status in ("processing", "on-hold"):
        files.load(order(status), "purchases")
    for _ in range(2):
        assert counts(files.load(order("processing"), "purchases", is_new_state=True)) == (0, 1, 0)
        assert files.members("did order") == ["ada"]
        assert counts(files.load(order("on-hold"), "purchases", is_new_state=True)) == (0, 1, 0)
        assert files.members("did order") == []
    before = files.events()
    assert counts(files.load(order("on-hold"), "purchases", is_new_state=True)) == (0, 0, 1)
    assert counts(files.load(order("processing"), "purchases")) == (0, 0, 1)
    assert files.events() == before


def test_a_file_that_brought_an_order_back_is_all_duplicates_when_it_is_loaded_again(files: Files) -> None:
    files.load(order("processing"), "purchases")
    files.load(order("on-hold"), "purchases")
    back = order("processing", OTHER)
    files.load(back, "purchases")
    files.load(order("on-hold", OTHER), "purchases")
    before = files.events()
    assert (counts(files.load(back, "purchases")), files.events()) == ((0, 0, 2), before)
    assert files.members("did order") == ["ben"]


def test_daily_exports_of_what_has_not_changed_record_nothing(files: Files) -> None:
    lines = "".join(f"o{number},p{number % 7},2026-01-05,S1,1,10,paid\n" for number in range(2, 50))
    files.load(order("paid", lines), "purchases")
    before = files.events()
    for day in range(3):
        more = f"x{day},ada,2026-02-0{day + 1},S1,1,10,paid\n"
        assert counts(files.load(order("paid", lines + more), "purchases")) == (1, 0, 49)
    assert files.events() == before + 3


def test_a_new_version_is_later_than_one_that_lies_ahead(files: Files) -> None:
    """Of an order whose day is after the load, and of two loads of one instant."""
    row = f"{ORDERS}o1,ada,2027-01-05,S1,1,10,%s\n"
    for status in ("on-hold", "pending", "paid"):
        files.load(row % status, "purchases")
    with files.ws.ask("2027-02-01") as asking:
        assert asking.count("did order where (status = 'paid')").size == 1
    with files.ws.ask("2027-01-04") as asking:
        assert asking.count("did any order").size == 0


def test_versions_that_were_loaded_at_one_instant_stand_in_the_order_of_loading(files: Files) -> None:
    for turn in range(7):
        files.count = 0
        status = "paid" if turn % 2 else "on-hold"
        files.load(order(status, f"x{turn},ben,2026-01-06,S1,1,10,paid\n"), "purchases")
        assert files.members("did order") == (["ada", "ben"] if turn % 2 else ["ben"])


def test_a_cancellation_from_elsewhere_holds_against_a_file_that_says_no_status(files: Files) -> None:
    text = "order,customer,date,sku,quantity,price\no1,ada,2026-01-05,S1,1,10\n"
    files.load(text, "purchases")
    cancelled = {"type": "track", "event": "Order Cancelled", "userId": "ada", "properties": {"order_id": "o1"}}
    files.ws.record([{**cancelled, "messageId": "c", "timestamp": "2026-05-29"}], to_iso(START + DAY))
    assert counts(files.load(text + "o2,ben,2026-01-05,S1,1,10\n", "purchases")) == (1, 0, 1)
    assert files.members("did order") == ["ben"]


# --- profiles


def test_an_undated_trait_that_returns_counts_from_its_load(files: Files) -> None:
    for tier, more in (("gold", ""), ("silver", ""), ("gold", "ben,tin\n")):
        balance = files.load(f"id,tier\nada,{tier}\n{more}", "profiles")
    assert counts(balance) == (1, 1, 0)
    assert files.members("tier = 'gold'") == ["ada"]
    assert files.members("tier = 'gold'", after=2) == []
    assert files.members("tier = 'gold'", after=1) == ["ada"]


def test_of_the_same_bytes_undated_traits_are_duplicates(files: Files) -> None:
    for tier in ("gold", "silver", "gold"):
        balance = files.load(f"id,tier\nada,{tier}\n", "profiles")
    assert (*counts(balance), balance.overtaken) == (0, 0, 1, 1)
    assert counts(files.load("id,tier\nada,gold\n", "profiles", is_new_state=True)) == (0, 1, 0)
    assert files.members("tier = 'gold'") == ["ada"]


def test_two_exports_with_other_columns_do_not_speak_against_each_other(files: Files) -> None:
    files.load("id,tier\nada,gold\n", "profiles")
    files.load("id,city\nada,Praha\n", "profiles")
    before = files.events()
    assert counts(files.load("id,tier\nada,gold\nben,gold\n", "profiles")) == (1, 0, 1)
    assert counts(files.load("id,city\nada,Praha\nben,Brno\n", "profiles")) == (0, 1, 1)
    assert files.events() == before + 2


def test_a_file_with_several_rows_of_a_person_does_not_speak_against_itself(files: Files) -> None:
    rows = "id,city\nada,Praha\nada,Brno\nada,Praha\n"
    assert counts(files.load(rows, "profiles")) == (3, 0, 0)
    before = files.members("city = 'Praha'")
    for number in range(3):
        assert counts(files.load(f"{rows}p{number},Oslo\n", "profiles")) == (1, 0, 3)
        assert files.members("city = 'Praha'") == before


def test_a_dated_row_stands_where_its_date_puts_it(files: Files) -> None:
    for tier, day in (("gold", "2026-01-01"), ("silver", "2026-02-01"), ("gold", "2026-01-01")):
        balance = files.load(f"id,tier,updated_at\nada,{tier},{day}\nx{files.count},tin,2026-01-01\n", "profiles")
    assert counts(balance) == (1, 0, 1)
    assert files.members("tier = 'silver'") == ["ada"]


def test_an_old_export_that_was_never_loaded_is_a_later_load(files: Files) -> None:
    files.load("id,tier\nada,silver\n", "profiles")
    files.load("id,tier\nada,gold\n", "profiles")
    files.load("id,tier\nada,silver\nben,tin\n", "profiles")
    assert files.members("tier = 'silver'") == ["ada"]


@pytest.mark.parametrize("shape", ["profiles", "consents"])
def test_a_withdrawal_that_returns_counts_and_a_consent_without_a_date_does_not(files: Files, shape: str) -> None:
    header = "id,consent_email_marketing\n" if shape == "profiles" else "customer_id,channel,purpose,state\n"
    row = "%s,%s\n" if shape == "profiles" else "%s,email,marketing,%s\n"
    for state in ("no", "yes", "no"):
        files.load(header + row % ("ada", state) + row % (f"x{files.count}", "yes"), shape)
    assert "ada" in files.members("consent email for marketing is withdrawn")
    files.load(header + row % ("ada", "yes") + row % ("last", "yes"), shape)
    assert "ada" in files.members("consent email for marketing is withdrawn")


# --- killed


@pytest.mark.parametrize("shape", ["purchases", "profiles"])
@pytest.mark.parametrize("batches", [1, 2, 3])
def test_a_load_that_is_killed_and_repeated_says_nothing_twice_and_leaves_nothing_out(
    files: Files, shape: Any, batches: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def text(state: str, more: str = "") -> str:
        if shape == "profiles":
            return "id,tier\n" + "".join(f"p{n},{state}\n" for n in range(12)) + (more and "new,tin\n")
        rows = "".join(f"o{n},p{n},2026-01-05,S1,1,10,{state}\n" for n in range(12))
        return ORDERS + rows + (more and "o99,new,2026-01-06,S1,1,10,tin\n")

    for module in ("rowwise", "purchases"):
        monkeypatch.setattr(f"intarsia.source.{module}.MESSAGES_AT_ONCE", 5)
    files.load(text("paid"), shape)
    files.load(text("on-hold"), shape)

    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        nonlocal batches
        batches -= 1
        if not batches:
            raise Killed

    batches += shape == "purchases"  # the first batch of purchases brings no message
    with pytest.raises(Killed):
        files.load(text("paid", "more"), shape, progress=kill)
    files.load(text("paid", "more"), shape)
    assert files.events() == 12 + 12 + 13
    rule = "tier = 'paid'" if shape == "profiles" else "did order where (status = 'paid')"
    assert len(files.members(rule)) == 12
    assert counts(files.load(text("paid", "more"), shape)) == (0, 0, 13)


# --- empty cells (rule 8)


def test_an_empty_cell_makes_unknown_what_was_known(files: Files) -> None:
    files.load("id,tier,city\nada,gold,Praha\nben,gold,Oslo\n", "profiles")
    balance = files.load("id,tier,city\nada,,Brno\nben,gold,Oslo\n", "profiles")
    assert (*counts(balance), balance.emptied) == (0, 1, 1, 1)
    assert files.members("tier is known") == ["ben"]
    assert files.members("tier is known", after=1) == ["ada", "ben"]
    assert files.members("city = 'Brno'") == ["ada"]
    assert counts(files.load("id,tier,city\nada,,Brno\nben,gold,Oslo\n", "profiles")) == (0, 0, 2)


def test_an_empty_cell_says_nothing_if_that_is_wanted(files: Files) -> None:
    files.load("id,tier,city\nada,gold,Praha\nben,gold,Oslo\n", "profiles")
    options = Options(empty_cells="keep")
    balance = files.load("id,tier,city\nada,,Brno\nben,gold,Oslo\n", "profiles", options=options)
    assert (balance.emptied, files.members("tier = 'gold'")) == (0, ["ada", "ben"])


def test_an_empty_cell_of_what_nobody_said_is_not_recorded_and_what_comes_later_holds_since_always(
    files: Files,
) -> None:
    files.load("id,tier,city\nada,,Brno\nben,gold,Oslo\n", "profiles")
    files.load("id,tier,city\nada,gold,Brno\nben,gold,Oslo\n", "profiles")
    with files.ws.session() as session:
        said = session.execute("select props from lake.events order by event_no")["props"].to_pylist()
    assert said[0] == '{"city":"Brno"}'
    assert files.ws.segments.members("tier = 'gold'", at=to_iso(START)) == ["ada", "ben"]


def test_a_column_that_is_empty_throughout_says_nothing(files: Files) -> None:
    files.load("id,tier,city\nada,gold,Praha\n", "profiles")
    balance = files.load("id,tier,city\nada,,Brno\n", "profiles")
    assert (balance.emptied, files.members("tier = 'gold'")) == (0, ["ada"])


def test_an_empty_cell_and_a_filled_one_of_one_person_leave_the_filled_one(files: Files) -> None:
    files.load("id,tier,city\nada,tin,Praha\n", "profiles")
    files.load("id,tier,city\nada,gold,Praha\nada,,Brno\nben,,Oslo\n", "profiles")
    assert files.members("tier = 'gold'") == ["ada"]


def test_an_empty_cell_that_returns_makes_unknown_again(files: Files) -> None:
    for tier, more in (("gold", ""), ("", "x,tin,\n"), ("gold", "y,,Oslo\n"), ("", "y,tin,Oslo\n")):
        files.load(f"id,tier,city\nada,{tier},Brno\nben,gold,Oslo\n{more}", "profiles")
    assert files.members("tier is known") == ["ben", "x", "y"]
    assert "ada" in files.members("tier is known", after=3)


def test_an_empty_cell_of_a_dated_row_is_unknown_from_its_day(files: Files) -> None:
    files.load("id,tier,updated_at\nada,,2026-02-01\nben,gold,2026-02-01\n", "profiles")
    files.load("id,tier,updated_at\nada,gold,2026-01-01\n", "profiles")
    assert files.members("tier is known") == ["ben"]
    assert files.ws.segments.members("tier = 'gold'", at="2026-01-15") == ["ada"]


def test_the_plan_says_which_columns_make_unknown(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,tier,city,note,consent_email_marketing\nada,,Brno,,yes\nben,gold,Oslo,,no\n")
    found = ws.sources.plan(path, "profiles").to_json()
    assert (found["empty_cells"], found["emptying"]) == ("unknown", ["tier", "city"])
    assert "an empty cell makes unknown what was known before: `tier`, `city`" in found["notes"]  # type: ignore[operator]
    kept = ws.sources.plan(path, "profiles", options=Options(empty_cells="keep"))
    assert (kept.emptying, kept.notes) == (frozenset(), ())
    assert next(message["traits"] for batch in messages(kept) for message in batch.messages) == {"city": "Brno"}
