"""Asking a back-test: members at past dates, by what was known then, and what they did next, by what is known now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from intarsia.analysis.backtest import Backtest, BacktestDate, Knowledge
from intarsia.analysis.comparing import Comparison, Group, compare, group_of_numbers, group_of_yes
from intarsia.analysis.outcomes import Outcome, Placed, read_outcome
from intarsia.clock import to_iso
from intarsia.engine.sql.missing import MissingRate
from intarsia.errors import Phrase, UserError, phrase
from intarsia.lake.statements import statements
from intarsia.language import check, tree
from intarsia.segment.asking import Asking
from intarsia.speech import mark


class NobodyKnownThen(UserError):
    """A back-test of dates at which nothing was recorded yet."""

    code = "backtest.nobody-known"
    says = mark("on none of the dates up to {last} was anybody known: the first message was recorded at {first}")
    advises = mark("a past that was loaded later can only be asked about in hindsight: `--hindsight`")


@dataclass(frozen=True)
class Plan:
    """What a back-test is to ask.

    text_or_name  a segment, or a definition; outcome: a text, see `outcomes.read_outcome`
    dates         instants, milliseconds UTC, rising; until: a window that ends later is not over yet
    """

    text_or_name: str
    outcome: str
    dates: Sequence[int]
    until: int


def backtest(asking: Asking, plan: Plan) -> Backtest:
    """Members by what had happened and was known at each date; their outcome by what the question knows.

    The definition, and those of the segments that it names, are those in force for the question. Raises what is wrong
    with the definition or the outcome, and `NobodyKnownThen`.
    """
    return _Run(asking, plan, "then").result()


def backtest_in_hindsight(asking: Asking, plan: Plan) -> Backtest:
    """The same, but members by what had happened at each date, whenever it was learned.

    For a past that was loaded later. What was learned late, or corrected, decides who is a member too.
    """
    return _Run(asking, plan, "hindsight").result()


class _Run:
    """One back-test over one state of the record."""

    def __init__(self, asking: Asking, plan: Plan, knowledge: Knowledge) -> None:
        self._asking = asking
        self._plan = plan
        self._knowledge: Knowledge = knowledge
        self._checked = asking.checked(plan.text_or_name)
        self._outcome = read_outcome(plan.outcome, asking.catalog)
        self._missing: dict[tuple[str, object], MissingRate] = {}

    def result(self) -> Backtest:
        asking, plan = self._asking, self._plan
        dates = tuple(self._date(date) for date in plan.dates)
        if not any(date.base for date in dates):
            self._refuse_nobody()
        definition = asking.definitions.get(plan.text_or_name)
        is_rule = definition is not None and definition.kind != "list"
        return Backtest(
            definition.text if definition is not None and is_rule else plan.text_or_name,
            self._outcome,
            self._knowledge,
            dates,
            asking.as_of,
            tuple(self._notes(dates)),
            asking.doubts(plan.text_or_name),
            tuple(self._missing[key] for key in sorted(self._missing, key=str)),
        )

    def _date(self, date: int) -> BacktestDate:
        placed = self._outcome.after(date)
        known_at = date if self._knowledge == "then" else self._asking.as_of.known_at
        with self._asking.again(date, known_at) as then:
            people = {
                "then_people": then.session.execute("select profile_no from people"),
                "then_members": then.numbers(self._plan.text_or_name),
                "then_survivors": then.evaluator.persons.survivors,
            }
            self._note_missing(then.missing_rates(self._plan.text_or_name))
        size, base = people["then_members"].num_rows, people["then_people"].num_rows
        is_over = base > 0 and placed.end <= self._plan.until
        comparison = self._comparison(placed, people) if is_over else None
        return BacktestDate(date, placed.end, size, base, comparison)

    def _comparison(self, placed: Placed, people: Mapping[str, pa.Table]) -> Comparison:
        with self._asking.again(placed.end, self._asking.as_of.known_at) as later:
            session, evaluator = later.session, later.evaluator
            for name, table in people.items():
                session.register(name, table)
            session.register("now_survivors", evaluator.persons.survivors)
            compared = session.execute(_blocks()["people"])
            session.register("compared_people", compared)
            # Who was deleted since is no less one of those who were there.
            evaluator.ask_of(compared)
            groups = _yes(later, placed) if self._outcome.measure == "share" else _numbers(later, placed, self._outcome)
            self._note_missing(evaluator.missing_rates_of(check(_tested(placed.asked), later.catalog)))
        return compare(groups[True], groups[False])

    def _note_missing(self, rates: Iterable[MissingRate]) -> None:
        self._missing.update({(rate.currency, rate.day): rate for rate in rates})

    # --- what a reader should know

    def _recorded(self) -> Mapping[str, int | None]:
        as_of = self._asking.as_of
        values = {"at": as_of.at, "known_at": as_of.known_at}
        [row] = self._asking.session.execute(_blocks()["recorded"], values).to_pylist()
        return dict(row)

    def _refuse_nobody(self) -> None:
        first, last = self._recorded()["first_recorded"], to_iso(self._plan.dates[-1])
        if self._knowledge == "hindsight" or first is None:
            return
        raise NobodyKnownThen(last=last, first=to_iso(first))

    def _notes(self, dates: Sequence[BacktestDate]) -> Iterable[Phrase]:
        yield from self._of_definition()
        unknown = sum(date.state == "nobody known" for date in dates)
        if unknown:
            yield phrase("dates at which nobody was known yet: {count}", count=unknown)
        last = self._recorded()["last_happened"]
        short = sum(date.comparison is not None and (last is None or last < date.end) for date in dates)
        if last is not None and short:
            yield phrase(
                "the last event of the record is of {last}; windows that end later and may lack what is not "
                "loaded yet: {count}",
                last=to_iso(last),
                count=short,
            )

    def _of_definition(self) -> Iterable[Phrase]:
        """Of lists and of moves: both speak of when a segment was put down, which is later than many a date."""
        first, name = self._plan.dates[0], self._plan.text_or_name
        evaluator = self._asking.evaluator
        named = {node.name for node in self._checked.tree.walk() if isinstance(node, tree.InSegment | tree.Moved)}
        reached = evaluator.named.reached({name} & self._asking.definitions.keys() | named)
        for other in sorted(reached):
            definition = self._asking.definitions.get(other)
            if definition is not None and definition.kind == "list" and definition.created_at > first:
                yield phrase(
                    "`{name}` is a list of {date}: who made it may have known what came later",
                    name=other,
                    date=to_iso(definition.created_at),
                )
        rules = [self._checked, *(rule for other in reached for rule in evaluator.named.rules(other))]
        moved = {node.name for rule in rules for node in rule.tree.walk() if isinstance(node, tree.Moved)}
        for other in sorted(moved):
            since = evaluator.named[other].created_at
            if since > first:
                yield phrase(
                    "who entered or left `{name}` is known from {date} on, when it was put down",
                    name=other,
                    date=to_iso(since),
                )


Groups = Mapping[bool, Group]


def _numbers(later: Asking, placed: Placed, outcome: Outcome) -> Groups:
    """The numbers of members (True) and of the rest."""
    session = later.session
    session.register("outcome_values", later.evaluator.values(_value(placed)))
    values = session.execute(_blocks()["numbers"])
    is_member, numbers = values["is_member"].to_numpy(), values["value"].to_numpy()
    totals = {row["is_member"]: row for row in session.execute(_blocks()["totals"]).to_pylist()}

    def group(which: bool) -> Group:
        row = totals.get(which, {"people": 0, "micro": 0})
        total = Decimal(int(row["micro"])).scaleb(-6) if outcome.is_sum else None
        return group_of_numbers(numbers[is_member] if which else numbers[~is_member], row["people"], total)

    return {which: group(which) for which in (True, False)}


def _yes(later: Asking, placed: Placed) -> Groups:
    """How many of the members (True) and of the rest meet the condition."""
    session = later.session
    session.register("outcome_members", later.evaluator.members(check(_tested(placed.asked), later.catalog)))
    found = {row["is_member"]: row for row in session.execute(_blocks()["yes"]).to_pylist()}
    nobody = {"yes": 0, "people": 0}
    return {which: group_of_yes(**_counts(found.get(which, nobody))) for which in (True, False)}


def _counts(row: Mapping[str, int]) -> dict[str, int]:
    return {"yes": row["yes"], "people": row["people"]}


_VALUES = (tree.Path, tree.Aggregate, tree.Ratio, tree.Trend, tree.Anniversary, tree.Bucket)


def _tested(asked: tree.Value | tree.Condition) -> tree.Condition:
    """A condition as it is; of a number, that it is known."""
    return tree.Test(asked, tree.Is("known")) if isinstance(asked, _VALUES) else asked


def _value(placed: Placed) -> tree.Value:
    assert isinstance(placed.asked, _VALUES)
    return placed.asked


def _blocks() -> Mapping[str, str]:
    return statements(Path(__file__).with_name("backtest.sql"))
