"""The areas of a workspace: polygons by name, each with its versions (rule 42)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intarsia.clock import to_iso
from intarsia.errors import UserError, phrase
from intarsia.language.catalog import nearest
from intarsia.language.meaning.areas import AreaVersion, NamedArea
from intarsia.profile.geojson import MOST_BYTES, BadArea, Shape, read_shape
from intarsia.speech import mark
from intarsia.store.store import Store

LONGEST_NAME = 100


class BadAreaName(UserError):
    """A name that no area can have."""

    code = "profile.bad-area-name"
    says = mark("`{name}` is no name for an area")
    advises = mark("take up to 100 characters on one line, without blanks around them")


class NoSuchArea(UserError):
    """No area has the name."""

    code = "profile.unknown-area"
    says = mark("no area is called `{name}`")
    advises = mark("the nearest is `{nearest}`; `intarsia area list` shows all")


class AreaInUse(UserError):
    """An area that segments name cannot be taken out."""

    code = "profile.area-in-use"
    says = mark("the area `{name}` is named by {users}; nothing was changed")
    advises = mark("edit or remove these segments first")


@dataclass(frozen=True)
class KnownArea:
    """One area as it is now.

    versions      the oldest first: when each was recorded, milliseconds since 1970 UTC
    has_long_edge  see `Shape`
    """

    name: str
    shape: Shape
    versions: tuple[int, ...]

    def to_json(self) -> dict[str, object]:
        """Name, version, when it was recorded, how many polygons, holes and positions, its bounds, what is odd."""
        west, south, east, north = (str(part) for part in self.shape.area.bounds)
        return {
            "area": self.name,
            "version": len(self.versions),
            "recorded_at": to_iso(self.versions[-1]),
            "polygons": self.shape.polygons,
            "holes": self.shape.holes,
            "positions": self.shape.positions,
            "bounds": {"west": west, "south": south, "east": east, "north": north},
            "has_long_edge": self.shape.has_long_edge,
        }

    def to_geojson(self) -> dict[str, object]:
        """The area as a GeoJSON Feature."""
        geometry = {"type": "MultiPolygon", "coordinates": json.loads(self.shape.coordinates)}
        return {"type": "Feature", "properties": {"name": self.name}, "geometry": geometry}


class Areas:
    """The areas of one workspace.

    users  the names of the segments that name an area; now: the present, milliseconds UTC
    """

    def __init__(self, store: Store, *, users: Callable[[str], list[str]], now: Callable[[], int]) -> None:
        self._store = store
        self._users = users
        self._now = now

    def add(self, name: str, path: Path) -> KnownArea:
        """Put down an area, or a new version of it, from a GeoJSON file; the same polygons again change nothing.

        Raises `BadAreaName`, `BadArea`.
        """
        if not name or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise BadAreaName(name=name)
        shape = read_shape(_text(path))
        with self._store.change() as connection:
            row = connection.execute(_LAST, (name,)).fetchone()
            version = row["version"] if row else 0
            if row is None or row["coordinates"] != shape.coordinates:
                connection.execute(
                    "insert into area values (?, ?, ?, ?)", (name, version + 1, self._now(), shape.coordinates)
                )
        return self.get(name)

    def all(self) -> list[KnownArea]:
        """Every area as it is now, by name."""
        return [_known(found) for _, found in sorted(named_areas(self._store).items())]

    def get(self, name: str) -> KnownArea:
        """One area as it is now; raises `NoSuchArea`."""
        found = named_areas(self._store)
        if name not in found:
            raise NoSuchArea(name=name, nearest=next(iter(nearest(name, list(found), most=1)), None))
        return _known(found[name])

    def remove(self, name: str) -> None:
        """Take an area out; raises `NoSuchArea`, and `AreaInUse` while segments name it."""
        self.get(name)
        users = self._users(name)
        if users:
            raise AreaInUse(name=name, users=", ".join(f"`{user}`" for user in users))
        with self._store.change() as connection:
            version = connection.execute(_LAST, (name,)).fetchone()["version"]
            connection.execute("insert into area values (?, ?, ?, null)", (name, version + 1, self._now()))


_LAST = "select version, coordinates from area where name = ? order by version desc limit 1"


_REMOVED = (
    "(select name from (select name, max(version), coordinates from area group by name) where coordinates isnull)"
)
_VERSIONS = "select name, recorded_at, coordinates from area where coordinates is not null and name"


def named_areas(store: Store) -> dict[str, NamedArea]:
    """Every area that has not been taken out, by name, with all its versions."""
    return _areas(store.rows(f"{_VERSIONS} not in {_REMOVED} order by name, version"))


def removed_areas(store: Store) -> dict[str, NamedArea]:
    """Every area that has been taken out, by name, with its versions: definitions of the past may name it."""
    return _areas(store.rows(f"{_VERSIONS} in {_REMOVED} order by name, version"))


def _areas(rows: Iterable[Any]) -> dict[str, NamedArea]:
    versions: dict[str, list[AreaVersion]] = {}
    for row in rows:
        versions.setdefault(row["name"], []).append(AreaVersion(row["recorded_at"], row["coordinates"]))
    return {name: NamedArea(name, tuple(found)) for name, found in versions.items()}


def _known(found: NamedArea) -> KnownArea:
    shape = read_shape('{"type":"MultiPolygon","coordinates":' + found.versions[-1].coordinates + "}")
    return KnownArea(found.name, shape, tuple(version.recorded_at for version in found.versions))


def _text(path: Path) -> str:
    if path.stat().st_size > MOST_BYTES:
        reason = phrase("the file is larger than {most} bytes", most=f"{MOST_BYTES:,}")
        raise BadArea(place=path.name, reason=reason)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        reason = phrase("byte {number} is no UTF-8", number=error.start)
        raise BadArea(place=path.name, reason=reason) from error
