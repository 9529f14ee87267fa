"""Whether somebody has been deleted, as of a question: out of the base from then on, and there before (rule 6)."""

from __future__ import annotations

from collections.abc import Sequence

from intarsia.language.meaning.facts import Fact

DELETED = "Profile Deleted"
RESTORED = "Profile Restored"


def is_deleted(facts: Sequence[Fact]) -> bool:
    """Whether the last word on it among a person's counted facts, by (time, id), is a deletion.

    What happens after a deletion does not bring the person back; only a restoration does.
    """
    return deletion(facts) is not None


def deletion(facts: Sequence[Fact]) -> Fact | None:
    """The fact by which a person is deleted: the first deletion after the last restoration; None: they are not."""
    found = None
    for fact in facts:
        if fact.kind == "track" and fact.name in (DELETED, RESTORED):
            found = None if fact.name == RESTORED else found or fact
    return found
