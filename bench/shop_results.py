"""Loading a shop, compiling a definition, counting ten: measured, and as sections of the page."""

from __future__ import annotations

import sys
from pathlib import Path

import page
import pieces
import shop
from processes import HERE, Cost, run, say
from rules import RULES

PACKAGES = ("duckdb", "pandas", "pyarrow", "deltalake")


def measure(folder: Path) -> dict[str, list[str]]:
    """Make the files in an empty folder and measure; the bench ends where two ways of counting differ."""
    say(f"{shop.LINES:,} lines of orders by {shop.BUYERS:,} of {shop.PEOPLE:,} people, seed {shop.SEED}")
    shop.write(folder)
    loads = measure_loads(folder)
    steps = piece("compile_ten", folder).answer
    counts = measure_counts(folder)
    differing = [
        rule.text for place, rule in enumerate(RULES) if len({cost.answer[place][0] for cost in counts.values()}) > 1
    ]
    if differing:
        sys.exit(f"different answers to: {'; '.join(differing)}")
    return {
        "A small shop": head(),
        f"Loading {shop.LINES:,} lines of purchases": table_of_loads(loads),
        "From a text of ten conditions to SQL": table_of_steps(steps),
        f"Counting {len(RULES)} definitions": table_of_counts(counts),
    }


def measure_loads(folder: Path) -> dict[str, Cost]:
    """What it costs to take in the file of purchases."""
    intarsia = [sys.executable, "-m", "intarsia"]
    workspace = str(folder / pieces.WORKSPACE)
    run([*intarsia, "init", workspace, "--currency", "CZK", "--json"])
    run([*intarsia, "-w", workspace, "source", "load", str(folder / shop.PEOPLE_FILE), "--as", "profiles", "--json"])
    load = ["source", "load", str(folder / shop.PURCHASES_FILE), "--as", "purchases", "--json"]
    say("loading with intarsia, DuckDB, pandas")
    found = {"intarsia source load": run([*intarsia, "-w", workspace, *load])}
    balance = found["intarsia source load"].answer
    if balance["imported"] != shop.LINES:
        sys.exit(f"not every line was imported: {balance}")
    found["DuckDB: read_csv, group, write Parquet"] = piece("load_with_duckdb", folder)
    found["pandas: read_csv, group, write Parquet"] = piece("load_with_pandas", folder)
    return found


def measure_counts(folder: Path) -> dict[str, Cost]:
    """What it costs to count each rule, three ways."""
    say(f"counting {len(RULES)} definitions, each the best of {pieces.REPEATS}")
    return {name: piece(f"count_with_{name}", folder) for name in ("intarsia", "duckdb", "pandas")}


def piece(name: str, folder: Path) -> Cost:
    """One piece in a process of its own."""
    return run([sys.executable, str(HERE / "pieces.py"), name, str(folder)])


# --- the page


def head() -> list[str]:
    """What was measured, where and when."""
    return [
        *page.measured("make bench", PACKAGES),
        f"Data: {shop.LINES:,} lines of orders in two years, {shop.PEOPLE:,} people of whom {shop.BUYERS:,} may buy,",
        f"{len(shop.CATEGORIES)} categories; generated with seed {shop.SEED}.",
        "",
        "A ratio is our CPU seconds by the peer's: 2.0 means that we need twice as much. Peers know the columns",
        "beforehand and do only what is named. We also guess the columns, give every row an id, refuse bad lines,",
        "look for what is recorded already, keep versions of orders, and ask as of any instant.",
    ]


def table_of_loads(loads: dict[str, Cost]) -> list[str]:
    """One row a way of loading; the first is ours."""
    ours = next(iter(loads.values()))
    rows = [
        f"| {name} | {cost.cpu_seconds:.2f} | {cost.wall_seconds:.2f} | {cost.peak_megabytes:,.0f} "
        f"| {ours.cpu_seconds / cost.cpu_seconds:.1f} |"
        for name, cost in loads.items()
    ]
    return [
        "Whole processes, with their start.",
        "",
        "| | CPU s | wall s | peak MB | ratio |",
        "|---|---:|---:|---:|---:|",
        *rows,
    ]


def table_of_steps(steps: dict[str, float]) -> list[str]:
    """One row a step from the text of a definition to its SQL; the last is the peer's."""
    *_, (_, peer) = steps.items()
    return [
        f"Milliseconds by the clock, the median of {pieces.REPEATS_OF_SMALL} in a running process.",
        "",
        "| | ms | ratio |",
        "|---|---:|---:|",
        *(f"| {name} | {milliseconds:.2f} | {milliseconds / peer:.2f} |" for name, milliseconds in steps.items()),
    ]


def table_of_counts(counts: dict[str, Cost]) -> list[str]:
    """One row a rule; the sums and the peaks of memory below."""
    ours, duckdb, pandas = (cost.answer for cost in counts.values())
    rows = [
        f"| `{rule.text}` | {people:,} | {cpu * 1000:.0f} | {sql[1] * 1000:.0f} | {frame[1] * 1000:.0f} "
        f"| {cpu / sql[1]:.1f} | {cpu / frame[1]:.1f} |"
        for rule, (people, cpu, _), sql, frame in zip(RULES, ours, duckdb, pandas, strict=True)
    ]
    sums = [sum(cpu for _, cpu, _ in answer) for answer in (ours, duckdb, pandas)]
    slowest = max(wall for _, _, wall in ours)
    peaks = ", ".join(f"{name} {cost.peak_megabytes:,.0f} MB" for name, cost in counts.items())
    return [
        f"CPU milliseconds, the least of {pieces.REPEATS} in a running process. DuckDB: SQL written by hand over plain",
        "Parquet files of orders and lines. pandas: by hand, over frames in memory. All three give the same numbers.",
        "",
        "| definition | people | intarsia | DuckDB | pandas | by DuckDB | by pandas |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *rows,
        f"| all | | {sums[0] * 1000:.0f} | {sums[1] * 1000:.0f} | {sums[2] * 1000:.0f} "
        f"| {sums[0] / sums[1]:.1f} | {sums[0] / sums[2]:.1f} |",
        "",
        f"Our slowest took {slowest * 1000:.0f} ms by the clock. Peak memory: {peaks}.",
    ]
