"""The demo's workspace holds what the package holds, and is made only once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from intarsia.demo import MESSAGE_COUNT, SEGMENTS, build, messages
from intarsia.demo.building import BATCH_SIZE, LOAD_ID
from intarsia.workspace import Workspace
from tests.demo.package import Ask, asker, only
from tests.record.shop import rows

pytestmark = pytest.mark.slow


class Stopped(Exception):
    """Somebody stopped the load."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, loaded in two goes: the first is stopped after three batches."""
    folder = tmp_path_factory.mktemp("demo") / "demo"

    def stop(recorded: int, _: int) -> None:
        if recorded == 3 * BATCH_SIZE:
            raise Stopped

    with pytest.raises(Stopped):
        build(folder, stop)
    seen: list[int] = []
    build(folder, lambda recorded, _: seen.append(recorded)).close()
    assert seen[0] == 3 * BATCH_SIZE, "the second go goes on"
    assert seen == sorted(seen)
    assert seen[-1] == MESSAGE_COUNT
    return folder


@pytest.fixture
def ws(folder: Path) -> Iterator[Workspace]:
    seen: list[int] = []
    with build(folder, lambda recorded, _: seen.append(recorded)) as workspace:
        assert seen == [MESSAGE_COUNT], "what is there is reused"
        yield workspace


@pytest.fixture(scope="module")
def ask() -> Ask:
    return asker()


def one(ws: Workspace, sql: str) -> tuple[object, ...]:
    [row] = rows(ws, sql)
    return tuple(row.values())


def test_the_lake_holds_what_the_package_holds(ws: Workspace, ask: Ask) -> None:
    theirs = only(
        ask("""
        select count(distinct household_id), count(distinct basket_id), sum(round(sales_value * 100)::bigint)::bigint,
               count(*), sum(quantity)::bigint, sum(round((retail_disc + coupon_match_disc) * 100)::bigint)::bigint
        from transactions
    """)
    )
    ours = one(
        ws,
        """
        select count(distinct profile_no), count(*), sum(total_minor)::bigint, sum(len(lines))::bigint,
               sum(list_sum(list_transform(lines, lambda l: l.quantity)))::bigint,
               sum(list_sum(list_transform(lines, lambda l: l.discount_minor)))::bigint
        from lake.events where name = 'Order Completed'
    """,
    )
    assert ours == theirs
    assert ours[:4] == (2469, 155_848, 459_603_958, 1_469_307)


OF_THE_DEMO = f"select name, count(*) from lake.events where load_id = '{LOAD_ID}'"
"""Without the scores that the demo writes back as traits."""


def test_campaigns_and_coupons_are_as_many_as_in_the_package(ws: Workspace, ask: Ask) -> None:
    found = dict(tuple(row.values()) for row in rows(ws, f"{OF_THE_DEMO} group by all"))
    assert found == {"identify": 2469, "Campaign Received": 6589, "Coupon Redeemed": 2102, "Order Completed": 155_848}
    assert only(ask("select (select count(*) from campaigns), (select count(*) from coupon_redemptions)")) == (
        6589,
        2102,
    )


def test_sales_by_category_are_the_packages(ws: Workspace, ask: Ask) -> None:
    theirs = ask("""
        select product_category, sum(round(sales_value * 100)::bigint)::bigint as cents
        from transactions left join products using (product_id) group by all order by all
    """)
    ours = rows(
        ws,
        """
        select line.category, sum(line.total_minor)::bigint as cents
        from (select unnest(lines) as line from lake.events where name = 'Order Completed') group by all order by all
    """,
    )
    assert [tuple(row.values()) for row in ours] == theirs


def test_every_message_is_recorded_once(ws: Workspace) -> None:
    counts = "count(*), count(distinct event_id), count(distinct event_no)"
    assert one(ws, f"select {counts} from lake.events where load_id = '{LOAD_ID}'") == (MESSAGE_COUNT,) * 3
    assert ws.record(next(messages(500))).count("duplicate") == 500


def test_every_word_of_the_demo_fits_its_kind(ws: Workspace) -> None:
    assert [(word.event, word.path, word.unfit_example) for word in ws.words() if word.unfit] == []
    seen = {word.path: word.seen for word in ws.words() if word.scope == "line"}
    assert (seen["sku",], seen["total",]) == (1_469_307, 1_469_307)


@pytest.mark.parametrize(
    ("segment", "sql"),
    [
        ("One-time", "from transactions group by household_id having count(distinct basket_id) = 1"),
        ("Families with children", "from demographics where kids_count <> '0'"),
        ("Seniors", "from demographics where age in ('55-64', '65+')"),
        ("Young households", "from demographics where age in ('19-24', '25-34')"),
        (
            "High income",
            "from demographics where income not in ('Under 15K', '15-24K', '25-34K', '35-49K', '50-74K', '75-99K')",
        ),
        (
            "New",
            "from transactions group by household_id having min(transaction_timestamp) >= timestamp '2017-10-04 04:00'",
        ),
        (
            "Lapsed",
            "from transactions group by household_id having max(transaction_timestamp) < timestamp '2017-10-04 04:00'",
        ),
        (
            "Mailed but never redeemed",
            "from (select distinct household_id from campaigns) anti join coupon_redemptions using (household_id)",
        ),
    ],
)
def test_a_segment_holds_whom_the_package_says(ws: Workspace, ask: Ask, segment: str, sql: str) -> None:
    theirs = {str(household) for (household,) in ask(f"select household_id {sql}")}
    assert set(ws.segments.members(segment)) == theirs


def test_the_big_spenders_are_those_who_spent_most(ws: Workspace, ask: Ask) -> None:
    spent = ask("""
        select household_id::varchar, sum(round(sales_value * 100)::bigint) as cents from transactions
        where transaction_timestamp >= timestamp '2017-01-02 05:00'
        group by all order by cents desc, household_id::varchar
    """)
    assert set(ws.segments.members("Big spenders")) == {household for household, _ in spent[:247]}


def test_private_labels_count_by_the_line(ws: Workspace, ask: Ask) -> None:
    [(household, cents)] = ask("""
        select household_id::varchar, sum(round(sales_value * 100)::bigint)::bigint as cents
        from transactions join products using (product_id) where brand = 'Private'
        group by all order by cents desc limit 1
    """)
    spent = f"sum(order.lines.total where order.lines.brand = 'Private') >= {Decimal(cents).scaleb(-2)}"
    assert ws.segments.members(spent) == [household]


def test_every_segment_has_members_and_leaves_somebody_out(ws: Workspace) -> None:
    assert [definition.name for definition in ws.segments.all()] == sorted(SEGMENTS)
    sizes = {name: ws.segments.count(name) for name in SEGMENTS}
    assert [name for name, found in sizes.items() if not 0 < found.size < found.base] == []
    assert {found.base for found in sizes.values()} == {2469}


def test_a_segment_that_was_changed_stays_changed(folder: Path) -> None:
    with build(folder) as workspace:
        workspace.segments.edit("Seniors", "age_band = '65+'")
    with build(folder) as workspace:
        assert workspace.segments.get("Seniors").text == "age_band = '65+'"
        workspace.segments.edit("Seniors", SEGMENTS["Seniors"])
