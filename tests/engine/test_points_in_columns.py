"""Near a point and inside an area, from columns, as the interpreter and SQL answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from intarsia.engine.columns.derivation import Derivation
from intarsia.engine.columns.grown import Grown
from intarsia.engine.columns.of_facts import FactColumns
from intarsia.engine.columns.values import Array
from intarsia.engine.live.arriving import Arrivals
from intarsia.engine.live.live import Live
from intarsia.language import check, parse
from intarsia.language.catalog import Catalog, Kind, Trait
from intarsia.language.checking.named import Named, Version
from intarsia.language.interpret.question import Question
from intarsia.language.meaning.areas import AreaVersion, NamedArea
from intarsia.language.meaning.facts import Fact, Person
from intarsia.profile.derived import derive, sources
from tests.engine.by_columns import everybody
from tests.engine.shop import Shop, instant, said
from tests.engine.test_places import CENTRE, PACIFIC, with_areas

PEOPLE = [
    said("ada", latitude="50.08", longitude="14.43"),
    said("ben", city="Praha"),
    said("cyd", city="Praha", latitude=49.2, longitude=16.6),
    said("dan", latitude=50.08, longitude="14.43"),
    said("eve", latitude=50.08),
    said("gus", latitude=95, longitude=14.43),
    said("hal", latitude=50.08, longitude=194.43),
    said("ivy", latitude="north", longitude=14.43, city="Praha"),
    said("joe", latitude=3, longitude="-175"),
    said("kim", latitude=50.05, longitude=14.4),
    said("lea", latitude="1" + "0" * 30, longitude=14.4),
]
RULES = (
    "near (50.08, 14.43) within 5 km",
    "not near (50.08, 14.43) within 5 km",
    "near (50.08, 14.43) within 20016 km",
    "inside area 'centre'",
    "inside area 'pacific' or near (49.2, 16.6) within 0.1 km",
)


@pytest.mark.parametrize("text", RULES)
def test_columns_say_where_people_are(tmp_path: Path, text: str) -> None:
    shop = with_areas(Shop(tmp_path, PEOPLE), centre=CENTRE, pacific=PACIFIC)
    with shop.world.ask(instant("2024-05-06T12:00"), None) as asked:
        answers, _ = everybody(asked)
        members = answers.members(check(parse(text), asked.catalog))
        found = frozenset(asked.names[number] for number in np.flatnonzero(members).tolist())
        assert found == asked.by_interpreter(parse(text)) == asked.by_engine(parse(text))
        assert found
        assert not answers.fallen_back


@pytest.mark.parametrize(("known", "expected"), [("2024-05-11", {"kim"}), ("2024-05-14", {"joe"})])
def test_an_area_is_as_it_was_known_to_be(tmp_path: Path, known: str, expected: set[str]) -> None:
    shop = Shop(tmp_path, [one for one in PEOPLE if one["userId"] in ("joe", "kim")])
    drawn = (AreaVersion(instant("2024-04-01"), CENTRE), AreaVersion(instant("2024-05-13"), PACIFIC))
    shop.world.catalog = replace(shop.world.catalog, areas={"ours": NamedArea("ours", drawn)})
    with shop.world.ask(instant("2024-05-15"), instant(known)) as asked:
        answers, _ = everybody(asked)
        members = answers.members(check(parse("inside area 'ours'"), asked.catalog))
        assert {asked.names[number] for number in np.flatnonzero(members).tolist()} == expected


def place(fact_id: str, at: int, **traits: str) -> Fact:
    return Fact(fact_id, "identify", "", at, at, properties=traits)


def test_who_moves_is_elsewhere_at_once() -> None:
    degrees = {name: Trait((name,), Kind.NUMBER) for name in ("latitude", "longitude")}
    catalog, now = Catalog(traits={(name,): trait for name, trait in degrees.items()}), 1_790_000_000_000
    rule, derivation = check(parse("near (50.08, 14.43) within 5 km"), catalog), Derivation(derive, sources)
    begin = FactColumns(
        [Person("ada", (place("1", now, latitude="50.08", longitude="14.43"),))], Question(now), catalog, derivation
    )
    columns = Grown(lambda: begin, ["ada"], derivation, now)

    def never(name: str) -> Array:
        raise AssertionError(name)

    live = Live(columns, {"ada": 0}, {"near": Named((Version(0, lambda: rule),))}, answer=never, arrivals=Arrivals())

    def says(fact_id: str, at: int, **traits: str) -> list[int]:
        live.take([("ada", place(fact_id, at, **traits))], at)
        found: list[int] = np.flatnonzero(live.members["near"]).tolist()
        return found

    assert np.flatnonzero(live.members["near"]).tolist() == [0]
    assert says("2", now + 1, latitude="49.08") == []
    assert says("3", now + 2, latitude="50.081") == [0]
