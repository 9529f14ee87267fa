"""A workspace in which everything of one person is a canary, and where a canary is found afterwards."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyarrow.parquet as pq

from intarsia.workspace import Workspace

CANARY = "zzCANARY"
FIRST = "!!CANARY"
"""Least and greatest of all texts, so that statistics would hold them."""
WHO = f"{CANARY}-ada"
EMAIL = f"{CANARY}-ada@example.com"
MARKS = (CANARY, FIRST)


def fill(ws: Workspace, folder: Path) -> None:
    """Record ada, of whom everything is a canary, and others; in a dozen loads, from files and without."""
    load_files(ws, folder)
    for number in range(8):
        ws.record([*of_others(number), *hers(number)], f"2026-02-{number + 1:02}")
    ws.lake.compact("events")
    for number in range(8, 60):
        ws.record(
            [said(WHO, f"{number}", note=f"{CANARY}-{number}"), said("ben", f"b{number}", score=number)], "2026-03-01"
        )
    ws.segments.add("buyers", "did order")
    ws.segments.add("vip", f"profile in ('{WHO}', 'ben') or email = '{EMAIL}' -- {WHO} asked for it")
    for name, text in (("guests", f"{WHO}\nben\n"), ("few", f"{WHO}\ncyd\n"), ("few", "cyd\n")):
        file = folder / f"{name}.txt"
        file.write_text(text)
        ws.lists.add(name, file)
        file.unlink()
    ws.segments.pin("buyers", [WHO], reason=f"{CANARY}-pinned", author="cyd")
    ws.segments.exclude("vip", [WHO], reason=f"{CANARY}-excluded", author="cyd")
    ws.segments.unpin("vip", [WHO])
    ws.evaluate()
    ws.receive([said(WHO, "received", note=f"{CANARY}-received")])
    ws.project()
    ws.receive([said(WHO, "waiting", note=f"{CANARY}-waiting")])


def copied(made: Path, folder: Path) -> Path:
    """A copy of all that `fill` made, of which nothing points back to the original; the workspace in it."""
    shutil.copytree(made, folder)
    with sqlite3.connect(folder / "shop" / "store.sqlite") as connection:
        connection.execute("update load set balance = replace(balance, ?, ?)", (str(made), str(folder)))
    connection.close()
    return folder / "shop"


def load_files(ws: Workspace, folder: Path) -> None:
    """A file of people and one of orders, each with a line of hers that is fine and one that is rejected."""
    people = folder / "people.csv"
    people.write_text(
        "id,first_name,email,phone,birth_date\n"
        f"{WHO},{FIRST}-Ada,{EMAIL},+420 601 123 456,1990-02-28\n"
        "ben,Ben,ben@example.com,+420 602 222 222,1958-07-01\n"
        f",{CANARY}-no-id,{EMAIL},,\n"
        ",Somebody,else@example.com,,\n",
        encoding="utf-8",
    )
    orders = folder / "orders.csv"
    orders.write_text(
        "order,customer,date,product,quantity,price\n"
        f"{CANARY}-1,{WHO},2026-01-03,{CANARY}-coat,1,100\n"
        f"{CANARY}-2,{WHO},some day,{CANARY}-hat,1,100\n"
        "B-1,ben,2026-01-04,hat,1,50\n"
        "B-2,ben,some day,hat,1,50\n",
        encoding="utf-8",
    )
    ws.sources.load(people, "profiles", recorded_at=ws.instant("2026-01-10"))
    ws.sources.load(orders, "purchases", recorded_at=ws.instant("2026-01-11"), rejects_path=ws.path / "rejected.csv")


def hers(number: int) -> list[dict[str, Any]]:
    """What ada does in one load: traits, an order, a page, a consent, a word of her own."""
    mark = f"{CANARY}-{number}"
    order = {
        "order_id": f"{FIRST}-o{number}",
        "coupon": mark,
        "note": f"{FIRST}-{number}",
        "products": [
            {
                "sku": mark,
                "name": f"{mark}-name",
                "category": mark,
                "quantity": 1,
                "price": 10,
                "engraving": f"{mark}-e",
            }
        ],
    }
    consent = {"channel": "email", "purpose": f"{mark}-p", "wording": f"{mark}-w", "evidence": f"{mark}-ip"}
    at = f"2026-01-{number + 10}T10:00:00Z"
    return [
        said(WHO, f"t{number}", nickname=mark, address={"street": f"{mark} street"}, score=mark, **{f"{mark}-key": 1}),
        track(WHO, f"{mark}-order", "Order Completed", at, order, context={"ip": mark, "page": {"url": f"/{mark}"}}),
        track(WHO, f"{mark}-own", f"{mark} happened", at, {"what": mark}),
        track(WHO, f"{mark}-consent", "Consent Given", at, consent),
        {
            "type": "page",
            "messageId": f"{mark}-page",
            "userId": WHO,
            "timestamp": at,
            "properties": {"path": f"/{mark}"},
        },
        {"type": "track", "messageId": f"{mark}-bad", "userId": WHO},
    ]


def of_others(number: int) -> list[dict[str, Any]]:
    """What the others do: an order of ben's, and one of a guest."""
    at = f"2026-01-{number + 10}T11:00:00Z"
    order = {"products": [{"sku": "h", "category": "hats", "quantity": 1, "price": 5}]}
    guest = track("", f"g{number}", "Order Completed", at, {**order, "order_id": f"g{number}"}, context={"guest": True})
    del guest["userId"]
    ben = track("ben", f"b-o{number}", "Order Completed", at, {**order, "order_id": f"b{number}"})
    consent = {"channel": "email", "purpose": "marketing"}
    return [
        ben,
        guest,
        said("cyd", f"c{number}", country="CZ", score=number),
        track("ben", f"k{number}", "Consent Given", at, consent),
    ]


