"""Columns kept on the disk, of one state of the record: arrays that are mapped into memory. They may be deleted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from intarsia.engine.columns.rows import Lines, Names, Rows
from intarsia.engine.columns.values import Array, Coded, Dictionary, Numbered, Values
from intarsia.language.meaning.json_text import read_value

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class _Part:
    """Arrays and dictionaries that belong together, each in a file of so many bytes."""

    about: Mapping[str, Any]
    files: Mapping[str, int]


class Cache:
    """A folder for the columns of one state; `state` names it. What is of another state, or torn, is thrown away.

    healed  what was found torn, and is to be built anew
    """

    def __init__(self, folder: Path, state: str) -> None:
        self._folder = folder
        self._state = state
        self.healed: list[str] = []
        self._parts = self._read_manifest()

    def _read_manifest(self) -> dict[str, _Part]:
        try:
            found = json.loads((self._folder / MANIFEST).read_text(encoding="utf-8"))
            if found["format"] != FORMAT or found["state"] != self._state:
                return {}
            return {name: _Part(part["about"], part["files"]) for name, part in found["parts"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError):
            self.healed.append(MANIFEST)
            return {}

    def _write_manifest(self) -> None:
        parts = {name: {"about": part.about, "files": part.files} for name, part in self._parts.items()}
        text = json.dumps({"format": FORMAT, "state": self._state, "parts": parts})
        _replace(self._folder / MANIFEST, text.encode())

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

    def put_array(self, name: str, array: Array) -> Array:
        """Keep an array under a name."""
        self._keep(name, {}, self._put(name, "own", array))
        return array

    def _keep(self, name: str, about: Mapping[str, Any], files: Mapping[str, int]) -> None:
        self._parts[name] = _Part(about, files)
        self._write_manifest()

    def _whole(self, name: str) -> _Part | None:
        """The part of that name, if all of it is there."""
        part = self._parts.get(name)
        if part is None:
            return None
        if all(_size(self._folder / file) == size for file, size in part.files.items()):
            return part
        self.healed.append(name)
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
        return {**self._put(name, what, values.codes), file: len(text)}

    def _put(self, name: str, what: str, array: Array) -> dict[str, int]:
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._path(name, what, "npy")
        part = self._folder / f"{file}.part"
        with part.open("wb") as target:
            np.save(target, array, allow_pickle=False)
        part.replace(self._folder / file)
        return {file: _size(self._folder / file)}


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def _size(path: Path) -> int:
    """How many bytes a file has; -1: it is not there."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1
