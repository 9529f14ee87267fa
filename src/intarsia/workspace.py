"""A workspace: one folder with one company's record, segments and answers. Every door goes through here."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from intarsia.clock import to_instant
from intarsia.config import FILE_NAME, Settings, read_settings, settings_from, write_settings
from intarsia.errors import UserError
from intarsia.ids import new_id
from intarsia.speech import mark

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa

    from intarsia.analysis.rfm import Rfm
    from intarsia.lake.damage import Damage
    from intarsia.lake.lake import Lake
    from intarsia.lake.session import Session
    from intarsia.language.catalog import Catalog
    from intarsia.membership.memberships import Memberships
    from intarsia.membership.runs import Run
    from intarsia.record.record import Receipt, Record
    from intarsia.record.words import Word
    from intarsia.report.reports import Reports
    from intarsia.segment.asking import Asking
    from intarsia.segment.segments import Segments
    from intarsia.segment.templates import Template
    from intarsia.source.sources import Sources
    from intarsia.store.store import Store

LAKE_FOLDER = "lake"
STORE_FILE = "store.sqlite"

Clock = Callable[[], int]


class NoWorkspace(UserError):
    """The folder holds no workspace."""

    code = "workspace.missing"
    says = mark("there is no workspace in {path}")
    advises = mark("make one with `intarsia init {path} --timezone Europe/Prague --currency CZK`, or name another: -w")


class WorkspaceThere(UserError):
    """The folder holds a workspace already."""

    code = "workspace.exists"
    says = mark("there is a workspace in {path} already")
    advises = mark("use it with `-w {path}`, or choose another folder; nothing was changed")


class FolderInUse(UserError):
    """The folder holds something else."""

    code = "workspace.folder-not-empty"
    says = mark("{path} is no empty folder")
    advises = mark("choose a folder that is empty or not there yet; nothing was changed")


def present() -> int:
    """The present instant, milliseconds since 1970 UTC; the one place where the machine's clock is read."""
    return time.time_ns() // 1_000_000


