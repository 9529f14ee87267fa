"""Shifts of whole ranges as linear pieces: the same instants, to the millisecond, as `clock.shift` one by one."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from time import perf_counter
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intarsia.clock import EPOCH, FIRST, LAST, MILLISECOND, to_instant, to_iso
from intarsia.clock_pieces import STRIDE, UNCHANGED_UNTIL, Piece, Shift, pieces

ZONES = [
    *("UTC", "Europe/Prague", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran", "Pacific/Apia"),
    *("Africa/Casablanca", "Antarctica/Troll", "America/Sao_Paulo", "Asia/Gaza", "Africa/Freetown"),
]
UNITS = ["second", "hour", "day", "week", "month", "quarter", "year"]
COUNTS = [1, -1, 2, -3, 7, -11, 12, 90, -400]

ways = st.builds(
    Shift,
    st.sampled_from(COUNTS),
    st.sampled_from(UNITS),
    st.sampled_from(ZONES).map(ZoneInfo),
    st.sampled_from(["gregorian", "jalali"]),
)


def of(found: tuple[Piece, ...], instant: int) -> int:
    """Where an instant goes by the piece that it is in."""
    return found[bisect_right(found, instant, key=lambda piece: piece.begin) - 1].at(instant)


def differences(way: Shift, first: int, last: int, others: list[int]) -> list[str]:
    """Where the pieces lead elsewhere than the shift: around every bend, and at other instants."""
    found = pieces(way, first, last)
    around = [piece.begin + offset for piece in found for offset in (-1, 0, 1)]
    asked = [instant for instant in [*around, first, last, *others] if first <= instant <= last]
    return [to_iso(instant) for instant in asked if of(found, instant) != way.of(instant)]


@settings(max_examples=150, deadline=None)
@given(
    ways,
    st.integers(to_instant("1970-01-01", ZoneInfo("UTC")), to_instant("2035-01-01", ZoneInfo("UTC"))),
    st.integers(0, 3 * 365 * 86_400_000),
    st.lists(st.floats(0, 1), max_size=40),
)
def test_the_pieces_say_what_the_clock_says(way: Shift, first: int, length: int, shares: list[float]) -> None:
    others = [first + int(share * length) for share in shares]
    assert differences(way, first, first + length, others) == []


@pytest.mark.parametrize("calendar", ["gregorian", "jalali"])
@pytest.mark.parametrize("count", [1, -1])
@pytest.mark.parametrize("unit", ["day", "month", "year"])
@pytest.mark.parametrize("zone", ["Europe/Prague", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Tehran"])
def test_no_hour_of_a_year_with_changes_goes_elsewhere(zone: str, unit: str, count: int, calendar: str) -> None:
    # Apia left out 30 December 2011; Tehran changed its clock for the last time in 2022; the others do every year.
    begin = {"Pacific/Apia": "2011-06-01", "Asia/Tehran": "2022-01-01"}.get(zone, "2024-01-01")
    first = to_instant(begin, ZoneInfo(zone))
    way = Shift(count, unit, ZoneInfo(zone), calendar)  # type: ignore[arg-type]
    hours = [first + number * 3_600_000 for number in range(366 * 24)]
    assert differences(way, first, first + 366 * 86_400_000, hours) == []


@settings(max_examples=60, deadline=None)
@given(ways, st.sampled_from([FIRST, LAST]), st.lists(st.integers(0, 400 * 86_400_000), max_size=40))
def test_at_the_limits_of_the_calendar_they_agree_too(way: Shift, limit: int, offsets: list[int]) -> None:
    others = [limit + (offset if limit == FIRST else -offset) for offset in offsets]
    far = max(offsets, default=0)
    first, last = (FIRST, FIRST + far) if limit == FIRST else (LAST - far, LAST)
    assert differences(way, first, last, others) == []


def test_a_wait_and_a_gap_have_pieces_of_their_own() -> None:
    # Clocks went back on 27 October 2024 at 01:00 UTC, and forward on 31 March 2024 at 01:00 UTC.
    prague = ZoneInfo("Europe/Prague")
    autumn = to_instant("2024-10-27T01:00:00Z", prague)
    waiting = pieces(Shift(-1, "day", prague), autumn - 10, autumn + 7_200_000)
    day = 86_400_000
    assert waiting == (
        Piece(autumn - 10, autumn - day - 10, 1),
        Piece(autumn, autumn - day - 1, 0),
        Piece(autumn + 3_600_000, autumn - day, 1),
    )
    spring = to_instant("2024-03-31T01:00:00Z", prague)
    skipped = pieces(Shift(1, "day", prague), spring - day - 10, spring - day + 7_200_000)
    assert skipped == (
        Piece(spring - day - 10, spring - 10, 1),
        Piece(spring - day, spring, 0),
        Piece(spring - day + 3_600_000, spring, 1),
    )


def test_days_that_the_other_month_has_not_go_to_its_end() -> None:
    utc = ZoneInfo("UTC")
    found = pieces(Shift(1, "month", utc), to_instant("2023-01-28", utc), to_instant("2023-02-02", utc))
    assert [(to_iso(piece.begin)[:10], to_iso(piece.out)[:10], piece.slope) for piece in found] == [
        ("2023-01-28", "2023-02-28", 1),
        ("2023-01-29", "2023-03-01", 0),
        ("2023-02-01", "2023-03-01", 1),
    ]


@settings(max_examples=50, deadline=None)
@given(ways, st.integers(0, 2 * 10**12))
def test_the_pieces_never_fall(way: Shift, first: int) -> None:
    found = pieces(way, first, first + 2 * 365 * 86_400_000)
    assert all(piece.at(after.begin - 1) <= after.out for piece, after in pairwise(found))


def test_ten_years_take_less_than_a_tenth_of_a_second() -> None:
    prague = ZoneInfo("Europe/Prague")
    first, last = to_instant("2013-07-01", prague), to_instant("2023-07-01", prague)
    fastest = 1.0
    for count in (-13, -14, -15):
        begin = perf_counter()
        pieces(Shift(count, "month", prague), first, last)
        fastest = min(fastest, perf_counter() - begin)
    assert fastest < 0.1


@pytest.mark.parametrize("name", sorted(available_timezones())[::7])
def test_no_zone_changes_before_the_year_that_is_taken_for_the_first(name: str) -> None:
    zone = ZoneInfo(name)
    walls = [EPOCH.replace(year=year) for year in range(2, UNCHANGED_UNTIL)]
    assert len({wall.replace(tzinfo=zone).utcoffset() for wall in walls}) == 1


@pytest.mark.parametrize(
    ("name", "year"),
    [("Africa/Freetown", 1939), ("America/Recife", 2000), ("Asia/Gaza", 2040), ("Africa/Cairo", 2010)],
)
def test_no_offset_is_so_short_lived_that_it_is_overlooked(name: str, year: int) -> None:
    # Freetown kept one for four days, the shortest time of all; others for a week.
    utc, hour = ZoneInfo("UTC"), 3_600_000
    first = to_instant(f"{year}-01-01", utc)
    offsets = [
        (EPOCH + at * MILLISECOND).replace(tzinfo=utc).astimezone(ZoneInfo(name)).utcoffset()
        for at in range(first, first + 366 * 24 * hour, hour)
    ]
    changes = [number for number, (one, other) in enumerate(pairwise(offsets)) if one != other]
    assert len(changes) >= 2
    assert all((after - before) * hour > STRIDE for before, after in pairwise(changes))
