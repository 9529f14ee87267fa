"""What SQL is made of: nothing but the words of the code, with every text of a definition in a parameter."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random

import duckdb
import pytest
from sqlglot import exp, tokenize
from sqlglot.tokenizer_core import TokenType

from intarsia.engine.fractions import TOO_LARGE
from intarsia.engine.printing import to_sql
from intarsia.engine.scope import ORDER, STATEMENTS
from intarsia.engine.words import (
    Bindings,
    Sql,
    any_of,
    call,
    column,
    compare,
    floor_divided,
    integer,
    rows_of,
    source,
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
    bound = [bindings.bind(value).name for value in ("a", 1, True, "a", ["a"], ["a"], ["b"], 1)]
    assert bound == ["p1", "p2", "p3", "p1", "p4", "p4", "p5", "p2"]
    assert bindings.values == {"p1": "a", "p2": 1, "p3": True, "p4": ["a"], "p5": ["b"]}


# --- the whitelist


@pytest.mark.parametrize(
    "node",
    [
        call("read_csv", text("/etc/passwd")),
        call("getenv", text("HOME")),
        exp.Command(this="COPY", expression="x"),
        exp.Drop(this=source("events"), kind="TABLE"),
        exp.Select(from_=exp.From(this=exp.Table(this=exp.Anonymous(this="read_parquet")))),
        exp.And(this=exp.true(), expression=call("pragma_version")),
    ],
    ids=lambda node: node.sql(),
)
def test_a_node_or_function_that_no_question_needs_is_a_bug(node: Sql) -> None:
    with pytest.raises(Bug, match="a question was compiled to"):
        to_sql(node)


def test_what_questions_need_is_let_through() -> None:
    query = rows_of(source("people", "p")).select(column("p", "profile_no")).where(compare("<", integer(1), integer(2)))
    assert to_sql(query) == "SELECT p.profile_no FROM people AS p WHERE 1 < 2"


# --- pieces


@pytest.mark.parametrize(("left", "right"), [(7, 2), (-7, 2), (-8, 2), (0, 5), (-1, 3), (6, 3)])
def test_a_quotient_is_rounded_down_below_zero_too(left: int, right: int) -> None:
    sql = exp.Select().select(floor_divided(integer(left), integer(right))).sql(dialect="duckdb")
    assert duckdb.execute(sql).fetchall() == [(left // right,)]


def test_many_parts_nest_only_a_few_brackets_deep() -> None:
    sql = any_of(compare("=", integer(number), integer(number)) for number in range(250)).sql(dialect="duckdb")
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
        tokens = tokenize(sql, dialect="duckdb")
        texts = {token.text for token in tokens if token.token_type is TokenType.STRING}
        words = [token.text for token in tokens if token.token_type in (TokenType.VAR, TokenType.IDENTIFIER)]
        assert texts <= OUR_TEXTS, show(rule)
        assert all(word.isascii() and word.replace("_", "").isalnum() for word in words), show(rule)
        assert len(duckdb.extract_statements(sql)) == 1, show(rule)


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
