"""The reports of a workspace: made, shown in the terminal, written as pages."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from typing import TYPE_CHECKING

from intarsia.clock import to_iso
from intarsia.config import Settings
from intarsia.report.segments_report import SegmentsReport, build_segments_report
from intarsia.report.size_history import measure, month_ends, together
from intarsia.segment.asking import Asking
from intarsia.store.store import Store

if TYPE_CHECKING:
    from rich.console import Console

When = str | datetime | None
Ask = Callable[[When, When], AbstractContextManager[Asking]]


class Report(SegmentsReport):
    """The report on segments, with ways to show it."""

    def print(self, console: Console) -> None:
        """Print findings, the table of segments, and how the numbers are counted."""
        from intarsia.report.terminal import show

        show(self, console)

    def to_html(self) -> str:
        """The report as one self-contained HTML page with pictures; raises `PicturesMissing`."""
        from intarsia.report.page import page

        return page(self)


class Reports:
    """The reports of one workspace.

    name  the workspace's, as it stands on the page
    ask   opens a question as of an instant, by what was known at another
    """

    def __init__(self, store: Store, settings: Settings, *, name: str, ask: Ask) -> None:
        self._store = store
        self._settings = settings
        self._name = name
        self._ask = ask

    def segments(
        self,
        at: When = None,
        known_at: When = None,
        *,
        language: str | None = None,
    ) -> Report:
        """What each segment is worth, over the orders of the last 365 days.

        language  en, ru, pl, cs or fa; None: that of the settings
        """
        with ExitStack() as stack:
            asking = stack.enter_context(self._ask(at, known_at))
            past = month_ends(asking.as_of.at, self._settings.zone)
            known = to_iso(asking.as_of.known_at)
            # Sessions of their own, of the same record: what was recorded since is beyond `known_at` for all of them.
            halves = [half for half in (past[: len(past) // 2], past[len(past) // 2 :]) if half]
            earlier = [stack.enter_context(self._ask(to_iso(half[-1]), known)) for half in halves]
            # Left first, so that no session is closed under its thread.
            workers = stack.enter_context(ThreadPoolExecutor(max_workers=len(halves)))
            measured = workers.map(measure, earlier, halves)
            made = build_segments_report(
                asking,
                self._store,
                self._settings,
                lambda: together(measured),
                workspace=self._name,
                language=language or self._settings.language,
            )
            return Report(**vars(made))
