"""Of whom the facts are read to tell who moved: those whose answer could have changed in the window, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from intarsia.engine.sql.concerned import batches
from intarsia.lake.session import Session
from intarsia.language import parse
from intarsia.language.meaning.facts import Person
from intarsia.language.meaning.joins import Join
from tests.engine.past import PastShop, named, pin, with_segments
from tests.engine.shop import instant, order, said

NOW = "2024-05-15"
PEOPLE = {
    "2024-01-01": [said(who, "2024-01-01", birth_date="1990-05-14") for who in ("ada", "ben", "eva")],
    "2024-04-14": [order("ada", "2024-04-14")],
    "2024-04-20": [order("ben", "2024-04-20")],
    "2024-05-13": [order("cyd", "2024-02-01")],
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> PastShop:
    return PastShop(tmp_path / "shop", PEOPLE)


def read_for(shop: PastShop, rule: str, text: str) -> set[str]:
    """The people whose facts are read to answer `entered segment 'x' ..`."""
    seen: set[str] = set()
    with shop.world.ask(instant(NOW), None) as asked:
        asked.catalog = with_segments(asked.catalog, {"x": rule})
        asked.segments["x"] = named(asked.catalog, rule, shop.pins.get("x", ()))
        read = asked.evaluator.read
        assert read is not None

        def watched(session: Session, numbers: Sequence[int]) -> Sequence[Person]:
            found = read(session, numbers)
            seen.update(person.id for person in found)
            return found

        asked.evaluator.read = watched
        assert asked.by_engine(parse(text)) == asked.by_interpreter(parse(text))
    return seen


@pytest.mark.parametrize(
    ("rule", "concerned"),
    [
        # Her order of 14 April leaves the window of 30 days, cyd's is learned of.
        ("did order in last 30 days", {"ada", "cyd"}),
        ("count(order, last 25 days) > 0 or city = 'a'", {"ben", "cyd"}),
        ("did order", {"cyd"}),
        ("did order and country_code = 'CZ'", {"cyd"}),
        ("lapsed(order, 30 days)", {"ada", "cyd"}),
        ("did order in last 30 days and age > 30", {"ada", "ben", "cyd", "eva"}),
        ("city = 'a' for at least 3 days", {"ada", "ben", "cyd", "eva"}),
        ("birth_date in last 30 days", {"ada", "ben", "cyd", "eva"}),
    ],
)
def test_only_those_are_read_who_could_have_moved(shop: PastShop, rule: str, concerned: set[str]) -> None:
    assert read_for(shop, rule, "entered segment 'x' in last 2 days") == concerned


def test_those_who_were_pinned_or_joined_could_have_moved(tmp_path: Path) -> None:
    merges = [("ben", "eva", "2024-05-14T10:00", None)]
    shop = PastShop(
        tmp_path / "shop", PEOPLE, pins={"x": [pin("ada", "2024-03-01", until="2024-05-14")]}, merges=merges
    )
    assert read_for(shop, "did order in last 5 days", "left segment 'x' in last 2 days") == {"ada", "ben", "cyd", "eva"}
    assert read_for(shop, "did order in last 5 days", "left segment 'x' in last 12 hours") == {"ada"}


def test_a_window_in_which_nothing_can_have_moved_reads_nobody(shop: PastShop) -> None:
    assert read_for(shop, "did order", "entered segment 'x' in next 7 days") == set()


def test_those_who_were_ever_joined_are_read_together(shop: PastShop) -> None:
    with shop.world.session() as session:
        rows = session.execute("select profile_id, profile_no from lake.profiles").to_pylist()
        number = {row["profile_id"]: row["profile_no"] for row in rows}
        numbers = [number[who] for who in ("ada", "ben", "eva")]
        joins = [Join("ada", "cyd", 1, 2), Join("eva", "cyd", 3), Join("ben", "nobody", 4)]
        found = [frozenset(batch) for batch in batches(session, numbers, joins, most=1)]
    assert found == [{number["ada"], number["cyd"], number["eva"]}, {number["ben"]}]
