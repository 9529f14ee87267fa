"""Places: from the name of a country or city, in any script, to its code, coordinates, time zone and climate."""

from __future__ import annotations

import json
import math
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property, lru_cache

from intarsia.geometry import EARTH_RADIUS_METRES, distance
from intarsia.profile.climate import CLASSES, ClimateMap, Temperatures
from intarsia.profile.names import country_key, place_key
from intarsia.profile.table import UNKNOWN, NameIndex, Table

ANSWERS_REMEMBERED = 65_536
"""How many answers to `Gazetteer.city` are kept, and how many to `Gazetteer.country_code`."""


@dataclass(frozen=True)
class Place:
    """A city.

    name         as GeoNames writes it, mostly in English ("Prague")
    country      ISO 3166 alpha-2; region: the name of its first-level region, or None
    region_code  GeoNames' code of that region inside the country: for the US the state's two letters
    latitude     degrees north, longitude degrees east, five places
    population   people, 0 where it is not known
    timezone     an IANA name
    climate      Köppen-Geiger class, or None; temperatures: of its coldest and warmest month, or None
    """

    name: str
    country: str
    region: str | None
    region_code: str
    latitude: Decimal
    longitude: Decimal
    population: int
    timezone: str
    climate: str | None
    temperatures: Temperatures | None


