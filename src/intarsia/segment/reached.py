"""What columns on the disk are of: up to where they go, and what must not have changed for them to be of use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from intarsia.clock import FIRST, LAST
from intarsia.engine.columns.checksums import checksum
from intarsia.ids import digest
from intarsia.language.catalog import Catalog, Kind
from intarsia.segment.asking import Asking

FILE = "about.json"


class Torn(Exception):
    """What is written down in a folder is not what was written."""


_CHANGED = """
select distinct profile_no from lake.events
where profile_no is not null
  and (event_no > $event_no or (epoch_ms(occurred_at) > $at and epoch_ms(occurred_at) <= $now))
"""


@dataclass(frozen=True)
class Reached:
    """Up to where columns go, and what they rest on.

    event_no, at  the last event that they know, and the instant that they are of, milliseconds UTC
    state         the digest of what makes all of them others once it changes
    kinds         what properties of events were: of another kind, a column of one is another
    regrouping    the profiles that stood under another's number, with that number
    """

    event_no: int
    at: int
    state: str
    kinds: Mapping[str, str]
    regrouping: Mapping[str, int]

    @classmethod
    def by(cls, asking: Asking, erased: int) -> Reached:
        """Up to where a question of the present goes; erased: how many people have ever been erased."""
        # Not max(event_no), which reads the whole column: of the last ones only one row group is looked at.
        found = asking.tables.execute("select event_no from lake.events order by event_no desc limit 1")
        event_no = found["event_no"][0].as_py() if found.num_rows else 0
        grouped = {str(number): survivor for number, survivor in regrouping(asking).items()}
        catalog = asking.catalog
        return cls(event_no, asking.as_of.at, _state(catalog, erased), dict(_kinds(catalog)), grouped)

    @classmethod
    def read(cls, folder: Path) -> Reached | None:
        """What is written down in a folder; None: nothing. Raises `Torn`."""
        try:
            text, _, own = (folder / FILE).read_bytes().partition(b"\n")
            if int(own, 16) != checksum(text):
                raise Torn
            return cls(**json.loads(text))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise Torn from error

    def write(self, folder: Path) -> None:
        """Write it down; what was there before is gone."""
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{FILE}.part"
        text = json.dumps(asdict(self)).encode()
        part.write_bytes(text + f"\n{checksum(text):08x}".encode())
        part.replace(folder / FILE)

    def leads_to(self, now: Reached) -> bool:
        """Whether columns of this can be brought up to what is now."""
        grown = self.event_no <= now.event_no and self.at <= now.at and self.state == now.state
        return grown and all(now.kinds.get(name) == kind for name, kind in self.kinds.items())

    def changed(self, now: Reached, asking: Asking) -> set[int]:
        """Of whom something became known, or has happened by now, or who is grouped otherwise."""
        values = {"event_no": self.event_no, "at": self.at, "now": now.at}
        found = asking.tables.execute(_CHANGED, values)["profile_no"].to_pylist()
        survivor_of = asking.evaluator.persons.survivor_of
        before, after = set(self.regrouping.items()), set(now.regrouping.items())
        moved = {place for number, survivor in before ^ after for place in (int(number), survivor)}
        return {survivor_of(number) for number in found} | moved


def regrouping(asking: Asking) -> dict[int, int]:
    """The profiles that stand under another's number, with that number."""
    found = asking.evaluator.persons.survivors
    return dict(zip(found["profile_no"].to_pylist(), found["survivor_no"].to_pylist(), strict=True))


def _state(catalog: Catalog, erased: int) -> str:
    said: list[Any] = [catalog.timezone, catalog.currency, catalog.currency_digits, catalog.first_weekday]
    said += [catalog.calendar, sorted(catalog.order_statuses), erased, version("intarsia")]
    said += [sorted(catalog.rates.currencies), catalog.rates.recorded_within(FIRST, LAST)]
    return digest(json.dumps(said))


def _kinds(catalog: Catalog) -> Mapping[str, str]:
    numbers = (Kind.MONEY, Kind.NUMBER)
    return {
        f"{name}.{'.'.join(path)}": known.kind.name
        for name, event in catalog.events.items()
        for path, known in event.properties.items()
        if known.kind in numbers
    }
