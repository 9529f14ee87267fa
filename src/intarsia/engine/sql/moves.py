"""`in segment .. at`, `entered segment`, `left segment`: what was the answer at other instants (rule 40).

Who was a member at one instant is asked in SQL, of a branch of the session. Who moved is decided for each person who
could have, in plain Python and from their facts alone: SQL finds those people. Where a rank decides, everybody's facts
matter at every instant; then everybody is looked at, at each of them: in plain Python where these are few answers, else
in SQL, up to `LOOKS_MOST` instants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.clock import FIRST, MILLISECONDS, to_iso
from intarsia.engine.sql.concerned import Span, batches, concerned, joined_within, spans
from intarsia.errors import Bug
from intarsia.lake.session import Session
from intarsia.language import Checked, tree
from intarsia.language.catalog import Catalog
from intarsia.language.checking.named import Named, NamedSegments, Version
from intarsia.language.interpret import Crowd, Derive, Question
from intarsia.language.interpret.crowd import Chain
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.moves import Group, Groups, Look, Move, Moves
from intarsia.language.interpret.persons import persons
from intarsia.language.meaning.facts import Person
from intarsia.language.meaning.joins import Join, by_id
from intarsia.language.meaning.windows import Interval, instants_of, interval
from intarsia.language.problems.checking import SegmentNotYetThere, TooManyMoves

ANSWERS_FEW = 50_000
"""So many people times instants are looked at in plain Python, where a rank decides who entered or left a segment."""

LOOKS_MOST = 500
"""At so many instants everybody is looked at in SQL, which takes about as long for few people as for many."""

PEOPLE_AT_ONCE = 500
"""Of how many people the facts are held in memory."""

_FARTHEST_ZONE = 27 * MILLISECONDS["hour"]
"""No two zones are farther apart."""


Read = Callable[[Session, Sequence[int]], Sequence[Person]]
"""The people with these profile numbers, each with everything that is recorded of them."""


class Asker(Protocol):
    """What answers a question over everybody: an `Evaluator`."""

    catalog: Catalog
    at: int
    known_at: int
    defined_at: int
    segments: Mapping[str, Checked | Named] | None
    named: NamedSegments
    chain: Chain
    derive: Derive | None
    read: Read | None
    joins: tuple[Join, ...]

    @property
    def session(self) -> Session:
        """The session, in which the base is."""
        ...

    def as_asked(self, at: int, defined_at: int | None = None) -> AbstractContextManager[Asker]:
        """The same people as of another instant, by what was known and by the definitions in force then."""
        ...

    def members_by(self, name: str, version: Version) -> pa.Table:
        """The members of a segment by one version of it."""
        ...

    def ids_of(self, members: pa.Table) -> frozenset[str]:
        """All profile ids of some people of the base."""
        ...

    def with_one_of(self, ids: Iterable[str]) -> pa.Table:
        """Those of the base one of whose profile ids is among these."""
        ...


class Past:
    """What was answered at other instants than that of a question."""

    def __init__(self, evaluator: Asker) -> None:
        self._evaluator = evaluator
        self._members: dict[tuple[str, int], pa.Table] = {}

    def forget(self) -> None:
        """Another question is asked from here on."""
        self._members.clear()

    def members_at(self, node: tree.InSegment) -> pa.Table:
        """Those who were members as it was asked at an instant: `profile_no`; raises `SegmentNotYetThere`."""
        assert node.at is not None
        evaluator = self._evaluator
        at = instants_of(node.at, ZoneInfo(evaluator.catalog.timezone))[0]
        named = evaluator.named[node.name]
        if at < named.created_at:
            raise SegmentNotYetThere(name=node.name, at=to_iso(at), created_at=to_iso(named.created_at), span=node.span)
        if (node.name, at) not in self._members:
            with evaluator.as_asked(at) as earlier:
                found = earlier.ids_of(earlier.members_by(node.name, named.in_force(at)))
            self._members[node.name, at] = evaluator.with_one_of(found)
        return self._members[node.name, at]

    def moved(self, node: tree.Moved) -> pa.Table:
        """Those who entered or left a segment in a window: `profile_no`."""
        evaluator = self._evaluator
        named = evaluator.named[node.name]
        with evaluator.chain.link(node.name, named.in_force(evaluator.defined_at)):
            pass  # A segment that asks when it was entered itself is refused here, whoever is concerned.
        span = self._widest(node)
        if span.lower >= span.upper:
            return evaluator.with_one_of([])
        if evaluator.named.are_ranked([node.name]):
            return evaluator.with_one_of(self._by_everybody(node, span))
        return evaluator.with_one_of(self._by_person(node, span))

    def moments(self, node: tree.Moved, number: int) -> tuple[int, ...]:
        """When one person entered or left a segment in a window, by time; nothing where a rank decides."""
        evaluator = self._evaluator
        if evaluator.named.are_ranked([node.name]):
            return ()
        for numbers in batches(evaluator.session, [number], evaluator.joins, PEOPLE_AT_ONCE):
            crowd, theirs = self._crowd(numbers), self._id_of(number)
            return next((crowd.moments(node, known) for known in crowd.base if theirs in known.person.ids), ())
        return ()

    def _id_of(self, number: int) -> str | None:
        sql = "select profile_id from lake.profiles where profile_no = ?"
        found = self._evaluator.session.execute(sql, [number])["profile_id"].to_pylist()
        return found[0] if found else None

    def _widest(self, node: tree.Moved) -> Span:
        """The stretch of time in which moves can count: after `lower`, up to and with `upper`."""
        evaluator = self._evaluator
        at, catalog = evaluator.at, evaluator.catalog
        found, slack = Interval(), 0
        if node.window is not None:
            zone = ZoneInfo(catalog.timezone)
            found = interval(node.window, at, zone, catalog.first_weekday, catalog.calendar)
            slack = _FARTHEST_ZONE if node.window.local else 0
        lower = FIRST if found.begin is None else found.begin - 1 - slack
        upper = at if found.end is None else min(at, found.end - 1 + slack)
        return Span(max(lower, evaluator.named[node.name].created_at - 1), upper)

    # --- person by person

    def _by_person(self, node: tree.Moved, span: Span) -> Iterator[str]:
        evaluator = self._evaluator
        for numbers in batches(evaluator.session, self._concerned(node, span), evaluator.joins, PEOPLE_AT_ONCE):
            yield from self._crowd(numbers).members(node)

    def _crowd(self, numbers: Sequence[int]) -> Crowd:
        evaluator = self._evaluator
        return Crowd(
            evaluator.catalog,
            self._read(numbers),
            Question(evaluator.at, evaluator.known_at),
            segments=evaluator.segments,
            derive=evaluator.derive,
            joins=evaluator.joins,
        )

    def _concerned(self, node: tree.Moved, span: Span) -> list[int]:
        evaluator = self._evaluator
        reached = evaluator.named.reached([node.name])
        rules = [rule for name in reached for rule in evaluator.named.rules(name)]
        by_hand = [pin.profile_id for named in reached.values() for pin in named.pins]
        ids = {*by_hand, *joined_within(evaluator.joins, span)}
        return concerned(evaluator.session, spans(rules, evaluator.catalog, span), span, ids)

    def _read(self, numbers: Sequence[int]) -> Sequence[Person]:
        read = self._evaluator.read
        if read is None:
            raise Bug(what="nobody handed in what reads the facts of people")
        return read(self._evaluator.session, numbers)

    # --- everybody, at each instant

    def _by_everybody(self, node: tree.Moved, span: Span) -> Iterable[str]:
        evaluator = self._evaluator
        numbers = evaluator.session.execute("select profile_no from lake.profiles")["profile_no"].to_pylist()
        instants = self._instants(span)
        if instants * len(numbers) <= ANSWERS_FEW:
            return self._crowd(numbers).members(node)
        if instants > LOOKS_MOST:
            raise TooManyMoves(name=node.name, needed=instants, most=LOOKS_MOST, span=node.span)
        return self._by_looks(node, span, numbers)

    def _instants(self, span: Span) -> int:
        """At how many instants of a span something happened or was learned; edges of windows come to that."""
        found = self._evaluator.session.execute(
            "select count(distinct moment) as n from (select unnest([epoch_ms(occurred_at), epoch_ms(recorded_at)]) "
            "as moment from lake.events where profile_no is not null) where moment > $lower and moment <= $upper",
            {"lower": span.lower, "upper": span.upper},
        )
        return int(found["n"][0].as_py())

    def _by_looks(self, node: tree.Moved, span: Span, numbers: Sequence[int]) -> Iterator[str]:
        evaluator = self._evaluator
        people = self._read(numbers)
        group = Groups(people, by_id(evaluator.joins)).everybody
        moves = Moves(
            evaluator.named,
            evaluator.catalog,
            self._look,
            derive=evaluator.derive,
            known_at=evaluator.known_at,
            looks_most=LOOKS_MOST,
        )
        found = moves.of(node.name, group, span.lower, span.upper)
        for person in persons(people, by_id(evaluator.joins), evaluator.known_at):
            if self._has_moved(node, person, found):
                yield person.id

    def _has_moved(self, node: tree.Moved, person: Person, moves: Sequence[Move]) -> bool:
        evaluator, ids = self._evaluator, frozenset(person.ids)
        own = [move for move in moves if move.is_of(ids, node.how)]
        if node.window is None or not own:
            return bool(own)
        question = Question(evaluator.at, evaluator.known_at)
        span = Known(person, question, evaluator.catalog, evaluator.derive).when.instants(node.window)
        return any(span.holds(move.at) for move in own)

    def _look(self, group: Group, name: str, look: Look) -> frozenset[str]:
        evaluator = self._evaluator
        with evaluator.as_asked(look.at, look.defined_at) as earlier:
            version = evaluator.named[name].in_force(look.defined_at)
            return earlier.ids_of(earlier.members_by(name, version)) & group.ids