class Gazetteer:
    """Countries, and cities of more than 15,000 people; each part is read from the table on its first use."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._known_cities = lru_cache(maxsize=ANSWERS_REMEMBERED)(self._city)
        self._known_countries = lru_cache(maxsize=ANSWERS_REMEMBERED)(self._country)

    def country_code(self, text: str) -> str | None:
        """The ISO 3166 alpha-2 code of a country, read from its code or its name in any language; else None.

        Spellings of shops are known (EIRE, RSA, UK, USA, England); what is no single country is None.
        """
        return self._known_countries(text)

    def city(self, name: str, country: str | None = None, region: str | None = None) -> Place | None:
        """The city of that name in any script, or None.

        Of several: those of the country (a code) and of the region (name or code) if they are given, then the
        largest. A country without such a city gives None; a region that fits none of them is passed over.
        """
        return self._known_cities(name, country, region)

    def near(self, latitude: float | Decimal, longitude: float | Decimal) -> Place:
        """The city nearest to a point, by great circle."""
        point = float(latitude), float(longitude)
        latitudes, numbers = self._by_latitude
        best, found = math.inf, 0
        upper = bisect_left(latitudes, round(point[0] * 100_000))
        lower = upper - 1
        while lower >= 0 or upper < len(latitudes):
            goes_up = lower < 0 or (
                upper < len(latitudes) and latitudes[upper] / 100_000 - point[0] < point[0] - latitudes[lower] / 100_000
            )
            position = upper if goes_up else lower
            city = latitudes[position] / 100_000, self._longitudes[numbers[position]] / 100_000
            if math.radians(abs(city[0] - point[0])) * EARTH_RADIUS_METRES > best:
                break
            metres = distance(*point, *city)
            if metres < best:
                best, found = metres, numbers[position]
            upper, lower = (upper + 1, lower) if goes_up else (upper, lower - 1)
        return self._place(found)

    def climate(self, latitude: float | Decimal, longitude: float | Decimal) -> str | None:
        """The Köppen-Geiger class of a point ("Cfb"); of the nearest land within half a degree; None at sea."""
        return self._climates.class_at(float(latitude), float(longitude))

    def temperatures(self, latitude: float | Decimal, longitude: float | Decimal) -> Temperatures | None:
        """Mean temperatures of the coldest and warmest month around a point, or None where they are not known."""
        return self._climates.temperatures(float(latitude), float(longitude))

    def only_climate(self, country: str) -> str | None:
        """The class that every city of a country (a code) has, or None where they differ."""
        return self._shared["climate"].get(country)

    def only_timezone(self, country: str) -> str | None:
        """The IANA zone that every city of a country (a code) has, or None where they differ."""
        return self._shared["timezone"].get(country)

    def _country(self, text: str) -> str | None:
        return self._countries.find(country_key(text))

    def _city(self, name: str, country: str | None, region: str | None) -> Place | None:
        numbers = [int(number) for number in (self._names.find(place_key(name)) or "").split(",") if number]
        if country is not None:
            numbers = [number for number in numbers if self._city_countries[number] == country]
        if region is not None:
            key = place_key(region)
            numbers = [number for number in numbers if key in self._region_keys(number)] or numbers
        return self._place(numbers[0]) if numbers else None

    def _region_keys(self, number: int) -> tuple[str, ...]:
        return tuple(place_key(word) for word in self._regions[self._region_numbers[number]])

    def _place(self, number: int) -> Place:
        region_code, region = self._regions[self._region_numbers[number]]
        coldest, warmest = self._city_coldest[number], self._city_warmest[number]
        known = coldest != UNKNOWN
        return Place(
            name=self._city_names[number],
            country=self._city_countries[number],
            region=region or None,
            region_code=region_code,
            latitude=Decimal(self._latitudes[number]).scaleb(-5),
            longitude=Decimal(self._longitudes[number]).scaleb(-5),
            population=self._populations[number],
            timezone=self._timezones[self._timezone_numbers[number]],
            climate=CLASSES[self._city_classes[number]] or None,
            temperatures=Temperatures(Decimal(coldest).scaleb(-1), Decimal(warmest).scaleb(-1)) if known else None,
        )

    @cached_property
    def _countries(self) -> NameIndex:
        return NameIndex(self._table.blob("countries.txt"))

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex(self._table.blob("names.txt"))

    @cached_property
    def _climates(self) -> ClimateMap:
        return ClimateMap(self._table)

    @cached_property
    def _shared(self) -> dict[str, dict[str, str]]:
        shared: dict[str, dict[str, str]] = json.loads(self._table.blob("shared.json"))
        return shared

    @cached_property
    def _city_names(self) -> list[str]:
        return self._table.lines("cities/name.txt")

    @cached_property
    def _city_countries(self) -> list[str]:
        codes = self._table.lines("cities/country.txt")
        one_text_each = dict.fromkeys(codes)
        same = {code: code for code in one_text_each}
        return [same[code] for code in codes]

    @cached_property
    def _regions(self) -> list[tuple[str, str]]:
        """Code inside the country, and name or ''."""
        rows = (line.split("\t") for line in self._table.lines("regions.txt"))
        return [(code.partition(".")[2], name) for code, name in rows]

    @cached_property
    def _timezones(self) -> list[str]:
        return self._table.lines("timezones.txt")

    @cached_property
    def _region_numbers(self) -> array[int]:
        return self._table.column("cities/region.bin", "H")

    @cached_property
    def _timezone_numbers(self) -> array[int]:
        return self._table.column("cities/timezone.bin", "H")

    @cached_property
    def _latitudes(self) -> array[int]:
        return self._table.column("cities/latitude.bin", "i")

    @cached_property
    def _longitudes(self) -> array[int]:
        return self._table.column("cities/longitude.bin", "i")

    @cached_property
    def _populations(self) -> array[int]:
        return self._table.column("cities/population.bin", "I")

    @cached_property
    def _city_classes(self) -> array[int]:
        return self._table.column("cities/climate.bin", "B")

    @cached_property
    def _city_coldest(self) -> array[int]:
        return self._table.column("cities/coldest.bin", "h")

    @cached_property
    def _city_warmest(self) -> array[int]:
        return self._table.column("cities/warmest.bin", "h")

    @cached_property
    def _by_latitude(self) -> tuple[array[int], array[int]]:
        """The cities' latitudes from south to north, and their numbers in that order."""
        numbers = array("I", sorted(range(len(self._latitudes)), key=self._latitudes.__getitem__))
        return array("i", (self._latitudes[number] for number in numbers)), numbers


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of the shipped table; one for the whole process, for it never changes."""
    return Gazetteer(Table())
