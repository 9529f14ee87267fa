"""Values that SQL reads by itself and values that it cannot: both read as the language says (rules 8-15)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from intarsia.language import tree
from tests.engine.shop import Shop, order, said, track


def test_a_profile_id_is_compared_like_every_text(tmp_path: Path) -> None:
    ids = ("علي", "Žofie", "İpek", "7.0", "0.0000005", "1234567890123456.5", "2024-02-29", "2024-02-29T10:00")
    shop = Shop(tmp_path, [said(who, a=1) for who in ids])
    assert shop.who("profile = 'علی'") == {"علي"}
    assert shop.who("profile in ('ŽOFIE', 'IPEK') ignoring case") == {"Žofie", "İpek"}
    assert shop.who("profile starts with 'žof'") == {"Žofie"}
    assert shop.who("profile = 7") == {"7.0"}
    assert shop.who("profile = 0") == {"0.0000005"}
    assert shop.who("profile > 1234567890123456") == {"1234567890123456.5"}
    assert shop.who("profile in this year") == {"2024-02-29", "2024-02-29T10:00"}


NAMES = ("*", "", "**", "$", "#", "a.b", "[0]", 'a"b', "a\\b", "a'b", "/", "~1", "0", "\x01", "ключ")


def test_a_name_may_be_any_sign(tmp_path: Path) -> None:
    others = {f"other {number}": "x" for number in range(3)}
    messages = [said("ada", **dict.fromkeys(NAMES, "x"), **others), said("ben", **{name: ["x"] for name in NAMES})]
    messages += [said("cyd", **{name: {name: "X"} for name in NAMES}), said("dan", **others)]
    messages += [track("dan", "Seen", "2024-05-01", **dict.fromkeys(NAMES, "x"))]
    shop = Shop(tmp_path, messages)
    is_x = tree.Compare("=", tree.Text("x"))
    for name in NAMES:
        path = tree.Path((name,))
        assert shop.who(tree.Test(path, is_x)) == {"ada"}, name
        assert shop.who(tree.Test(path, tree.Has("one", (tree.Text("x"),)))) == {"ben"}, name
        assert shop.who(tree.Test(tree.Path((name, name)), is_x, ignoring_case=True)) == {"cyd"}, name
        assert shop.who(tree.Did(tree.Event(("Seen",)), tree.Test(path, is_x))) == {"dan"}, name
        assert shop.who(tree.Test(path, tree.Is("known"))) == {"ada", "ben", "cyd"}, name


ABOVE_ZERO: dict[str, Any] = {
    "24 digits": "9" * 24,
    "1 after zeros": "0" * 30 + "1",
    "rounded up": "0.0000015",
    "20 digits": 12345678901234567890,
    "least": 0.000001,
    "Persian": "۷",
}
NOT_ABOVE_ZERO: dict[str, Any] = {
    "25 digits": "9" * 25,
    "60 digits": "9" * 60,
    "half of the least": "0.0000005",
    "exponent": "1e3",
    "truth": True,
    "list": [7],
}


def test_what_reads_as_a_number_does_so_as_a_trait_as_a_property_and_on_a_line(tmp_path: Path) -> None:
    messages = []
    for who, value in (ABOVE_ZERO | NOT_ABOVE_ZERO).items():
        messages += [said(who, size=value), track(who, "Seen", "2024-05-01", size=value)]
        messages.append(order(who, "2024-05-01", {"size": value, "sku": value, "quantity": 1}))
    shop = Shop(tmp_path, messages)
    rules = ["size > 0", 'did "Seen" where (size > 0)', "did order where (size > 0)", "did order where (sku > 0)"]
    for rule in [*rules, "max(order.lines.sku) > 0", 'max("Seen".size) > 0']:
        assert shop.who(rule) == ABOVE_ZERO.keys(), rule


def test_a_time_in_a_lines_text_is_a_time(tmp_path: Path) -> None:
    messages = [order("ada", "2024-05-01", {"sku": "2024-02-29T10:00"}), order("ben", "2024-05-01", {"sku": "x"})]
    shop = Shop(tmp_path, messages)
    assert shop.who("did order where (sku before 2024-02-29T10:01)") == {"ada"}
    assert shop.who("did order where (sku before 2024-02-29T10:00)") == set()


def test_a_list_on_a_line_is_asked_with_has(tmp_path: Path) -> None:
    messages = [
        order("ada", "2024-05-01", {"category": ["coats", "hats"], "tags": ["new"]}),
        order("ben", "2024-05-01", {"category": "coats", "tags": "new"}),
    ]
    shop = Shop(tmp_path, messages)
    assert shop.who("did order where (category has 'coats')") == {"ada"}
    assert shop.who("did order where (category has 'COATS' ignoring case and tags has 'new')") == {"ada"}
    assert shop.who("did order where (category = 'coats')") == {"ben"}


def test_a_name_inside_an_object_that_nobody_described_is_read(tmp_path: Path) -> None:
    deep = {"a": {"b": {"c": {"d": {"e": "x"}}}}}
    shop = Shop(
        tmp_path,
        [said("ada", deep=deep), track("ben", "Seen", "2024-05-01", deep=deep), said("cyd", a=1)],
        is_loose=False,
    )
    path = tree.Path(("deep", "a", "b", "c", "d", "e"))
    is_x = tree.Test(path, tree.Compare("=", tree.Text("x")))
    assert shop.world.catalog.trait(path.names) is None
    assert shop.who(is_x) == {"ada"}
    assert shop.who(tree.Did(tree.Event(("Seen",)), is_x)) == {"ben"}


def test_patterns_see_lines_as_re2_does(tmp_path: Path) -> None:
    shop = Shop(tmp_path, [said("ada", note="a\nb"), said("ben", note="ab"), said("cyd", note="A-B")])
    assert shop.who("note matches 'a.b'") == set()
    assert shop.who("note matches 'b$'") == {"ada", "ben"}
    assert shop.who("note matches '^b'") == set()
    assert shop.who("note matches '(?i)a-b'") == {"cyd"}
