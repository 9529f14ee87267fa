"""How definitions are evaluated: what of the record they look at, what is shared, what answers which condition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from intarsia.engine.kernel.fallback import seen_from
from intarsia.engine.plan.blank import Blank
from intarsia.engine.plan.noted import Feature, PersonColumn
from intarsia.engine.plan.plan import Part, Planner
from intarsia.engine.plan.rows import row_counts
from intarsia.engine.sql.compile import Compiled
from intarsia.engine.sql.laid_out import laid_out
from intarsia.errors import UserError
from intarsia.language import Checked, show, tree
from intarsia.segment.asking import Asking, AsOf
from intarsia.segment.definitions import in_dependency_order

_Asked = TypeVar("_Asked")


@dataclass(frozen=True)
class PlannedDefinition:
    """One definition; error: it is invalid, and has no plan.

    name   of a segment, else the text that was asked about
    kind   "rule", "list", or "text" of what is no segment
    parts  what is asked of each person by itself, in the order of the text; compiled: the question in SQL
    """

    name: str
    kind: str
    text: str
    parts: tuple[Part, ...] = ()
    compiled: Compiled | None = None
    error: UserError | None = None

    @property
    def falls_back(self) -> bool:
        """Whether columns do not answer all of it."""
        return any(part.falls_back for part in self.parts)

    @property
    def sql(self) -> str | None:
        """The statement that DuckDB would be given, laid out; its values are bound by name."""
        return None if self.compiled is None else laid_out(self.compiled.sql)

    @property
    def relations(self) -> dict[str, str | None]:
        """What the statement reads, beside `people`; of other segments' members and sets of people what they are."""
        if self.compiled is None:
            return {}
        one = self.compiled
        made = (*one.given, *one.by_zone, *one.shifts, *(each.relation for each in one.histories))
        plain = dict.fromkeys(sorted({*one.relations, *made, *(("derived",) if one.derived else ())}))
        segments = {relation: show(tree.InSegment(name)) for name, relation in one.segments.items()}
        return {**plain, **segments, **{relation: show(node) for relation, node in one.sets.items()}}


@dataclass(frozen=True)
class QueryPlan:
    """How some definitions are evaluated together.

    definitions  those that are named before those that name them
    rows         how many rows of its events each feature passes over, estimated from the counts of the record
    """

    definitions: tuple[PlannedDefinition, ...]
    rows: Mapping[Feature, int]
    as_of: AsOf

    @cached_property
    def conditions(self) -> dict[Part, list[str]]:
        """Every condition once, with the names of those that ask it."""
        return _askers((part, one.name) for one in self.definitions for part in one.parts)

    @cached_property
    def features(self) -> dict[Feature, list[str]]:
        """Every feature once, with the names of those that need it; the dearest first."""
        pairs = ((feature, one.name) for one in self.definitions for part in one.parts for feature in part.features)
        found = _askers(pairs)
        order = sorted(found, key=lambda feature: (-self.rows[feature], -len(found[feature]), feature.text))
        return {feature: found[feature] for feature in order}

    @cached_property
    def columns(self) -> dict[PersonColumn, list[str]]:
        """Every column of people once, with the names of those that look at it."""
        pairs = ((column, one.name) for one in self.definitions for part in one.parts for column in part.columns)
        found = _askers(pairs)
        return {column: found[column] for column in sorted(found, key=lambda column: (column.kind, column.name))}

    @property
    def rows_passed(self) -> int:
        """The rows of all features, each worked out once."""
        return sum(self.rows[feature] for feature in self.features)

    @property
    def rows_unshared(self) -> int:
        """The rows that there would be if each definition worked its features out by itself."""
        return sum(self.rows[feature] * len(askers) for feature, askers in self.features.items())

    @property
    def fallen_back(self) -> list[Part]:
        """The conditions that columns were to answer, and cannot."""
        return [part for part in self.conditions if part.falls_back]

    @property
    def with_fallback(self) -> list[str]:
        """The definitions that have such a condition."""
        return [one.name for one in self.definitions if one.falls_back]

    def to_json(self, *, with_sql: bool = False) -> dict[str, object]:
        """Definitions, conditions, features and columns, each once, by their numbers; rows are estimates."""
        number = {feature: place for place, feature in enumerate(self.features, 1)}
        condition = {part: place for place, part in enumerate(self.conditions, 1)}
        return {
            "definitions": [_definition_json(one, condition, with_sql=with_sql) for one in self.definitions],
            "conditions": [
                {
                    "no": condition[part],
                    "text": part.text,
                    "by": part.by,
                    "reason": None if part.reason is None else str(part.reason),
                    "features": [number[feature] for feature in part.features],
                    "columns": [{"kind": column.kind, "name": column.name} for column in part.columns],
                    "asked_by": askers,
                }
                for part, askers in self.conditions.items()
            ],
            "features": [
                {"no": number[feature], **_feature_json(feature), "rows": self.rows[feature], "asked_by": askers}
                for feature, askers in self.features.items()
            ],
            "columns": [
                {"kind": column.kind, "name": column.name, "asked_by": askers}
                for column, askers in self.columns.items()
            ],
            "unit": "rows",
            "rows": self.rows_passed,
            "rows_unshared": self.rows_unshared,
            "fallen_back": {
                "conditions": len(self.fallen_back),
                "of_conditions": len(self.conditions),
                "definitions": len(self.with_fallback),
                "of_definitions": len(self.definitions),
            },
            "as_of": self.as_of.to_json(),
        }