def create(path: str | Path, *, clock: Clock = present, **settings: Any) -> Workspace:
    """Make a workspace in an empty or new folder and open it.

    settings  `timezone`, `currency` and the others of docs/reference/settings.md
    Raises `WorkspaceThere`, `FolderInUse`, `BadSetting`.
    """
    from intarsia.lake.lake import Lake
    from intarsia.store.store import Store

    folder = Path(path)
    if (folder / FILE_NAME).exists():
        raise WorkspaceThere(path=folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUse(path=folder)
    chosen = settings_from(settings)
    folder.mkdir(parents=True, exist_ok=True)
    Lake.create(folder / LAKE_FOLDER)
    Store(folder / STORE_FILE).close()
    write_settings(folder, chosen)
    return Workspace(folder, chosen, clock)


def open_workspace(path: str | Path, *, clock: Clock = present) -> Workspace:
    """Open the workspace in a folder; raises `NoWorkspace`, `BadSetting`, `UnreadableSettings`."""
    folder = Path(path)
    if not (folder / FILE_NAME).is_file():
        raise NoWorkspace(path=folder)
    return Workspace(folder, read_settings(folder), clock)


def templates() -> tuple[Template, ...]:
    """The ready definitions of segments."""
    from intarsia.segment.templates import TEMPLATES

    return TEMPLATES


class Workspace:
    """One open workspace: `record`, `query`, and by noun `segments`, `sources`, `words`, `reports`, `rfm`.

    Use it as a context manager, or `close` it. Each thread opens its own.
    """

    def __init__(self, path: Path, settings: Settings, clock: Clock) -> None:
        self.path = path
        self.settings = settings
        self.repaired: tuple[Damage, ...] = ()
        self._clock = clock

    # --- time

    def now(self) -> int:
        """The present, milliseconds UTC; what is recorded now gets it."""
        return self._clock()

    def instant(self, when: str | datetime | None) -> int:
        """An instant that a caller names; None: `as_of` of the settings, else the present. Milliseconds UTC."""
        if when is None:
            when = self.settings.as_of or None
        return self.now() if when is None else to_instant(when, self.settings.zone)

    def _known_until(self, when: str | datetime | None) -> int | None:
        """Until when a question looks at what was recorded; None: at all that is there."""
        return None if when is None else to_instant(when, self.settings.zone)

    def new_id(self) -> str:
        """An id that sorts by time."""
        return new_id(self.now(), os.urandom(10))

    # --- parts

    @cached_property
    def lake(self) -> Lake:
        """The tables on disk; what a power cut has torn of them is taken away first, and listed in `repaired`.

        Raises `LakeDamaged` where something stands on what is torn.
        """
        from intarsia.lake.lake import Lake

        lake = Lake(self.path / LAKE_FOLDER)
        if lake.check():
            # A torn end is of an append that was never acknowledged: whoever made it repeats it.
            self.repaired = lake.repair()
        return lake

    @cached_property
    def store(self) -> Store:
        """What people decided."""
        from intarsia.store.store import Store

        return Store(self.path / STORE_FILE)

    def session(self) -> Session:
        """A session over the present state of the lake; close it after use."""
        from intarsia.lake.session import Session

        return Session(self.lake, memory_limit=self.settings.memory_limit, threads=self.settings.threads)

    @cached_property
    def _record(self) -> Record:
        from intarsia.record.record import Record

        return Record(
            self.lake,
            self.store,
            zone=self.settings.zone,
            currency=self.settings.currency,
            open_session=self.session,
        )

    # --- the record

    def record(
        self,
        messages: Sequence[Mapping[str, Any]],
        recorded_at: str | datetime | None = None,
        *,
        load_id: str | None = None,
    ) -> Receipt:
        """Take messages of Segment's spec into the record, each exactly once by its `messageId`.

        recorded_at  when we learn of them; None: now
        Returns how many were accepted, duplicate, conflicting and rejected, with reasons. What is accepted is on
        the disk; in any order, late or shuffled, the same set of messages gives the same answers.
        """
        at = self.now() if recorded_at is None else to_instant(recorded_at, self.settings.zone)
        return self._record.record(messages, recorded_at=at, load_id=load_id or self.new_id())

    @cached_property
    def sources(self) -> Sources:
        """Files: look at them, plan, load them."""
        from functools import partial

        from intarsia.record.loads import LoadRecorder, note_load
        from intarsia.source.sources import Sources

        return Sources(
            zone=self.settings.zone,
            recorder=partial(LoadRecorder, self._record),
            noted=partial(note_load, self.store),
            now=self.now,
            new_id=self.new_id,
        )

    def words(self) -> list[Word]:
        """What the record holds of traits, events and properties: kind, how many values, how many do not fit."""
        from intarsia.record.words import words

        return words(self.store)

    def correct_word(self, word: str, *, kind: str | None = None, family: str | None = None) -> Word:
        """Say of what kind a word is, or a trait of which family: `city`, `Order Completed.coupon`.

        The record is untouched; raises `NoSuchWord`, `NoFamily`.
        """
        from intarsia.record.correcting import correct

        return correct(self.store, word, kind=kind, family=family)

    def catalog(self) -> Catalog:
        """Everything that a definition may name here."""
        from intarsia.profile.catalog import build_catalog

        return build_catalog(self.store, self.settings)

    def ask(self, at: str | datetime | None = None, known_at: str | datetime | None = None) -> Asking:
        """A question over the present state of the record; a context manager, to be closed after use.

        at        the instant that is asked about; None: `as_of` of the settings, else the present
        known_at  what was recorded later is left out; None: nothing is
        """
        from intarsia.record.history import newest
        from intarsia.segment.asking import Asking
        from intarsia.segment.definitions import Definitions

        definitions = {definition.name: definition for definition in Definitions(self.store).all()}
        catalog, instant, known_until = self.catalog(), self.instant(at), self._known_until(known_at)
        session = self.session()
        if known_until is None:
            known_until = max(self.now(), newest(session) or 0)
        return Asking(session, catalog, at=instant, known_at=known_until, definitions=definitions)

    @cached_property
    def segments(self) -> Segments:
        """The segments: add, edit, rename, remove, list, count, members, why, templates."""
        from intarsia.segment.segments import Segments

        return Segments(self.store, ask=self.ask, catalog=self.catalog, now=self.now, new_id=self.new_id)

    @cached_property
    def rfm(self) -> Rfm:
        """RFM: learn edges, score everybody, write the scores as traits."""
        from intarsia.analysis.rfm import Rfm

        return Rfm(self.store, ask=self.ask, record=self.record, now=self.now)

    def evaluate(self, at: str | datetime | None = None, known_at: str | datetime | None = None) -> Run:
        """Bring the ledger of memberships up to a question: all segments, one state of the record.

        at        the instant; None: `as_of` of the settings, else the present; never before that of the last run
        known_at  what was recorded later is left out; None: nothing is
        Raises `Backwards`. A segment that is invalid keeps its members and is reported in the answer.
        """
        from intarsia.membership.evaluate import Evaluations

        evaluations = Evaluations(
            self.lake, self.store, open_session=self.session, catalog=self.catalog, now=self.now, new_id=self.new_id
        )
        return evaluations.run(self.instant(at), self._known_until(known_at))

    @cached_property
    def memberships(self) -> Memberships:
        """The ledger of who entered and left which segment: current, history, sizes."""
        from intarsia.membership.memberships import Memberships

        return Memberships(self.lake, self.store, open_session=self.session)

    @cached_property
    def reports(self) -> Reports:
        """What segments are worth: as values, in the terminal, as a page."""
        from intarsia.report.reports import Reports

        return Reports(self.store, self.settings, name=self.path.resolve().name, ask=self.ask)

    def query(self, sql: str, *, at: str | datetime | None = None, known_at: str | datetime | None = None) -> pa.Table:
        """The answer to one SELECT over the views of docs/reference/views.md; nothing else is allowed.

        What it is of stands in the table's metadata under `as_of`, as JSON.

        Raises `QueryRefused`, `QueryFailed`, `QueryTooLong`, `QueryTooBig`.
        """
        from intarsia.record.words import words
        from intarsia.report.views import offer_views

        names = {definition.segment_id: definition.name for definition in self.segments.all()}
        traits = {word.path[0] for word in words(self.store) if word.scope == "trait" and word.seen}
        with self.ask(at, known_at) as asking:
            offer_views(asking, sql, traits=traits, segment_names=names)
            answer = asking.session.query(sql)
            return answer.replace_schema_metadata({"as_of": json.dumps(asking.as_of.to_json())})

    # --- opening and closing

    def close(self) -> None:
        """Let go of the files."""
        if "store" in self.__dict__:
            self.store.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
