"""Facts of people read back from the lake, for whoever asks about one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from intarsia.errors import UserError
from intarsia.lake.session import Session
from intarsia.language.meaning.facts import Fact, Json, Person
from intarsia.language.meaning.json_text import from_text
from intarsia.language.meaning.money import digits_of
from intarsia.speech import mark

_SQL = """
select p.profile_id, e.event_id, e.kind, e.name, epoch_ms(e.occurred_at) as occurred_at,
       epoch_ms(e.recorded_at) as recorded_at, e.is_undated, e.props, e.currency, e.lines,
       coalesce(e.is_anonymous, json_extract_string(e.context, '$.anonymousId') is not distinct from p.profile_id)
           as is_anonymous
from lake.events e join lake.profiles p using (profile_no) join asked using (profile_no)
order by e.profile_no, e.occurred_at, e.event_id
"""

_COUNT = "select profile_no, count(*) as facts from lake.events semi join asked using (profile_no) group by profile_no"


class NoSuchProfile(UserError):
    """Nobody has the profile id."""

    code = "profile.unknown"
    says = mark("no profile has the id `{profile_id}`")
    advises = mark('look for it with `intarsia query "SELECT profile_id FROM profiles WHERE ..."`')


def newest(session: Session) -> int | None:
    """When the newest message or decision on identity was recorded, milliseconds UTC; None: the record is empty.

    It may lie beyond the present: a clock was set back, or whoever recorded said so.
    """
    answer = session.execute(
        "select epoch_ms(greatest((select max(recorded_at) from lake.events), "
        "(select max(recorded_at) from lake.identities where event_no is null))) as newest"
    )
    found: int | None = answer["newest"][0].as_py()
    return found


def people(session: Session, numbers: Sequence[int], currency: str) -> list[Person]:
    """The persons of the given profile numbers with everything recorded of them.

    currency  of the workspace: how many decimals the amounts of an order have that names none
    """
    session.register("asked", pa.table({"profile_no": pa.array(numbers, pa.int64())}))
    found: dict[str, list[Fact]] = {}
    for row in session.execute(_SQL).to_pylist():
        found.setdefault(row["profile_id"], []).append(_fact(row, currency))
    return [Person(profile_id, tuple(facts)) for profile_id, facts in found.items()]


def facts_of(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    """How many facts there are of each of some profiles that has any."""
    session.register("asked", pa.table({"profile_no": pa.array(numbers, pa.int64())}))
    found = session.execute(_COUNT)
    return dict(zip(found["profile_no"].to_pylist(), found["facts"].to_pylist(), strict=True))


def _fact(row: Mapping[str, Any], currency: str) -> Fact:
    digits = digits_of(row["currency"], currency)
    return Fact(
        id=row["event_id"],
        kind=row["kind"],
        name=row["name"],
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        is_undated=row["is_undated"],
        properties=from_text(row["props"]),
        lines=tuple(line_of(line, digits) for line in row["lines"] or ()),
        is_anonymous=row["is_anonymous"],
    )


def line_of(line: Mapping[str, Any], digits: int) -> dict[str, Json]:
    """A line of an order out of its columns; digits: how many decimals its amounts have."""
    found: dict[str, Json] = {}
    for name in ("sku", "product", "category"):
        found[name] = line[name]
    for name in ("quantity", "price", "unit_cost"):
        found[name] = line[name]
    for name in ("discount", "total", "cost"):
        amount = line[f"{name}_minor"]
        found[name] = None if amount is None else Decimal(amount).scaleb(-digits)
    rest = from_text(line["props"]) if line["props"] else {}
    return {**{name: value for name, value in found.items() if value is not None}, **rest}
