"""Random people with everything that makes answers differ: late, undated, doubled and contradicting messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from intarsia.clock import to_instant, to_iso
from intarsia.language import tree
from intarsia.language.meaning.windows import interval
from tests.engine.samples import (
    CHANNELS,
    IDS,
    LATITUDES,
    LISTS,
    LONGITUDES,
    NUMBERS,
    NUMERALS,
    OBJECTS,
    PURPOSES,
    TEXTS,
    TIMES,
)
from tests.engine.windows import random_window

Message = dict[str, Any]

TRAITS = ("tier", "score", "note", "signed_up", "favourite colour", "interests", "address", "birth_date", "country",
          "city", "latitude", "longitude", "timezone", "income", "age", 'wei"rd', "back\\slash", "a.b", "رنگ", "*",
          "it's")  # fmt: skip
EVENTS = {
    "Product Viewed": ("sku", "category", "price", "currency", "url", "seconds", "tags", "seen"),
    "Newsletter 'Opened'": ("campaign", "clicks", "tags", "sent_on", "details"),
    "Product Added": ("sku", "quantity", "price", "currency", "cart_id"),
}
CONSENTS = ("Consent Given", "Consent Given", "Consent Confirmed", "Consent Withdrawn")
ORDER_NAMES = ("Order Completed", "Order Completed", "Order Updated", "Order Cancelled")
STATUSES = (None, None, "", "completed", "PAID", "Shıpped", "pending", "cancelled", "on hold", 5, True, ["paid"])
CURRENCIES = (None, None, None, None, "CZK", "czk", "", "EUR", "JPY", "koruna", 5)
AMOUNTS = (None, None, 0, 1, 10, 10.005, 10.015, 99.99, 100, 250, 1000, "50", "۵۰", "free", -20, [1], 1e15)
SKUS = ("C-17", "c-17", "S-1", "042", "42", 42, "", "کت", "0.0000005", "2024-02-29", ["C-17", "S-1"], None)
CATEGORIES = ("coats", "Coats", "hats", "socks", "شال", "", None, ["coats", "hats"], 7, "7.0")


PLAIN_SHARE = 0.3
"""So many populations count in one currency and know no refunds: amounts of the lines of others are left to SQL."""


@dataclass(frozen=True)
class Batch:
    """Messages that were recorded together; `recorded_at` in milliseconds UTC."""

    recorded_at: int
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class Population:
    """People as their messages, in a workspace with these settings.

    questions  pairs of `at` and `known_at`
    windows    what rules of the questions are to ask with; facts lie on their edges
    decisions  the instant (milliseconds UTC) and the profiles that were merged then; one alone: unmerged
    pins       the instant, a profile that was put into segments by hand then, until when, and whether it was kept out
    """

    batches: tuple[Batch, ...]
    settings: dict[str, Any]
    questions: tuple[tuple[int, int | None], ...]
    windows: tuple[tree.Window, ...]
    decisions: tuple[tuple[int, tuple[str, ...]], ...] = ()
    pins: tuple[tuple[int, str, int | None, bool], ...] = ()


def random_population(chance: Random, people: int = 12) -> Population:
    """A population of so many people."""
    zone = chance.choice(("Europe/Prague", "Europe/Prague", "Europe/Prague", "UTC", "Asia/Tehran", "America/New_York"))
    settings: dict[str, Any] = {
        "timezone": zone,
        "currency": chance.choice(("CZK", "CZK", "JPY")),
        "first_weekday": chance.choice(("monday", "sunday", "saturday")),
        "calendar": chance.choice(("gregorian", "gregorian", "jalali")),
        "threads": 1,
    }
    if chance.random() < 0.3:
        settings["order_statuses"] = ("paid", "cancelled", "Completed")
    ats = [_at(chance, ZoneInfo(zone)) for _ in range(2)]
    windows = tuple(random_window(chance, at) for at in ats for _ in range(8))
    recorded = sorted({ats[0] - 40 * 86_400_000, ats[0] - 1, ats[1] + chance.choice((0, 1, 86_400_000))})
    last = recorded[-1]
    questions = [(at, chance.choice((None, *recorded, recorded[1] - 1, last + 1))) for at in ats]
    instants = _instants(chance, windows, ats, ZoneInfo(zone))
    is_plain = chance.random() < PLAIN_SHARE
    currencies = (None, None, "", settings["currency"]) if is_plain else CURRENCIES
    batches = _Maker(chance, instants, recorded, currencies, with_refunds=not is_plain).batches(people)
    known = sorted({str(message["userId"]) for batch in batches for message in batch.messages if "userId" in message})
    return Population(
        batches, settings, tuple(questions), windows, _decisions(chance, known, last), _pins(chance, known, instants)
    )


def _decisions(chance: Random, known: Sequence[str], last: int) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Some are merged once everything is recorded, and of those some are two again."""
    if chance.random() < 0.6 or len(known) < 2:
        return ()
    pair = tuple(chance.sample(known, 2))
    return ((last + 1, pair), *(((last + 2, pair[:1]),) if chance.random() < 0.4 else ()))


