"""Makes the relations of relations.sql in a session, as of one question, those that are needed and each once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from intarsia.lake.session import Session
from intarsia.lake.statements import statements
from intarsia.language.values import fold_case

NEEDS = {
    "people": ("facts",),
    "versions": ("facts",),
    "orders": ("versions",),
    "sales": ("facts", "orders"),
    "lines": ("facts",),
    "happenings": ("facts",),
    "statements": ("facts",),
}
"""Which relations each one is made from."""

VIEWS = frozenset(("facts", "versions", "happenings", "statements"))
"""Those that are cheaper to read anew than to keep."""

_STAYING = frozenset(("lines", "kept_facts"))
_KEPT = """
create temp table kept_facts as
select * replace (case when name = 'Order Refunded' then lines end as lines) from facts
"""
"""Of lines, a question asks beside the relation `lines` only whether a refund has any."""


def blocks() -> Mapping[str, str]:
    """The SQL of each relation, by name."""
    return statements(Path(__file__).with_name("relations.sql"))


class Relations:
    """The relations of one question in one session.

    at, known_at  milliseconds UTC; statuses: of orders that count
    """

    def __init__(self, session: Session, *, at: int, known_at: int, statuses: frozenset[str]) -> None:
        self._session = session
        self._values = {"at": int(at), "known_at": int(known_at)}
        self._statuses = sorted({fold_case(status) for status in statuses})
        self._made: set[str] = set()

    def make(self, name: str) -> None:
        """Make sure that a relation is there, and those that it is made from."""
        if name in self._made:
            return
        for needed in NEEDS.get(name, ()):
            self.make(needed)
        kind = "view" if name in VIEWS else "table"
        self._session.execute(f"create temp {kind} {name} as {self._filled(blocks()[name])}")
        self._made.add(name)

    def rewind(self, at: int) -> None:
        """Ask as of an earlier instant from here on.

        Order lines stay, for those of later messages are joined to nothing; of what counted at the first question a
        copy is kept, from which earlier ones are answered without reading the lake again.
        """
        if "kept_facts" not in self._made:
            self.make("lines")
            self._session.execute(_KEPT)
        for name in self._made - _STAYING:
            self._session.execute(f"drop {'view' if name in VIEWS else 'table'} {name}")
        self._session.execute(f"create temp view facts as from kept_facts where is_undated or happened <= {int(at)}")
        self._made = {*_STAYING, "facts"}
        self._values["at"] = int(at)

    def _filled(self, sql: str) -> str:
        """The SQL with its values written in: a view takes no parameters, and these are whole numbers and settings."""
        for name, value in self._values.items():
            sql = sql.replace(f"${name}", str(value))
        quoted = ", ".join("'" + status.replace("'", "''") + "'" for status in self._statuses)
        return sql.replace("$statuses", f"[{quoted}]")
