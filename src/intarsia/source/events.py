"""A row is an event, or a whole message."""

from __future__ import annotations

from intarsia.clock import to_iso
from intarsia.source.batches import Message
from intarsia.source.planning import Plan
from intarsia.source.profiles import Named
from intarsia.source.reasons import Unfit
from intarsia.source.roles import FIELDS
from intarsia.source.rows import Row
from intarsia.source.rowwise import MakeMessage


def tracking(plan: Plan) -> MakeMessage:
    """How a row becomes a track message: who, when, the event's name; every other column is a property."""
    fields, reader = plan.fields, plan.reader()
    columns = {role: fields[role] for role in FIELDS["events"] if role in fields}
    read_text = reader.text()
    read_ids = {
        name: (columns[role], reader.key(ends_in_zero=columns[role] in plan.spoilt_ids))
        for role, name in (("profile_id", "userId"), ("anonymous_id", "anonymousId"), ("message_id", "messageId"))
        if role in columns
    }
    read_when = reader.instant(columns["date"])
    properties = Named(plan, "property.", frozenset(columns.values()))

    def make(row: Row) -> Message:
        cells = row.cells
        event = read_text(cells.get(columns["event"])) if "event" in columns else plan.constant_event
        if event is None:
            raise Unfit("no-event", column=columns["event"])
        occurred_at = read_when(cells.get(columns["date"]))
        if occurred_at is None:
            raise Unfit("no-date", column=columns["date"])
        message: Message = {"type": "track", "event": event, "timestamp": to_iso(occurred_at)}
        for name, (column, read) in read_ids.items():
            found = read(cells.get(column))
            if found is not None:
                message[name] = found
        if "userId" not in message and "anonymousId" not in message:
            raise Unfit("no-profile-id", column=columns.get("profile_id") or columns["anonymous_id"])
        message["properties"] = properties.values(cells)
        return message

    return make


def passing(row: Row) -> Message:
    """The message that a row of JSON is, as it stands; whether it is a good one, the record says."""
    return dict(row.cells)
