"""A definition as a sentence that a marketer would say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import UnionType

from intarsia.errors import Bug
from intarsia.language import tree as t
from intarsia.language.catalog import Catalog
from intarsia.language.problems.whole import NoSuchTongue
from intarsia.language.sentences.besides import needed
from intarsia.language.sentences.phrases import TONGUES
from intarsia.language.sentences.scope import scope_of
from intarsia.language.sentences.values import Counts, Negation, Values, is_profile, is_time_of_event
from intarsia.language.words.spelling import spell_decimal, spell_name, spell_text
from intarsia.language.writing.show import show


def sentence(
    tree: t.Condition, language: str = "en", counts: Counts | None = None, catalog: Catalog | None = None
) -> str:
    """The definition as a sentence without a full stop; names and values as they are written.

    counts   of the traits of `negated_traits`, if they are at hand
    catalog  tells which names speak of an order and which of its lines; without it the sentence leaves that open
    It says of a negated test that people of whom the value is unknown are among those who are meant (rule 7), and
    with counts, how many.

    >>> from intarsia.language.reading.parse import parse
    >>> sentence(parse("country != 'CZ' and never order in last 90 days"))
    "People whose country is not 'CZ' (or is unknown) and without any order in the last 90 days \
(also those who never had one)"
    >>> sentence(parse("country != 'CZ'"), counts={("country",): 312})
    "People whose country is not 'CZ' (includes 312 people whose country is unknown)"
    """
    tongue = TONGUES.get(language)
    if tongue is None:
        raise NoSuchTongue(tongue=language, known=", ".join(f"`{known}`" for known in TONGUES))
    speaker = _Speaker(tongue, counts or {}, catalog)
    if isinstance(tree, t.Everyone | t.Nobody):
        return speaker.fill(f"people.{type(tree).__name__.lower()}")
    return speaker.fill("people", clause=speaker.clause(tree))


def tongue_of(language: str) -> str:
    """The language in which sentences can be had for a reader of `language`: itself, else English."""
    return language if language in TONGUES else "en"


@dataclass(frozen=True)
class _Speaker(Values):
    """Says conditions in one language."""

    def clause(self, node: t.Condition) -> str:
        """A condition as part of a sentence: "whose country is 'CZ'"."""
        if self.asks_lines(node):
            return self.fill("there_is", line=self.line(node))
        match node:
            case t.And(parts=parts):
                inner = replace(self, have=self.have | needed(node))
                return self.fill("and").join(inner._grouped(part, t.And | t.Or) for part in self._lines_last(parts))
            case t.Or(parts=parts):
                joint = "or.between_ands" if any(isinstance(part, t.And) for part in parts) else "or"
                return self.fill(joint).join(self._grouped(part, t.Or) for part in self._lines_last(parts))
            case t.Not(part=part):
                return self._negated(part)
            case t.Test(held=held):
                return self._tested(node, ".not" if held is not None and held.of_negation else "")
            case t.Everyone() | t.Nobody():
                return self._scoped(type(node).__name__.lower())
            case _:
                return self._statement(node, "")

    def _lines_last(self, parts: tuple[t.Condition, ...]) -> list[t.Condition]:
        """So that nothing behind "a line whose category is 'coats' and" is taken for a word about that line."""
        return sorted(parts, key=self.asks_lines)

    def _of_others(self, condition: t.Condition) -> str:
        """Of people who need not be among those who are meant."""
        return replace(self, counts={}, have=frozenset()).clause(condition)

    def _grouped(self, part: t.Condition, in_brackets: type | UnionType) -> str:
        said = self.clause(part)
        return f"({said})" if isinstance(part, in_brackets) else said

    def _scoped(self, key: str, **gaps: object) -> str:
        return self.fill(key if self.scope is None else f"event.{key}", **gaps)

    def _tested(self, node: t.Test, negation: Negation) -> str:
        value, operator = node.value, node.operator
        if is_profile(value) and operator == t.Is("identified") and node.held is None:
            return self.fill(f"identified{negation}")
        if isinstance(value, t.Aggregate) and is_time_of_event(value) and operator == t.Is("known"):
            return self._statement(t.Did(value.event, value.where, value.window), negation)
        return self._scoped("test", test=self.test(node, negation))

    def _negated(self, part: t.Condition) -> str:
        if isinstance(part, t.Test) and part.held is None:
            return self._tested(part, ".not")
        if isinstance(part, _SAID_NEGATED):
            return self._statement(part, ".not")
        return self._scoped("not", clause=self._of_others(part))

    def _statement(self, node: t.Condition, negation: Negation) -> str:
        """A condition that is one phrase."""
        match node:
            case t.Did(event=event, where=where, window=window):
                key = f"did{negation}"
                if negation and where is None and window is None:
                    key = "did.not.ever"
                elif negation and event in self.have:
                    key = "did.not.of_those"
                return self.fill(key, events=self.events(event, where, window))
            case t.Had(which=which, event=event, where=where, window=window, condition=condition):
                one = self.narrowed(self.fill("one"), scope_of(event, self.catalog), condition)
                events = self.events(event, where, window)
                return self.fill(f"had{negation}", which=which, events=events, one=one)
            case t.InSegment(name=name, at=at):
                key = f"segment{negation}" if at is None else f"segment.at{negation}"
                return self.fill(key, name=spell_text(name), time=at and show(at))
            case t.Moved(how=how, name=name, window=window):
                key = f"moved.{how}.ever{negation}" if window is None else f"moved.{how}{negation}"
                return self.fill(key, name=spell_text(name), window=window and self.window(window))
            case t.Rank():
                return self._rank(node, negation)
            case t.Near() | t.InsideArea() | t.Consent():
                return self._place_or_consent(node, negation)
            case _:
                return self._pattern(node)

    def _place_or_consent(self, node: t.Near | t.InsideArea | t.Consent, negation: Negation) -> str:
        match node:
            case t.Near():
                latitude, longitude = spell_decimal(node.latitude), spell_decimal(node.longitude)
                distance = spell_decimal(node.kilometres)
                return self.fill(f"near{negation}", distance=distance, latitude=latitude, longitude=longitude)
            case t.InsideArea(name=name):
                return self.fill(f"area{negation}", name=spell_text(name))
            case t.Consent(channel=channel, purpose=purpose, state=state):
                asked = {"channel": spell_name(channel), "purpose": spell_name(purpose)}
                return self.fill(f"consent.{state}{negation}", **asked)

    def _rank(self, node: t.Rank, negation: Negation) -> str:
        """Ranked are those who have a value; all others are among those whom the negation means (rule 37)."""
        amount = spell_decimal(node.amount) + ("%" if node.is_percent else "")
        gaps = {"direction": node.direction, "amount": amount, "value": self.the(node.by)}
        if node.among is not None and negation:
            return self.fill("rank.among.not", **gaps, among=self._of_others(node.among))
        if node.among is None:
            said = self.fill(f"rank{negation}", **gaps)
        else:
            said = self.fill("rank.among", **gaps, among=self._of_others(node.among))
        have = {t.Aggregate: "any", t.Bucket: "everybody"}.get(type(node.by), "known")
        return self.fill(f"rank.{have}{negation}", rank=said)

    # --- events in time

    def _pattern(self, node: t.Condition) -> str:
        match node:
            case t.Sequence(steps=steps, window=window):
                said = self.fill("then").join(map(self._step, steps))
                if window is None:
                    return self.fill("sequence", steps=said)
                return self.fill("sequence.within", steps=said, window=self.window(window))
            case t.Active():
                return self._active(node)
            case t.Lapsed() | t.FirstTime():
                key = "lapsed" if isinstance(node, t.Lapsed) else "first_time"
                return self.fill(key, events=self.events(node.event, node.where), window=self.rolling(node.length))
            case t.Returned():
                events = self.events(node.event, node.where)
                within, after = self.rolling(node.length), self.length(node.after)
                return self.fill("returned", events=events, window=within, after=after)
            case _:
                raise Bug(what=f"no sentence for a {type(node).__name__}")

    def _step(self, node: t.Step) -> str:
        key = "step" + (".absent" if node.is_absent else "") + (".within" if node.within else "")
        within = node.within and self.length(node.within)
        said = self.events(node.event, node.where)
        return self.fill(key, events=said if node.is_absent else self.tongue.with_article(said), length=within)

    def _active(self, node: t.Active) -> str:
        key, many = ("active", "") if node.times == 1 else ("active.times", ".many")
        events = self.events(node.event, node.where, many=many)
        if node.periods == 1:
            return self.fill(f"{key}.once", events=events, times=node.times, window=self.only_period(node))
        key += ".each" if node.hits == node.periods else ""
        return self.fill(key, events=events, times=node.times, hits=node.hits, periods=self.periods(node))


_SAID_NEGATED = t.Did | t.Had | t.InSegment | t.Rank | t.Moved | t.Near | t.InsideArea | t.Consent
"""Conditions with a phrase for their negation; that of lines is said where all lines are spoken of."""