def said(who: str, number: str, /, **traits: Any) -> dict[str, Any]:
    return {"type": "identify", "messageId": f"{who}-{number}", "userId": who, "traits": traits}


def track(who: str, message_id: str, event: str, at: str, /, properties: dict[str, Any], **rest: Any) -> dict[str, Any]:
    head = {"type": "track", "messageId": message_id, "userId": who, "timestamp": at, "event": event}
    return {**head, "properties": properties, **rest}


# --- finding them


def traces(folder: Path, texts: Sequence[str] = MARKS) -> list[str]:
    """Where below a folder one of the texts is: in a file's bytes, or in what it holds once it is decoded."""
    return [place for path in sorted(folder.rglob("*")) if path.is_file() for place in _places(path, folder, texts)]


def _places(path: Path, folder: Path, texts: Sequence[str]) -> Iterator[str]:
    for how, content in (("bytes", path.read_bytes()), ("decoded", decoded(path))):
        if any(text.encode() in content for text in texts):
            yield f"{path.relative_to(folder)} ({how})"


def decoded(path: Path) -> bytes:
    """Every value of every column of a Parquet file, with its statistics and metadata; every row of a store."""
    if path.suffix == ".parquet":
        return _parquet(path).encode()
    if path.suffix == ".sqlite":
        connection = sqlite3.connect(path)
        try:
            return "\n".join(connection.iterdump()).encode()
        finally:
            connection.close()
    return b""


def _parquet(path: Path) -> str:
    file = pq.ParquetFile(path)
    groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
    columns = [group.column(place) for group in groups for place in range(group.num_columns)]
    extremes = [
        (one.statistics.min, one.statistics.max) for one in columns if one.statistics and one.statistics.has_min_max
    ]
    return f"{file.read().to_pylist()} {extremes} {file.metadata.metadata}"


def unzipped(content: bytes) -> dict[str, list[list[str]]]:
    """The rows of every CSV file in a zip."""
    with ZipFile(BytesIO(content)) as file:
        return {name: list(csv.reader(file.read(name).decode().splitlines())) for name in file.namelist()}
