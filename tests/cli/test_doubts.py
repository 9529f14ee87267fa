"""What can find nobody although its names are known is said, never answered with nothing in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

import intarsia
from tests.cli.running import AT, run

pytestmark = pytest.mark.usefixtures("shop")


def doubts(definition: str) -> list[str]:
    """What is said of a definition, in the order of its text; the same in JSON and beside the answer."""
    said = run("segment", "count", definition, *AT)
    found = run("segment", "count", definition, *AT, "--json").json()["doubts"]
    messages = [doubt["message"] for doubt in found]
    assert [line for line in said.speech.splitlines()[1:] if line in messages] == messages
    return messages


@pytest.mark.parametrize(
    ("definition", "messages"),
    [
        ("company = 'X' and income > 100", ["nobody has `company` yet", "nobody has `income` yet"]),
        ("age > 3", ["nobody has `age` yet: it is worked out from `birth_date`"]),
        ("anniversary(birth_date) in next 7 days", ["nobody has `birth_date` yet"]),
        ("company is known and company != 'X'", ["nobody has `company` yet"]),
        ("did signup or never signup", ["no event `Signed Up` ever came"]),
        ("did view where (category = 'coats')", ["no event `Product Viewed` ever came"]),
        ("sum(order.cost) > 5", ["no event `Order Completed` that came has `cost`"]),
        ("did order where (coupon = 'A')", ["no event `Order Completed` that came has `coupon`"]),
        ("top 1 by sum(order.tax) among (age > 3)", [
            "no event `Order Completed` that came has `tax`",
            "nobody has `age` yet: it is worked out from `birth_date`",
        ]),
        ("first order had (has line (sku = 'A'))", ["no event `Order Completed` that came has `sku`"]),
        ("did refund where (total > 1)", ["no event `Order Refunded` ever came"]),
        ("country = 'CZ' and city = 'Praha' and climate = 'Cfb' and country_code in ('CZ', 'PL')", []),
        ("did any order and did order where (total > 1 and category = 'x') and sum(order.gross) > 1", []),
        ("did any event where (event_name = 'x' and coupon is unknown)", []),
        ("profile = 'ada' and near (50, 14) within 9 km and everyone", []),
        ("country_code = 'cz'", ["`country_code` is never 'cz'; the nearest is 'CZ'"]),
        ("country_code in ('CZ', 'Polska', 'Nowhere')", [
            "`country_code` is never 'Polska'; the nearest is 'PL'",
            "`country_code` is never 'Nowhere'",
        ]),
        ("climate = 'cfb'", ["`climate` is never 'cfb'; the nearest is 'Cfb'"]),
        ("climate = 'cfb' ignoring case", []),
    ],
)  # fmt: skip
def test_a_count_says_what_can_find_nobody(definition: str, messages: list[str]) -> None:
    assert doubts(definition) == messages


def test_once_a_value_came_nothing_is_said_any_more() -> None:
    run("word", "declare", "shoe_size", "--kind", "number")
    assert doubts("shoe_size > 40") == ["nobody has `shoe_size` yet"]
    more('{"id": "ada", "shoe_size": 41, "weight": 70, "birth_date": "1990-02-28", "vip": true}')
    assert doubts("shoe_size > 40 and age > 3 and generation = 'millennial' and vip = 'true'") == []
    assert doubts("weight = 'big' or birth_date = '28.2.1990' or age = 'old' or vip = 'yes'") == [
        "`weight` is never 'big': each of its values is a number",
        "`birth_date` is never '28.2.1990': each of its values is a date",
        "`age` is never 'old': each of its values is a number",
        "`vip` is never 'yes': each of its values is true or false",
    ]
    assert doubts("generation in ('Boomer', 'x')") == ["`generation` is never 'Boomer'; the nearest is 'boomer'"]


def test_a_value_of_another_kind_that_came_may_be_asked_for(shop: Path) -> None:
    with intarsia.open(shop) as ws:
        ws.record([
            {"type": "identify", "messageId": person, "userId": person, "traits": {"birth_date": birth}}
            for person, birth in (("ada", "1990-02-28"), ("ben", "28.2.1990"))
        ])  # fmt: skip
    assert doubts("birth_date = '28.2.1990'") == []
    assert run("segment", "members", "birth_date = '28.2.1990'").answer == "ben\n"


def test_a_value_recorded_under_the_name_of_a_derived_trait_may_be_asked_for() -> None:
    more('{"id": "ada", "generation": "Boomer", "climate": "mild"}')
    assert doubts("generation = 'Boomer' and climate = 'mild'") == []
    assert run("segment", "members", "generation = 'Boomer'").answer == "ada\n"


def test_an_order_that_was_cancelled_has_a_status_though_none_was_sent(shop: Path) -> None:
    assert doubts("did any order where (status = 'cancelled')") == ["no event `Order Completed` that came has `status`"]
    with intarsia.open(shop) as ws:
        cancelled = {"type": "track", "event": "Order Cancelled", "userId": "ada", "messageId": "c1"}
        ws.record([{**cancelled, "timestamp": "2026-09-15T10:00:00Z", "properties": {"order_id": "A-1"}}])
    assert doubts("did any order where (status = 'cancelled')") == []


def more(*lines: str) -> None:
    """People's traits, one JSON object a line."""
    Path("more.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run("source", "load", "more.jsonl", "--as", "profiles").status == 0


@pytest.mark.parametrize("words", [("check",), ("members",), ("count",), ("add", "x")])
def test_whoever_looks_at_a_definition_says_it_beside_the_answer(words: tuple[str, ...]) -> None:
    said = run("segment", *words, "income > 100")
    assert said.status == 0
    assert "nobody has `income` yet" in said.speech.splitlines()


def test_it_is_said_in_json_with_its_place() -> None:
    run("segment", "add", "rich", "everyone")
    expected = {
        "code": "no-values",
        "message": "nobody has `income` yet",
        "position": {"start": 0, "end": 6, "text": "income > 100"},
    }
    for words in (("edit", "rich"), ("add", "x"), ("check",), ("members",), ("count",)):
        assert run("segment", *words, "income > 100", "--json").json()["doubts"] == [expected], words
    assert run("segment", "show", "rich", "--json").json()["doubts"] == [expected]
    assert run("segment", "check", "income > and", "--json").answer.count('"doubts": []') == 1
    assert "nobody has `income` yet" in run("segment", "edit", "rich", "income > 200").speech


def test_names_with_values_are_offered_first_and_the_others_say_that_they_have_none() -> None:
    found = run("segment", "complete", "c", "--json").json()
    assert [item["text"] for item in found[:3]] == ["city", "climate", "coldest_month_mean_temperature"]
    blank = {item["text"]: "no values yet" in item["explanation"] for item in found}
    assert (blank["country"], blank["company"], blank["children"]) == (False, True, True)
    names = [item["text"] for item in found]
    assert names.index("count(") < names.index("children")
    order = {item["text"]: item["explanation"] for item in run("segment", "complete", "did ", "--json").json()}
    assert "no values yet" not in order["order"]
    assert order["signup"].endswith("; no values yet")
    properties = run("segment", "complete", "sum(order.", "--json").json()
    assert {item["text"] for item in properties if "no values yet" not in item["explanation"]} == {
        "category", "gross", "lines", "order_id", "price", "quantity", "total",
    }  # fmt: skip


def test_words_that_are_built_in_are_listed_where_they_are_asked_for() -> None:
    plain, full = run("word", "list", "--json").json(), run("word", "list", "--all", "--json").json()
    assert full[: len(plain)] == plain
    names = {(word["scope"], word["word"]): word["seen"] for word in full}
    assert len(names) == len(full)
    assert (names["trait", "city"], names["trait", "income"], names["event", "Signed Up"]) == (1, 0, 0)
    assert names["line", "Order Completed.lines.sku"] == 0


# --- values


def test_the_values_of_a_word_are_listed_most_frequent_first() -> None:
    assert run("word", "values", "order.category").answer.splitlines() == [
        "value  lines", "coats      1", "hats       1",
    ]  # fmt: skip
    found = run("word", "values", "Order Completed.lines.price", "--limit", "1", "--json").json()
    assert (found["values"], found["distinct"], found["kept_back"]) == ([{"value": "450", "count": 1}], 2, 0)
    assert run("word", "values", "order.total", "--json").json()["values"][0] == {"value": "1800", "count": 1}
    assert run("word", "values", "citty", "--json").error()["code"] == "record.unknown-word"


def test_what_few_people_have_is_kept_back_where_it_is_personal() -> None:
    said = run("word", "values", "city")
    assert (said.answer, "Praha" in said.speech) == ("", False)
    assert "1 are kept back" in said.speech
    assert run("word", "values", "city", "--rare").answer.splitlines() == ["value  people", "Praha       1"]
    assert run("word", "values", "country_code", "--rare", "--json").json()["values"] == [
        {"value": "CZ", "count": 1}, {"value": "PL", "count": 1},
    ]  # fmt: skip
    many = [f'{{"id": "p{n}", "city": "Brno", "tier": "gold", "interests": ["ski", "golf"]}}' for n in range(5)]
    more(*many)
    assert run("word", "values", "city", "--json").json()["values"] == [{"value": "Brno", "count": 5}]
    assert run("word", "values", "tier", "--json").json()["values"] == [{"value": "gold", "count": 5}]
    assert run("word", "values", "interests", "--json").json()["values"] == [
        {"value": "golf", "count": 5}, {"value": "ski", "count": 5},
    ]  # fmt: skip
