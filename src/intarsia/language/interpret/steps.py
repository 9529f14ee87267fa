"""What would make one condition hold, or cease to: in words with numbers, and where it is sure as facts to be added."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from intarsia.clock import to_iso
from intarsia.errors import Phrase, phrase
from intarsia.language import tree
from intarsia.language.interpret.consents import agreed
from intarsia.language.interpret.explain import plain
from intarsia.language.interpret.known import PROFILE, Known
from intarsia.language.interpret.making import happens_now, said_now, value_for
from intarsia.language.interpret.places import metres_to
from intarsia.language.interpret.sets import Sets
from intarsia.language.interpret.whole import Asked, ByHand, InBase, OnList
from intarsia.language.meaning.areas import LATITUDE, LONGITUDE
from intarsia.language.meaning.consents import GIVEN, WITHDRAWN
from intarsia.language.meaning.deletion import RESTORED, is_deleted
from intarsia.language.meaning.facts import Fact, Json
from intarsia.language.meaning.values import shortest
from intarsia.language.writing.show import show

LASTING = (("birth_date",), PROFILE)
"""Traits that nothing that happens changes."""
OPEN = phrase("no single fact is known that would do it")
LEAST = Decimal("0.000001")
"""Numbers have six places at most."""


@dataclass(frozen=True)
class Step:
    """One condition that would have to turn.

    condition   without `not` around it; becomes: whether it would have to hold
    says        what would do it
    can_change  False: nothing that happens does it; it may still do so by itself
    adds        facts that would do it, happening at the instant of the question; none where that is not known exactly
    otherwise   what is said where such facts were tried and do not do it; None: `says`
    turns_at    when it turns if nothing happens, milliseconds UTC; None: never, or nobody can say
    """

    condition: Asked
    becomes: bool
    says: Phrase
    can_change: bool = True
    adds: tuple[Fact, ...] = ()
    otherwise: Phrase | None = None
    turns_at: int | None = None

    @property
    def text(self) -> str:
        """What would have to hold, as the language writes it; of the base, and of what is done by hand, nothing."""
        if isinstance(self.condition, InBase | OnList | ByHand):
            return ""
        return show(self.condition if self.becomes else tree.Not(self.condition))

    def line(self, tell: Callable[[str], str]) -> Phrase:
        """What would have to hold and what would do it; `tell` makes an instant in ISO 8601 readable."""
        said = self.says
        if self.turns_at is not None:
            said = phrase("{what}; by itself on {instant}", what=said, instant=tell(to_iso(self.turns_at)))
        return Phrase("{test}: {what}", {"test": self.text, "what": said}) if self.text else said

    def to_json(self) -> dict[str, str | bool | None]:
        """What would have to hold, what would do it, whether anything can, and when it comes by itself."""
        return {
            "text": self.text or None,
            "says": str(self.says),
            "can_change": self.can_change,
            "turns_at": None if self.turns_at is None else to_iso(self.turns_at),
        }


def lasting(node: Asked, becomes: bool, what: str) -> Step:
    """A condition that nothing changes."""
    return Step(node, becomes, phrase("`{what}` cannot be changed", what=what), can_change=False)


def open_step(node: Asked, becomes: bool) -> Step:
    """A condition of which no exact facts are known that would turn it."""
    return Step(node, becomes, OPEN)


def told(value: object) -> object:
    """A value as an explanation shows it, None as `unknown`; texts in quotes."""
    if value is None:
        return phrase("unknown")
    shown = plain(value)  # type: ignore[arg-type]
    if isinstance(value, str):
        return f"'{shown}'"
    if isinstance(shown, bool):
        return "true" if shown else "false"
    return shown if isinstance(shown, str) else str(shown)


def of_person(node: Asked, becomes: bool, known: Known, sets: Sets) -> Step | None:
    """What would turn a condition that does not speak of events; None: it does."""
    match node:
        case tree.Test(value=tree.Path()):
            return _of_trait(node, becomes, known)
        case tree.Test(value=tree.Anniversary(path=path)):
            return lasting(node, becomes, show(path))
        case tree.Test(value=tree.Bucket() as bucket):
            return lasting(node, becomes, show(bucket))
        case tree.Consent():
            return _of_consent(node, becomes, known)
        case tree.Near():
            return _of_place(node, becomes, known)
        case tree.Rank():
            return _of_rank(node, becomes, known, sets)
        case tree.InSegment() | tree.Everyone() | tree.Nobody():
            return lasting(node, becomes, show(node))
        case tree.Moved() | tree.InsideArea():
            return open_step(node, becomes)
        case InBase() | OnList() | ByHand():
            return _of_membership(node, becomes, known)
        case _:
            return None


# --- traits


def _of_trait(test: tree.Test, becomes: bool, known: Known) -> Step:
    assert isinstance(test.value, tree.Path)
    names = test.value.names
    trait = known.catalog.trait(names) or known.catalog.trait(names[:1])
    if names in LASTING or (trait is not None and trait.changes_by_time):
        return lasting(test, becomes, show(test.value))
    has = known.trait(names).value
    if test.held is not None:
        is_of_negation = test.held.of_negation
        alone = tree.Test(test.value, test.operator, test.ignoring_case)
        lasts = show(tree.Not(alone) if is_of_negation else alone)
        says = phrase("`{test}` would have to be so without a break; it is {has}", test=lasts, has=told(has))
        return Step(test, becomes, says)
    wanted = _wanted(test.operator, becomes)
    says = phrase(
        "`{value}` would have to be {wanted}; it is {has}", value=show(test.value), wanted=wanted, has=told(has)
    )
    found = value_for(test.operator, known.when, holds=becomes, ignoring_case=test.ignoring_case)
    adds = () if found is None else (said_now(known.question, 0, _nested(names, found[0], known)),)
    return Step(test, becomes, says, adds=adds)


def _nested(names: Sequence[str], value: Json, known: Known) -> dict[str, Json]:
    """A statement of what lies at a path, which leaves alone what else its object says."""
    if len(names) == 1:
        return {names[0]: value}
    there = known.trait(tuple(names[:1])).value
    return {names[0]: _with_inside(there, names[1:], value)}


def _with_inside(there: Json, path: Sequence[str], value: Json) -> Json:
    """An object with another value at a path."""
    if not path:
        return value
    found = dict(there) if isinstance(there, Mapping) else {}
    return {**found, path[0]: _with_inside(found.get(path[0]), path[1:], value)}


_SIGNS = {
    ("<", True): phrase("less than {constant}"),
    ("<=", True): phrase("at most {constant}"),
    (">", True): phrase("more than {constant}"),
    (">=", True): phrase("at least {constant}"),
    ("<", False): phrase("at least {constant}"),
    ("<=", False): phrase("more than {constant}"),
    (">", False): phrase("at most {constant}"),
    (">=", False): phrase("less than {constant}"),
    ("=", False): phrase("other than {constant}"),
}


def _wanted(test: tree.Operator, becomes: bool) -> Phrase:
    """What a value would have to be."""
    match test:
        case tree.Compare(operator="=", constant=constant) if becomes:
            return Phrase("{constant}", {"constant": show(constant)})
        case tree.Compare(operator=sign, constant=constant):
            return Phrase(_SIGNS[sign, becomes].words, {"constant": show(constant)})
        case tree.Range(low=low, high=high):
            ends = {"low": show(low), "high": show(high)}
            return phrase("from {low} to {high}", **ends) if becomes else phrase("outside {low} to {high}", **ends)
        case tree.OneOf(constants=constants):
            items = ", ".join(map(show, constants))
            return phrase("one of {items}", items=items) if becomes else phrase("none of {items}", items=items)
        case tree.Is(what="known"):
            return phrase("known") if becomes else phrase("unknown")
        case tree.Is(what="empty"):
            return phrase("empty") if becomes else phrase("not empty")
        case _:
            shown = show(test)
            fits, not_fits = phrase("one that fits `{test}`", test=shown), phrase("none that fits `{test}`", test=shown)
            return fits if becomes else not_fits


# --- consent, place, sets of people


def _of_consent(node: tree.Consent, becomes: bool, known: Known) -> Step:
    name = {("given", True): GIVEN, ("withdrawn", True): WITHDRAWN, ("given", False): WITHDRAWN}.get(
        (node.state, becomes), GIVEN
    )
    of = {"channel": node.channel, "purpose": node.purpose}
    if node.state == "unknown" and becomes:
        return lasting(node, becomes, show(node))
    if name == GIVEN:
        says = phrase("consent by `{channel}` for `{purpose}` would have to be given", **of)
    else:
        says = phrase("consent by `{channel}` for `{purpose}` would have to be withdrawn", **of)
    # Of one instant a withdrawal wins: then no grant does it at once.
    fact = agreed(known, node.channel, node.purpose).fact
    is_late = fact is not None and fact.occurred_at == known.question.at
    return Step(node, becomes, says, adds=() if is_late else (happens_now(known.question, 0, name, of),))


def _of_place(node: tree.Near, becomes: bool, known: Known) -> Step:
    metres = metres_to(node, known)
    has = phrase("unknown") if metres is None else phrase("{metres} m away", metres=metres)
    if not becomes:
        far = phrase(
            "the place would have to be farther than {km} km; it is {has}", km=shortest(node.kilometres), has=has
        )
        return Step(node, becomes, far)
    says = phrase("the place would have to be within {km} km; it is {has}", km=shortest(node.kilometres), has=has)
    place = {LATITUDE[0]: node.latitude, LONGITUDE[0]: node.longitude}
    return Step(node, becomes, says, adds=(said_now(known.question, 0, place),))


def _of_rank(node: tree.Rank, becomes: bool, known: Known, sets: Sets) -> Step:
    from intarsia.language.interpret.conditions import answer

    edge, has = sets.ranking(node).edge, answer(node.by, known)
    of = {"value": show(node.by), "edge": told(edge), "has": told(has)}
    if edge is None or has is None:
        says = phrase("`{value}` would have to get another place in the rank; it is {has}", **of)
    elif becomes:
        says = phrase("`{value}` would have to pass {edge}, which the last one has who is taken; it is {has}", **of)
    else:
        says = phrase(
            "`{value}` would have to fall behind {edge}, which the last one has who is taken; it is {has}", **of
        )
    return Step(node, becomes, says)


def _of_membership(node: InBase | OnList | ByHand, becomes: bool, known: Known) -> Step:
    if isinstance(node, InBase):
        if becomes and is_deleted(known.facts):
            says = phrase("the person would have to be restored")
            return Step(node, becomes, says, adds=(happens_now(known.question, 0, RESTORED, {}),))
        return Step(node, becomes, phrase("nothing is known of the person yet"), can_change=False)
    of = {"segment": node.name}
    if isinstance(node, OnList):
        on, off = (
            phrase("being put on the list `{segment}`", **of),
            phrase("being taken off the list `{segment}`", **of),
        )
        return Step(node, becomes, on if becomes else off)
    if becomes:
        # Anybody can be put anywhere by hand: that is no change of what is known, and is never proposed.
        return Step(node, becomes, phrase("a pin into `{segment}`", **of), can_change=False)
    if node.is_exclusion:
        return Step(node, becomes, phrase("the exclusion from `{segment}` would have to be taken back", **of))
    return Step(node, becomes, phrase("the pin into `{segment}` would have to be taken back", **of))


def unit_of(is_count: bool, is_money: bool, digits: int) -> Decimal:
    """The least step of a number: 1 of counts, the minor unit of money, the last of six places."""
    if is_count:
        return Decimal(1)
    return Decimal(1).scaleb(-digits) if is_money else LEAST
