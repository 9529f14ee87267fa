"""A row is an event, a consent, or a whole message."""

from __future__ import annotations

from intarsia.clock import to_iso
from intarsia.source.batches import Message
from intarsia.source.consents import told_by, with_time
from intarsia.source.planning import Plan
from intarsia.source.profiles import Named
from intarsia.source.reasons import Unfit
from intarsia.source.roles import FIELDS
from intarsia.source.rows import Row
from intarsia.source.rowwise import MakeMessages


def tracking(plan: Plan) -> MakeMessages:
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

    def make(row: Row) -> list[Message]:
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
        return [message]

    return make


def consenting(plan: Plan) -> MakeMessages:
    """How a row of a file of consents becomes one event; every further column is a property."""
    fields, reader = plan.fields, plan.reader()
    id_column, state_column = fields.get("profile_id") or fields["email"], fields["consent_state"]
    read_id = reader.key(ends_in_zero=id_column in plan.spoilt_ids)
    read_text, read_message_id = reader.text(), reader.key(ends_in_zero=fields.get("message_id") in plan.spoilt_ids)
    read_when = reader.instant(fields.get("date", ""))
    read_end = reader.moment(fields.get("expires_at", ""))
    own = Named(plan, "property.", frozenset(fields[name] for name in _READ_HERE if name in fields))

    def make(row: Row) -> list[Message]:
        cells = row.cells
        profile_id = read_id(cells.get(id_column))
        if profile_id is None:
            raise Unfit("no-profile-id", column=id_column)
        told = told_by(cells.get(state_column), state_column)
        if told is None:
            raise Unfit("no-consent", column=state_column)
        event, properties = told
        for name in ("channel", "purpose"):
            properties[name] = read_text(cells.get(fields[name]))
            if properties[name] is None:
                raise Unfit("no-consent", column=fields[name])
        expires = read_end(cells.get(fields.get("expires_at", "")))
        ends = {} if expires is None else {"expires_at": expires}
        message: Message = {
            "type": "track",
            "event": event,
            "userId": profile_id,
            "properties": {**own.values(cells), **properties, **ends},
        }
        message_id = read_message_id(cells.get(fields.get("message_id", "")))
        named = {} if message_id is None else {"messageId": message_id}
        return [with_time({**message, **named}, read_when(cells.get(fields.get("date", ""))))]

    return make


_READ_HERE = ("profile_id", "message_id", "date", "channel", "purpose", "consent_state", "expires_at")


def passing(row: Row) -> list[Message]:
    """The message that a row of JSON is, as it stands; whether it is a good one, the record says."""
    return [dict(row.cells)]
