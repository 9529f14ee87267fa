from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import intarsia
from intarsia.clock import NotATime
from intarsia.config import FILE_NAME, WEEKDAYS, BadSetting, Settings, UnreadableSettings
from intarsia.lake.faults import LakeDamaged
from intarsia.opened import STORE_FILE
from intarsia.speech import LANGUAGES
from intarsia.store.store import Store, StoreTooNew
from intarsia.workspace import FolderInUse, NoWorkspace, WorkspaceThere
from tests.persian import left_in_english

YEAR_2026 = 1_767_225_600_000
"""2026-01-01T00:00Z."""


def buys(name: str, order: str, when: str) -> dict[str, Any]:
    """An order of 10 as it is sent."""
    return {
        "type": "track",
        "messageId": order,
        "userId": name,
        "timestamp": when,
        "event": "Order Completed",
        "properties": {"order_id": order, "total": 10},
    }


# --- making one


def test_what_was_made_can_be_opened_with_its_settings(tmp_path: Path) -> None:
    with intarsia.create(tmp_path / "shop", timezone="Asia/Tehran", currency="IRR", first_weekday="saturday") as made:
        settings = made.settings
    with intarsia.open(tmp_path / "shop") as opened:
        assert opened.settings == settings
        assert (opened.settings.timezone, opened.settings.currency) == ("Asia/Tehran", "IRR")
        assert opened.catalog().first_weekday == 5


def test_folders_above_are_made_and_an_empty_one_is_used(tmp_path: Path) -> None:
    intarsia.create(tmp_path / "a" / "b").close()
    (tmp_path / "empty").mkdir()
    intarsia.create(tmp_path / "empty").close()
    assert (tmp_path / "a" / "b" / FILE_NAME).is_file()
    assert (tmp_path / "empty" / FILE_NAME).is_file()


def test_a_workspace_is_not_made_twice(tmp_path: Path) -> None:
    intarsia.create(tmp_path / "shop", currency="CZK").close()
    before = (tmp_path / "shop" / FILE_NAME).read_bytes()
    with pytest.raises(WorkspaceThere, match="already"):
        intarsia.create(tmp_path / "shop", currency="EUR")
    assert (tmp_path / "shop" / FILE_NAME).read_bytes() == before


def test_a_folder_or_file_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ada")
    for taken in (tmp_path, tmp_path / "letter.txt"):
        with pytest.raises(FolderInUse, match="no empty folder"):
            intarsia.create(taken)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timezone", "Europe/Atlantis"),
        ("timezone", ""),
        ("currency", "czk"),
        ("currency", "KČS"),
        ("currency", 5),
        ("language", "tlh"),
        ("first_weekday", "caturday"),
        ("threads", 0),
        ("threads", "two"),
        ("threads", True),
        ("threads", 10**11),
        ("memory_limit", "lots"),
        ("memory_limit", "2"),
        ("order_statuses", (1, 2)),
        ("order_statuses", "paid"),
        ("colour", "red"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_and_nothing_is_made(tmp_path: Path, name: str, value: Any) -> None:
    with pytest.raises(BadSetting) as caught:
        intarsia.create(tmp_path / "shop", **{name: value})
    assert caught.value.facts["name"] == name
    assert left_in_english(caught.value, *LANGUAGES, *WEEKDAYS) == []
    assert not (tmp_path / "shop").exists()


# --- opening one


def test_a_folder_without_a_workspace_is_told_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspace) as caught:
        intarsia.open(tmp_path / "nowhere")
    assert "intarsia init" in str(caught.value.hint())
    assert not (tmp_path / "nowhere").exists()


def test_a_file_of_settings_written_by_hand_may_leave_out_most(tmp_path: Path) -> None:
    intarsia.create(tmp_path / "shop", currency="CZK").close()
    (tmp_path / "shop" / FILE_NAME).write_text('order_statuses = ["sent"]\n')
    with intarsia.open(tmp_path / "shop") as ws:
        assert ws.settings == Settings(order_statuses=("sent",))
        assert ws.catalog().order_statuses == {"sent"}


