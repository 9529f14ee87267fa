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
from intarsia.engine.columns.id_order import IdOrder
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.new_events import NewEvents
from intarsia.engine.columns.of_facts import FactColumns
from intarsia.engine.columns.profile_ids import GrowingIds, ProfileIds
from intarsia.engine.columns.rows import Names, Rows
from intarsia.engine.columns.slices import Slice
from intarsia.engine.columns.values import Array, Coded, Values
from intarsia.ids import bucket_number
from intarsia.language.catalog import Catalog, EventType

Key = tuple[str, bool]
"""A type of event: its name, and whether it stands for any."""

FEWEST_WAITING, SHARE_WAITING = 16, 64
"""Places for new people that are made at a time: so many, or one for so many people."""


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
        self._behind: tuple[Array, FactColumns] | None = None
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
        self._is_unmet = np.zeros(len(self.ids), np.bool_)
        self._order = IdOrder(self.ids)
        self._profile_ids: GrowingIds | None = None
        self._identified: Array | None = None
        self._size = len(self.ids)
        self.has_refunds = present().has_refunds

    @property
    def size(self) -> int:
        """How many places there are, those included that wait for new people: they are nobody's, outside the base."""
        return self._size

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
            said = Coded(self._for_everybody(found.codes.astype(np.int32)), found.dictionary)
            if self._behind is not None:
                people, theirs = self._behind
                said.codes[people] = recoded(theirs.recorded(names), said.dictionary)
            self._recorded[names] = said
        return self._recorded[names]

    def _for_everybody(self, codes: Array) -> Array:
        """The codes of people, also of those behind the last of them, who have none."""
        return np.append(codes, np.zeros(self.size - len(codes), codes.dtype))

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
        if self._behind is not None:
            people, theirs = self._behind
            rows.put(people, theirs.rows(event, own, of_lines, with_lines=with_lines))
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
            if self._behind is not None:
                people, theirs = self._behind
                rows.put(people, theirs.refunds(event, taken, paths))
            self._refunds[key] = event, rows
        return self._refunds[key][1]

    def consents(self, channel: str, purpose: str) -> tuple[Array, list[ConsentState]]:
        """What each person agreed to, as the place of a state, and the states; the first is that of silence."""
        places, states = self._agreed(channel, purpose)
        return places, list(states)

    def _agreed(self, channel: str, purpose: str) -> tuple[Array, dict[ConsentState, int]]:
        if (channel, purpose) not in self._consents:
            places, states = self._present().consents(channel, purpose)
            numbers = {state: place for place, state in enumerate(states)}
            agreed = self._for_everybody(np.array(places))
            if self._behind is not None:
                people, theirs = self._behind
                agreed[people] = _numbered(numbers, *theirs.consents(channel, purpose))
            self._consents[channel, purpose] = agreed, numbers
        return self._consents[channel, purpose]

    def buckets(self, salt: str) -> Array:
        """The bucket of each person for a salt."""
        if salt not in self._buckets:
            self._buckets[salt] = np.zeros(self.size, np.int64)
            self._give_buckets(salt, 0)
        return self._buckets[salt]

    def _give_buckets(self, salt: str, first: int) -> None:
        numbers = [bucket_number(salt, profile_id or "") for profile_id in self.ids[first:]]
        self._buckets[salt][first : len(self.ids)] = numbers

    def order_of_ids(self) -> Array:
        """Of everybody a number that rises as profile ids do."""
        return self._order.numbers(self.size)

    def profile_ids(self) -> ProfileIds:
        """The profile ids of everybody, all of who was made of several profiles."""
        if self._profile_ids is None:
            self._profile_ids = GrowingIds(self.ids, self._present().profile_ids().other_texts())
        return self._profile_ids.present(self.size)

    def identified(self) -> Array:
        """Who is known by name."""
        if self._identified is None:
            self._identified = self._for_everybody(np.array(self._present().identified()))
        return self._identified

    def can_add(self, people: Array) -> Array:
        """Of some people, whether new facts only add to theirs: they are in the base, or nothing is known of them yet.

        Of whom something is known and who is outside the base was deleted, or is part of another person.
        """
        return self._base[people] | self._is_unmet[people]

    # --- all that there is

    def all_identified(self) -> Array | None:
        """Who is known by name, if that was ever asked for."""
        return self._identified

    def all_recorded(self) -> dict[Names, Coded]:
        """What was recorded of every trait that was ever asked for."""
        return dict(self._recorded)

    def all_rows(self) -> Iterator[tuple[EventType, Rows, bool]]:
        """The rows of every type that was ever asked for, and whether they have lines if the type has any."""
        for event, _, _, rows in self._rows.values():
            yield event, rows.joined(), rows.has_lines

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
        before = len(self.ids)
        self.ids.extend(ids)
        if len(self.ids) > self.size:
            self._make_room(len(self.ids) + max(FEWEST_WAITING, len(self.ids) // SHARE_WAITING))
        self._is_unmet[before : len(self.ids)] = True
        for salt in self._buckets:
            self._give_buckets(salt, before)
        return np.arange(before, len(self.ids))

    def _make_room(self, size: int) -> None:
        """Let there be so many places; that takes long where there are many, so some are made ahead."""
        self._size = size
        self._base, self._is_unmet = self._for_everybody(self._base), self._for_everybody(self._is_unmet)
        if self._identified is not None:
            self._identified = self._for_everybody(self._identified)
        for rows in self._all_rows():
            rows.people(size)
        for said in (self._recorded, self._derived):
            for names, values in said.items():
                said[names] = Coded(self._for_everybody(values.codes), values.dictionary)
        for pair, (places, states) in self._consents.items():
            self._consents[pair] = self._for_everybody(places), states
        for salt, buckets in self._buckets.items():
            self._buckets[salt] = self._for_everybody(buckets)

    def put(self, people: Array, found: FactColumns) -> None:
        """Give some people what all of their facts say.

        Rows that cannot hold it are let go of: whoever asks for them next is told so, or gets others.
        """
        self.has_refunds |= found.has_refunds
        self._base[people], self._is_unmet[people] = found.base(), False
        if self._profile_ids is not None:
            self._profile_ids.put(people, found.profile_ids())
        if self._identified is not None:
            self._identified[people] = found.identified()
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
            places[people] = _numbered(states, *found.consents(*pair))

    def catch_up(self, people: Array, found: FactColumns) -> None:
        """Give some people what all of their facts say, also in what is read later: that is of an earlier state."""
        self._behind = people, found
        self.put(people, found)

    def read_from(self, present: Callable[[], Recorded]) -> None:
        """Read what is asked for the first time from other columns from now on; they are of the state reached."""
        self._present, self._behind = present, None

    def add(self, people: Array, found: NewEvents) -> Array:
        """Give some people events beside theirs, which change nothing else; those of them who cannot be given so.

        Who has two events of one type at one instant needs all facts: their order goes by ids, which are not kept.
        """
        self._base[people] = True
        self._identify(people, found.identified())
        tied = [people[:0]]
        for key, (event, own, of_lines, rows) in list(self._rows.items()):
            try:
                new = found.rows(event, own, of_lines, with_lines=rows.has_lines)
                some = np.flatnonzero(np.diff(new.first))
                if len(some):
                    tied.append(rows.add(people[some], new.taken(some)))
            except NotInColumns:
                del self._rows[key]
        return np.unique(np.concatenate(tied))

    def state(self, people: Array, found: FactColumns, names: Sequence[Collection[str]]) -> None:
        """Give some people what they said newly; `names`: of which traits each of them spoke, the others stay."""
        self._base[people] = True
        self._identify(people, found.identified())
        for path, values in self._recorded.items():
            some = np.flatnonzero([path[0] in spoken for spoken in names])
            if len(some):
                values.codes[people[some]] = recoded(found.recorded(path).taken(some), values.dictionary)
        self._derive(people)

    def _identify(self, people: Array, are_identified: Array) -> None:
        """Know some people by name who were not before."""
        if self._identified is not None:
            self._identified[people] |= are_identified

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


def _numbered(states: dict[ConsentState, int], theirs: Array, kinds: Sequence[ConsentState]) -> Array:
    """States of consent by the numbers that they have, or get now."""
    found: Array = np.array([states.setdefault(kind, len(states)) for kind in kinds])[theirs]
    return found


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
