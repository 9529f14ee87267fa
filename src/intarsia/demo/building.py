"""The demo's workspace: made once, found again later, and finished if it was left half loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from intarsia.demo.journey import ABOUT, CURRENCY, MESSAGE_COUNT, ZONE, messages
from intarsia.demo.segments import SEGMENTS
from intarsia.errors import UserError, phrase
from intarsia.speech import mark
from intarsia.workspace import NoWorkspace, Workspace, create, open_workspace

AS_OF = "2018-01-02T00:00:00"
"""The demo's present, in its zone: the data end on the evening before New Year's Day."""
LOAD_ID = "complete-journey"
BATCH_SIZE = 10_000

Progress = Callable[[int, int], None]
"""Told how many messages are recorded, and how many there are in all."""


class NotTheDemo(UserError):
    """The folder holds a workspace with somebody's own data."""

    code = "demo.not-the-demo"
    says = mark(
        "the workspace in {path} is not the demo's: it holds {count} messages of other origin and none of the demo"
    )
    advises = mark("name another folder for the demo; nothing was changed")


class DemoRefused(UserError):
    """The demo's workspace holds other content under ids of the demo."""

    code = "demo.refused"
    says = mark("the demo's messages do not all go into the workspace in {path}: {counts}")
    advises = mark("name another folder for the demo, or remove this one and start again")


def build(folder: str | Path, progress: Progress | None = None) -> Workspace:
    """The demo's workspace in a folder, loaded and with its segments.

    What is there already is reused: of a load that was cut off, only the rest is loaded, and of the segments only
    those are added whose names are free. Raises `DemoMissing`, `NotTheDemo`,
    `DemoRefused`, and what `create` raises.
    """
    workspace = _opened(Path(folder))
    try:
        _load(workspace, progress or (lambda _recorded, _all: None))
        if not workspace.rfm.versions():
            workspace.rfm.learn()
            workspace.rfm.write()
        names = {definition.name for definition in workspace.segments.all()}
        for name, text in SEGMENTS.items():
            if name not in names:
                workspace.segments.add(name, text)
    except BaseException:
        workspace.close()
        raise
    return workspace


def _opened(folder: Path) -> Workspace:
    try:
        return open_workspace(folder)
    except NoWorkspace:
        return create(folder, timezone=ZONE, currency=CURRENCY, as_of=AS_OF, data_note=ABOUT)


def _load(workspace: Workspace, progress: Progress) -> None:
    """Record the messages that are not recorded yet: they come in one order, and each batch is in as a whole."""
    recorded = _recorded(workspace)
    progress(recorded, MESSAGE_COUNT)
    if recorded == MESSAGE_COUNT:
        return
    passed = 0
    for batch in messages(BATCH_SIZE):
        rest = batch[max(recorded - passed, 0) :]
        passed += len(batch)
        if not rest:
            continue
        receipt = workspace.record(rest, load_id=LOAD_ID)
        if receipt.count("accepted") < len(rest):
            counts = phrase(
                "{accepted} accepted, {duplicate} duplicate, {conflicting} conflicting, {rejected} rejected",
                **receipt.to_json(),
            )
            raise DemoRefused(path=workspace.path, counts=counts)
        progress(passed, MESSAGE_COUNT)


def _recorded(workspace: Workspace) -> int:
    """How many of the demo's messages are recorded; raises `NotTheDemo`."""
    with workspace.session() as session:
        [row] = session.execute(
            "select count(*) as events, count(*) filter (load_id = ?) as of_demo from lake.events", [LOAD_ID]
        ).to_pylist()
    if row["events"] and not row["of_demo"]:
        raise NotTheDemo(path=workspace.path, count=row["events"])
    found: int = row["of_demo"]
    return found
