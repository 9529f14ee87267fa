"""The page of results: sections, each written by the run that measured it; a run leaves the others as they are."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from processes import HERE, MEGABYTE

RESULTS = HERE / "results.md"
HEAD = "# Benchmark\n\n<!-- Written by `make bench`; do not edit. -->\n\n"


def write(sections: Mapping[str, list[str]]) -> None:
    """Put sections, by their titles, in the place of those of the same titles; new ones come last."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else HEAD
    RESULTS.write_text(replaced(text, sections), encoding="utf-8")


def replaced(text: str, sections: Mapping[str, list[str]]) -> str:
    """The page with some sections new."""
    _, *others = re.split(r"^## ", text, flags=re.M)
    found = {section.split("\n", 1)[0]: section.split("\n", 1)[1] for section in others}
    found |= {title: "\n" + "\n".join(lines).strip("\n") + "\n\n" for title, lines in sections.items()}
    return (HEAD + "".join(f"## {title}\n{body}" for title, body in found.items())).rstrip("\n") + "\n"


def measured(command: str, packages: Iterable[str]) -> list[str]:
    """When, how, on what and with what it was measured."""
    used = ", ".join(f"{name} {version(name)}" for name in packages if is_there(name))
    return [
        f"Measured {datetime.now(UTC):%Y-%m-%d} with `{command}` on {machine()}.",
        f"Python {platform.python_version()}, {used}.",
        f"{os.getloadavg()[0]:.1f} processes wanted a core at the end; where many do, CPU tells more than the clock.",
        "",
    ]


def is_there(package: str) -> bool:
    """Whether a package is installed."""
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


def machine() -> str:
    """Processor, number of cores, memory, system."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        named = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = named[0] if named else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / MEGABYTE / 1024
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}"