def _pins(
    chance: Random, known: Sequence[str], instants: Sequence[int]
) -> tuple[tuple[int, str, int | None, bool], ...]:
    return tuple(
        (
            chance.choice(instants),
            chance.choice(known),
            chance.choice((None, chance.choice(instants))),
            chance.random() < 0.5,
        )
        for _ in range(chance.choice((0, 1, 3)) if known else 0)
    )


def _at(chance: Random, zone: ZoneInfo) -> int:
    """An instant of a question: month ends, leap days, and the hours that clocks skip and repeat."""
    texts = ("2024-02-29T12:00", "2024-03-31T02:30", "2024-03-31T23:59:59.999", "2024-10-27T02:30", "2024-10-27T01:30Z",
             "2024-05-15T12:00", "2025-02-28T00:00", "2024-12-31T23:00", "2024-03-30T00:00")  # fmt: skip
    return to_instant(chance.choice(texts), zone) + chance.choice((0, 0, 0, 1, -1))


def _instants(chance: Random, windows: Sequence[tree.Window], ats: Sequence[int], zone: ZoneInfo) -> list[int]:
    """Instants to put facts at: on both sides of every edge, and anywhere in the year before."""
    found = []
    for at in ats:
        found += [at - 1, at, at + 1, *(at - chance.randrange(400 * 86_400_000) for _ in range(30))]
        for window in windows:
            span = interval(window, at, zone, 0)
            for edge in (span.begin, span.end):
                if edge is not None and -(10**13) < edge < 10**13:
                    found += [edge - 1, edge]
    return found


