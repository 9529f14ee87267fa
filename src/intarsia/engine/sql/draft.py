"""A question under construction, as those modules see it that are each for one kind of condition."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.engine.sql.operators import Operators
from intarsia.engine.sql.people import People
from intarsia.engine.sql.queries import Query
from intarsia.engine.sql.reading import Reading
from intarsia.engine.sql.scope import EventScope
from intarsia.engine.sql.words import Bindings, Sql
from intarsia.language import tree
from intarsia.language.catalog import Catalog, Property


@dataclass(frozen=True)
class ByZone:
    """A table with rows for every zone that it is made for: its first column is `zone`, the name of the zone.

    is_local  people's own zones are meant, and not only the workspace's
    """

    table: Callable[[Iterable[ZoneInfo]], pa.Table]
    is_local: bool


class Draft(Protocol):
    """What `engine.sql.compile.Compiler` offers to those that add tables and ask no conditions of people."""

    @property
    def operators(self) -> Operators:
        """What asks operators of readings; it knows the instant, the zone and the calendar of the question."""
        ...

    @property
    def bindings(self) -> Bindings:
        """Where values are bound."""
        ...

    def events_of(self, event: tree.Event) -> tuple[EventScope, Property | None]:
        """The scope of an event path, and the property that it ends in, if any."""
        ...

    def table(self, key: object, prefix: str, build: Callable[[], Query]) -> str:
        """The name of the common table expression for `key`, built at its first use."""
        ...

    def give(self, key: object, prefix: str, build: Callable[[], pa.Table]) -> str:
        """The name of a table that is worked out in Python for this question, built at its first use."""
        ...

    def shift(self, length: tree.Length) -> str:
        """The relation of the pieces by which instants move so far; back, where the count is below zero."""
        ...


class PersonalDraft(Draft, Protocol):
    """What it offers to those that ask conditions of people."""

    catalog: Catalog
    relations: set[str]

    def people(self, alias: str) -> People:
        """The base under another alias, for a table that asks something else of everybody."""
        ...

    def condition(self, node: tree.Condition, people: People) -> Sql:
        """Whether a person of the base meets a condition."""
        ...

    def reading(self, value: tree.Value, people: People) -> Reading:
        """How a value of the language reads for a person."""
        ...

    def among(self, people: People, relation: str) -> Sql:
        """Whether a person is among the `profile_no` of a relation."""
        ...

    def by_zone(self, key: object, build: ByZone) -> str:
        """The name of a table that is worked out in Python for every zone that occurs."""
        ...

    def history(self, names: tuple[str, ...], begin: int) -> str:
        """The relation of what a derived trait was at every instant from `begin` on."""
        ...
