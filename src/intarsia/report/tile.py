"""A small inlay for each segment: a square of wood veneers whose pattern comes from the segment's id."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

SIDE = 24
"""The side of a tile in its own units: four cells of six."""
_CELL = 6

_GROUNDS = ("#ead9b8", "#d9b98a", "#c9a06b", "#efe6d2")
_INLAYS = ("#5a3423", "#7c2f2b", "#2f4a52", "#3f5a3c", "#2c2622", "#8a5a1f", "#4b3a66", "#a2492a")
_THREADS = ("#b8862f", "#f6efdf", "#94744a", "#d8c7a0")


def tile(segment_id: str, *, size: int = 20) -> str:
    """The tile as an SVG element of `size` pixels; the same id gives the same tile, wherever and whenever.

    A quarter of 2 by 2 cells is drawn from the hash of the id and turned three times around the middle, as a marquetry
    cutter turns one packet of veneers. It is an ornament: what it stands for is written beside it.
    """
    bits = int.from_bytes(hashlib.sha256(segment_id.encode()).digest()[:16], "big")
    ground, bits = _drawn(_GROUNDS, bits)
    inlay, bits = _drawn(_INLAYS, bits)
    thread, bits = _drawn(_THREADS, bits)
    quarter = "".join(_cells(bits, inlay, thread))
    turns = "".join(f'<g transform="rotate({turn} 12 12)">{quarter}</g>' for turn in (0, 90, 180, 270))
    return (
        f'<svg class="tile" width="{size}" height="{size}" viewBox="0 0 {SIDE} {SIDE}" aria-hidden="true">'
        f'<rect width="{SIDE}" height="{SIDE}" fill="{ground}"/>{turns}'
        f'<rect x=".5" y=".5" width="{SIDE - 1}" height="{SIDE - 1}" fill="none" stroke="{inlay}"/></svg>'
    )


def _drawn(choices: tuple[str, ...], bits: int) -> tuple[str, int]:
    return choices[bits % len(choices)], bits // len(choices)


def _cells(bits: int, inlay: str, thread: str) -> Iterator[str]:
    """The four cells of one quarter; at least one of them is inlaid."""
    for place in range(4):
        shape, bits = bits % 7, bits // 7
        colour, bits = (inlay, thread)[bits % 3 == 0], bits // 3
        x, y = _CELL * (place % 2), _CELL * (place // 2)
        if place == 3:
            shape, colour = 1 + shape % 6, inlay
        if shape:
            yield f'<path fill="{colour}" d="{_shape(shape, x, y)}"/>'


def _shape(number: int, x: int, y: int) -> str:
    """A full cell, one of four triangles, or a quarter of a disc."""
    far_x, far_y = x + _CELL, y + _CELL
    corners = {
        1: f"M{x} {y}H{far_x}V{far_y}H{x}Z",
        2: f"M{x} {y}H{far_x}L{x} {far_y}Z",
        3: f"M{x} {y}H{far_x}V{far_y}Z",
        4: f"M{far_x} {y}V{far_y}H{x}Z",
        5: f"M{x} {y}L{far_x} {far_y}H{x}Z",
        6: f"M{far_x} {far_y}V{y}A{_CELL} {_CELL} 0 0 0 {x} {far_y}Z",
    }
    return corners[number]
