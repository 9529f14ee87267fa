"""What a plan says before anybody is asked is what happens when everybody is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from intarsia.engine.columns.build import Builder
from intarsia.engine.columns.columns import Columns
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.kernel.answering import Answers
from intarsia.engine.kernel.fallback import Fallback, seen_from
from intarsia.engine.kernel.features import Features
from intarsia.engine.plan.blank import Blank
from intarsia.engine.plan.noted import Feature
from intarsia.engine.plan.plan import Part, Planner
from intarsia.engine.plan.rows import row_counts
from intarsia.engine.sql.laid_out import laid_out
from intarsia.language import check, parse, show, tree
from intarsia.language.checking.check import Checked
from intarsia.language.interpret.question import When
from tests.engine.by_columns import Once
from tests.engine.shop import Shop, instant, order, refund, said, track
from tests.engine.test_agreement import SEED, cases, questions
from tests.engine.world import Asked
from tests.thorough import so_many

CASES = so_many(60, 1000)
BY_DATA = (
    "amounts without a rate",
    "a name that only some events have themselves",
    "amounts of lines in other currencies",
    "numbers that are too large or too fine",
    "a sum that may be too large",
    "lines that no event of the type has",
)
"""Why SQL answers in spite of a plan: these only the data decide."""
IF_A_TIME = ("a window in local time",)
"""Why columns may answer in spite of a plan: no value is a time."""
NOON = instant("2024-05-15T12:00")


def planner(asked: Asked) -> tuple[Planner, When]:
    evaluator = asked.evaluator
    when = seen_from(asked.catalog, evaluator.at, evaluator.known_at)
    blank = Blank(asked.catalog, has_refunds=evaluator.has_refunds())
    return Planner(blank, when, is_ranked=lambda name: evaluator.named.are_ranked([name])), when


def lacked(columns: Columns | Once, when: When, checked: Checked) -> str | None:
    """Why columns do not answer a condition of everybody; None: they do."""
    try:
        Answers(columns, when, None).members(checked)
    except NotInColumns as lacking:
        return str(lacking)
    return None


def test_columns_answer_what_a_plan_says_that_they_answer(tmp_path: Path) -> None:
    seen = Counter[str]()
    for asked, of_question in questions(tmp_path, CASES, SEED):
        columns = Once(Builder(asked.evaluator), frozenset(("rows", "refunds")))
        for case in of_question:
            plan, when = planner(asked)
            for part in plan.parts(check(case.rule, asked.catalog)):
                if part.by in ("segment", "map") or isinstance(part.condition, tree.Rank):
                    continue
                lacking = lacked(columns, when, check(part.condition, asked.catalog))
                told = f"INTARSIA_SEED={SEED}: {show(part.condition)}: {part.reason}, {lacking}"
                if lacking is None:
                    assert part.by == "columns" or str(part.reason) in IF_A_TIME, told
                else:
                    assert str(part.reason) == lacking or lacking in BY_DATA, told
                seen["columns" if part.by == "columns" else "falls back"] += 1
    assert seen["columns"] > CASES / 2
    assert seen["falls back"] > CASES / 10


class Counted(Features):
    """Features that count the passes which are really made."""

    passes = 0

    def shared(self, part: Callable[[int, int], None]) -> None:
        """One more."""
        type(self).passes += 1
        super().shared(part)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    lines = [{"sku": "x", "quantity": 2}, {"sku": "y", "quantity": 1}]
    return Shop(
        tmp_path,
        [
            said("ada", city="Praha"),
            *(order("ada", f"2024-05-0{day}T10:00", *lines, order_id=f"a{day}", total=10 * day) for day in (1, 2, 6)),
            order("ben", "2024-03-03T10:00", {"sku": "x", "quantity": 1}, order_id="b", total=30),
            refund("ben", "2024-05-04T10:00", order_id="b", total=5),
            *(track("ben", "Product Viewed", f"2024-05-02T0{hour}:00", path="/b") for hour in (1, 2)),
        ],
    )


def parts(asked: Asked, text: str) -> tuple[Part, ...]:
    return planner(asked)[0].parts(check(parse(text), asked.catalog))


def rows(asked: Asked, text: str) -> dict[str, int]:
    plan, when = planner(asked)
    counts = row_counts(asked.evaluator)
    features = [one for part in plan.parts(check(parse(text), asked.catalog)) for one in part.features]
    return {_told(feature): counts.of(feature, when) for feature in features}


def _told(feature: Feature) -> str:
    before = "before: " if feature.is_before else ""
    return f"{before}{'refunds: ' if feature.of_refunds else ''}{feature.text}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(order) >= 2", {"count(order)": 4}),
        ("did order in last 30 days", {"count(order, last 30 days)": 3}),
        ("lapsed(order, 30 days)", {"count(order)": 4, "count(order, last 30 days)": 3}),
        ("count(order.lines where order.lines.sku = 'x') > 1", {"count(order.lines where order.lines.sku = 'x')": 7}),
        ("sum(order.total) > 1", {"sum(order.total)": 4, "refunds: sum(order.total)": 1}),
        ("sum(order.gross) > 1", {"sum(order.gross)": 4}),
        (
            "trend(sum(order.gross), last 30 days) > 0",
            {"sum(order.gross, last 30 days)": 3, "before: sum(order.gross, last 30 days)": 0},
        ),
        ("max(order.lines.quantity) > 1", {"max(order.lines.quantity)": 7}),
        ("sequence(view, order)", {"view": 2, "order": 4}),
        ("first(view) before 2024-05-03", {"first(view)": 2}),
        ("count(any event) > 3", {"count(any event)": 7}),
        ("count(view, between 2024-05-02T01:00 and 2024-05-02T01:30) = 1", None),
        ("city = 'Praha'", {}),
    ],
)
def test_the_features_of_a_condition_and_how_many_rows_they_pass_over(
    shop: Shop, text: str, expected: dict[str, int] | None
) -> None:
    with shop.world.ask(NOON, None) as asked:
        found = rows(asked, text)
        assert list(found.values()) == [1] if expected is None else found == expected


def test_equal_conditions_are_one_and_what_a_rank_is_among_is_planned_by_itself(shop: Shop) -> None:
    text = "did order and (did order or top 1 by count(order) among (city = 'Praha' for at least 1 day))"
    with shop.world.ask(NOON, None) as asked:
        found = [(part.text, part.by) for part in parts(asked, text)]
    assert found == [
        ("did order", "columns"),
        ("city = 'Praha' for at least 1 day", "sql"),
        ("top 1 by count(order) among (city = 'Praha' for at least 1 day)", "columns"),
    ]


def test_what_columns_are_not_asked_of_does_not_fall_back(shop: Shop) -> None:
    with shop.world.ask(NOON, None) as asked:
        [near] = parts(asked, "near (50, 14) within 3 km")
        [local] = parts(asked, "did order in today in local time")
    assert (near.by, near.falls_back) == ("map", False)
    assert (local.by, str(local.reason)) == ("sql", "a window in local time")


def test_a_plan_makes_no_pass_over_anybody(shop: Shop) -> None:
    with shop.world.ask(NOON, None) as asked:
        plan, when = planner(asked)
        assert plan.parts(check(parse("count(order) > 1"), asked.catalog))[0].features
        columns = Builder(asked.evaluator)
        features = Counted(columns, when)
        fallback = Fallback(lambda: asked.evaluator, columns.size)
        answers = Answers(columns, when, fallback, features=features)
        for text in ("count(order) > 1", "count(order) > 2", "did order and never view"):
            answers.members(check(parse(text), asked.catalog))
        # No window and no filter: the rows of each are counted by where they begin and end.
        assert Counted.passes == 0
        answers.members(check(parse("sum(order.gross) > 1"), asked.catalog))
        answers.members(check(parse("sum(order.gross) > 2"), asked.catalog))
        assert Counted.passes == 1


def test_a_statement_laid_out_is_the_same_statement(tmp_path: Path) -> None:
    for asked, case in cases(tmp_path, 60, SEED + 1):
        sql = asked.evaluator.compile(check(case.rule, asked.catalog)).sql
        assert "".join(laid_out(sql).split()) == "".join(sql.split()), f"INTARSIA_SEED={SEED + 1}: {show(case.rule)}"


def test_what_stands_in_quotes_stays_as_it_is() -> None:
    sql = "select 'from (a  and b)' as c from t where d = 'it''s' and e = '('"
    assert laid_out(sql) == "select 'from (a  and b)' as c\nfrom t\nwhere d = 'it''s' and e = '('"
