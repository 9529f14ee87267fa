"""The people and their events, made once by chance from a seed, as Parquet files: one of people, one a type of event.

Events lie by person and time: the layout in which every peer answers fastest. Instants are whole seconds in 32 bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from engine.shape import DAY_SECONDS, NOW

SEED = 20260630
DAYS = 729
BEGIN = NOW - NOW % DAY_SECONDS - DAYS * DAY_SECONDS
"""No event before it, and none on the day of the question."""
SLOT_SECONDS = 8
"""No two events of one person are of the same second: each type has its own second of every eight."""
SKEW = 1.9
"""The more, the more is done by few."""
SILENT = 0.08
"""The share of people who never do anything."""
ROW_GROUP = 1_000_000

COUNTRIES = ("CZ", "PL", "DE", "SK", "AT", "HU", "FR", "IT", "ES", "NL")
GENDERS = ("F", "M", "X")
CITIES = tuple(f"city{number:03}" for number in range(500))
CATEGORIES = tuple(f"cat{number:02}" for number in range(20))
DISCOUNTS = (0, 5, 10, 20, 30)
FIRST_SIGN_UP = date(2022, 7, 1)
SIGN_UP_DAYS = 1_460
CAMPAIGNS = 200

Array = np.ndarray[Any, Any]
PEOPLE = "people"


@dataclass(frozen=True)
class Type:
    """A type of event: its name in the record, and its share of all events."""

    name: str
    share: float


TYPES = {
    "view": Type("Product Viewed", 0.60),
    "order": Type("Order Completed", 0.10),
    "opened": Type("Email Opened", 0.18),
    "clicked": Type("Email Clicked", 0.04),
    "answered": Type("Survey Answered", 0.02),
    "scanned": Type("Loyalty Card Scanned", 0.06),
}


def file_of(folder: Path, what: str) -> Path:
    """The file of people, or of a type."""
    return folder / f"{what}.parquet"


def write(folder: Path, people: int, events: int, *, seed: int = SEED) -> int:
    """All files; how many events there are, a few less than asked for: those of one person and second are one."""
    chance = np.random.default_rng(seed)
    _write(folder, PEOPLE, _people(chance, people))
    active = chance.permutation(people)[: round(people * (1 - SILENT))]
    written = 0
    for number, (what, type_) in enumerate(TYPES.items()):
        person, moment = _moments(chance, active, round(events * type_.share), number)
        _write(folder, what, {"person": person, "moment": moment, **_properties(chance, what, len(moment))})
        written += len(moment)
    return written


def _write(folder: Path, what: str, columns: dict[str, Any]) -> None:
    pq.write_table(pa.table(columns), file_of(folder, what), row_group_size=ROW_GROUP)


def _moments(chance: np.random.Generator, active: Array, size: int, number: int) -> tuple[Array, Array]:
    """Who did something, and when, in seconds; ordered by both."""
    slots = DAYS * DAY_SECONDS // SLOT_SECONDS
    who = active[(len(active) * chance.random(size) ** SKEW).astype(np.int64)]
    both = np.unique(who * slots + chance.integers(slots, size=size))
    person, slot = np.divmod(both, slots)
    return person.astype(np.int32), (BEGIN + slot * SLOT_SECONDS + number).astype(np.int32)


def _people(chance: np.random.Generator, size: int) -> dict[str, Any]:
    signed_up = np.datetime64(FIRST_SIGN_UP) + chance.integers(SIGN_UP_DAYS, size=size)
    return {
        "person": np.arange(size, dtype=np.int32),
        "country_code": _texts(_few(chance, len(COUNTRIES), size), COUNTRIES),
        "city": _texts(_few(chance, len(CITIES), size), CITIES),
        "age_years": chance.integers(18, 79, size=size).astype(np.int16),
        "gender": _texts(chance.choice(3, size, p=[0.55, 0.43, 0.02]), GENDERS),
        "income_band": chance.integers(5, size=size).astype(np.int8),
        "signed_up": pa.array(signed_up.astype("datetime64[D]")),
        "wants_mail": chance.random(size) < 0.62,
        "wants_sms": chance.random(size) < 0.35,
    }


def _properties(chance: np.random.Generator, what: str, size: int) -> dict[str, Any]:
    match what:
        case "view":
            return {"category": _texts(_few(chance, len(CATEGORIES), size), CATEGORIES)}
        case "order":
            return {
                "category": _texts(_few(chance, len(CATEGORIES), size), CATEGORIES),
                "discount_pct": np.array(DISCOUNTS, np.int8)[chance.integers(len(DISCOUNTS), size=size)],
                "total_minor": np.exp(chance.normal(7.8, 0.9, size)).astype(np.int32),
            }
        case "opened" | "clicked":
            return {"campaign_id": chance.integers(CAMPAIGNS, size=size).astype(np.int16)}
        case "answered":
            return {"score": chance.integers(11, size=size).astype(np.int8)}
        case _:
            return {"points": chance.integers(1, 201, size=size).astype(np.int16)}


def _few(chance: np.random.Generator, most: int, size: int) -> Array:
    """Numbers below `most`, small ones more often."""
    return (chance.random(size) * chance.random(size) * most).astype(np.int16)


def _texts(codes: Array, texts: tuple[str, ...]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int16)), pa.array(texts))
