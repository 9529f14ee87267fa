"""What the record says at present of what a file speaks of: so that a load can tell news from what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from intarsia.lake.session import Session
from intarsia.lake.statements import statements
from intarsia.language.meaning.consents import RANKS, Pair, pair
from intarsia.language.meaning.values import fold


class Version(NamedTuple):
    """The latest version of an order (rule 24).

    message_id   of that version; content_id: of the latest that is no cancellation, None: there is none
    occurred_at  its time, milliseconds UTC
    """

    message_id: str
    content_id: str | None
    occurred_at: int


class Said(NamedTuple):
    """What a file says of a profile: its traits as canonical JSON."""

    profile_id: str
    traits: str


def latest_versions(session: Session, order_ids: Sequence[str]) -> dict[str, Version]:
    """Of each order id of which a version is recorded, the latest; a refund alone is none."""
    _ask(session, order_id=[fold(order_id) for order_id in order_ids])
    found = {
        row["order_id"]: Version(row["message_id"], row["content_id"], row["occurred_at"])
        for row in session.execute(_sql("versions")).to_pylist()
    }
    return {order_id: found[folded] for order_id in order_ids if (folded := fold(order_id)) in found}


def differing(session: Session, said: Mapping[int, Said], at: int) -> dict[int, dict[str, str]]:
    """By place, the traits that have another value as of `at`, each with the id of the message that gave it (rule 4).

    A trait that nobody ever spoke of has no value, and does not differ from anything.
    """
    people = list(said.values())
    _ask(
        session,
        place=list(said),
        profile_id=[one.profile_id for one in people],
        said=[one.traits for one in people],
    )
    found: dict[int, dict[str, str]] = {}
    for row in session.execute(_sql("differing"), {"at": at}).to_pylist():
        found.setdefault(row["place"], {})[row["name"]] = row["message_id"]
    return found


def latest_consents(session: Session, profile_ids: Sequence[str], at: int) -> dict[tuple[str, Pair], str]:
    """By profile, channel and purpose, the name of the latest message about that consent as of `at` (rule 43)."""
    _ask(session, profile_id=profile_ids)
    found: dict[tuple[str, Pair], tuple[int, int, str, str]] = {}
    for row in session.execute(_sql("consents"), {"names": sorted(RANKS), "at": at}).to_pylist():
        if row["channel"] and row["purpose"]:
            of = row["profile_id"], pair(row["channel"], row["purpose"])
            told = row["occurred_at"], RANKS[row["name"]], row["event_id"], row["name"]
            found[of] = max(found.get(of, told), told)
    return {of: name for of, (_, _, _, name) in found.items()}


def _ask(session: Session, **columns: Sequence[Any]) -> None:
    kinds = {name: pa.int64() if name == "place" else pa.string() for name in columns}
    session.register("asked", pa.table({name: pa.array(values, kinds[name]) for name, values in columns.items()}))


def _sql(name: str) -> str:
    return statements(Path(__file__).with_name("standing.sql"))[name]
