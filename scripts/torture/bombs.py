"""Rules that are meant to hurt, put to a workspace: a clear error at once, or an answer in little time and memory."""

from __future__ import annotations

import json
import os
import subprocess  # nosec B404
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import intarsia
from intarsia import Workspace
from intarsia.errors import IntarsiaError, UserError
from intarsia.lake.faults import QueryTooLong
from intarsia.language import check, from_json, parse
from scripts.torture.rules_that_hurt import HEAVY, JSON_BOMBS, RULES, SEGMENTS
from scripts.torture.scenario import Asked, Figures, Scenario, must, play

PEOPLE = 500
REFUSED_SECONDS = 0.3
"""Longer a refusal takes no processor, over what an answer to `everyone` takes that way."""

ANSWERED_SECONDS = 2.0
GROWN_MEGABYTES = 100
AT = "2026-01-01T00:00:00Z"


@dataclass(frozen=True)
class Met:
    """What became of one rule in one way: the code of the error, or None; seconds of processor; bytes grown by."""

    rule: str
    way: str
    code: str | None
    seconds: float
    grown: int


def workspace(folder: Path) -> Workspace:
    """A shop of which every text takes a pattern's time."""
    made = intarsia.create(folder, timezone="Europe/Prague", currency="CZK")
    messages: list[dict[str, Any]] = []
    for number in range(PEOPLE):
        who, a = f"p{number}", "a" * (20 + number % 20)
        traits = {"country": "CZ", "note": f"{a}!", "score": number, "tags": [a, "b"]}
        messages.append({"type": "identify", "userId": who, "messageId": f"i{number}", "traits": traits})
        for day in range(1, 6):
            lines = [{"product_id": f"s{number % 7}", "quantity": 1, "price": day}]
            total = {"order_id": f"o{number}-{day}", "total": 10 * day, "products": lines, "coupon": f"{a}!"}
            sent = {"timestamp": f"2025-12-0{day}T10:00:00Z", "properties": total, "messageId": f"e{number}-{day}"}
            messages.append({"type": "track", "userId": who, "event": "Order Completed", **sent})
    receipt = made.record(messages, recorded_at="2025-12-31T00:00:00Z")
    must(receipt.count("accepted") == len(messages), f"the shop was not recorded: {receipt}")
    for name, text in SEGMENTS.items():
        made.segments.add(name, text)
    return made


def ways(found: Workspace) -> dict[str, Callable[[str], object]]:
    """Everything that a rule is put to."""
    catalog = found.catalog()
    return {
        "parse": parse,
        "check": lambda text: check(parse(text), catalog, text),
        "complete": lambda text: found.segments.complete(text, len(text) // 2),
        "look": lambda text: found.segments.check_at(text, len(text) // 2),
        "count": lambda text: found.segments.count(text, AT),
        "why": lambda text: found.segments.why(text, "p1", AT),
    }


def meet(rule: str, way: str, does: Callable[[], object]) -> Met:
    """Put a rule to something, and measure it."""
    before = _forget_the_peak()
    begin, code = time.process_time(), None
    try:
        does()
    except UserError as error:
        code = error.code
        must(error.message(), f"{rule}, {way}: an error without a message")
    return Met(rule, way, code, time.process_time() - begin, _peak() - before)


def _forget_the_peak() -> int:
    """Let the system forget the most memory that this process had; how much it has now, in bytes."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _status("VmRSS")


def _peak() -> int:
    return _status("VmHWM")


def _status(name: str) -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return 1024 * int(line.split()[1])
    raise KeyError(name)


# --- the process that is hurt


def suffer(folder: Path) -> None:
    """Meet every rule in every way; one line of JSON each."""
    with intarsia.open(folder) as found:
        every = ways(found)
        for does in every.values():
            does("everyone")
        usual = {way: meet("everyone", way, lambda does=does: does("everyone")) for way, does in every.items()}  # type: ignore[misc]
        for rule, text in RULES.items():
            for way, does in every.items():
                _tell(meet(rule, way, lambda does=does, text=text: does(text)), usual[way])  # type: ignore[misc]
        for rule, form in JSON_BOMBS.items():
            made = form()
            _tell(meet(rule, "from_json", lambda made=made: from_json(made)), usual["parse"])  # type: ignore[misc]


def _tell(met: Met, usual: Met) -> None:
    over = met.seconds - (usual.seconds if met.code else 0)
    line = {"rule": met.rule, "way": met.way, "code": met.code, "seconds": round(over, 4), "grown": met.grown}
    print(json.dumps(line), flush=True)


# --- the one that looks on


def run(asked: Asked) -> Figures:
    """Every rule in every way, so many times; and a question that takes for ever."""
    folder = asked.folder / "ws"
    workspace(folder).close()
    found = [line for _ in range(asked.count) for line in _suffered(folder)]
    refused = [line for line in found if line["code"]]
    answered = [line for line in found if not line["code"]]
    slow = [line for line in found if _is_too_much(line)]
    must(not slow, f"too slow, or too much memory: {slow}")
    must(len(found) == asked.count * (6 * len(RULES) + len(JSON_BOMBS)), "not every rule was met")
    return {
        "refused": len(refused),
        "answered": len(answered),
        "refused_seconds_max": max(line["seconds"] for line in refused),
        "answered_seconds_max": max(line["seconds"] for line in answered),
        "grown_mb_max": round(max(line["grown"] for line in found) / 2**20, 1),
        "interrupted_after_seconds": _interrupted(folder),
    }


def _is_too_much(line: dict[str, Any]) -> bool:
    seconds, megabytes = ANSWERED_SECONDS, GROWN_MEGABYTES
    if line["code"]:
        seconds = REFUSED_SECONDS
    elif line["way"] in ("count", "why"):
        seconds, megabytes = HEAVY.get(line["rule"], (seconds, megabytes))
    return bool(line["seconds"] > seconds or line["grown"] > megabytes * 2**20)


def _suffered(folder: Path) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "scripts.torture.bombs", "--suffer", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:  # nosec B603
        assert process.stdout is not None
        last = "nothing"
        for text in process.stdout:
            line: dict[str, Any] = json.loads(text)
            last = f"{line['way']} {line['rule']}"
            yield line
    must(process.returncode == 0, f"the process ended with {process.returncode} after {last}")


def _interrupted(folder: Path) -> float:
    """Seconds after which a question without end was ended that may take one; the session answers on."""
    sql = "select count(*) from range(100000000) a, range(100000000) b where a.range + b.range = 7"
    with intarsia.open(folder) as found, found.session() as session:
        begin = time.monotonic()
        try:
            session.query(sql, seconds=1.0)
        except QueryTooLong:
            taken = time.monotonic() - begin
        else:
            must(False, "a question without end was answered")
        must(taken < 3.0, f"a question that may take 1 s was ended after {taken:.1f} s")
        must(session.query("select 1 as n").to_pydict() == {"n": [1]}, "the session does not answer any more")
    return round(taken, 2)


SCENARIO = Scenario("S36", "bombs", "times", 1, 5, run)

if __name__ == "__main__":
    if sys.argv[1:2] == ["--suffer"]:
        try:
            suffer(Path(sys.argv[2]))
        except IntarsiaError as error:
            sys.exit(f"{error.code}: {error}")
    else:
        sys.exit(play(SCENARIO))
