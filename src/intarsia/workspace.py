"""A workspace: one folder with one company's record, segments and answers. Every door goes through here."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intarsia.config import FILE_NAME, read_settings, settings_from, write_settings
from intarsia.errors import UserError
from intarsia.kept_up import KeptUp
from intarsia.opened import CACHE_FOLDER, LAKE_FOLDER, STORE_FILE, Clock
from intarsia.speech import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    import pyarrow as pa

    from intarsia.analysis.backtest import Backtest
    from intarsia.analysis.backtesting import Plan
    from intarsia.analysis.overlap import Overlap
    from intarsia.analysis.rfm import Rfm
    from intarsia.analysis.splits import Splits
    from intarsia.analysis.transitions import Transitions
    from intarsia.errors import Phrase
    from intarsia.report.query_plan import QueryPlanReport
    from intarsia.report.reports import Reports
    from intarsia.report.segment_code import SegmentCode
    from intarsia.report.trees import Trees
    from intarsia.segment.asking import Asking
    from intarsia.segment.lists import Lists
    from intarsia.segment.previewing import Previews
    from intarsia.segment.segments import Segments
    from intarsia.segment.templates import Template


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


class Workspace(KeptUp):
    """One open workspace: `record`, `query`, and by noun `segments`, `sources`, `words`, `reports`, `rfm`.

    Use it as a context manager, or `close` it. Each thread opens its own.
    """

    @cached_property
    def segments(self) -> Segments:
        """The segments: add, edit, rename, remove, list, count, members, why, templates."""
        from intarsia.segment.segments import Segments

        return Segments(
            self.store, ask=self.ask, catalog=self.catalog, now=self.now, instant=self.instant, new_id=self.new_id
        )

    @contextmanager
    def previews(
        self,
        at: str | datetime | None = None,
        known_at: str | datetime | None = None,
        *,
        log: Callable[[Phrase], None] = lambda _: None,
    ) -> Iterator[Previews]:
        """A session in which a definition is edited: each text is counted, and what it shares with others once.

        log  takes what was found torn on the disk and is worked out anew, in sentences
        """
        from intarsia.segment.present import present
        from intarsia.segment.previewing import Previews

        erased = self.erased_so_far  # first: what a question sees that is opened later is of no earlier state
        with self.ask(at, known_at) as asking:
            if at is not None or known_at is not None or self.settings.as_of:
                yield Previews(asking)
                return
            with present(asking, self.path / CACHE_FOLDER, erased, log=log) as found:
                yield Previews(asking, found.columns)

    @cached_property
    def code(self) -> SegmentCode:
        """The segments as text in files: pull, plan, apply, rollback."""
        from intarsia.report.segment_code import SegmentCode

        return SegmentCode(
            self.store,
            self.lake,
            open_session=self.session,
            catalog=self.catalog,
            joins=self.identity.joins,
            now=self.now,
            instant=self.instant,
            new_id=self.new_id,
        )

    @cached_property
    def lists(self) -> Lists:
        """The fixed lists: add from a file, show, list, remove; each is a segment too."""
        from intarsia.segment.lists import Lists

        return Lists(self.store, open_session=self.session, now=self.now, new_id=self.new_id)

    @cached_property
    def splits(self) -> Splits:
        """Parts of segments by share: make, show."""
        from intarsia.analysis.splits import Splits

        return Splits(self.store, ask=self.ask, now=self.now, new_id=self.new_id)

    def overlap(
        self,
        names: Sequence[str] | None = None,
        at: str | datetime | None = None,
        known_at: str | datetime | None = None,
    ) -> Overlap:
        """How segments overlap: people in each two of them, and in how many of them people are.

        names  segments, or definitions; None: all segments
        """
        from intarsia.analysis.overlap import overlap, overlap_of_all

        with self.ask(at, known_at) as asking:
            return overlap_of_all(asking) if names is None else overlap(asking, names)

    def transitions(
        self,
        names: Sequence[str],
        since: str | datetime,
        to: str | datetime | None = None,
        known_at: str | datetime | None = None,
    ) -> Transitions:
        """From which segment into which people moved between two instants; who is in several is in the first.

        names  segments, or definitions, the one that counts first in front; to: None: the present, as in `ask`
        Both instants are asked by the definitions in force, and by what was recorded, at `known_at`.
        """
        from intarsia.analysis.transitions import side_by_side, transitions

        with self.ask(to, known_at) as asking:
            return transitions(asking, side_by_side(names), self.instant(since), is_tree=False)

    @cached_property
    def rfm(self) -> Rfm:
        """RFM: learn edges, score everybody, write the scores as traits."""
        from intarsia.analysis.rfm import Rfm

        return Rfm(self.store, ask=self.ask, record=self.record, now=self.now)

    def backtest(self, text_or_name: str, outcome: str, **asked: Any) -> Backtest:
        """Who was in at past dates, by what was known then, and what they did next, against the rest.

        outcome     what is looked at: `sum(order.total) in next 90 days`, `did order in next 30 days`
        begin, end  the first date, and the last one at most; every: how far apart they are, "1 month"
        at          what ends later is not over yet; None: `as_of` of the settings, else the present
        known_at    what was recorded later is left out; None: nothing is
        Raises `NobodyKnownThen`, errors of the outcome and of the dates; see `analysis.backtesting`.
        """
        from intarsia.analysis.backtesting import backtest

        with self.ask(asked.get("at"), asked.get("known_at")) as asking:
            return backtest(asking, self._plan(asking, text_or_name, outcome, **asked))

    def backtest_in_hindsight(self, text_or_name: str, outcome: str, **asked: Any) -> Backtest:
        """The same, but members by what had happened at each date, whenever it was learned: for a past loaded later."""
        from intarsia.analysis.backtesting import backtest_in_hindsight

        with self.ask(asked.get("at"), asked.get("known_at")) as asking:
            return backtest_in_hindsight(asking, self._plan(asking, text_or_name, outcome, **asked))

    def _plan(
        self,
        asking: Asking,
        text_or_name: str,
        outcome: str,
        *,
        begin: str | datetime,
        end: str | datetime,
        every: str,
        at: str | datetime | None = None,  # noqa: ARG002 - what `asking` was opened with
        known_at: str | datetime | None = None,
    ) -> Plan:
        from intarsia.analysis.backtesting import Plan
        from intarsia.analysis.dates import dates_between

        # Without `known_at` everything recorded counts, also by a clock that was set back.
        until = asking.as_of.at if known_at is None else min(asking.as_of.at, asking.as_of.known_at)
        first, last = self.instant(begin), self.instant(end)
        return Plan(
            text_or_name, outcome, dates_between(first, last, every, until=until, catalog=asking.catalog), until
        )

    @cached_property
    def reports(self) -> Reports:
        """What segments are worth: as values, in the terminal, as a page."""
        from intarsia.report.reports import Reports

        return Reports(self.store, self.settings, name=self.path.resolve().name, ask=self.ask)

    def query_plan(
        self,
        text_or_name: str | None = None,
        at: str | datetime | None = None,
        known_at: str | datetime | None = None,
    ) -> QueryPlanReport:
        """How a definition is evaluated, with the segments that it rests on; None: all segments together."""
        from intarsia.report.query_plan import QueryPlanReport
        from intarsia.segment.query_plans import query_plan

        with self.ask(at, known_at) as asking:
            return QueryPlanReport(query_plan(asking, text_or_name), self.settings.zone)

    @cached_property
    def trees(self) -> Trees:
        """Segment trees, in which everybody stands in one leaf: add, edit, remove, list, show, members."""
        from intarsia.report.trees import Trees

        return Trees(self.store, ask=self.ask, now=self.now, new_id=self.new_id)

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
