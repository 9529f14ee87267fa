"""Erasures, with everybody who keeps something of people in the store: words, definitions, the ledger's sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from intarsia.identity.kinds import IdentifierKind
from intarsia.lake.lake import WAIT_SECONDS, Lake
from intarsia.lake.lock import WritingLock
from intarsia.lake.session import Session
from intarsia.membership.evaluate import LOCK as EVALUATING
from intarsia.membership.tallies import keep_tallies
from intarsia.profile.erasure import Doomed, Erasures
from intarsia.profile.owned import PeopleOf
from intarsia.record.forgetting import forget_consents, forget_words
from intarsia.segment.forgetting import forget_definitions
from intarsia.store.store import Store


def erasures(
    lake: Lake,
    store: Store,
    *,
    folder: Path,
    settle: Callable[[], object],
    forget_journal: Callable[[], None],
    currency: str,
    open_session: Callable[[], Session],
    people_of: PeopleOf,
    keep_apart: Callable[[Sequence[int]], None],
    kinds: Callable[[], Sequence[IdentifierKind]],
    zone: ZoneInfo,
    now: Callable[[], int],
    new_id: Callable[[], str],
    chance: Callable[[int], bytes],
) -> Erasures:
    """The erasures of one workspace.

    currency  of the workspace; forget_journal: leaves nothing in the journal of what was recorded
    For the rest see `Erasures`.
    """

    def words(doomed: Doomed) -> Mapping[str, int]:
        parts = (doomed.connection, doomed.session, doomed.numbers)
        return {"words": forget_words(*parts, currency), "consents": forget_consents(*parts)}

    def definitions(doomed: Doomed) -> Mapping[str, int]:
        changed = forget_definitions(doomed.connection, doomed.quoted)
        doomed.rewritten.update(rule.segment for rule in changed)
        return {"definitions": len(changed)}

    def sizes(doomed: Doomed) -> Mapping[str, int]:
        keep_tallies(doomed.connection, doomed.session, doomed.numbers, doomed.at)
        return {}

    def journal(_: Doomed) -> Mapping[str, int]:
        forget_journal()
        return {}

    return Erasures(
        lake,
        store,
        folder=folder,
        settle=settle,
        open_session=open_session,
        people_of=people_of,
        keep_apart=keep_apart,
        forget=(words, definitions, sizes, journal),
        kinds=kinds,
        zone=zone,
        evaluating=WritingLock(lake.path / EVALUATING, WAIT_SECONDS),
        now=now,
        new_id=new_id,
        chance=chance,
    )
