"""The locks hold what pyproject.toml asks for, with hashes, and name no index."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.frame.reading import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
BENCH = "bench"
BENCH_LOCK = (ROOT / BENCH / "requirements.lock").read_text(encoding="utf-8")


def asked_for(*, by_bench: bool = False) -> list[Requirement]:
    """The requirements of pyproject.toml: the core, the build, the extras but the bench's; or the core and that one."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = declared["project"]["optional-dependencies"]
    wanted = [extra for name, extra in extras.items() if (name == BENCH) == by_bench]
    texts = [*declared["project"]["dependencies"], *(text for extra in wanted for text in extra)]
    return [Requirement(text) for text in texts + ([] if by_bench else declared["build-system"]["requires"])]


def locked(lock: str) -> dict[str, list[Version]]:
    """The versions of each package; more than one where they differ by Python or platform."""
    found: dict[str, list[Version]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ \\;]+)", lock, re.M):
        found.setdefault(canonicalize_name(name), []).append(Version(version))
    return found


@pytest.mark.parametrize(("lock", "asked"), [(LOCK, asked_for()), (BENCH_LOCK, asked_for(by_bench=True))])
def test_every_requirement_is_locked_to_a_version_that_fits(lock: str, asked: list[Requirement]) -> None:
    versions = locked(lock)
    assert [str(one) for one in asked if canonicalize_name(one.name) not in versions] == []
    for one in asked:
        assert any(version in one.specifier for version in versions[canonicalize_name(one.name)]), one


def test_both_locks_hold_the_same_versions() -> None:
    ours, of_bench = locked(LOCK), locked(BENCH_LOCK)
    assert {name: of_bench[name] for name in ours.keys() & of_bench} == {
        name: ours[name] for name in ours.keys() & of_bench
    }


@pytest.mark.parametrize("lock", [LOCK, BENCH_LOCK])
def test_every_package_has_a_hash(lock: str) -> None:
    entries = re.split(r"^(?=[a-z0-9])", lock, flags=re.M)[1:]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", [LOCK, BENCH_LOCK])
def test_the_lock_names_no_index(lock: str) -> None:
    assert re.findall(r"https?:|file:|index-url|find-links", lock) == []
