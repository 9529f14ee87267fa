"""Columns of everybody that keep up with what happens: those of one state, and the people who have changed since."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

import numpy as np

from intarsia.clock import day_holding
from intarsia.engine.columns.columns import ConsentState, Recorded
from intarsia.engine.columns.derivation import Derivation
from intarsia.engine.columns.growing import recoded
from intarsia.engine.columns.growing_rows import GrowingRows
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.of_facts import FactColumns
from intarsia.engine.columns.rows import Names, Rows
from intarsia.engine.columns.slices import Slice
from intarsia.engine.columns.values import Array, Coded, Values
from intarsia.ids import bucket_number
from intarsia.language.catalog import Catalog, EventType

Key = tuple[str, bool]
"""A type of event: its name, and whether it stands for any."""


class Grown:
    """Columns that grow. What is asked for the first time is read as of the present, and grows from then on.

    present     columns of the state of the record that has been reached
    ids         the profile ids of everybody, by their places
    derivation  makes derived traits; at: as of when, milliseconds UTC
    """

    def __init__(
        self, present: Callable[[], Recorded], ids: Sequence[str | None], derivation: Derivation, at: int
    ) -> None:
        self._present = present
        self.derivation = derivation
        self.ids = list(ids)
        self.at = at
        self.catalog: Catalog = present().catalog
        self._rows: dict[Key, tuple[EventType, frozenset[Names], frozenset[Names], GrowingRows]] = {}
        self._refunds: dict[tuple[Key, Names, frozenset[Names]], tuple[EventType, GrowingRows]] = {}
        self._recorded: dict[Names, Coded] = {}
        self._derived: dict[Names, Coded] = {}
        self._consents: dict[tuple[str, str], tuple[Array, dict[ConsentState, int]]] = {}
        self._buckets: dict[str, Array] = {}
        self._base = np.array(present().base())
        self._known_first = len(self.ids)
        self._order: Array | None = None
        self.has_refunds = present().has_refunds

    @property
    def size(self) -> int:
        """How many places there are."""
        return len(self.ids)

    # --- everybody, as columns

    def base(self) -> Array:
        """Who is in the base."""
        return self._base

    def trait(self, names: Names) -> Values:
        """What a trait is of everybody, derived ones as of the present."""
        trait = self.catalog.trait(names)
        if trait is None or not trait.is_derived:
            return self._said(names)
        if names not in self._derived:
            found = self.derivation.values(names, self._said, self.catalog, self.at)
            self._derived[names] = Coded(found.codes.astype(np.int32), found.dictionary)
        return self._derived[names]

    def _said(self, names: Names) -> Coded:
        """What was recorded of a trait."""
        if names not in self._recorded:
            found = self._present().recorded(names)
            self._recorded[names] = Coded(np.array(found.codes, np.int32), found.dictionary)
        return self._recorded[names]

    def rows(self, event: EventType, paths: Iterable[Names], line_paths: Iterable[Names], *, with_lines: bool) -> Rows:
        """What everybody did of one type, with the columns of some properties; of orders those that count."""
        return self._of_type(event, frozenset(paths), frozenset(line_paths), with_lines=with_lines).joined()

    def _of_type(
        self, event: EventType, own: frozenset[Names], of_lines: frozenset[Names], *, with_lines: bool
    ) -> GrowingRows:
        key = event.name, event.is_any
        held = self._rows.get(key)
        if held is not None:
            _, had_own, had_of_lines, rows = held
            if own <= had_own and of_lines <= had_of_lines and (rows.has_lines or not with_lines):
                return rows
            own, of_lines, with_lines = own | had_own, of_lines | had_of_lines, with_lines or rows.has_lines
        rows = GrowingRows(self._present().rows(event, own, of_lines, with_lines=with_lines))
        rows.people(self.size)
        self._rows[key] = event, own, of_lines, rows
        return rows

    def refunds(self, event: EventType, taken: Names, paths: Iterable[Names]) -> Rows:
        """Refunds: in the column `GIVEN_BACK` what each takes off; in the others what it is matched by."""
        return self._refunded(event, taken, frozenset(paths)).joined()

    def _refunded(self, event: EventType, taken: Names, paths: frozenset[Names]) -> GrowingRows:
        key = (event.name, event.is_any), taken, paths
        if key not in self._refunds:
            rows = GrowingRows(self._present().refunds(event, taken, paths))
            rows.people(self.size)
            self._refunds[key] = event, rows
        return self._refunds[key][1]

    def consents(self, channel: str, purpose: str) -> tuple[Array, list[ConsentState]]:
        """What each person agreed to, as the place of a state, and the states; the first is that of silence."""
        places, states = self._agreed(channel, purpose)
        return places, list(states)

    def _agreed(self, channel: str, purpose: str) -> tuple[Array, dict[ConsentState, int]]:
        if (channel, purpose) not in self._consents:
            places, states = self._present().consents(channel, purpose)
            self._consents[channel, purpose] = np.array(places), {state: place for place, state in enumerate(states)}
        return self._consents[channel, purpose]

    def buckets(self, salt: str) -> Array:
        """The bucket of each person for a salt."""
        if salt not in self._buckets:
            self._buckets[salt] = np.array([bucket_number(salt, profile_id or "") for profile_id in self.ids], np.int64)
        return self._buckets[salt]

    def order_of_ids(self) -> Array:
        """The place of everybody in the order of profile ids."""
        if self._order is None or len(self._order) < self.size:
            self._order = np.zeros(self.size, np.int64)
            self._order[sorted(range(self.size), key=lambda place: (self.ids[place] or "").encode())] = range(self.size)
        return self._order

    def is_new(self, place: int) -> bool:
        """Whether somebody came after the first state, and nothing is known of them yet."""
        return place >= self._known_first and not self._base[place]

    # --- some, as columns

    def part(self, people: Array) -> Part:
        """Some people as columns of their own, in that order."""
        return Part(self, people)

    def some_rows(
        self, people: Array, event: EventType, own: Iterable[Names], of_lines: Iterable[Names], *, with_lines: bool
    ) -> Rows:
        """What some people did of one type."""
        return _theirs(self._of_type(event, frozenset(own), frozenset(of_lines), with_lines=with_lines), people)

    def some_refunds(self, people: Array, event: EventType, taken: Names, paths: Iterable[Names]) -> Rows:
        """The refunds of the orders of some people."""
        return _theirs(self._refunded(event, taken, frozenset(paths)), people)

    # --- growing

    def welcome(self, ids: Sequence[str]) -> Array:
        """Make places for new people; these."""
        before = self.size
        self.ids.extend(ids)
        more = np.zeros(len(ids), np.int32)
        self._base = np.append(self._base, more > 0)
        for rows in self._all_rows():
            rows.people(self.size)
        for said in (self._recorded, self._derived):
            for names, values in said.items():
                said[names] = Coded(np.append(values.codes, more), values.dictionary)
        for pair, (places, states) in self._consents.items():
            self._consents[pair] = np.append(places, more), states
        for salt, buckets in self._buckets.items():
            self._buckets[salt] = np.append(buckets, [bucket_number(salt, profile_id) for profile_id in ids])
        return np.arange(before, self.size)

    def put(self, people: Array, found: FactColumns) -> None:
        """Give some people what all of their facts say.

        Rows that cannot hold it are let go of: whoever asks for them next is told so, or gets others.
        """
        self.has_refunds |= found.has_refunds
        self._base[people] = found.base()
        for key, (event, own, of_lines, rows) in list(self._rows.items()):
            try:
                rows.put(people, found.rows(event, own, of_lines, with_lines=rows.has_lines))
            except NotInColumns:
                del self._rows[key]
        for asked, (event, refunds) in list(self._refunds.items()):
            try:
                refunds.put(people, found.refunds(event, asked[1], asked[2]))
            except NotInColumns:
                del self._refunds[asked]
        for names, values in self._recorded.items():
            values.codes[people] = recoded(found.recorded(names), values.dictionary)
        self._derive(people)
        for pair, (places, states) in self._consents.items():
            theirs, kinds = found.consents(*pair)
            places[people] = np.array([states.setdefault(kind, len(states)) for kind in kinds])[theirs]

    def add(self, people: Array, found: FactColumns) -> Array:
        """Give some people events beside theirs, which change nothing else; those of them who cannot be given so.

        Who has two events of one type at one instant needs all facts: their order goes by ids, which are not kept.
        """
        self._base[people] = True
        tied = [people[:0]]
        for key, (event, own, of_lines, rows) in list(self._rows.items()):
            try:
                new = found.rows(event, own, of_lines, with_lines=rows.has_lines)
                some = np.flatnonzero(np.diff(new.first))
                if len(some):
                    tied.append(rows.tied(people, new))
                    rows.add(people[some], new.taken(some))
            except NotInColumns:
                del self._rows[key]
        return np.unique(np.concatenate(tied))

    def state(self, people: Array, found: FactColumns, names: Sequence[Collection[str]]) -> None:
        """Give some people what they said newly; `names`: of which traits each of them spoke, the others stay."""
        self._base[people] = True
        for path, values in self._recorded.items():
            some = np.flatnonzero([path[0] in spoken for spoken in names])
            if len(some):
                values.codes[people[some]] = recoded(found.recorded(path).taken(some), values.dictionary)
        self._derive(people)

    def _derive(self, people: Array) -> None:
        """Derive what follows from what some people said."""

        def said(path: Names) -> Coded:
            return self._said(path).taken(people)

        for names, values in self._derived.items():
            some = self.derivation.values(names, said, self.catalog, self.at)
            values.codes[people] = recoded(some, values.dictionary)

    def tick(self, at: int) -> None:
        """Let it be an instant; on another day, what follows from traits may be something else."""
        zone = ZoneInfo(self.catalog.timezone)
        if day_holding(at, zone) != day_holding(self.at, zone):
            self._derived = {names: values for names, values in self._derived.items() if not self._is_of_a_day(names)}
        self.at = at

    def _is_of_a_day(self, names: Names) -> bool:
        trait = self.catalog.trait(names)
        return trait is not None and trait.changes_by_time

    def _all_rows(self) -> Iterator[GrowingRows]:
        yield from (rows for _, _, _, rows in self._rows.values())
        yield from (rows for _, rows in self._refunds.values())


def _theirs(rows: GrowingRows, people: Array) -> Rows:
    """The rows of some people; where they follow one another their rows do too, and need not be copied."""
    if len(people) and people[-1] - people[0] == len(people) - 1 and bool((np.diff(people) == 1).all()):
        return rows.stretch(int(people[0]), int(people[-1]) + 1)
    return rows.taken(people)


class Part(Slice):
    """Some people of columns that grow; only what is theirs is looked at."""

    def __init__(self, whole: Grown, people: Array) -> None:
        super().__init__(whole, people)
        self._grown = whole

    def rows(self, event: EventType, paths: Iterable[Names], line_paths: Iterable[Names], *, with_lines: bool) -> Rows:
        """What they did of one type."""
        return self._grown.some_rows(self._people, event, paths, line_paths, with_lines=with_lines)

    def refunds(self, event: EventType, taken: Names, paths: Iterable[Names]) -> Rows:
        """The refunds of their orders."""
        return self._grown.some_refunds(self._people, event, taken, paths)
