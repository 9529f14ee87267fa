"""Columns on the disk: they come back as they were, and whatever is torn or of another state is built anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from intarsia.engine.columns.build import Builder
from intarsia.engine.columns.cache import MANIFEST, Cache
from intarsia.engine.columns.kept import Kept
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


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def _half_written(folder: Path) -> None:
    (folder / "rows.at.npy.part").write_bytes(b"half")


TEARS: dict[str, Callable[[Path], None]] = {
    "an array is shorter": lambda folder: _cut(next(folder.glob("*.at.npy"))),
    "an array is gone": lambda folder: next(folder.glob("*.first.npy")).unlink(),
    "a dictionary is shorter": lambda folder: _cut(next(folder.glob("*.json"))),
    "the manifest is torn": lambda folder: _cut(folder / MANIFEST),
    "the manifest is gone": lambda folder: (folder / MANIFEST).unlink(),
    "everything is gone": _empty,
    "a file was half written": _half_written,
}


@pytest.mark.parametrize("tear", TEARS)
def test_a_torn_cache_heals(asked: Asked, tmp_path: Path, tear: str) -> None:
    answers(asked, tmp_path / "cache")
    TEARS[tear](tmp_path / "cache")
    found, _, _ = answers(asked, tmp_path / "cache")
    again, cache, is_built = answers(asked, tmp_path / "cache")
    assert found == again == expected(asked)
    assert (is_built, cache.healed) == (False, [])
