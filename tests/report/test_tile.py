from __future__ import annotations

from xml.etree import ElementTree

from intarsia.report.tile import tile


def test_the_same_segment_has_the_same_tile() -> None:
    assert tile("0198-a") == tile("0198-a")


def test_nearly_all_segments_have_tiles_of_their_own() -> None:
    assert len({tile(f"segment {number}") for number in range(500)}) > 495


def test_a_tile_is_an_svg_of_the_asked_size_that_holds_nothing_of_the_id() -> None:
    found = ElementTree.fromstring(tile('"><script>', size=32))
    assert found.attrib["width"] == "32"
    assert "script" not in tile('"><script>')


def test_every_tile_has_an_inlay() -> None:
    assert all("<path" in tile(f"segment {number}") for number in range(200))
