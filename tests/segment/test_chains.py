"""Segments may rest on each other, but not without end."""

from __future__ import annotations

from pathlib import Path

import pytest

import intarsia
from intarsia.language import Checked, check, parse
from intarsia.language.catalog import Catalog
from intarsia.language.interpret import Crowd, Question
from intarsia.language.interpret.crowd import CHAIN_MOST, ChainTooLong
from intarsia.language.meaning.facts import Fact, Person


def test_a_chain_of_segments_has_a_limit_on_both_back_ends(tmp_path: Path) -> None:
    with intarsia.create(tmp_path / "shop", clock=lambda: 1_800_000_000_000) as ws:
        ws.segments.add("s0", "everyone")
        for number in range(1, CHAIN_MOST + 1):
            ws.segments.add(f"s{number}", f"in segment 's{number - 1}'")
        assert ws.segments.count(f"s{CHAIN_MOST - 1}").size == 0
        with pytest.raises(ChainTooLong):
            ws.segments.count(f"s{CHAIN_MOST}")
        catalog = ws.catalog()
        checked = {item.name: check(parse(item.text), catalog) for item in ws.segments.all()}
    assert crowd(catalog, checked).segment(f"s{CHAIN_MOST - 1}") == {"ada"}
    with pytest.raises(ChainTooLong):
        crowd(catalog, checked).segment(f"s{CHAIN_MOST}")


def crowd(catalog: Catalog, checked: dict[str, Checked]) -> Crowd:
    ada = Person("ada", (Fact("1", "identify", "identify", 1, 1),))
    return Crowd(catalog, [ada], Question(1_800_000_000_000), segments=checked)
