"""What SQL is made of: nothing but the words of the code, with every text of a definition in a parameter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random

import duckdb
import pytest

import intarsia.engine.sql
from intarsia.engine.sql.fractions import TOO_LARGE
from intarsia.engine.sql.queries import rows_of, source, with_tables
from intarsia.engine.sql.scope import ORDER, STATEMENTS
from intarsia.engine.sql.words import (
    FUNCTIONS,
    Bindings,
    Sql,
    any_of,
    call,
    cast,
    column,
    compare,
    floor_divided,
    integer,
    numeral,
    text,
)
from intarsia.errors import Bug
from intarsia.language import check, show, tree
from tests.engine.populations import random_population
from tests.engine.rules import Rules
from tests.engine.shop import Shop, instant, order, said, track
from tests.engine.world import Asked, World

OUR_TEXTS = frozenset(
    (
        *("", "ARRAY", "OBJECT", "NULL", "BIGINT", "UBIGINT", "HUGEINT", "DOUBLE", "cancelled", "0x", "0000"),
        *(ORDER, *STATEMENTS, TOO_LARGE, "given", "withdrawn", "pending"),
        *(r"\.?0+$", r"-?[0-9]{1,15}(\.[0-9]{1,6})?", "[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    )
)
"""The texts that stand in SQL as they are."""


# --- parameters


def test_equal_values_share_a_parameter_and_a_number_is_no_truth() -> None:
    bindings = Bindings()
    bound = [bindings.bind(value) for value in ("a", 1, True, "a", ["a"], ["a"], ["b"], 1)]
    assert bound == ["$p1", "$p2", "$p3", "$p1", "$p4", "$p4", "$p5", "$p2"]
    assert bindings.values == {"p1": "a", "p2": 1, "p3": True, "p4": ["a"], "p5": ["b"]}


# --- what may be said


@pytest.mark.parametrize("name", ["read_csv", "getenv", "pragma_version", "copy", "count(*) from t; drop table"])
def test_a_function_that_no_question_needs_is_a_bug(name: str) -> None:
    with pytest.raises(Bug, match="a question was compiled to"):
        call(name, text("/etc/passwd"))


@pytest.mark.parametrize(
    "say",
    [
        lambda: cast(integer(1), "int); drop table t; select cast(1 as int"),
        lambda: cast(integer(1), "decimal(1, 1) or 1"),
        lambda: compare("= 1 or 1 =", integer(1), integer(2)),
        lambda: numeral("1 or 1"),
        lambda: integer("1 or 1"),  # type: ignore[arg-type]
    ],
)
def test_a_type_a_sign_and_a_number_are_what_they_have_to_be(say: Callable[[], Sql]) -> None:
    with pytest.raises((Bug, ValueError)):
        say()


def test_a_text_of_the_code_ends_where_it_ends() -> None:
    assert duckdb.execute(f"select {text(CANARIES[0])}").fetchall() == [(CANARIES[0],)]


def test_only_the_two_modules_of_words_make_sql() -> None:
    calls = re.compile(r"(?<![\w\[.])Sql\(")
    folder = Path(intarsia.engine.sql.__file__).parent
    makers = {path.name for path in folder.rglob("*.py") if calls.search(path.read_text(encoding="utf-8"))}
    assert makers == {"words.py", "queries.py"}


def test_a_query_is_written_in_the_order_of_sql() -> None:
    query = rows_of(source("people", "p")).select(column("p", "profile_no")).where(compare("<", integer(1), integer(2)))
    assert query.sql() == "select p.profile_no from people as p where 1 < 2"
    assert with_tables(query, {"a": query.sql()}).splitlines() == [
        "with a as (select p.profile_no from people as p where 1 < 2)",
        "select p.profile_no from people as p where 1 < 2",
    ]


# --- pieces


@pytest.mark.parametrize(("left", "right"), [(7, 2), (-7, 2), (-8, 2), (0, 5), (-1, 3), (6, 3)])
def test_a_quotient_is_rounded_down_below_zero_too(left: int, right: int) -> None:
    sql = floor_divided(integer(left), integer(right))
    assert duckdb.execute(f"select {sql}").fetchall() == [(left // right,)]


def test_many_parts_nest_only_a_few_brackets_deep() -> None:
    sql = any_of(compare("=", integer(number), integer(number)) for number in range(250))
    depths = [sql[:place].count("(") - sql[:place].count(")") for place in range(len(sql))]
    assert max(depths) == 8
    assert duckdb.execute(f"select {sql}").fetchall() == [(True,)]


# --- compiled questions


def _random_rules(folder: Path, count: int) -> Iterator[tuple[Asked, tree.Condition]]:
    chance = Random(7)
    population = random_population(chance)
    world = World(folder, population)
    at, known_at = population.questions[0]
    with world.ask(at, known_at) as asked:
        facts = [fact for person in asked.people for fact in person.facts]
        rules = Rules(
            chance, lambda: asked.catalog, facts=facts, values=asked.values, windows=population.windows, at=at
        )
        asked.define("loyal", rules.rule())
        for _ in range(count):
            yield asked, rules.rule()
    world.close()


def test_the_sql_of_a_rule_holds_no_text_but_that_of_the_code(tmp_path: Path) -> None:
    for asked, rule in _random_rules(tmp_path, 150):
        sql = asked.evaluator.compile(check(rule, asked.catalog)).sql
        texts, words, functions = _said(sql)
        assert texts <= OUR_TEXTS, show(rule)
        assert all(word.isascii() and word.replace("_", "").isalnum() for word in words), show(rule)
        assert functions <= FUNCTIONS | OF_SQL, show(rule)
        assert len(duckdb.extract_statements(sql)) == 1, show(rule)


OF_SQL = frozenset(("coalesce", "cast", "try_cast", "count", "sum", "min", "max", "row_number", "lead"))
"""What is called besides `FUNCTIONS`."""


def _said(sql: str) -> tuple[set[str], set[str], set[str]]:
    """The texts, the names and the functions of a statement, as DuckDB itself takes it apart."""
    found = duckdb.tokenize(sql)
    ends = [*(begin for begin, _ in found[1:]), len(sql)]
    pieces = [(sql[begin:end].strip(), kind) for (begin, kind), end in zip(found, ends, strict=True)]
    texts = {piece[1:-1] for piece, kind in pieces if kind == duckdb.token_type.string_const}
    words = {piece for piece, kind in pieces if kind == duckdb.token_type.identifier}
    calls = {
        piece for (piece, kind), (after, _) in pairwise(pieces) if after == "(" and kind == duckdb.token_type.identifier
    }
    return texts, words, calls


CANARIES = (
    "canary'; drop table lake.events; --",
    'canary" or 1=1 --',
    "canary\\'; select 1",
    "canary $p1 ? :x {x} %s",
    "canary\x01\x1f\x7f\t\n",
    "canary*/ union all select * from profiles /*",
)


@pytest.mark.parametrize("canary", CANARIES)
def test_no_name_and_no_value_of_a_definition_gets_into_the_sql(tmp_path: Path, canary: str) -> None:
    line = {"sku": canary, canary: canary}
    messages = [
        said(canary, **{canary: canary, "tags": [canary], "note": {canary: canary}}),
        track(canary, canary, "2024-05-01", **{canary: canary}),
        order(canary, "2024-05-01", line, coupon=canary),
        said("ada", **{canary: "other"}),
    ]
    shop = Shop(tmp_path, messages, order_statuses=("paid", canary))
    rule = tree.And(tuple(_rules_with(canary)))
    with shop.world.ask(instant("2024-05-15"), None) as asked:
        asked.define(canary, tree.Test(tree.Path((canary,)), _is(canary)))
        assert asked.by_engine(rule) == asked.by_interpreter(rule) == {canary}
        assert "canary" not in asked.evaluator.compile(check(rule, asked.catalog)).sql.lower()
    assert shop.who("everyone") == {canary, "ada"}


def _is(value: str) -> tree.Compare:
    return tree.Compare("=", tree.Text(value))


def _rules_with(canary: str) -> Iterator[tree.Condition]:
    own, tagged = tree.Path((canary,)), tree.Path(("tags",))
    event = tree.Event((canary,))
    yield tree.Test(own, _is(canary))
    yield tree.Test(own, tree.OneOf((tree.Text(canary), tree.Number(Decimal(1)))), ignoring_case=True)
    yield tree.Test(own, tree.TextMatch("contains", canary))
    yield tree.Not(tree.Test(own, tree.TextMatch("matches", "canary canary")))
    yield tree.Test(tagged, tree.Has("all", (tree.Text(canary),)))
    yield tree.Test(tree.Path(("note", canary)), _is(canary))
    yield tree.Test(tree.Path(("profile",)), _is(canary))
    yield tree.Did(event, tree.Test(own, _is(canary)))
    yield tree.Did(tree.Event(("order",)), tree.HasLine(tree.Test(own, _is(canary))))
    yield tree.Test(tree.Aggregate("last", tree.Event(("order", "coupon"))), _is(canary))
    yield tree.Test(tree.Aggregate("last", tree.Event(("order", "sku"))), _is(canary))
    yield tree.Test(tree.Aggregate("count", tree.Event((canary, canary))), tree.Compare("=", tree.Number(Decimal(1))))
    yield tree.Test(tree.Bucket(canary), tree.Compare("<=", tree.Number(Decimal(1))))
    yield tree.InSegment(canary)
