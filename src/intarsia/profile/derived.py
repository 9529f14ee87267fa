"""Derived traits: what follows from recorded traits, as age from a date of birth and climate from a city.

A derived trait comes from its source when that is known, else from the trait recorded under its own name (rule 4).
Where a person lives (country, region, city, coordinates) it is the other way round: what is recorded as such goes
first, then the parts of `address`, then what the gazetteer knows of the city.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

from intarsia import clock
from intarsia.errors import UserError
from intarsia.geometry import metres_between
from intarsia.language.catalog import Family, Kind
from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.values import inside, is_empty, number, raw_text, written_day
from intarsia.profile.climate import Temperatures
from intarsia.profile.places import Gazetteer, Place, gazetteer
from intarsia.speech import mark

OLDEST_YEARS = 130
"""A greater age is taken for a mistake in the date of birth."""

GENERATIONS = (
    ("silent", 1928, 1945),
    ("boomer", 1946, 1964),
    ("x", 1965, 1980),
    ("millennial", 1981, 1996),
    ("z", 1997, 2012),
    ("alpha", 2013, 2024),
)
"""First and last year of birth: Pew Research Center, Dimock 2019, "Defining generations: Where Millennials end and
Generation Z begins"; Alpha begins where Pew's Z ends and ends where McCrindle lets it end."""

FARTHEST_TOWN_METRES = 100_000
"""A point takes the time zone of the nearest town up to this distance."""

_PLACE = ("country", "country_code", "region", "city", "address")
_POINT = ("latitude", "longitude")


class NoSuchDerivedTrait(UserError):
    """Something asks for a derived trait that there is none of."""

    code = "profile.no-such-derived-trait"
    says = mark("no derived trait is called `{name}`")
    advises = mark("the derived traits are {known}")


@dataclass(frozen=True)
class Derived:
    """A trait that is worked out and not recorded.

    kind     of its values; family: of the four families of criteria
    sources  the top-level traits that it reads, its own name among them
    meaning  one sentence for people
    """

    name: str
    kind: Kind
    family: Family
    sources: tuple[str, ...]
    meaning: str


@dataclass(frozen=True)
class _Question:
    """One person's traits, and when and where they are asked about."""

    traits: Mapping[str, Json]
    at: int
    zone: ZoneInfo
    calendar: clock.CalendarName
    places: Gazetteer

    def recorded(self, name: str) -> Json:
        """The trait of that name, else that part of the address; None for the unknown and the empty."""
        found = self.traits.get(name)
        if _is_blank(found):
            found = inside(self.traits.get("address"), (name,))
        return None if _is_blank(found) else found

    def words(self, name: str) -> str | None:
        """`recorded` as text."""
        return raw_text(self.recorded(name))

    def birth(self) -> date | None:
        """The recorded day of birth, as it is written: a time behind it moves no birthday into another zone's day."""
        return written_day(self.traits.get("birth_date"))

    def today(self) -> date:
        """The calendar day of the question."""
        return clock.day_holding(self.at, self.zone)

    def country_code(self) -> str | None:
        """The code of the recorded country, None also where it is not understood."""
        names = (self.words("country"), self.words("country_code"))
        return next((code for name in names if name and (code := self.places.country_code(name))), None)

    def place(self) -> Place | None:
        """The recorded city; None where it is unknown, not in its country, or its country is not understood."""
        city, code = self.words("city"), self.country_code()
        if city is None or (code is None and self.words("country") is not None):
            return None
        return self.places.city(city, code, self.words("region"))

    def coordinates(self) -> tuple[Decimal, Decimal] | None:
        """The recorded latitude and longitude, if both are there and on the globe."""
        latitude, longitude = number(self.recorded("latitude")), number(self.recorded("longitude"))
        if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
            return None
        return latitude, longitude


def derive(
    name: str, traits: Mapping[str, Json], at_ms: int, zone: ZoneInfo, *, calendar: clock.CalendarName = "gregorian"
) -> Json:
    """The value of a derived trait for a person, or None where it is not known.

    traits    the person's recorded traits as of the question; `sources` says which are read
    at_ms     the instant of the question, milliseconds since 1970 UTC; ages are those of its day in `zone`
    calendar  by whose years people grow older
    """
    return _rule(name)(_Question(traits, at_ms, zone, calendar, gazetteer()))


def sources(name: str) -> tuple[str, ...]:
    """The top-level traits that a derived trait reads."""
    _rule(name)
    return DERIVED[name].sources


def _rule(name: str) -> Callable[[_Question], Json]:
    if name not in _RULES:
        raise NoSuchDerivedTrait(name=name, known=", ".join(_RULES))
    return _RULES[name]


def _age(asked: _Question) -> Json:
    """Whole years; somebody born on 29 February grows older on 28 February of other years (rule 22)."""
    birth, today = asked.birth(), asked.today()
    if birth is None:
        return asked.traits.get("age")
    age = clock.whole_years(birth, today, asked.calendar) if birth <= today else -1
    return Decimal(age) if 0 <= age <= OLDEST_YEARS else None


def _generation(asked: _Question) -> Json:
    birth = asked.birth()
    if birth is None:
        return asked.traits.get("generation")
    if birth > asked.today():
        return None
    return next((name for name, first, last in GENERATIONS if first <= birth.year <= last), None)


