"""What other people wrote about somebody who is erased: reasons of shared decisions go, the rest is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import intarsia
from intarsia.workspace import Workspace
from tests.profile.canaries import said, traces

WHO, CARD = "zz-ada", "KNR-9911-77"
AREA = '{"type":"Polygon","coordinates":[[[14,50],[15,50],[15,51],[14,51],[14,50]]]}'


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    with intarsia.create(tmp_path / "shop", timezone="Europe/Prague", currency="CZK") as ws:
        ws.record(
            [
                said(WHO, "1", email="zz.ada@example.com", card_number=CARD, first_name="Ada"),
                said("fay", "1", first_name="Fay"),
                said("gus", "1", first_name="Gus"),
            ],
            "2026-01-01",
        )
        yield ws


def told(ws: Workspace) -> list[tuple[str, str]]:
    done = ws.profiles.erase([WHO], reason="asked")
    return [(mention.what, mention.name) for mention in done.mentions]


def test_the_reasons_of_decisions_that_they_were_a_part_of_go(shop: Workspace) -> None:
    shop.identity.merge(WHO, "fay", reason="QQreason, the same flat")
    shop.identity.unmerge("fay", reason=f"QQreason apart, {WHO} is her aunt")
    shop.identity.merge("fay", "gus", reason="their own")
    assert traces(shop.path, ["QQreason"]) != []
    assert told(shop) == []
    assert traces(shop.path, ["QQreason", WHO]) == []
    decisions = {(decision.what, decision.reason) for decision in shop.identity.show("fay").decisions}
    assert decisions == {("merge", "(erased)"), ("unmerge", "(erased)"), ("merge", "their own")}
    assert shop.segments.members("everyone") == ["fay"]


def test_whatever_else_names_them_is_told(shop: Workspace, tmp_path: Path) -> None:
    area = tmp_path / "a.geojson"
    area.write_text(AREA)
    shop.areas.add(f"house of {WHO}", area)
    file = tmp_path / f"{WHO}.txt"
    file.write_text("gus\n")
    shop.lists.add("some", file)
    shop.segments.add("buyers", f"email contains 'zz.ada@example.com' or card_number starts with '{CARD}'")
    shop.segments.add(f"for {WHO}", "everyone")
    shop.segments.rename(f"for {WHO}", "calm")
    shop.segments.pin("calm", ["gus"], reason=f"a friend of {CARD}", author="me")
    shop.identity.merge("fay", "gus", reason=f"not {WHO}")
    shop.declare_word(f"{WHO}_size", scope="trait", kind="text")
    assert told(shop) == [
        ("area", f"house of {WHO}"),
        ("decision", "fay"),
        ("decision", "gus"),
        ("former name", f"for {WHO}"),
        ("pin", "gus"),
        ("segment", "buyers"),
        ("segment", "some"),
        ("word", f"{WHO}_size"),
    ]


def test_a_file_whose_name_names_them_is_told(shop: Workspace, tmp_path: Path) -> None:
    file = tmp_path / f"{WHO}.csv"
    file.write_text("id,first_name\nhal,Hal\n")
    shop.sources.load(file, "profiles")
    [(what, name)] = told(shop)
    assert (what, Path(name).name) == ("load", f"{WHO}.csv")


def test_a_removed_segment_is_rewritten_too(shop: Workspace) -> None:
    shop.segments.add("hers", f"profile = '{WHO}'")
    shop.segments.remove("hers")
    done = shop.profiles.erase([WHO], reason="asked")
    assert [name.split()[0] for name in done.rewritten] == ["hers"]
    assert traces(shop.path, [WHO]) == []


def test_nobody_else_is_said_to_have_been_taken_apart(shop: Workspace) -> None:
    """Three share a mailbox that joins nobody; one goes, and the others are kept apart from before on."""
    everybody = ("zz-one", "zz-two", "zz-three", "zz-four")
    shop.record([said(name, "9", email="info@example.com") for name in everybody], "2026-02-01")
    shop.record([said(name, "8", email="us@example.com") for name in everybody], "2026-02-01")
    shop.profiles.erase(["zz-one"], reason="asked")
    found = shop.identity.show("zz-two")
    assert found.decisions == ()
    kept = [(row["kind"], row["value"], row["since"]) for row in found.kept_apart]
    assert kept == [("email", "us@example.com", "2026-01-31T23:00:00.000Z")]
