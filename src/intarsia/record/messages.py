"""From a message as it was sent (Segment's spec, a plain dict) to what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from intarsia.clock import is_cut, to_instant
from intarsia.errors import UserError, phrase
from intarsia.ids import digest
from intarsia.language.meaning.consents import RANKS
from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.json_text import to_text
from intarsia.record.consents import fault_of
from intarsia.record.lines import LineTable, Order, read_lines
from intarsia.record.orders import order_content, with_total
from intarsia.record.values import Finer, keep
from intarsia.record.vocabulary import LINE_CARRIERS
from intarsia.speech import mark

KINDS = ("identify", "track", "page", "screen", "group", "alias")
LONGEST_ID = 255
ANONYMOUS, ALIAS = "anonymousId", "alias"
"""The kinds of ids that a message may give a profile beside its own: a device's, and one it was known by before."""
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
    is_anonymous it came without a `userId`
    other_ids    further ids that it gives the profile, each with its kind (see `other_ids`)
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
    is_anonymous: bool
    other_ids: tuple[tuple[str, str], ...]


class _Draft(NamedTuple):
    """A message whose order lines are not read yet; `instant` is None where it has no time.

    has_one_id_twice  both ids came and are the same, which the rest does not tell from an anonymous message
    """

    id: str | None
    kind: str
    name: str
    profile_id: str | None
    instant: int | None
    properties: dict[str, Json]
    order: Order | None
    context: str | None
    is_anonymous: bool
    other_ids: tuple[tuple[str, str], ...]
    has_one_id_twice: bool


@dataclass(frozen=True)
class Reader:
    """Turns messages into what is kept, for one workspace.

    zone      times without an offset are read in it
    currency  of amounts that name none
    """

    zone: ZoneInfo
    currency: str

    def read(
        self, messages: Sequence[Mapping[str, Any]], recorded_at: Sequence[int], finer: Finer
    ) -> tuple[list[Kept | BadMessage], LineTable]:
        """What is kept of each message, or why nothing is; and the lines of all orders among them.

        recorded_at  when each is recorded, milliseconds UTC; the time of a message that has none
        finer        counts what came finer than it is kept
        """
        drafts = [self._draft_or_fault(message, finer) for message in messages]
        orders = [draft.order for draft in drafts if isinstance(draft, _Draft) and draft.order is not None]
        table = read_lines(orders, finer)
        texts, totals = table.texts(), table.totals()
        found: list[Kept | BadMessage] = []
        place = 0
        for draft, at in zip(drafts, recorded_at, strict=True):
            if isinstance(draft, BadMessage):
                found.append(draft)
                continue
            lines = range(place, place + len(draft.order.items) if draft.order else place)
            place = lines.stop
            try:
                found.append(_kept(draft, lines, at, texts[lines.start : place], totals[lines.start : place]))
            except BadMessage as fault:
                found.append(fault)
        return found, table

    def _draft_or_fault(self, message: object, finer: Finer) -> _Draft | BadMessage:
        if not isinstance(message, Mapping):
            return BadMessage(reason=phrase("it is no object"))
        try:
            return self._draft(message, finer)
        except BadMessage as fault:
            return fault
        except RecursionError:
            return BadMessage(reason=phrase("its lists and objects lie too deep inside each other"))

    def _draft(self, message: Mapping[str, Any], finer: Finer) -> _Draft:
        kind = message.get("type")
        if kind not in KINDS:
            reason = phrase("its type is {type}, not one of {known}", type=repr(kind), known=", ".join(KINDS))
            raise BadMessage(reason=reason)
        user, anonymous = id_text(message.get("userId")), id_text(message.get("anonymousId"))
        profile_id = self._profile_id(message, kind, user, anonymous)
        name = self._name(message, kind)
        when = message.get("timestamp")
        content = self._content(message, kind)
        order = None
        if name in LINE_CARRIERS:
            properties, order = order_content(content, self.currency, name, finer)
        else:
            properties = {field: keep(value, finer) for field, value in content.items()}
        if kind == "track" and name in RANKS and (fault := fault_of(properties, self.zone)):
            raise BadMessage(reason=fault)
        return _Draft(
            id=self._id(message),
            kind=kind,
            name=name,
            profile_id=profile_id,
            instant=None if when is None else self._instant(when, finer),
            properties=properties,
            order=order,
            context=self._context(message, finer),
            is_anonymous=user is None,
            other_ids=other_ids(kind, profile_id, message),
            has_one_id_twice=user == anonymous is not None,
        )

    def _profile_id(self, message: Mapping[str, Any], kind: str, user: str | None, anonymous: str | None) -> str | None:
        if user is not None:
            return _bounded(user, "userId")
        if anonymous is not None:
            return _bounded(anonymous, "anonymousId")
        context = message.get("context")
        if kind == "track" and isinstance(context, Mapping) and context.get("guest") is True:
            return None
        raise BadMessage(reason=phrase("it has neither userId nor anonymousId, so nobody can be told whose it is"))

    def _name(self, message: Mapping[str, Any], kind: str) -> str:
        if kind != "track":
            return kind
        name = message.get("event")
        if not isinstance(name, str) or not name.strip():
            raise BadMessage(reason=phrase("a track message needs the name of its `event`"))
        return _bounded(name, "event")

    def _content(self, message: Mapping[str, Any], kind: str) -> dict[str, Any]:
        field = "traits" if kind in ("identify", "group") else "properties"
        content = message.get(field)
        if content is None:
            content = {}
        if not isinstance(content, Mapping):
            raise BadMessage(reason=phrase("its `{field}` are no object", field=field))
        context = message.get("context")
        if kind == "identify" and isinstance(context, Mapping) and isinstance(context.get("traits"), Mapping):
            content = {**context["traits"], **content}
        if kind in ("page", "screen") and isinstance(message.get("name"), str):
            content = {"name": message["name"], **content}
        return {str(name): value for name, value in content.items()}

    def _context(self, message: Mapping[str, Any], finer: Finer) -> str | None:
        rest = {name: keep(value, finer) for name in message.keys() - _READ if (value := message[name]) is not None}
        return to_text(rest) if rest else None

    def _id(self, message: Mapping[str, Any]) -> str | None:
        found = message.get("messageId")
        if found is None or found == "":
            return None
        if not isinstance(found, str):
            raise BadMessage(reason=phrase("its messageId is no text"))
        return _bounded(found, "messageId")

    def _instant(self, when: object, finer: Finer) -> int:
        if not isinstance(when, (str, datetime, date)):
            raise BadMessage(reason=phrase("its timestamp {value} is no ISO 8601 text", value=repr(when)))
        finer.cut += is_cut(when)
        try:
            return to_instant(when, self.zone)
        except UserError as error:
            raise BadMessage(reason=phrase("its timestamp is not readable: {error}", error=error)) from error


