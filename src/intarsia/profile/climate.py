"""The climate of a point on land: its Köppen-Geiger class, and how cold and warm its months are on average."""

from __future__ import annotations

import math
import zlib
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from intarsia.profile.table import UNKNOWN, Table

KOPPEN_SIZES = "climate/koppen_sizes.bin"
KOPPEN_BLOCKS = "climate/koppen_blocks.bin"
COLDEST = "climate/coldest.bin"
WARMEST = "climate/warmest.bin"

CLASSES = (
    *("", "Af", "Am", "As", "Aw", "BSh", "BSk", "BWh", "BWk", "Cfa", "Cfb", "Cfc", "Csa", "Csb", "Csc", "Cwa", "Cwb"),
    *("Cwc", "Dfa", "Dfb", "Dfc", "Dfd", "Dsa", "Dsb", "Dsc", "Dsd", "Dwa", "Dwb", "Dwc", "Dwd", "EF", "ET"),
)
"""Köppen-Geiger classes by their number in the map; 0 and everything beyond the last is sea."""

MAP_WIDTH, MAP_HEIGHT, ROWS_IN_BLOCK = 12_960, 6_480, 18
"""The class map: cells of 100 seconds of arc, from 180° W and 90° N; rows are kept in blocks."""

SEARCHED_CELLS = 18
"""How far from a point at sea the nearest land is looked for, in cells: half a degree."""

GRID_WIDTH, GRID_HEIGHT = 1_440, 721
"""The grid of temperatures: points a quarter of a degree apart, from 0° E and 90° N."""

LARGEST_CONTRADICTION = 40
"""Tenths of a degree by which temperatures may miss the bounds of the class before they are taken for wrong."""


class Temperatures(NamedTuple):
    """Mean temperatures of the coldest and of the warmest month, °C to a tenth."""

    coldest: Decimal
    warmest: Decimal


class ClimateMap:
    """Classes on cells of about 3 km and temperatures on points of about 28 km, read from the table of places."""

    def __init__(self, table: Table) -> None:
        blocks, begin = table.blob(KOPPEN_BLOCKS), 0
        self._blocks = []
        for size in table.column(KOPPEN_SIZES, "I"):
            self._blocks.append(blocks[begin : begin + size])
            begin += size
        self._coldest = table.column(COLDEST, "h")
        self._warmest = table.column(WARMEST, "h")
        self._rows = lru_cache(maxsize=16)(self._unpack)

    def class_at(self, latitude: float, longitude: float) -> str | None:
        """The Köppen-Geiger class of the cell, of the nearest land within half a degree if it is sea, else None."""
        row = _cell(90 - latitude, 180, MAP_HEIGHT)
        column = _cell(longitude + 180, 360, MAP_WIDTH) % MAP_WIDTH
        number = self._rows(row // ROWS_IN_BLOCK)[row % ROWS_IN_BLOCK * MAP_WIDTH + column]
        return _class(number) or self._nearest_land(row, column, math.cos(math.radians(latitude)))

    def temperatures(self, latitude: float, longitude: float) -> Temperatures | None:
        """Of the four points of the grid around the place, those of the warmest that has land; None at open sea.

        Towns lie in the valleys of their surroundings: the warmest point is the lowest. None too where the result
        misses the bounds of the place's class by more than `LARGEST_CONTRADICTION`: one of the two is wrong there.
        """
        down, across = (90 - latitude) * 4, longitude % 360 * 4
        rows = {math.floor(down), min(math.ceil(down), GRID_HEIGHT - 1)}
        columns = {math.floor(across) % GRID_WIDTH, math.ceil(across) % GRID_WIDTH}
        points = [row * GRID_WIDTH + column for row in sorted(rows) for column in sorted(columns)]
        on_land = [point for point in points if self._coldest[point] != UNKNOWN]
        if not on_land:
            return None
        point = max(on_land, key=lambda point: self._coldest[point] + self._warmest[point])
        coldest, warmest = self._coldest[point], self._warmest[point]
        if contradiction(self.class_at(latitude, longitude), coldest, warmest) > LARGEST_CONTRADICTION:
            return None
        return Temperatures(Decimal(coldest).scaleb(-1), Decimal(warmest).scaleb(-1))

    def _unpack(self, block: int) -> bytes:
        return zlib.decompress(self._blocks[block])

    def _nearest_land(self, row: int, column: int, narrowing: float) -> str | None:
        """The class of the nearest cell of land; `narrowing` is a cell's width against its height."""
        best, found = math.inf, None
        for down in range(-SEARCHED_CELLS, SEARCHED_CELLS + 1):
            if not 0 <= row + down < MAP_HEIGHT:
                continue
            cells = self._rows((row + down) // ROWS_IN_BLOCK)
            begin = (row + down) % ROWS_IN_BLOCK * MAP_WIDTH
            for across in range(-SEARCHED_CELLS, SEARCHED_CELLS + 1):
                distance = down * down + (across * narrowing) ** 2
                if distance < best:
                    name = _class(cells[begin + (column + across) % MAP_WIDTH])
                    best, found = (distance, name) if name else (best, found)
        return found


def contradiction(name: str | None, coldest: int, warmest: int) -> int:
    """By how much temperatures (tenths of °C) miss the bounds that define a class; 0 if they keep them.

    Bounds of Kottek et al. 2006 (Meteorologische Zeitschrift 15(3)): A coldest month 18 °C and more, C from -3 to 18,
    D below -3, E warmest month below 10, third letter a: warmest 22 and more, d: coldest below -38. B has none.
    """
    if name is None or name[0] == "B":
        return 0
    at_least = {"A": (180, None), "C": (-30, 100), "D": (None, 100), "E": (None, None)}[name[0]]
    below = {"A": (None, None), "C": (180, None), "D": (-30, None), "E": (None, 100)}[name[0]]
    misses = [0]
    for value, least, bound in zip((coldest, warmest), at_least, below, strict=True):
        misses += [] if least is None else [least - value]
        misses += [] if bound is None else [value - bound]
    if name[0] in "CD":
        misses.append(220 - warmest if name[2] == "a" else warmest - 220)
        misses += [coldest + 380] if name[2] == "d" else []
    return max(misses)


def _cell(degrees: float, all_degrees: int, cells: int) -> int:
    return min(int(degrees * cells / all_degrees), cells - 1)


def _class(number: int) -> str | None:
    return CLASSES[number] if 0 < number < len(CLASSES) else None
