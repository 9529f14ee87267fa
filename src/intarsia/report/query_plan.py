"""How definitions are evaluated, told in the terminal: conditions, passes over events, what is shared, what is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from intarsia.clock import EPOCH, MILLISECOND
from intarsia.engine.plan.noted import Feature
from intarsia.engine.plan.plan import Part
from intarsia.segment.query_plans import PlannedDefinition, QueryPlan
from intarsia.speech import Speech, mark

NAMES_MOST = 3
"""Of those that ask for one thing, so many are named in a table; the JSON answer has all."""

BY = {
    "columns": mark("columns"),
    "segment": mark("the members of that segment"),
    "map": mark("distances on the map"),
    "sql": mark("SQL"),
    "interpreter": mark("the interpreter, person by person"),
}
COLUMNS = {
    "trait": mark("the trait `{name}`"),
    "consent": mark("the consent `{name}`"),
    "bucket": mark("the buckets of `{name}`"),
}


@dataclass(frozen=True)
class QueryPlanReport:
    """A plan, and whose clock its instant is told by."""

    plan: QueryPlan
    zone: ZoneInfo

    def to_json(self, *, with_sql: bool = False) -> dict[str, object]:
        """All of it; see `segment.query_plans`."""
        return self.plan.to_json(with_sql=with_sql)

    def print(self, console: Console, language: str = "en") -> None:
        """Print what is asked, what passes over events make, and what that costs."""
        _Printed(self.plan, Speech(language), console, self.zone).show()

    def sql(self) -> str:
        """The statements that DuckDB would be given, each below the name of what it is of, and its values."""
        return "\n".join(_statement(one) for one in self.plan.definitions if one.sql is not None)


def _statement(one: PlannedDefinition) -> str:
    said = [f"-- {line}" for line in one.name.splitlines()]
    said += [f"-- reads {name}{'' if means is None else f': {means}'}" for name, means in one.relations.items()]
    values = one.compiled.values if one.compiled else {}
    said += [f"-- ${name} = {value!r}" for name, value in values.items()]
    return "\n".join([*said, f"{one.sql}\n"])


@dataclass(frozen=True)
class _Printed:
    plan: QueryPlan
    speech: Speech
    console: Console
    zone: ZoneInfo

    def show(self) -> None:
        plan = self.plan
        self._title(self._say(mark("How it is evaluated")))
        at = (EPOCH + plan.as_of.at * MILLISECOND).replace(tzinfo=UTC)
        self._dim(self._say(mark("As of {at}."), at=self.speech.instant(at, self.zone)))
        self._invalid()
        if plan.conditions:
            self._title(self._say(mark("What is asked of each person")))
            self.console.print(self._conditions())
        if plan.features:
            self._title(self._say(mark("Passes over events, each made once")))
            self.console.print(self._features())
        if plan.columns:
            self._title(self._say(mark("What of people is looked at")))
            self.console.print(self._columns())
        self.console.print()
        for sentence in self._sums():
            self.console.print(Text(f"· {sentence}"))
        if plan.features:
            self._dim(
                self._say(
                    mark(
                        "Rows are estimated: the events, or lines, of the record that lie in the window, to the hour. "
                        "An order that was cancelled or updated is counted as if it were not."
                    )
                )
            )

    def _invalid(self) -> None:
        for one in self.plan.definitions:
            if one.error is not None:
                told = self._say(mark("`{name}` is invalid: {reason}"), name=one.name, reason=self._error(one))
                self.console.print(Text(told, style="bold"))

    def _error(self, one: PlannedDefinition) -> str:
        return "" if one.error is None else one.error.message(self.speech.say)

    # --- tables

    def _conditions(self) -> Table:
        numbers = {feature: place for place, feature in enumerate(self.plan.features, 1)}
        table = self._table("#", mark("condition"), mark("answered by"), mark("passes"))
        for place, (part, askers) in enumerate(self.plan.conditions.items(), 1):
            passes = self._comma().join(self.speech.number(numbers[feature]) for feature in part.features)
            self._row(table, place, part.text, self._by(part), passes, askers=askers)
        return table

    def _by(self, part: Part) -> str:
        by = self._say(BY[part.by])
        if part.reason is None:
            return by
        lacking = part.reason.said(self.speech.say)
        return self._say(mark("{by}: columns do not have {lacking}"), by=by, lacking=lacking)

    def _features(self) -> Table:
        table = self._table("#", mark("pass"), rows=mark("rows"))
        for place, (feature, askers) in enumerate(self.plan.features.items(), 1):
            self._row(table, place, self._feature(feature), self.speech.number(self.plan.rows[feature]), askers=askers)
        return table

    def _feature(self, feature: Feature) -> str:
        if feature.of_refunds:
            return self._say(mark("refunds, for {feature}"), feature=feature.text)
        if feature.is_before:
            return self._say(mark("the window before: {feature}"), feature=feature.text)
        if feature.made == "order":
            return self._say(mark("one behind the other: {feature}"), feature=feature.text)
        return feature.text

    def _columns(self) -> Table:
        table = self._table("", mark("column"))
        for column, askers in self.plan.columns.items():
            self._row(table, None, self._say(COLUMNS[column.kind], name=column.name), askers=askers)
        return table

    def _table(self, number: str, first: str, *others: str, rows: str | None = None) -> Table:
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        table.add_column(number, justify="right")
        for title in (first, *others):
            table.add_column(self._say(title), overflow="fold")
        if rows is not None:
            table.add_column(self._say(rows), justify="right")
        if len(self.plan.definitions) > 1:
            table.add_column(self._say(mark("asked by")), overflow="fold")
        return table

    def _row(self, table: Table, place: int | None, *cells: str, askers: Sequence[str]) -> None:
        number = "" if place is None else self.speech.number(place)
        who = [self._askers(askers)] if len(self.plan.definitions) > 1 else []
        table.add_row(number, *(Text(cell) for cell in (*cells, *who)))

    def _askers(self, askers: Sequence[str]) -> str:
        shown = self._comma().join(self._name(name) for name in askers[:NAMES_MOST])
        more = len(askers) - NAMES_MOST
        if more <= 0:
            return shown
        return self._say(mark("{names} and {count} more"), names=shown, count=self.speech.number(more))

    def _name(self, name: str) -> str:
        is_text = any(one.name == name and one.kind == "text" for one in self.plan.definitions)
        return self._say(mark("(the definition itself)")) if is_text else name

    # --- sentences

    def _sums(self) -> Iterator[str]:
        plan, number = self.plan, self.speech.number
        if plan.features:
            uses = sum(len(askers) for askers in plan.features.values())
            told = mark("{features} passes over {rows} rows in all; each definition by itself: {uses} over {unshared}")
            yield self._say(
                told,
                features=number(len(plan.features)),
                rows=number(plan.rows_passed),
                uses=number(uses),
                unshared=number(plan.rows_unshared),
            )
        if plan.conditions:
            share = len(plan.fallen_back) / len(plan.conditions)
            yield self._say(
                mark(
                    "columns cannot answer {count} of {all} conditions ({share}), in {definitions} of {of} definitions"
                ),
                count=number(len(plan.fallen_back)),
                all=number(len(plan.conditions)),
                share=self.speech.percent(share),
                definitions=number(len(plan.with_fallback)),
                of=number(len(plan.definitions)),
            )
        else:
            yield self._say(mark("nothing is asked of anybody by itself"))

    def _say(self, text: str, **gaps: object) -> str:
        return self.speech.say(text).format_map(gaps)

    def _comma(self) -> str:
        return "، " if self.speech.language == "fa" else ", "

    def _title(self, text: str) -> None:
        self.console.print()
        self.console.print(Text(text, style="bold"))

    def _dim(self, text: str) -> None:
        self.console.print(Text(text, style="dim"))
