"""The order of the stages, stated once, here, and kept."""

from __future__ import annotations

import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.frame.reading import Module, imported, modules, plant

ORDER = (
    # the ground, under every stage
    *(
        "errors",
        "jalali",
        "speech",
        "clock",
        "clock_pieces",
        "geometry",
        "ids",
        "config",
        "language",
        "lake",
        "engine",
        "store",
    ),
    # the stages, in the data's order; those that do not exist yet keep their place
    *("source", "record", "identity", "consent", "profile", "segment", "membership"),
    *("analysis", "experiment", "campaign", "message", "destination", "report"),
    # what the doors open on
    "opened",
    "workspace",
)
DOORS = ("__init__", "demo", "cli", "__main__")
OPEN_TO_DOORS = {"errors", "speech", "workspace"}

TOO_HEAVY = ("django", "pandas", "numba", "numpy", "duckdb", "pyarrow", "deltalake", "altair", "rich")


def strangers(found: dict[str, Module]) -> list[str]:
    """Modules whose stage has no place in the order."""
    return [module.name for module in found.values() if module.stage not in ORDER + DOORS]


def wrong_ways(found: dict[str, Module]) -> list[str]:
    """Imports against the order, as sentences."""
    wrong = []
    for module in found.values():
        for name, line in imported(module, found).items():
            target = Module(name, module.path).stage
            if not may_import(module.stage, target):
                wrong.append(f"{module.name}:{line} imports {name}, but `{module.stage}` may not import `{target}`")
    return wrong


def may_import(stage: str, target: str) -> bool:
    """Whether the order lets `stage` import `target`."""
    if stage == target:
        return True
    if stage in DOORS:
        earlier_doors = DOORS[1 : DOORS.index(stage)]
        return target in OPEN_TO_DOORS or target in earlier_doors
    if stage not in ORDER:
        return False
    return target in ORDER[: ORDER.index(stage)]


def cycle(found: dict[str, Module]) -> list[str]:
    """The modules of one circle of imports, or nothing."""
    try:
        TopologicalSorter({name: imported(module, found).keys() for name, module in found.items()}).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_every_folder_has_its_place_in_the_order() -> None:
    assert strangers(modules()) == []


def test_imports_follow_the_data() -> None:
    assert wrong_ways(modules()) == []


def test_no_module_imports_itself_by_a_detour() -> None:
    assert cycle(modules()) == []


def test_a_folder_without_a_place_is_found(tmp_path: Path) -> None:
    assert strangers(plant(tmp_path, errors="", utils__text="")) == ["intarsia.utils.text"]


def test_an_import_against_the_order_is_found_inside_functions_too(tmp_path: Path) -> None:
    found = plant(tmp_path, record__event="def f():\n    from intarsia.segment import rule\n", segment__rule="")
    assert wrong_ways(found) == [
        "intarsia.record.event:2 imports intarsia.segment.rule, but `record` may not import `segment`"
    ]


def test_a_door_that_goes_deeper_than_the_workspace_is_found(tmp_path: Path) -> None:
    found = plant(tmp_path, cli__count="import intarsia.lake\n", workspace="import intarsia.lake\n", lake="")
    assert len(wrong_ways(found)) == 1


def test_a_circle_is_found(tmp_path: Path) -> None:
    found = plant(tmp_path, lake__a="from intarsia.lake.b import x\n", lake__b="import intarsia.lake.a\n")
    assert {"intarsia.lake.a", "intarsia.lake.b"} <= set(cycle(found))


def test_importing_intarsia_loads_nothing_heavy() -> None:
    program = (
        "import sys, time; begun = time.perf_counter(); import intarsia; "
        "print(round((time.perf_counter() - begun) * 1000)); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    milliseconds, loaded = done.stdout.splitlines()
    print(f"import intarsia: {milliseconds} ms, {len(loaded.split())} modules")
    assert [name for name in TOO_HEAVY if name in loaded.split()] == []
