"""What the proofs of columns, kernel and live members are worth: each of these mistakes is noticed by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from intarsia.engine.kernel import (
    changes,
    lookups,
    passes,
    passing,
    pattern_passes,
    sets,
)
from intarsia.engine.live import arriving, ranks
from tests.conformance.test_conformance import FOLDER, differences, read
from tests.engine import test_live_ranks
from tests.engine.by_columns import ByColumns, once_asked
from tests.engine.kinds import kinds
from tests.engine.planting import Patch, interpreted, mistake
from tests.engine.rules import Decks
from tests.engine.test_agreement import SEED, are_one, by_all, questions
from tests.engine.test_live import Life
from tests.engine.test_next_changes import told_too_late
from tests.thorough import so_many

CASES_MOST = 6_000
"""So many rules are made; asked are those of them that use what the fault is in."""
LIVES_MOST = 20
SOUND_CASES = so_many(20, 100)
IN_CHECK = 1
"""So many of each sort are planted in `make check`, all of them in `make prove`."""


@dataclass(frozen=True)
class Fault:
    """A mistake.

    says   what is wrong; plant: puts it in
    shows  in which constructs it shows (see `kinds`), one of which a rule has to use to be asked; none: in any
    """

    says: str
    plant: Callable[[Patch], None]
    shows: frozenset[str] = frozenset()


def of(*names: str) -> frozenset[str]:
    """Some constructs."""
    return frozenset(names)


OF_LAST_ROW = ("last had", "last of events", "last of a property")
OF_KERNEL = (
    Fault(
        "less than is less or equal",
        mistake(lookups, "_ordered", "numbers < _clipped(up)", "numbers <= _clipped(up)"),
        of("operator <"),
    ),
    Fault(
        "the begin of a window is outside",
        mistake(passes, "edges", "at[row - 1] >= instants[number]", "at[row - 1] > instants[number]"),
        of("did", "count of events", "last had"),
    ),
    Fault(
        "events of one instant follow each other",
        mistake(pattern_passes, "follow", "rows.at[row] < then.at[theirs]", "rows.at[row] <= then.at[theirs]"),
        of("sequence"),
    ),
    Fault(
        "of equal ranks the last ids are taken",
        mistake(sets, "ranked", "order_of_ids()[tied])[:left]", "order_of_ids()[tied])[-left:]"),
        of("top", "bottom", "top percent", "bottom percent"),
    ),
    Fault(
        "what is unknown is one more different value",
        mistake(passes, "distinct", "value != 0 and ", ""),
        of("distinct of a property", "distinct of a line's property", "distinct over lines"),
    ),
    Fault(
        "the oldest row of a window is never the last one",
        mistake(passes, "newest", "rows.begin[person] - 1, -1", "rows.begin[person], -1"),
        of(*OF_LAST_ROW),
    ),
    Fault(
        "the smallest number is the one that is unknown",
        mistake(passes, "least", "number != UNKNOWN and (found == UNKNOWN or number < found)", "number < found"),
        of("min of a property", "min of a line's property", "min over lines"),
    ),
)
AT_EDGES = (
    Fault(
        "the gap of a sequence is open",
        mistake(pattern_passes, "follow", "then.at[theirs] <= open_until", "then.at[theirs] < open_until"),
    ),
    Fault(
        "what breaks an absence does so at its very end no more",
        mistake(pattern_passes, "_broken_at", "found > moved(way, instant)", "found >= moved(way, instant)"),
    ),
    Fault(
        "who comes back after exactly so long does not",
        mistake(pattern_passes, "came_back", "rows.at[earlier] <= moved", "rows.at[earlier] < moved"),
    ),
)
"""What random people seldom show: these mistakes are noticed by the conformance cases."""
OF_PATTERNS = ("rule-32", "rule-33", "rule-34", "rule-35")
OF_NEXT_CHANGES = (
    Fault(
        "not the oldest row leaves the window next, but the newest",
        mistake(changes, "Changes._leaving", 'end("first", inside)', 'end("last", inside)'),
    ),
    Fault("an edge goes past two milliseconds later", mistake(passing, "first_past", "+ 1, NEVER)", "+ 2, NEVER)")),
    Fault(
        "a span of an absence is over a millisecond later",
        mistake(pattern_passes, "next_moved", "out[person] = goes", "out[person] = goes + 1"),
        of("absence"),
    ),
)
OF_LIVE = (
    Fault("another version of an order only adds", mistake(arriving, "Arrivals._adds", "is_new_order and ", "")),
    Fault(
        "an older statement only adds",
        mistake(arriving, "Arrivals.adds", "fact.occurred_at > self.said_at", "fact.occurred_at != self.said_at"),
    ),
)


@pytest.mark.slow
def test_without_a_fault_passes_in_plain_python_agree(tmp_path: Path, monkeypatch: Patch) -> None:
    interpreted(monkeypatch)
    assert not any(noticed(tmp_path, SOUND_CASES))


@pytest.mark.slow
@pytest.mark.parametrize("fault", OF_KERNEL[: so_many(IN_CHECK, len(OF_KERNEL))], ids=lambda fault: fault.says)
def test_a_fault_in_the_kernel_is_noticed(fault: Fault, tmp_path: Path, monkeypatch: Patch) -> None:
    fault.plant(monkeypatch)
    assert any(noticed(tmp_path, CASES_MOST, fault.shows))


def noticed(folder: Path, count: int, shows: frozenset[str] = frozenset()) -> Iterator[bool]:
    """Of each rule that uses what the fault is in, whether columns answer otherwise than plain Python."""
    for asked, of_question in questions(folder, count):
        rules = [case.rule for case in of_question if not shows or shows & set(kinds(case.rule))]
        if rules:
            asked = once_asked(asked)
            columns = ByColumns(asked)
            yield from (not are_one(by_all(asked, columns, rule)) for rule in rules)


@pytest.mark.slow
@pytest.mark.parametrize("fault", AT_EDGES[: so_many(IN_CHECK, len(AT_EDGES))], ids=lambda fault: fault.says)
def test_a_fault_at_an_edge_is_noticed_by_the_conformance_cases(
    fault: Fault, tmp_path: Path, monkeypatch: Patch
) -> None:
    fault.plant(monkeypatch)
    assert any(_differ(tmp_path / name, name) for name in OF_PATTERNS)


def _differ(folder: Path, name: str) -> bool:
    folder.mkdir()
    return "   kernel: " in "".join(differences(read(FOLDER / f"{name}.json"), folder))


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault", OF_NEXT_CHANGES[: so_many(IN_CHECK, len(OF_NEXT_CHANGES))], ids=lambda fault: fault.says
)
def test_a_fault_in_the_next_changes_is_noticed(fault: Fault, tmp_path: Path, monkeypatch: Patch) -> None:
    fault.plant(monkeypatch)
    assert any(told_too_late(tmp_path, CASES_MOST, fault.shows))


@pytest.mark.parametrize("seed", range(3))
def test_a_fault_in_ranks_that_are_kept_up_is_noticed(seed: int, monkeypatch: Patch) -> None:
    mistake(ranks, "Rank._take", "[:left]]", "[-left:]]")(monkeypatch)
    with pytest.raises(AssertionError):
        test_live_ranks.test_who_is_taken_after_each_step(seed)


@pytest.mark.slow
@pytest.mark.parametrize("fault", OF_LIVE[: so_many(IN_CHECK, len(OF_LIVE))], ids=lambda fault: fault.says)
def test_a_fault_in_what_is_kept_up_is_noticed(fault: Fault, tmp_path: Path, monkeypatch: Patch) -> None:
    fault.plant(monkeypatch)
    assert any(_goes_wrong(tmp_path / str(number), number, Decks()) for number in range(LIVES_MOST))


def _goes_wrong(folder: Path, number: int, decks: Decks) -> bool:
    life = Life(folder, Random(SEED + number), decks)
    try:
        life.live(f"life {number}")
    except AssertionError:
        life.open.close()
        life.world.close()
        return True
    return False
