"""The page of the language lists every name that is built in, and every value of traits that have certain ones only."""

from __future__ import annotations

import re

import pytest

from intarsia.profile.climate import CLASSES
from intarsia.profile.derived import GENERATIONS
from intarsia.profile.vocabulary import STANDARD_TRAITS
from intarsia.record.vocabulary import SHIPPED
from tests.frame.reading import ROOT

PAGE = (ROOT / "docs" / "reference" / "language.md").read_text(encoding="utf-8")
TABLE = PAGE[PAGE.index("| built in |") : PAGE.index("`profile` is the id")]
VALUES = PAGE[PAGE.index("| `generation` |") : PAGE.index("## Tests")]


def test_every_built_in_trait_is_in_the_table_and_no_other() -> None:
    listed = set(re.findall(r"`([a-z_]+)`", TABLE.split("| events |")[0]))
    assert listed == {name for path in STANDARD_TRAITS for name in path}


@pytest.mark.parametrize("event", [event for event in SHIPPED.values() if event.short or event.name.islower()])
def test_every_built_in_event_with_a_plain_name_is_in_the_table(event: object) -> None:
    assert f"`{getattr(event, 'short', None) or getattr(event, 'name', '')}`" in TABLE


def test_the_values_of_generation_and_climate_are_on_the_page() -> None:
    for name, first, last in GENERATIONS:
        assert re.search(rf"`'{name}'` \((born )?{first}-{last}\)", VALUES), name
    listed = set(re.findall(r"`'([A-Z][A-Za-z]{1,2})'`", VALUES))
    spans = {"Df": "abcd", "Ds": "abcd", "Dw": "abcd"}
    assert listed | {f"{begin}{third}" for begin, thirds in spans.items() for third in thirds} >= set(CLASSES) - {""}
