"""What a person has agreed to: the latest word on a channel and a purpose, and whether it still holds (rule 43)."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from intarsia.clock import day_holding
from intarsia.language.interpret.known import Known
from intarsia.language.meaning.consents import CONFIRMED, GIVEN, RANKS, WITHDRAWN, Pair, State, pair
from intarsia.language.meaning.facts import Fact, Json
from intarsia.language.meaning.values import date_of, equals, instant_of, raw_text, text


@dataclass(frozen=True)
class Agreed:
    """What somebody has agreed to.

    state    see `State`
    fact     the message that decides; None: never asked
    expires  the day or instant on which the grant ends, as it was written; None: it does not end
    """

    state: State
    fact: Fact | None = None
    expires: Json = None


def agreed(known: Known, channel: str, purpose: str) -> Agreed:
    """What a person has agreed to on a channel for a purpose, as of the question.

    At one instant a withdrawal comes after a confirmation and that after a grant, then the message id decides. A
    confirmation without an end of its own has that of the latest grant.
    """
    said = _said(known, pair(channel, purpose))
    if not said:
        return Agreed("unknown")
    latest = said[-1]
    if latest.name == WITHDRAWN:
        return Agreed("withdrawn", latest)
    if latest.name == GIVEN and equals(latest.properties.get("double_opt_in"), True):
        return Agreed("pending", latest, _expires(latest))
    expires = _expires(latest)
    grants = [fact for fact in said if fact.name == GIVEN]
    if expires is None and latest.name == CONFIRMED and grants:
        expires = _expires(grants[-1])
    has_ended = expires is not None and _has_ended(expires, known.question.at, ZoneInfo(known.catalog.timezone))
    return Agreed("expired" if has_ended else "given", latest, expires)


def counts_as(found: Agreed) -> State:
    """What a condition takes it for: what is still to be confirmed is unknown."""
    return "unknown" if found.state == "pending" else found.state


def _said(known: Known, wanted: Pair) -> list[Fact]:
    """The messages on one channel and purpose, the latest last."""
    found = [fact for fact in known.facts if fact.kind == "track" and fact.name in RANKS and _pair(fact) == wanted]
    return sorted(found, key=lambda fact: (fact.occurred_at, RANKS[fact.name], fact.id))


def _pair(fact: Fact) -> Pair | None:
    channel, purpose = raw_text(fact.properties.get("channel")), raw_text(fact.properties.get("purpose"))
    return None if channel is None or purpose is None else pair(channel, purpose)


def _expires(fact: Fact) -> Json:
    value = fact.properties.get("expires_at")
    return None if text(value) == "" else value


def _has_ended(expires: Json, at: int, zone: ZoneInfo) -> bool:
    """Whether a grant has ended: a day counts to its end, an instant ends it; what is neither ends it at once."""
    day = date_of(expires)
    if day is not None:
        return day < day_holding(at, zone)
    instant = instant_of(expires, zone)
    return instant is None or instant <= at
