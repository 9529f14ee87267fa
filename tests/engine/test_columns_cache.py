"""Columns on the disk: they come back as they were, and whatever is torn or of another state is built anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from intarsia.engine.columns.build import Builder
from intarsia.engine.columns.cache import MANIFEST, Cache, Healed
from intarsia.engine.columns.checksums import Sums
from intarsia.engine.columns.kept import Kept
from intarsia.engine.columns.values import Coded
from intarsia.engine.kernel.answering import Answers
from intarsia.engine.kernel.fallback import Fallback, seen_from
from intarsia.language import check, parse
from tests.engine.shop import Shop, instant, order, said, track
from tests.engine.world import Asked

RULES = (
    "country = 'CZ' and did order in last 10 days",
    "sum(order.lines.quantity where sku = 'x') >= 3",
    "did order where (has line (sku = 'y'))",
    "top 1 by sum(order.total)",
    "last(view.path) = '/b'",
)


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    messages = [
        said("ada", country="CZ", tags=["a", "b"]),
        said("ben", country="PL"),
        order("ada", "2024-05-01", {"sku": "x", "quantity": 2}, {"sku": "y", "quantity": 1}, order_id="a", total=30),
        order("ben", "2024-05-02", {"sku": "x", "quantity": 3}, order_id="b", total="12.50"),
        track("ben", "Product Viewed", "2024-05-02", path="/b"),
    ]
    with Shop(tmp_path / "shop", messages).world.ask(instant("2024-05-06"), None) as found:
        yield found


def answers(asked: Asked, folder: Path, state: str = "one") -> tuple[list[list[int]], Cache, bool]:
    """The members of every rule, the cache, and whether something had to be built."""
    cache, built = Cache(folder, state), []

    def build() -> Builder:
        built.append(True)
        return Builder(asked.evaluator)

    columns = Kept(cache, asked.catalog, build)
    when = seen_from(asked.catalog, asked.evaluator.at, asked.evaluator.known_at)
    found = Answers(columns, when, Fallback(lambda: asked.evaluator, columns.size))
    members = [np.flatnonzero(found.members(check(parse(rule), asked.catalog))).tolist() for rule in RULES]
    assert not found.fallen_back
    return members, cache, bool(built)


def expected(asked: Asked) -> list[list[int]]:
    numbers = {profile_id: number for number, profile_id in asked.names.items()}
    return [sorted(numbers[one] for one in asked.by_interpreter(parse(rule))) for rule in RULES]


def test_what_was_built_once_comes_from_the_disk(asked: Asked, tmp_path: Path) -> None:
    first, _, was_built = answers(asked, tmp_path / "cache")
    again, cache, is_built = answers(asked, tmp_path / "cache")
    assert first == again == expected(asked)
    assert (was_built, is_built, cache.healed) == (True, False, [])


def test_columns_of_another_state_are_built_anew(asked: Asked, tmp_path: Path) -> None:
    answers(asked, tmp_path / "cache", "one")
    found, cache, is_built = answers(asked, tmp_path / "cache", "two")
    assert (found, is_built, cache.healed) == (expected(asked), True, [])


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _flip(path: Path) -> None:
    """Change one bit in the middle: the file stays as long as it was."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def _flip_a_trait_of_the_manifest(folder: Path) -> None:
    path = folder / MANIFEST
    path.write_bytes(path.read_bytes().replace(b"quantity", b"quantitz"))


def _exchange(folder: Path) -> None:
    """Two arrays of one form in each other's places."""
    one, other = (folder / "rows-20-Order-20-Completed.line0.npy"), (folder / "rows-20-Order-20-Completed.line1.npy")
    contents = one.read_bytes(), other.read_bytes()
    one.write_bytes(contents[1])
    other.write_bytes(contents[0])


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def _half_written(folder: Path) -> None:
    (folder / "rows.at.npy.part").write_bytes(b"half")


TEARS: dict[str, Callable[[Path], None]] = {
    "an array is shorter": lambda folder: _cut(next(folder.glob("*.at.npy"))),
    "an array is gone": lambda folder: next(folder.glob("*.first.npy")).unlink(),
    "a dictionary is shorter": lambda folder: _cut(next(folder.glob("*.json"))),
    "a number is another": lambda folder: _flip(next(folder.glob("*.at.npy"))),
    "a code is another": lambda folder: _flip(next(folder.glob("*own0.npy"))),
    "a word is another": lambda folder: _flip(next(folder.glob("*own*.json"))),
    "the manifest is another": _flip_a_trait_of_the_manifest,
    "two arrays are exchanged": _exchange,
    "the manifest is torn": lambda folder: _cut(folder / MANIFEST),
    "the manifest is gone": lambda folder: (folder / MANIFEST).unlink(),
    "everything is gone": _empty,
    "a file was half written": _half_written,
}