class _Maker:
    """Makes messages; small pools for each name, so that people share values and rules meet them."""

    def __init__(
        self,
        chance: Random,
        instants: Sequence[int],
        recorded: Sequence[int],
        currencies: Sequence[Any],
        *,
        with_refunds: bool,
    ) -> None:
        self._chance = chance
        self._instants = instants
        self._currencies = currencies
        self._with_refunds = with_refunds
        self._busy = chance.sample(list(instants), 3)
        """Instants at which much happens, so that ids decide what came first."""
        self._recorded = recorded
        self._pools: dict[str, list[Any]] = {}
        self._count = 0

    def batches(self, people: int) -> tuple[Batch, ...]:
        chance = self._chance
        made: list[tuple[int, Message]] = []
        everybody = chance.sample(IDS, people)
        for _ in range(chance.choice((0, 0, 1, 2))):
            made.append((chance.choice(self._recorded), self._alias(*chance.sample(everybody, 2))))
        for profile_id in everybody:
            made += [(chance.choice(self._recorded), message) for message in self._person(profile_id)]
        made += [(chance.choice(self._recorded), self._guest_sale()) for _ in range(chance.randrange(3))]
        for _, message in chance.sample(made, len(made) // 10):
            again = message if chance.random() < 0.5 else {**message, "timestamp": "2024-01-01T00:00:00Z"}
            made.append((chance.choice(self._recorded), again))
        chance.shuffle(made)
        return tuple(
            Batch(when, tuple(message for recorded_at, message in made if recorded_at == when))
            for when in self._recorded
        )

    def _person(self, profile_id: str) -> list[Message]:
        chance = self._chance
        found = [self._identify() for _ in range(chance.choice((0, 1, 2, 3, 4)))]
        found += [self._happening(name) for name in EVENTS for _ in range(chance.choice((0, 1, 2, 4)))]
        found += [self._page() for _ in range(chance.randrange(3))]
        found += [self._message("group", traits={"plan": self._value("plan")}) for _ in range(chance.randrange(2))]
        for _ in range(chance.choice((0, 2, 3, 5))):
            found += self._order_and_what_became_of_it()
        found += [self._refund(None) for _ in range(chance.randrange(2) * self._with_refunds)]
        found += [self._consent() for _ in range(chance.choice((0, 0, 1, 2, 4)))]
        stated = [message for message in found if message["type"] == "identify" or message.get("event") in CONSENTS]
        found += [self._contradiction(message) for message in stated if chance.random() < 0.15]
        found += [self._deletion() for _ in range(chance.choice((0, 0, 0, 0, 0, 1, 2)))]
        is_visitor = chance.random() < 0.2
        return [
            {**message, "anonymousId" if is_visitor and chance.random() < 0.8 else "userId": profile_id}
            for message in found or [self._identify()]
        ]

    def _contradiction(self, message: Message) -> Message:
        """Another message of the same instant, which says otherwise of the same."""
        again = self._message(message["type"])
        again.pop("timestamp", None)
        again |= {"timestamp": message["timestamp"]} if "timestamp" in message else {}
        if message["type"] == "identify":
            return {**again, "traits": {name: self._value(name) for name in message["traits"]}}
        return {**again, "event": self._chance.choice(CONSENTS), "properties": message["properties"]}

    def _deletion(self) -> Message:
        name = self._chance.choice(("Profile Deleted", "Profile Deleted", "Profile Restored"))
        return self._message("track", event=name, properties={})

    def _alias(self, one: str, other: str) -> Message:
        """Two profiles are said to be one person."""
        return {**self._message("alias"), "previousId": one, "userId": other}

    def _message(self, kind: str, **content: Any) -> Message:
        self._count += 1
        # Not in the order of making, so that the ids decide among facts of one instant.
        message = {"type": kind, "messageId": f"{self._count * 7919 % 1000:03}-{self._count}", **content}
        if self._chance.random() < 0.85:
            pool = self._busy if self._chance.random() < 0.3 else self._instants
            message["timestamp"] = to_iso(self._chance.choice(pool))
        return message

    def _identify(self) -> Message:
        names = self._chance.sample(TRAITS, self._chance.randrange(2, 13))
        return self._message("identify", traits={name: self._value(name) for name in names})

    def _page(self) -> Message:
        return self._message("page", name=self._value("name"), properties={"path": self._value("path")})

    def _happening(self, name: str) -> Message:
        chance = self._chance
        properties = {field: self._value(field) for field in EVENTS[name] if chance.random() < 0.6}
        return self._message("track", event=name, properties=properties)

    def _consent(self) -> Message:
        chance = self._chance
        ends = to_iso(chance.choice(self._instants))
        said: dict[str, Any] = {
            "channel": chance.choice(CHANNELS[:3] if chance.random() < 0.7 else CHANNELS),
            "purpose": chance.choice(PURPOSES),
            "double_opt_in": chance.choice((None, None, None, True, "true", False)),
            "expires_at": chance.choice((None, None, "", ends, ends[:10], ends[:10], ends[:-1])),
        }
        return self._message("track", event=chance.choice(CONSENTS), properties=said)

    def _guest_sale(self) -> Message:
        return {**self._order(ORDER_NAMES[0], None), "context": {"guest": True}}

    # --- orders

    def _order_and_what_became_of_it(self) -> list[Message]:
        chance = self._chance
        order_id = chance.choice(("A1", 7, "۷", "B2", "C3", "D4", "E5", None, "", True, "\u200c"))
        found = [self._order(chance.choice(ORDER_NAMES), order_id) for _ in range(chance.choice((1, 1, 1, 2, 3)))]
        return found + [self._refund(order_id) for _ in range(chance.choice((0, 0, 1)) * self._with_refunds)]

    def _order(self, name: str, order_id: object) -> Message:
        return self._message("track", event=name, properties=self._sale(order_id))

    def _refund(self, order_id: object) -> Message:
        return self._message("track", event="Order Refunded", properties=self._sale(order_id))

    def _sale(self, order_id: object) -> dict[str, Any]:
        chance = self._chance
        pools: dict[str, Sequence[Any]] = {
            "status": STATUSES,
            "currency": self._currencies,
            "total": AMOUNTS,
            "shipping": AMOUNTS,
            "discount": AMOUNTS,
        }
        found: dict[str, Any] = {name: chance.choice(pool) for name, pool in pools.items() if chance.random() < 0.4}
        found |= {name: self._value(name) for name in ("coupon", "gift", "points", "tags", "details")
                  if chance.random() < 0.5}  # fmt: skip
        if order_id is not None or chance.random() < 0.5:
            found["order_id"] = order_id
        if chance.random() < 0.6:
            found["products"] = [self._line() for _ in range(chance.choice((0, 1, 1, 2, 3)))]
        return found

    def _line(self) -> dict[str, Any]:
        chance = self._chance
        pools: dict[str, Sequence[Any]] = {
            "sku": SKUS,
            "category": CATEGORIES,
            "quantity": (1, 2, 3, "2", 0.5, None, "two"),
            "price": (*AMOUNTS, 0.333333),
            "unit_cost": AMOUNTS,
            "discount": AMOUNTS,
        }
        found = {name: chance.choice(pool) for name, pool in pools.items() if chance.random() < 0.6}
        found |= {name: self._value(name) for name in ("name", "colour", "tags") if chance.random() < 0.4}
        return found

    # --- values

    def _value(self, name: str) -> Any:
        """One of the few values that this name has in this population."""
        if name not in self._pools:
            self._pools[name] = [self._odd_value(name) for _ in range(5)]
        return self._chance.choice(self._pools[name])

    def _odd_value(self, name: str) -> Any:
        chance = self._chance
        usual: dict[str, Sequence[Any]] = {
            "latitude": LATITUDES, "longitude": LONGITUDES,
            "timezone": ("Asia/Tokyo", "America/New_York", "Australia/Lord_Howe", "Mars/Olympus", "utc", None),
            "birth_date": TIMES, "signed_up": TIMES, "sent_on": TIMES, "seen": TIMES, "interests": LISTS, "tags": LISTS,
            "address": OBJECTS, "details": OBJECTS, "score": NUMBERS, "points": NUMBERS, "clicks": NUMBERS,
            "seconds": NUMBERS, "price": AMOUNTS, "currency": self._currencies, "quantity": (1, 2, "2"), "sku": SKUS,
            "category": CATEGORIES, "country": ("CZ", "Iran", "Česko", "xx"), "city": ("Praha", "Brno", "تهران"),
            "gift": (True, False, "true", None),
        }  # fmt: skip
        if chance.random() < 0.7 and name in usual:
            return chance.choice(usual[name])
        pool: Sequence[Any] = chance.choice(
            (TEXTS, TEXTS, NUMERALS, NUMBERS, TIMES, LISTS, OBJECTS, (None, True, False))
        )
        return chance.choice(pool)
