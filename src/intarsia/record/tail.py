"""What the journal holds as facts, the same that they are once they are read back from the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from intarsia.language.meaning.facts import Fact
from intarsia.language.meaning.json_text import from_text
from intarsia.language.meaning.money import currency_named, digits_of
from intarsia.record.barred import Barred
from intarsia.record.history import line_of
from intarsia.record.line_columns import line_array
from intarsia.record.messages import Reader
from intarsia.record.record import REJECTED, Receipt, admitted, identified
from intarsia.record.values import Finer
from intarsia.store.journal import Batch


class Arrived(NamedTuple):
    """One message; `profile_id` is None of a sale to a guest."""

    profile_id: str | None
    fact: Fact


class Tail:
    """Reads batches of the journal of one workspace.

    barred  the ids of people who were erased; zone, currency: as in `Reader`
    """

    def __init__(self, barred: Barred, *, zone: ZoneInfo, currency: str) -> None:
        self._barred = barred
        self._zone = zone
        self._currency = currency

    def read(self, batches: Sequence[Batch]) -> list[Arrived]:
        """What came, in its order; what the record will not take is left out."""
        messages = [from_text(body) for batch in batches for body in batch.bodies]
        instants = [batch.received_at for batch in batches for _ in batch.bodies]
        found, table = Reader(self._zone, self._currency).read(messages, instants, Finer())
        receipt = Receipt([REJECTED] * len(messages))
        kept = admitted(identified(found, receipt), messages, receipt, self._barred, self._zone)
        orders = [item for _, _, item in kept if item.lines]
        arrays = line_array(table.only(item.lines for item in orders), [len(item.lines) for item in orders], self._zone)
        lines = iter(arrays.to_pylist())
        arrived = []
        for place, message_id, item in kept:
            currency = currency_named(item.properties.get("currency")) if item.lines else None
            digits = digits_of(currency, self._currency)
            fact = Fact(
                id=message_id,
                kind=item.kind,
                name=item.name,
                occurred_at=item.occurred_at,
                recorded_at=instants[place],
                is_undated=item.is_undated,
                properties=item.properties,
                lines=tuple(line_of(line, digits) for line in next(lines)) if item.lines else (),
                is_anonymous=item.is_anonymous,
            )
            arrived.append(Arrived(item.profile_id, fact))
        return arrived
