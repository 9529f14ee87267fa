"""Consent in files: columns such as `consent_email_marketing` beside traits, and rows that say nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from intarsia.clock import to_iso
from intarsia.language.meaning.consents import CONFIRMED, GIVEN, WITHDRAWN
from intarsia.source.batches import Message
from intarsia.source.cells import CellReader, text_of
from intarsia.source.kinds import read_truth
from intarsia.source.reasons import Unfit
from intarsia.source.roles import fold_name, snake_name
from intarsia.source.rows import Cell

PREFIX = "consent."
"""How a field of profiles begins that is a consent: `consent.email.marketing`, `consent.email.marketing.at`."""

DETAILS = ("at", "expires", "wording", "evidence")
"""What further columns say of a consent: when it was given or withdrawn, when it ends, which wording, what proof."""

_FIRST_WORDS = frozenset({"consent", "souhlas", "zgoda", "согласие", "رضایت"})

_GIVEN = "given|granted|opted in|opt in|subscribed|udelen|udeleno|udzielona|udzielono|дано|получено|داده شده"
_WITHDRAWN = (
    "withdrawn|revoked|denied|refused|opted out|opt out|unsubscribed|odvolan|odvolano|odmitnuto|wycofana|cofnieta|"
    "odmowa|отозвано|отказ|پس گرفته شده"
)
_CONFIRMED = "confirmed|double opted in|potvrzen|potvrzeno|potwierdzona|подтверждено|تایید شده"
_PENDING = "pending|unconfirmed|not confirmed|nepotvrzeno|niepotwierdzona|не подтверждено|تایید نشده"

_STATES: Mapping[str, str] = {
    fold_name(word): state
    for state, words in (
        (GIVEN, _GIVEN),
        (WITHDRAWN, _WITHDRAWN),
        (CONFIRMED, _CONFIRMED),
        ("pending", _PENDING),
    )
    for word in words.split("|")
} | {"1": GIVEN, "0": WITHDRAWN}


_SILENT = frozenset({"", "unknown", "na", "n a", "null"})
"""What says nothing: an empty cell, a dash, and words for that."""


def read_state(cell: Cell) -> str | None:
    """What a word says of a consent: the name of its event, or "pending"; None for any other text.

    Yes and no in several languages, 1 and 0, given, withdrawn, confirmed, pending and words like them.
    """
    text = text_of(cell)
    is_given = read_truth(text)
    if is_given is not None:
        return GIVEN if is_given else WITHDRAWN
    return _STATES.get(fold_name(text))


def is_said(text: str) -> bool:
    """Whether a text is a word for what became of a consent, or for nothing."""
    return fold_name(text) in _SILENT or read_state(text) is not None


def guess_consents(columns: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    """By field, the columns that look like consents: by their names, where at least half of the examples say so.

    columns  names and examples of their cells
    `consent_email_marketing` is consent to the channel email for the purpose marketing.
    """
    found = {snake_name(name).replace("_e_mail", "_email"): (name, examples) for name, examples in columns}
    asked = {
        snake: name
        for snake, (name, examples) in found.items()
        if _is_named(snake) and 2 * sum(map(is_said, examples)) >= len(examples)
    }
    fields = {}
    for snake, name in asked.items():
        details = {detail: f"{snake}_{detail}" for detail in DETAILS}
        if any(snake == f"{other}_{detail}" for other in asked for detail in DETAILS):
            continue
        channel, _, purpose = snake.partition("_")[2].partition("_")
        field = f"{PREFIX}{channel}.{purpose}"
        fields[field] = name
        fields |= {f"{field}.{detail}": found[own][0] for detail, own in details.items() if own in found}
    return fields


def _is_named(snake: str) -> bool:
    first, *rest = snake.split("_")
    return first in _FIRST_WORDS and len(rest) >= 2 and all(rest)


def is_consent_field(field: str) -> bool:
    """Whether a field is a consent's: `consent.CHANNEL.PURPOSE`, or with one of `DETAILS` behind it."""
    words = field.split(".")
    return f"{words[0]}." == PREFIX and all(words) and (len(words) == 3 or (len(words) == 4 and words[3] in DETAILS))


def consent_of(field: str) -> str | None:
    """The field of the consent that a field belongs to: itself, or what stands before its detail; None: to none."""
    return ".".join(field.split(".")[:3]) if field.startswith(PREFIX) else None


@dataclass(frozen=True)
class Asked:
    """One consent of a row: its columns, as they are read.

    state  raises `Unfit` for a word that says neither yes nor no
    """

    channel: str
    purpose: str
    column: str
    at: Callable[[dict[str, Cell]], int | None]
    details: tuple[tuple[str, Callable[[dict[str, Cell]], Any]], ...]

    def message(self, cells: dict[str, Cell], known_since: int | None) -> Message | None:
        """The event, without whose it is; None where the row says nothing.

        known_since  the row's own time, milliseconds UTC, for a consent that has none
        """
        told = told_by(cells.get(self.column), self.column)
        if told is None:
            return None
        event, properties = told
        own = {name: value for name, read in self.details if (value := read(cells)) is not None}
        message: Message = {
            "type": "track",
            "event": event,
            "properties": {"channel": self.channel, "purpose": self.purpose, **properties, **own},
        }
        at = self.at(cells)
        return with_time(message, known_since if at is None else at)


def told_by(cell: Cell, column: str) -> tuple[str, dict[str, Any]] | None:
    """The event that a cell stands for, and what it says of it; None for an empty cell, `Unfit` for another word."""
    if fold_name(text_of(cell)) in _SILENT:
        return None
    state = read_state(cell)
    if state is None:
        raise Unfit("bad-consent", value=text_of(cell), column=column)
    return (GIVEN, {"double_opt_in": True}) if state == "pending" else (state, {})


def with_time(message: Message, at: int | None) -> Message:
    """The message with its time, milliseconds UTC, if it has one."""
    return message if at is None else {**message, "timestamp": to_iso(at)}


def asked_in(fields: Mapping[str, str], reader: CellReader) -> tuple[Asked, ...]:
    """The consents of a file of profiles."""
    return tuple(
        Asked(words[1], words[2], column, _at(fields, field, reader), _details(fields, field, reader))
        for field, column in fields.items()
        if len(words := field.split(".")) == 3 and field.startswith(PREFIX)
    )


def _at(fields: Mapping[str, str], field: str, reader: CellReader) -> Callable[[dict[str, Cell]], int | None]:
    column = fields.get(f"{field}.at", "")
    read = reader.instant(column)
    return lambda cells: read(cells.get(column))


def _details(
    fields: Mapping[str, str], field: str, reader: CellReader
) -> tuple[tuple[str, Callable[[dict[str, Cell]], Any]], ...]:
    read: dict[str, tuple[str, Callable[[Cell], Any]]] = {}
    if column := fields.get(f"{field}.expires"):
        read["expires_at"] = column, reader.moment(column)
    for detail, name in (("wording", "wording_version"), ("evidence", "evidence")):
        if column := fields.get(f"{field}.{detail}"):
            read[name] = column, reader.text()
    return tuple((name, _of_column(column, one)) for name, (column, one) in read.items())


def _of_column(column: str, read: Callable[[Cell], Any]) -> Callable[[dict[str, Cell]], Any]:
    return lambda cells: read(cells.get(column))
