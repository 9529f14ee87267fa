"""Identities as a workspace answers them: shown, shared, counted, reported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import intarsia
from intarsia.errors import UserError
from intarsia.workspace import Workspace
from tests.membership.simulated import Simulation, simulation


@pytest.fixture
def sim(tmp_path: Path) -> Iterator[Simulation]:
    """Ada and Ben share a telephone, Cyd and Dan the office's mailbox; somebody only looked."""
    with simulation(tmp_path / "w", "2024-01-01", country="CZ") as made:
        made.record(
            made.said("ada", "2024-01-01", phone="777 123 456", name="Ada Nova"),
            made.bought("ada", "2024-01-01", total=100),
        )
        made.now("2024-02-01")
        made.record(
            made.said("ben", "2024-02-01", phone="+420777123456", email="ben@a.cz"),
            made.bought("ben", "2024-02-01", total=250),
            made.said("cyd", "2024-02-01", email="office@a.cz"),
            made.said("dan", "2024-02-01", email="OFFICE@a.cz"),
        )
        made.record({"type": "page", "messageId": "p", "anonymousId": "d-1", "timestamp": "2024-02-01"})
        made.now("2024-03-01")
        yield made


def ws(sim: Simulation) -> Workspace:
    return sim.workspace


def test_a_person_is_shown_with_everything_that_makes_them_one(sim: Simulation) -> None:
    found: Any = ws(sim).identity.show("ben").to_json()
    assert found["profile_id"] == "ada"
    assert [profile["profile_id"] for profile in found["profiles"]] == ["ada", "ben"]
    assert [(row["profile_id"], row["kind"], row["value"]) for row in found["identifiers"]] == [
        ("ada", "phone", "+420777123456"),
        ("ben", "email", "ben@a.cz"),
        ("ben", "phone", "+420777123456"),
    ]
    [evidence] = found["joined_by"]
    assert (evidence["kind"], evidence["profiles"]) == ("phone", ["ada", "ben"])
    assert evidence["recorded_at"] == "2024-01-31T23:00:00.000Z"
    assert found["joins_nobody"] == found["decisions"] == []


def test_before_it_was_known_they_are_shown_as_two(sim: Simulation) -> None:
    found = ws(sim).identity.show("ada", "2024-01-31")
    assert [name for name, _ in found.profiles] == ["ada"]
    assert found.evidence == ()
    assert len(found.identifiers) == 1


def test_decisions_are_shown_with_their_reasons(sim: Simulation) -> None:
    identity = ws(sim).identity
    identity.merge("dan", "ada", "said so at the counter")
    sim.now("2024-03-02")
    identity.unmerge("ada", "it was another Ada")
    shown = identity.show("ada")
    assert [(decision.what, decision.profile_ids, decision.reason) for decision in shown.decisions] == [
        ("merge", ("ada", "dan"), "said so at the counter"),
        ("unmerge", ("ada",), "it was another Ada"),
    ]
    assert [name for name, _ in identity.show("ben").profiles] == ["ben"]
    assert [(shared.kind, shared.refusal) for shared in identity.show("dan").refused] == [("email", "role")]


def test_what_is_shared_and_joins_nobody_is_listed_with_the_reason(sim: Simulation) -> None:
    [found] = ws(sim).identity.shared()
    assert found.to_json() == {
        "kind": "email",
        "value": "office@a.cz",
        "profiles": 2,
        "why": "role",
        "reason": "it is of a role, not of a person",
    }
    assert ws(sim).identity.shared("2024-01-15") == []


