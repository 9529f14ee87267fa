"""The messages that clients send while `intarsia work` is killed, and who is in which segment by them, by hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

CLIENTS = 4
BEFORE = 50
"""So many messages are recorded before anybody is killed."""
PEOPLE = 2_000
SKEW = 2
"""Few people do much, many little: so there is somebody for every window."""
PAIRED_EVERY = 40
"""Of so many people two have one e-mail address, and are one person once both have said so."""
SEGMENTS = {
    "buyers": "count(order) >= 2",
    "big": "sum(order.total) > 500",
    "from here": "country = 'CZ' and did order in last 30 days",
    "now": "did order in last 20 seconds",
    "quiet": "never order in last 1 minute",
    "best": "top 5 % by sum(order.total)",
    "best now": "in segment 'best' and in segment 'now'",
    "new buyers": "entered segment 'buyers' in last 1 minute",
    "by hand": "count(order) < 1",
}
COUNTRIES = ("CZ", "PL", "SK")


def message(client: int, number: int) -> dict[str, Any]:
    """The message of that number of one client; always the same."""
    chance = Random(1_000_003 * client + number)  # nosec B311
    who = int(PEOPLE * chance.random() ** SKEW)
    base = {"messageId": f"c{client}-{number}", "userId": f"p{who}"}
    if chance.random() < 0.3:
        return {**base, "type": "identify", "traits": {"country": COUNTRIES[who % 3], "email": _email(who)}}
    bought = {"order_id": f"o{client}-{number}", "total": chance.randrange(1, 300)}
    return {**base, "type": "track", "event": "Order Completed", "properties": bought}


def before() -> list[dict[str, Any]]:
    """The messages that are recorded before anybody is killed: rules know their names then."""
    return [message(CLIENTS, number) for number in range(BEFORE)]


def by_id(message_id: str) -> dict[str, Any]:
    """The message of that id."""
    client, number = message_id[1:].split("-")
    return message(int(client), int(number))


def _email(who: int) -> str:
    return f"p{who - (who % PAIRED_EVERY == 1)}@example.com"


def claims(sent: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Which profile says which e-mail address."""
    return {(one["userId"], one["traits"]["email"]) for one in sent if one["type"] == "identify"}


def sizes(sent: Mapping[str, int], at: int) -> dict[str, int]:
    """How many people are in some of the segments as of an instant.

    sent  the messages by their ids, with when they happened; at: milliseconds UTC
    """
    messages = {one: by_id(one) for one in sent}
    of_email = defaultdict[str, set[str]](set)
    for who, email in claims(messages.values()):
        of_email[email].add(who)
    person = {who: min(people) for people in of_email.values() for who in people}
    counts, sums, last = Counter[str](), Counter[str](), Counter[str]()
    for message_id, one in messages.items():
        who = person.get(one["userId"], one["userId"])
        last[who] += 0
        if one["type"] == "track":
            counts[who] += 1
            sums[who] += one["properties"]["total"]
            last[who] = max(last[who], sent[message_id])
    return {
        "buyers": sum(count >= 2 for count in counts.values()),
        "big": sum(total > 500 for total in sums.values()),
        "now": sum(instant >= at - 20_000 for instant in last.values()),
        "quiet": sum(instant < at - 60_000 for instant in last.values()),
    }
