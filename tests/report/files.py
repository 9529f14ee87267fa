"""A folder of segments as the tests of plans change it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from intarsia.report.segment_plan import Plan, SegmentPlan
from intarsia.segment.as_code.spelling import stems


def put(folder: Path, **texts: str | None) -> None:
    """Write the files of some rules; None removes one. Underscores stand for blanks."""
    for name, text in texts.items():
        put_rule(folder, name.replace("_", " "), text)


def put_rule(folder: Path, name: str, text: str | None) -> None:
    path = folder / f"{stems([name])[name]}.segment"
    if text is None:
        path.unlink()
    else:
        path.write_text(f"{text}\n", encoding="utf-8")


def of(plan: Plan, name: str) -> SegmentPlan:
    """What a plan says of one segment."""
    return next(segment for segment in plan.segments if segment.name == name)


def moves(plan: Plan, what: Callable[[SegmentPlan], bool] = lambda _: True) -> dict[str, tuple[int, int]]:
    """How many enter and leave, by segment."""
    return {
        each.name: (each.entering.people, each.leaving.people)
        for each in plan.segments
        if each.entering is not None and each.leaving is not None and what(each)
    }
