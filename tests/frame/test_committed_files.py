"""What is committed belongs to nobody's machine."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.frame.reading import ROOT

# Written so that this file does not match itself.
FORBIDDEN = re.compile(
    r"(?<![\w.])/wor[k]/|/tmp/bash_job[s]|/home/[a-z]+[/]|/User[s]/\w|\.\./share[d]"
    r"|pythonhoste[d]|https?://[^ \"'>]*(?:registr[y]\.|/simpl[e]/|/package[s]/)"
)
LARGEST_BYTES = 1_000_000
SHIPPED_BYTES = {"src/intarsia/profile/data/places.zip": 5_000_000}


def committed() -> list[Path]:
    """The files that git holds or would take."""
    asked = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def forbidden(paths: list[Path]) -> Iterator[str]:
    """Lines that name a folder of one machine, or a host that packages come from."""
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if found := FORBIDDEN.search(line):
                yield f"{path.name}:{number} {found.group()}"


def test_no_file_names_a_folder_of_one_machine_or_a_package_host() -> None:
    assert list(forbidden(committed())) == []


def test_no_file_is_large() -> None:
    sizes = {str(path.relative_to(ROOT)): path.stat().st_size for path in committed()}
    assert [name for name, size in sizes.items() if size > SHIPPED_BYTES.get(name, LARGEST_BYTES)] == []


@pytest.mark.parametrize("parts", [("/wor", "k/x"), ("../", "shared/x"), ("https://files.python", "hosted.org/x")])
def test_a_forbidden_name_is_found(tmp_path: Path, parts: tuple[str, str]) -> None:
    page = tmp_path / "page.md"
    page.write_text("a line\nsee " + "".join(parts), encoding="utf-8")
    assert [line.split()[0] for line in forbidden([page])] == ["page.md:2"]
