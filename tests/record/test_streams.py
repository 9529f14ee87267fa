"""Messages that come as lines of JSON, however the stream is cut, are on the disk when it is said so."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

import intarsia
from intarsia import Workspace
from intarsia.record.streams import LineTooLong


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with intarsia.create(tmp_path / "ws", timezone="Europe/Prague", currency="CZK") as ws:
        yield ws


def line(number: object, **content: Any) -> bytes:
    said = {"type": "track", "messageId": f"m{number}", "userId": "ada", "event": "Seen", **content}
    return json.dumps(said).encode() + b"\n"


def ids(ws: Workspace) -> list[str]:
    found: list[str] = ws.query("select event_id from events order by 1")["event_id"].to_pylist()
    return found


def test_a_stream_may_be_cut_anywhere(ws: Workspace) -> None:
    chance = Random(4)
    whole = b"".join(line(number, note="šípek 🌹") for number in range(300)) + line("last").rstrip()
    cuts = sorted(chance.sample(range(len(whole)), 40))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    told = list[int]()
    found = ws.receive_stream(pieces, told.append)
    assert told == sorted(told)
    assert told[-1] == found.lines
    assert (found.lines, found.counts["accepted"], found.faults) == (301, 301, {})
    assert len(ids(ws)) == 301


def test_what_is_no_message_is_told_by_its_line_and_the_others_go_on(ws: Workspace) -> None:
    bad = [b"{\n", b"\n", b"[1]\n", b"\xff\n", b'{"type": "track"}\n', b'{"a": NaN}\n']
    found = ws.receive_stream([line(1), *bad, line(1), line(1, event="Other"), b"\xef\xbb\xbf" + line(2)])
    assert [reason["line"] for reason in found.to_json()["reasons"]] == [2, 4, 5, 6, 7]  # type: ignore[attr-defined]
    assert dict(found.counts) == {"accepted": 2, "rejected": 5, "duplicate": 1, "conflicting": 1}
    assert (found.lines, found.blank) == (10, 1)
    assert "position 0" in found.faults[5].message()
    assert ids(ws) == ["m1", "m2"]


def test_what_a_pipe_brings_is_taken_while_it_is_open(ws: Workspace) -> None:
    command = [sys.executable, "-m", "intarsia", "-w", str(ws.path), "receive", "--json"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(line(1))
        process.stdin.flush()
        for _ in range(1000):
            if ws.projector.waiting:
                break
            process.poll()
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.02)
        assert ids(ws) == ["m1"]
        out, _ = process.communicate(line(1) + line(2))
    assert process.returncode == 0
    found = json.loads(out)
    assert (found["lines"], found["accepted"], found["duplicate"]) == (3, 2, 1)
    assert ids(ws) == ["m1", "m2"]


def test_every_question_knows_what_was_received(ws: Workspace) -> None:
    ws.receive_stream([line(1), line(2, userId="ben")])
    assert ws.segments.count("did Seen").size == 2
    ws.segments.add("seers", "did Seen")
    ws.receive_stream([line(3, userId="cyd")])
    assert ws.evaluate().changes == 3


def test_equal_lines_without_an_id_count_as_often_as_they_come_however_the_stream_is_cut(tmp_path: Path) -> None:
    lines = [
        json.dumps({"type": "track", "userId": "ada", "event": "Seen", "timestamp": "2026-05-01"}).encode() + b"\n"
    ] * 3
    for number, pieces in enumerate((lines, [b"".join(lines)])):
        with intarsia.create(tmp_path / str(number), timezone="UTC", currency="EUR") as ws:
            assert ws.receive_stream(pieces).counts["accepted"] == 3
            assert ws.receive_stream(pieces).counts["duplicate"] == 3


def test_a_line_without_end_is_refused(ws: Workspace) -> None:
    with pytest.raises(LineTooLong):
        ws.receive_stream([line(1), *[b"x" * (1 << 20)] * 20])
    assert ids(ws) == ["m1"]