def query_plan(asking: Asking, text_or_name: str | None = None) -> QueryPlan:
    """How a definition, with the segments that it rests on, is evaluated; None: all segments together.

    Raises what is wrong with that definition; of the others it is told.
    """
    evaluator, catalog, as_of = asking.evaluator, asking.catalog, asking.as_of
    when = seen_from(catalog, as_of.at, as_of.known_at)
    planner = Planner(
        Blank(evaluator.catalog, has_refunds=evaluator.has_refunds()),
        when,
        is_ranked=lambda name: evaluator.named.are_ranked([name]),
    )
    planned = tuple(_planned(asking, planner, text_or_name))
    features = {feature for one in planned for part in one.parts for feature in part.features}
    counts = row_counts(evaluator)
    return QueryPlan(planned, {feature: counts.of(feature, when) for feature in features}, as_of)


def _planned(asking: Asking, planner: Planner, text_or_name: str | None) -> Iterator[PlannedDefinition]:
    definitions, invalid = asking.definitions, asking.invalid
    wanted = set(definitions)
    if text_or_name is not None:
        if text_or_name in invalid:
            raise invalid[text_or_name]
        wanted = _reached(asking, text_or_name)
    for definition in in_dependency_order(definitions, asking.register.named_by):
        if definition.name not in wanted:
            continue
        if definition.name in invalid:
            yield PlannedDefinition(definition.name, definition.kind, definition.text, error=invalid[definition.name])
        elif definition.kind == "list":
            yield PlannedDefinition(definition.name, definition.kind, definition.text)
        else:
            yield _made(asking, planner, definition.name, definition.kind, asking.checked(definition.name))
    if text_or_name is not None and text_or_name not in definitions:
        yield _made(asking, planner, text_or_name, "text", asking.checked(text_or_name))


def _made(asking: Asking, planner: Planner, name: str, kind: str, checked: Checked) -> PlannedDefinition:
    text = asking.definitions[name].text if name in asking.definitions else name
    return PlannedDefinition(name, kind, text, planner.parts(checked), asking.evaluator.compile(checked))


def _reached(asking: Asking, text_or_name: str) -> set[str]:
    """The segments that a definition rests on as they are now, and itself if it is one."""
    todo, found = [text_or_name], set[str]()
    while todo:
        name = todo.pop()
        if name in asking.definitions:
            found.add(name)
            if asking.definitions[name].kind == "list" or name in asking.invalid:
                continue
        named = [
            node.name
            for node in asking.checked(name).tree.walk()
            if isinstance(node, tree.InSegment) and node.at is None
        ]
        todo += [one for one in named if one in asking.definitions and one not in found]
    return found


def _askers(pairs: Iterable[tuple[_Asked, str]]) -> dict[_Asked, list[str]]:
    found: dict[_Asked, list[str]] = {}
    for asked, name in pairs:
        askers = found.setdefault(asked, [])
        if name not in askers:
            askers.append(name)
    return found


# --- as JSON


def _definition_json(one: PlannedDefinition, condition: Mapping[Part, int], *, with_sql: bool) -> dict[str, object]:
    relations = [{"name": name, "means": means} for name, means in one.relations.items()]
    sql = {"sql": one.sql, "relations": relations, "values": _values(one)} if with_sql else {}
    return {
        "name": one.name,
        "kind": one.kind,
        "definition": one.text,
        "conditions": [condition[part] for part in one.parts],
        "falls_back": one.falls_back,
        "error": None if one.error is None else one.error.to_json(),
        **sql,
    }


def _values(one: PlannedDefinition) -> dict[str, object]:
    return {} if one.compiled is None else dict(one.compiled.values)


def _feature_json(feature: Feature) -> dict[str, object]:
    return {
        "text": feature.text,
        "makes": feature.made,
        "event": feature.event,
        "is_any": feature.is_any,
        "property": None if feature.taken is None else ".".join(feature.taken),
        "where": None if feature.where is None else show(feature.where),
        "window": None if feature.window is None else show(feature.window),
        "is_window_before": feature.is_before,
        "of_lines": feature.of_lines,
        "of_refunds": feature.of_refunds,
    }
