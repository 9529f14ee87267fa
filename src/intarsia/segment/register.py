"""All segments of a store as questions need them: every version, who was pinned, and what names meant when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property, partial
from zoneinfo import ZoneInfo

from intarsia.language import Checked, check, tree
from intarsia.language.catalog import Catalog
from intarsia.language.checking.named import FixedList, Named, Pin, Version, with_names
from intarsia.profile.areas import removed_areas
from intarsia.record.barred import unknown
from intarsia.record.history import NoSuchProfile
from intarsia.segment.definitions import Definition, Definitions, segments_named
from intarsia.segment.lists import ids_of
from intarsia.segment.pins import pins_of
from intarsia.store.store import Store

_HELD = """
select name, segment_id, until, lag(until, 1, created_at) over (partition by segment_id order by until) as since
from (
    select former_name.name, segment_id, until, created_at from former_name join segment using (segment_id)
    union all select name, segment_id, 9223372036854775807, created_at from segment
)
order by since, until
"""
"""From when until when each segment was called what."""


class Register:
    """The segments of one store as they are now, with their past; what is put down later is not in it.

    Segments that were removed are in it for the versions that named them. It may be asked in any thread.

    lists  the ids on versions of lists that the file of the store does not hold: those of a rehearsal, by segment and
           version
    """

    def __init__(self, store: Store, lists: Mapping[tuple[str, int], frozenset[str]] | None = None) -> None:
        self._path = store.path
        self._lists = lists or {}
        self._versions: dict[str, list[Definition]] = {}
        for version in Definitions(store).all_versions():
            self._versions.setdefault(version.name, []).append(version)
        self._present = frozenset(definition.name for definition in Definitions(store).all())
        self.pins: Mapping[str, tuple[Pin, ...]] = pins_of(store)
        self._held = store.rows(_HELD)
        self._removed_areas = removed_areas(store)

    @cached_property
    def newest(self) -> int:
        """When the newest version or pin was made, milliseconds UTC; 0: there is none."""
        versions = (version.created_at for several in self._versions.values() for version in several)
        edges = (max(pin.created_at, pin.removed_at or 0) for several in self.pins.values() for pin in several)
        return max((*versions, *edges), default=0)

    def stranger(self, profile_id: str, zone: ZoneInfo) -> NoSuchProfile:
        """What is said of an id that no profile has: nobody ever had it, or whoever had it was erased."""
        with Store(self._path) as opened:
            return unknown(opened, profile_id, zone)

    def in_force(self, known_at: int) -> dict[str, Definition]:
        """The version of each segment that is in force at an instant, by name; the first of a younger one."""
        found = {}
        for name, versions in self._versions.items():
            if name in self._present:
                so_far = [version for version in versions if version.created_at <= known_at]
                found[name] = (so_far or versions[:1])[-1]
        return found

    def past(self, catalog: Catalog) -> Catalog:
        """A catalog with what was removed since: versions of the past may name it."""
        segments, areas = catalog.segments | self._versions.keys(), {**self._removed_areas, **catalog.areas}
        return replace(catalog, segments=segments, areas=areas)

    def named(self, catalog: Catalog) -> Mapping[str, Named]:
        """The segments that conditions may name, with everything that decides who is in them."""
        past = self.past(catalog)
        return {name: self._named(versions, past) for name, versions in self._versions.items()}

    def _named(self, versions: list[Definition], catalog: Catalog) -> Named:
        made = (Version(version.created_at, self._maker(version, catalog)) for version in versions)
        return Named(tuple(made), self.pins.get(versions[0].segment_id, ()))

    def _maker(self, version: Definition, catalog: Catalog) -> Callable[[], Checked | FixedList]:
        return partial(self.content, version, catalog)

    def content(self, version: Definition, catalog: Catalog) -> Checked | FixedList:
        """What a version says, checked; raises what is wrong with it."""
        if version.kind == "list":
            rehearsed = self._lists.get((version.segment_id, version.version))
            if rehearsed is not None:
                return FixedList(rehearsed)
            with Store(self._path) as opened:
                return FixedList(ids_of(opened, version.segment_id, version.version))
        return check(self.tree(version), catalog, version.text)

    def tree(self, version: Definition) -> tree.Condition:
        """The rule of a version, which names other segments as they are called now."""
        return with_names(version.tree(), lambda node: self._present_name(node.name, version.created_at))

    def named_by(self, version: Definition) -> set[str]:
        """The segments that a version speaks of, as they are called now; a list speaks of none."""
        return set() if version.kind == "list" else segments_named(self.tree(version))

    def _present_name(self, name: str, written: int) -> str:
        """How the segment is called now that had a name when a version was written."""
        held = [row for row in self._held if row["name"] == name]
        then = [row for row in held if row["since"] <= written <= row["until"]]
        # Nobody had it then by a clock that was set back in between: it was the next one.
        later = [row for row in held if row["since"] > written]
        found = then[-1:] or later[:1]
        return self._names.get(found[0]["segment_id"], name) if found else name

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """How each segment is called now, by id."""
        return {versions[0].segment_id: name for name, versions in self._versions.items()}
