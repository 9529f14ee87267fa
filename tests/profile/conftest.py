from __future__ import annotations

from collections.abc import Callable

import pytest

from intarsia.language import check, parse
from intarsia.language.interpret import Crowd, Question
from intarsia.profile.derived import derive
from intarsia.record.history import people
from intarsia.workspace import Workspace


@pytest.fixture
def agreeing() -> Callable[[Workspace, str], set[str]]:
    """Who is in by SQL, which must be who is in by the interpreter."""

    def asked(ws: Workspace, text: str) -> set[str]:
        with ws.ask() as asking:
            rows = asking.session.execute("select profile_no from lake.profiles")
            everybody = people(asking.session, rows["profile_no"].to_pylist(), ws.settings.currency)
            crowd = Crowd(asking.catalog, everybody, Question(asking.as_of.at, asking.as_of.known_at), derive=derive)
            expected = crowd.members(check(parse(text), asking.catalog, text).tree)
            assert asking.base == len(crowd.base)
        found = set(ws.segments.members(text))
        assert found == set(expected)
        return found

    return asked
