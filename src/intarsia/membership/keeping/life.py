"""Who is in which segment, kept up in memory as messages come and time goes by, and written down now and then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from intarsia.engine.columns.build import Builder
from intarsia.engine.columns.cache import Cache
from intarsia.engine.columns.values import Array
from intarsia.engine.columns.widened import Widened
from intarsia.engine.live.changed import Cause, Change
from intarsia.engine.live.live import Live
from intarsia.errors import Phrase
from intarsia.lake.lake import Lake
from intarsia.lake.schemas import PROFILES
from intarsia.lake.session import Session
from intarsia.membership.keeping.basis import Basis
from intarsia.membership.keeping.book import Book
from intarsia.membership.keeping.checking import Round
from intarsia.membership.keeping.in_ledger import InLedger
from intarsia.membership.keeping.meanwhile import Meanwhile
from intarsia.membership.keeping.memory import Memory, remember
from intarsia.membership.keeping.seen import Seen
from intarsia.membership.runs import Look
from intarsia.membership.standing import Standing, Standings
from intarsia.record.intake import MARK, Projector
from intarsia.record.record import APP as RECORD
from intarsia.record.tail import Tail
from intarsia.segment.asking import Asking
from intarsia.segment.definitions import Definition, revision
from intarsia.segment.present import Present, keep, present, read_people
from intarsia.segment.reached import Reached
from intarsia.store.journal import Journal
from intarsia.store.store import Store

BATCHES_AT_ONCE = 200
DIFFERENCES_MOST = 100
"""So many differences are told at most, the last ones."""


@dataclass(frozen=True)
class Parts:
    """What a keeper works on.

    folder        where columns are kept between its lives
    ask           a question as of an instant over what is recorded; open_session: over the present state of the lake
    erased        how many people have ever been erased
    now           the present, milliseconds UTC; new_id: an id that sorts by time
    log           takes what was found torn and is worked out anew, in sentences
    """

    folder: Path
    lake: Lake
    store: Store
    journal: Journal
    projector: Projector
    tail: Tail
    ask: Callable[[int], Asking]
    open_session: Callable[[], Session]
    erased: Callable[[], int]
    now: Callable[[], int]
    new_id: Callable[[], str]
    log: Callable[[Phrase], None]


@dataclass
class Account:
    """What a keeper has done so far: messages taken, changes told, people checked; `told`: where the check differed."""

    taken: int = 0
    changes: int = 0
    checked: int = 0
    told: tuple[str, ...] = ()


class BeginAnew(Exception):
    """What a life rests on has changed: somebody was erased, goes by another number, or a word is of another kind."""


class Life:
    """One life of a keeper: from reading what is recorded up to when somebody changes what all rests on.

    at       as of when it begins, milliseconds UTC
    account  what has been done, which goes on; tell: told of changes as soon as they are known
    """

    def __init__(self, parts: Parts, at: int, account: Account, tell: Callable[[Sequence[Change]], None]) -> None:
        self._parts = parts
        self._account = account
        self._subscriber = tell
        self._basis: Basis | None = None
        self._revision = revision(parts.store)
        self._standings: list[Standing] = []
        self._round = Round()
        self.waiting = 0
        # First: what a question sees that is opened later is of no earlier state.
        self._erased = parts.erased()
        with parts.lake.writing():
            parts.projector.project()
            self._taken = parts.journal.mark(MARK)
            numbers = parts.lake.mark_of(PROFILES.name, RECORD) or 0
            asked = parts.ask(at)
        kept = present(asked, parts.folder, self._erased, numbers + 1, log=parts.log)
        with asked as asking, kept as found:
            self._asking = asking
            now = Reached.by(asking, self._erased)
            memory = Memory(asking, found.columns.size, found.cache)
            self._seen = Seen(parts.open_session, *memory.seen(now.event_no))
            self._seen.catch_up(now.event_no)
            self._book = self._new_book(memory.in_ledger())
            self.live = self._new_live(found, memory)
            self._meanwhile = Meanwhile(self.live, now)
            self._define()
            found.columns.read_from(self._columns_now)
            self._write(is_first=True)

    def _new_book(self, in_ledger: InLedger) -> Book:
        parts = self._parts
        return Book(
            parts.lake,
            parts.store,
            in_ledger,
            open_session=parts.open_session,
            differs=self._differs,
            now=parts.now,
            new_id=parts.new_id,
        )

    def _new_live(self, found: Present, memory: Memory) -> Live:
        """Who is in at the beginning: who is so by the ledger, until the definitions are taken."""
        in_ledger, definitions = self._book.in_ledger, self._asking.definitions
        members = {name: in_ledger.of(one.segment_id).copy() for name, one in definitions.items()}
        live = Live(
            found.columns,
            found.places,
            {},
            answer=self._answer,
            arrivals=memory.arrivals(),
            members=members,
            is_superseded=lambda: revision(self._parts.store) != self._revision,
        )
        for place, instant in memory.ahead().items():
            live.await_instant(place, instant)
        live.note_past(found.changed)
        return live

    @property
    def is_behind(self) -> bool:
        """Whether messages have come that are not taken."""
        return self._parts.journal.last > self._taken

    @property
    def has_news(self) -> bool:
        """Whether anything is not written down yet, or is found only then: who is in what columns do not answer."""
        return bool(self.waiting or self._book.waiting or self.live.by_others)

    def step(self, at: int) -> bool:
        """Let it be an instant, milliseconds UTC, and take what has come by now; whether anything had.

        Raises `BeginAnew` where the journal has let go of what was not taken yet: it was recorded elsewhere.
        """
        at = max(at, self.live.at)
        batches = self._parts.journal.after(self._taken, most=BATCHES_AT_ONCE)
        if not batches:
            if self.is_behind:
                raise BeginAnew
            self._tell(self.live.tick(at))
            return False
        if batches[0].batch_no != self._taken + 1:
            raise BeginAnew
        arrived = self._parts.tail.read(batches)
        known = self._seen.among([one.fact.id for one in arrived])
        facts = [(one.profile_id, one.fact) for one in arrived if one.profile_id and one.fact.id not in known]
        changes = self.live.take(facts, at)
        self._taken = batches[-1].batch_no
        self._meanwhile.took(facts)
        self.waiting += len(arrived)
        self._account.taken += len(facts)
        self._tell(changes)
        return True

    def settle(self, at: int) -> None:
        """Bring everything into the record and the ledger; raises `BeginAnew`, and what the disk or another does."""
        parts = self._parts
        with parts.lake.writing():
            self.step(at)
            # What another process has recorded meanwhile; the rest may wait.
            while self._taken < parts.journal.mark(MARK):
                self.step(at)
            parts.projector.project(self._taken)
            asking = parts.ask(self.live.at)
        self.waiting = 0
        with asking:
            now = Reached.by(asking, self._erased)
            is_same = self._is_current() and self._meanwhile.reached.leads_to(now)
            if not is_same or not self._meanwhile.has_the_same_people(asking):
                raise BeginAnew
            self._book.in_ledger.widen(self.live.columns.size)
            self._asking = asking
            self._learn(now)
            if self.live.unfinished or self._basis is None or Basis.of(asking).differs(self._basis):
                self._define()
            self._tell(self.live.refresh())
            self._check()
            self._write()

    def _is_current(self) -> bool:
        """Whether nobody has been erased since this life began."""
        return self._parts.erased() == self._erased

    def close(self) -> None:
        """Let go of files."""
        self._seen.close()

    def keep(self) -> None:
        """Keep the columns for the next life, unless another process is at them."""
        reached = replace(self._meanwhile.reached, at=self.live.at)
        keep(self.live.columns, reached, self._parts.folder, is_current=self._is_current, beside=self._remember)

    def _remember(self, cache: Cache) -> None:
        remember(cache, self.live, self._seen, self._book.in_ledger)

    def _columns_now(self) -> Widened:
        """Columns of the record as it is while the keeper is settling: it has taken everything then."""
        return Widened(Builder(self._asking.evaluator), self.live.columns.size)

    def _answer(self, name: str) -> Array:
        """Who is in a segment that columns do not answer."""
        found = np.zeros(self.live.columns.size, np.bool_)
        members = self._asking.numbers(name)["profile_no"].to_numpy()
        found[members[members < len(found)]] = True
        return found

    # --- settling

    def _learn(self, now: Reached) -> None:
        """Learn what others have recorded, and who has become one person or ceased to be."""
        self._seen.catch_up(now.event_no)
        self._meanwhile.learn(self._asking)
        self._read("data")
        self._meanwhile.regroup(now)
        self._read("merge")

    def _read(self, cause: Cause) -> None:
        """Read all facts of those of whom that is needed."""
        people = read_people(self._asking, self.live.columns.ids, self.live.unread)
        self._tell([change._replace(cause=cause) for change in self.live.read(people)])

    def _define(self) -> None:
        """Take the definitions that are in force; only those that are others, and what rests on them, is evaluated."""
        asking, live, before = self._asking, self.live, self._basis
        self._basis, self._revision = Basis.of(asking), revision(self._parts.store)
        live.columns.catalog = asking.catalog
        edited = None if before is None else self._basis.edited(before)
        if before is not None:
            live.rename(_renamed(before.definitions, asking.definitions))
        named = asking.register.named(asking.catalog)
        changes = live.define({name: named[name] for name in asking.definitions}, edited)
        last = self._book.last()
        standings = Standings(asking, _Valid(live), last.states if last else {})
        self._standings = list(standings.found.values())
        self._tell(changes)

    def _check(self) -> None:
        """Work out some people once more; whoever is elsewhere is read again."""
        live = self.live
        looked = self._round.look(self._asking, live.columns, self._standings, live.members)
        self._account.checked += looked.finished
        for one in looked.differences:
            self._differs(one.place, one.segment)
        if looked.differences:
            self._tell(live.read({one.place: looked.people[one.place] for one in looked.differences}))

    def _differs(self, place: int, segment: str) -> None:
        """Note that the interpreter finds another answer; all of the person's facts are read again soon."""
        self.live.unread.add(place)
        names = {definition.segment_id: name for name, definition in self._asking.definitions.items()}
        told = f"{self.live.columns.ids[place]} in `{names.get(segment, segment)}`"
        self._account.told = (*self._account.told, told)[-DIFFERENCES_MOST:]

    def _write(self, *, is_first: bool = False) -> None:
        asking = self._asking
        claims = asking.tables.execute("select coalesce(max(claim_no), 0) as n from lake.identities")
        look = Look(asking.as_of.at, asking.as_of.known_at, self._meanwhile.reached.event_no, claims["n"][0].as_py())
        standings = [one for one in self._standings if one.definition.name not in self.live.unfinished]
        members = {one.id: self.live.members[one.definition.name] for one in standings}
        learned = self._learned_since_written() if is_first else None
        if not self._book.write(asking, look, standings, members, learned, is_current=self._is_current):
            raise BeginAnew

    def _learned_since_written(self) -> set[int]:
        """The places of those of whom anything was recorded since the ledger was written."""
        last = self._book.last()
        found = self._asking.tables.execute(
            "select distinct profile_no from lake.events where event_no > $seen and profile_no is not null",
            {"seen": last.look.event_no if last else 0},
        )
        survivor_of = self._asking.evaluator.persons.survivor_of
        return {survivor_of(number) for number in found["profile_no"].to_pylist()}

    def _tell(self, changes: Sequence[Change]) -> None:
        if changes:
            self._book.in_ledger.widen(self.live.columns.size)
            names = {} if self._basis is None else self._basis.definitions
            self._book.note(changes, {name: one.segment_id for name, one in names.items()})
            self._account.changes += sum(len(change.places) for change in changes)
            self._subscriber(changes)


@dataclass(frozen=True)
class _Valid:
    """Says of a segment whether it is valid; who is in is known elsewhere."""

    live: Live

    def of(self, definition: Definition) -> tuple[int, pa.Table]:
        """Nobody; raises what is wrong with the definition."""
        if definition.name in self.live.invalid:
            raise self.live.invalid[definition.name]
        return 0, pa.table({"profile_no": pa.array([], pa.int64()), "entered": pa.array([], pa.bool_())})


def _renamed(before: Mapping[str, Definition], now: Mapping[str, Definition]) -> dict[str, str]:
    """The present names of segments that are called otherwise, by those of before."""
    names = {definition.segment_id: name for name, definition in now.items()}
    return {name: names[old.segment_id] for name, old in before.items() if names.get(old.segment_id, name) != name}
