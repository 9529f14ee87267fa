"""Which changes are somebody's doing: pins and exclusions that began, were taken back, or expired (rule 39)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from intarsia.language.checking.named import Pin
from intarsia.membership.ledger import Key
from intarsia.membership.standing import Standing
from intarsia.segment.asking import Asking


def by_hand(asking: Asking, standings: Iterable[Standing], instants: Mapping[Key, int]) -> dict[Key, int]:
    """The instant of each change that a pin or an exclusion made, by segment and person; milliseconds UTC.

    standings  in the order in which they depend on each other: who enters one by hand enters those that name it so too
    instants   of the changes that could be dated
    """
    found: dict[Key, int] = {}
    ids = {standing.definition.name: standing.id for standing in standings}
    for standing in standings:
        own = _Own(asking, standing)
        for number in standing.changes["profile_no"].to_pylist():
            key = (standing.id, number)
            instant = own.instant(number, instants.get(key))
            above = {found.get((ids[name], number)) for name in standing.named if name in ids}
            if instant is None and instants.get(key) in above:
                instant = instants.get(key)
            if instant is not None:
                found[key] = instant
    return found


class _Own:
    """The pins and exclusions of one segment, beside what its rule or list says."""

    def __init__(self, asking: Asking, standing: Standing) -> None:
        self._asking = asking
        self._standing = standing

    def instant(self, number: int, dated: int | None) -> int | None:
        """When a pin made a person's change; None: no pin did. dated: when the change was, if that is known."""
        edges = [edge for edge in self._edges.get(number, ()) if edge <= self._asking.as_of.at]
        if not edges:
            return None
        previous = self._standing.previous
        if previous is None or self._standing.is_redefined:
            return max(*edges, self._standing.since) if self._decides(number) else None
        if dated is not None:
            return dated if dated in edges else None
        recent = [edge for edge in edges if edge > previous.look.at]
        return max(recent, default=None)

    def _decides(self, number: int) -> bool:
        """Whether a pin and not the rule has the person in or out now."""
        return (number in self._is_in) != (number in self._is_meant)

    @cached_property
    def _edges(self) -> dict[int, tuple[int, ...]]:
        """When the pins of each person begin and end, by number."""
        found: dict[int, list[int]] = {}
        pins = tuple(self._pins())
        numbers = self._asking.evaluator.numbers_of({pin.profile_id for pin in pins}) if pins else {}
        for pin in pins:
            if pin.profile_id in numbers:
                found.setdefault(numbers[pin.profile_id], []).extend(pin.edges())
        return {number: tuple(edges) for number, edges in found.items()}

    def _pins(self) -> Iterator[Pin]:
        known_at = self._asking.as_of.known_at
        named = self._asking.evaluator.named[self._standing.definition.name]
        return (pin for pin in named.pins if pin.created_at <= known_at)

    @cached_property
    def _is_in(self) -> frozenset[int]:
        members = self._asking.numbers(self._standing.definition.name)
        return frozenset(members["profile_no"].to_pylist())

    @cached_property
    def _is_meant(self) -> frozenset[int]:
        members = self._asking.evaluator.meant_by(self._standing.definition.name)
        return frozenset(members["profile_no"].to_pylist())
