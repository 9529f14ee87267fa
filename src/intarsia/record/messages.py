"""From a message as it was sent (Segment's spec, a plain dict) to what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from intarsia.clock import to_instant
from intarsia.errors import UserError
from intarsia.ids import digest
from intarsia.language.facts import Json
from intarsia.record.lines import LineTable, Order, read_lines
from intarsia.record.orders import order_content, with_total
from intarsia.record.values import keep, to_text
from intarsia.record.vocabulary import LINE_CARRIERS
from intarsia.speech import mark

KINDS = ("identify", "track", "page", "screen", "group", "alias")
LONGEST_ID = 255
_READ = frozenset(("type", "messageId", "userId", "timestamp", "event", "properties", "traits", "name"))


class BadMessage(UserError):
    """A message cannot be kept; it is counted as rejected and the others of its batch go on."""

    code = "record.bad-message"
    says = mark("the message was rejected: {reason}")
    advises = mark("correct the message and send it again; nothing of it was kept")


class Kept(NamedTuple):
    """One message as it goes into the record; a tuple, since a frozen dataclass takes three times as long to make.

    id           None: the message came without one
    profile_id   None: a sale to a guest
    properties   canonical, order lines taken out; `text` is the same as JSON
    order        of an order or refund, how its lines are read; `lines` are their places in the table of lines
    context      what else came with the message, as JSON, or None
    digest       of the whole content, to tell a repetition from a conflict
    """

    id: str | None
    kind: str
    name: str
    profile_id: str | None
    occurred_at: int
    is_undated: bool
    properties: Mapping[str, Json]
    text: str
    order: Order | None
    lines: range
    context: str | None
    digest: str


class _Draft(NamedTuple):
    """A message whose order lines are not read yet; `instant` is None where it has no time."""

    id: str | None
    kind: str
    name: str
    profile_id: str | None
    instant: int | None
    properties: dict[str, Json]
    order: Order | None
    context: str | None


@dataclass(frozen=True)
class Reader:
    """Turns messages into what is kept, for one workspace.

    zone         times without an offset are read in it
    currency     of amounts that name none
    recorded_at  when the messages are recorded, milliseconds UTC; the time of a message that has none
    """

    zone: ZoneInfo
    currency: str
    recorded_at: int

    def read(self, messages: Sequence[Mapping[str, Any]]) -> tuple[list[Kept | BadMessage], LineTable]:
        """What is kept of each message, or why nothing is; and the lines of all orders among them."""
        drafts = [self._draft_or_fault(message) for message in messages]
        table = read_lines([draft.order for draft in drafts if isinstance(draft, _Draft) and draft.order is not None])
        texts, totals = table.texts(), table.totals()
        found: list[Kept | BadMessage] = []
        place = 0
        for draft in drafts:
            if isinstance(draft, BadMessage):
                found.append(draft)
                continue
            lines = range(place, place + len(draft.order.items) if draft.order else place)
            place = lines.stop
            try:
                found.append(self._kept(draft, lines, texts[lines.start : place], totals[lines.start : place]))
            except BadMessage as fault:
                found.append(fault)
        return found, table

    def _draft_or_fault(self, message: object) -> _Draft | BadMessage:
        if not isinstance(message, Mapping):
            return BadMessage(reason="it is no object")
        try:
            return self._draft(message)
        except BadMessage as fault:
            return fault
        except RecursionError:
            return BadMessage(reason="its lists and objects lie too deep inside each other")

    def _draft(self, message: Mapping[str, Any]) -> _Draft:
        kind = message.get("type")
        if kind not in KINDS:
            raise BadMessage(reason=f"its type is {kind!r}, not one of {', '.join(KINDS)}")
        profile_id = self._profile_id(message, kind)
        name = self._name(message, kind)
        when = message.get("timestamp")
        content = self._content(message, kind)
        order = None
        if name in LINE_CARRIERS:
            properties, order = order_content(content, self.currency, name)
        else:
            properties = {field: keep(value) for field, value in content.items()}
        return _Draft(
            id=self._id(message),
            kind=kind,
            name=name,
            profile_id=profile_id,
            instant=None if when is None else self._instant(when),
            properties=properties,
            order=order,
            context=self._context(message),
        )

    def _kept(self, draft: _Draft, lines: range, line_texts: Sequence[str], line_totals: Sequence[Json]) -> Kept:
        properties = draft.properties
        if draft.order is not None:
            properties = with_total(properties, draft.order, line_totals)
        text = to_text(properties)
        when = "" if draft.instant is None else str(draft.instant)
        head = (draft.kind, draft.name, draft.profile_id or "", when, draft.context or "")
        return Kept(
            id=draft.id,
            kind=draft.kind,
            name=draft.name,
            profile_id=draft.profile_id,
            occurred_at=self.recorded_at if draft.instant is None else draft.instant,
            is_undated=draft.instant is None and draft.kind == "identify",
            properties=properties,
            text=text,
            order=draft.order,
            lines=lines,
            context=draft.context,
            digest=_digest(*head, text, *line_texts),
        )

    def _profile_id(self, message: Mapping[str, Any], kind: str) -> str | None:
        for field in ("userId", "anonymousId"):
            found = message.get(field)
            if isinstance(found, (str, int)) and not isinstance(found, bool) and str(found).strip():
                return _bounded(str(found), field)
        context = message.get("context")
        if kind == "track" and isinstance(context, Mapping) and context.get("guest") is True:
            return None
        raise BadMessage(reason="it has neither userId nor anonymousId, so nobody can be told whose it is")

    def _name(self, message: Mapping[str, Any], kind: str) -> str:
        if kind != "track":
            return kind
        name = message.get("event")
        if not isinstance(name, str) or not name.strip():
            raise BadMessage(reason="a track message needs the name of its `event`")
        return _bounded(name, "event")

    def _content(self, message: Mapping[str, Any], kind: str) -> dict[str, Any]:
        field = "traits" if kind in ("identify", "group") else "properties"
        content = message.get(field)
        if content is None:
            content = {}
        if not isinstance(content, Mapping):
            raise BadMessage(reason=f"its `{field}` are no object")
        context = message.get("context")
        if kind == "identify" and isinstance(context, Mapping) and isinstance(context.get("traits"), Mapping):
            content = {**context["traits"], **content}
        if kind in ("page", "screen") and isinstance(message.get("name"), str):
            content = {"name": message["name"], **content}
        return {str(name): value for name, value in content.items()}

    def _context(self, message: Mapping[str, Any]) -> str | None:
        rest = {name: keep(value) for name in message.keys() - _READ if (value := message[name]) is not None}
        return to_text(rest) if rest else None

    def _id(self, message: Mapping[str, Any]) -> str | None:
        found = message.get("messageId")
        if found is None or found == "":
            return None
        if not isinstance(found, str):
            raise BadMessage(reason="its messageId is no text")
        return _bounded(found, "messageId")

    def _instant(self, when: object) -> int:
        if not isinstance(when, (str, datetime, date)):
            raise BadMessage(reason=f"its timestamp {when!r} is no ISO 8601 text")
        try:
            return to_instant(when, self.zone)
        except UserError as error:
            raise BadMessage(reason=f"its timestamp is not readable: {error}") from error


def _bounded(text: str, field: str) -> str:
    if len(text) > LONGEST_ID or "\0" in text:
        raise BadMessage(reason=f"its {field} is longer than {LONGEST_ID} characters or holds a NUL")
    if not text.isascii():
        _encoded(text)
    return text


def _digest(*parts: str) -> str:
    return digest(_encoded("\x1e".join(parts)))


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise BadMessage(reason="it holds half a character (a lone surrogate), which no file can keep") from error
