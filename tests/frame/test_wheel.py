"""What is installed elsewhere is the whole package, with its data, and nothing of the tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from tests.frame.reading import PACKAGE, ROOT, SOURCE


def test_the_wheel_holds_every_file_of_the_package_and_no_other(tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(asked, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = {path.relative_to(SOURCE) for path in (SOURCE / PACKAGE).rglob("*") if path.is_file()}
    made = {path for path in files if path.suffix == ".pot" or "__pycache__" in path.parts}
    assert packed == {str(path) for path in files - made}