def _country(asked: _Question) -> Json:
    return _first(lambda: asked.recorded("country"), lambda: _of_place(asked, lambda place: place.country))


def _country_code(asked: _Question) -> Json:
    return asked.country_code() or _of_place(asked, lambda place: place.country)


def _region(asked: _Question) -> Json:
    return _first(lambda: asked.recorded("region"), lambda: _of_place(asked, lambda place: place.region))


def _city(asked: _Question) -> Json:
    return asked.recorded("city")


def _latitude(asked: _Question) -> Json:
    point = asked.coordinates()
    return point[0] if point else _of_place(asked, lambda place: place.latitude)


def _longitude(asked: _Question) -> Json:
    point = asked.coordinates()
    return point[1] if point else _of_place(asked, lambda place: place.longitude)


def _place_timezone(asked: _Question) -> Json:
    return _first(
        lambda: _of_place(asked, lambda place: place.timezone),
        lambda: _zone_of_point(asked),
        lambda: _of_country(asked, asked.places.only_timezone),
        lambda: asked.traits.get("place_timezone"),
    )


def _zone_of_point(asked: _Question) -> Json:
    if (point := asked.coordinates()) is None:
        return None
    town = asked.places.near(*point)
    return town.timezone if metres_between(town.latitude, town.longitude, *point) <= FARTHEST_TOWN_METRES else None


def _climate(asked: _Question) -> Json:
    point = asked.coordinates()
    return _first(
        lambda: asked.places.climate(*point) if point else _of_place(asked, lambda place: place.climate),
        lambda: _of_country(asked, asked.places.only_climate),
        lambda: asked.traits.get("climate"),
    )


def _coldest_month(asked: _Question) -> Json:
    known = _temperatures(asked)
    return known.coldest if known else asked.traits.get("coldest_month_mean_temperature")


def _warmest_month(asked: _Question) -> Json:
    known = _temperatures(asked)
    return known.warmest if known else asked.traits.get("warmest_month_mean_temperature")


def _temperatures(asked: _Question) -> Temperatures | None:
    if point := asked.coordinates():
        return asked.places.temperatures(*point)
    place = asked.place()
    return place.temperatures if place else None


def _of_place(asked: _Question, read: Callable[[Place], Json]) -> Json:
    place = asked.place()
    return read(place) if place else None


def _of_country(asked: _Question, read: Callable[[str], str | None]) -> Json:
    """What holds for a whole country, where nothing but the country is known."""
    code = asked.country_code()
    knows_more = asked.words("city") is not None or asked.coordinates() is not None
    return read(code) if code and not knows_more else None


def _first(*ways: Callable[[], Json]) -> Json:
    """The first known value."""
    return next((value for way in ways if (value := way()) is not None), None)


def _is_blank(value: Json) -> bool:
    return is_empty(value.strip() if isinstance(value, str) else value)


_RULES: Mapping[str, Callable[[_Question], Json]] = MappingProxyType(
    {
        "age": _age,
        "generation": _generation,
        "country": _country,
        "country_code": _country_code,
        "region": _region,
        "city": _city,
        "latitude": _latitude,
        "longitude": _longitude,
        "place_timezone": _place_timezone,
        "climate": _climate,
        "coldest_month_mean_temperature": _coldest_month,
        "warmest_month_mean_temperature": _warmest_month,
    }
)


def _person(name: str, kind: Kind, meaning: str) -> Derived:
    return Derived(name, kind, Family.DEMOGRAPHIC, ("birth_date", name), meaning)


def _of_where(name: str, kind: Kind, more_sources: tuple[str, ...], meaning: str) -> Derived:
    return Derived(name, kind, Family.GEOGRAPHIC, tuple(dict.fromkeys((*_PLACE, *more_sources, name))), meaning)


DERIVED: Mapping[str, Derived] = MappingProxyType(
    {
        trait.name: trait
        for trait in (
            _person("age", Kind.NUMBER, mark("whole years since birth, on the day of the question")),
            _person("generation", Kind.TEXT, mark("the generation that the year of birth belongs to")),
            _of_where("country", Kind.TEXT, (), mark("the country as it was recorded, else the code of the city's")),
            _of_where("country_code", Kind.TEXT, (), mark("the two letters of the country in ISO 3166")),
            _of_where("region", Kind.TEXT, (), mark("the region as it was recorded, else the city's")),
            Derived("city", Kind.TEXT, Family.GEOGRAPHIC, ("city", "address"), mark("the city as it was recorded")),
            _of_where("latitude", Kind.NUMBER, _POINT, mark("degrees north, recorded or the city's")),
            _of_where("longitude", Kind.NUMBER, _POINT, mark("degrees east, recorded or the city's")),
            _of_where("place_timezone", Kind.TEXT, _POINT, mark("the time zone of the place")),
            _of_where("climate", Kind.TEXT, _POINT, mark("the Köppen-Geiger class of the place, such as Cfb")),
            _of_where(
                "coldest_month_mean_temperature",
                Kind.NUMBER,
                _POINT,
                mark("mean temperature of the place's coldest month, in degrees Celsius"),
            ),
            _of_where(
                "warmest_month_mean_temperature",
                Kind.NUMBER,
                _POINT,
                mark("mean temperature of the place's warmest month, in degrees Celsius"),
            ),
        )
    }
)
"""Every derived trait by its name."""
