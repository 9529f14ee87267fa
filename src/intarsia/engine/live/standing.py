"""The segments that stand, in the order in which they are answered, and which of them something may concern."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

from intarsia.engine.kernel.needs import OfType, by_type, needs
from intarsia.errors import UserError
from intarsia.language import Checked, tree
from intarsia.language.catalog import Catalog
from intarsia.language.checking.named import FixedList, Named
from intarsia.language.interpret.aggregates import target
from intarsia.language.interpret.crowd import SegmentLoop
from intarsia.language.problems.checking import SegmentInvalid

ANY = ""
"""Stands for every type of event: who asks of any event is concerned by each."""
MOST_GROUPS = 16
"""Into so many groups segments are put by the events that they ask of; the last takes all that is rare."""


class Standing:
    """Segments by name, each behind those that it names.

    before    those whose groups are kept, where the segments are still the same; None: there were none
    contents  what each is made of; invalid: what is wrong with the others
    """

    def __init__(self, segments: Mapping[str, Named], catalog: Catalog, before: Standing | None = None) -> None:
        self._segments = dict(segments)
        self._groups_before = {} if before is None else before.group
        self._catalog = catalog
        self.contents: dict[str, Checked | FixedList] = {}
        self.invalid: dict[str, UserError] = {}
        self._needs: dict[frozenset[str], list[OfType]] = {}
        for name in sorted(segments):
            self._place(name, ())

    def _place(self, name: str, above: tuple[str, ...]) -> None:
        """Put a segment behind those that it names."""
        if name in self.contents or name in self.invalid or name not in self._segments:
            return
        try:
            content = self._segments[name].in_force(None).content
            for needed in () if isinstance(content, FixedList) else sorted(content.segments):
                if needed in (*above, name):
                    raise SegmentLoop(circle=" → ".join((*above, name, needed)))
                self._place(needed, (*above, name))
                if needed in self.invalid:
                    raise SegmentInvalid(name=needed, reason=self.invalid[needed])
            self.contents[name] = content
        except UserError as error:
            self.invalid[name] = error

    def __getitem__(self, name: str) -> Named:
        return self._segments[name]

    @cached_property
    def names(self) -> list[str]:
        """All of them that are valid, in their order."""
        return list(self.contents)

    def _rules(self) -> Iterator[tuple[str, Checked]]:
        yield from ((name, content) for name, content in self.contents.items() if isinstance(content, Checked))

    # --- what they ask

    def needs(self, names: Iterable[str]) -> list[OfType]:
        """What some of them ask of events, type by type."""
        asked = frozenset(names)
        if asked not in self._needs:
            trees = (content.tree for name, content in self._rules() if name in asked)
            self._needs[asked] = by_type(trees, self._catalog)
        return self._needs[asked]

    @cached_property
    def _types(self) -> dict[str, frozenset[str]]:
        """The types of events that each asks of itself, or that may change it."""
        found = dict.fromkeys(self.contents, frozenset[str]())
        for name, content in self._rules():
            types = (target(need.event, self._catalog, need.fold).type for need in needs(content.tree))
            asked = frozenset(ANY if of_type.is_any else of_type.name for of_type in types)
            found[name] = asked | {ANY} if any(map(_names_people, content.tree.walk())) else asked
        return found

    def about(self, events: Collection[str]) -> list[str]:
        """Those whose answer another event of these names may change, in their order; also by what they name."""
        asked = {*events, ANY}
        return self.followed_by(name for name, types in self._types.items() if types & asked)

    def followed_by(self, names: Iterable[str]) -> list[str]:
        """Some, and all that name one of them or one that does, in their order."""
        found = set(names)
        for name, content in self._rules():
            if not found.isdisjoint(content.segments):
                found.add(name)
        return [name for name in self.contents if name in found]

    # --- ranks

    @cached_property
    def ranks(self) -> dict[str, list[tree.Rank]]:
        """The ranks that each contains itself, inner ones before the outer ones."""
        trees = {name: content.tree for name, content in self._rules()}
        found = {
            name: [node for node in rule.walk() if isinstance(node, tree.Rank)][::-1] for name, rule in trees.items()
        }
        return {name: theirs for name, theirs in found.items() if theirs}

    def with_ranks(self, ranks: Collection[tree.Rank]) -> list[str]:
        """Those whose answer goes by one of some ranks, in their order."""
        return self.followed_by(name for name, theirs in self.ranks.items() if any(rank in ranks for rank in theirs))

    # --- groups

    @cached_property
    def group(self) -> dict[str, int]:
        """The group of each: what asks of the same types of events goes together, for it changes together."""
        if self._groups_before:
            return {name: self._groups_before.get(name, MOST_GROUPS - 1) for name in self._types}
        often = Counter(self._types.values()).most_common(MOST_GROUPS - 1)
        number = {types: place for place, (types, _) in enumerate(often)}
        return {name: number.get(types, MOST_GROUPS - 1) for name, types in self._types.items()}

    @cached_property
    def groups(self) -> dict[int, list[str]]:
        """The segments of each group, in their order."""
        found: dict[int, list[str]] = {}
        for name, group in self.group.items():
            found.setdefault(group, []).append(name)
        return found

    def whole_groups(self, names: Collection[str]) -> list[int]:
        """The groups all of whose segments are among some."""
        return [group for group, theirs in self.groups.items() if all(name in names for name in theirs)]


def _names_people(node: tree.Node) -> bool:
    """Whether who is known by name is asked: any event may tell somebody's name."""
    return isinstance(node, tree.Test) and node.operator == tree.Is("identified")
