"""The segment trees of a workspace: put down, changed, shown in numbers, their people listed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from intarsia.analysis.transitions import Transitions, transitions
from intarsia.report.tree_report import TreeReport, build_tree_report, refuse_broken, standing
from intarsia.segment.asking import Asking, AsOf
from intarsia.segment.segment_trees import SegmentTree, SegmentTrees
from intarsia.store.store import Store

When = str | datetime | None
Ask = Callable[[When, When], AbstractContextManager[Asking]]


class Trees:
    """The segment trees of one workspace.

    ask  opens a question as of an instant, by what was known at another
    now  the present, milliseconds UTC; new_id: an id for a new tree
    """

    def __init__(self, store: Store, *, ask: Ask, now: Callable[[], int], new_id: Callable[[], str]) -> None:
        self._kept = SegmentTrees(store, now=now, new_id=new_id)
        self._ask = ask

    def add(self, name: str, text: str) -> SegmentTree:
        """Put down a tree: names of segments, one a line, those below one indented.

        Raises `MalformedTree`, `NoSuchSegment`, `TreeNameTaken`, `BadTreeName`.
        """
        return self._kept.add(name, text)

    def edit(self, name: str, text: str) -> SegmentTree:
        """Add a version; raises `NoSuchTree`, `MalformedTree`, `NoSuchSegment`."""
        return self._kept.edit(name, text)

    def remove(self, name: str) -> None:
        """Take a tree out; its segments stay. Raises `NoSuchTree`."""
        self._kept.remove(name)

    def all(self) -> list[SegmentTree]:
        """The version in force of every tree, by name."""
        return self._kept.all()

    def get(self, name: str) -> SegmentTree:
        """The version in force of one tree; raises `NoSuchTree`."""
        return self._kept.get(name)

    def versions(self, name: str) -> list[SegmentTree]:
        """Every version of one tree, oldest first; raises `NoSuchTree`."""
        return self._kept.versions(name)

    def show(self, name: str, at: When = None, known_at: When = None) -> TreeReport:
        """A tree in numbers, by the version in force at `known_at`; raises `NoSuchTree`.

        A tree that names a segment that is gone or invalid is told as `broken`, without people.
        """
        with self._ask(at, known_at) as asking:
            return build_tree_report(asking, self._kept.in_force(name, asking.as_of.known_at))

    def members(
        self, name: str, path: Sequence[str] = (), at: When = None, known_at: When = None, *, is_rest: bool = False
    ) -> tuple[list[str], AsOf]:
        """Who stands in a branch, or is left over there: profile ids in the order of their bytes, and as of when.

        path     the names of the branches from the outermost down; nothing: the whole tree
        is_rest  those who are in none of the branches below it
        Raises `NoSuchTree`, `NoSuchBranch`, `BrokenTree`.
        """
        with self._ask(at, known_at) as asking:
            tree = self._kept.in_force(name, asking.as_of.known_at)
            found = standing(asking, tree, tuple(path), is_rest=is_rest)
            ids: list[str] = found["profile_id"].to_pylist()
            return ids, asking.as_of

    def transitions(self, name: str, begin: int, to: When = None, known_at: When = None) -> Transitions:
        """From which leaf of a tree into which people moved, from `begin` (milliseconds UTC) to another instant.

        See `analysis.transitions`. Raises `NoSuchTree`, `BrokenTree`, `MovedBackwards`.
        """
        with self._ask(to, known_at) as asking:
            tree = self._kept.in_force(name, asking.as_of.known_at)
            refuse_broken(asking, tree)
            return transitions(asking, tree.branches, begin, is_tree=True)
