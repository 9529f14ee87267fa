"""What in a definition can find nobody though its names are known: no value ever came of them, or never such a one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from intarsia.errors import Phrase, Span, one_of, phrase
from intarsia.language import Checked, tree
from intarsia.language.catalog import Catalog, EventType, Kind, nearest
from intarsia.language.meaning.areas import LATITUDE
from intarsia.language.meaning.values import fold, fold_case
from intarsia.language.words.meanings import KINDS
from intarsia.language.words.spelling import spell_path, spell_text
from intarsia.profile.climate import CLASSES
from intarsia.profile.derived import GENERATIONS, sources
from intarsia.profile.places import gazetteer
from intarsia.record.words import fits

NO_VALUES = "no-values"
NO_SUCH_VALUE = "no-such-value"

Names = tuple[str, ...]
Nearest = Callable[[str], str | None]


@dataclass(frozen=True)
class Doubt:
    """One reason why a part of a definition can find nobody.

    code  "no-values": nobody has what it names; "no-such-value": nobody can have the value that it asks for
    says  a sentence
    text  what the definition was read from; span: the place in it, if it is known
    """

    code: str
    says: Phrase
    text: str | None = None
    span: Span | None = None

    def to_json(self) -> dict[str, object]:
        """Code, message in English, position (start, end, text) or None."""
        place = self.span and {"start": self.span.start, "end": self.span.end, "text": self.text}
        return {"code": self.code, "message": str(self.says), "position": place}


def doubts(checked: Checked, text: str | None = None) -> tuple[Doubt, ...]:
    """Everything in a definition that can find nobody, in the order of the text, each once.

    A negation of it holds for everybody instead, which is as little what was meant.
    text  what the definition was read from
    """
    found: dict[str, Doubt] = {}
    for code, says, node in _found(checked.tree, checked.catalog, None):
        found.setdefault(str(says), Doubt(code, says, text, node.span))
    return tuple(sorted(found.values(), key=lambda doubt: doubt.span.start if doubt.span else 0))


Found = tuple[str, Phrase, tree.Node]


def _found(node: tree.Node, catalog: Catalog, event: EventType | None) -> Iterator[Found]:
    """What is doubtful in a node; `event`: whose property a path is, None: it is a trait."""
    match node:
        case tree.Path():
            yield from _of_trait(node, catalog) if event is None else _of_property(node, node.names, catalog, event)
        case tree.Near() | tree.InsideArea():
            yield from _of_trait(tree.Path(LATITUDE, span=node.span), catalog)
        case tree.Event():
            yield from _of_event(node, catalog)
        case tree.Test(value=tree.Path() as path) if event is None and path.names not in catalog.sent.blank_traits:
            yield from _of_values(node, path, catalog)
        case _:
            named = getattr(node, "event", None)
            if isinstance(named, tree.Event):
                event = catalog.event_of(named)
                if event is not None and catalog.sent.lacks_event(event):
                    yield from _of_event(named, catalog)  # of an event that never came, no property did
                    return
            for child in node.children():
                yield from _found(child, catalog, event)


# --- names


def _of_trait(node: tree.Path, catalog: Catalog) -> Iterator[Found]:
    if node.names not in catalog.sent.blank_traits:
        return
    name, trait = spell_path(node.names), catalog.trait(node.names)
    says = phrase("nobody has `{name}` yet", name=name)
    if trait is not None and trait.is_derived:
        read = one_of(f"`{source}`" for source in sources(name) if source not in (name, "address"))
        says = phrase("nobody has `{name}` yet: it is worked out from {sources}", name=name, sources=read)
    yield NO_VALUES, says, node


def _of_event(node: tree.Event, catalog: Catalog) -> Iterator[Found]:
    event = catalog.event_of(node)
    if event is None:
        return
    if catalog.sent.lacks_event(event):
        yield NO_VALUES, phrase("no event `{name}` ever came", name=event.name), node
    elif node.names[1:]:
        yield from _of_property(node, node.names[1:], catalog, event)


def _of_property(node: tree.Node, names: Names, catalog: Catalog, event: EventType) -> Iterator[Found]:
    found = event.property(names)
    if found is not None and catalog.sent.lacks_property(event, found):
        name = spell_path(names)
        yield NO_VALUES, phrase("no event `{event}` that came has `{name}`", event=event.name, name=name), node


# --- values


def _of_values(node: tree.Test, path: tree.Path, catalog: Catalog) -> Iterator[Found]:
    """The texts that a trait is compared with and that it never is."""
    match node.operator:
        case tree.Compare(operator="=", constant=constant):
            constants: tuple[tree.Constant, ...] = (constant,)
        case tree.OneOf(constants=constants):
            pass
        case _:
            return
    for text in constants:
        if isinstance(text, tree.Text) and (says := _never(path.names, text.value, node.ignoring_case, catalog)):
            yield NO_SUCH_VALUE, says, text


def _never(names: Names, value: str, ignoring_case: bool, catalog: Catalog) -> Phrase | None:
    """What is said if a trait is never a certain text; None if it may be."""
    name, written, kind = spell_path(names), spell_text(value), catalog.sent.kinds.get(names)
    if kind is not None and not fits(fold(value), kind) and not (kind is Kind.BOOLEAN and value in ("true", "false")):
        what = Phrase(KINDS[kind])
        return phrase("`{name}` is never {value}: each of its values is {kind}", name=name, value=written, kind=what)
    if names not in _CLOSED:
        return None
    close, folded = _CLOSED[names](value), fold_case if ignoring_case else fold
    if close is None:
        return None if names in catalog.sent.recorded else phrase("`{name}` is never {value}", name=name, value=written)
    if folded(close) == folded(value) or (names in catalog.sent.recorded and names != CODE):
        return None
    near = spell_text(close)
    return phrase("`{name}` is never {value}; the nearest is {near}", name=name, value=written, near=near)


def _among(known: Iterable[str]) -> Nearest:
    """The nearest of some values."""
    values = list(known)
    return lambda value: value if value in values else next(iter(nearest(value, values, most=1)), None)


CODE = ("country_code",)
"""What is recorded under this name is read as a country too, so that 'cz' stands as 'CZ'."""

_CLOSED: dict[Names, Nearest] = {
    ("generation",): _among(name for name, _, _ in GENERATIONS),
    ("climate",): _among(filter(None, CLASSES)),
    CODE: lambda value: gazetteer().country_code(value),
}
"""Traits that have certain values only, unless others are recorded under their name: the one nearest to a text."""
