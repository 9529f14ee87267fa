"""The numbers of a plan: the same question asked by the definitions in force, and by those that would be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as compute

from intarsia.analysis.days import look_back
from intarsia.errors import UserError
from intarsia.ids import digest
from intarsia.membership.ledger import Ledger
from intarsia.report.segment_plan import InLedger, Numbers, Overlap, SegmentPlan, Side
from intarsia.report.segments_report import WINDOW_DAYS
from intarsia.report.worth import Worth, blocks, offer_members, worths
from intarsia.segment.as_code.changes import Change
from intarsia.segment.asking import Asking
from intarsia.segment.definitions import Definition


@dataclass(frozen=True)
class Sides:
    """One question, by the definitions in force and by those that would be, over one state of the record.

    ids  of each change the segment's id after it; that of a new segment is made up
    has_ledger  whether an evaluation as of the question could be written
    """

    before: Asking
    after: Asking
    changes: Sequence[Change]
    ids: Sequence[str]
    has_ledger: bool


@dataclass(frozen=True)
class _Asked:
    """One segment, asked on both sides; None: it is not there, or invalid."""

    change: Change | None
    segment_id: str
    names: tuple[str | None, str | None]
    members: tuple[pa.Table | None, pa.Table | None]
    errors: tuple[UserError | None, UserError | None]

    @property
    def name(self) -> str:
        """As it is called after, else before."""
        return self.names[1] or self.names[0] or ""

    @cached_property
    def moving(self) -> tuple[pa.Table, pa.Table] | None:
        """Who enters and who leaves; None: one side is invalid."""
        if any(self.errors):
            return None
        before, after = (_NOBODY if table is None else table for table in self.members)
        return _without(after, before), _without(before, after)


_NOBODY = pa.table({"profile_no": pa.array([], pa.int64())})


def numbers(sides: Sides) -> Numbers:
    """What changes would do to everybody who is concerned: to the segments that change, and to those that name them."""
    asked = [_asked(sides, change, segment_id) for change, segment_id in zip(sides.changes, sides.ids, strict=True)]
    dependents = [_dependent(sides, segment_id, name) for segment_id, name in _dependents(sides)]
    everything = [*asked, *dependents]
    moving = [table for each in everything if each.moving is not None for table in each.moving]
    offer_members(sides.before, moving)
    window = look_back(sides.before, WINDOW_DAYS)
    worth = iter(worths(sides.before, len(moving), window).segments if moving else ())
    ledger = Ledger(sides.after.session) if sides.has_ledger else None
    segments = tuple(_plan(sides, each, worth, ledger) for each in everything)
    return Numbers(sides.before.as_of, window, segments, tuple(_overlaps(sides, asked)))


def _plan(sides: Sides, asked: _Asked, worth: Iterable[Worth], ledger: Ledger | None) -> SegmentPlan:
    found = iter(worth)
    entering, leaving = (None, None) if asked.moving is None else (next(found), next(found))
    removed = asked.change is not None and asked.change.after is None
    before, after = (
        Side(None if table is None else table.num_rows, error)
        for table, error in zip(asked.members, asked.errors, strict=True)
    )
    is_new = asked.change is not None and asked.change.last is None
    return SegmentPlan(
        asked.change,
        asked.name,
        None if is_new else asked.segment_id,
        before,
        after,
        entering,
        leaving,
        _people(asked.moving),
        _pins(sides.before, asked.segment_id) if removed else 0,
        None if ledger is None else _in_ledger(ledger, asked),
    )


def _people(moving: tuple[pa.Table, pa.Table] | None) -> str:
    if moving is None:
        return ""
    return digest("/".join(",".join(map(str, sorted(table["profile_no"].to_pylist()))) for table in moving))


def _pins(asking: Asking, segment_id: str) -> int:
    at, known_at = asking.as_of.at, asking.as_of.known_at
    return sum(pin.counts(at, known_at) for pin in asking.register.pins.get(segment_id, ()))


def _in_ledger(ledger: Ledger, asked: _Asked) -> InLedger:
    """What an evaluation would write; an invalid segment keeps its members."""
    if asked.errors[1] is not None:
        return InLedger(0, 0)
    members = _NOBODY if asked.members[1] is None else asked.members[1]
    changes = ledger.difference(asked.segment_id, members)
    entering = int(compute.sum(changes["entered"]).as_py() or 0)
    return InLedger(entering, changes.num_rows - entering)


# --- who is concerned


def _asked(sides: Sides, change: Change, segment_id: str) -> _Asked:
    names = (change.name_before, None if change.after is None else change.name)
    members, errors = zip(_members(sides.before, names[0]), _members(sides.after, names[1]), strict=True)
    return _Asked(change, segment_id, names, members, errors)


def _dependent(sides: Sides, segment_id: str, name: str) -> _Asked:
    members, errors = zip(_members(sides.before, name), _members(sides.after, name), strict=True)
    return _Asked(None, segment_id, (name, name), members, errors)


def _members(asking: Asking, name: str | None) -> tuple[pa.Table | None, UserError | None]:
    if name is None:
        return None, None
    try:
        return asking.numbers(name), None
    except UserError as error:
        return None, error


def _dependents(sides: Sides) -> list[tuple[str, str]]:
    """The id and name of each segment that stays as it is and names, also by others, one that comes to mean another."""
    users: dict[str, set[str]] = {}
    for asking in (sides.before, sides.after):
        id_of = {name: definition.segment_id for name, definition in asking.definitions.items()}
        for definition in asking.definitions.values():
            for name in _named(asking, definition):
                users.setdefault(id_of.get(name, ""), set()).add(definition.segment_id)
    pairs = zip(sides.changes, sides.ids, strict=True)
    todo = [segment_id for change, segment_id in pairs if not change.means_the_same]
    reached: set[str] = set()
    while todo:
        new = users.get(todo.pop(), set()) - reached
        reached |= new
        todo += new
    stay = {definition.segment_id: name for name, definition in sides.after.definitions.items()}
    return sorted(((each, stay[each]) for each in reached - set(sides.ids) if each in stay), key=lambda pair: pair[1])


def _named(asking: Asking, definition: Definition) -> set[str]:
    try:
        return asking.register.named_by(definition)
    except UserError:
        return set()


# --- overlaps


def _overlaps(sides: Sides, asked: Sequence[_Asked]) -> Iterable[Overlap]:
    """Of each two segments that change how many people they share, where they share any on one of the sides."""
    before = _shared(sides.before, [each.members[0] for each in asked])
    after = _shared(sides.before, [each.members[1] for each in asked])
    for place, first in enumerate(asked):
        for other in range(place + 1, len(asked)):
            counts = [found.get((place, other), 0) for found in (before, after)]
            if any(counts):
                second = asked[other]
                told = [
                    count if first.members[side] is not None and second.members[side] is not None else None
                    for side, count in enumerate(counts)
                ]
                yield Overlap(first.name, second.name, *told)


def _shared(asking: Asking, members: Sequence[pa.Table | None]) -> Mapping[tuple[int, int], int]:
    offer_members(asking, [_NOBODY if table is None else table for table in members])
    rows = asking.session.execute(blocks()["overlap"]).to_pylist()
    return {(row["first"], row["second"]): row["shared"] for row in rows}


def _without(members: pa.Table, others: pa.Table) -> pa.Table:
    theirs = others["profile_no"].combine_chunks()
    return members.filter(compute.invert(compute.is_in(members["profile_no"], theirs))).select(["profile_no"])
