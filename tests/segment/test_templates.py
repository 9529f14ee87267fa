"""Ready definitions: all of them can be read, and each refuses a workspace that lacks what it asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.language import check, parse, show
from intarsia.segment.definitions import NameTaken
from intarsia.segment.templates import TEMPLATES, NoSuchTemplate, Template, TemplateLacksField, template
from tests.membership.simulated import Simulation, simulation


@pytest.mark.parametrize("item", TEMPLATES, ids=lambda item: item.name)
def test_a_template_is_a_text_of_the_language_in_its_canonical_form(item: Template, shop: Simulation) -> None:
    shop.say("ada", income=10, children=1, birth_date="1990-01-01", country="CZ")
    assert show(parse(item.text)) == item.text
    assert check(parse(item.text), shop.workspace.catalog(), item.text)


def test_templates_have_names_of_their_own_and_say_what_they_mean() -> None:
    assert len({item.name for item in TEMPLATES}) == len({item.text for item in TEMPLATES}) == len(TEMPLATES)
    assert all(item.title and item.meaning for item in TEMPLATES)
    assert template("loyal").to_json()["definition"] == "did order in last 6 months"


def test_an_unknown_template_is_refused_with_the_nearest(shop: Simulation) -> None:
    with pytest.raises(NoSuchTemplate) as caught:
        shop.workspace.segments.add_template("loyl")
    assert "`loyal`" in str(caught.value.hint())


def test_a_template_becomes_a_segment_under_its_name_or_another(shop: Simulation) -> None:
    segments = shop.workspace.segments
    assert segments.add_template("loyal").name == "loyal"
    assert segments.add_template("loyal", "faithful").text == template("loyal").text
    assert segments.members("faithful") == ["ada"]
    with pytest.raises(NameTaken):
        segments.add_template("loyal")


def test_a_workspace_without_orders_has_no_loyal_customers(tmp_path: Path) -> None:
    with simulation(tmp_path / "empty") as empty:
        with pytest.raises(TemplateLacksField, match="the event `Order Completed`"):
            empty.workspace.segments.add_template("loyal")
        assert empty.workspace.segments.all() == []


@pytest.mark.parametrize(
    ("name", "lacking"),
    [
        ("young", "`age`"),
        ("boomers", "`generation`"),
        ("high-income", "`income`"),
        ("with-children", "`children`"),
    ],
)
def test_a_template_says_which_trait_is_lacking(shop: Simulation, name: str, lacking: str) -> None:
    with pytest.raises(TemplateLacksField, match=lacking):
        shop.workspace.segments.add_template(name)


def test_a_derived_trait_is_there_when_one_of_its_sources_is(shop: Simulation) -> None:
    shop.say("ada", birth_date="1999-05-05")
    assert shop.workspace.segments.add_template("young").name == "young"
    assert shop.workspace.segments.members("young") == ["ada"]
    assert shop.workspace.segments.add_template("cold-climate").name == "cold-climate"


def test_a_template_says_which_property_is_lacking(tmp_path: Path) -> None:
    with simulation(tmp_path / "plain") as plain:
        plain.order("ada", "2024-01-01T00:00")
        with pytest.raises(TemplateLacksField, match="the property `coupon`"):
            plain.workspace.segments.add_template("promotion")
        plain.order("ada", "2024-01-01T00:00", coupon="X")
        assert plain.workspace.segments.add_template("promotion").name == "promotion"


def test_the_templates_about_orders_count_the_right_people(shop: Simulation) -> None:
    segments = shop.workspace.segments
    expected = {
        "loyal": ["ada"],
        "new": ["ada"],
        "one-time": ["ben"],
        "rare": ["ada", "ben"],
        "big-spenders": ["ben"],
        "promotion": [],
        "at-risk": [],
        "lapsed": ["ben"],
        "never-bought": ["eva"],
    }
    assert {name: segments.members(segments.add_template(name).name) for name in expected} == expected
