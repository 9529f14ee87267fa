"""The files of a workspace: looked at, planned, loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from intarsia.source.balance import Balance
from intarsia.source.guessing import Shape
from intarsia.source.loading import Progress, load
from intarsia.source.looking import Look, look
from intarsia.source.options import Options
from intarsia.source.planning import Plan, plan
from intarsia.source.recorder import Recorder


@dataclass(frozen=True)
class Sources:
    """Files on their way into one workspace.

    zone      of times without an offset, where a file's options name none
    recorder  keeps messages as one load, given the load's id
    now       the present, milliseconds UTC; new_id: an id for a load
    """

    zone: ZoneInfo
    recorder: Callable[[str], Recorder]
    now: Callable[[], int]
    new_id: Callable[[], str]

    def look(self, path: str | Path, options: Options | None = None) -> Look:
        """What a file seems to hold: columns, types, roles, oddities; nothing is recorded."""
        return look(path, options or Options(zone=self.zone))

    def plan(
        self,
        path: str | Path,
        shape: Shape,
        mapping: Mapping[str, str] | None = None,
        *,
        options: Options | None = None,
        event: str | None = None,
    ) -> Plan:
        """How a file would be loaded; nothing is recorded. See `source.plan`."""
        return plan(path, shape=shape, mapping=mapping, options=options or Options(zone=self.zone), event=event)

    def load(
        self,
        path: str | Path,
        shape: Shape,
        mapping: Mapping[str, str] | None = None,
        *,
        options: Options | None = None,
        event: str | None = None,
        recorded_at: int | None = None,
        progress: Progress | None = None,
        rejects_path: Path | None = None,
        is_new_state: bool = False,
    ) -> Balance:
        """Load a file; the balance says what became of every line, and rejected lines are in a file with reasons.

        is_new_state  count a file that was loaded before like a new one; see `source.load`
        """
        chosen = self.plan(path, shape, mapping, options=options, event=event)
        at = self.now() if recorded_at is None else recorded_at
        return load(
            chosen,
            self.recorder(self.new_id()),
            recorded_at=at,
            progress=progress,
            rejects_path=rejects_path,
            is_new_state=is_new_state,
        )

    def options(self, **given: object) -> Options:
        """Options with the workspace's zone where none is given."""
        chosen = {name: value for name, value in given.items() if value is not None}
        return replace(Options(zone=self.zone), **chosen)  # type: ignore[arg-type]
