"""The command line as its tests call it: in this process, with both streams caught."""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import click
import pytest

import intarsia
from intarsia.cli import main
from intarsia.cli.app import root

MESSAGES: list[dict[str, Any]] = [
    {"type": "identify", "messageId": "t1", "userId": "ada", "traits": {"city": "Praha", "country": "CZ"}},
    {"type": "identify", "messageId": "t2", "userId": "ben", "traits": {"country": "PL"}},
    {"type": "identify", "messageId": "t3", "userId": "cyd", "traits": {}},
    {
        "type": "track",
        "messageId": "e1",
        "userId": "ada",
        "timestamp": "2026-09-14T10:00:00Z",
        "event": "Order Completed",
        "properties": {"order_id": "A-1", "products": [{"category": "coats", "quantity": 2, "price": 900}]},
    },
    {
        "type": "track",
        "messageId": "e2",
        "userId": "ben",
        "timestamp": "2025-11-20T10:00:00Z",
        "event": "Order Completed",
        "properties": {"order_id": "B-1", "products": [{"category": "hats", "quantity": 1, "price": 450}]},
    },
]
AT = ("--at", "2026-10-01")


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it wrote to each stream."""

    status: int
    answer: str
    speech: str

    def json(self) -> Any:
        """The answer as JSON; the whole of it must be one document."""
        assert self.status == 0, self.speech
        return json.loads(self.answer)

    def error(self) -> Any:
        """The error of a command that was called with --json."""
        return json.loads(self.speech)["error"]


def run(*words: str) -> Said:
    """What `intarsia WORDS` says."""
    answer, speech = StringIO(), StringIO()
    before, sys.argv = sys.argv, ["intarsia", *words]
    try:
        with redirect_stdout(answer), redirect_stderr(speech), pytest.raises(SystemExit) as ended:
            main()
    finally:
        sys.argv = before
    return Said(int(ended.value.code or 0), answer.getvalue(), speech.getvalue())


def make_shop(folder: Path) -> None:
    """A workspace of three people, of whom two bought."""
    with intarsia.create(folder, timezone="Europe/Prague", currency="CZK") as ws:
        ws.record(MESSAGES, "2026-09-20")


def leaves() -> dict[str, click.Command]:
    """Every command that does something, by its words."""
    found: dict[str, click.Command] = {}
    context = click.Context(root)
    groups: list[tuple[str, click.Group]] = [("", root)]
    while groups:
        above, group = groups.pop()
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            words = f"{above} {name}".strip()
            if isinstance(command, click.Group):
                groups.append((words, command))
            else:
                found[words] = command
    return found
