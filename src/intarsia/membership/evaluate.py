"""Evaluating: all segments in one question, compared with the ledger, and every change written down once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from intarsia.clock import to_iso
from intarsia.errors import UserError
from intarsia.lake.lake import WAIT_SECONDS, Lake
from intarsia.lake.lock import WritingLock
from intarsia.lake.session import Session
from intarsia.lake.sessions import Sessions
from intarsia.language.catalog import Catalog
from intarsia.language.meaning.joins import Join
from intarsia.membership.changes import Changes
from intarsia.membership.ledger import APP, TABLE
from intarsia.membership.runs import KeptRun, Look, Run, Runs
from intarsia.membership.writing import Finding, write_run
from intarsia.record.history import newest
from intarsia.segment.asking import Asking
from intarsia.segment.register import Register
from intarsia.speech import mark
from intarsia.store.store import Store

LOCK = ".evaluating.lock"


class Backwards(UserError):
    """An evaluation of an instant, or of a state of knowledge, before that of the last one."""

    code = "membership.backwards"
    says = mark(
        "as of {at}, by what was known at {known_at}, is before the last evaluation, which was as of {last_at}, "
        "by what was known at {last_known_at}; nothing was changed"
    )
    advises = mark(
        "the ledger goes forward: evaluate as of a later instant; to look back, ask with `--at` and `--known-at`"
    )


class Ahead(UserError):
    """An evaluation of what has not come yet; it would bar every one until then."""

    code = "membership.ahead"
    says = mark("{asked} has not come yet: it is {present}; nothing was changed")
    advises = mark("the ledger holds what has been; to look ahead, count with `--at`")


Joins = Callable[[Session, int | None], Sequence[Join]]
"""Which profiles are one, in a state of the lake, by the claims up to a number; None: by all."""


class Evaluations:
    """The evaluations of one workspace: one at a time, others wait; recording goes on meanwhile.

    open_session  a session over the present state of the lake; catalog: everything that can be named now
    joins         which profiles are one person
    now           the present, milliseconds UTC; new_id: an id that sorts by time
    """

    def __init__(
        self,
        lake: Lake,
        store: Store,
        *,
        sessions: Sessions,
        catalog: Callable[[], Catalog],
        joins: Joins,
        now: Callable[[], int],
        new_id: Callable[[], str],
    ) -> None:
        self._lake = lake
        self._joins = joins
        self._store = store
        self._runs = Runs(store)
        self._sessions = sessions
        self._catalog = catalog
        self._now = now
        self._new_id = new_id
        self._lock = WritingLock(lake.path / LOCK, WAIT_SECONDS)

    def run(self, at: int, known_at: int | None) -> Run:
        """Bring the ledger up to a question.

        at        milliseconds UTC; known_at: what was recorded later is left out, None: nothing is
        A segment whose definition fails, or names one that does, keeps its members and is reported (rule 41). When
        nothing changed and nothing new was asked, nothing is written. Raises `Ahead`, `Backwards`, `LakeBusy`,
        `StoreBusy`.
        """
        with self._lock.held():
            last = self._runs.last(self._lake.mark_of(TABLE, APP) or 0)
            register = Register(self._store)
            with self._sessions.open() as session:
                known_until = self._known_until(at, known_at, last, max(newest(session) or 0, register.newest))
                joins = self._joins(session, None)
                asking = Asking(session, self._catalog(), at=at, known_at=known_until, register=register, joins=joins)
                return self._written(asking, Changes(asking, last, self._as_known), last)

    def _known_until(self, at: int, known_at: int | None, last: KeptRun | None, recorded: int) -> int:
        """Until when the record is looked at, `recorded` being its newest message; raises `Ahead`, `Backwards`."""
        now = self._now()
        present = max(now, recorded) if known_at is None else known_at
        # A machine's clock may be set back; what was evaluated before may be so again.
        reached = (last.look.at, last.look.known_at) if last else (now, now)
        for asked, before in zip((at, known_at or now), reached, strict=True):
            if asked > max(now, before):
                raise Ahead(asked=to_iso(asked), present=to_iso(now))
        if last is None:
            return present
        if known_at is None:
            # A machine's clock may be set back; what was known stays known.
            present = max(present, last.look.known_at)
        if at < last.look.at or present < last.look.known_at:
            raise Backwards(
                at=to_iso(at),
                known_at=to_iso(present),
                last_at=to_iso(last.look.at),
                last_known_at=to_iso(last.look.known_at),
            )
        return present

    def _as_known(self, asking: Asking, look: Look, joins: Sequence[Join] | None, at: int) -> Asking:
        """The same question, by what an earlier evaluation saw: a load that it overtook is not in that.

        joins  which profiles are one; None: those that were then. at: the instant, milliseconds UTC
        """
        session = self._sessions.alone()
        session.execute("alter view lake.events rename to every_event")
        # A view takes no parameters.
        session.execute(f"create view lake.events as from lake.every_event where event_no <= {int(look.event_no)}")
        return Asking(
            session,
            asking.catalog,
            at=at,
            known_at=look.known_at,
            register=asking.register,
            defined_at=asking.as_of.known_at,
            joins=self._joins(session, look.claim_no) if joins is None else joins,
        )

    def _written(self, asking: Asking, changes: Changes, last: KeptRun | None) -> Run:
        """The answer, after the run and then its changes are on the disk: the run counts once they are."""
        tables = list(changes.tables())
        count = sum(table.num_rows for table in tables)
        if last is not None and not count and changes.asks_nothing_new():
            return Run(last.run_id, asking.as_of, tuple(changes.answers()), last.erased_since)
        run_id = self._new_id()
        run = Finding(run_id, changes.look, changes.states, self._now())
        write_run(self._lake, self._runs, run, tables, last)
        return Run(run_id, asking.as_of, tuple(changes.answers()), last.erased_since if last else 0)
