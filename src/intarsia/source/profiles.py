"""A row is a profile: one identify message with its traits, and an event for each consent that it speaks of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from intarsia.source.batches import EMPTIED, Message
from intarsia.source.consents import PREFIX, asked_in, with_time
from intarsia.source.kinds import ColumnKind
from intarsia.source.planning import Plan
from intarsia.source.reasons import Unfit
from intarsia.source.roles import PERSONAL, PLACES, snake_name
from intarsia.source.rows import Cell, Row
from intarsia.source.rowwise import MakeMessages

KINDS_OF_ROLES: dict[str, ColumnKind] = {
    **dict.fromkeys((*PERSONAL, *PLACES), "text"),
    "birth_date": "date",
    "latitude": "decimal",
    "longitude": "decimal",
}
"""What a role's values are taken for whatever the column looks like; `income` goes by its column."""


class Named:
    """The columns that become traits or properties, each with its name and its reading.

    prefix  of fields that the user made, such as `trait.`
    taken   columns that are used otherwise
    """

    def __init__(self, plan: Plan, prefix: str, taken: frozenset[str]) -> None:
        self._plan = plan
        self._prefix = prefix
        self._taken = taken
        self._roles = {column: name for name, column in plan.fields.items()}
        self._reader = plan.reader()
        self._known: dict[str, tuple[str, Callable[[Cell], Any]] | None] = {}
        self._names: set[str] = set()

    def values(self, cells: dict[str, Cell]) -> dict[str, Any]:
        """By name, the values of a row; an empty cell says nothing, or is an empty text if the plan says so."""
        return self.values_and_gaps(cells)[0]

    def values_and_gaps(self, cells: dict[str, Cell]) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The same, and the names of those whose cells are empty: which say that the value is unknown (rule 8)."""
        found: dict[str, Any] = {}
        gaps: list[str] = []
        for column, cell in cells.items():
            if column not in self._known:
                self._known[column] = self._settle(column)
            named = self._known[column]
            if named is None:
                continue
            name, read = named
            value = read(cell)
            if value is not None:
                found[name] = value
            elif self._plan.options.empty_cells == "text":
                found[name] = ""
            elif column in self._plan.emptying:
                gaps.append(name)
        return found, tuple(gaps)

    def _settle(self, column: str) -> tuple[str, Callable[[Cell], Any]] | None:
        if column in self._taken or column in self._plan.options.skip:
            return None
        role = self._roles.get(column, "")
        name = base = role.removeprefix(self._prefix) or snake_name(column)
        again = 2
        while name in self._names:
            name, again = f"{base}_{again}", again + 1
        self._names.add(name)
        kind = self._plan.kinds.get(column) if role == "income" else None
        return name, self._reader.value(kind or KINDS_OF_ROLES.get(role) or self._plan.kinds.get(column))


def identifying(plan: Plan) -> MakeMessages:
    """How a row becomes an identify message, with the consents behind it.

    The profile id is that of its column, else the e-mail address. A row without a date is undated: it has no timestamp.
    What an empty cell makes unknown is null in a dated row; of an undated one only the name is handed on, for there is
    something to make unknown only if somebody else said it before.
    A consent without a date of its own has that of the row.
    """
    fields, reader = plan.fields, plan.reader()
    id_column = fields.get("profile_id") or fields["email"]
    read_id = reader.key(ends_in_zero=id_column in plan.spoilt_ids)
    when = fields.get("known_since", "")
    read_when = reader.instant(when)
    of_consents = {column for field, column in fields.items() if field.startswith(PREFIX)}
    traits = Named(plan, "trait.", frozenset({fields.get("profile_id", ""), when, *of_consents}))
    consents = asked_in(fields, reader)

    def make(row: Row) -> list[Message]:
        profile_id = read_id(row.cells.get(id_column))
        if profile_id is None:
            raise Unfit("no-profile-id", column=id_column)
        known_since = read_when(row.cells.get(when))
        values, gaps = traits.values_and_gaps(row.cells)
        identify: Message = {"type": "identify", "userId": profile_id, "traits": values}
        if known_since is not None:
            values |= dict.fromkeys(gaps)
        elif gaps:
            identify[EMPTIED] = gaps
        said = [told for consent in consents if (told := consent.message(row.cells, known_since)) is not None]
        return [with_time(identify, known_since), *({**told, "userId": profile_id} for told in said)]

    return make
