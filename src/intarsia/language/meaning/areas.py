"""Areas that definitions name: polygons of the workspace, and since when each was known (rule 42)."""

from __future__ import annotations

from dataclasses import dataclass

from intarsia.geometry import Area, area_of

LATITUDE, LONGITUDE = ("latitude",), ("longitude",)
"""The traits that say where a person is: recorded, or those of their city."""


@dataclass(frozen=True)
class AreaVersion:
    """What an area is from an instant on.

    recorded_at  when it was written down, milliseconds since 1970 UTC
    coordinates  those of a GeoJSON MultiPolygon, as JSON
    """

    recorded_at: int
    coordinates: str

    @property
    def area(self) -> Area:
        """The polygons, ready to be asked."""
        return area_of(self.coordinates)


@dataclass(frozen=True)
class NamedArea:
    """One area by its name. `versions`: the oldest first, at least one."""

    name: str
    versions: tuple[AreaVersion, ...]

    def at(self, known_at: int | None) -> AreaVersion:
        """The version by what was recorded until then, the newest where that is None; before the first, the first.

        known_at  milliseconds since 1970 UTC
        """
        known = [version for version in self.versions if known_at is None or version.recorded_at <= known_at]
        return (known or self.versions[:1])[-1]
