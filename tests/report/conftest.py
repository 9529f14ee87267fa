from __future__ import annotations

from collections.abc import Iterator

import pytest

from intarsia import Workspace
from intarsia.report.reports import Report
from tests.report.shop import Shop, opened


@pytest.fixture(scope="session")
def shop() -> Shop:
    return Shop(seed=20260301)


@pytest.fixture(scope="session")
def workspace(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with opened(tmp_path_factory.mktemp("report") / "atelier", shop.messages) as made:
        yield made


@pytest.fixture(scope="session")
def report(workspace: Workspace) -> Report:
    return workspace.reports.segments()
