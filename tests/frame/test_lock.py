"""The lock holds what pyproject.toml asks for, with hashes, and names no index."""

from __future__ import annotations

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.frame.reading import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def asked_for() -> list[Requirement]:
    """Every requirement of pyproject.toml: the core, the extras, the build."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = declared["project"]["optional-dependencies"].values()
    texts = [*declared["project"]["dependencies"], *(text for extra in extras for text in extra)]
    return [Requirement(text) for text in texts + declared["build-system"]["requires"]]


def locked() -> dict[str, list[Version]]:
    """The versions of each package; more than one where they differ by Python or platform."""
    found: dict[str, list[Version]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ \\;]+)", LOCK, re.M):
        found.setdefault(canonicalize_name(name), []).append(Version(version))
    return found


def test_every_requirement_is_locked_to_a_version_that_fits() -> None:
    versions = locked()
    assert [str(asked) for asked in asked_for() if canonicalize_name(asked.name) not in versions] == []
    for asked in asked_for():
        assert any(version in asked.specifier for version in versions[canonicalize_name(asked.name)]), asked


def test_every_package_has_a_hash() -> None:
    entries = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.M)[1:]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_names_no_index() -> None:
    assert re.findall(r"https?:|file:|index-url|find-links", LOCK) == []
