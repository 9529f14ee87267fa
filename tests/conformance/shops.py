"""A shop of the conformance cases as a workspace: everything recorded and decided again, each at its instant."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from intarsia.workspace import Workspace, create

Shop = Mapping[str, Any]
Step = tuple[int, int, Callable[[Workspace], object]]
"""The instant, the place among those of one instant, and what is done."""

LONG_AGO = "1970-01-01T00:00:00Z"


def instant(text: str) -> int:
    """Milliseconds UTC; what is finer is cut."""
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return int(found.timestamp()) * 1000 + found.microsecond // 1000


def replayed(shop: Shop, folder: Path) -> Workspace:
    """The workspace of a shop."""
    clock = [0]
    workspace = create(folder / "workspace", clock=lambda: clock[0], **_settings(shop))
    for at, _, act in sorted(_steps(shop, folder), key=lambda step: step[:2]):
        clock[0] = at
        act(workspace)
    clock[0] = max(clock[0], instant("2100-01-01T00:00:00Z"))
    return workspace


def _settings(shop: Shop) -> dict[str, Any]:
    found = dict(shop.get("workspace", {}))
    if "order_statuses" in found:
        found["order_statuses"] = tuple(found["order_statuses"])
    return found


def _steps(shop: Shop, folder: Path) -> Iterator[Step]:
    yield from ((instant(LONG_AGO), 0, partial(_declare, *named)) for named in _declared(shop.get("declared", {})))
    for rate in shop.get("rates", ()):
        yield instant(rate["recorded_at"]), 1, partial(_put_rate, rate)
    for number, area in enumerate(shop.get("areas", ())):
        path = folder / f"area-{number}.geojson"
        path.write_text(json.dumps(area["geojson"]), encoding="utf-8")
        yield instant(area["at"]), 2, partial(_put_area, area["name"], path)
    for recorded_at, facts in _recorded_together(shop.get("facts", ())).items():
        yield instant(recorded_at), 3, partial(_record, facts, recorded_at)
    for decision in shop.get("decisions", ()):
        yield instant(decision["at"]), 4, partial(_decide, decision)
    for number, segment in enumerate(shop.get("segments", ())):
        yield instant(segment["at"]), 5, partial(_define, segment, folder / f"list-{number}.txt")
    for pin in shop.get("pins", ()):
        yield instant(pin["at"]), 6, partial(_pin, pin)
        if "removed_at" in pin:
            yield instant(pin["removed_at"]), 6, partial(_unpin, pin)


def _declared(names: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, kind in names.get("traits", {}).items():
        yield path, {"scope": "trait", "kind": kind}
    for scope in ("events", "lines"):
        for event, properties in names.get(scope, {}).items():
            between = ".lines." if scope == "lines" else "."
            for path, kind in properties.items():
                yield f"{event}{between}{path}", {"scope": scope.removesuffix("s"), "kind": kind}
    for short, event in names.get("short_names", {}).items():
        yield event, {"scope": "event", "short": short}


def _recorded_together(facts: list[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for fact in facts:
        message = {name: value for name, value in fact.items() if name != "recorded_at"}
        found.setdefault(fact["recorded_at"], []).append(message)
    return found


# --- what is done


def _declare(name: str, said: Mapping[str, Any], workspace: Workspace) -> None:
    workspace.declare_word(name, **said)


def _record(facts: list[dict[str, Any]], recorded_at: str, workspace: Workspace) -> None:
    receipt = workspace.record(facts, recorded_at)
    assert not receipt.reasons, receipt.reasons


def _put_rate(rate: Mapping[str, Any], workspace: Workspace) -> None:
    day, exact = date.fromisoformat(rate["day"]), Decimal(rate["rate"])
    workspace.rates.record([(day, rate["currency"], exact)], source="conformance")


def _put_area(name: str, path: Path, workspace: Workspace) -> None:
    workspace.areas.add(name, path)


def _decide(decision: Mapping[str, Any], workspace: Workspace) -> None:
    match decision["do"]:
        case "merge":
            one, other = decision["profiles"]
            workspace.identity.merge(one, other, reason="conformance")
        case "unmerge":
            workspace.identity.unmerge(decision["profile"], reason="conformance")
        case "erase":
            workspace.profiles.erase([decision["profile"]], reason="conformance")
        case "remove segment":
            workspace.segments.remove(decision["name"])


def _define(segment: Mapping[str, Any], path: Path, workspace: Workspace) -> None:
    name = segment["name"]
    if "profiles" in segment:
        path.write_text("\n".join(segment["profiles"]), encoding="utf-8")
        workspace.lists.add(name, path)
    elif any(known.name == name for known in workspace.segments.all()):
        workspace.segments.edit(name, segment["text"])
    else:
        workspace.segments.add(name, segment["text"])


def _pin(pin: Mapping[str, Any], workspace: Workspace) -> None:
    put = workspace.segments.pin if pin["how"] == "in" else workspace.segments.exclude
    put(pin["segment"], [pin["profile"]], reason="conformance", until=pin.get("until"))


def _unpin(pin: Mapping[str, Any], workspace: Workspace) -> None:
    workspace.segments.unpin(pin["segment"], [pin["profile"]])
