"""Consents: what a message about one must say, and which channels and purposes anybody was asked about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from intarsia.errors import Phrase, UserError, phrase
from intarsia.language.meaning.consents import pair
from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.values import date_of, instant_of, text
from intarsia.speech import mark
from intarsia.store.store import Store

LONGEST_NAME = 100


class BadConsentName(UserError):
    """A channel or a purpose that cannot be declared."""

    code = "record.bad-consent-name"
    says = mark("`{name}` is no name of a channel or a purpose")
    advises = mark("take a short name, such as `email` and `marketing`, without blanks around it")


@dataclass(frozen=True)
class KnownConsent:
    """A channel and a purpose, as they are compared. `is_declared`: by a person, whatever messages came."""

    channel: str
    purpose: str
    is_declared: bool

    def to_json(self) -> dict[str, object]:
        """Channel, purpose, and whether it was declared."""
        return {"channel": self.channel, "purpose": self.purpose, "declared": self.is_declared}


def fault_of(properties: Mapping[str, Json], zone: ZoneInfo) -> Phrase | None:
    """Why a message about consent cannot be kept, or None: a grant that cannot be read must never count as one.

    zone  of times without an offset
    """
    for name in ("channel", "purpose"):
        if not isinstance(value := properties.get(name), str) or not value.strip():
            return phrase("it speaks of consent and its `{name}` is no text that names one", name=name)
    is_double = properties.get("double_opt_in")
    if is_double is not None and text(is_double) not in ("true", "false"):
        return phrase("its `double_opt_in` is neither true nor false")
    expires = properties.get("expires_at")
    if text(expires) == "" or expires is None or date_of(expires) or instant_of(expires, zone) is not None:
        return None
    return phrase("its `expires_at` is neither a date nor a time in ISO 8601")


class Consents:
    """The channels and purposes of one workspace."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[KnownConsent]:
        """Every channel and purpose that somebody was asked about, or that was declared, by name."""
        rows = self._store.rows("select channel, purpose, is_declared from consent order by channel, purpose")
        return [KnownConsent(row["channel"], row["purpose"], bool(row["is_declared"])) for row in rows]

    def declare(self, channel: str, purpose: str) -> KnownConsent:
        """Make a channel and a purpose known before anybody is asked; raises `BadConsentName`."""
        for name in (channel, purpose):
            if not name or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
                raise BadConsentName(name=name)
        found = pair(channel, purpose)
        with self._store.change() as connection:
            connection.execute(
                "insert into consent values (?, ?, 1) on conflict (channel, purpose) do update set is_declared = 1",
                found,
            )
        return KnownConsent(*found, is_declared=True)

    def learn(self, said: Iterable[Mapping[str, Json]]) -> None:
        """Make known what messages speak of; `said`: the properties of those about consent, without a fault."""
        found = {pair(str(properties["channel"]), str(properties["purpose"])) for properties in said}
        new = found - {(known.channel, known.purpose) for known in self.all()} if found else found
        if new:
            with self._store.change() as connection:
                connection.executemany("insert or ignore into consent values (?, ?, 0)", sorted(new))