def test_of_many_who_share_all_are_counted(sim: Simulation) -> None:
    for number in range(7):
        sim.say(f"p{number}", email="reception.desk@a.cz")
    assert [(shared.count, shared.refusal) for shared in ws(sim).identity.shared()] == [(7, "many"), (2, "role")]


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda identity: identity.show("nobody"), "profile.unknown"),
        (lambda identity: identity.merge("ada", "nobody", "x"), "profile.unknown"),
        (lambda identity: identity.merge("ada", "ben", "x"), "identity.already-one"),
        (lambda identity: identity.merge("ada", "ada", "x"), "identity.already-one"),
        (lambda identity: identity.unmerge("cyd", "x"), "identity.not-merged"),
        (lambda identity: identity.merge("ada", "cyd", " "), "identity.no-reason"),
        (lambda identity: identity.unmerge("ada", ""), "identity.no-reason"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused_and_changes_nothing(sim: Simulation, act: Any, code: str) -> None:
    before = ws(sim).lake.snapshot("identities").version
    with pytest.raises(UserError) as error:
        act(ws(sim).identity)
    assert error.value.code == code
    assert ws(sim).lake.snapshot("identities").version == before


def test_a_count_says_how_many_are_anonymous(sim: Simulation) -> None:
    count: Any = ws(sim).segments.count("everyone").to_json()
    assert (count["size"], count["anonymous"], count["base"], count["base_anonymous"]) == (4, 1, 4, 1)
    count = ws(sim).segments.count("did order").to_json()
    assert (count["size"], count["anonymous"], count["base"], count["base_anonymous"]) == (1, 0, 4, 1)
    assert ws(sim).segments.members("profile is not identified") == ["d-1"]


def test_why_is_answered_of_the_person_whichever_id_is_named(sim: Simulation) -> None:
    for known_at, who, total in ((None, "ben", "350"), (None, "ada", "350"), ("2024-01-31", "ada", "100")):
        with ws(sim).ask(known_at=known_at) as asking:
            _, person = asking.person(who)
            found = asking.why("sum(order.total) > 300", who)
        assert (person.id, found.holds) == ("ada", total == "350")
        assert found.facts["value"] == total


def test_the_views_and_rfm_see_merged_people_and_the_sum_of_sales_stays(sim: Simulation) -> None:
    sql = "SELECT profile_id, sum(total_minor) AS minor FROM purchases GROUP BY ALL ORDER BY ALL"
    apart = ws(sim).query(sql, known_at="2024-02-15T00:00:00")
    assert apart.to_pylist() == [{"profile_id": "ada", "minor": 35000}]
    ws(sim).identity.unmerge("ben", "another")
    sim.now("2024-03-02")
    found = ws(sim).query(sql).to_pylist()
    assert found == [{"profile_id": "ada", "minor": 10000}, {"profile_id": "ben", "minor": 25000}]
    assert ws(sim).query("SELECT count(*) AS n FROM profiles").to_pylist() == [{"n": 5}]
    assert ws(sim).query("SELECT count(*) AS n FROM profiles", known_at="2024-02-29").to_pylist() == [{"n": 4}]
    ids = ws(sim).query("SELECT DISTINCT profile_id FROM events ORDER BY ALL", known_at="2024-02-29").to_pylist()
    assert [row["profile_id"] for row in ids] == ["ada", "cyd", "d-1", "dan"]


def test_scores_are_of_the_person_and_make_nobody_identified(sim: Simulation) -> None:
    sim.record(
        {
            "type": "track",
            "event": "Order Completed",
            "messageId": "x",
            "anonymousId": "d-1",
            "timestamp": "2024-02-10",
            "properties": {"order_id": "X", "total": 5},
        }
    )
    ws(sim).rfm.learn("2024-03-01")
    scored = ws(sim).rfm.score("2024-03-01")
    assert scored.table.select(["profile_id", "frequency", "monetary_minor"]).to_pylist() == [
        {"profile_id": "ada", "frequency": 2, "monetary_minor": 35000},
        {"profile_id": "d-1", "frequency": 1, "monetary_minor": 500},
    ]
    ws(sim).rfm.write("2024-03-01")
    assert ws(sim).segments.members("rfm.f is known", "2024-03-01") == ["ada", "d-1"]
    assert ws(sim).segments.members("profile is not identified", "2024-03-01") == ["d-1"]


def test_questions_are_answered_alike_after_the_workspace_is_opened_again(sim: Simulation) -> None:
    ws(sim).identity.merge("cyd", "dan", "x")
    with intarsia.open(ws(sim).path) as again:
        assert again.segments.members("everyone", known_at="2024-03-01") == ["ada", "cyd", "d-1"]
        assert again.segments.members("profile = 'dan'", known_at="2024-03-01") == ["cyd"]


def test_an_erasure_is_of_the_whole_person(sim: Simulation) -> None:
    with ws(sim).session() as session:
        assert ws(sim).identity.people_of(session, ["ben", "cyd", "nobody"]) == [("ada", "ben"), ("cyd",), ("nobody",)]


def test_erasing_somebody_by_one_id_erases_all_their_profiles(sim: Simulation) -> None:
    ws(sim).profiles.erase(["ben"], reason="asked for it")
    assert ws(sim).segments.members("everyone") == ["cyd", "d-1", "dan"]
    with ws(sim).session() as session:
        left = session.execute("select value from lake.identities order by value")["value"].to_pylist()
    assert left == ["office@a.cz", "office@a.cz"]
    sim.say("eve", "2024-03-01", phone="+420 777 123 456")
    assert len(ws(sim).identity.show("eve").profiles) == 1


def test_an_export_is_of_the_whole_person_with_what_makes_them_one(sim: Simulation) -> None:
    found: Any = ws(sim).export("ben").to_json()
    assert sorted(row["profile_id"] for row in found["profiles"]) == ["ada", "ben"]
    assert {row["value"] for row in found["identifiers"]} == {"+420777123456", "ben@a.cz"}
