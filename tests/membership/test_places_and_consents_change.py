"""Entering and leaving because a grant ends, somebody moves, or an area is drawn anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.membership.simulated import Simulation


def consent(who: str, event: str, at: str, **properties: Any) -> dict[str, Any]:
    said = {"channel": "email", "purpose": "marketing", **properties}
    return {"type": "track", "userId": who, "event": event, "timestamp": at, "properties": said}


def test_somebody_leaves_when_the_last_day_of_a_grant_is_over(shop: Simulation) -> None:
    shop.record(
        consent("ada", "Consent Given", "2024-01-01T10:00:00Z", expires_at="2024-01-05"),
        consent("ben", "Consent Given", "2024-01-01T10:00:00Z", expires_at="2024-01-05T10:00:00Z"),
        consent("cyd", "Consent Given", "2024-01-01T10:00:00Z"),
    )
    shop.now("2024-01-02")
    shop.define("may mail", "consent email for marketing is given")
    shop.evaluate("2024-01-03")
    shop.evaluate("2024-01-20")
    assert shop.current("may mail") == ["cyd"]
    assert shop.last_change("may mail", "ada") == (False, "2024-01-06T00:00:00.000+01:00", "time")
    assert shop.last_change("may mail", "ben") == (False, "2024-01-05T11:00:00.000+01:00", "time")


def test_somebody_enters_and_leaves_by_moving(shop: Simulation) -> None:
    shop.say("ada", "2023-01-01", city="Brno")
    shop.define("in prague", "near (50.08, 14.43) within 30 km")
    shop.evaluate("2024-01-02")
    shop.say("ada", "2024-01-03T10:00", city="Praha")
    shop.evaluate("2024-01-05")
    assert shop.last_change("in prague", "ada") == (True, "2024-01-03T10:00:00.000+01:00", "data")


def test_an_area_that_is_drawn_anew_is_a_new_definition(shop: Simulation, tmp_path: Path) -> None:
    def draw(east: int) -> None:
        ring = [[14, 50], [east, 50], [east, 51], [14, 51], [14, 50]]
        path = tmp_path / "area.geojson"
        path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), encoding="utf-8")
        shop.workspace.areas.add("delivery", path)

    shop.say("ada", "2023-01-01", latitude=50.5, longitude=14.5)
    shop.say("ben", "2023-01-01", latitude=50.5, longitude=16.5)
    draw(15)
    shop.define("ours", "inside area 'delivery'")
    shop.evaluate("2024-01-02")
    assert shop.current("ours") == ["ada"]
    shop.now("2024-01-04T10:00")
    draw(17)
    shop.evaluate("2024-01-09")
    assert shop.current("ours") == ["ada", "ben"]
    assert shop.last_change("ours", "ben") == (True, "2024-01-04T10:00:00.000+01:00", "definition")
