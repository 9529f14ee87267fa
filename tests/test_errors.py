"""An error is said whole in the reader's language: its sentence, and the words of ours that fill the gaps."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from intarsia.analysis.rfm_definition import RfmDefinition
from intarsia.errors import Phrase, UserError, one_of, phrase
from intarsia.lake.fit import refuse_misfits
from intarsia.lake.guard import refuse_all_but_reading
from intarsia.lake.schemas import PROFILES
from intarsia.language import check, parse
from intarsia.language.assist.check_at import check_at
from intarsia.language.checking.named import Named, NamedSegments, Version
from intarsia.language.problems.checking import SegmentInvalid
from intarsia.source import Options
from intarsia.source.faults import NotReadable
from intarsia.source.opening import find_form
from intarsia.source.planning import plan
from intarsia.source.readers.json_lines import JsonLinesTable
from intarsia.source.rows import Broken
from intarsia.speech import translator
from intarsia.workspace import Workspace
from scripts.fuzz.run import changed, pieces, seeds
from tests.language.test_check import CATALOG
from tests.persian import left_in_english
from tests.record.shop import identify, order, shop

# --- phrases


class Refused(UserError):
    """An error of these tests."""

    code = "test.refused"
    says = "no {what}: {reason}"
    advises = "take {what}"


def loud(words: str) -> str:
    """A language of readers in which everything but gaps is in capital letters."""
    parts = words.replace("}", "{").split("{")
    return "".join(f"{{{part}}}" if place % 2 else part.upper() for place, part in enumerate(parts))


def test_a_phrase_that_fills_a_gap_is_said_in_the_readers_language_and_a_name_is_not() -> None:
    error = Refused(what=phrase("more than {most} {unit}", most=5, unit="days"), reason="disk full")
    assert (str(error), error.hint()) == ("no more than 5 days: disk full", "take more than 5 days")
    assert error.message(loud) == "NO MORE THAN 5 days: disk full"
    assert error.hint(loud) == "TAKE MORE THAN 5 days"


def test_phrases_and_errors_may_lie_inside_each_other() -> None:
    inner = Refused(what=phrase("bread"), reason="closed")
    outer = Refused(what=phrase("{first} and {other}", first=phrase("jam"), other="tea"), reason=inner)
    assert str(outer) == "no jam and tea: no bread: closed"
    assert outer.message(loud) == "NO JAM AND tea: NO BREAD: closed"


def test_the_next_step_of_the_place_comes_before_that_of_the_class() -> None:
    error = Refused(what="x", reason="y", next_step=phrase("go {where}", where="home"))
    assert (error.hint(), error.hint(loud)) == ("go home", "GO home")
    assert Refused(what="x", reason="y", next_step=None).hint() == "take x"


@pytest.mark.parametrize(
    ("items", "said"),
    [("", None), ("a", "a"), ("ab", "a or b"), ("abc", "a, b or c"), ("abcd", "a, b, c or d")],
)
def test_one_of_several_is_said_with_or_before_the_last(items: str, said: str | None) -> None:
    found = one_of(items)
    assert (None if found is None else str(found)) == said


def test_alternatives_are_joined_as_the_language_joins_them() -> None:
    found = one_of([phrase("a trait"), "`x`", "`y`"])
    assert found is not None
    assert found.said(translator("fa").gettext) == "ویژگی، `x` یا `y`"
    assert found.said(translator("pl").gettext) == "cecha, `x` lub `y`"


# --- definitions


def test_of_texts_changed_at_random_no_error_is_half_in_english() -> None:
    texts, parts = seeds(), pieces()
    met = set()
    for seed in range(600):
        chance = random.Random(seed)
        for problem in check_at(changed(chance.choice(texts), parts, chance), None, CATALOG).problems:
            met.add(problem.code)
            assert left_in_english(problem, *NAMES_OF_CATALOG) == [], seed
    assert len(met) > 20


NAMES_OF_CATALOG = [*(".".join(names) for names in CATALOG.traits), "EUR CZK order view total coupon path seen"]


@pytest.mark.parametrize(
    ("language", "text", "message", "hint"),
    [
        ("en", "(age > 3", "the bracket is opened here and never closed", "write `)` where it ends"),
        ("en", "age >", "expected a value: a 'text', a number, a date, `true` or `false`, found the end", None),
        ("pl", "did order where total > 5",
         "oczekiwano: `(`: warunek po `where` stoi tu w nawiasie; jest: `total`", None),
        ("ru", "sum(order.coupon) > 5", "`sum`: нужны числа, а `order.coupon` — не число (тип: текст)",
         "используйте `count`, `distinct`, `first` или `last`"),
        ("cs", "income in last 30 days", "`in last 30 days` nelze použít na `income`, což je peněžní částka",
         "použijte `=`, `<`, `>` nebo `between` s čísly"),
        ("fa", "top 10% by city", "افراد را بر پایهٔ `city` نمی‌توان رتبه‌بندی کرد (متن)", None),
        ("fa", "birth_date = 5", "`= 5` را دربارهٔ `birth_date` نمی‌توان پرسید (تاریخ)",
         "`in last 30 days`، `before 2026-01-31` یا شرط زمانی دیگری (تاریخ‌ها بدون علامت نقل‌قول) به کار ببرید"),
    ],
)  # fmt: skip
def test_a_problem_of_a_definition_is_said_whole(language: str, text: str, message: str, hint: str | None) -> None:
    with pytest.raises(UserError) as refused:
        check(parse(text), CATALOG, text)
    say = translator(language).gettext
    assert refused.value.message(say) == message
    assert hint is None or refused.value.hint(say) == hint


def test_what_is_wrong_with_a_segment_that_is_named_is_said_in_the_readers_language() -> None:
    def broken() -> None:
        check(parse("shoe_size > 40"), CATALOG)

    named = NamedSegments({"x": Named((Version(0, broken),))})  # type: ignore[arg-type]
    with pytest.raises(SegmentInvalid) as refused:
        named.content("x", named["x"].versions[0])
    assert str(refused.value) == "the segment `x` is invalid: no trait is called `shoe_size`"
    assert refused.value.message(translator("ru").gettext) == "в сегменте `x` ошибка: нет признака с именем `shoe_size`"
    assert left_in_english(refused.value) == []


# --- the other stages

Asks = Callable[[Workspace], object]
RFM: dict[str, Any] = {
    "version": 0,
    "window_days": 365,
    "counting": "orders",
    "currency": "EUR",
    "reference": 0,
    "created_at": 0,
}
EDGES = {f"{name}_edges": (1, 2, 3, 4) for name in ("recency", "frequency", "monetary")}


@pytest.mark.parametrize(
    ("ask", "english", "names"),
    [
        (lambda ws: ws.segments.add(" x", "everyone"),
         "a segment cannot be called ` x`: "
         "it is empty, too long, or has blanks or breaks where they cannot be seen", ""),
        (lambda ws: ws.segments.add_template("young"),
         "the template `young` needs the trait `age`, which this workspace does not have: "
         "nobody has `birth_date` or `age`", ""),
        (lambda ws: ws.segments.add_template("loyal"),
         "the template `loyal` needs the event `Order Completed`, which this workspace does not have: "
         "none was recorded", ""),
        (lambda ws: (ws.correct_word("income", kind="list"), ws.segments.add_template("high-income")),
         "the template `high-income` needs something, which this workspace does not have: "
         "`>= 100000` cannot be asked of `income`, which is a list", ""),
        (lambda ws: ws.identity.declare("a b", "x", "text"),
         "`a b` cannot be declared: a name is 1 to 40 letters, digits and `_`", ""),
        (lambda ws: ws.identity.declare("card2", "", "text"), "`card2` cannot be declared: no trait is named", ""),
        (lambda ws: ws.identity.declare("card2", "x", "digit"),
         "`card2` cannot be declared: a form is one of digits, text, email, phone, code; the nearest is digits",
         "digits text email phone code"),
        (lambda ws: ws.declare_word("Order Completed", short="sale"),
         "`sale` cannot be the short name of `Order Completed`: it has the short name `order`, which stays", ""),
        (lambda ws: ws.declare_word("Order Shipped", scope="event", short="where"),
         "`where` cannot be the short name of `Order Shipped`: "
         "it is a word of the language, or would have to stand in quotes", ""),
        (lambda ws: ws.declare_word("Order Shipped", scope="event", short="order"),
         "`order` cannot be the short name of `Order Shipped`: `Order Completed` is called so", ""),
        (lambda ws: ws.rates.record([(date(2026, 1, 1), "CZK", 1)], source="x"),
         "1 is no rate of CZK on 2026-01-01; nothing was recorded", "CZK"),
        (lambda _: RfmDefinition(**{**RFM, **EDGES, "window_days": 0}),
         "RFM cannot be counted so: its window is 0 days", ""),
        (lambda _: RfmDefinition(**{**RFM, **EDGES, "counting": "weeks"}),
         "RFM cannot be counted so: it counts 'weeks'", ""),
        (lambda _: RfmDefinition(**{**RFM, **EDGES, "monetary_edges": (4, 3, 2, 1)}),
         "RFM cannot be counted so: its edges are 4, 3, 2, 1", ""),
        (lambda _: refuse_all_but_reading(duckdb.connect(), "select 1; select 2"),
         "this query is not allowed: it is 2 statements and has to be one", ""),
        (lambda _: refuse_all_but_reading(duckdb.connect(), "select * from read_csv('x')"),
         "this query is not allowed: the table function `read_csv` is not for queries", ""),
    ],
)  # fmt: skip
def test_every_stage_says_its_errors_whole(tmp_path: Path, ask: Asks, english: str, names: str) -> None:
    with shop(tmp_path) as ws:
        ws.record([identify("m1", "ada", {"city": "Praha", "income": 5})])
        with pytest.raises(UserError) as refused:
            ask(ws)
    assert str(refused.value) == english
    assert left_in_english(refused.value, names) == []


def test_a_template_says_which_property_no_event_has(tmp_path: Path) -> None:
    with shop(tmp_path) as ws:
        ws.record([order("m1", {"sku": "x"}, who="ada")])
        with pytest.raises(UserError) as refused:
            ws.segments.add_template("promotion")
    assert str(refused.value).endswith("the property `coupon`, which this workspace does not have: "
                                       "no event that came in has it")  # fmt: skip
    assert left_in_english(refused.value) == []


@pytest.mark.parametrize(
    ("columns", "difference"),
    [
        (["profile_no"], "the column `profile_id` is missing"),
        (["profile_no", "profile_id", "first_recorded_at", "x"], "the column `x` is not one of the table's"),
        (["profile_id", "profile_no", "first_recorded_at"], "the columns are in another order: profile_id, profile_no"),
        (["profile_no", "profile_id", "first_recorded_at"], "the column `profile_no` is null and has to be int64"),
    ],
)
def test_rows_that_do_not_fit_a_table_are_told_whole(columns: list[str], difference: str) -> None:
    with pytest.raises(Exception, match=difference) as refused:
        refuse_misfits(PROFILES, pa.table({name: pa.nulls(1) for name in columns}))
    assert left_in_english(refused.value, *columns) == []  # type: ignore[arg-type]


def test_a_file_that_is_something_else_is_told_whole(tmp_path: Path) -> None:
    path = tmp_path / "array.json"
    path.write_text("[1, 2]", encoding="utf-8")
    with pytest.raises(NotReadable, match="it is one JSON array; write one object a line") as refused:
        find_form(path, Options())
    assert left_in_english(refused.value) == []
    path.write_text("id,city\n1,Oslo\n", encoding="utf-8")
    with pytest.raises(UserError, match="is delimited text") as refused_shape:
        plan(path, shape="messages")
    assert left_in_english(refused_shape.value) == []


def test_the_reason_of_a_line_that_is_no_object_is_said_whole(tmp_path: Path) -> None:
    path = tmp_path / "lines.json"
    path.write_text('{"a": 1}\n{"a": NaN}\n[]\n', encoding="utf-8")
    reasons = [item.reason for item in JsonLinesTable(path, "utf-8").rows() if isinstance(item, Broken)]
    assert [reason.sentence() for reason in reasons] == [
        "the line is no JSON object: NaN is no JSON",
        "the line is no JSON object: it is something else",
    ]
    assert [reason.sentence(translator("cs").gettext) for reason in reasons] == [
        "řádek není objekt JSON: NaN není JSON",
        "řádek není objekt JSON: je to něco jiného",
    ]


def test_plain_words_may_be_a_phrase_without_gaps() -> None:
    assert Phrase("the end") == phrase("the end")
