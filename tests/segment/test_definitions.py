"""Definitions in the store: names, versions that are only added, and who names whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from intarsia.segment.definitions import (
    LONGEST_NAME,
    BadName,
    Definitions,
    InUse,
    NameTaken,
    NoSuchSegment,
    in_dependency_order,
)
from intarsia.store.store import Store


def add(definitions: Definitions, name: str, text: str, at: int = 1) -> None:
    definitions.add(name, text, segment_id=f"id-{name}", at=at)


def texts(definitions: Definitions) -> dict[str, str]:
    return {definition.name: definition.text for definition in definitions.all()}


def test_a_segment_has_its_text_as_it_was_written(definitions: Definitions) -> None:
    add(definitions, "buyers", "did   order -- anybody", at=7)
    found = definitions.get("buyers")
    assert (found.text, found.version, found.created_at) == ("did   order -- anybody", 1, 7)
    assert found.to_json() == {
        "name": "buyers",
        "id": "id-buyers",
        "kind": "rule",
        "version": 1,
        "definition": "did   order -- anybody",
    }


def test_an_edit_adds_a_version_and_keeps_the_one_before(definitions: Definitions) -> None:
    add(definitions, "buyers", "did order", at=1)
    definitions.edit("buyers", "never order", at=5)
    assert definitions.get("buyers").text == "never order"
    kept = [(version.version, version.text, version.created_at) for version in definitions.versions("buyers")]
    assert kept == [(1, "did order", 1), (2, "never order", 5)]


def test_an_edit_that_changes_nothing_adds_no_version(definitions: Definitions) -> None:
    add(definitions, "buyers", "did order")
    assert definitions.edit("buyers", "did order", at=5).version == 1


def test_segments_come_by_name(definitions: Definitions) -> None:
    for name in ("c", "a", "b"):
        add(definitions, name, "everyone")
    assert [definition.name for definition in definitions.all()] == ["a", "b", "c"]


def test_a_name_is_given_once(definitions: Definitions) -> None:
    add(definitions, "buyers", "did order")
    with pytest.raises(NameTaken):
        definitions.add("buyers", "never order", segment_id="another", at=2)
    assert texts(definitions) == {"buyers": "did order"}


@pytest.mark.parametrize(
    "name", ["", " buyers", "buyers ", "a\nb", "a\rb", "a\u2028b", "a\0b", "x" * (LONGEST_NAME + 1)], ids=repr
)
def test_a_name_that_cannot_be_read_off_a_line_is_refused(definitions: Definitions, name: str) -> None:
    with pytest.raises(BadName):
        add(definitions, name, "everyone")
    add(definitions, "good", "everyone")
    with pytest.raises(BadName):
        definitions.rename("good", name, at=2)


@pytest.mark.parametrize("name", ["did order", "everyone", "nobody", "city = 'Brno'", "Never Order", "(did order)"])
def test_a_name_that_reads_as_a_definition_is_refused(definitions: Definitions, name: str) -> None:
    with pytest.raises(BadName, match="it reads as a definition itself") as caught:
        add(definitions, name, "everyone")
    assert caught.value.hint() == "choose a name that says who they are, such as `buyers`"
    add(definitions, "good", "everyone")
    with pytest.raises(BadName):
        definitions.rename("good", name, at=2)


def test_any_other_name_will_do(definitions: Definitions) -> None:
    for name in ("مشتریان وفادار", "o'brien", "100 %", "x" * LONGEST_NAME):
        add(definitions, name, "everyone")
        assert definitions.get(name).name == name


def test_an_unknown_name_is_refused_with_the_nearest(definitions: Definitions) -> None:
    add(definitions, "buyers", "did order")
    for ask in (definitions.get, definitions.versions, partial(definitions.remove, at=2)):
        with pytest.raises(NoSuchSegment) as caught:
            ask("buyrs")
        assert caught.value.hint() == "the nearest is `buyers`"
    with pytest.raises(NoSuchSegment) as caught:
        definitions.edit("something else", "everyone", at=2)
    assert caught.value.hint() == "`intarsia segment list` shows those that there are"


# --- new names


def test_a_new_name_stands_in_those_that_name_it_and_all_else_stays_as_written(definitions: Definitions) -> None:
    add(definitions, "buyers", "did order")
    text = (
        "city = 'buyers'  and not in   segment\n'buyers' -- the 'buyers'\n or in segment 'other' or in segment 'buyers'"
    )
    add(definitions, "other", "everyone")
    add(definitions, "child", text)
    changed = definitions.rename("buyers", "o'brien's", at=9)
    renamed = "'o''brien''s'"
    expected = (
        f"city = 'buyers'  and not in   segment\n{renamed} -- the 'buyers'\n"
        f" or in segment 'other' or in segment {renamed}"
    )
    assert texts(definitions) == {"o'brien's": "did order", "other": "everyone", "child": expected}
    assert [(item.name, item.version) for item in changed] == [("o'brien's", 1), ("child", 2)]
    assert definitions.get("child").created_at == 9
    definitions.rename("o'brien's", "buyers", at=10)
    assert texts(definitions)["child"] == text


def test_a_segment_keeps_its_id_under_a_new_name(definitions: Definitions) -> None:
    add(definitions, "buyers", "did order")
    definitions.rename("buyers", "customers", at=2)
    assert definitions.get("customers").segment_id == "id-buyers"


def test_the_same_name_again_changes_nothing(definitions: Definitions) -> None:
    add(definitions, "buyers", "did order")
    add(definitions, "child", "in segment 'buyers'")
    assert definitions.rename("buyers", "buyers", at=2) == []
    assert definitions.get("child").version == 1


def test_a_name_that_another_has_is_refused_and_nothing_changes(definitions: Definitions) -> None:
    add(definitions, "buyers", "did order")
    add(definitions, "taken", "everyone")
    add(definitions, "child", "in segment 'buyers'")
    before = texts(definitions)
    with pytest.raises(NameTaken):
        definitions.rename("buyers", "taken", at=2)
    assert texts(definitions) == before


# --- removal


def test_a_segment_that_others_name_stays(definitions: Definitions) -> None:
    add(definitions, "buyers", "did order")
    add(definitions, "child", "top 10 by income among (in segment 'buyers')")
    add(definitions, "mover", "entered segment 'buyers' in last 7 days")
    with pytest.raises(InUse, match="`child`, `mover`"):
        definitions.remove("buyers", at=3)
    definitions.remove("child", at=3)
    definitions.remove("mover", at=3)
    definitions.remove("buyers", at=3)
    assert definitions.all() == []


def test_a_version_that_is_no_longer_in_force_holds_nobody_back(definitions: Definitions) -> None:
    add(definitions, "buyers", "did order")
    add(definitions, "child", "in segment 'buyers'")
    definitions.edit("child", "everyone", at=2)
    definitions.remove("buyers", at=3)
    assert texts(definitions) == {"child": "everyone"}


def test_a_segment_that_is_gone_is_gone_for_everybody_and_its_name_is_free(definitions: Definitions) -> None:
    add(definitions, "buyers", "did order")
    definitions.remove("buyers", at=3)
    assert definitions.all() == []
    [kept] = definitions.all_versions()
    for ask in (definitions.get, definitions.versions, partial(definitions.remove, at=4)):
        for name in ("buyers", kept.name):
            with pytest.raises(NoSuchSegment):
                ask(name)
    definitions.add("buyers", "never order", segment_id="id-2", at=5)
    found = definitions.get("buyers")
    assert (found.version, found.text) == (1, "never order")
    definitions.remove("buyers", at=6)
    assert {version.text for version in definitions.all_versions()} == {"did order", "never order"}


# --- order


def test_those_that_are_named_come_before_those_that_name_them(definitions: Definitions) -> None:
    add(definitions, "a", "in segment 'c' and in segment 'd'")
    add(definitions, "b", "everyone")
    add(definitions, "c", "in segment 'd'")
    add(definitions, "d", "everyone")
    add(definitions, "e", "in segment 'gone'")
    ordered = in_dependency_order({definition.name: definition for definition in definitions.all()})
    assert [definition.name for definition in ordered] == ["d", "c", "a", "b", "e"]


def test_a_ring_has_an_order_too(definitions: Definitions) -> None:
    add(definitions, "a", "in segment 'b'")
    add(definitions, "b", "in segment 'a'")
    ordered = in_dependency_order({definition.name: definition for definition in definitions.all()})
    assert {definition.name for definition in ordered} == {"a", "b"}


# --- two at once


def test_edits_at_the_same_time_each_get_a_version(definitions: Definitions, tmp_path: Path) -> None:
    add(definitions, "buyers", "did order")

    def edit(who: int) -> None:
        with Store(tmp_path / "store.sqlite") as own:
            for number in range(10):
                Definitions(own).edit("buyers", f"age >= {who * 100 + number}", at=number)

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(edit, range(3)))
    assert [version.version for version in definitions.versions("buyers")] == list(range(1, 32))
