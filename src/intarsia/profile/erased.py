"""What an erasure came to, and why one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from intarsia.clock import to_iso
from intarsia.errors import UserError
from intarsia.profile.mentions import Mention
from intarsia.speech import mark


class NoReason(UserError):
    """People are to be erased, and nobody would know why."""

    code = "profile.no-reason"
    says = mark("an erasure needs a reason, and this one is empty")
    advises = mark("say it in a few words with `--reason`, without naming the person; nothing was changed")


class ReasonNames(UserError):
    """The reason of an erasure, which is kept for ever, names somebody who is to be erased."""

    code = "profile.reason-names-them"
    says = mark("the reason names somebody who is to be erased, and it would be kept")
    advises = mark("say it without their ids, names, addresses and numbers; nothing was changed")


class TooManyErased(UserError):
    """More people than are erased at once."""

    code = "profile.too-many-erased"
    says = mark("{count} people are more than are erased at once")
    advises = mark("name at most {most}, and repeat; nothing was changed")


@dataclass(frozen=True)
class Erasure:
    """What an erasure came to.

    people, profiles  how many; one person may have had several profiles
    rows              removed from the lake, by table; store: removed from the store, or rewritten there, by what it was
    rejected_lines    removed from files of rejected lines; files, bytes: of the tables, that are gone from the disk
    sessions_open     questions of other processes that still hold what they read, until they end
    rewritten         segments whose definitions named the people, in some version
    mentions          what other people wrote and what still names them
    loaded_from       files that were loaded and name the people; they are outside, as back-ups and exports are
    missing           files of rejected lines that are not where they were written: nobody can tell whom they name
    """

    erasure_id: str
    erased_at: int
    people: int
    profiles: int
    rows: Mapping[str, int] = field(default_factory=dict)
    store: Mapping[str, int] = field(default_factory=dict)
    rejected_lines: int = 0
    files: int = 0
    bytes: int = 0
    sessions_open: int = 0
    rewritten: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    loaded_from: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Every field, the instant in ISO 8601, UTC."""
        return {
            **vars(self),
            "erased_at": to_iso(self.erased_at),
            "rewritten": list(self.rewritten),
            "mentions": [mention.to_json() for mention in self.mentions],
            "loaded_from": list(self.loaded_from),
            "missing": list(self.missing),
        }