def _kept(
    draft: _Draft, lines: range, recorded_at: int, line_texts: Sequence[str], line_totals: Sequence[Json]
) -> Kept:
    properties = draft.properties
    if draft.order is not None:
        properties = with_total(properties, draft.order, line_totals)
    text = to_text(properties)
    when = "" if draft.instant is None else str(draft.instant)
    head = [draft.kind, draft.name, draft.profile_id or "", when, draft.context or ""]
    if draft.has_one_id_twice:
        head.append("userId")
    return Kept(
        id=draft.id,
        kind=draft.kind,
        name=draft.name,
        profile_id=draft.profile_id,
        occurred_at=recorded_at if draft.instant is None else draft.instant,
        is_undated=draft.instant is None and draft.kind == "identify",
        properties=properties,
        text=text,
        order=draft.order,
        lines=lines,
        context=draft.context,
        digest=_digest(*head, text, *line_texts),
        is_anonymous=draft.is_anonymous,
        other_ids=draft.other_ids,
    )


def id_text(value: object) -> str | None:
    """An id as it was sent, if it is one: a text that is not blank, or a number."""
    if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool) and str(value).strip():
        return str(value)
    return None


def other_ids(kind: str, profile_id: str | None, message: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The ids that a message gives its profile beside the one it is known by, each with its kind.

    message  as it was sent, or its `context` as it was kept, which holds them too
    """
    said = [(ANONYMOUS, message.get("anonymousId"))]
    if kind == "alias":
        said.append((ALIAS, message.get("previousId")))
    found = [(name, text) for name, value in said if (text := id_text(value)) is not None]
    return tuple((name, text) for name, text in found if profile_id is not None and text != profile_id)


def _bounded(text: str, field: str) -> str:
    if len(text) > LONGEST_ID or "\0" in text:
        reason = phrase("its {field} is longer than {most} characters or holds a NUL", field=field, most=LONGEST_ID)
        raise BadMessage(reason=reason)
    if not text.isascii():
        _encoded(text)
    return text


def _digest(*parts: str) -> str:
    return digest(_encoded("\x1e".join(parts)))


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        reason = phrase("it holds half a character (a lone surrogate), which no file can keep")
        raise BadMessage(reason=reason) from error
