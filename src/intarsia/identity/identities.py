"""The identities of a workspace: who is one person, by what, and what people decided about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from intarsia.clock import LAST, to_instant
from intarsia.engine.sql.persons import Persons
from intarsia.identity.apart import keep_apart
from intarsia.identity.claims import Claims
from intarsia.identity.decisions import AlreadyOne, Decision, NoReason, NotMerged, ties, write_bars, write_merge
from intarsia.identity.evidence import Evidence, Rules, ids_of
from intarsia.identity.forms import Form
from intarsia.identity.kinds import IdentifierKind, Kinds
from intarsia.identity.showing import Identity, SharedIdentifier, identity, number_of, numbers_of, refused
from intarsia.lake.lake import Lake
from intarsia.lake.session import Session
from intarsia.language.meaning.joins import Join
from intarsia.store.store import Store

When = str | datetime | None


class Identities:
    """The identities of one workspace.

    country       whose phone numbers those without a country's code are; "": nobody's
    joining       the names of the kinds that join, or `all`; most: so many profiles may claim one identifier
    open_session  a session over the present state of the lake
    now           the present, milliseconds UTC; zone: of instants without an offset; new_id: an id for a decision
    """

    def __init__(
        self,
        lake: Lake,
        store: Store,
        *,
        country: str,
        joining: Iterable[str],
        most: int,
        open_session: Callable[[], Session],
        now: Callable[[], int],
        zone: ZoneInfo,
        new_id: Callable[[], str],
    ) -> None:
        self._lake = lake
        self._kinds = Kinds(store, country)
        self._joining = frozenset(joining)
        self._most = most
        self._open_session = open_session
        self._now = now
        self._zone = zone
        self._new_id = new_id
        self._kept: tuple[object, tuple[Join, ...]] = (None, ())
        self.claims = Claims(lake, self._kinds, open_session=open_session)

    # --- for questions

    def joins(self, session: Session, through: int | None = None) -> tuple[Join, ...]:
        """Which profiles are one person, for every instant of knowledge; kept as long as nothing is recorded.

        through  by the claims up to this number, the session's `lake.identities` are then those; None: by all
        """
        rules = self._rules()
        if through is not None:
            session.execute("alter view lake.identities rename to every_identity")
            # A view takes no parameters.
            some = f"from lake.every_identity where claim_no <= {int(through)}"
            session.execute(f"create view lake.identities as {some}")
            return Evidence(session, rules).joins()
        state = tuple(session.snapshots[table].version for table in ("identities", "events", "profiles"))
        if self._kept[0] != (state, rules):
            self._kept = ((state, rules), Evidence(session, rules).joins())
        return self._kept[1]

    def people_of(self, session: Session, ids: Sequence[str]) -> list[tuple[str, ...]]:
        """The persons of some profile ids: of each the ids of all its profiles; one that nobody has is alone."""
        persons = Persons(session, self.joins(session), LAST)
        numbers = numbers_of(session, ids)
        groups = {persons.profiles_of(number) for number in numbers.values()}
        id_of = ids_of(session, {number for group in groups for number in group})
        known = [tuple(id_of[number] for number in group) for group in sorted(groups)]
        return known + [(profile_id,) for profile_id in ids if profile_id not in numbers]

    def _until(self, known_at: When) -> int:
        return LAST if known_at is None else to_instant(known_at, self._zone)

    def _rules(self) -> Rules:
        return Rules(self._kinds.by_name(), self._joining, self._most)

    # --- for people

    def show(self, profile_id: str, known_at: When = None) -> Identity:
        """The person to whom a profile belongs, by what was recorded up to an instant; raises `NoSuchProfile`."""
        known_until = self._until(known_at)
        with self._open_session() as session:
            evidence = Evidence(session, self._rules())
            return identity(session, evidence, number_of(session, profile_id), known_until)

    def shared(self, known_at: When = None) -> list[SharedIdentifier]:
        """What several profiles claim and joins nobody, what most claim first."""
        with self._open_session() as session:
            found = list(refused(Evidence(session, self._rules()).shared, self._until(known_at)))
        return sorted(found, key=lambda shared: (-shared.count, shared.kind, shared.value))

    def kinds(self) -> tuple[IdentifierKind, ...]:
        """The kinds of identifiers that are known."""
        return self._kinds.all()

    def declare(self, name: str, trait: str, form: Form) -> IdentifierKind:
        """Add a kind of identifier, and take it out of what is recorded; safe to repeat.

        trait  its path: `membership.number`. Raises `BadKind`, `KindTaken`.
        """
        path = tuple(trait.split("."))
        self._kinds.refuse_bad(name, path, form)
        with self._lake.writing():
            known = self._kinds.by_name().get(name)
            if known is None:
                # First what is recorded: a kind that is known has all its claims.
                self.claims.learn([IdentifierKind(name, (path,), form, True)])
            return self._kinds.declare(name, path, form, at=self._now())

    def catch_up(self) -> None:
        """Take identifiers out of what was recorded without: by an earlier version, or by a writer that died."""
        with self._lake.writing():
            self.claims.catch_up()

    def reread(self) -> int:
        """Take identifiers out of everything recorded once more, by the present settings; how many were new."""
        with self._lake.writing():
            return self.claims.learn(self._kinds.all())

    # --- decisions

    def merge(self, one: str, other: str, reason: str) -> Decision:
        """Decide that two profiles are one person; raises `NoSuchProfile`, `AlreadyOne`, `NoReason`."""
        said = _said(reason)
        with self._deciding() as (session, persons, _):
            numbers = [number_of(session, profile_id) for profile_id in (one, other)]
            if persons.survivor_of(numbers[0]) == persons.survivor_of(numbers[1]):
                raise AlreadyOne(one=one, other=other)
            at = self._now()
            write_merge(self._lake, numbers, self._new_id(), reason=said, at=at)
        return Decision("merge", (one, other), said, at)

    def unmerge(self, profile_id: str, reason: str) -> Decision:
        """Decide that a profile is one person with none of those that it was joined to.

        What they share joins it to nobody any more; the others stay one if they are without it. A later merge joins it
        again. Raises `NoSuchProfile`, `NotMerged`, `NoReason`.
        """
        said = _said(reason)
        with self._deciding() as (session, persons, evidence):
            number = number_of(session, profile_id)
            group = persons.profiles_of(number)
            if len(group) == 1:
                raise NotMerged(profile_id=profile_id)
            at = self._now()
            write_bars(self._lake, ties(number, group, evidence.shared), reason=said, at=at)
            id_of = ids_of(session, group)
        others = sorted(id_of[other] for other in group if other != number)
        return Decision("unmerge", (profile_id, *others), said, at)

    def keep_apart(self, numbers: Collection[int]) -> None:
        """See to it that nobody becomes one person because these profiles are erased; before they are."""
        with self._deciding() as (session, _, evidence):
            keep_apart(self._lake, session, evidence, numbers)

    @contextmanager
    def _deciding(self) -> Iterator[tuple[Session, Persons, Evidence]]:
        """The present state, with all other writers kept away."""
        with self._lake.writing():
            self.claims.catch_up()
            with self._open_session() as session:
                evidence = Evidence(session, self._rules())
                yield session, Persons(session, evidence.joins(), LAST), evidence


def _said(reason: str) -> str:
    if not reason.strip():
        raise NoReason()
    return reason.strip()
