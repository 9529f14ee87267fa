"""Which column plays which role, and what kind of load a file is for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from intarsia.source.consents import is_said
from intarsia.source.dates import read_date
from intarsia.source.roles import fold_name, ranked_roles
from intarsia.source.sampling import Column, Survey

Shape = Literal["profiles", "purchases", "events", "consents", "messages"]
SHAPES: tuple[Shape, ...] = ("profiles", "purchases", "events", "consents", "messages")

NUMERIC = frozenset(
    "quantity price unit_cost line_total amount total discount order_discount shipping tax latitude longitude".split()
)
DATED = frozenset({"date", "known_since", "expires_at"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_KEY_WORDS = frozenset({"id", "key", "no", "number", "code"})


def guess_roles(found: Survey, shape: Shape) -> dict[str, str]:
    """By role, the column that most likely plays it: by its name, as far as its values do not speak against it."""
    candidates = sorted(
        (rank, position, role, column.name)
        for position, column in enumerate(found.columns.values())
        for role, rank in ranked_roles(column.name, shape).items()
        if _suits(column, role)
    )
    roles: dict[str, str] = {}
    for _, _, role, name in candidates:
        if role not in roles and name not in roles.values():
            roles[role] = name
    _add_by_content(found.columns, roles, shape)
    return roles


def _suits(column: Column, role: str) -> bool:
    """Whether at least half of the filled cells are what the role needs."""
    if role in NUMERIC:
        return 2 * sum(column.kinds.get(kind, 0) for kind in ("integer", "decimal", "money", "code")) >= column.filled
    if role in DATED:
        dated = sum(column.kinds.get(kind, 0) for kind in ("date", "instant"))
        return 2 * dated >= column.filled or _holds_dates(column)
    return role != "consent_state" or all(map(is_said, column.examples))


def _holds_dates(column: Column) -> bool:
    return all(read_date(example, day_first=True, has_epochs=True) is not None for example in column.examples)


def _add_by_content(columns: Mapping[str, Column], roles: dict[str, str], shape: Shape) -> None:
    free = [column for column in columns.values() if column.filled and column.name not in roles.values()]
    if shape in ("profiles", "purchases", "consents") and "email" not in roles:
        found = next((column for column in free if all(map(_EMAIL.fullmatch, column.examples))), None)
        if found is not None:
            roles["email"] = found.name
    if shape in ("purchases", "events", "consents") and "date" not in roles:
        dated = [column for column in free if column.kind in ("date", "instant")]
        if len(dated) == 1:
            roles["date"] = dated[0].name
    if shape == "profiles" and "profile_id" not in roles:
        most = max((column.filled for column in columns.values()), default=0)
        key = next((column for column in free if _is_key(column, most)), None)
        if key is not None:
            roles["profile_id"] = key.name


def _is_key(column: Column, rows: int) -> bool:
    return column.distinct == column.filled == rows and fold_name(column.name).split()[-1:][0] in _KEY_WORDS


def guess_shape(found: Survey) -> Shape:
    """What the file is for, by the roles that its columns could play."""
    names = {name.casefold() for name in found.columns}
    if "type" in names and names & {"userid", "anonymousid", "messageid"}:
        return "messages"
    if guess_roles(found, "consents").keys() >= {"channel", "purpose", "consent_state"}:
        return "consents"
    purchases, events = guess_roles(found, "purchases"), guess_roles(found, "events")
    if "date" in purchases and purchases.keys() & {"order_id", "price", "line_total", "total", "amount"}:
        return "purchases"
    if "date" in events and ("event" in events or _comes_again(found, events.get("profile_id"))):
        return "events"
    return "profiles"


def _comes_again(found: Survey, column: str | None) -> bool:
    """Whether one profile has several rows."""
    return column is not None and found.columns[column].distinct < found.columns[column].filled
