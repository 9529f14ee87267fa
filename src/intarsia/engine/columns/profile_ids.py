"""Profile ids of people, who are found by any of theirs. An id stays what it is: what was found of one is kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa

from intarsia.engine.columns.values import FEW, Array

NOBODY = -1
"""The number of no id: nobody is in that place."""

Which = Callable[[pa.Array], Array]
"""Of some ids, whether something holds of each; null is none, of which nothing holds."""


class IdTexts:
    """Profile ids by their numbers, in the order in which they came; more may come."""

    def __init__(self, ids: Sequence[str | None] | pa.Array) -> None:
        self._first = pa.array(ids, pa.large_string())
        self._more: list[str | None] = []
        self._tables: dict[Hashable, Array] = {}

    def __len__(self) -> int:
        return len(self._first) + len(self._more)

    def add(self, ids: Iterable[str | None]) -> Array:
        """Have more ids; their numbers. One that was there already gets another number beside its own."""
        before = len(self)
        self._more.extend(ids)
        return np.arange(before, len(self))

    def taken(self, numbers: Array) -> pa.Array:
        """Some ids."""
        size = len(self._first)
        if not len(numbers) or numbers.max() < size:
            return self._first.take(pa.array(numbers, pa.int64()))
        found = [self._first[n].as_py() if n < size else self._more[n - size] for n in numbers.tolist()]
        return pa.array(found, pa.large_string())

    def _from(self, number: int) -> pa.Array:
        """The ids from a number on."""
        size = len(self._first)
        if number >= size:
            return pa.array(self._more[number - size :], pa.large_string())
        return pa.concat_arrays([self._first[number:], pa.array(self._more, pa.large_string())])

    def hold(self, numbers: Array, key: Hashable, which: Which) -> Array:
        """Of some ids, whether something holds; `key`: what is found of all is kept by it, None: it is not."""
        if len(numbers) * FEW < len(self) and key not in self._tables:
            different, place = np.unique(numbers, return_inverse=True)
            return which(self.taken(different))[place]
        found = self._tables.get(key, np.zeros(0, np.bool_))
        if len(found) < len(self):
            found = np.append(found, which(self._from(len(found))))
            if key is not None:
                self._tables[key] = found
        return found[numbers]


@dataclass(frozen=True)
class ProfileIds:
    """The profile ids of people, who go by places.

    own     the number of each person's own id, or `NOBODY`
    others  of those who were made of several profiles the numbers of the other ids, by that of their own
    """

    texts: IdTexts
    own: Array
    others: Mapping[int, Sequence[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, people: Iterable[Sequence[str]]) -> ProfileIds:
        """Of some people in their order: the ids of each, the own one first."""
        ids, own, others = list[str](), list[int](), dict[int, Sequence[int]]()
        for theirs in people:
            first = len(ids)
            own.append(first)
            ids.extend(theirs)
            if len(theirs) > 1:
                others[first] = range(first + 1, len(ids))
        return cls(IdTexts(ids), np.array(own, np.int64), others)

    def taken(self, people: Array) -> ProfileIds:
        """Those of some people."""
        return replace(self, own=self.own[people])

    def widened(self, size: int) -> ProfileIds:
        """The same with so many places, nobody in those behind."""
        more = np.full(size - len(self.own), NOBODY, self.own.dtype)
        return replace(self, own=np.append(self.own, more)) if len(more) else self

    def which(self, key: Hashable, which: Which) -> Array:
        """Of each person, whether something holds of one of their ids; `key` names it, None: it is asked anew."""
        found = np.zeros(len(self.own), np.bool_)
        there = np.flatnonzero(self.own != NOBODY)
        found[there] = self.texts.hold(self.own[there], key, which)
        places, numbers = self._of_others
        if len(places):
            found[places[self.texts.hold(numbers, key, which)]] = True
        return found

    @cached_property
    def _of_others(self) -> tuple[Array, Array]:
        """The number of each other id, and the place of the person who has it."""
        own = enumerate(self.own.tolist()) if self.others else ()
        pairs = [(place, other) for place, number in own for other in self.others.get(number, ())]
        found = np.array(pairs, np.int64).reshape(-1, 2)
        return found[:, 0], found[:, 1]

    def other_texts(self) -> dict[int, list[str]]:
        """The other ids of those who have any, by their places."""
        places, numbers = self._of_others
        found: dict[int, list[str]] = {}
        for place, text in zip(places.tolist(), self.texts.taken(numbers).to_pylist(), strict=True):
            found.setdefault(place, []).append(text)
        return found


class GrowingIds:
    """Profile ids of people who come, and become one with others or cease to be.

    ids     everybody's own ones by their places, a list that may grow
    others  the other ids of who was made of several profiles, by their places
    """

    def __init__(self, ids: Sequence[str | None], others: Mapping[int, Sequence[str]]) -> None:
        self._ids = ids
        self._texts = IdTexts(ids)
        self._own: Array = np.arange(len(ids))
        self._others: dict[int, Sequence[int]] = {}
        self._known = len(ids)
        self._have(others)

    def present(self, size: int) -> ProfileIds:
        """All of them at present; `size`: how many places there are, those behind the last id included."""
        if self._known < len(self._ids) or len(self._own) < size:
            new = self._texts.add(self._ids[self._known :])
            waiting = np.full(size - len(self._ids), NOBODY, np.int64)
            self._own = np.concatenate((self._own[: self._known], new, waiting))
            self._known = len(self._ids)
        return ProfileIds(self._texts, self._own, self._others)

    def put(self, people: Array, found: ProfileIds) -> None:
        """Give some people the other ids that they have now, and no more."""
        self.present(len(self._own))
        for place in people.tolist():
            self._others.pop(int(self._own[place]), None)
        self._have({int(people[place]): theirs for place, theirs in found.other_texts().items()})

    def _have(self, others: Mapping[int, Sequence[str]]) -> None:
        for place, theirs in others.items():
            self._others[int(self._own[place])] = self._texts.add(theirs).tolist()
