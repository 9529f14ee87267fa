"""All segments of a store as questions need them: every version, who was pinned, and what names meant when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial

from intarsia.language import Checked, check, tree
from intarsia.language.catalog import Catalog
from intarsia.language.named import FixedList, Named, Pin, Version, with_names
from intarsia.segment.definitions import Definition, Definitions
from intarsia.segment.lists import ids_of
from intarsia.segment.pins import pins_of
from intarsia.store.store import Store


class Register:
    """The segments of one store as they are now, with their past; what is put down later is not in it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._versions: dict[str, list[Definition]] = {}
        for version in Definitions(store).all_versions():
            self._versions.setdefault(version.name, []).append(version)
        self.pins: Mapping[str, tuple[Pin, ...]] = pins_of(store)
        self._former = store.rows("select name, until, segment_id from former_name order by until")

    @cached_property
    def newest(self) -> int:
        """When the newest version or pin was made, milliseconds UTC; 0: there is none."""
        versions = (version.created_at for several in self._versions.values() for version in several)
        edges = (max(pin.created_at, pin.removed_at or 0) for several in self.pins.values() for pin in several)
        return max((*versions, *edges), default=0)

    def in_force(self, known_at: int) -> dict[str, Definition]:
        """The version of each segment that is in force at an instant, by name; the first of a younger one."""
        found = {}
        for name, versions in self._versions.items():
            so_far = [version for version in versions if version.created_at <= known_at]
            found[name] = (so_far or versions[:1])[-1]
        return found

    def named(self, catalog: Catalog) -> Mapping[str, Named]:
        """The segments that conditions may name, with everything that decides who is in them."""
        return {name: self._named(versions, catalog) for name, versions in self._versions.items()}

    def _named(self, versions: list[Definition], catalog: Catalog) -> Named:
        made = (Version(version.created_at, self._maker(version, catalog)) for version in versions)
        return Named(tuple(made), self.pins.get(versions[0].segment_id, ()))

    def _maker(self, version: Definition, catalog: Catalog) -> Callable[[], Checked | FixedList]:
        return partial(self.content, version, catalog)

    def content(self, version: Definition, catalog: Catalog) -> Checked | FixedList:
        """What a version says, checked; raises what is wrong with it."""
        if version.kind == "list":
            return FixedList(ids_of(self._store, version.segment_id, version.version))
        return check(self.tree(version), catalog, version.text)

    def tree(self, version: Definition) -> tree.Condition:
        """The rule of a version, which names other segments as they are called now."""
        written = version.tree()
        if not self._former:
            return written
        return with_names(written, lambda node: self._present_name(node.name, version))

    def _present_name(self, name: str, version: Definition) -> str:
        """How the segment is called now that had a name when a version was written."""
        written = version.created_at
        holders = [row["segment_id"] for row in self._former if row["name"] == name and row["until"] > written]
        present = {versions[0].segment_id: now for now, versions in self._versions.items()}
        return present.get(holders[0], name) if holders else name
