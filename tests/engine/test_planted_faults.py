"""What the proof is worth: each of these mistakes, planted into the engine, is noticed by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from intarsia.engine.sql import features, history, operators, relations, sequences
from intarsia.engine.sql.queries import Query, with_tables
from intarsia.engine.sql.words import Sql, all_of, column, compare
from intarsia.lake.statements import statements
from tests.engine.kinds import kinds
from tests.engine.test_agreement import by_both, cases
from tests.thorough import so_many

CASES_MOST = 6_000
"""So many rules are made; asked are those of them that use what the fault is in."""

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Fault:
    """A mistake.

    says   what is wrong; plant: puts it in
    shows  in which constructs it shows (see `kinds`), one of which a rule has to use to be asked; none: in any
    """

    says: str
    plant: Callable[[Patch], None]
    shows: frozenset[str] = frozenset()


def of_relation(old: str, new: str) -> Callable[[Patch], None]:
    """A fault in relations.sql."""

    def plant(patch: Patch) -> None:
        right = relations.blocks()
        assert any(old in sql for sql in right.values()), old
        patch.setattr(relations, "blocks", lambda: {name: sql.replace(old, new) for name, sql in right.items()})

    return plant


def of_question(old: str, new: str) -> Callable[[Patch], None]:
    """A fault in what is compiled."""

    def plant(patch: Patch) -> None:
        def wrong(query: Query, tables: Mapping[str, Sql]) -> Sql:
            return Sql(with_tables(query, tables).replace(old, new))

        patch.setattr("intarsia.engine.sql.compile.with_tables", wrong)

    return plant


def of_history(old: str, new: str) -> Callable[[Patch], None]:
    """A fault in history.sql."""

    def plant(patch: Patch) -> None:
        def wrong(path: Path) -> dict[str, str]:
            return {name: sql.replace(old, new) for name, sql in statements(path).items()}

        patch.setattr("intarsia.engine.sql.history.statements", wrong)

    return plant


def _no_surely(patch: Patch) -> None:
    patch.setattr(operators, "surely", lambda part: part)


def _refunds_forgotten(patch: Patch) -> None:
    patch.setattr(features, "takes_refunds", lambda *_: False)


def _same_instant_follows(patch: Patch) -> None:
    def before(earlier: str, later: str) -> Sql:
        is_same = compare("=", column(earlier, "profile_no"), column(later, "profile_no"))
        return all_of((is_same, compare("<=", column(earlier, "happened"), column(later, "happened"))))

    patch.setattr(sequences, "before", before)


WINDOWED = frozenset(("did", "first had", "last had", "operator during"))
IN_CHECK = 6
"""The last of the faults take some hundred cases to show: they are left to `make prove`."""
FAULTS = (
    Fault("the begin of a window is outside", of_question(">= $p", "> $p"), WINDOWED),
    Fault("the negation of a test of an unknown value is unknown", _no_surely, frozenset(("not",))),
    Fault(
        "equal ranks go by falling ids",
        of_question("r.profile_id", "r.profile_id desc"),
        frozenset(("top", "bottom", "top percent", "bottom percent")),
    ),
    Fault("who was deleted stays in the base", of_relation("= 'Profile Deleted'\n", "= 'Nothing'\n")),
    Fault("refunds are not taken off", _refunds_forgotten, frozenset(("sum of a property", "avg of a property"))),
    Fault(
        "an undated statement holds since its load only",
        of_history("-9000000000000000000", "recorded"),
        frozenset(("trait", "trait inside", "held at least", "held less than")),
    ),
    Fault(
        "of two statements of one instant the smaller id counts",
        of_history("since desc, id desc", "since desc, id"),
        frozenset(("trait", "trait inside")),
    ),
    Fault("an order without a status does not count", of_relation("o.status = '' or", "false or"), frozenset(("did",))),
    Fault("events of one instant follow each other", _same_instant_follows, frozenset(("sequence",))),
    Fault("two who were merged stay two", of_relation("coalesce(s.survivor_no, e.profile_no)", "e.profile_no")),
    Fault("what is recorded at known_at comes too late", of_relation("<= $known_at", "< $known_at")),
    Fault(
        "an amount goes by the rate of the day before",
        of_relation("r.begin_ms <= s.happened", "r.end_ms <= s.happened"),
        frozenset(("sum of a property", "min of a property", "max of a property")),
    ),
    Fault("the end of a window is inside", of_question("happened < $p", "happened <= $p"), WINDOWED),
    Fault(
        "of two versions of one instant the first recorded is the later",
        of_relation("row(happened, event_id)", "row(happened, -event_no)"),
        frozenset(("did", "sum of a property", "last of a property", "any order")),
    ),
    Fault(
        "of one instant a grant of consent wins over a withdrawal",
        of_relation("then 2 when", "then -2 when"),
        frozenset(("consent",)),
    ),
)


@pytest.fixture(autouse=True)
def _history_read_anew() -> Iterator[None]:
    """What is read once a process is read again for the fault, and after it."""
    history._blocks.cache_clear()
    yield
    history._blocks.cache_clear()


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS[: so_many(IN_CHECK, len(FAULTS))], ids=lambda fault: fault.says)
def test_a_planted_fault_is_noticed(fault: Fault, tmp_path: Path, monkeypatch: Patch) -> None:
    fault.plant(monkeypatch)
    made = (case for case in cases(tmp_path, CASES_MOST) if not fault.shows or fault.shows & set(kinds(case[1].rule)))
    assert any(by_both(asked, case.rule) is None for asked, case in made)
