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
        "handles",
        "clock",
        "clock_pieces",
        "geometry",
        "ids",
        "shares",
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
    "recorded",
    "kept_up",
    "workspace",
)
DOORS = ("__init__", "demo", "cli", "__main__")
OPEN_TO_DOORS = {"errors", "speech", "workspace"}

ROOMS = {
    "language": (
        *("leaves", "tree", "version", "limits", "meaning", "catalog", "problems", "words", "writing"),
        *("advice", "reading", "checking", "json_form", "sentences", "interpret", "assist", "__init__"),
    ),
    "engine": ("sql", "columns", "kernel", "live", "plan", "__init__"),
}
"""Of a stage with rooms, their order: each imports only those before it."""

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


def wrong_rooms(found: dict[str, Module]) -> list[str]:
    """Imports against the order of the rooms of a stage, or of a room that has no place in it."""
    wrong = []
    for module in found.values():
        order = ROOMS.get(module.stage)
        if order is None:
            continue
        room = _room(module.name)
        if room not in order:
            wrong.append(f"`{module.name}` is in no room of `{module.stage}`")
            continue
        wrong += [
            f"{module.name}:{line} imports {name}, but the room `{room}` may not import `{_room(name)}`"
            for name, line in imported(module, found).items()
            if Module(name, module.path).stage == module.stage and _room(name) not in order[: order.index(room) + 1]
        ]
    return wrong


def _room(name: str) -> str:
    """Of `intarsia.stage.room.module` the room; of the stage itself `__init__`."""
    return [*name.split("."), "__init__"][2]


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


def test_the_rooms_of_a_stage_go_one_way_too() -> None:
    assert wrong_rooms(modules()) == []


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


def test_an_import_against_the_order_of_rooms_is_found(tmp_path: Path) -> None:
    found = plant(
        tmp_path,
        language__words__tokens="from intarsia.language.assist.complete import complete\n",
        language__assist__complete="import intarsia.language.words.tokens\n",
        language__attic__box="",
    )
    assert sorted(wrong_rooms(found)) == [
        "`intarsia.language.attic.box` is in no room of `language`",
        "intarsia.language.words.tokens:1 imports intarsia.language.assist.complete, "
        "but the room `words` may not import `assist`",
    ]


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
