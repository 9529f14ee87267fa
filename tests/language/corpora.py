"""The texts that are read for ever, by the version of the language in which they were written."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"


def corpus(version: int) -> list[tuple[str, str]]:
    """Every text of a version, and what it is printed as."""
    with (FOLDER / f"{version}.txt").open(encoding="utf-8", newline="") as file:
        _, *entries = file.read().split("----\n")
    pairs = (entry.partition("\n=>\n") for entry in entries if entry)
    return [(text, printed.removesuffix("\n")) for text, _, printed in pairs]


def versions() -> list[int]:
    """The versions that have a corpus."""
    return sorted(int(path.stem) for path in FOLDER.glob("*.txt"))