UNTOLD = ("the manifest is gone", "everything is gone", "a file was half written")
"""What may be so without a fault: nothing was kept yet, or somebody is at it."""


@pytest.mark.parametrize("tear", TEARS)
def test_a_torn_cache_heals(asked: Asked, tmp_path: Path, tear: str) -> None:
    answers(asked, tmp_path / "cache")
    TEARS[tear](tmp_path / "cache")
    found, healing, _ = answers(asked, tmp_path / "cache")
    assert bool(healing.healed) == (tear not in UNTOLD)
    again, cache, is_built = answers(asked, tmp_path / "cache")
    assert found == again == expected(asked)
    assert (is_built, cache.healed) == (False, [])


def test_what_was_healed_is_told(asked: Asked, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    answers(asked, folder)
    _flip(next(folder.glob("*Completed.at.npy")))
    next(folder.glob("base.*.npy")).unlink()
    _, cache, _ = answers(asked, folder)
    assert set(cache.healed) == {Healed("rows Order Completed", "changed"), Healed("base", "missing")}
    assert "is damaged: rows Order Completed" in " ".join(str(one.said()) for one in cache.healed)
    assert "is missing: base" in " ".join(str(one.said()) for one in cache.healed)
    _cut(folder / MANIFEST)
    _, cache, _ = answers(asked, folder)
    assert [str(one.said()) for one in cache.healed] == [
        "the list of what was worked out before is damaged; all of it is worked out anew"
    ]


def test_who_dies_while_other_columns_take_the_places_of_kept_ones_leaves_nothing_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Columns are in files by their place in the order of names: another set of names has others in the same files."""
    messages = [order("ada", f"2024-05-0{day}", order_id=f"o{day}", way=f"w{day}", gate=f"g{day}") for day in (1, 2)]
    with Shop(tmp_path / "shop", messages).world.ask(instant("2024-05-06"), None) as asked:
        event = next(found for found in asked.catalog.events.values() if found.short == "order")

        def kept(name: str) -> tuple[list[str | None], list[Healed]]:
            cache = Cache(tmp_path / "cache", "one")
            rows = Kept(cache, asked.catalog, lambda: Builder(asked.evaluator)).rows(
                event, [(name,)], [], with_lines=False
            )
            values = rows.columns[(name,)]
            assert isinstance(values, Coded)
            return [values.dictionary.values[code] for code in values.codes.tolist()], cache.healed

        assert kept("way") == (["w1", "w2"], [])
        with monkeypatch.context() as patch:
            patch.setattr(Cache, "_write_manifest", _die)
            with pytest.raises(KeyboardInterrupt):
                kept("gate")
        assert kept("way") == (["w1", "w2"], [Healed("rows Order Completed", "changed")])


def _die(_: Cache) -> None:
    raise KeyboardInterrupt


def test_a_file_is_read_through_once_as_long_as_it_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def reading(_: Path) -> int:
        read.append(1)
        return len(read)

    monkeypatch.setattr("intarsia.engine.columns.checksums._read", reading)
    sums, path = Sums(), tmp_path / "file"
    assert sums.of(path) is None
    path.write_bytes(b"one")
    assert (sums.of(path), sums.of(path)) == (1, 1)
    path.with_name("other").write_bytes(b"two")
    path.with_name("other").replace(path)
    assert sums.of(path) == 2


def test_the_checksum_is_that_of_the_bytes(tmp_path: Path) -> None:
    for content in (b"", b"a", bytes(range(256)) * 5000):
        (tmp_path / "file").write_bytes(content)
        assert Sums().of(tmp_path / "file") == _crc_32_by_its_definition(content)


def _crc_32_by_its_definition(content: bytes) -> int:
    """Division by the polynomial, bit by bit (ISO 3309)."""
    rest = 0xFFFFFFFF
    for byte in content:
        rest ^= byte
        for _ in range(8):
            rest = (rest >> 1) ^ (0xEDB88320 if rest & 1 else 0)
    return rest ^ 0xFFFFFFFF
