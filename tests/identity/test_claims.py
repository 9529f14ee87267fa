"""What messages claim is kept once, beside them; also when the writer dies in between, and of older lakes."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import intarsia
from intarsia.identity.claims import Claims
from intarsia.identity.kinds import Kinds
from intarsia.lake.faults import DiskFailed
from intarsia.lake.lake import Lake
from intarsia.lake.session import Session
from intarsia.record.record import Record
from intarsia.store.store import Store
from intarsia.workspace import Workspace
from tests.record.shop import identify, rows, shop, track

Message = dict[str, Any]
ADA = {"email": "Ada@Example.com", "phone": "+420 777 123 456", "card_number": "ab-1234"}


def claims(workspace: Workspace) -> list[tuple[str, str, str]]:
    """Everything that is claimed: who, kind, value."""
    sql = "select profile_id, kind, value from lake.identities join lake.profiles using (profile_no) order by all"
    return [(row["profile_id"], row["kind"], row["value"]) for row in rows(workspace, sql)]


def alias(message_id: str, who: str, before: str) -> Message:
    return {"type": "alias", "messageId": message_id, "userId": who, "previousId": before}


def test_traits_of_identify_are_claimed_in_their_normal_form(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    ws.record([identify("m1", "ada", {**ADA, "name": "Ada", "tel": "+420 777 123 457"})])
    assert claims(ws) == [
        ("ada", "card", "AB1234"),
        ("ada", "email", "ada@example.com"),
        ("ada", "phone", "+420777123456"),
    ]


def test_an_anonymous_id_beside_a_user_id_and_the_previous_id_of_an_alias_are_claimed(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    ws.record(
        [
            track("m1", "ada", "Product Viewed", {}, anonymousId="d-1"),
            {"type": "page", "messageId": "m2", "anonymousId": "d-2"},
            alias("m3", "ada", "d-2"),
            track("m4", "ada", "Product Viewed", {}, anonymousId="ada"),
            alias("m5", "ada", "ada"),
            identify("m6", "ada", {}, anonymousId=17, context={"anonymousId": "deep"}),
        ]
    )
    assert claims(ws) == [("ada", "alias", "d-2"), ("ada", "anonymousId", "17"), ("ada", "anonymousId", "d-1")]


def test_what_only_events_say_of_people_is_no_claim(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    ws.record(
        [
            track("m1", "ada", "Newsletter Opened", {"email": "ada@example.com"}),
            {"type": "group", "messageId": "m2", "userId": "ada", "traits": {"email": "team@example.com"}},
        ]
    )
    assert claims(ws) == []


def test_a_claim_is_kept_once_since_it_was_recorded_first(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    for number, at in enumerate(("2026-03-01", "2026-04-01", "2026-02-01", "2026-02-15")):
        ws.record([identify(f"m{number}", "ada", {"email": "ADA@example.com"})], recorded_at=at)
    found = rows(ws, "select claim_no, recorded_at, event_no from lake.identities order by claim_no")
    assert [(row["claim_no"], row["recorded_at"].strftime("%m-%d"), row["event_no"]) for row in found] == [
        (1, "02-28", 1),
        (2, "01-31", 3),
    ]


def test_two_messages_of_one_call_that_claim_the_same_are_one_claim(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    ws.record([identify(f"m{number}", "ada", {"email": "ada@example.com"}) for number in range(3)])
    assert len(claims(ws)) == 1


def test_the_order_of_arrival_makes_no_difference(tmp_path: Path) -> None:
    messages = [
        identify("m1", "ada", ADA),
        identify("m2", "ben", {"email": "ben@example.com"}, anonymousId="d-1"),
        {"type": "page", "messageId": "m3", "anonymousId": "d-1"},
        alias("m4", "ada", "d-9"),
        identify("m5", "cyd", {"email": "ada@example.com"}),
    ]
    states = []
    for number in range(4):
        (tmp_path / str(number)).mkdir()
        with shop(tmp_path / str(number)) as ws:
            for message in random.Random(number).sample(messages, len(messages)):
                ws.record([message], "2026-06-01T12:00:00Z")
            states.append((claims(ws), {(join.one, join.other) for join in joined(ws)}))
    assert all(state[0] == states[0][0] for state in states)
    assert all({frozenset(pair) for pair in state[1]} == {frozenset(pair) for pair in states[0][1]} for state in states)


def joined(workspace: Workspace) -> tuple[Any, ...]:
    """Which profiles are one."""
    with workspace.session() as session:
        return workspace.identity.joins(session)


# --- writers that die


def test_whatever_step_fails_a_repetition_completes_the_claims(tmp_path: Path) -> None:
    """The disk refuses everything after so many fsyncs; the same messages come again afterwards."""
    messages = [identify("m1", "ada", ADA), identify("m2", "ben", {}, anonymousId="d-1")]
    expected, healed = None, 0
    for fails_after in range(60):
        (tmp_path / str(fails_after)).mkdir()
        ws = shop(tmp_path / str(fails_after))
        has_failed = recorded_until(ws.path, messages, fails_after)
        before = claims(ws)
        statuses = ws.record(messages).statuses
        healed += statuses == ["duplicate", "duplicate"] and not before
        expected = expected or claims(ws)
        assert claims(ws) == expected, fails_after
        assert len(claims(ws)) == 4
        ws.close()
        if not has_failed:
            break
    assert healed, "events were there without their claims"


def recorded_until(folder: Path, messages: list[Message], fails_after: int) -> bool:
    """Record on a disk that refuses after so many fsyncs; whether it did."""
    left = [fails_after]

    def sync(descriptor: int) -> None:
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        left[0] -= 1
        os.fsync(descriptor)

    lake = Lake(folder / "lake", sync=sync)
    with closing(Store(folder / "store.sqlite")) as store:
        kept = Claims(lake, Kinds(store, ""), open_session=lambda: Session(lake))
        record = Record(
            lake, store, zone=ZoneInfo("UTC"), currency="CZK", open_session=lambda: Session(lake), claims=kept
        )
        try:
            record.record(messages, recorded_at=0, load_id="x")
        except DiskFailed:
            return True
    return False


def test_what_was_recorded_without_claims_is_caught_up_with_at_the_next_message(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    lake, store = ws.lake, ws.store
    without = Record(lake, store, zone=ZoneInfo("UTC"), currency="CZK", open_session=ws.session)
    without.record([identify("m1", "ada", ADA), alias("m2", "ada", "d-1")], recorded_at=5000, load_id="x")
    assert claims(ws) == []
    ws.record([track("m3", "ben", "Product Viewed", {})])
    assert [kind for _, kind, _ in claims(ws)] == ["alias", "card", "email", "phone"]
    [found] = rows(ws, "select distinct epoch_ms(recorded_at) as at from lake.identities")
    assert found["at"] == 5000


def test_a_workspace_of_an_earlier_version_has_its_people_joined_when_it_is_opened(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    ws.record([identify("m1", "ada", ADA), identify("m2", "ben", {"email": "ada@example.com"})])
    ws.close()
    shutil.rmtree(ws.path / "lake" / "identities")
    with intarsia.open(ws.path) as again:
        assert len(claims(again)) == 4
        assert again.segments.members("everyone") == ["ada"]


# --- kinds that a workspace declares


def test_a_declared_kind_is_claimed_by_what_is_recorded_and_by_what_comes(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    ws.record([identify("m1", "ada", {"club": {"number": "No. 00 4711"}})], "2026-06-01")
    kind = ws.identity.declare("club", "club.number", "digits")
    ws.record([identify("m2", "ben", {"club": {"number": 4712}})])
    assert claims(ws) == [("ada", "club", "004711"), ("ben", "club", "4712")]
    assert ws.identity.declare("club", "club.number", "digits") == kind
    assert len(claims(ws)) == 2
    assert [known.name for known in ws.identity.kinds()] == ["email", "phone", "card", "club"]
    [early, _] = rows(ws, "select recorded_at from lake.identities order by claim_no")
    assert early["recorded_at"].isoformat() == "2026-05-31T22:00:00+00:00"


@pytest.mark.parametrize("name", ["email", "alias", "anonymousId", "userId", "merge", "all"])
def test_a_kind_cannot_take_the_name_of_another(tmp_path: Path, name: str) -> None:
    ws = shop(tmp_path)
    with pytest.raises(intarsia.errors.UserError) as error:
        ws.identity.declare(name, "membership", "digits")
    assert error.value.code == "identity.kind-taken"


@pytest.mark.parametrize(
    ("name", "trait"), [("", "a"), ("two words", "a"), ("a" * 41, "a"), ("club", ""), ("club", "a.")]
)
def test_a_kind_needs_a_plain_name_and_a_trait(tmp_path: Path, name: str, trait: str) -> None:
    ws = shop(tmp_path)
    with pytest.raises(intarsia.errors.UserError) as error:
        ws.identity.declare(name, trait, "digits")
    assert error.value.code == "identity.bad-kind"


def test_numbers_that_were_none_without_a_country_are_taken_again_once_it_is_set(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    ws.record([identify("m1", "ada", {"phone": "777 123 456"})])
    assert claims(ws) == []
    ws.close()
    settings = ws.path / "workspace.toml"
    settings.write_text(settings.read_text().replace('country = ""', 'country = "CZ"'))
    with intarsia.open(ws.path) as again:
        again.identity.reread()
        assert claims(again) == [("ada", "phone", "+420777123456")]
        again.identity.reread()
        assert len(claims(again)) == 1


# --- anonymous messages


def test_a_message_without_a_user_id_is_anonymous(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    ws.record(
        [
            identify("m1", "ada", {}, anonymousId="d-1"),
            {"type": "page", "messageId": "m2", "anonymousId": "d-1"},
            {"type": "page", "messageId": "m3", "anonymousId": "ada", "userId": ""},
            {"type": "page", "messageId": "m4", "anonymousId": "ada", "userId": "ada"},
        ]
    )
    found = rows(ws, "select event_id, is_anonymous from lake.events order by event_id")
    assert [row["is_anonymous"] for row in found] == [False, True, True, False]


def test_one_id_in_both_places_is_another_message_than_an_anonymous_one(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    both = {"type": "page", "messageId": "m1", "anonymousId": "ada", "userId": "ada"}
    ws.record([both])
    assert ws.record([both]).statuses == ["duplicate"]
    del both["userId"]
    assert ws.record([both]).statuses == ["conflicting"]


def test_of_an_older_record_it_is_read_off_the_rest_of_the_message(tmp_path: Path) -> None:
    """Before `is_anonymous` was kept: an anonymous message has its profile's id as `anonymousId`."""
    ws = shop(tmp_path)
    ws.record(
        [
            identify("m1", "ada", {"n": 1}, anonymousId="d-1"),
            {"type": "page", "messageId": "m2", "anonymousId": "d-2"},
            {"type": "page", "messageId": "m3", "anonymousId": "d-3"},
            identify("m4", "d-3", {"n": 2}),
        ]
    )
    expected = [["ada", "d-3"], ["d-2"]]
    texts = ("profile is identified", "not profile is identified")
    assert [ws.segments.members(text) for text in texts] == expected
    with ws.session() as session:
        known = session.execute("select * replace (cast(null as boolean) as is_anonymous) from lake.events")
    from intarsia.segment.asking import Asking
    from intarsia.segment.register import Register

    with ws.session() as session:
        session.execute("alter view lake.events rename to newer_events")
        session.register("older_events", known)
        session.execute("create view lake.events as from older_events")
        asking = Asking(session, ws.catalog(), at=ws.now(), known_at=ws.now(), register=Register(ws.store))
        assert [asking.members(text)["profile_id"].to_pylist() for text in texts] == expected
        assert [asking.why(texts[0], who).holds for who in ("ada", "d-2", "d-3")] == [True, False, True]


def test_the_log_of_the_table_names_no_identifier(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    ws.record([identify("m1", "ada", {"email": "canary@example.com"})])
    log = [path.read_text() for path in (ws.path / "lake" / "identities" / "_delta_log").glob("*.json")]
    assert log
    assert not any("canary" in text for text in log)
    assert all(json.loads(line) for text in log for line in text.splitlines())