def test_a_broken_file_of_settings_is_told_with_its_line(tmp_path: Path) -> None:
    intarsia.create(tmp_path / "shop").close()
    (tmp_path / "shop" / FILE_NAME).write_text('timezone = "UTC"\ncurrency = EUR\n')
    with pytest.raises(UnreadableSettings, match="line 2"):
        intarsia.open(tmp_path / "shop")


def test_a_file_of_settings_in_another_encoding_is_told(tmp_path: Path) -> None:
    intarsia.create(tmp_path / "shop").close()
    (tmp_path / "shop" / FILE_NAME).write_bytes('data_note = "prodejna v Plzni, čtvrtletí"\n'.encode("cp1250"))
    with pytest.raises(UnreadableSettings, match=FILE_NAME):
        intarsia.open(tmp_path / "shop")


def test_a_setting_that_nobody_knows_is_told_when_the_workspace_is_opened(tmp_path: Path) -> None:
    intarsia.create(tmp_path / "shop").close()
    (tmp_path / "shop" / FILE_NAME).write_text('timezon = "UTC"\n')
    with pytest.raises(BadSetting, match="timezon"):
        intarsia.open(tmp_path / "shop")


def test_a_workspace_of_a_newer_intarsia_is_not_touched(tmp_path: Path) -> None:
    intarsia.create(tmp_path / "shop").close()
    with Store(tmp_path / "shop" / STORE_FILE) as store, store.change() as connection:
        connection.execute("pragma user_version = 99")
    with intarsia.open(tmp_path / "shop") as ws, pytest.raises(StoreTooNew, match="99"):
        ws.segments.all()


def test_a_workspace_can_be_moved(tmp_path: Path) -> None:
    with intarsia.create(tmp_path / "old") as ws:
        ws.record([buys("ada", "A-1", "2026-01-05T10:00:00Z")])
    (tmp_path / "old").rename(tmp_path / "new")
    with intarsia.open(tmp_path / "new") as ws:
        assert ws.segments.members("did order") == ["ada"]


# --- which instant is meant


@pytest.fixture
def shop(tmp_path: Path) -> Callable[..., intarsia.Workspace]:
    """Makes a shop with two orders, of 5 January and 5 March; opens it with a setting written by hand."""

    def opened(**settings: str) -> intarsia.Workspace:
        with intarsia.create(tmp_path / "shop", clock=lambda: YEAR_2026, timezone="Europe/Prague") as made:
            made.record([buys("ada", "A-1", "2026-01-05T10:00:00Z")], "2026-01-06")
            made.record([buys("ben", "B-1", "2026-03-05T10:00:00Z")], "2026-06-06")
        text = "".join(f'{name} = "{value}"\n' for name, value in settings.items())
        (tmp_path / "shop" / FILE_NAME).write_text(f'timezone = "Europe/Prague"\n{text}')
        # A clock that stands still: 2027-01-01T00:00Z.
        return intarsia.open(tmp_path / "shop", clock=lambda: YEAR_2026 + 365 * 86_400_000)

    return opened


def test_a_question_without_an_instant_is_asked_of_the_present(shop: Callable[..., intarsia.Workspace]) -> None:
    with shop() as ws:
        count = ws.segments.count("did order")
    assert (count.size, count.base) == (2, 2)
    assert count.as_of.to_json()["at"] == "2027-01-01T00:00:00.000Z"


def test_as_of_in_the_settings_stands_for_the_present(shop: Callable[..., intarsia.Workspace]) -> None:
    with shop(as_of="2026-02-01") as ws:
        count, later = ws.segments.count("did order"), ws.segments.count("did order", "2026-04-01")
    assert (count.size, later.size) == (1, 2)
    assert count.as_of.to_json()["at"] == "2026-01-31T23:00:00.000Z", "the day begins in the workspace's zone"


