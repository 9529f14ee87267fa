"""Words that people declare before any data bring them, and what they say of those that came."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.errors import UserError
from intarsia.language import check, parse
from intarsia.language.catalog import Family, Kind
from intarsia.record.words import label_of, read_label
from intarsia.workspace import Workspace
from tests.persian import left_in_english
from tests.record.shop import identify, order, shop, track


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return shop(tmp_path)


def refusal(ws: Workspace, name: str, **said: object) -> str:
    with pytest.raises(UserError) as caught:
        ws.declare_word(name, **said)
    assert {word.label for word in ws.words()} == set(), "nothing was kept"
    assert left_in_english(caught.value) == []
    return f"{caught.value.code}: {caught.value.message()}"


def test_declared_names_may_be_used_in_rules_at_once(ws: Workspace) -> None:
    ws.declare_word("shoe_size", kind="number", family="psychographic", is_personal=True)
    ws.declare_word("job.title", kind="text")
    ws.declare_word("Order Shipped", short="shipped")
    ws.declare_word("Order Shipped.carrier", kind="text")
    ws.declare_word("shipped.weight", kind="number")
    ws.declare_word("Order Completed.coupon_value", kind="money")
    ws.declare_word("order.lines.colour", kind="text")
    ws.segments.add("all", "shoe_size > 40 and job.title = 'x' and did shipped where (carrier = 'dpd' and weight > 5)")
    ws.segments.add("lines", "did order where (has line (colour = 'red') and coupon_value > 5)")
    catalog = ws.catalog()
    trait = catalog.traits["shoe_size",]
    assert (trait.kind, trait.family, trait.is_personal) == (Kind.NUMBER, Family.PSYCHOGRAPHIC, True)
    shipped = catalog.event("shipped")
    assert shipped is not None
    assert (shipped.name, set(shipped.properties)) == ("Order Shipped", {("carrier",), ("weight",)})
    assert [(word.label, word.scope, word.kind.value, word.short, word.seen) for word in ws.words()] == [
        ("Order Completed.coupon_value", "event", "money", None, 0),
        ("Order Shipped.carrier", "event", "text", None, 0),
        ("Order Shipped.weight", "event", "number", None, 0),
        ("Order Shipped", "event", "any", "shipped", 0),
        ("Order Completed.lines.colour", "line", "text", None, 0),
        ("job.title", "trait", "text", None, 0),
        ("shoe_size", "trait", "number", None, 0),
    ]


def test_what_was_declared_stays_when_data_come(ws: Workspace) -> None:
    ws.declare_word("shoe_size", kind="number")
    ws.declare_word("Order Shipped", short="shipped")
    ws.record([identify("m1", "ada", {"shoe_size": "big"}), track("m2", "ada", "Order Shipped", {"carrier": "dpd"})])
    found = {word.label: word for word in ws.words()}
    assert (found["shoe_size"].kind, found["shoe_size"].seen, found["shoe_size"].unfit) == (Kind.NUMBER, 1, 1)
    assert (found["Order Shipped"].short, found["Order Shipped"].seen) == ("shipped", 1)
    assert ws.segments.members("did shipped where (carrier = 'dpd')") == ["ada"]


def test_more_may_be_said_of_a_word_that_is_known(ws: Workspace) -> None:
    ws.record([identify("m1", "ada", {"city": "Praha"})])
    ws.declare_word("city", is_personal=False)
    ws.declare_word("city", family="behavioural")
    [word] = ws.words()
    assert (word.kind, word.family, word.is_personal, word.seen) == (Kind.TEXT, "behavioural", False, 1)
    assert not ws.catalog().traits["city",].is_personal


def test_a_short_name_that_was_changed_goes_on_meaning_its_event(ws: Workspace) -> None:
    ws.record([track("m1", "ada", "Order Shipped", {"carrier": "dpd"}), track("m2", "ben", "Parcel Sent", {})])
    ws.declare_word("Order Shipped", short="shipped")
    ws.segments.add("b", "did shipped where (shipped.carrier = 'dpd')")
    ws.declare_word("Order Shipped", short="sent")
    assert ws.declare_word("shipped", short="posted").short == "posted"
    assert {word.label: word.short for word in ws.words()}["Order Shipped"] == "posted"
    assert ws.segments.members("b") == ws.segments.members("did posted") == ["ada"]
    assert ws.declare_word("Order Shipped", short="shipped").short == "shipped"


def test_a_short_name_that_a_definition_ever_said_is_given_to_no_other_event(ws: Workspace) -> None:
    ws.declare_word("Order Shipped", short="shipped")
    ws.declare_word("Order Shipped", short="sent")
    ws.segments.add("b", "did sent")
    ws.segments.edit("b", 'did "Order Shipped"')
    ws.declare_word("Order Shipped", short="posted")
    with pytest.raises(UserError, match="definitions of `b` mean `Order Shipped` by it") as caught:
        ws.declare_word("Parcel Sent", short="sent")
    assert left_in_english(caught.value) == []
    ws.segments.remove("b")
    with pytest.raises(UserError, match="mean `Order Shipped` by it"):
        ws.declare_word("Parcel Sent", short="sent")
    ws.declare_word("Parcel Sent", short="shipped")
    assert ws.catalog().event("shipped") == ws.catalog().event("Parcel Sent")


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("Order Shipped", {"short": "order"}, "record.bad-short-name: `order` cannot be the short name"),
        ("Order Shipped", {"short": "order"}, "`Order Completed` is called so"),
        ("Order Shipped", {"short": "page"}, "`page` is called so"),
        ("Order Shipped", {"short": "since"}, "a word of the language"),
        ("Order Shipped", {"short": "two words"}, "in quotes"),
        ("Order Shipped", {"short": ""}, "in quotes"),
        ("Order Completed", {"short": "purchase"}, "it has the short name `order`, which stays"),
        ("Order Shipped.carrier", {"short": "carrier"}, "only events have short names"),
        ("city", {"short": "c", "scope": "trait"}, "only events have short names"),
        ("Order Completed.coupon", {"family": "behavioural"}, "record.no-family"),
        ("Order Shipped", {"scope": "event", "kind": "text"}, "an event is of no kind"),
        ("Order Shipped.lines.sku", {"scope": "line"}, "is written Order Completed.lines.colour"),
        ("order.lines", {"scope": "line"}, "is written Order Completed.lines.colour"),
        ('"open', {}, "record.bad-word"),
        ("a..b", {}, "record.bad-word"),
        ("", {}, "record.bad-word"),
        (" ", {}, "record.bad-word"),
        ("a.b.c.d.e.f.g", {}, "too deep"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(ws: Workspace, name: str, said: dict[str, object], told: str) -> None:
    assert told in refusal(ws, name, **said)


def test_a_name_with_a_dot_is_told_from_one_inside_an_object(ws: Workspace) -> None:
    ws.record([identify("m1", "ada", {"a.b": "flat", "a": {"b": 7}}), order("m2", {"sku": "x"}, who="ben")])
    found = {word.label: (word.path, word.kind) for word in ws.words() if word.scope == "trait"}
    assert found == {
        '"a.b"': (("a.b",), Kind.TEXT),
        "a": (("a",), Kind.OBJECT),
        "a.b": (("a", "b"), Kind.NUMBER),
    }
    ws.correct_word('"a.b"', kind="number")
    assert {word.label: word.kind for word in ws.words() if word.is_corrected} == {'"a.b"': Kind.NUMBER}
    assert ws.segments.members("a.b = 7 and \"a.b\" = 'flat'") == ["ada"]


def test_a_name_that_is_a_trait_and_a_property_needs_its_scope(ws: Workspace) -> None:
    ws.record([identify("m1", "ada", {"Quiz": {"score": 1}}), track("m2", "ada", "Quiz", {"score": 2})])
    with pytest.raises(UserError) as caught:
        ws.correct_word("Quiz.score", kind="text")
    assert caught.value.code == "record.several-words"
    assert caught.value.message() == "`Quiz.score` may be an event or its property or a trait"
    assert caught.value.hint() == "say which is meant: `--scope event`"
    assert left_in_english(caught.value) == []
    ws.correct_word("Quiz.score", kind="text", scope="trait")
    assert {(word.scope, word.kind) for word in ws.words() if word.label == "Quiz.score"} == {
        ("trait", Kind.TEXT),
        ("event", Kind.NUMBER),
    }


@pytest.mark.parametrize("names", [("a",), ("a", "b"), ("a.b",), ('say "hi"', "x y"), ('"', "."), ("رنگ",)])
def test_labels_are_read_as_they_are_written(names: tuple[str, ...]) -> None:
    assert read_label(label_of(names)) == names


def test_two_paths_never_share_what_was_noted_of_them(ws: Workspace) -> None:
    ws.record([identify("m1", "ada", {"a\x1fb": "ŽLUTÁ", "a": {"b": "MODRÁ"}, "a\x1e1b": "ČERNÁ"})])
    for rule, size in (
        ("a.b = 'modrá' ignoring case", 1),
        ("a.b = 'žlutá' ignoring case", 0),
        ("\"a\x1fb\" = 'žlutá' ignoring case", 1),
        ("\"a\x1e1b\" = 'černá' ignoring case", 1),
    ):
        assert ws.segments.count(rule).size == size


def test_the_standard_time_zone_of_a_person_is_known_before_any_data(ws: Workspace) -> None:
    check(parse("timezone = 'Europe/Prague' and place_timezone is known"), ws.catalog())
    assert not ws.catalog().traits["timezone",].is_derived
