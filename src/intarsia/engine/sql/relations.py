"""Makes the relations of relations.sql in a session, as of one question, those that are needed and each once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from intarsia.engine.sql.persons import SURVIVORS, Persons
from intarsia.lake.session import Session
from intarsia.lake.statements import statements
from intarsia.language.meaning.money import USUAL_DIGITS, minor_digits, unit_of, unusual_digits
from intarsia.language.meaning.values import fold_case

NEEDS = {
    "facts": ("messages",),
    "people": ("facts",),
    "person_ids": ("people",),
    "anonymous": ("facts", "people"),
    "versions": ("facts",),
    "orders": ("versions",),
    "refunds": ("facts", "orders", "half_even", "minor_of", "amount_in", "sent", "says"),
    "returned_lines": ("facts", "refunds", "share_of", "returned_minor"),
    "sold": ("facts", "orders"),
    "sales": ("sold", "refunds", "returned_lines"),
    "sent_lines": ("facts",),
    "lines": ("sent_lines", "returned_lines"),
    "happenings": ("facts",),
    "rated_sales": ("sales",),
    "rated_happenings": ("happenings",),
    "own_sales": ("rated_sales", "own_minor"),
    "statements": ("facts",),
    "consents": ("facts",),
}
"""Which relations each one is made from."""

RATED = frozenset(("rated_sales", "rated_happenings", "own_sales"))
"""What also reads the relation `rates`."""

MACROS = {
    "own_minor": "own_minor(minor, unit, is_own, factor, divisor)",
    "half_even": "half_even(top, bottom)",
    "minor_of": "minor_of(amount, unit)",
    "share_of": "share_of(minor, part, whole)",
    "amount_in": "amount_in(props, readings, name)",
    "sent": "sent(minor, unit, props, readings, name)",
    "says": "says(props, name)",
    "returned_minor": "returned_minor(how, own, under, pieces, pieces_sold, amount, unit)",
}
"""Functions that relations and questions of ours call, with their parameters."""

VIEWS = frozenset(
    ("messages", "facts", "person_ids", "versions", "sold", "lines", "happenings", "rated_happenings", "statements")
)
"""Those that are cheaper to read anew than to keep."""

JOINED = frozenset(("messages", "person_ids"))
"""Those that are made otherwise where several profiles are one person: from the block `.._joined`."""

UNREFUNDED = {"sales": ("sold",), "lines": ("sent_lines",)}
"""Those that are made otherwise where nothing was ever refunded, from the block `.._unrefunded`, and what each needs.

To plan what a refund gives back takes longer than to answer most questions."""

_STAYING = frozenset(("sent_lines", "kept_facts"))
_KEPT = """
create temp table kept_facts as
with returned as (select order_id from facts where name = 'Order Refunded' and len(lines) > 0)
select * replace (case when name = 'Order Refunded' or order_id in (from returned) then lines end as lines) from facts
"""
"""Of lines, a question asks beside the relation `sent_lines` only for those of refunds and of their orders."""


def blocks() -> Mapping[str, str]:
    """The SQL of each relation, by name."""
    return statements(Path(__file__).with_name("relations.sql"))


class Relations:
    """The relations of one question in one session.

    at, known_at  milliseconds UTC; statuses: of orders that count
    currency      the workspace's
    persons       which profiles are one person; None: each is one
    """

    def __init__(
        self,
        session: Session,
        *,
        at: int,
        known_at: int,
        statuses: frozenset[str],
        currency: str,
        persons: Persons | None = None,
    ) -> None:
        self._session = session
        self._is_joined = persons is not None and persons.survivors.num_rows > 0
        if persons is not None and self._is_joined:
            session.register(SURVIVORS, persons.survivors)
        self._values: dict[str, int | str] = {
            "at": int(at),
            "known_at": int(known_at),
            "own_code": currency.upper(),
            "own_scale": 10 ** minor_digits(currency),
            "own_unit": unit_of(minor_digits(currency)),
            "usual_unit": unit_of(USUAL_DIGITS),
            "units": _map({code: unit_of(digits) for code, digits in unusual_digits().items()}),
        }
        self._statuses = sorted({fold_case(status) for status in statuses})
        self._made: set[str] = set()
        self._is_refunded: bool | None = None

    def make(self, name: str) -> None:
        """Make sure that a relation is there, and those that it is made from."""
        if name in self._made:
            return
        is_plain = name in UNREFUNDED and not self.has_refunds()
        for needed in UNREFUNDED[name] if is_plain else NEEDS.get(name, ()):
            self.make(needed)
        block = f"{name}_joined" if self._is_joined and name in JOINED else name
        block = f"{name}_unrefunded" if is_plain else block
        called = MACROS.get(name, name)
        self._session.execute(f"create temp {_kind(name)} {called} as {self._filled(blocks()[block])}")
        self._made.add(name)

    def ask_of(self, people: pa.Table) -> None:
        """Put other people in the place of the base, `profile_no`; before anything is made that rests on it."""
        self._session.register("asked_people", people)
        self._session.execute(
            "create or replace temp table people as "
            "select profile_no, profile_id from lake.profiles semi join asked_people using (profile_no)"
        )
        self._made.add("people")

    def has_refunds(self) -> bool:
        """Whether anything was refunded as of the question; as of an earlier one, no more was."""
        if self._is_refunded is None:
            self.make("facts")
            sql = "select 1 as one from facts where kind = 'track' and name = 'Order Refunded' limit 1"
            self._is_refunded = self._session.execute(sql).num_rows > 0
        return self._is_refunded

    def rewind(self, at: int) -> None:
        """Ask as of an earlier instant from here on.

        Order lines stay, for those of later messages are joined to nothing; of what counted at the first question a
        copy is kept, from which earlier ones are answered without reading the lake again.
        """
        if "kept_facts" not in self._made:
            self.make("sent_lines")
            self._session.execute(_KEPT)
        for name in self._made - _STAYING:
            self._session.execute(f"drop {_kind(name)} {name}")
        self._session.execute(f"create temp view facts as from kept_facts where is_undated or happened <= {int(at)}")
        self._made = {*_STAYING, "facts"}
        self._values["at"] = int(at)

    def _filled(self, sql: str) -> str:
        """The SQL with its values written in: a view takes no parameters, and these are whole numbers and settings."""
        for name, value in self._values.items():
            sql = sql.replace(f"${name}", str(value))
        quoted = ", ".join("'" + status.replace("'", "''") + "'" for status in self._statuses)
        return sql.replace("$statuses", f"[{quoted}]")


def _kind(name: str) -> str:
    if name in MACROS:
        return "macro"
    return "view" if name in VIEWS else "table"


def _map(units: Mapping[str, str]) -> str:
    """A map of SQL from the codes of currencies to exact decimals."""
    pairs = ", ".join(f"'{code}': cast({unit} as decimal(7, 6))" for code, unit in units.items())
    return f"map {{{pairs}}}"
