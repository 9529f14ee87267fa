"""Consent in files: columns beside traits, and files of nothing else (rule 43)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import intarsia
from intarsia import source
from intarsia.errors import UserError
from intarsia.source import Options, Shape
from intarsia.source.consents import read_state
from tests.record.shop import rows

Write = Callable[..., Path]
GIVEN, CONFIRMED, WITHDRAWN = "Consent Given", "Consent Confirmed", "Consent Withdrawn"


def said(path: Path, shape: Shape = "profiles", mapping: Mapping[str, str] | None = None) -> list[tuple[Any, ...]]:
    """Who, event, time and properties of every message about consent."""
    plan = source.plan(path, shape=shape, mapping=mapping, options=Options())
    found = [message for batch in source.messages(plan) for message in batch.messages if message["type"] == "track"]
    return [(one["userId"], one["event"], one.get("timestamp"), one["properties"]) for one in found]


def pair(channel: str = "email", purpose: str = "marketing", **more: Any) -> dict[str, Any]:
    return {"channel": channel, "purpose": purpose, **more}


def test_a_column_of_profiles_is_an_event_and_no_trait(write: Write) -> None:
    path = write("id,city,consent_email_marketing\n1,Oslo,yes\n2,Rome,no\n3,Bonn,\n4,Bern,pending\n5,Linz,-\n")
    plan = source.plan(path, shape="profiles")
    assert plan.to_json()["fields"] == {
        "profile_id": "id",
        "city": "city",
        "consent.email.marketing": "consent_email_marketing",
    }
    assert said(path) == [
        ("1", GIVEN, None, pair()),
        ("2", WITHDRAWN, None, pair()),
        ("4", GIVEN, None, pair(double_opt_in=True)),
    ]
    [batch] = source.messages(plan)
    assert [message.get("traits") for message in batch.messages if message["type"] == "identify"] == [
        {"city": city} for city in ("Oslo", "Rome", "Bonn", "Bern", "Linz")
    ]
    assert batch.lines == [(2,), (), (3,), (), (4,), (5,), (), (6,)]


def test_further_columns_say_when_until_when_and_what_proves_it(write: Write) -> None:
    path = write(
        "id,as_of,Consent E-mail News,consent_e_mail_news_at,consent_e_mail_news_expires,consent_e_mail_news_wording,"
        "consent_e_mail_news_evidence,consent_sms_service\n"
        "1,2024-05-01,1,2024-03-05T10:00,2026-03-05,v2,form 7,0\n"
        "2,2024-05-01,0,,,,,given\n"
    )
    assert said(path) == [
        ("1", GIVEN, "2024-03-05T10:00:00.000Z",
         pair("email", "news", expires_at="2026-03-05", wording_version="v2", evidence="form 7")),
        ("1", WITHDRAWN, "2024-05-01T00:00:00.000Z", pair("sms", "service")),
        ("2", WITHDRAWN, "2024-05-01T00:00:00.000Z", pair("email", "news")),
        ("2", GIVEN, "2024-05-01T00:00:00.000Z", pair("sms", "service")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("yes Y true 1 ano tak да بله given granted Subscribed Udělen", GIVEN),
        ("no N false 0 ne nie нет خیر withdrawn revoked unsubscribed Отозвано", WITHDRAWN),
        ("confirmed potvrzeno", CONFIRMED),
        ("pending", "pending"),
        ("maybe 2 email", None),
    ],
)
def test_yes_and_no_are_understood_in_five_languages(words: str, state: str | None) -> None:
    assert {read_state(word) for word in words.split()} == {state}
    assert read_state(True) == GIVEN
    assert read_state(0) == WITHDRAWN


def test_a_word_that_says_neither_rejects_its_line(write: Write, tmp_path: Path) -> None:
    path = write("id,consent_email_marketing,consent_email_marketing_at\n1,yes,2024-05-01\n2,perhaps,\n3,no,soon\n")
    with intarsia.create(tmp_path / "shop") as ws:
        balance = ws.sources.load(path, "profiles")
        assert dict(balance.reasons) == {"bad-consent": 1, "bad-date": 1}
        assert (balance.imported, balance.rejected, balance.messages) == (1, 2, 2)
        rejects = (tmp_path / "file.csv.rejected.csv").read_text(encoding="utf-8")
    assert (
        "`perhaps` in `consent_email_marketing` says neither that consent is given nor that it is withdrawn" in rejects
    )


def test_a_column_whose_values_say_something_else_stays_a_trait(write: Write) -> None:
    path = write("id,consent_form_version,consent_marketing\n1,v3,yes\n2,v4,no\n")
    assert said(path) == []
    [batch] = source.messages(source.plan(path, shape="profiles"))
    assert batch.messages[0]["traits"] == {"consent_form_version": "v3", "consent_marketing": True}


def test_a_column_can_be_named_a_consent_or_kept_from_being_one(write: Write) -> None:
    path = write("id,news,since,consent_sms_ads,consent_sms_ads_at\n1,ano,2024-05-01,no,2024-01-01\n")
    mapping = {"consent.email.News": "news", "consent.email.News.at": "since", "consent.sms.ads": ""}
    assert said(path, mapping=mapping) == [("1", GIVEN, "2024-05-01T00:00:00.000Z", pair("email", "News"))]
    plan = source.plan(path, shape="profiles", mapping=mapping)
    assert plan.other_columns() == ("consent_sms_ads", "consent_sms_ads_at")
    for wrong in ("consent.email", "consent.email.news.until", "consent.a.b.c.d"):
        with pytest.raises(UserError) as caught:
            source.plan(path, shape="profiles", mapping={wrong: "news"})
        assert caught.value.code == "source.no-such-field"
    with pytest.raises(UserError) as caught:
        source.plan(path, shape="profiles", mapping={"consent.email.news.at": "since"})
    assert caught.value.code == "source.no-column-for"


# --- a file of consents


CONSENTS = (
    "customer_id,channel,purpose,status,date,expires,wording_version,source\n"
    "1,email,marketing,given,2024-01-02T10:00,2026-01-02,v2,form\n"
    "1,email,marketing,withdrawn,2024-03-02T10:00,,,link\n"
    "2,sms,service,pending,,,,\n"
)


def test_a_row_of_a_file_of_consents_is_an_event(write: Write) -> None:
    path = write(CONSENTS)
    assert source.look(path).shape == "consents"
    assert said(path, "consents") == [
        ("1", GIVEN, "2024-01-02T10:00:00.000Z",
         {**pair(expires_at="2026-01-02"), "wording_version": "v2", "source": "form"}),
        ("1", WITHDRAWN, "2024-03-02T10:00:00.000Z", {**pair(), "source": "link"}),
        ("2", GIVEN, None, pair("sms", "service", double_opt_in=True)),
    ]  # fmt: skip


def test_a_row_that_lacks_what_it_needs_is_rejected(write: Write) -> None:
    path = write("email,channel,purpose,state\na@b.cz,email,,yes\nb@b.cz,,ads,no\n,email,ads,yes\nc@b.cz,email,ads,\n")
    plan = source.plan(path, shape="consents")
    [batch] = source.messages(plan)
    assert [(rejected.line, rejected.reason.code) for rejected in batch.rejected] == [
        (2, "no-consent"),
        (3, "no-consent"),
        (4, "no-profile-id"),
        (5, "no-consent"),
    ]
    with pytest.raises(UserError) as caught:
        source.plan(write("id,channel,state\n1,email,yes\n", "other.csv"), shape="consents")
    assert caught.value.code == "source.no-column-for"


@pytest.mark.parametrize(
    ("shape", "content", "rule"),
    [
        ("consents", CONSENTS, "consent sms for service is unknown"),
        ("profiles", "id,consent_sms_ads\n1,yes\n2,no\n", "consent SMS for ads is withdrawn"),
    ],
)
def test_loading_again_changes_nothing(write: Write, tmp_path: Path, shape: Shape, content: str, rule: str) -> None:
    path = write(content)
    with intarsia.create(tmp_path / "shop") as ws:
        first = ws.sources.load(path, shape)
        before = rows(ws, "select event_id, name, props from lake.events order by event_id")
        again = ws.sources.load(path, shape)
        assert rows(ws, "select event_id, name, props from lake.events order by event_id") == before
        assert (first.duplicate, again.duplicate) == (0, first.imported)
        assert (again.imported, again.updated, again.messages) == (0, 0, 0)
        assert "2" in ws.segments.members(rule)
        assert ws.segments.count(rule).size == (2 if shape == "consents" else 1)
