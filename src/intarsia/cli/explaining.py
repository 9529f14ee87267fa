"""Why somebody is in a segment or not, for people: each condition, and below it the facts, in the workspace's time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any

import click

from intarsia.speech import translator

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
INSIDE = timedelta(milliseconds=1)
"""So much behind the last instant ends a window whose edge is inside."""
_WINDOWS = ("window", "test")
"""Facts that come as `window_begin` and `window_end`."""

UNKNOWN = frozenset({"value", "top", "bottom", "latitude", "longitude", "metres"})
"""Facts that are told also where nobody knows them."""
NONE = frozenset({"event", "earlier"})
"""Facts that are told also where there is none."""
SPARED = frozenset({"left_out_count", "without_rate_count", "is_derived"})
"""Facts that are not told where they are 0 or false."""
SHOWN = 3
"""How many items of a list are shown."""


class Telling:
    """Tells explanations in one zone."""

    def __init__(self, zone: tzinfo, language: str = "en") -> None:
        self._zone = zone
        self._translate = translator(language).gettext

    def show(self, found: Mapping[str, Any], depth: int = 1) -> None:
        """A condition with its facts and its parts, on stdout."""
        click.echo(f"{'  ' * depth}{'yes' if found['holds'] else 'no ':3} {found['text']}")
        facts = self.facts(found["facts"])
        if facts:
            click.echo(f"{'  ' * depth}      {facts}")
        for part in found["parts"]:
            self.show(part, depth + 1)

    def show_changes(self, why: Any) -> None:
        """The nearest change that would flip an answer, and when that comes if nothing happens; on stdout."""
        lines = [why.nearest.says, *(step.line(self.instant) for step in why.nearest.steps)]
        for number, line in enumerate(lines):
            click.echo(f"{'    ' if number else ''}{line.said(self._translate)}")
        click.echo(why.ahead.says(self.instant, is_in=why.holds).said(self._translate))

    def facts(self, facts: Mapping[str, Any]) -> str:
        """Facts in one line, each behind its name; the ends of a window together."""
        told: list[str] = []
        for name, value in facts.items():
            window = next((window for window in _WINDOWS if name == f"{window}_begin"), None)
            if window is not None:
                told.append(f"{window}: {self.span(value, facts[f'{window}_end'])}")
            elif not any(name == f"{window}_end" for window in _WINDOWS):
                told += self._fact(name, value, is_trait="trait" in facts)
        return "; ".join(told)

    def _fact(self, name: str, value: Any, *, is_trait: bool) -> list[str]:
        if name == "value" and value == []:
            text = "an empty list"
        elif value == [] or (value is None and name not in UNKNOWN | NONE) or (value == 0 and name in SPARED):
            return []
        elif value is None:
            text = "none" if name in NONE else "unknown"
        elif name == "value" and is_trait:
            text = _plain(value)
        else:
            text = self._short(value)
        return [f"{name.replace('_', ' ')}: {text}"]

    def _short(self, value: Any) -> str:
        if value is None:
            return "unknown"
        if isinstance(value, list):
            return ", ".join(map(self._short, value[:SHOWN])) + (" ..." if len(value) > SHOWN else "")
        if isinstance(value, Mapping):
            return self._object(value)
        return self.instant(value) if isinstance(value, str) and _INSTANT.fullmatch(value) else _plain(value)

    def _object(self, value: Mapping[str, Any]) -> str:
        """An event by its name and time, a period by its ends; anything else with the names of what it holds."""
        if "occurred_at" in value:
            rest = {name: item for name, item in value.items() if name not in ("id", "name", "occurred_at")}
            told = f"{value['name']} {self.instant(value['occurred_at'])}"
            return f"{told} ({self.facts(rest)})" if self.facts(rest) else told
        if "begin" in value:
            return f"{self.span(value['begin'], value['end'])}: {value['event_count']}"
        return f"({self.facts(value)})"

    # --- times

    def instant(self, text: str) -> str:
        """An instant on the zone's clock, to the minute; seconds only where there are any."""
        return _told(self._local(text))

    def span(self, begin: str | None, end: str | None) -> str:
        """From when to when, as people count: whole days by their dates, an end that is inside as that instant."""
        first = None if begin is None else self._local(begin)
        bound = None if end is None else self._local(end)
        if bound is None:
            return "ever" if first is None else f"from {_told(first)} on"
        if first is not None and first.time() == bound.time() == time(0):
            return f"{first.date()} to {(bound - timedelta(days=1)).date()}"
        start = "" if first is None else f"{_told(first)} "
        is_inside = bound.microsecond == INSIDE.microseconds
        return f"{start}to {_told(bound - INSIDE)}" if is_inside else f"{start}to before {_told(bound)}"

    def _local(self, text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC).astimezone(self._zone)


def _told(moment: datetime) -> str:
    if moment.microsecond:
        return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03}"
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment.second else f"{moment:%Y-%m-%d %H:%M}"


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
