"""What single commands do: init, source, word, segment, query."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import AT, run

PEOPLE = "id,city,birth_date\neva,Brno,1999-03-01\nfil,Olomouc,\n"


# --- init


@pytest.mark.usefixtures("nowhere")
def test_init_says_where_the_workspace_is_and_what_comes_next() -> None:
    said = run("init", "shop", "--timezone", "Europe/Prague", "--currency", "CZK")
    assert (said.status, said.answer) == (0, "shop\n")
    assert "intarsia -w shop source look FILE" in said.speech
    assert run("-w", "shop", "segment", "count", "everyone").answer == "0\n"


def test_init_keeps_its_options_as_settings(nowhere: Path) -> None:
    words = ["--timezone", "Asia/Tehran", "--currency", "IRR", "--report-language", "fa", "--first-weekday", "saturday"]
    words += ["--calendar", "jalali"]
    assert run("init", "shop", *words, "--json").json() == {
        "workspace": "shop",
        "timezone": "Asia/Tehran",
        "currency": "IRR",
        "language": "fa",
        "first_weekday": "saturday",
        "calendar": "jalali",
    }
    text = (nowhere / "shop" / "workspace.toml").read_text(encoding="utf-8")
    assert 'timezone = "Asia/Tehran"' in text
    assert 'first_weekday = "saturday"' in text
    assert 'calendar = "jalali"' in text


def test_init_leaves_a_folder_with_something_in_it_alone(nowhere: Path) -> None:
    (nowhere / "letter.txt").write_text("Dear Ada")
    assert run("init", ".").speech.startswith("error[workspace.folder-not-empty]: ")
    assert [path.name for path in nowhere.iterdir()] == ["letter.txt"]


# --- source


def test_look_shows_columns_and_records_nothing(shop: Path) -> None:
    (shop.parent / "people.csv").write_text(PEOPLE)
    said = run("source", "look", "people.csv")
    assert said.answer.splitlines()[0].split() == ["column", "kind", "role", "filled", "distinct", "examples"]
    assert [line.split()[0] for line in said.answer.splitlines()[1:]] == ["id", "city", "birth_date"]
    assert "--as profiles" in said.speech
    assert run("segment", "count", "everyone").answer == "3\n"


def test_a_dry_run_shows_the_plan_and_records_nothing(shop: Path) -> None:
    (shop.parent / "people.csv").write_text(PEOPLE)
    plan = run("source", "load", "people.csv", "--as", "profiles", "--dry-run").json()
    assert plan["fields"]["profile_id"] == "id"
    assert run("segment", "count", "everyone").answer == "3\n"


def test_a_file_is_loaded_once_however_often_it_is_given(shop: Path) -> None:
    (shop.parent / "people.csv").write_text(PEOPLE)
    balances = [run("source", "load", "people.csv", "--as", "profiles", "--json").json() for _ in range(2)]
    assert [(balance["imported"], balance["duplicate"]) for balance in balances] == [(2, 0), (0, 2)]
    assert run("segment", "members", "city in ('Brno', 'Olomouc')").answer == "eva\nfil\n"


def test_map_names_a_column_and_an_empty_one_leaves_the_field_out(shop: Path) -> None:
    (shop.parent / "till.csv").write_text("who,what,when\neva,Gift Wrapped,2026-01-05\n")
    words = ["source", "load", "till.csv", "--as", "events", "--map", "profile_id=who", "--map", "date=when"]
    assert run(*words, "--map", "event=what").answer.startswith("1 lines read = 1 imported")
    assert run("segment", "members", 'did "Gift Wrapped"').answer == "eva\n"
    refused = run(*words, "--map", "event")
    assert refused.speech.startswith("error[cli.bad-mapping]: ")
    assert run(*words, "--map", "event=whatt").speech.startswith("error[source.no-such-column]: ")


def test_rejected_lines_go_where_they_are_told_to(shop: Path) -> None:
    (shop.parent / "orders.csv").write_text(
        "order_id,customer_id,date,total\nN1,ada,2026-02-30,10\nN2,ada,2026-02-03,10\n"
    )
    balance = run("source", "load", "orders.csv", "--as", "purchases", "--rejects", "bad.csv", "--json").json()
    assert (balance["rejected"], balance["rejects_path"], balance["reasons"]) == (1, "bad.csv", {"bad-date": 1})
    assert "2026-02-30" in (shop.parent / "bad.csv").read_text(encoding="utf-8")


# --- word


@pytest.mark.usefixtures("shop")
def test_words_are_listed_and_can_be_corrected() -> None:
    kinds = {found["word"]: found["kind"] for found in run("word", "list", "--json").json()}
    assert kinds["city"] == "text"
    assert kinds["Order Completed.lines.category"] == "text"
    assert run("word", "correct", "city", "--family", "behavioural").status == 0
    corrected = run("word", "correct", "city", "--kind", "any", "--json").json()
    assert (corrected["word"], corrected["kind"], corrected["family"]) == ("city", "any", "behavioural")
    assert run("segment", "count", "city > 5").status == 0, "what is said of a word decides what may be asked of it"


# --- segment


@pytest.mark.usefixtures("shop")
def test_a_segment_is_added_edited_renamed_and_removed() -> None:
    assert run("segment", "add", "buyers", "did order").speech == "`buyers` version 1: did order\n"
    assert run("segment", "add", "at-home", "in segment 'buyers' and country = 'CZ'").status == 0
    assert run("segment", "members", "at-home", *AT).answer == "ada\n"
    assert run("segment", "edit", "buyers", "did order in last 1 month").speech.startswith("`buyers` version 2: ")
    renamed = run("segment", "rename", "buyers", "active", "--json").json()
    assert [(found["name"], found["version"]) for found in renamed] == [("active", 2), ("at-home", 2)]
    assert renamed[1]["definition"] == "in segment 'active' and country = 'CZ'"
    refused = run("segment", "rm", "active")
    assert (refused.status, refused.speech.split(":")[0]) == (2, "error[segment.in-use]")
    assert [run("segment", "rm", name).status for name in ("at-home", "active")] == [0, 0]
    assert run("segment", "list", "--json").json() == []


@pytest.mark.usefixtures("shop")
def test_a_definition_that_is_wrong_is_not_kept() -> None:
    assert run("segment", "add", "wrong", "citty = 'x'").status == 2
    run("segment", "add", "right", "everyone")
    assert run("segment", "edit", "right", "citty = 'x'").status == 2
    assert [found["definition"] for found in run("segment", "list", "--json").json()] == ["everyone"]


@pytest.mark.usefixtures("shop")
def test_a_template_becomes_a_segment_or_says_what_is_missing() -> None:
    assert run("segment", "add", "loyal", "--template", "loyal").status == 0
    refused = run("segment", "add", "seniors", "--template", "senior")
    assert refused.speech.startswith("error[segment.template-lacks-field]: ")
    assert "birth_date" in refused.speech
    assert len(run("segment", "templates", "--json").json()) >= 12


@pytest.mark.usefixtures("shop")
def test_show_reads_a_definition_back_in_words() -> None:
    run("segment", "add", "buyers", "did order in last 6 months")
    said = run("segment", "show", "buyers", *AT)
    assert said.answer.splitlines() == [
        "buyers (version 1)",
        "  did order in last 6 months",
        "  People with at least one order in the last 6 months",
        "  1 of 3",
    ]


@pytest.mark.usefixtures("shop")
def test_why_names_the_failing_condition_with_its_facts() -> None:
    said = run("segment", "why", "did order in last 6 months and country = 'PL'", "ada", *AT)
    lines = [line.strip() for line in said.answer.splitlines()]
    assert lines[0] == "ada is not in"
    assert "yes did order in last 6 months" in lines
    assert "no  country = 'PL'" in lines
    assert any("Order Completed 2026-09-14 12:00" in line for line in lines)
    assert "not in because this does not hold: country = 'PL'\n" in said.speech


@pytest.mark.usefixtures("shop")
def test_a_text_with_a_comment_and_several_lines_is_one_definition() -> None:
    text = "country = 'CZ' -- people at home\n  and did order"
    run("segment", "add", "home", text)
    assert run("segment", "members", "home", *AT).answer == "ada\n"
    assert run("segment", "show", "home", "--json").json()["definition"] == text
    assert run("segment", "count", "--", "-- a comment goes first\neveryone").answer == "3\n"


@pytest.mark.usefixtures("shop")
def test_the_past_can_be_asked_as_it_was_known() -> None:
    assert run("segment", "count", "did order", "--at", "2026-09-01").answer == "1\n"
    assert run("segment", "count", "did order", "--at", "2026-10-01", "--known-at", "2026-09-19").answer == "0\n"


# --- query


@pytest.mark.usefixtures("shop")
def test_a_query_sees_the_views_as_of_an_instant() -> None:
    sql = "SELECT order_id, total_minor FROM purchases ORDER BY occurred_at"
    now = [{"order_id": "B-1", "total_minor": 45000}, {"order_id": "A-1", "total_minor": 180000}]
    assert run("query", sql, "--json").json() == now
    assert run("query", sql, "--at", "2026-09-01", "--json").json() == now[:1]


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO profiles VALUES (1)",
        "SELECT * FROM read_csv('letter.txt')",
        "COPY profiles TO 'out.csv'",
        "SET memory_limit = '1GB'",
        "SELECT 1; SELECT 2",
        "ATTACH 'x.db'",
    ],
)
def test_a_query_can_only_read_the_views(shop: Path, sql: str) -> None:
    (shop.parent / "letter.txt").write_text("Dear Ada")
    said = run("query", sql)
    assert (said.status, said.answer) == (2, "")
    assert sorted(path.name for path in shop.parent.iterdir()) == ["letter.txt", "shop"]


@pytest.mark.usefixtures("shop")
def test_values_of_every_type_have_a_place_in_json() -> None:
    sql = (
        "SELECT 1 AS whole, 2.50::DECIMAL(9, 2) AS exact, 0.5::DOUBLE AS near, true AS truth, NULL AS nothing, "
        "DATE '2026-01-31' AS day, TIMESTAMP '2026-01-31 10:00:00' AS moment, [1, 2] AS list, {'a': 1} AS object"
    )
    assert run("query", sql, "--json").json() == [
        {
            "whole": 1,
            "exact": "2.50",
            "near": 0.5,
            "truth": True,
            "nothing": None,
            "day": "2026-01-31",
            "moment": "2026-01-31T10:00:00",
            "list": [1, 2],
            "object": {"a": 1},
        }
    ]


@pytest.mark.usefixtures("shop")
def test_a_long_table_is_cut_and_says_so_and_json_is_whole() -> None:
    said = run("query", "SELECT range AS n FROM range(1001)")
    assert len(said.answer.splitlines()) == 1001
    assert said.speech.startswith("1,001 rows (the first 1,000 are shown; --json gives all), as of ")
    assert len(json.loads(run("query", "SELECT range AS n FROM range(1001)", "--json").answer)) == 1001


@pytest.mark.usefixtures("shop")
def test_columns_of_one_name_keep_their_own_values() -> None:
    sql = "SELECT 1 AS a, 2 AS a, 3 AS b, 4 AS a"
    assert run("query", sql, "--json").json() == [{"a": 1, "a_2": 2, "b": 3, "a_3": 4}]
    assert [line.split() for line in run("query", sql).answer.splitlines()] == [["a", "a_2", "b", "a_3"], list("1234")]


@pytest.mark.usefixtures("shop")
def test_a_number_that_json_cannot_write_is_a_text() -> None:
    said = run(
        "query", "SELECT 'NaN'::DOUBLE AS a, ['Infinity'::DOUBLE] AS b, {'c': '-Infinity'::DOUBLE} AS d", "--json"
    )
    found = json.loads(said.answer, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert found == [{"a": "NaN", "b": ["Infinity"], "d": {"c": "-Infinity"}}]
