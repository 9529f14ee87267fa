"""Evidence: which profiles are one by which identifier, from when to when; and which identifiers join nobody, and why.

Everything here follows from what was recorded up to the instant that is asked about, so the order of arrival never
matters (rule 3): an identifier that too many turn out to share ceases to join those whom it joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Literal, NamedTuple

import pyarrow as pa

from intarsia.identity.guards import Name, all_fit, is_role
from intarsia.identity.kinds import ALL, EXPLICIT, MERGE, IdentifierKind
from intarsia.identity.names import UNNAMED, NameHistory, name_histories
from intarsia.lake.session import Session
from intarsia.lake.statements import statements
from intarsia.language.meaning.joins import Join
from intarsia.record.messages import ANONYMOUS

Refusal = Literal["kind", "role", "many", "device", "names"]
"""Why an identifier joins nobody: its kind joins nobody here, it is of a role, too many claim it, several people used
the device, or the first names of those who claim it do not fit."""


@dataclass(frozen=True)
class Rules:
    """What the settings say of joining.

    kinds  by name, those that are known; joining: the names of those that join, or `all`
    most   so many profiles may claim one identifier
    """

    kinds: Mapping[str, IdentifierKind]
    joining: frozenset[str]
    most: int

    def joins(self, kind: str) -> bool:
        """Whether a kind joins; what people decided always does."""
        return kind == MERGE or ((kind in self.kinds or kind in EXPLICIT) and bool({kind, ALL} & self.joining))


class Holder(NamedTuple):
    """A profile that claims an identifier.

    claimed_at  since when; None: only in that the identifier is its own id (`is_owner`)
    barred_at   from when on it joins this profile to nobody; None: it does
    """

    profile_no: int
    claimed_at: int | None
    barred_at: int | None
    is_owner: bool

    def is_there(self, known_at: int) -> bool:
        """Whether the profile claims it by what was recorded up to an instant."""
        return self.is_owner or (self.claimed_at is not None and self.claimed_at <= known_at)

    def is_barred(self, known_at: int) -> bool:
        """Whether somebody decided by then that it joins this profile to nobody."""
        return self.barred_at is not None and self.barred_at <= known_at


class Stand(NamedTuple):
    """How it stands with an identifier from an instant on: who claims it, whom it joins, or why it joins nobody.

    A profile that is barred counts among those who claim it: what is shared by many stays so.
    """

    since: int
    claimed_by: tuple[int, ...]
    joined: tuple[int, ...]
    refusal: Refusal | None


@dataclass(frozen=True)
class Shared:
    """An identifier that several profiles claim, or did.

    holders  who they are, of very many the first; count: how many they are
    stands   how it stood, by time
    """

    kind: str
    value: str
    count: int
    holders: tuple[Holder, ...]
    stands: tuple[Stand, ...]

    def at(self, known_at: int | None) -> Stand:
        """How it stood by what was recorded up to an instant; None: by everything."""
        found = [stand for stand in self.stands if known_at is None or stand.since <= known_at]
        return found[-1] if found else Stand(0, (), (), None)

    def spans(self) -> Iterator[tuple[int, int, int, int | None]]:
        """Pairs of profiles that it makes one, each with from and until when; a chain through all of them."""
        opened: dict[tuple[int, int], int] = {}
        for stand in self.stands:
            pairs = set(pairwise(stand.joined))
            for pair in opened.keys() - pairs:
                yield (*pair, opened.pop(pair), stand.since)
            for pair in pairs - opened.keys():
                opened[pair] = stand.since
        yield from ((*pair, since, None) for pair, since in opened.items())


_Key = tuple[str, str, int]
"""Kind and value of an identifier, and how many claim it."""


class Evidence:
    """All identifiers that several profiles share, in one state of the lake, for every instant."""

    def __init__(self, session: Session, rules: Rules) -> None:
        self._session = session
        self._rules = rules

    @cached_property
    def shared(self) -> tuple[Shared, ...]:
        """The identifiers by kind and value."""
        if not self._session.snapshots["identities"].row_count:
            return ()
        values = {"explicit": list(EXPLICIT)}
        self._session.execute(blocks()["shared_values"], values)
        rows = self._session.execute(blocks()["claims"], {**values, "first": self._rules.most + 1}).to_pylist()
        found: dict[_Key, list[Holder]] = {}
        for (kind, value), some in groupby(rows, key=itemgetter("kind", "value")):
            for row in some:
                holder = Holder(*(row[name] for name in Holder._fields))
                found.setdefault((kind, value, row["count"]), []).append(holder)
        names = self._names(found)
        return tuple(
            Shared(kind, value, count, tuple(holders), tuple(self._stands(kind, value, holders, names)))
            for (kind, value, count), holders in found.items()
        )

    def joins(self) -> tuple[Join, ...]:
        """Which profiles are one, from and until when."""
        spans = [span for shared in self.shared for span in shared.spans()]
        id_of = ids_of(self._session, {number for span in spans for number in span[:2]})
        return tuple(Join(id_of[one], id_of[other], begin, end) for one, other, begin, end in spans)

    def _names(self, found: Mapping[_Key, Sequence[Holder]]) -> Mapping[int, NameHistory]:
        """The first names of those whom an identifier may join that is not sure to be one person's."""
        unsure = [
            holder.profile_no
            for (kind, *_), holders in found.items()
            if kind in self._rules.kinds and self._rules.joins(kind)
            for holder in holders
        ]
        return name_histories(self._session, unsure, blocks()["names"]) if unsure else {}

    def _stands(
        self, kind: str, value: str, holders: Sequence[Holder], names: Mapping[int, NameHistory]
    ) -> Iterator[Stand]:
        before: Stand | None = None
        for instant in sorted(set(_instants(holders, {} if kind in EXPLICIT else names))):
            there = [holder for holder in holders if holder.is_there(instant)]
            said = [names.get(holder.profile_no, UNNAMED).at(instant) for holder in there]
            refusal = self._refusal(kind, value, there, said)
            free = [holder.profile_no for holder in there if refusal is None and not holder.is_barred(instant)]
            joined = tuple(free) if len(free) > 1 else ()
            stand = Stand(instant, tuple(holder.profile_no for holder in there), joined, refusal)
            if before is None or stand[1:] != before[1:]:
                yield stand
            before = stand

    def _refusal(self, kind: str, value: str, there: Sequence[Holder], names: Sequence[Name]) -> Refusal | None:
        users = [holder for holder in there if not holder.is_owner]
        if not self._rules.joins(kind):
            return "kind"
        if kind == MERGE:
            return None
        if kind == ANONYMOUS:
            return "device" if len(users) > 1 else None
        if kind == "email" and is_role(value):
            return "role"
        if len(users) > self._rules.most:
            return "many"
        if kind in EXPLICIT or all_fit(names):
            return None
        return "names"


def ids_of(session: Session, numbers: Iterable[int]) -> Mapping[int, str]:
    """The profile ids by the profiles' numbers."""
    session.register("shown_people", pa.table({"profile_no": pa.array(sorted(numbers), pa.int64())}))
    rows = session.execute("select profile_no, profile_id from lake.profiles semi join shown_people using (profile_no)")
    return dict(zip(rows["profile_no"].to_pylist(), rows["profile_id"].to_pylist(), strict=True))


def _instants(holders: Sequence[Holder], names: Mapping[int, NameHistory]) -> Iterator[int]:
    """Where it may begin to stand otherwise."""
    for holder in holders:
        yield from (at for at in (holder.claimed_at, holder.barred_at) if at is not None)
        yield from names.get(holder.profile_no, UNNAMED).instants


def blocks() -> Mapping[str, str]:
    """The SQL of each statement of evidence.sql, by name."""
    return statements(Path(__file__).with_name("evidence.sql"))
