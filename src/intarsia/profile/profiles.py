"""People as somebody decides about them: deleted, restored, erased, let in again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.clock import to_iso
from intarsia.errors import UserError
from intarsia.lake.session import Session
from intarsia.language.meaning.deletion import DELETED, RESTORED
from intarsia.profile.erased import Erasure
from intarsia.profile.erasure import Erasures
from intarsia.record.barred import Barred, unknown
from intarsia.speech import mark
from intarsia.store.store import Store

_KNOWN = """
select profile_id, bool_and(coalesce(is_anonymous, json_extract_string(context, '$.anonymousId') = profile_id, false))
       as is_anonymous
from lake.profiles join asked_profiles using (profile_id) left join lake.events using (profile_no)
group by profile_id
"""


class NotErased(UserError):
    """Nobody of the id was erased, so there is nothing to lift."""

    code = "profile.not-erased"
    says = mark("nobody with the id `{profile_id}` was erased here")
    advises = mark("write the id exactly as it was; only a keyed hash of it was kept")


@dataclass(frozen=True)
class Stated:
    """What was recorded of people: who, from when on, milliseconds UTC. `is_deleted`: or else restored."""

    profile_ids: tuple[str, ...]
    at: int
    is_deleted: bool

    def to_json(self) -> dict[str, object]:
        """The ids, the instant in ISO 8601, and which of the two."""
        return {"profile_ids": list(self.profile_ids), "at": to_iso(self.at), "deleted": self.is_deleted}


class Profiles:
    """The people of one workspace, one by one.

    record    takes messages into the record; instant: the workspace's present, or an instant that a caller names
    zone      in which the day of an erasure is told
    """

    def __init__(
        self,
        store: Store,
        *,
        erasures: Erasures,
        open_session: Callable[[], Session],
        record: Callable[[Sequence[Mapping[str, Any]]], object],
        instant: Callable[[str | None], int],
        new_id: Callable[[], str],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._zone = zone
        self._barred = Barred(store)
        self._erasures = erasures
        self._open_session = open_session
        self._record = record
        self._instant = instant
        self._new_id = new_id

    def delete(self, ids: Sequence[str], at: str | None = None, *, reason: str = "") -> Stated:
        """Take people out of the base from an instant on, whatever comes of them later (rule 6).

        at  None: the workspace's present. Questions about the time before, or by what was known before, see them still
        Nothing is lost: `restore` brings them back. Raises `NoSuchProfile`; then nobody is deleted.
        """
        return self._state(DELETED, ids, at, reason)

    def restore(self, ids: Sequence[str], at: str | None = None, *, reason: str = "") -> Stated:
        """Bring deleted people back, from an instant on. Raises `NoSuchProfile`."""
        return self._state(RESTORED, ids, at, reason)

    def people(self, ids: Sequence[str]) -> list[tuple[str, ...]]:
        """The persons whom these ids mean, each with all its ids; raises `NoSuchProfile`."""
        return self._erasures.people(ids)

    def erase(self, ids: Sequence[str], *, reason: str) -> Erasure:
        """Remove people for ever, with every byte of theirs below the workspace; see `Erasures.erase`."""
        return self._erasures.erase(ids, at=self._instant(None), reason=reason)

    def readmit(self, profile_id: str) -> None:
        """Let an erased id be recorded again; what was erased does not come back. Raises `NotErased`."""
        if not self._barred.readmit(profile_id):
            raise NotErased(profile_id=profile_id)

    def _state(self, name: str, ids: Sequence[str], at: str | None, reason: str) -> Stated:
        asked = tuple(dict.fromkeys(ids))
        instant = self._instant(at)
        properties = {"reason": reason} if reason else {}
        self._record(
            [
                {
                    "type": "track",
                    "event": name,
                    "messageId": self._new_id(),
                    "anonymousId" if is_anonymous else "userId": profile_id,
                    "timestamp": to_iso(instant),
                    "properties": properties,
                }
                for profile_id, is_anonymous in self._known(asked).items()
            ]
        )
        return Stated(asked, instant, name == DELETED)

    def _known(self, ids: Sequence[str]) -> dict[str, bool]:
        """Whether each profile that is meant is anonymous, and stays so; raises `NoSuchProfile`, `ErasedProfile`."""
        with self._open_session() as session:
            profile_of = self._erasures.profiles_of(session, ids)
            for profile_id in ids:
                if profile_id not in profile_of:
                    raise unknown(self._store, profile_id, self._zone)
            meant = list(dict.fromkeys(profile_of[profile_id] for profile_id in ids))
            session.register("asked_profiles", pa.table({"profile_id": pa.array(meant, pa.string())}))
            rows = session.execute(_KNOWN).to_pylist()
        known = {row["profile_id"]: row["is_anonymous"] for row in rows}
        return {profile_id: known[profile_id] for profile_id in meant}
