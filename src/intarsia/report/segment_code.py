"""Segments as code: written into a folder, planned, applied, rolled back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

from intarsia.errors import UserError, phrase
from intarsia.lake.lake import Lake
from intarsia.lake.session import Session
from intarsia.language.catalog import Catalog
from intarsia.language.meaning.joins import Join
from intarsia.membership.ledger import APP, TABLE
from intarsia.membership.runs import Runs
from intarsia.record.barred import Barred
from intarsia.record.history import newest
from intarsia.report.planning import Sides, numbers
from intarsia.report.segment_plan import Plan, differing
from intarsia.segment.as_code.change_sets import ChangeSet, ChangeSets, keep, mark_undone
from intarsia.segment.as_code.changes import Change, compared, write
from intarsia.segment.as_code.checking import problems
from intarsia.segment.as_code.folder import FileProblem, Folder, Pulled, SegmentFile, read_folder, write_folder
from intarsia.segment.asking import Asking
from intarsia.segment.definitions import Definition, Definitions
from intarsia.segment.lists import ids_of
from intarsia.segment.register import Register
from intarsia.speech import mark
from intarsia.store.store import Store

When = str | datetime | None


class PlanHasProblems(UserError):
    """A plan that is to be carried out, of files that cannot be used."""

    code = "segment.plan-has-problems"
    says = mark("the files have mistakes ({count}), the first one in {file}: {reason}; nothing was changed")
    advises = mark("`intarsia segment plan` shows all of them")


class PlanOutdated(UserError):
    """The store has changed since a plan was made."""

    code = "segment.plan-outdated"
    says = mark("segments were changed since the plan was made; nothing was changed")
    advises = mark("make the plan again, and look at it")


class PlanDiffers(UserError):
    """What would be done now is not what was planned and expected."""

    code = "segment.plan-differs"
    says = mark("this is not what was planned: {what}; nothing was changed")
    advises = mark("look at the new plan; `--at` with the instant of the one before keeps time out of it")


class SegmentCode:
    """The segments of one workspace as text in files: pull, plan, apply, rollback.

    open_session  a session over the present state of the lake; catalog: everything that can be named now
    joins         which profiles are one person
    now           the present, milliseconds UTC; instant: the one that a caller names; new_id: an id for what is new
    """

    def __init__(
        self,
        store: Store,
        lake: Lake,
        *,
        open_session: Callable[[], AbstractContextManager[Session]],
        catalog: Callable[[], Catalog],
        joins: Callable[[Session], Sequence[Join]],
        now: Callable[[], int],
        instant: Callable[[When], int],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._lake = lake
        self._definitions = Definitions(store)
        self._change_sets = ChangeSets(store)
        self._open_session = open_session
        self._catalog = catalog
        self._joins = joins
        self._now = now
        self._instant = instant
        self._new_id = new_id

    # --- the folder

    def pull(self, folder: str | Path, *, with_lists: bool = False, overwrite: bool = False) -> Pulled:
        """Write each rule into a file of its own, as its author wrote it; files of segments that went are removed.

        with_lists  the ids on fixed lists too: they are data of people. Pins never are
        overwrite   also where that loses what files say; else `FilesDiffer` is raised
        """
        present = self._definitions.all()
        rules = {definition.name: definition.text for definition in present if definition.kind == "rule"}
        lists = {each.name: sorted(self._ids_of(each), key=str.encode) for each in present if each.kind == "list"}
        return write_folder(Path(folder), rules, lists if with_lists else None, overwrite=overwrite)

    def plan(self, folder: str | Path, at: When = None) -> Plan:
        """What `apply` would do if the files of a folder were what segments are; nothing is written.

        at  the instant whose members are compared; None: `as_of` of the settings, else the present
        What is wrong with the files is in the answer, all of it. Raises `NoSuchFolder`, `NoFiles`.
        """
        read, present = read_folder(Path(folder)), tuple(self._definitions.all())
        changes = compared(present, read.files, self._ids_of, self._barred)
        return self._planned(changes, present, self._problems(read, present, changes), at)

    def _problems(
        self, read: Folder, present: Sequence[Definition], changes: Sequence[Change]
    ) -> tuple[FileProblem, ...]:
        is_whole = not read.problems
        found = problems(present, read.files, changes, self._catalog(), is_whole=is_whole)
        return tuple(sorted((*read.problems, *found), key=lambda problem: problem.file))

    # --- carrying out

    def apply(self, plan: Plan, *, expect: str | Mapping[str, object] | None = None) -> ChangeSet | None:
        """Make the changes of a plan, all or none; what was done together, or None: there was nothing to do.

        expect  the plan that was approved, as `to_json` gave it, or its digest
        The ledger follows at the next evaluation. Raises `PlanHasProblems`, `PlanDiffers` where other definitions or
        other people would change than expected, `PlanOutdated` where segments were changed since the plan was made.
        """
        if plan.problems:
            first = plan.problems[0]
            raise PlanHasProblems(count=len(plan.problems), file=first.file, reason=first.error)
        _refuse_other(plan, expect)
        at, done = self._now(), None
        with self._store.change() as connection:
            if tuple(self._definitions.all()) != plan.present:
                raise PlanOutdated()
            written = tuple(write(connection, plan.changes, at=at, new_id=self._new_id, barred=self._barred))
            if plan.undoes is not None:
                mark_undone(connection, plan.undoes, at)
            elif written:
                done = ChangeSet(self._new_id(), at, str(plan.digest), None, written)
                keep(connection, done)
        return done if plan.undoes is None else self._undone(plan.undoes)

    def plan_rollback(self, at: When = None, *, force: bool = False) -> Plan:
        """What `rollback` would do: put the segments back as they were before the last apply that is not undone.

        force  also those that somebody changed by hand since
        Raises `NothingToUndo`, `ChangedSince`.
        """
        present, last = tuple(self._definitions.all()), self._change_sets.last()
        changes = self._change_sets.undoing(last, force=force)
        files = [
            SegmentFile(change.name, change.name, change.after.kind, change.after.text, change.after.text)
            for change in changes
            if change.after is not None
        ]
        files += _naming_what_goes(present, changes)
        return self._planned(changes, present, problems(present, files, changes, self._catalog()), at, last)

    def rollback(self, at: When = None, *, force: bool = False) -> ChangeSet:
        """Undo the last apply that is not undone, and say what that was; raises as `plan_rollback` and `apply`."""
        plan = self.plan_rollback(at, force=force)
        self.apply(plan)
        return self._undone(str(plan.undoes))

    def applied(self) -> list[ChangeSet]:
        """What was applied, newest first; also what was undone."""
        return self._change_sets.all()

    def _undone(self, change_set_id: str) -> ChangeSet:
        return next(each for each in self._change_sets.all() if each.change_set_id == change_set_id)

    # --- planning

    def _planned(
        self,
        changes: tuple[Change, ...],
        present: tuple[Definition, ...],
        found: tuple[FileProblem, ...],
        at: When,
        undoes: ChangeSet | None = None,
    ) -> Plan:
        catalog = self._catalog()
        undone = None if undoes is None else undoes.change_set_id
        if found:
            return Plan(changes, present, catalog.currency, found, undoes=undone)
        with self._sides(changes, present, at) as sides:
            counted = numbers(sides)
        broken = [
            FileProblem(segment.change.file if segment.change else segment.name, segment.after.error)
            for segment in counted.segments
            if segment.after.error is not None and segment.before.error is None
        ]
        if broken:
            return Plan(changes, present, catalog.currency, tuple(broken), undoes=undone)
        return Plan(changes, present, catalog.currency, numbers=counted, undoes=undone)

    @contextmanager
    def _sides(self, changes: Sequence[Change], present: tuple[Definition, ...], at: When) -> Iterator[Sides]:
        """The question by both; the changes are written to see what they make, and taken back."""
        instant, now = self._instant(at), self._now()
        with self._store.rehearsal() as connection:
            if tuple(self._definitions.all()) != present:
                raise PlanOutdated()
            catalogs, registers = [self._catalog()], [Register(self._store)]
            written = write(connection, changes, at=now, new_id=self._new_id, barred=self._barred)
            lists = {
                (each.segment_id, each.version_after): ids_of(self._store, each.segment_id, each.version_after)
                for each, change in zip(written, changes, strict=True)
                if change.after is not None and change.after.kind == "list"
            }
            catalogs.append(self._catalog())
            registers.append(Register(self._store, lists))
        last = Runs(self._store).last(self._lake.mark_of(TABLE, APP) or 0)
        with self._open_session() as session, session.branch() as other:
            known_at = max(now, newest(session) or 0, *(register.newest for register in registers))
            joins = self._joins(session)
            before, after = (
                Asking(opened, catalog, at=instant, known_at=known_at, register=register, joins=joins)
                for opened, catalog, register in zip((session, other), catalogs, registers, strict=True)
            )
            has_ledger = last is None or instant >= last.look.at
            yield Sides(before, after, changes, [each.segment_id for each in written], has_ledger)

    def _ids_of(self, definition: Definition) -> frozenset[str]:
        return ids_of(self._store, definition.segment_id, definition.version)

    def _barred(self, ids: Iterable[str]) -> Collection[str]:
        return Barred(self._store).since(ids).keys()


def _naming_what_goes(present: Sequence[Definition], changes: Sequence[Change]) -> list[SegmentFile]:
    """The rules that stay as they are and name a segment that goes, or is called otherwise; they cannot."""
    gone = {change.name_before for change in changes} - {change.name for change in changes if change.after is not None}
    touched = {change.name_before for change in changes}
    return [
        SegmentFile(each.name, each.name, "rule", each.text, each.text)
        for each in present
        if each.name not in touched and each.kind == "rule" and each.named() & gone
    ]


def _refuse_other(plan: Plan, expect: str | Mapping[str, object] | None) -> None:
    if expect is None:
        return
    expected = expect if isinstance(expect, str) else str(expect.get("digest"))
    if plan.digest == expected:
        return
    what = phrase("its digest is {found}, not {expected}", found=plan.digest, expected=expected)
    segments = None if isinstance(expect, str) else expect.get("segments")
    if isinstance(segments, list):
        digests = {str(each.get("name")): str(each.get("digest")) for each in segments if isinstance(each, Mapping)}
        names = ", ".join(f"`{name}`" for name in differing(plan, digests))
        what = phrase("other definitions or other people than then: {names}", names=names) if names else what
    raise PlanDiffers(what=what)
