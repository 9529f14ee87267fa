"""A segment tree in numbers: who stands where, how much that covers, and what they bought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add

import pyarrow as pa

from intarsia.analysis.days import DaysBack, look_back
from intarsia.analysis.leaves import Leaves, NoSuchBranch, Path, Spot, rule_of, stand
from intarsia.analysis.people_sets import Mask, Numbers, everybody, mask_of
from intarsia.clock import to_iso
from intarsia.errors import UserError
from intarsia.language.meaning.money import minor_digits
from intarsia.report.worth import Worth, offer_members, worths
from intarsia.segment.asking import Asking, AsOf
from intarsia.segment.branches import Branch
from intarsia.segment.definitions import NoSuchSegment
from intarsia.segment.segment_trees import SegmentTree
from intarsia.speech import mark

WINDOW_DAYS = 365


class BrokenTree(UserError):
    """A tree in which a segment cannot be asked, so that nobody knows who stands where."""

    code = "tree.broken"
    says = mark("nobody can be placed in the tree `{name}`: `{segment}` cannot be asked: {reason}")
    advises = mark("mend that segment, or take it out with `intarsia tree edit {name}`")


@dataclass(frozen=True)
class TreeRow:
    """A place in a tree: a branch, what is left over of one, or the whole tree (an empty path).

    rule       who stands there, in the segment language
    size       how many members the segment has; None where there is no segment, or where it cannot be asked
    in_parent  how many of these stand in the branch above; None too in a broken tree, as all that follows
    people     how many stand there: of those above, whom no branch before it has taken
    of         how many stand above
    remainder  how many of the people are in none of the branches below it; 0 where there are none
    worth      what they bought in the window
    """

    path: Path
    is_rest: bool
    rule: str
    size: int | None = None
    in_parent: int | None = None
    people: int | None = None
    of: int | None = None
    remainder: int | None = None
    worth: Worth | None = None

    @property
    def share_of_parent(self) -> float | None:
        """The people among those who stand above, 0 to 1; None: nobody does."""
        return self.people / self.of if self.people is not None and self.of else None

    def to_json(self) -> dict[str, object]:
        """Every field; of the worth the net revenue, in minor units."""
        share = self.share_of_parent
        return {
            "path": list(self.path),
            "is_rest": self.is_rest,
            "rule": self.rule,
            "size": self.size,
            "in_parent": self.in_parent,
            "people": self.people,
            "share_of_parent": None if share is None else round(share, 6),
            "remainder": self.remainder,
            "net_revenue_minor": None if self.worth is None else self.worth.revenue_minor,
        }


@dataclass(frozen=True)
class TreeReport:
    """A tree as of one question.

    rows    the whole tree, then line by line, with what is left over
    broken  why segments cannot be asked, by name; then nobody can be placed, and rows have sizes of segments only
    """

    tree: SegmentTree
    rows: tuple[TreeRow, ...]
    broken: Mapping[str, UserError]
    currency: str
    window: DaysBack
    as_of: AsOf

    @property
    def currency_digits(self) -> int:
        """How many decimals the currency has."""
        return minor_digits(self.currency)

    def to_json(self) -> dict[str, object]:
        """The tree, its rows, what is broken, and as of; amounts in minor units."""
        broken = [{"segment": name, "error": error.to_json()} for name, error in self.broken.items()]
        return {
            **self.tree.to_json(),
            "rows": [row.to_json() for row in self.rows],
            "broken": broken,
            "currency": self.currency,
            "currency_digits": self.currency_digits,
            "window": {
                "days": self.window.count,
                "begin": to_iso(self.window.begin),
                "end": to_iso(self.window.end - 1),
            },
            "as_of": self.as_of.to_json(),
        }


def build_tree_report(asking: Asking, tree: SegmentTree) -> TreeReport:
    """A tree as of a question."""
    window, currency = look_back(asking, WINDOW_DAYS), asking.catalog.currency
    members, broken = asked(asking, tree)
    if broken:
        rows = tuple(_sizes_only(tree.branches, members))
    else:
        places = everybody(asking)
        leaves = stand(tree.branches, _masks(members, places).__getitem__, places.size)
        rows = tuple(_rows(tree, leaves, _worth_of_leaves(asking, leaves, places, window)))
    return TreeReport(tree, rows, broken, currency, window, asking.as_of)


def standing(asking: Asking, tree: SegmentTree, path: Path, *, is_rest: bool = False) -> pa.Table:
    """Who stands in a place of a tree: `profile_no`, `profile_id`, in the order of the ids' bytes.

    Raises `BrokenTree`, `NoSuchBranch`.
    """
    members, places = refuse_broken(asking, tree), everybody(asking)
    leaves = stand(tree.branches, _masks(members, places).__getitem__, places.size)
    found = [spot for spot in leaves.spots if spot.path == path and spot.is_rest == is_rest]
    if not found:
        shown = " ▸ ".join(f"`{name}`" for name in path)
        raise NoSuchBranch(name=tree.name, path=shown)
    numbers = places[leaves.standing(found[0])]
    asking.session.register("standing_people", pa.table({"profile_no": pa.array(numbers, pa.int64())}))
    return asking.session.execute(
        "select * from people semi join standing_people using (profile_no) order by profile_id"
    )


def refuse_broken(asking: Asking, tree: SegmentTree) -> dict[str, pa.Table]:
    """The members of each segment that a tree names; raises `BrokenTree`."""
    members, broken = asked(asking, tree)
    for name, error in broken.items():
        raise BrokenTree(name=tree.name, segment=name, reason=error)
    return members


def asked(asking: Asking, tree: SegmentTree) -> tuple[dict[str, pa.Table], dict[str, UserError]]:
    """The members of each segment that a tree names, and why others cannot be asked."""
    members: dict[str, pa.Table] = {}
    broken: dict[str, UserError] = {}
    for name in tree.segments:
        try:
            if name in tree.gone or name not in asking.definitions:
                raise NoSuchSegment(name, asking.definitions)
            members[name] = asking.numbers(name)
        except UserError as error:
            broken[name] = error
    return members, broken


def _masks(members: Mapping[str, pa.Table], places: Numbers) -> dict[str, Mask]:
    return {name: mask_of(table, places) for name, table in members.items()}


def _worth_of_leaves(asking: Asking, leaves: Leaves, places: Numbers, window: DaysBack) -> list[Worth]:
    """What the people of each leaf bought, by its number."""
    parts = [places[leaves.standing(leaf)] for leaf in leaves.leaves]
    offer_members(asking, [pa.table({"profile_no": pa.array(part, pa.int64())}) for part in parts])
    found = worths(asking, len(parts), window).segments
    # Of a leaf where nobody stands there is no row.
    return [worth if len(part) else Worth() for worth, part in zip(found, parts, strict=True)]


def _rows(tree: SegmentTree, leaves: Leaves, worth: list[Worth]) -> Iterator[TreeRow]:
    counts = leaves.counts()
    people = {spot.path: sum(counts[spot.first : spot.end]) for spot in leaves.spots if not spot.is_rest}
    left = {spot.path: counts[spot.first] for spot in leaves.spots if spot.is_rest}
    for spot in leaves.spots:
        above = spot.path if spot.is_rest or not spot.path else spot.path[:-1]
        yield TreeRow(
            spot.path,
            spot.is_rest,
            rule_of(tree.branches, spot.path, is_rest=spot.is_rest),
            spot.size,
            spot.in_parent,
            left[spot.path] if spot.is_rest else people[spot.path],
            people[above],
            0 if spot.is_leaf else left[spot.path],
            _sum(worth, spot),
        )


def _sum(worth: list[Worth], spot: Spot) -> Worth:
    return reduce(add, worth[spot.first : spot.end])


def _sizes_only(branches: tuple[Branch, ...], members: Mapping[str, pa.Table]) -> Iterator[TreeRow]:
    """The rows of a tree in which nobody can be placed."""

    def below(several: tuple[Branch, ...], path: Path) -> Iterator[TreeRow]:
        for one in several:
            way = (*path, one.name)
            size = members[one.name].num_rows if one.name in members else None
            yield TreeRow(way, False, rule_of(branches, way), size)
            yield from below(one.branches, way)

    yield TreeRow((), False, rule_of(branches, ()))
    yield from below(branches, ())
