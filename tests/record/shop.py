"""A workspace to record into, messages to record, and what the record then holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import intarsia
from intarsia.language.meaning.facts import Fact, Json
from intarsia.record.history import people
from intarsia.workspace import Workspace

Message = dict[str, Any]
RECORDED_AT = "2026-06-01T12:00:00Z"


def shop(folder: Path) -> Workspace:
    """An empty workspace in Prague."""
    return intarsia.create(folder / "shop", timezone="Europe/Prague", currency="CZK")


def identify(message_id: str | None, who: str, traits: Mapping[str, object], **fields: object) -> Message:
    return {"type": "identify", "messageId": message_id, "userId": who, "traits": dict(traits), **fields}


def track(message_id: str | None, who: str, event: str, properties: Mapping[str, object], **fields: object) -> Message:
    named = {"type": "track", "messageId": message_id, "userId": who, "event": event}
    return {**named, "timestamp": "2026-05-01T10:00:00Z", "properties": dict(properties), **fields}


def order(message_id: str, *lines: Mapping[str, object], who: str = "ada", **properties: Any) -> Message:
    """An order of these lines; its number is the message's."""
    return track(message_id, who, "Order Completed", {"order_id": message_id, "products": list(lines), **properties})


def facts(workspace: Workspace, who: str = "ada") -> list[Fact]:
    """What the record tells of one person, by time and id."""
    with workspace.session() as session:
        found = session.execute("select profile_no from lake.profiles where profile_id = ?", [who])
        persons = people(session, found["profile_no"].to_pylist(), workspace.settings.currency)
    return [fact for person in persons for fact in person.facts]


def recorded(workspace: Workspace, message: Message) -> Fact:
    """The one fact that comes of recording one message of ada's."""
    receipt = workspace.record([message], RECORDED_AT)
    assert receipt.statuses == ["accepted"], receipt.reasons
    [fact] = facts(workspace)
    return fact


def kept_lines(workspace: Workspace, *lines: Mapping[str, object], **properties: Any) -> list[Mapping[str, Json]]:
    """The lines that come of recording one order of these lines."""
    return list(recorded(workspace, order("a-1", *lines, **properties)).lines)


def rows(workspace: Workspace, sql: str) -> list[dict[str, Any]]:
    """The answer to a question about the tables themselves."""
    with workspace.session() as session:
        found: list[dict[str, Any]] = session.execute(sql).to_pylist()
    return found


def state(workspace: Workspace) -> object:
    """Everything that the record holds, but for the numbers that depend on the order of arrival."""
    events = rows(
        workspace,
        "select e.* exclude (event_no, profile_no, load_id), profile_id from lake.events e "
        "left join lake.profiles using (profile_no) order by event_id",
    )
    profiles = rows(workspace, "select profile_id, count(*) as n from lake.profiles group by all order by all")
    return events, profiles, [(word.scope, word.event, word.path, word.kind, word.seen) for word in workspace.words()]
