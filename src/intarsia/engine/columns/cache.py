"""Columns kept on the disk, of one state of the record: arrays that are mapped into memory. They may be deleted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from intarsia.engine.columns.checksums import Sums, checksum
from intarsia.engine.columns.rows import Lines, Names, Rows
from intarsia.engine.columns.values import Array, Coded, Dictionary, Numbered, Values
from intarsia.errors import Phrase, phrase
from intarsia.language.meaning.json_text import read_value

FORMAT = 2
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class _Part:
    """Arrays and dictionaries that belong together, each in a file with its checksum."""

    about: Mapping[str, Any]
    files: Mapping[str, int]


@dataclass(frozen=True)
class Healed:
    """What was found damaged on the disk, and is worked out anew.

    name  of the columns; `MANIFEST`: of all that were kept
    what  "missing": a file is gone; "changed": a file does not say what was written into it
    """

    name: str
    what: Literal["missing", "changed"]

    def said(self) -> Phrase:
        """The same in a sentence."""
        name = self.name
        if name == MANIFEST:
            return phrase("the list of what was worked out before is damaged; all of it is worked out anew")
        if self.what == "missing":
            return phrase("a file of what was worked out before is missing: {name}; it is worked out anew", name=name)
        return phrase("a file of what was worked out before is damaged: {name}; it is worked out anew", name=name)


class Cache:
    """A folder for the columns of one state; `state` names it. What is of another state, or damaged, is thrown away.

    Every file is read through once, when it is needed first, and compared with its checksum: 0.3 s for 1 GB.
    healed  what was found damaged, and is to be built anew
    """

    def __init__(self, folder: Path, state: str) -> None:
        self._folder = folder
        self._state = state
        self._sums = Sums()
        self.healed: list[Healed] = []
        self._parts = self._read_manifest()

    def _read_manifest(self) -> dict[str, _Part]:
        try:
            text, _, own = (self._folder / MANIFEST).read_bytes().partition(b"\n")
            if int(own, 16) != checksum(text):
                raise ValueError("the manifest does not say what was written into it")
            found = json.loads(text)
            if found["format"] != FORMAT or found["state"] != self._state:
                return {}
            return {name: _Part(part["about"], part["files"]) for name, part in found["parts"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError):
            self.healed.append(Healed(MANIFEST, "changed"))
            return {}

    def _write_manifest(self) -> None:
        parts = {name: {"about": part.about, "files": part.files} for name, part in self._parts.items()}
        text = json.dumps({"format": FORMAT, "state": self._state, "parts": parts}).encode()
        _replace(self._folder / MANIFEST, text + f"\n{checksum(text):08x}".encode())

    # --- parts

    def rows(self, name: str, paths: Iterable[Names], line_paths: Iterable[Names], *, with_lines: bool) -> Rows | None:
        """The rows that were kept under a name, if they have these columns."""
        part = self._whole(name)
        if part is None:
            return None
        own, of_lines = set(map(tuple, part.about["paths"])), set(map(tuple, part.about["line_paths"]))
        if not (set(paths) <= own and set(line_paths) <= of_lines and (part.about["with_lines"] or not with_lines)):
            return None
        lines = None
        if part.about["has_lines"]:
            columns = {path: self._values(name, f"line{place}") for place, path in enumerate(sorted(of_lines))}
            lines = Lines(self._array(name, "lines"), columns)
        columns = {path: self._values(name, f"own{place}") for place, path in enumerate(sorted(own))}
        return Rows(self._array(name, "first"), self._array(name, "at"), columns, lines)

    def put_rows(self, name: str, rows: Rows, *, with_lines: bool) -> Rows:
        """Keep rows under a name instead of those that were; they come back as they are on the disk."""
        own, of_lines = sorted(rows.columns), sorted(rows.lines.columns) if rows.lines else []
        files = {**self._put(name, "first", rows.first), **self._put(name, "at", rows.at)}
        for place, path in enumerate(own):
            files |= self._put_values(name, f"own{place}", rows.columns[path])
        if rows.lines is not None:
            files |= self._put(name, "lines", rows.lines.first)
            for place, path in enumerate(of_lines):
                files |= self._put_values(name, f"line{place}", rows.lines.columns[path])
        about = {"paths": own, "line_paths": of_lines, "with_lines": with_lines, "has_lines": rows.lines is not None}
        self._keep(name, about, files)
        return self.rows(name, own, of_lines, with_lines=with_lines) or rows

    def values(self, name: str) -> Values | None:
        """The values of people that were kept under a name."""
        return None if self._whole(name) is None else self._values(name, "own")

    def put_values(self, name: str, values: Values) -> Values:
        """Keep values of people under a name."""
        self._keep(name, {}, self._put_values(name, "own", values))
        return self.values(name) or values

    def array(self, name: str) -> Array | None:
        """An array that was kept under a name."""
        return None if self._whole(name) is None else self._array(name, "own")

    def put_array(self, name: str, array: Array, about: Mapping[str, Any] | None = None) -> Array:
        """Keep an array under a name, and what is to be known of it, as JSON; it comes back as it is on the disk."""
        self._keep(name, about or {}, self._put(name, "own", array))
        found = self.array(name)
        return array if found is None else found

    def about(self, name: str) -> Mapping[str, Any]:
        """What is to be known of what was kept under a name; nothing, where it is not there."""
        part = self._parts.get(name)
        return {} if part is None else part.about

    def _keep(self, name: str, about: Mapping[str, Any], files: Mapping[str, int]) -> None:
        self._parts[name] = _Part(about, files)
        self._write_manifest()

    def _whole(self, name: str) -> _Part | None:
        """The part of that name, if all of it is there as it was written."""
        part = self._parts.get(name)
        if part is None:
            return None
        found = {file: self._sums.of(self._folder / file) for file in part.files}
        if found == part.files:
            return part
        self.healed.append(Healed(name, "missing" if None in found.values() else "changed"))
        del self._parts[name]
        return None

    # --- files

    def _path(self, name: str, what: str, ending: str) -> str:
        spelled = "".join(sign if sign.isascii() and sign.isalnum() else f"-{ord(sign):x}-" for sign in name)
        return f"{spelled}.{what}.{ending}"

    def _array(self, name: str, what: str) -> Array:
        found: Array = np.load(self._folder / self._path(name, what, "npy"), mmap_mode="r", allow_pickle=False)
        return found

    def _values(self, name: str, what: str) -> Values:
        path = self._folder / self._path(name, what, "json")
        if not path.exists():
            return Numbered(self._array(name, what))
        texts = json.loads(path.read_text(encoding="utf-8"))
        return Coded(self._array(name, what), Dictionary([None, *map(read_value, texts)], texts))

    def _put_values(self, name: str, what: str, values: Values) -> dict[str, int]:
        file = self._path(name, what, "json")
        if isinstance(values, Numbered):
            (self._folder / file).unlink(missing_ok=True)
            return self._put(name, what, values.numbers)
        text = json.dumps(list(values.dictionary.texts)).encode()
        self._folder.mkdir(parents=True, exist_ok=True)
        _replace(self._folder / file, text)
        return {**self._put(name, what, values.codes), file: checksum(text)}

    def _put(self, name: str, what: str, array: Array) -> dict[str, int]:
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._path(name, what, "npy")
        part = self._folder / f"{file}.part"
        with part.open("wb") as target:
            np.save(target, array, allow_pickle=False)
        written = self._sums.of(part)
        assert written is not None
        part.replace(self._folder / file)
        self._sums.renamed(part, self._folder / file)
        return {file: written}


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
