"""The segments of a workspace: put down, changed, counted, listed, explained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.clock import end_of_day, parse_date, to_iso
from intarsia.errors import UserError, one_of, phrase
from intarsia.language import check, parse, tree
from intarsia.language.assist.check_at import Look, check_at
from intarsia.language.assist.complete import Suggestion, complete
from intarsia.language.catalog import Catalog
from intarsia.language.checking.named import Pin
from intarsia.language.interpret.crowd import SegmentLoop
from intarsia.language.interpret.why import Why
from intarsia.profile.derived import sources
from intarsia.record.words import words
from intarsia.segment.asking import Asking, AsOf, Count
from intarsia.segment.definitions import Definition, Definitions, ring, segments_named
from intarsia.segment.doubts import Doubt, doubts
from intarsia.segment.invalid import invalid
from intarsia.segment.pins import Pins
from intarsia.segment.register import Register
from intarsia.segment.templates import TEMPLATES, Template, TemplateLacksField, template
from intarsia.speech import translator
from intarsia.store.store import Store

if TYPE_CHECKING:
    from intarsia.segment.previewing import Preview

When = str | datetime | None
Ask = Callable[[When, When], AbstractContextManager[Asking]]


_COUNTED = ("size", "base", "as_of", "anonymous", "base_anonymous", "missing_rates", "doubts")
"""What is known of a segment that can be asked."""


@dataclass(frozen=True)
class Shown:
    """One segment with its definition in words, its size now, and the pins and exclusions that count.

    count  None: it is invalid, for a reason
    """

    definition: Definition
    sentence: str
    count: Count | None
    versions: list[Definition]
    as_of: AsOf
    pins: tuple[Pin, ...] = ()
    error: UserError | None = None

    def to_json(self) -> dict[str, object]:
        """Name, id, kind, version, definition, sentence, size, base, as of, pins, exclusions, versions, and error.

        What is counted is null of a segment that is invalid.
        """
        versions = [
            {"version": item.version, "definition": item.text, "created_at": to_iso(item.created_at)}
            for item in self.versions
        ]
        return {
            **self.definition.to_json(),
            "sentence": self.sentence,
            **(dict.fromkeys(_COUNTED) if self.count is None else self.count.to_json()),
            "as_of": self.as_of.to_json(),
            "pins": [pin.to_json() for pin in self.pins if not pin.is_exclusion],
            "exclusions": [pin.to_json() for pin in self.pins if pin.is_exclusion],
            "versions": versions,
            "error": None if self.error is None else self.error.to_json(),
        }


class Segments:
    """The segments of one workspace.

    ask      opens a question as of an instant, by what was known at another
    catalog  everything that can be named now; now: the present, milliseconds UTC; new_id: an id for a new segment
    instant  the instant that a caller names; None: as of which questions are asked that name none
    """

    def __init__(
        self,
        store: Store,
        *,
        ask: Ask,
        catalog: Callable[[], Catalog],
        now: Callable[[], int],
        instant: Callable[[When], int],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._definitions = Definitions(store)
        self._ask = ask
        self._catalog = catalog
        self._now = now
        self._instant = instant
        self._pins = Pins(store)
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
        self._definitions.remove(name, at=self._now())

    def all(self) -> list[Definition]:
        """Every segment, by name."""
        return self._definitions.all()

    def invalid(self) -> dict[str, UserError]:
        """Why segments are invalid, by name: they keep their members until they are mended (rule 41)."""
        present = {definition.name: definition for definition in self.all()}
        return invalid(Register(self._store), present, self._catalog())

    def get(self, name: str) -> Definition:
        """One segment; raises `NoSuchSegment`."""
        return self._definitions.get(name)

    def complete(self, text: str, position: int | None = None, *, language: str = "en") -> list[Suggestion]:
        """What may stand at a place in a definition that is being written; None: at its end."""
        place = len(text) if position is None else position
        return complete(text, place, self._catalog(), translator(language).gettext)

    def check_at(self, text: str, position: int | None = None, *, language: str = "en") -> Look:
        """What stands at a place in a definition (None: the whole), what it says, and all that is wrong with it."""
        return check_at(text, position, self._catalog(), translator(language).gettext, language)

    def doubts(self, text: str) -> tuple[Doubt, ...]:
        """What in a definition can find nobody: names of which no value ever came, values that nothing ever has."""
        return doubts(check(parse(text), self._catalog(), text), text)

    def templates(self) -> tuple[Template, ...]:
        """The ready definitions."""
        return TEMPLATES

    # --- by hand

    def pin(
        self, name: str, profile_ids: Sequence[str], *, reason: str, until: When = None, author: str | None = None
    ) -> list[Pin]:
        """Put people into a segment by hand, whatever its rule says; all pins and exclusions that count then.

        until   the instant from which on the pin has expired; None: never. author: who does it, as far as known
        Raises `NoSuchSegment`, `NoSuchProfile`, `NoReason`, `ExpiresBefore`; then nothing is changed.
        """
        return self._put(name, profile_ids, Pin("", False, reason, self._instant(None), *self._end(until), author))

    def exclude(
        self, name: str, profile_ids: Sequence[str], *, reason: str, until: When = None, author: str | None = None
    ) -> list[Pin]:
        """Keep people out of a segment by hand, whatever its rule and its pins say; as `pin`."""
        return self._put(name, profile_ids, Pin("", True, reason, self._instant(None), *self._end(until), author))

    def unpin(self, name: str, profile_ids: Sequence[str]) -> list[Pin]:
        """Take pins and exclusions of people back; those that still count. Raises `NoSuchSegment`, `NotPinned`."""
        at = self._instant(None)
        return [pin for pin in self._pins.take_back(name, profile_ids, at) if pin.counts(at, None)]

    def pins(self, name: str) -> list[Pin]:
        """Every pin and exclusion of a segment that was ever made, oldest first; raises `NoSuchSegment`."""
        return self._pins.of(name)

    def _end(self, until: When) -> tuple[int | None, None]:
        """From when on a pin has expired: a date is its whole day (rule 19)."""
        if until is None:
            return None, None
        day = parse_date(until) if isinstance(until, str) else None
        zone = ZoneInfo(self._catalog().timezone)
        return (self._instant(until) if day is None else end_of_day(day, zone)), None

    def _put(self, name: str, profile_ids: Sequence[str], pin: Pin) -> list[Pin]:
        with self._ask(None, None) as asking:
            for profile_id in profile_ids:
                asking.person(profile_id)
        return [found for found in self._pins.put(name, profile_ids, pin) if found.counts(pin.created_at, None)]

    # --- answers

    def count(self, text_or_name: str, at: When = None, known_at: When = None) -> Count:
        """How many people are in a segment, or meet a definition."""
        with self._ask(at, known_at) as asking:
            return asking.count(text_or_name)

    def preview(self, text_or_name: str, at: When = None, known_at: When = None) -> Preview:
        """How many people meet a definition: an estimate by a sample, and the exact number.

        `Workspace.previews` keeps what was worked out for the next text.
        """
        from intarsia.segment.previewing import Previews

        with self._ask(at, known_at) as asking:
            return Previews(asking).preview(text_or_name)

    def members(
        self, text_or_name: str, at: When = None, known_at: When = None, *, as_table: bool = False
    ) -> list[str] | pa.Table:
        """The profile ids of the members in the order of their bytes, or an Arrow table with `profile_id`."""
        with self._ask(at, known_at) as asking:
            found = asking.members(text_or_name).select(["profile_id"])
        ids: list[str] = [] if as_table else found["profile_id"].to_pylist()
        return found if as_table else ids

    def why(self, text_or_name: str, profile_id: str, at: When = None, known_at: When = None) -> Why:
        """Why one person is in, or not: each condition with the facts behind it; and what would flip the answer."""
        with self._ask(at, known_at) as asking:
            return asking.why(text_or_name, profile_id)

    def show(self, name: str, at: When = None, known_at: When = None, *, language: str = "en") -> Shown:
        """One segment: definition, sentence, size, versions, and who is in or out of it by hand."""
        definition = self.get(name)
        with self._ask(at, known_at) as asking:
            catalog, as_of, error = asking.catalog, asking.as_of, asking.invalid.get(name)
            count = None if error else asking.count(name)
            unknown = None if error else asking.unknown_among(name)
        pins = tuple(pin for pin in self.pins(name) if pin.counts(as_of.at, as_of.known_at))
        said = definition.sentence(language, unknown, None if error else catalog)
        return Shown(definition, said, count, self._definitions.versions(name), as_of, pins, error)

    # --- refusals

    def _refuse_ring(self, name: str, text: str) -> None:
        named = {definition.name: definition.named() for definition in self.all()}
        circle = ring({**named, name: segments_named(parse(text))}, name)
        if circle:
            raise SegmentLoop(circle=" → ".join(circle))

    def _refuse_lacking(self, chosen: Template) -> None:
        """A template speaks of traits, events and properties; each must have come in at least once."""
        try:
            checked = check(parse(chosen.text), self._catalog(), chosen.text)
        except UserError as error:
            raise TemplateLacksField(name=chosen.name, field=phrase("something"), reason=error) from error
        seen: set[tuple[str, Any]] = {
            (word.scope if word.scope == "trait" else "event", word.path if word.scope == "trait" else word.event)
            for word in words(self._store)
            if word.seen
        }
        for path in sorted(checked.traits):
            trait = checked.catalog.trait(path)
            needed = sources(path[0]) if trait is not None and trait.is_derived else (path[0],)
            if not any(("trait", (source,)) in seen for source in needed):
                field = phrase("the trait `{name}`", name=".".join(path))
                reason = phrase("nobody has {names}", names=one_of(f"`{source}`" for source in needed))
                raise TemplateLacksField(name=chosen.name, field=field, reason=reason)
        for event in sorted(checked.events):
            if ("event", event) not in seen:
                field = phrase("the event `{name}`", name=event)
                raise TemplateLacksField(name=chosen.name, field=field, reason=phrase("none was recorded"))
        self._refuse_lacking_properties(chosen, checked.tree)

    def _refuse_lacking_properties(self, chosen: Template, condition: tree.Condition) -> None:
        seen = {word.path for word in words(self._store) if word.scope != "trait" and word.seen}
        for node in condition.walk():
            where = getattr(node, "where", None)
            paths = [inner.names for inner in where.walk() if isinstance(inner, tree.Path)] if where else []
            for names in paths:
                if names not in seen and names[-1:] not in seen:
                    field = phrase("the property `{name}`", name=".".join(names))
                    reason = phrase("no event that came in has it")
                    raise TemplateLacksField(name=chosen.name, field=field, reason=reason)
