"""Previews as a command: the estimate first, then the exact number."""

from __future__ import annotations

import pytest

from tests.cli.running import AT, run

pytestmark = pytest.mark.usefixtures("shop")


def test_the_estimate_comes_before_the_exact_number() -> None:
    said = run("segment", "preview", "did order", *AT)
    assert said.answer.splitlines() == [
        "about 2 of 3 people (95 %: 2 to 2), by 3 who were asked",
        "2 of 3 people, exactly",
    ]
    assert said.speech.startswith("as of 2026-09-30T22:00:00.000Z, ")


def test_without_an_estimate_it_says_why() -> None:
    said = run("segment", "preview", "top 1 by count(order)", *AT)
    assert said.answer.splitlines() == ["no estimate: a rank looks at everybody", "1 of 3 people, exactly"]


def test_several_definitions_are_each_named() -> None:
    said = run("segment", "preview", "country = 'CZ'", "country = 'PL'", *AT)
    assert [block.splitlines()[0] for block in said.answer.split("\n\n")] == ["country = 'CZ'", "country = 'PL'"]


def test_the_json_says_all_of_each_and_the_number_is_that_of_a_count() -> None:
    texts = ("did order", "count(order) > 1", "country is unknown")
    found = run("segment", "preview", *texts, *AT, "--json").json()
    assert [one["definition"] for one in found] == list(texts)
    assert [one["size"] for one in found] == [
        run("segment", "count", text, *AT, "--json").json()["size"] for text in texts
    ]
    assert found[0]["estimate"] == {"size": 2, "low": 2, "high": 2, "sample_size": 3, "in_sample": 2}
    assert found[0]["no_estimate"] is None


def test_a_mistake_is_told_with_its_place() -> None:
    said = run("segment", "preview", "did order", "citty = 'x'", *AT)
    assert said.status == 2
    assert "2 of 3 people, exactly" in said.answer
    assert "^^^^^" in said.speech
