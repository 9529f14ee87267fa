"""The shop of the benchmark: files of people and purchases, the same for the same seed."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

SEED = 20260701
PEOPLE = 24_000
BUYERS = 20_000
LINES = 300_000
LINES_MOST = 5
"""Lines of one order, at most."""
FIRST_DAY = date(2024, 7, 1)
DAYS = 730
AT = "2026-07-01"
"""The instant of every question; the day after the last order."""

COUNTRIES = ("CZ", "PL", "SK", "DE", "AT")
CATEGORIES = ("coats", "hats", "scarves", "boots", "gloves", "socks", "bags", "belts")
PEOPLE_FILE = "people.csv"
PURCHASES_FILE = "purchases.csv"


def write(folder: Path, *, seed: int = SEED, lines: int = LINES) -> None:
    """Both files: one person a row, one line of an order a row."""
    chance = random.Random(seed)
    _write(folder / PEOPLE_FILE, ("id", "country", "birth_date"), _people(chance))
    columns = ("order_id", "customer_id", "date", "sku", "category", "quantity", "price")
    _write(folder / PURCHASES_FILE, columns, _purchases(chance, lines))


def _write(path: Path, columns: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def _people(chance: random.Random) -> Iterator[tuple[object, ...]]:
    for number in range(PEOPLE):
        country = chance.choice(COUNTRIES) if chance.random() < 0.9 else ""
        birth = date(1940, 1, 1) + timedelta(days=chance.randrange(65 * 365))
        yield f"p{number:06}", country, birth if chance.random() < 0.8 else ""


def _purchases(chance: random.Random, lines: int) -> Iterator[tuple[object, ...]]:
    written = order = 0
    while written < lines:
        order += 1
        # Squared, so that some buy often and most seldom.
        who = f"p{int(chance.random() ** 2 * BUYERS):06}"
        day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
        for _ in range(min(chance.randint(1, LINES_MOST), lines - written)):
            written += 1
            category = chance.choice(CATEGORIES)
            sku = f"{category[:2].upper()}-{chance.randrange(200):03}"
            yield (
                100_000 + order,
                who,
                day,
                sku,
                category,
                chance.randint(1, 4),
                f"{chance.randint(500, 250_000) / 100:.2f}",
            )
