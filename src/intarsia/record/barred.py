"""The ids of people who were erased: kept as keyed hashes, so that nobody comes back by an old file."""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from intarsia.clock import local_date
from intarsia.errors import UserError
from intarsia.record.history import NoSuchProfile
from intarsia.record.messages import id_text
from intarsia.speech import mark
from intarsia.store.store import Store

KEY_BYTES = 32
"""How much chance the key of a workspace takes; the caller brings it."""

_ID_FIELDS = ("userId", "anonymousId", "previousId")


class WasErased(UserError):
    """A message is of a person who was erased; it is rejected, and the others of its batch go on."""

    code = "record.was-erased"
    says = mark("this person was erased on {day}")
    advises = mark("if they want to be known again, let them in with `intarsia profile readmit ID`")


class ErasedProfile(NoSuchProfile):
    """Nobody has the profile id any more: whoever had it was erased."""

    code = "profile.erased"
    says = mark("`{profile_id}` was erased on {day}; nothing is held of them")
    advises = mark("if they want to be known again, let them in with `intarsia profile readmit {profile_id}`")


class Barred:
    """The ids that may not come in again, of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def is_empty(self) -> bool:
        """Whether nobody was ever erased here."""
        return self._store.row("select 1 from erased_id limit 1") is None

    def since(self, ids: Iterable[str]) -> dict[str, int]:
        """Those of the ids that are barred, with the instant of the erasure, milliseconds UTC."""
        key = self._store.row("select key from erasure_key")
        if key is None:
            return {}
        found = {}
        for profile_id in ids:
            row = self._store.row(
                "select erased_at from erased_id join erasure using (erasure_id) where hash = ?",
                hashed(key["key"], profile_id),
            )
            if row is not None:
                found[profile_id] = row["erased_at"]
        return found

    def readmit(self, profile_id: str) -> bool:
        """Let an id come in again; False: it was not barred."""
        with self._store.change() as connection:
            key = connection.execute("select key from erasure_key").fetchone()
            if key is None:
                return False
            gone = connection.execute("delete from erased_id where hash = ?", (hashed(key["key"], profile_id),))
            return gone.rowcount > 0


def bar(connection: sqlite3.Connection, ids: Iterable[str], *, erasure_id: str, new_key: bytes) -> None:
    """Bar ids, inside a transaction of the store; new_key: `KEY_BYTES` of chance, used if there is no key yet."""
    connection.execute("insert or ignore into erasure_key values (1, ?)", (new_key,))
    key = connection.execute("select key from erasure_key").fetchone()["key"]
    connection.executemany(
        "insert or replace into erased_id values (?, ?)", [(hashed(key, profile_id), erasure_id) for profile_id in ids]
    )


def unknown(store: Store, profile_id: str, zone: ZoneInfo) -> NoSuchProfile:
    """What is said of an id that no profile has: that whoever had it was erased, or that nobody has it.

    zone  in which the day of the erasure is told
    """
    erased_at = Barred(store).since([profile_id]).get(profile_id)
    if erased_at is None:
        return NoSuchProfile(profile_id=profile_id)
    return ErasedProfile(profile_id=profile_id, day=local_date(erased_at, zone))


def blur(connection: sqlite3.Connection, erasure_id: str, zone: ZoneInfo) -> None:
    """Leave of the ids of an erasure only on which day they were erased, inside a transaction of the store.

    All ids of one day are put to the day's first erasure, in the order of their hashes: at which instant one of them
    was erased, at which the sizes of segments shrank, can no longer be told.
    """
    erasures = connection.execute("select erasure_id, erased_at from erasure order by erased_at, rowid").fetchall()
    day_of = {row["erasure_id"]: local_date(row["erased_at"], zone) for row in erasures}
    same_day = [other for other, day in day_of.items() if day == day_of[erasure_id]]
    places = ", ".join("?" * len(same_day))
    which = f"from erased_id where erasure_id in ({places})"  # nosec B608
    hashes = [row["hash"] for row in connection.execute(f"select hash {which} order by hash", same_day)]
    connection.execute(f"delete {which}", same_day)
    connection.executemany("insert into erased_id values (?, ?)", [(found, same_day[0]) for found in hashes])


def erased_since(store: Store, instant: int) -> int:
    """How many people have been erased since an instant, milliseconds UTC: a number stored then may count them."""
    row = store.row("select coalesce(sum(people), 0) as people from erasure where erased_at >= ?", instant)
    return 0 if row is None else int(row["people"])


def was_cut_off(store: Store) -> bool:
    """Whether an erasure was begun and has not come to its end."""
    return store.row("select 1 from erasure where state <> 'done'") is not None


def hashed(key: bytes, profile_id: str) -> bytes:
    """What stands for an id that may not be kept: HMAC-SHA256 under the workspace's key.

    Of any text: what comes in may hold half a character, which is told only afterwards.
    """
    return hmac.digest(key, profile_id.encode("utf-8", "surrogatepass"), "sha256")


def ids_of(message: Mapping[str, Any]) -> set[str]:
    """Every profile id that a message names."""
    return {text for field in _ID_FIELDS if (text := id_text(message.get(field))) is not None}
