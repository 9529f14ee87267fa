"""An export holds everything that is held of one person, wherever it came from, and nothing of anybody else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import intarsia
from intarsia.record.history import NoSuchProfile
from intarsia.workspace import Workspace
from tests.profile.canaries import CANARY, EMAIL, FIRST, WHO, copied, fill, hers, said, traces, unzipped


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("made")
    with intarsia.create(folder / "shop", timezone="Europe/Prague", currency="CZK") as ws:
        fill(ws, folder)
        yield ws


def texts(value: Any) -> Iterator[str]:
    """Every text in what was sent, names too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield name
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def planted() -> set[str]:
    """Every canary that was sent, but for the message that was rejected, of which nothing was kept."""
    sent = [message for number in range(8) for message in hers(number) if not message["messageId"].endswith("-bad")]
    told = {text for text in texts(sent) if CANARY in text or FIRST in text}
    files = {f"{FIRST}-Ada", EMAIL, f"{CANARY}-1", f"{CANARY}-coat", f"{CANARY}-2", f"{CANARY}-hat", f"{CANARY}-no-id"}
    by_hand = {f"{CANARY}-pinned", f"{CANARY}-excluded", f"-- {WHO} asked for it"}
    return told | files | by_hand | {f"{CANARY}-{number}" for number in range(60)}


def test_every_canary_of_every_channel_is_in_it(shop: Workspace) -> None:
    found = set(texts(json.loads(shop.export(WHO).to_bytes())))
    whole = "\n".join(found)
    assert sorted(text for text in planted() if text not in whole) == []
    assert len(planted()) > 130


def test_every_canary_is_in_the_csv_files_too(shop: Workspace) -> None:
    whole = "\n".join(cell for rows in unzipped(shop.export(WHO).to_zip()).values() for row in rows for cell in row)
    assert sorted(text for text in planted() if text not in whole) == []


def test_it_has_a_part_for_everything(shop: Workspace) -> None:
    parts = {name: len(rows) for name, rows in shop.export(WHO).sections.items()}
    assert parts["profiles"] == 1
    assert parts["messages"] == 96
    assert parts["consents"] == 8
    assert parts["loads"] == 2
    assert parts["lists"] == 2
    assert parts["pins"] == 2
    assert parts["definitions"] == 1
    assert parts["rejected_lines"] == 2
    assert parts["memberships"] >= 2
    assert parts["identifiers"] >= 2


def test_traits_have_their_history_with_the_load_that_brought_them(shop: Workspace) -> None:
    found = shop.export(WHO).sections
    nicknames = [row for row in found["traits"] if row["trait"] == "nickname"]
    assert [row["value"] for row in nicknames] == [f"{CANARY}-{number}" for number in range(8)]
    [email] = [row for row in found["traits"] if row["trait"] == "email"]
    [load] = [row for row in found["loads"] if row["load_id"] == email["load_id"]]
    assert Path(load["file"]).name == "people.csv"
    assert email["recorded_at"] == "2026-01-09T23:00:00.000Z"


def test_nothing_of_anybody_else_is_in_it(shop: Workspace) -> None:
    whole = shop.export("cyd").to_bytes().decode()
    assert CANARY not in whole.replace(f"{CANARY}-ada", "").replace(EMAIL, "")
    assert "ben@example.com" not in whole
    assert {row["profile_id"] for row in shop.export("cyd").sections["messages"]} == {"cyd"}


def test_two_of_the_same_state_are_the_same_bytes(shop: Workspace) -> None:
    first = shop.export(WHO)
    with intarsia.open(shop.path, clock=lambda: 2_000_000_000_000) as later:
        second = later.export(WHO)
    assert (first.to_bytes(), first.to_zip()) == (second.to_bytes(), second.to_zip())


def test_numbers_and_texts_come_out_as_they_are(tmp_path: Path) -> None:
    with intarsia.create(tmp_path / "shop") as ws:
        ws.record(
            [said("ada", "1", half=0.5, many=10**18, fine="1.10", truth=True, nothing=None, list=[1, {"a": "č"}])]
        )
        [message] = json.loads(ws.export("ada").to_bytes())["messages"]
    assert message["properties"] == {
        "half": 0.5,
        "many": 10**18,
        "fine": "1.10",
        "truth": True,
        "nothing": None,
        "list": [1, {"a": "č"}],
    }


def test_an_erased_person_has_none(shop: Workspace, tmp_path: Path) -> None:
    with intarsia.open(copied(shop.path.parent, tmp_path / "copy")) as ws:
        ws.profiles.erase([WHO], reason="asked")
        with pytest.raises(NoSuchProfile):
            ws.export(WHO)
        assert traces(ws.path) == []
        assert WHO.encode() not in ws.export("ben").to_bytes()
