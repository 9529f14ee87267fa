"""The segments of a workspace: put down, changed, counted, listed, explained."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from intarsia.errors import UserError
from intarsia.language import check, parse, sentence, tree
from intarsia.language.catalog import Catalog
from intarsia.language.interpret import Explanation
from intarsia.language.interpret.crowd import SegmentLoop
from intarsia.profile.derived import sources
from intarsia.record.words import words
from intarsia.segment.asking import Asking, Count
from intarsia.segment.definitions import Definition, Definitions, segments_named
from intarsia.segment.templates import TEMPLATES, Template, TemplateLacksField, template
from intarsia.store.store import Store

When = str | datetime | None
Ask = Callable[[When, When], AbstractContextManager[Asking]]


@dataclass(frozen=True)
class Shown:
    """One segment with its definition in words and its size now."""

    definition: Definition
    sentence: str
    count: Count
    versions: list[Definition]

    def to_json(self) -> dict[str, object]:
        """Name, id, version, definition, sentence, size, base, as of, and all versions."""
        versions = [{"version": item.version, "definition": item.text} for item in self.versions]
        return {
            **self.definition.to_json(),
            "sentence": self.sentence,
            **self.count.to_json(),
            "versions": versions,
        }


class Segments:
    """The segments of one workspace.

    ask      opens a question as of an instant, by what was known at another
    catalog  everything that can be named now; now: the present, milliseconds UTC; new_id: an id for a new segment
    """

    def __init__(
        self,
        store: Store,
        *,
        ask: Ask,
        catalog: Callable[[], Catalog],
        now: Callable[[], int],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._definitions = Definitions(store)
        self._ask = ask
        self._catalog = catalog
        self._now = now
        self._new_id = new_id

    # --- definitions

    def add(self, name: str, text: str) -> Definition:
        """Put down a segment; the text is checked first, and nothing is kept of one that is wrong."""
        check(parse(text), self._catalog(), text)
        return self._definitions.add(name, text, segment_id=self._new_id(), at=self._now())

    def add_template(self, template_name: str, name: str | None = None) -> Definition:
        """Put down a segment from a template; raises `TemplateLacksField` when the workspace has no such data."""
        chosen = template(template_name)
        self._refuse_lacking(chosen)
        return self.add(name or chosen.name, chosen.text)

    def edit(self, name: str, text: str) -> Definition:
        """Add a version of the definition; one that would make segments name each other in a ring is refused."""
        self._definitions.get(name)
        check(parse(text), self._catalog(), text)
        self._refuse_ring(name, text)
        return self._definitions.edit(name, text, at=self._now())

    def rename(self, name: str, new_name: str) -> list[Definition]:
        """Give a segment another name, in the definitions that name it too; all definitions that changed."""
        return self._definitions.rename(name, new_name, at=self._now())

    def remove(self, name: str) -> None:
        """Take a segment out; raises `InUse` while others name it. The ledger keeps what was."""
        self._definitions.remove(name)

    def all(self) -> list[Definition]:
        """Every segment, by name."""
        return self._definitions.all()

    def get(self, name: str) -> Definition:
        """One segment; raises `NoSuchSegment`."""
        return self._definitions.get(name)

    def templates(self) -> tuple[Template, ...]:
        """The ready definitions."""
        return TEMPLATES

    # --- answers

    def count(self, text_or_name: str, at: When = None, known_at: When = None) -> Count:
        """How many people are in a segment, or meet a definition."""
        with self._ask(at, known_at) as asking:
            return asking.count(text_or_name)

    def members(
        self, text_or_name: str, at: When = None, known_at: When = None, *, as_table: bool = False
    ) -> list[str] | pa.Table:
        """The profile ids of the members in the order of their bytes, or an Arrow table with `profile_id`."""
        with self._ask(at, known_at) as asking:
            found = asking.members(text_or_name).select(["profile_id"])
        ids: list[str] = [] if as_table else found["profile_id"].to_pylist()
        return found if as_table else ids

    def why(self, text_or_name: str, profile_id: str, at: When = None, known_at: When = None) -> Explanation:
        """Why one person is in, or not: each condition with the facts behind it."""
        with self._ask(at, known_at) as asking:
            return asking.why(text_or_name, profile_id)

    def show(self, name: str, at: When = None, known_at: When = None, *, language: str = "en") -> Shown:
        """One segment: definition, sentence, size, versions."""
        definition = self.get(name)
        return Shown(
            definition,
            sentence(definition.tree(), language),
            self.count(name, at, known_at),
            self._definitions.versions(name),
        )

    # --- refusals

    def _refuse_ring(self, name: str, text: str) -> None:
        trees = {definition.name: definition.tree() for definition in self.all()}
        trees[name] = parse(text)
        ring = _ring(trees, name)
        if ring:
            raise SegmentLoop(circle=" → ".join(ring))

    def _refuse_lacking(self, chosen: Template) -> None:
        """A template speaks of traits, events and properties; each must have come in at least once."""
        try:
            checked = check(parse(chosen.text), self._catalog(), chosen.text)
        except UserError as error:
            raise TemplateLacksField(name=chosen.name, field="something", reason=error.message()) from error
        seen: set[tuple[str, Any]] = {
            (word.scope if word.scope == "trait" else "event", word.path if word.scope == "trait" else word.event)
            for word in words(self._store)
            if word.seen
        }
        for path in sorted(checked.traits):
            trait = checked.catalog.trait(path)
            needed = sources(path[0]) if trait is not None and trait.is_derived else (path[0],)
            if not any(("trait", (source,)) in seen for source in needed):
                names = " or ".join(f"`{source}`" for source in needed)
                raise TemplateLacksField(
                    name=chosen.name, field=f"the trait `{'.'.join(path)}`", reason=f"nobody has {names}"
                )
        for event in sorted(checked.events):
            if ("event", event) not in seen:
                raise TemplateLacksField(name=chosen.name, field=f"the event `{event}`", reason="none was recorded")
        self._refuse_lacking_properties(chosen, checked.tree)

    def _refuse_lacking_properties(self, chosen: Template, condition: tree.Condition) -> None:
        seen = {word.path for word in words(self._store) if word.scope != "trait" and word.seen}
        for node in condition.walk():
            where = getattr(node, "where", None)
            paths = [inner.names for inner in where.walk() if isinstance(inner, tree.Path)] if where else []
            for names in paths:
                if names not in seen and names[-1:] not in seen:
                    field = f"the property `{'.'.join(names)}`"
                    raise TemplateLacksField(name=chosen.name, field=field, reason="no event that came in has it")


def _ring(trees: dict[str, tree.Condition], start: str) -> list[str]:
    """A way from a segment back to itself, or nothing."""
    todo, seen = [[start]], {start}
    while todo:
        way = todo.pop()
        for named in sorted(segments_named(trees[way[-1]])):
            if named == start:
                return [*way, start]
            if named in trees and named not in seen:
                seen.add(named)
                todo.append([*way, named])
    return []
