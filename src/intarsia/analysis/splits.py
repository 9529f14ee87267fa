"""Splits of segments by share: made, and looked at: how many people each part has, and whether chance explains that."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import numpy as np

from intarsia.analysis.chi_square import ChiSquare, chi_square
from intarsia.segment.asking import Asking, AsOf
from intarsia.segment.definitions import Definition
from intarsia.segment.split_parts import WHOLE, merged, size_of
from intarsia.segment.splitting import Drawn, Splitting
from intarsia.store.store import Store

When = str | datetime | None
Ask = Callable[[When, When], AbstractContextManager[Asking]]


@dataclass(frozen=True)
class SplitPart:
    """A part of a segment: its definition, its share of the buckets in millionths, and how many people are in."""

    definition: Definition
    millionths: int
    size: int

    def to_json(self) -> dict[str, object]:
        """The definition, the share from 0 to 1, and the size."""
        return {**self.definition.to_json(), "share": self.millionths / WHOLE, "size": self.size}


@dataclass(frozen=True)
class Split:
    """The parts of a segment that were drawn with one salt.

    size        how many are in the segment
    unassigned  how many of them are in no part; unassigned_millionths: the share of the buckets that no part has
    balance     the sizes beside the shares; None: there is nothing to compare, or somebody wrote parts that overlap
    """

    name: str
    salt: str
    size: int
    parts: tuple[SplitPart, ...]
    unassigned_millionths: int
    unassigned: int
    balance: ChiSquare | None
    as_of: AsOf

    def to_json(self) -> dict[str, object]:
        """Salt, sizes, parts with their rules, what is in no part, the test of balance, and as of."""
        return {
            "segment": self.name,
            "salt": self.salt,
            "size": self.size,
            "parts": [part.to_json() for part in self.parts],
            "unassigned": {"share": self.unassigned_millionths / WHOLE, "size": self.unassigned},
            "balance": None if self.balance is None else self.balance.to_json(),
            "as_of": self.as_of.to_json(),
        }


class Splits:
    """The splits of one workspace.

    ask  opens a question as of an instant, by what was known at another
    now  the present, milliseconds UTC; new_id: an id for a new segment
    """

    def __init__(self, store: Store, *, ask: Ask, now: Callable[[], int], new_id: Callable[[], str]) -> None:
        self._splitting = Splitting(store, now=now, new_id=new_id)
        self._ask = ask

    def make(self, name: str, into: str, *, salt: str | None = None, at: When = None) -> Split:
        """Split a segment into parts, `a 10%, b 10%, rest`, or give the parts that are there other shares.

        See `Splitting.split`. Raises `NoSuchSegment`, `BadSplit`, `NameTaken`, `OtherSalt`, and what
        is wrong with a segment that is invalid; then nothing is changed.
        """
        with self._ask(at, None) as asking:
            if name in asking.invalid:
                raise asking.invalid[name]
        used = self._splitting.split(name, into, salt)
        return next(split for split in self.show(name, at) if split.salt == used)

    def show(self, name: str, at: When = None, known_at: When = None) -> list[Split]:
        """Every split of a segment as it stands, by salt; raises `NoSuchSegment`."""
        drawn = self._splitting.drawn(name)
        with self._ask(at, known_at) as asking:
            return [_counted(asking, name, list(parts)) for _, parts in groupby(drawn, lambda one: one.part.salt)]


def _counted(asking: Asking, name: str, drawn: list[Drawn]) -> Split:
    members = asking.numbers(name)["profile_no"].to_numpy()
    found = [asking.numbers(one.definition.name)["profile_no"].to_numpy() for one in drawn]
    parts = [SplitPart(one.definition, one.part.share, len(people)) for one, people in zip(drawn, found, strict=True)]
    unassigned = len(np.setdiff1d(members, np.concatenate(found)))
    ranges = [one for each in drawn for one in each.part.ranges]
    left = WHOLE - size_of(merged(ranges))
    cells = [(part.size, part.millionths) for part in parts] + ([(unassigned, left)] if left else [])
    is_disjoint = sum(share for _, share in cells) == WHOLE
    balance = chi_square([count for count, _ in cells], [share for _, share in cells]) if is_disjoint else None
    return Split(name, drawn[0].part.salt, len(members), tuple(parts), left, unassigned, balance, asking.as_of)
