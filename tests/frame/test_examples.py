"""Every example runs: on README.md, on the pages of docs/, and in docstrings.

A page is one session in an empty folder. Of its fenced blocks,

- `python` blocks run top to bottom in one namespace; with `>>>` the answers are compared, without it they only run;
- `console` blocks run top to bottom in one shell: `$ ` begins a command, `> ` goes on with it, the other lines are
  what it says. `...` stands for anything; where nothing is shown, nothing is compared. A command must end with 0,
  or with something else if the page shows an `error[`;
- `segment` blocks hold one rule a line, which must parse.
"""

from __future__ import annotations

import doctest
import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from intarsia.language import parse, show
from tests.frame import door
from tests.frame.reading import ROOT, modules

PAGES = sorted(path for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")] if path.exists())
TOLD = [name for name, module in modules().items() if ">>> " in module.path.read_text(encoding="utf-8")]
BLOCK = re.compile(r"^(?P<indent> *)```(?P<kind>python|console|segment)\n(?P<body>.*?)^(?P=indent)```", re.M | re.S)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
END = "--- end of command"
SECONDS_MOST = 300
RUN_ELSEWHERE = {ROOT / "docs" / "reference" / "answers.md"}
"""Its session is long; tests/cli/test_answers.py runs it once, and looks at more of it."""


@dataclass(frozen=True)
class Command:
    """One command of a console block, and what the page says that it says."""

    text: str
    shown: str

    @property
    def is_run(self) -> bool:
        """Commands that set up a machine are looked at, not run."""
        return not re.match(r"(make|git|cd|pip) ", self.text)


def blocks(text: str, kind: str) -> list[str]:
    """The bodies of the fenced blocks of one kind, without the indent of the fence."""
    found = [match for match in BLOCK.finditer(text) if match["kind"] == kind]
    return [re.sub(f"^{match['indent']}", "", match["body"], flags=re.M) for match in found]


RULES = [
    rule
    for page in PAGES
    for body in blocks(page.read_text(encoding="utf-8"), "segment")
    for rule in body.splitlines()
    if rule.strip()
]


def commands(text: str) -> list[Command]:
    """The commands of a page in their order."""
    found: list[Command] = []
    for line in "".join(blocks(text, "console")).splitlines():
        if line.startswith("$ "):
            found.append(Command(line[2:], ""))
        elif line.startswith("> ") and not found[-1].shown:
            found[-1] = Command(f"{found[-1].text}\n{line[2:]}", "")
        else:
            found[-1] = Command(found[-1].text, f"{found[-1].shown}{line}\n")
    return found


def run(session: list[Command], folder: Path) -> list[tuple[str, int]]:
    """What each command said (both streams) and the status it ended with; all in one shell in `folder`."""
    program = folder / "bin" / "intarsia"
    program.parent.mkdir()
    home = folder / "home"
    home.mkdir()
    script = "".join(f'{command.text}\necho "{END} $?"\n' for command in session)
    settings = {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "COLUMNS": "120",
        "NO_COLOR": "1",
    }
    with opened(program, settings):
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=home,
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS_MOST,
            check=False,
        )
    pieces = re.split(rf"^{END} (\d+)\n", done.stdout, flags=re.M)
    return list(zip(pieces[::2], map(int, pieces[1::2]), strict=False))


@contextmanager
def opened(command: Path, settings: dict[str, str]) -> Iterator[None]:
    """The command `intarsia`, by a process that waits for its calls (see door.py)."""
    with TemporaryDirectory() as folder:  # the path of a socket has to be short
        path = str(Path(folder, "door"))
        command.write_text(
            f'#!/bin/sh\nexec "{sys.executable}" -I -S {door.__file__} {path} call "$@"\n', encoding="utf-8"
        )
        command.chmod(0o755)
        waits = [sys.executable, str(door.__file__), path]
        with subprocess.Popen(waits, env=settings, stdout=subprocess.PIPE) as waiting:
            assert waiting.stdout is not None
            assert waiting.stdout.readline() == b"ready\n"
            try:
                yield
            finally:
                door.end(path)


def console_faults(text: str, folder: Path) -> list[str]:
    """What a page's console blocks promise and the shell does not keep."""
    session = [command for command in commands(text) if command.is_run]
    return broken(session, run(session, folder) if session else [])


def broken(session: list[Command], answers: list[tuple[str, int]]) -> list[str]:
    """The commands that did not say what is shown, or did not end as they should."""
    faults = []
    for command, (said, status) in zip(session, answers, strict=True):
        if (status != 0) != ("error[" in command.shown):
            faults.append(f"$ {command.text}\nended with {status} and said:\n{said}")
        elif command.shown and not doctest.OutputChecker().check_output(command.shown, said, FLAGS):
            faults.append(f"$ {command.text}\nthe page shows:\n{command.shown}\nit said:\n{said}")
    return faults


def python_faults(text: str, name: str) -> list[str]:
    """What fails of a page's Python blocks, run in the current folder."""
    session: dict[str, object] = {"__name__": name}
    said: list[str] = []
    for number, body in enumerate(blocks(text, "python")):
        if ">>> " in body:
            examples = doctest.DocTestParser().get_doctest(body, session, f"{name}[{number}]", name, 0)
            doctest.DocTestRunner(optionflags=FLAGS).run(examples, out=said.append, clear_globs=False)
            session = examples.globs
        else:
            exec(compile(body, f"{name}[{number}]", "exec"), session)
    return said


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page not in RUN_ELSEWHERE], ids=lambda page: str(page.relative_to(ROOT))
)
def test_every_example_on_the_page_still_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page.read_text(encoding="utf-8")
    assert console_faults(text, tmp_path) == []
    monkeypatch.chdir(tmp_path / "home" if (tmp_path / "home").exists() else tmp_path)
    assert python_faults(text, page.name) == []


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_on_the_pages_parses(rule: str) -> None:
    assert parse(show(parse(rule))) == parse(rule)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_target_on_the_page_is_one_of_the_makefile(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = re.findall(r"(?:^\$ |`)make ([a-z]+)\b", page.read_text(encoding="utf-8"), re.M)
    assert sorted(set(named) - targets) == []


@pytest.mark.parametrize("name", TOLD)
def test_every_example_in_a_docstring_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = doctest.testmod(importlib.import_module(name), optionflags=FLAGS)
    assert (result.attempted > 0, result.failed) == (True, 0)


def test_a_broken_example_is_found(tmp_path: Path) -> None:
    page = "```console\n$ echo one\n> echo two\none\n...\n$ false\n$ echo three\nfour\n```\n"
    faults = console_faults(page, tmp_path)
    assert [fault.splitlines()[0] for fault in faults] == ["$ false", "$ echo three"]
    assert len(python_faults("```python\n>>> x = 1\n>>> x + 1\n3\n```\n", "page")) == 1
