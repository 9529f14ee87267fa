"""Erasures, with everybody who keeps something of people in the store: words, definitions, the ledger's sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from intarsia.lake.lake import WAIT_SECONDS, Lake
from intarsia.lake.lock import WritingLock
from intarsia.membership.evaluate import LOCK as EVALUATING
from intarsia.membership.tallies import keep_tallies
from intarsia.profile.erasure import Doomed, Erasures
from intarsia.record.forgetting import forget_consents, forget_words
from intarsia.segment.forgetting import forget_definitions
from intarsia.store.store import Store


def erasures(lake: Lake, store: Store, *, currency: str, forget_journal: Callable[[], None], **parts: Any) -> Erasures:
    """The erasures of one workspace.

    currency  of the workspace; forget_journal: leaves nothing in the journal of what was recorded
    parts     the rest of what `Erasures` takes
    """

    def words(doomed: Doomed) -> Mapping[str, int]:
        parts = (doomed.connection, doomed.session, doomed.numbers)
        return {"words": forget_words(*parts, currency), "consents": forget_consents(*parts)}

    def definitions(doomed: Doomed) -> Mapping[str, int]:
        changed = forget_definitions(doomed.connection, doomed.quoted)
        doomed.rewritten.update(rule.segment for rule in changed)
        return {"definitions": len(changed)}

    def sizes_and_journal(doomed: Doomed) -> Mapping[str, int]:
        keep_tallies(doomed.connection, doomed.session, doomed.numbers, doomed.at)
        forget_journal()
        return {}

    evaluating = WritingLock(lake.path / EVALUATING, WAIT_SECONDS)
    return Erasures(lake, store, forget=(words, definitions, sizes_and_journal), evaluating=evaluating, **parts)
