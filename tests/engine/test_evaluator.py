"""One question, many definitions: segments that name segments, derived traits, relations that are made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.language import parse
from intarsia.language.interpret import SegmentLoop
from tests.engine.shop import Shop, instant, message, order, said, track

PEOPLE = [
    said("ada", country="CZ", city="Praha", birth_date="1990-05-16"),
    said("ben", country="PL", birth_date="1990-05-15"),
    said("cyd", country="Iran", age=5),
    order("ada", total=100),
    order("cyd", total=50),
    track("dan", "Product Viewed", "2024-05-01"),
]


def test_a_segment_may_name_segments_that_name_others(tmp_path: Path) -> None:
    segments = {
        "buyers": "did order",
        "czech": "country = 'CZ' or country = 'PL'",
        "both": "in segment 'buyers' and in segment 'czech'",
    }
    shop = Shop(tmp_path, PEOPLE)
    assert shop.who("in segment 'both'", segments=segments) == {"ada"}
    assert shop.who("in segment 'czech' and not in segment 'both'", segments=segments) == {"ben"}
    assert shop.who("top 1 by sum(order.total) among (not in segment 'both')", segments=segments) == {"cyd"}


def test_segments_that_name_each_other_in_a_circle_are_refused_and_shown(tmp_path: Path) -> None:
    with Shop(tmp_path, PEOPLE).world.ask(instant("2024-05-15"), None) as asked:
        for name in ("a", "b", "c"):
            asked.define(name, parse("everyone"))
        asked.define("a", parse("in segment 'b'"))
        asked.define("b", parse("in segment 'c' or did order"))
        asked.define("c", parse("not in segment 'b'"))
        for ask in (asked.by_engine, asked.by_interpreter):
            with pytest.raises(SegmentLoop, match="b → c → b"):
                ask(parse("in segment 'a'"))
        assert asked.by_engine(parse("did order")) == {"ada", "cyd"}


def test_one_evaluator_answers_many_questions_about_derived_traits(tmp_path: Path) -> None:
    shop = Shop(tmp_path, PEOPLE)
    rules = ["age = 34", "age = 33", "climate is known", "generation = 'millennial' and age > 33"]
    rules += ["country_code = 'IR'", "age = 5", "in segment 'grown'"]
    with shop.world.ask(instant("2024-05-15"), None) as asked:
        asked.define("grown", parse("age >= 18 and region is known"))
        answers = [set(asked.by_engine(parse(rule))) for rule in [*rules, *rules]]
        assert answers == [asked.by_interpreter(parse(rule)) for rule in [*rules, *rules]]
    assert answers[:2] == [{"ben"}, {"ada"}]
    assert answers[3:7] == [{"ben"}, {"cyd"}, {"cyd"}, {"ada"}]


def test_a_birthday_comes_at_midnight_of_the_workspaces_zone(tmp_path: Path) -> None:
    shop = Shop(tmp_path, PEOPLE)
    assert shop.who("age = 34", at="2024-05-15T23:59:59.999") == {"ben"}
    assert shop.who("age = 34", at="2024-05-16T00:00") == {"ada", "ben"}


def test_everyone_is_whoever_was_known_by_then(tmp_path: Path) -> None:
    guest = {**order("x", total=5), "userId": None, "context": {"guest": True}}
    shop = Shop(tmp_path, [*PEOPLE, guest, message("eve", "page", "2024-05-20", name="home")])
    with shop.world.ask(instant("2024-05-15"), None) as asked:
        assert asked.evaluator.everyone() == len(asked.base()) == 4
    assert shop.who("everyone", at="2024-05-21") == {"ada", "ben", "cyd", "dan", "eve"}
    with shop.world.ask(instant("2024-05-15"), instant("2024-05-09")) as asked:
        assert asked.evaluator.everyone() == 0
        assert asked.by_engine(parse("not nobody")) == set()


def test_nobody_has_traits_that_nobody_was_asked_for(tmp_path: Path) -> None:
    with Shop(tmp_path, PEOPLE).world.ask(instant("2024-05-15"), None) as asked:
        assert asked.evaluator.traits([]).num_rows == 0
        found = asked.evaluator.traits(["city", "country"]).to_pydict()["traits"]
    assert sorted(found) == ['{"city":"Praha","country":"CZ"}', '{"country":"Iran"}', '{"country":"PL"}']
