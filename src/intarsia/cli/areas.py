"""`intarsia area add|list|show|remove`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from intarsia.cli.app import Place, with_json
from intarsia.cli.speaking import show_json, show_rows, speak


@click.group()
def area() -> None:
    """Name areas on the map, for rules such as: inside area 'delivery'."""


@area.command("add")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_json
@click.pass_obj
def add(place: Place, name: str, file: Path, as_json: bool) -> None:
    """Put down the area NAME from FILE, a GeoJSON Polygon, MultiPolygon, Feature or FeatureCollection.

    An area of that name gets a new version; questions about what was known before still see the one before.
    """
    with place.open() as ws:
        found = ws.areas.add(name, file).to_json()
    _answer(found, as_json=as_json)


@area.command("list")
@with_json
@click.pass_obj
def list_areas(place: Place, as_json: bool) -> None:
    """List all areas with their bounds."""
    with place.open() as ws:
        rows: list[dict[str, Any]] = [found.to_json() for found in ws.areas.all()]
    if as_json:
        show_json(rows)
    else:
        columns = ("area", "version", "polygons", "holes", "positions", "west", "south", "east", "north")
        show_rows([{**row, **row["bounds"]} for row in rows], columns, numbers=columns[1:])


@area.command("show")
@click.argument("name")
@click.option("--geojson", is_flag=True, help="Write the area as a GeoJSON Feature.")
@with_json
@click.pass_obj
def show(place: Place, name: str, geojson: bool, as_json: bool) -> None:
    """Show the area NAME: its bounds, of how many polygons it is, since when it is so."""
    with place.open() as ws:
        found = ws.areas.get(name)
    if geojson:
        show_json(found.to_geojson())
    else:
        _answer(found.to_json(), as_json=as_json)


@area.command("remove")
@click.argument("name")
@with_json
@click.pass_obj
def remove(place: Place, name: str, as_json: bool) -> None:
    """Take the area NAME out; refused while segments name it."""
    with place.open() as ws:
        ws.areas.remove(name)
    if as_json:
        show_json({"removed": name})
    else:
        speak(f"`{name}` is removed")


def _answer(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_json(found)
        return
    bounds = found["bounds"]
    click.echo(f"{found['area']}, version {found['version']}, recorded {found['recorded_at']}")
    click.echo(f"polygons: {found['polygons']:,}, holes: {found['holes']:,}, positions: {found['positions']:,}")
    click.echo(f"from {bounds['west']} to {bounds['east']} east, from {bounds['south']} to {bounds['north']} north")
    if found["has_long_edge"]:
        speak(
            "an edge is longer than half the globe; if it was meant to cross the antimeridian, "
            "write longitudes beyond 180 (190 for -170), or two polygons that end at 180"
        )
