"""A few people written by hand, asked by both back ends: what the tests of single meanings are written with."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from intarsia.clock import to_instant
from intarsia.language import parse, tree
from tests.engine.populations import Batch, Message, Population
from tests.engine.world import World

PRAGUE = ZoneInfo("Europe/Prague")
NOW = "2024-05-15T12:00:00"

_numbers = count(1)


def instant(text: str) -> int:
    """Milliseconds UTC of a time in Prague."""
    return to_instant(text, PRAGUE)


def message(who: str, kind: str, at: str | None, **content: Any) -> Message:
    """One message of somebody; `at` None: without a time."""
    made = {"type": kind, "messageId": f"m{next(_numbers):06}", "userId": who, **content}
    return made if at is None else {**made, "timestamp": at}


def said(who: str, at: str | None = "2024-01-01", /, **traits: Any) -> Message:
    """A statement about traits."""
    return message(who, "identify", at, traits=traits)


def track(who: str, event: str, at: str, /, **properties: Any) -> Message:
    """Something that somebody did."""
    return message(who, "track", at, event=event, properties=properties)


def order(who: str, at: str = "2024-05-01", /, *lines: dict[str, Any], **properties: Any) -> Message:
    """An order with its lines."""
    products = {"products": list(lines)} if lines else {}
    return track(who, "Order Completed", at, **products, **properties)


def cancelled(who: str, at: str, /, **properties: Any) -> Message:
    """The cancellation of an order."""
    return track(who, "Order Cancelled", at, **properties)


def refund(who: str, at: str = "2024-05-02", /, *lines: dict[str, Any], **properties: Any) -> Message:
    """A refund, perhaps of some lines."""
    return {**order(who, at, *lines, **properties), "event": "Order Refunded"}


class Shop:
    """People with what they did, recorded on 10 May 2024, asked on the 15th."""

    def __init__(self, folder: Path, messages: Sequence[Message], *, is_loose: bool = True, **settings: Any) -> None:
        defaults = {"timezone": "Europe/Prague", "currency": "CZK", "threads": 1}
        batch = Batch(instant("2024-05-10"), tuple(messages))
        self.world = World(folder, Population((batch,), {**defaults, **settings}, (), ()), is_loose=is_loose)

    def who(self, text: str | tree.Condition, at: str = NOW, segments: dict[str, str] | None = None) -> set[str]:
        """Who is in, by both back ends; an AssertionError where they differ."""
        rule = parse(text) if isinstance(text, str) else text
        with self.world.ask(instant(at), None) as asked:
            for name, body in (segments or {}).items():
                asked.define(name, parse(body))
            found, expected = asked.by_engine(rule), asked.by_interpreter(rule)
        assert found == expected, f"DuckDB says {sorted(found)}, Python says {sorted(expected)}"
        return set(found)
