"""Identities as people see them: a person with everything that makes them one, and what several people share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa

from intarsia.clock import to_iso
from intarsia.engine.sql.persons import Persons
from intarsia.identity.apart import REASON as KEPT_APART
from intarsia.identity.decisions import Decision
from intarsia.identity.evidence import Evidence, Refusal, Shared, ids_of
from intarsia.identity.kinds import MERGE
from intarsia.lake.session import Session
from intarsia.lake.statements import statements
from intarsia.record.history import NoSuchProfile
from intarsia.speech import mark

REFUSALS: Mapping[Refusal, str] = {
    "kind": mark("this kind of identifier joins nobody here"),
    "role": mark("it is of a role, not of a person"),
    "many": mark("more profiles claim it than one person has"),
    "device": mark("several people used the device"),
    "names": mark("the first names of those who claim it do not fit"),
}
"""Why an identifier joins nobody, in words."""


@dataclass(frozen=True)
class SharedIdentifier:
    """An identifier that several profiles claim and that joins nobody; count: how many claim it."""

    kind: str
    value: str
    count: int
    refusal: Refusal

    def to_json(self) -> dict[str, object]:
        """Kind, value, how many claim it, and why it joins nobody: the code and the sentence."""
        why = {"why": self.refusal, "reason": REFUSALS[self.refusal]}
        return {"kind": self.kind, "value": self.value, "profiles": self.count, **why}


@dataclass(frozen=True)
class Identity:
    """One person, and by what they are that.

    profile_id   of the survivor; profiles: all, with when their first message was recorded
    identifiers  what the profiles claim; evidence: pairs of profiles, what makes them one, and since when
    refused      what they share with others, and joins nobody
    decisions    about any of the profiles, the oldest first
    kept_apart   identifiers that were shared with somebody who was erased, and have joined nobody since before
    """

    profile_id: str
    profiles: tuple[tuple[str, int], ...]
    identifiers: tuple[dict[str, object], ...]
    evidence: tuple[dict[str, object], ...]
    refused: tuple[SharedIdentifier, ...]
    decisions: tuple[Decision, ...]
    kept_apart: tuple[dict[str, object], ...] = ()

    def to_json(self) -> dict[str, object]:
        """Everything, instants in ISO 8601, UTC."""
        return {
            "profile_id": self.profile_id,
            "profiles": [{"profile_id": name, "first_recorded_at": to_iso(at)} for name, at in self.profiles],
            "identifiers": list(self.identifiers),
            "joined_by": list(self.evidence),
            "joins_nobody": [shared.to_json() for shared in self.refused],
            "decisions": [decision.to_json() for decision in self.decisions],
            "kept_apart": list(self.kept_apart),
        }


def numbers_of(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """The numbers of those profiles that are known, by their ids."""
    session.register("asked_ids", pa.table({"profile_id": pa.array(sorted(set(ids)), pa.string())}))
    found = session.execute("select profile_id, profile_no from lake.profiles semi join asked_ids using (profile_id)")
    return dict(zip(found["profile_id"].to_pylist(), found["profile_no"].to_pylist(), strict=True))


def number_of(session: Session, profile_id: str) -> int:
    """The number of a profile; raises `NoSuchProfile`."""
    found = numbers_of(session, [profile_id])
    if not found:
        raise NoSuchProfile(profile_id=profile_id)
    return found[profile_id]


def refused(shared: Iterable[Shared], known_at: int) -> Iterator[SharedIdentifier]:
    """The identifiers that several claim and that join nobody, by what was recorded up to an instant."""
    for identifier in shared:
        stand = identifier.at(known_at)
        if stand.refusal is not None and len(stand.claimed_by) > 1:
            yield SharedIdentifier(identifier.kind, identifier.value, identifier.count, stand.refusal)


def identity(session: Session, evidence: Evidence, number: int, known_at: int) -> Identity:
    """The person to whom a profile belongs, by what was recorded up to an instant."""
    group = Persons(session, evidence.joins(), known_at).profiles_of(number)
    id_of = ids_of(session, group)
    own = [shared for shared in evidence.shared if {holder.profile_no for holder in shared.holders} & set(group)]
    rows = session.execute(_blocks()["own"], {"known_at": known_at}).to_pylist()
    firsts = session.execute(_blocks()["first_recorded"]).to_pylist()
    first_of = {row["profile_no"]: row["first_recorded"] for row in firsts}
    return Identity(
        profile_id=id_of[group[0]],
        profiles=tuple((id_of[one], first_of[one]) for one in group),
        identifiers=tuple(_identifier(row) for row in rows if row["is_stated"]),
        evidence=tuple(_evidence(own, group, id_of, known_at)),
        refused=tuple(refused(own, known_at)),
        kept_apart=tuple(_kept_apart(rows)),
        decisions=tuple(_decisions(session, [row for row in rows if not row["is_stated"]])),
    )


def _identifier(row: Mapping[str, Any]) -> dict[str, object]:
    return {
        "kind": row["kind"],
        "value": row["value"],
        "profile_id": row["profile_id"],
        "recorded_at": to_iso(row["recorded_at"]),
    }


def _kept_apart(rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, object]]:
    """What joins a profile to nobody, for somebody who shared it was erased; since when it does not."""
    for row in rows:
        if row["reason"] == KEPT_APART:
            since = to_iso(row["recorded_at"])
            yield {"kind": row["kind"], "value": row["value"], "profile_id": row["profile_id"], "since": since}


def _evidence(
    own: Sequence[Shared], group: Sequence[int], id_of: Mapping[int, str], known_at: int
) -> Iterator[dict[str, object]]:
    """What makes profiles of a person one, the oldest first."""
    found = [
        (begin, shared.kind, shared.value, one, other)
        for shared in own
        for one, other, begin, end in shared.spans()
        if begin <= known_at and (end is None or known_at < end) and {one, other} <= set(group)
    ]
    for begin, kind, value, one, other in sorted(found):
        pair = sorted((id_of[one], id_of[other]))
        yield {"kind": kind, "value": value, "profiles": pair, "recorded_at": to_iso(begin)}


def _decisions(session: Session, rows: Sequence[Mapping[str, Any]]) -> Iterator[Decision]:
    """The decisions of which these are rows, the oldest first; a merge names all whom it made one.

    What keeps people apart because a third was erased is no decision of anybody's, and is left out.
    """
    rows = [row for row in rows if row["reason"] != KEPT_APART]
    for _, some in groupby(rows, key=lambda row: (row["recorded_at"], row["is_barred"], row["reason"])):
        first = next(some)
        if first["is_barred"]:
            yield Decision("unmerge", (first["profile_id"],), first["reason"], first["recorded_at"])
        elif first["kind"] == MERGE:
            met = session.execute(_blocks()["merged"], {"decision": first["value"]})["profile_id"].to_pylist()
            yield Decision("merge", tuple(met), first["reason"], first["recorded_at"])


def _blocks() -> Mapping[str, str]:
    return statements(Path(__file__).with_name("showing.sql"))
