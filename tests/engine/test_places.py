"""Near a point and inside an area (rule 42), on both back ends."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from intarsia.errors import UserError
from intarsia.language import check, parse, tree
from intarsia.language.meaning.areas import AreaVersion, NamedArea
from tests.engine.shop import Shop, instant, said

CENTRE = "[[[[14.4,50.05],[14.5,50.05],[14.5,50.1],[14.4,50.1],[14.4,50.05]]]]"
PACIFIC = "[[[[170,-10],[190,-10],[190,10],[170,10],[170,-10]]]]"


def with_areas(shop: Shop, **areas: str) -> Shop:
    """The same shop, where these areas can be named."""
    named = {name: NamedArea(name, (AreaVersion(instant("2024-05-01"), text),)) for name, text in areas.items()}
    shop.world.catalog = replace(shop.world.catalog, areas=named)
    return shop


def test_people_are_where_their_coordinates_say_or_else_in_their_city(tmp_path: Path) -> None:
    people = [
        said("ada", latitude="50.08", longitude="14.43"),
        said("ben", city="Praha"),
        said("cyd", city="Praha", latitude=49.2, longitude=16.6),
        said("dan", address={"city": "Praha", "latitude": 50.081, "longitude": 14.431}),
        said("eve", latitude=50.08),
        said("fay", city="Nowhere at all"),
        said("gus", latitude=95, longitude=14.43),
        said("hal", latitude=50.08, longitude=194.43),
        said("ivy", latitude="north", longitude=14.43, city="Praha"),
    ]
    shop = Shop(tmp_path, people)
    assert shop.who("near (50.08, 14.43) within 5 km") == {"ada", "ben", "dan", "ivy"}
    assert shop.who("near (50.08, 14.43) within 0.2 km") == {"ada", "dan"}
    assert shop.who("near (50.08, 14.43) within 20016 km") == {"ada", "ben", "cyd", "dan", "ivy"}
    assert shop.who("not near (50.08, 14.43) within 5 km") == {"cyd", "eve", "fay", "gus", "hal"}


def test_the_edge_is_inside_and_distances_are_whole_metres(tmp_path: Path) -> None:
    # One degree of a great circle is 111,195.08 m, so 0.001 degrees are 111.195 m, which is rounded to 111.
    people = [said("ada", latitude=0.001, longitude=0), said("ben", latitude=0, longitude="-0.001")]
    shop = Shop(tmp_path, people)
    assert shop.who("near (0, 0) within 0.111 km") == {"ada", "ben"}
    assert shop.who("near (0, 0) within 0.110999 km") == set()


def test_near_reaches_across_the_antimeridian_and_over_the_pole(tmp_path: Path) -> None:
    people = [
        said("ada", latitude=-17, longitude="-179.9"),
        said("ben", latitude=-17, longitude="179.9"),
        said("cyd", latitude=89.9, longitude=-90),
    ]
    shop = Shop(tmp_path, people)
    assert shop.who("near (-17, 179.95) within 20 km") == {"ada", "ben"}
    assert shop.who("near (89.9, 90) within 23 km") == {"cyd"}


def test_an_area_holds_its_border_and_reaches_across_the_antimeridian(tmp_path: Path) -> None:
    people = [
        said("ada", latitude=50.05, longitude=14.4),
        said("ben", city="Praha"),
        said("cyd", latitude=50.049999, longitude=14.4),
        said("dan", latitude=3, longitude="-175"),
        said("eve", latitude=3, longitude="179.9"),
        said("fay", latitude=3, longitude="-169.999999"),
    ]
    shop = with_areas(Shop(tmp_path, people), centre=CENTRE, pacific=PACIFIC)
    assert shop.who("inside area 'centre'") == {"ada", "ben"}
    assert shop.who("inside area 'pacific'") == {"dan", "eve"}
    assert shop.who("not inside area 'pacific' and not inside area 'centre'") == {"cyd", "fay"}


def test_a_question_sees_the_area_that_was_known(tmp_path: Path) -> None:
    shop = Shop(tmp_path, [said("ada", latitude=50.06, longitude=14.45), said("ben", latitude=0, longitude=180)])
    versions = (AreaVersion(instant("2024-05-01"), CENTRE), AreaVersion(instant("2024-05-12"), PACIFIC))
    catalog = replace(shop.world.catalog, areas={"x": NamedArea("x", versions)})
    shop.world.catalog = catalog
    rule = parse("inside area 'x'")
    for known_at, expected in ((None, "ben"), ("2024-05-12", "ben"), ("2024-05-11", "ada")):
        with shop.world.ask(instant("2024-05-15"), None if known_at is None else instant(known_at)) as asked:
            assert (asked.by_engine(rule), asked.by_interpreter(rule)) == (frozenset((expected,)),) * 2


def test_where_people_are_is_asked_as_of_the_question(tmp_path: Path) -> None:
    people = [said("ada", "2024-01-01", city="Praha"), said("ada", "2024-05-01", city="Brno")]
    shop = Shop(tmp_path, people)
    assert shop.who("near (50.08, 14.43) within 20 km", "2024-04-30") == {"ada"}
    assert shop.who("near (50.08, 14.43) within 20 km", "2024-05-02") == set()
    assert shop.who("near (49.19, 16.6) within 20 km", "2024-05-02") == {"ada"}


def test_places_stand_beside_other_conditions_and_inside_ranks_and_segments(tmp_path: Path) -> None:
    people = [said("ada", city="Praha", score=1), said("ben", city="Praha", score=5), said("cyd", city="Brno", score=9)]
    shop = Shop(tmp_path, people)
    segments = {"here": "near (50.08, 14.43) within 20 km"}
    assert shop.who("in segment 'here' and score > 2", segments=segments) == {"ben"}
    assert shop.who("top 1 by score among (near (50.08, 14.43) within 20 km)") == {"ben"}
    assert shop.who("near (49.19, 16.6) within 20 km or near (50.08, 14.43) within 20 km and score = 1") == {
        "ada",
        "cyd",
    }


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("inside area 'centr'", "language.unknown-area", "the nearest is `centre`"),
        ("consent emial for marketing is given", "language.unknown-consent", "email for marketing"),
    ],
)
def test_unknown_areas_and_consents_are_refused_with_the_nearest(
    tmp_path: Path, text: str, code: str, hint: str
) -> None:
    shop = with_areas(Shop(tmp_path, [said("ada")]), centre=CENTRE)
    catalog = replace(shop.world.catalog, consents=frozenset({("email", "marketing"), ("sms", "service")}))
    with pytest.raises(UserError) as caught:
        check(parse(text), catalog, text)
    assert caught.value.code == code
    assert hint in (caught.value.hint() or "")
    assert caught.value.span is not None
    empty = replace(catalog, areas={}, consents=frozenset())
    with pytest.raises(UserError) as caught:
        check(parse(text), empty, text)
    assert "intarsia " in (caught.value.hint() or "")


def test_a_tree_that_names_no_place_on_earth_is_refused(tmp_path: Path) -> None:
    catalog = Shop(tmp_path, [said("ada")]).world.catalog
    for latitude, longitude, kilometres in ((91, 0, 1), (0, 181, 1), (0, 0, 0)):
        with pytest.raises(UserError) as caught:
            check(tree.Near(Decimal(latitude), Decimal(longitude), Decimal(kilometres)), catalog)
        assert caught.value.code == "language.off-the-globe"
