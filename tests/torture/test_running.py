"""`make torture`: each scenario says in one line whether everything held, and none runs for ever."""

from __future__ import annotations

import importlib
import json
import sys
import threading
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from intarsia.language import tree
from scripts.torture.agreement import is_writable, oddities, with_odd_values
from scripts.torture.run import LIMITS, bounded, main
from scripts.torture.scenario import Asked, Broken, Figures, Scenario, must, play
from tests.engine.shrinking import Case

FOLDER = Path(__file__).parents[2] / "scripts" / "torture"
NO_SCENARIOS = {"run", "scenario", "rules_that_hurt", "sent"}


def scenario(name: str) -> Scenario:
    found: Scenario = importlib.import_module(f"scripts.torture.{name}").SCENARIO
    return found


def test_every_scenario_is_run_and_has_a_number_of_its_own() -> None:
    names = {path.stem for path in FOLDER.glob("*.py")} - NO_SCENARIOS
    assert names == set(LIMITS)
    found = [scenario(name) for name in sorted(names)]
    assert [one.name for one in found] == sorted(names)
    assert len({one.number for one in found}) == len(found)
    assert all(0 < one.quick < one.long for one in found)


def test_a_scenario_says_in_one_line_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    def run(asked: Asked) -> Figures:
        (asked.folder / "file").write_text("x", encoding="utf-8")
        return {"twice": 2 * asked.count}

    found = Scenario("S00", "trial", "times", 3, 30, run)
    for arguments, times in ((["--seed", "7"], 3), (["--tier", "long"], 30), (["--times", "5"], 5)):
        assert play(found, arguments) == 0
        line = json.loads(capsys.readouterr().out)
        assert (line["scenario"], line["ok"], line["times"], line["twice"]) == ("S00 trial", True, times, 2 * times)
    assert line["seed"] == 1
    assert line["cpu_seconds"] > 0


def test_what_does_not_hold_is_told_and_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    def run(_: Asked) -> Figures:
        must(1 < 2, "never said")
        must([], "nobody is there")
        return {}

    assert play(Scenario("S00", "trial", "times", 1, 2, run), []) == 1
    said = capsys.readouterr()
    line = json.loads(said.out)
    assert (line["ok"], line["error"]) == (False, "Broken: nobody is there")
    assert Broken.__name__ in said.err


def test_a_scenario_without_an_end_is_ended_with_all_that_it_started(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time, sys; time.sleep(2); open(sys.argv[1], 'w')", sys.argv[1]])
time.sleep(60)
"""
    assert not bounded([sys.executable, "-c", program, str(tmp_path / "late")], "endless", seconds=1)
    line = json.loads(capsys.readouterr().out)
    assert (line["scenario"], line["ok"], line["error"]) == ("endless", False, "not done after 1 s")
    threading.Event().wait(2)
    assert not (tmp_path / "late").exists()


def test_a_scenario_that_says_nothing_did_not_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert not bounded([sys.executable, "-c", ""], "silent", seconds=20)
    assert json.loads(capsys.readouterr().out)["error"] == "it said nothing"
    assert not bounded([sys.executable, "-c", "print('{}'); raise SystemExit(1)"], "failing", seconds=20)


def test_a_name_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["nonsense"])
    assert "there are agreement, lives" in capsys.readouterr().err


def test_odd_values_are_among_those_that_rules_are_asked_of() -> None:
    met = {one for seed in range(3) for one in oddities(with_odd_values(Random(seed)))}
    assert met == {"null", "empty", "unicode", "not a number", "case", "missing"}


def test_only_rules_that_can_be_written_are_asked() -> None:
    people = with_odd_values(Random(1))
    for number, is_one in (("12.345678", True), ("12.3456785", False)):
        rule = tree.Test(tree.Path(("age",)), tree.Compare("=", tree.Number(Decimal(number))))
        assert is_writable(Case(people, 1, None, rule, {}, {})) is is_one
        assert is_writable(Case(people, 1, None, tree.Everyone(), {"named": rule}, {})) is is_one
