"""Names that are known before any data: words, channels and purposes of consent, areas on the map."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import AT, run

SQUARE = {"type": "Polygon", "coordinates": [[[14, 50], [15, 50], [15, 50.5], [14, 50.5], [14, 50]]]}

pytestmark = pytest.mark.usefixtures("shop")


def drawing(folder: Path, found: object) -> str:
    path = folder / "area.geojson"
    path.write_text(json.dumps(found), encoding="utf-8")
    return str(path)


def test_a_word_is_declared_and_can_be_used_at_once() -> None:
    assert run("segment", "count", "shoe_size > 40").status == 2
    said = run("word", "declare", "shoe_size", "--kind", "number", "--not-personal")
    assert (said.status, said.speech) == (0, "trait `shoe_size`: number\n")
    assert run("segment", "count", "shoe_size > 40", "--json").json()["size"] == 0
    found = run("word", "declare", "Order Shipped", "--short", "shipped", "--json").json()
    assert (found["word"], found["scope"], found["short"], found["seen"]) == ("Order Shipped", "event", "shipped", 0)
    assert run("segment", "count", "never shipped", *AT, "--json").json()["size"] == 3
    assert "shipped" in run("word", "list").answer
    assert (
        run("word", "declare", "Order Shipped", "--short", "order", "--json").error()["code"] == "record.bad-short-name"
    )


def test_consents_are_declared_and_listed() -> None:
    rule = "consent email for marketing is unknown"
    refused = run("segment", "count", rule, "--json").error()
    assert (refused["code"], "intarsia consent declare" in refused["hint"]) == ("language.no-consents", True)
    assert run("consent", "declare", "Email", "marketing").status == 0
    assert run("segment", "count", rule, *AT, "--json").json()["size"] == 3
    assert run("consent", "list", "--json").json() == [{"channel": "email", "purpose": "marketing", "declared": True}]
    assert run("consent", "list").answer.split() == ["channel", "purpose", "declared", "email", "marketing", "True"]
    near = run("segment", "count", "consent emial for marketing is given", "--json").error()
    assert near["position"] == {"start": 0, "end": 36, "text": "consent emial for marketing is given"}
    assert "`email for marketing`" in near["hint"]


def test_an_area_is_added_shown_used_and_removed(shop: Path) -> None:
    path = drawing(shop.parent, SQUARE)
    added = run("area", "add", "delivery", path, "--json").json()
    assert (added["area"], added["version"], added["polygons"], added["positions"]) == ("delivery", 1, 1, 5)
    assert run("area", "add", "delivery", path).answer.startswith("delivery, version 1, recorded ")
    assert run("area", "list").answer.split()[:2] == ["area", "version"]
    assert [row["bounds"] for row in run("area", "list", "--json").json()] == [
        {"west": "14", "south": "50", "east": "15", "north": "50.5"}
    ]
    drawn = run("area", "show", "delivery", "--geojson").json()
    assert drawn["geometry"] == {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"]]}
    # Ada lives in Prague; of ben and cyd no city is known.
    assert run("segment", "members", "inside area 'delivery'", *AT, "--json").json()["members"] == ["ada"]
    assert run("segment", "add", "ours", "inside area 'delivery'").status == 0
    assert "named by `ours`" in run("area", "remove", "delivery", "--json").error()["message"]
    assert run("segment", "edit", "ours", "everyone").status == 0
    assert run("area", "remove", "delivery", "--json").json() == {"removed": "delivery"}
    assert run("area", "list").answer == ""
    assert run("area", "show", "delivery", "--json").error()["code"] == "profile.unknown-area"


def test_a_file_that_is_no_area_is_refused_with_the_place(shop: Path) -> None:
    path = drawing(shop.parent, {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]})
    said = run("area", "add", "bow", path)
    assert said.status == 2
    assert said.speech.startswith("error[profile.bad-area]: $.coordinates: its lines cross each other near 0.5")
    long = {"type": "Polygon", "coordinates": [[[170, 0], [-170, 0], [-170, 5], [170, 0]]]}
    assert "antimeridian" in run("area", "add", "long", drawing(shop.parent, long)).speech


def test_a_load_says_what_it_rounded_and_cut(shop: Path) -> None:
    (shop.parent / "x.csv").write_text(
        "user_id,timestamp,w\n1,2026-05-01T10:00:00.1239Z,0.12345678\n", encoding="utf-8"
    )
    said = run("source", "load", "x.csv", "--as", "events", "--event", "X")
    assert "numbers of more than six places, rounded to six: 1\n" in said.speech
    assert "times finer than a millisecond, cut to it: 1\n" in said.speech


def test_why_tells_where_somebody_is_and_what_was_agreed(shop: Path) -> None:
    run("area", "add", "delivery", drawing(shop.parent, SQUARE))
    run("consent", "declare", "email", "marketing")
    rule = "inside area 'delivery' and near (50, 14) within 100 km and consent email for marketing is unknown"
    parts = run("segment", "why", rule, "ada", *AT, "--json").json()["parts"]
    assert [part["holds"] for part in parts] == [True, True, True]
    assert parts[0]["facts"] == {"latitude": "50.08804", "longitude": "14.42076", "area": "delivery"}
    assert set(parts[1]["facts"]) == {"latitude", "longitude", "metres"}
    assert parts[2]["facts"] == {"state": "unknown", "event": None, "expires": None}
