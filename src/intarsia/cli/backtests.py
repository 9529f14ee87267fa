"""`intarsia segment backtest`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from intarsia.cli.app import Place, with_json, with_times
from intarsia.cli.definitions import with_definition
from intarsia.cli.explaining import Telling
from intarsia.cli.rates import missing_line
from intarsia.cli.speaking import as_of_line, show_json, show_rows, speak, speak_of

if TYPE_CHECKING:
    from intarsia.workspace import Workspace

GROUPS = ("members", "rest")
ENDS = ("difference", "from", "to", "lift", "lift from", "lift to")
ROUGH = "rough"


@click.command("backtest")
@with_definition("text_or_name")
@click.option("--outcome", required=True, metavar="TEXT", help="What is looked at: sum(order.total) in next 90 days.")
@click.option("--from", "begin", required=True, metavar="ISO", help="The first date.")
@click.option("--to", "end", required=True, metavar="ISO", help="The last date at most.")
@click.option("--every", default="1 month", show_default=True, help="How far apart the dates are.")
@click.option(
    "--hindsight",
    "in_hindsight",
    is_flag=True,
    help="Members by what is known now of each date, not by what was known then: for a past that was loaded later.",
)
@with_times
@with_json
@click.pass_obj
def backtest(
    place: Place, /, text_or_name: str, outcome: str, in_hindsight: bool, as_json: bool, **asked: str | None
) -> None:
    """Say of past dates who was in, by what was known then, and what they did next, against the rest.

    A window that ends after --at, or after --known-at, is not over yet and has no outcome.
    """
    with place.open() as ws:
        ask = ws.backtest_in_hindsight if in_hindsight else ws.backtest
        found = ask(text_or_name, outcome, **asked)
        told: dict[str, Any] = dict(found.to_json())
        zone = ws.settings.zone
        digits = _digits(ws)
    if as_json:
        show_json(told)
        return
    _show(told, zone, digits)
    speak_of(found.notes, place.spoken)
    speak_of((doubt.says for doubt in found.doubts), place.spoken)
    if told["missing_rates"]:
        speak(missing_line(told["missing_rates"]))
    speak(as_of_line(told["as_of"]))


def _digits(ws: Workspace) -> int:
    return ws.catalog().currency_digits


def _show(told: dict[str, Any], zone: ZoneInfo, digits: int) -> None:
    """The table of the dates on stdout, and what it says on stderr."""
    tell = _Telling(told["measure"], digits)
    rows = [
        {
            "date": Telling(zone).instant(date["at"]).removesuffix(" 00:00"),
            "size": date["size"],
            "base": date["base"],
            **{group: tell.mean(date[group]) for group in GROUPS},
            **tell.apart(date),
            "": _remark(date),
        }
        for date in told["dates"]
    ]
    columns = ("date", "size", "base", *GROUPS, *ENDS)
    has_remarks = any(row[""] for row in rows)
    show_rows(rows, (*columns, "") if has_remarks else columns, numbers=columns[1:])
    speak(f"members and rest: {_unit(told)}; intervals of 95 %")
    speak(_overall(told["overall"]))
    if told["knowledge"] == "hindsight":
        speak("in hindsight: what was learned late decides who is a member, too")
    if any(row[""] == ROUGH for row in rows):
        speak(f"{ROUGH}: too few people for numbers so skewed; the interval is wrong more often than it says")


def _unit(told: dict[str, Any]) -> str:
    if told["measure"] == "share":
        return f"% of whom `{told['outcome']}` holds"
    currency = f", {told['currency']}" if told["currency"] else ""
    return f"mean of `{told['outcome']}`{currency}"


def _overall(overall: dict[str, Any]) -> str:
    lift = overall["lift_median"]
    median = "" if lift is None else f"; median lift {100 * lift:+,.1f} %"
    compared = f"{overall['compared']:,} of {overall['dates']:,} dates compared"
    return f"{compared}: surely above the rest in {overall['above']:,}, surely below in {overall['below']:,}{median}"


def _remark(date: dict[str, Any]) -> str:
    if date["state"] != "over":
        return str(date["state"])
    return ROUGH if date["is_rough"] else ""


class _Telling:
    """Tells the numbers of one measure: amounts with the currency's digits, shares in per cent."""

    def __init__(self, measure: str, digits: int) -> None:
        self._measure = measure
        self._digits = digits

    def mean(self, group: dict[str, Any] | None) -> str:
        """The mean, or the share, of a group."""
        return "" if group is None else self._number(group, "mean")

    def apart(self, date: dict[str, Any]) -> dict[str, str]:
        """Difference and lift with their ends."""
        difference, lift = date["difference"], date["lift"]
        names = ("value", "low", "high")
        apart = ["" if difference is None else self._number(difference, name, sign="+") for name in names]
        more = ["" if lift is None or lift[name] is None else f"{100 * lift[name]:+,.1f} %" for name in names]
        return dict(zip(ENDS, (*apart, *more), strict=True))

    def _number(self, numbers: dict[str, Any], name: str, sign: str = "") -> str:
        if self._measure == "money":
            minor = numbers[f"{name}_minor"]
            return "" if minor is None else f"{minor / 10**self._digits:{sign},.{self._digits}f}"
        plain = numbers[name]
        if plain is None:
            return ""
        return f"{100 * plain:{sign},.1f}" if self._measure == "share" else f"{plain:{sign},.3f}"
