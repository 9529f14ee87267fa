"""Why is somebody near, inside an area, or asked: the facts behind these conditions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from intarsia.errors import UserError
from intarsia.language.catalog import Trait
from intarsia.language.interpret import Explanation, explain
from intarsia.language.meaning.areas import AreaVersion, NamedArea
from intarsia.language.meaning.consents import CONFIRMED, GIVEN, WITHDRAWN
from intarsia.language.meaning.facts import Fact, Person
from tests.language.asking import CATALOG, defined, fact, is_in, question, said

AREA = NamedArea("centre", (AreaVersion(0, "[[[[0,0],[2,0],[2,2],[0,2],[0,0]]]]"),))
PLACES = replace(
    CATALOG,
    traits={**CATALOG.traits, **{(name,): Trait((name,)) for name in ("latitude", "longitude")}},
    areas={"centre": AREA},
    consents=frozenset({("email", "marketing")}),
)


def why(text: str, *facts: Fact) -> Explanation:
    return explain(defined(text, PLACES), Person("ada", facts), question())


def consent(name: str, at: str = "2024-05-01", **properties: Any) -> Fact:
    return fact("track", name, at, {"channel": "email", "purpose": "marketing", **properties}, id=f"{name} {at}")


def test_a_distance_is_told_in_metres() -> None:
    found = why("near (0, 0) within 200 km", said(latitude=1, longitude=0))
    assert found.holds
    assert found.facts == {"latitude": "1", "longitude": "0", "metres": "111195"}
    assert why("near (0, 0) within 200 km", said(city="x")).facts == {
        "latitude": None,
        "longitude": None,
        "metres": None,
    }


def test_an_area_is_told_with_the_point() -> None:
    found = why("inside area 'centre'", said(latitude="2", longitude=0.5))
    assert found.holds
    assert found.facts == {"latitude": "2", "longitude": "0.5", "area": "centre"}


def test_a_consent_is_told_with_the_message_that_decides_and_its_end() -> None:
    given, confirmed = consent(GIVEN, double_opt_in=True, expires_at="2024-06-01"), consent(CONFIRMED, "2024-05-02")
    found = why("consent email for marketing is given", given, confirmed)
    assert found.holds
    assert found.facts == {
        "state": "given",
        "event": {"id": confirmed.id, "name": CONFIRMED, "occurred_at": "2024-05-01T22:00:00.000Z"},
        "expires": "2024-06-01",
    }
    assert why("consent email for marketing is unknown", given).facts["state"] == "pending"
    assert why("consent email for marketing is unknown", said()).facts == {
        "state": "unknown",
        "event": None,
        "expires": None,
    }
    ended = why("consent email for marketing is given", consent(GIVEN, expires_at="2024-05-14"))
    assert (ended.holds, ended.facts["state"]) == (False, "expired")


def test_a_grant_whose_end_cannot_be_read_has_ended() -> None:
    # The record refuses such a message; one that came before it did must not count as a grant.
    for expires in ("soon", 7, ["2030-01-01"], {"day": "2030-01-01"}, True):
        assert not is_in("consent email for marketing is given", consent(GIVEN, expires_at=expires), catalog=PLACES)
    assert is_in("consent email for marketing is withdrawn", consent(WITHDRAWN, expires_at="soon"), catalog=PLACES)


def test_places_and_consents_are_no_conditions_on_events() -> None:
    for text in ("near (0, 0) within 5 km", "inside area 'centre'", "consent email for marketing is given"):
        with pytest.raises(UserError) as caught:
            defined(f"did order where ({text})", PLACES)
        assert caught.value.code == "language.not-in-where"
