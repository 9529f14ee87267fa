"""Everything that is held of one person, for the person: as one JSON document or as CSV files in a zip.

What time alone changes is left out (an age, whether a consent has expired by now), so two exports of the same state are
the same bytes; what such answers are made from is all there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from intarsia.clock import to_iso
from intarsia.identity.kinds import IdentifierKind
from intarsia.lake.session import Session
from intarsia.lake.statements import statements
from intarsia.language.meaning.consents import RANKS
from intarsia.membership.runs import Runs
from intarsia.profile.erasure import Erasures, numbers_of
from intarsia.profile.owned import Quoted
from intarsia.profile.traces import Traces, traces
from intarsia.segment.forgetting import definitions_naming
from intarsia.source.rejects import lines_of
from intarsia.store.forgetting import rows_of
from intarsia.store.store import Store

Row = Mapping[str, Any]

_TABLES = {"list_member": "lists", "pin": "pins"}
"""What tables of the store are called in an export."""

_INSTANTS = frozenset(
    ("occurred_at", "recorded_at", "first_recorded_at", "valid_at", "created_at", "until", "removed_at", "at")
)
_JSON = frozenset(("properties", "readings", "context", "props"))


@dataclass(frozen=True)
class PersonExport:
    """What is held of one person.

    profile_ids  of all profiles that are the person, the one asked for first
    sections     by name: rows with the same columns each, in a fixed order; a section without rows is there too
    """

    profile_ids: tuple[str, ...]
    sections: Mapping[str, Sequence[Row]]

    def to_json(self) -> dict[str, object]:
        """The ids, and every section."""
        return {"profile_ids": list(self.profile_ids), **self.sections}

    def to_bytes(self) -> bytes:
        """The JSON document in UTF-8."""
        return (json.dumps(self.to_json(), ensure_ascii=False, indent=2, default=_exact) + "\n").encode()

    def to_zip(self) -> bytes:
        """A zip with one CSV file a section."""
        from intarsia.report.csv_files import zipped

        return zipped(self.sections)


class PersonExports:
    """The exports of one workspace.

    erasures      know who is one person, and where files of rejected lines are
    kinds         of identifiers that are known
    open_session  a session over the present state of the lake
    """

    def __init__(
        self,
        store: Store,
        erasures: Erasures,
        *,
        kinds: Callable[[], Sequence[IdentifierKind]],
        open_session: Callable[[], Session],
    ) -> None:
        self._store = store
        self._erasures = erasures
        self._kinds = kinds
        self._open_session = open_session

    def export(self, profile_id: str) -> PersonExport:
        """Everything that is held of the person of an id; raises `NoSuchProfile`, `ErasedProfile`.

        profile_id  of a profile, or that the person gave as their own, or of somebody on a list or pinned only
        """
        [person] = self._erasures.people([profile_id])
        ids = (profile_id, *(one for one in person if one != profile_id))
        with self._open_session() as session:
            numbers = sorted(numbers_of(session, ids).values())
            session.register("asked_people", pa.table({"profile_no": pa.array(numbers, pa.int64())}))
            messages = _asked(session, "messages")
            theirs = traces(session, numbers, ids)
            quoted = Quoted(session, numbers, ids, theirs, self._kinds())
            sections: dict[str, Sequence[Row]] = {
                "profiles": _asked(session, "profiles"),
                "identifiers": _asked(session, "identifiers"),
                "traits": _traits(messages),
                "consents": [_consent(row) for row in messages if row["kind"] == "track" and row["name"] in RANKS],
                "messages": messages,
                "memberships": self._memberships(_asked(session, "memberships")),
                "loads": self._loads(messages),
            }
            sections |= self._kept(ids, numbers, theirs, quoted)
        return PersonExport(ids, sections)

    def _memberships(self, rows: Sequence[Row]) -> list[Row]:
        """The changes of the ledger; of the last one in each segment whether the person is in."""
        names = self._names()
        last = {(row["profile_id"], row["segment_id"]): row["change_no"] for row in rows}
        return [
            {
                **row,
                "segment": names.get(row["segment_id"], row["segment_id"]),
                "is_in_now": row["entered"] and last[row["profile_id"], row["segment_id"]] == row["change_no"],
            }
            for row in rows
        ]

    def _names(self) -> dict[str, str]:
        return Runs(self._store).names()

    def _loads(self, messages: Sequence[Row]) -> list[Row]:
        """The loads that brought messages of the person; what came without a file has no row."""
        ids = json.dumps(sorted({row["load_id"] for row in messages}))
        sql = "select load_id, file, shape, recorded_at from load where load_id in (select value from json_each(?)) "
        rows = self._store.rows(sql + "order by recorded_at, load_id", ids)
        return [_readable(dict(row)) for row in rows]

    def _kept(
        self, ids: Sequence[str], numbers: Sequence[int], theirs: Traces, quoted: Quoted
    ) -> dict[str, Sequence[Row]]:
        """What the store and the files of rejected lines hold."""
        names = self._names()
        found: dict[str, Sequence[Row]] = {}
        for table, rows in rows_of(self._store, ids, numbers).items():
            named = [{**row, "segment": names.get(str(row.get("segment_id")))} for row in rows]
            found[_TABLES.get(table, table)] = [_readable(row) for row in named]
        paths = self._erasures.files_of_rejects()
        rejected = [{"file": path.name, **line} for path in paths for line in lines_of(path, theirs.own)]
        definitions = [
            {"segment": rule.segment, "version": rule.version, "definition": rule.text}
            for rule in definitions_naming(self._store.rows, quoted)
        ]
        return {**found, "definitions": definitions, "rejected_lines": rejected}


def _asked(session: Session, name: str) -> list[Row]:
    sql = statements(Path(__file__).with_name("person.sql"))[name]
    return [_readable(row) for row in session.execute(sql).to_pylist()]


def _readable(row: Row) -> Row:
    """Instants in ISO 8601, UTC, and JSON texts as what they say."""
    return {name: _read(name, value) for name, value in row.items()}


def _read(name: str, value: Any) -> Any:
    if name in _INSTANTS and isinstance(value, int):
        return to_iso(value)
    if name in _JSON and isinstance(value, str):
        return json.loads(value, parse_float=Decimal)
    if name == "lines":
        return [_readable(line) for line in value or ()]
    return value


def _traits(messages: Sequence[Row]) -> list[Row]:
    """Every value of every trait, by name and time, with the message that said so."""
    said = [(name, value, row) for row in messages if row["kind"] == "identify" for name, value in _items(row)]
    return [
        {
            "trait": name,
            "value": value,
            **{field: row[field] for field in ("occurred_at", "is_undated", "recorded_at", "message_id", "load_id")},
        }
        for name, value, row in sorted(said, key=lambda item: item[0])
    ]


def _items(row: Row) -> list[tuple[str, Any]]:
    return sorted(row["properties"].items())


def _consent(row: Row) -> Row:
    """A fact of consent, with what it says of itself."""
    fields = ("name", "occurred_at", "recorded_at", "message_id", "load_id", "properties")
    return {name: row[name] for name in fields}


def _exact(value: object) -> object:
    """A decimal as a number if it is the same number in JSON, else as its text, so that no digit is lost."""
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    return str(value)
