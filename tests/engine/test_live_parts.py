"""What keeping up is made of: rows that grow, what is due, moves that cancel, and whom news concern."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from intarsia.engine.columns.growing_rows import GrowingRows
from intarsia.engine.columns.rows import Lines, Rows
from intarsia.engine.columns.values import Array, Numbered
from intarsia.engine.kernel.pattern_passes import NEVER
from intarsia.engine.live.changed import Change, dated, net
from intarsia.engine.live.due import BLOCK, Due
from intarsia.engine.live.standing import Standing
from intarsia.language import check, parse
from intarsia.language.catalog import Catalog, EventType, Trait
from intarsia.language.checking.named import Named, Version


def rows_of(counts: list[int], chance: Random) -> Rows:
    """So many rows of each person, at different instants in rising order; each with a number and up to two lines."""
    at = [instant for count in counts for instant in sorted(chance.sample(range(10**6), count))]
    of_lines = [chance.randrange(3) for _ in at]
    numbers = [chance.randrange(100) for _ in range(sum(of_lines))]
    lines = Lines(np.append(0, np.cumsum(of_lines, dtype=np.int64)), {("n",): Numbered(np.array(numbers, np.int64))})
    of_rows = Numbered(np.array([chance.randrange(100) for _ in at], np.int64))
    return Rows(np.append(0, np.cumsum(counts, dtype=np.int64)), np.array(at, np.int64), {("n",): of_rows}, lines)


def written(rows: Rows) -> list[list[tuple[int, int, list[int]]]]:
    """Person by person, each row with its lines."""
    assert rows.lines is not None
    own, of_lines, first = rows.columns["n",].numbers, rows.lines.columns["n",].numbers, rows.lines.first
    of_row = [
        (int(rows.at[row]), int(own[row]), of_lines[first[row] : first[row + 1]].tolist()) for row in range(rows.count)
    ]
    return [of_row[begin:end] for begin, end in zip(rows.first[:-1], rows.first[1:], strict=True)]


def test_people_in_a_row_have_the_rows_that_each_has_alone() -> None:
    chance = Random(20261122)
    first = rows_of([chance.randrange(4) for _ in range(12)], chance)
    growing, plain = GrowingRows(first), written(first)
    growing.people(15)
    plain += [[], [], []]
    for _ in range(40):
        some = sorted(chance.sample(range(15), 2))
        new = rows_of([chance.randrange(3) for _ in some], chance)
        growing.put(np.array(some), new)
        for place, theirs in zip(some, written(new), strict=True):
            plain[place] = theirs
        low, high = sorted((chance.randrange(16), chance.randrange(16)))
        assert written(growing.stretch(low, high)) == plain[low:high]
        assert written(growing.taken(np.arange(low, high))) == plain[low:high]
    assert written(growing.joined()) == plain


def test_somebody_who_does_something_all_the_time_takes_no_more_room_than_what_they_did(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("intarsia.engine.columns.growing_rows.FEWEST_BEHIND", 50)
    chance = Random(7)
    first = rows_of([2, 3, 1], chance)
    growing, plain = GrowingRows(first), [list(map(int, first.taken(np.array([one])).at)) for one in range(3)]
    for step in range(400):
        who = 1 if chance.random() < 0.9 else chance.choice((0, 2))
        lines = Lines(np.array([0, 1]), {("n",): Numbered(np.array([step]))})
        growing.add(
            np.array([who]),
            Rows(np.array([0, 1]), np.array([10**6 + step]), {("n",): Numbered(np.array([step]))}, lines),
        )
        plain[who].append(10**6 + step)
    assert [growing.taken(np.array([one])).at.tolist() for one in range(3)] == plain
    assert growing.joined().at.tolist() == [at for theirs in plain for at in theirs]
    assert len(growing._at) < 5 * sum(map(len, plain))


def test_rows_are_added_in_the_order_of_time_and_who_has_two_at_once_is_told() -> None:
    at = [np.array(instants, np.int64) for instants in ([10, 30], [20, 30, 40])]
    empty = Lines(np.zeros(3, np.int64)), Lines(np.zeros(4, np.int64))
    growing = GrowingRows(Rows(np.array([0, 1, 2]), at[0], {}, empty[0]))
    tied = growing.add(np.arange(2), Rows(np.array([0, 1, 3]), at[1], {}, empty[1]))
    assert tied.tolist() == [1]
    assert growing.taken(np.array([0])).at.tolist() == [10, 20]


def test_what_is_due_is_what_a_look_at_everybody_finds() -> None:
    chance, size = np.random.default_rng(20261122), 3 * BLOCK
    due, plain = Due(3, size), np.full((3, size), NEVER)
    for step in range(200):
        people, group = np.unique(chance.integers(0, size, 5)), int(chance.integers(3))
        instants = chance.integers(step, step + 50, len(people))
        is_whole = bool(chance.integers(2))
        due.put(people, group, instants, is_whole=is_whole)
        due.settle(people)
        plain[group, people] = instants if is_whole else np.minimum(plain[group, people], instants)
        if step == 100:
            size += 2 * BLOCK
            due.grow(size)
            plain = np.append(plain, np.full((3, 2 * BLOCK), NEVER), axis=1)
        found, groups = due.at(step)
        assert found.tolist() == np.flatnonzero(plain.min(axis=0) <= step).tolist()
        assert groups == np.flatnonzero((plain <= step).any(axis=1)).tolist()
        _let_pass(due, plain, found, step)


def _let_pass(due: Due, plain: Array, people: Array, now: int) -> None:
    """Let what is due be so much later."""
    for group in range(3):
        later = np.where(plain[group, people] <= now, now + 40, plain[group, people])
        due.put(people, group, later, is_whole=True)
        plain[group, people] = later
    due.settle(people)


def test_who_enters_and_leaves_at_once_has_not_moved() -> None:
    moved = [
        change("a", [1, 2, 3], [True, True, False]),
        change("b", [5], [True]),
        change("a", [2, 4], [False, True]),
        change("a", [4], [False]),
    ]
    assert told(net(moved)) == [("a", 1, True, 7), ("a", 3, False, 7), ("b", 5, True, 7)]


def test_a_change_is_of_when_it_was_so_and_no_later_than_it_was_noticed() -> None:
    changes = [change("a", [1, 4], [True, False]), change("b", [2], [True])]
    found = told(dated(changes, np.array([1, 2, 3]), np.array([5, 9, 1])))
    assert found == [("a", 1, True, 5), ("a", 4, False, 7), ("b", 2, True, 7)]
    assert told(dated(changes, np.zeros(0, np.int64), np.zeros(0, np.int64))) == told(changes)


def change(segment: str, places: list[int], entered: list[bool]) -> Change:
    return Change(segment, np.array(places), np.array(entered), np.full(len(places), 7), "data")


def told(changes: list[Change]) -> list[tuple[str, int, bool, int]]:
    """One by one."""
    columns = ((one.segment, one.places.tolist(), one.entered.tolist(), one.at.tolist()) for one in changes)
    return sorted((segment, *row) for segment, *rows in columns for row in zip(*rows, strict=True))


def test_which_segments_an_event_concerns() -> None:
    types = (EventType("Order Completed", "order"), EventType("Product Viewed", "view"))
    catalog = Catalog(
        traits={("country",): Trait(("country",))},
        events={one.name: one for one in types},
        segments=frozenset({"orders"}),
    )
    rules = {
        "of any": "did any event",
        "orders": "count(order) > 1",
        "traits": "country = 'CZ'",
        "named": "in segment 'orders' and country = 'CZ'",
        "ranked": "top 10 by count(order)",
        "not at all": "everyone",
    }
    segments = {name: _stored(text, catalog) for name, text in rules.items()}
    standing = Standing(segments, catalog)
    assert not standing.invalid, standing.invalid
    assert set(standing.about({"Order Completed"})) == {"of any", "orders", "named", "ranked"}
    assert standing.about({"Product Viewed"}) == ["of any"]
    assert standing.with_ranks(standing.ranks["ranked"]) == ["ranked"]
    assert standing.names.index("orders") < standing.names.index("named")


def _stored(text: str, catalog: Catalog) -> Named:
    checked = check(parse(text), catalog)
    return Named((Version(0, lambda: checked),))