def test_what_was_recorded_later_can_be_left_out(shop: Callable[..., intarsia.Workspace]) -> None:
    with shop() as ws:
        assert ws.segments.members("did order", "2026-07-01", "2026-05-01") == ["ada"]
        assert ws.segments.members("did order", "2026-07-01") == ["ada", "ben"]


@pytest.mark.parametrize("at", ["yesterday", "2026-02-30", "05/01/2026", ""])
def test_an_instant_that_is_none_is_refused(shop: Callable[..., intarsia.Workspace], at: str) -> None:
    with shop() as ws, pytest.raises(NotATime):
        ws.segments.count("everyone", at)


def test_an_as_of_that_is_no_time_is_refused_when_something_is_asked(shop: Callable[..., intarsia.Workspace]) -> None:
    with shop(as_of="long ago") as ws, pytest.raises(NotATime, match="long ago"):
        ws.segments.count("everyone")


def test_the_same_clock_gives_the_same_answer_twice(shop: Callable[..., intarsia.Workspace]) -> None:
    with shop() as ws:
        assert ws.segments.count("everyone") == ws.segments.count("everyone")


# --- after a power cut


def test_what_a_power_cut_tore_is_taken_away_when_the_workspace_is_used(tmp_path: Path) -> None:
    with intarsia.create(tmp_path / "shop") as ws:
        ws.record([buys("ada", "1", "2026-01-01")])
        ws.record([buys("ben", "2", "2026-01-01")])
        [*_, last] = sorted((ws.lake.path / "events" / "_delta_log").glob("*.json"))
    last.write_bytes(last.read_bytes()[:100])
    with intarsia.open(tmp_path / "shop") as ws:
        assert ws.segments.members("did order") == ["ada"]
        assert [damage.path.name for damage in ws.repaired] == [last.name]
        assert ws.record([buys("ben", "2", "2026-01-01")]).count("accepted") == 1
        assert ws.segments.members("did order") == ["ada", "ben"]


def test_what_cannot_be_repaired_is_told_and_left(tmp_path: Path) -> None:
    with intarsia.create(tmp_path / "shop") as ws:
        ws.record([buys("ada", "1", "2026-01-01")])
        ws.record([buys("ben", "2", "2026-01-01")])
        first = ws.lake.path / "events" / "_delta_log" / f"{1:020}.json"
    torn = first.read_bytes()[:100]
    first.write_bytes(torn)
    with intarsia.open(tmp_path / "shop") as ws, pytest.raises(LakeDamaged, match="later commits need it"):
        ws.segments.members("did order")
    assert first.read_bytes() == torn


def test_a_file_of_rows_that_is_gone_or_torn_is_told_as_damage(tmp_path: Path) -> None:
    with intarsia.create(tmp_path / "shop") as ws:
        ws.record([buys("ada", "1", "2026-01-01")])
        ws.record([buys("ben", "2", "2026-01-01")])
        first = min((ws.lake.path / "events").rglob("*.parquet"), key=lambda path: path.stat().st_mtime_ns)
    for harm in (lambda: first.write_bytes(b"torn"), first.unlink):
        harm()
        with intarsia.open(tmp_path / "shop") as ws, pytest.raises(LakeDamaged, match=first.name):
            ws.segments.members("did order")


def test_without_known_at_everything_recorded_counts_even_when_the_clock_was_set_back(tmp_path: Path) -> None:
    said = [{"type": "identify", "messageId": "1", "userId": "ada", "traits": {"city": "Praha"}}]
    with intarsia.create(tmp_path / "back", clock=lambda: 1_800_000_000_000) as ws:
        ws.record(said, recorded_at="2099-01-01T00:00:00Z")
        ws.segments.add("praha", "city = 'Praha'")
        assert ws.segments.members("praha") == ["ada"]
        assert ws.segments.members("praha", known_at="2027-01-01T00:00:00Z") == []
        ws.evaluate()
        assert ws.memberships.current("praha") == ["ada"]
