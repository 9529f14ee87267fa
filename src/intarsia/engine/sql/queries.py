"""Queries of a question: rows of relations of ours, joined, chosen, grouped and ranked. What they say is in `words`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from intarsia.engine.sql.words import Sql, all_of, surely


@dataclass
class Rows:
    """A query under construction. Each method but `sql` and `source` adds to it, and returns it."""

    begin: Sql
    columns: list[Sql] = field(default_factory=list)
    joins: list[Sql] = field(default_factory=list)
    condition: Sql | None = None
    groups: list[Sql] = field(default_factory=list)
    ending: list[Sql] = field(default_factory=list)
    is_distinct: bool = False

    def select(self, *columns: Sql) -> Rows:
        """More columns of the answer."""
        self.columns += columns
        return self

    def where(self, condition: Sql) -> Rows:
        """One more condition, that rows have to meet."""
        self.condition = condition if self.condition is None else all_of((self.condition, condition))
        return self

    def join(self, source: Sql, on: Sql, *, keeping_all: bool = False) -> Rows:
        """One more relation, with each row of it that meets a condition; keeping_all: nulls where none does."""
        return self._join("left join" if keeping_all else "join", source, on)

    def join_nearest(self, source: Sql, on: Sql, *, keeping_all: bool = False) -> Rows:
        """One more relation, with the one row of it that is nearest to each row (`asof join`).

        on  equalities, and one comparison: of what meets it, the nearest is taken
        keeping_all  rows that have none stay, with nulls
        """
        return self._join("asof left join" if keeping_all else "asof join", source, on)

    def _join(self, how: str, source: Sql, on: Sql) -> Rows:
        self.joins.append(Sql(f" {how} {source} on {on}"))
        return self

    def group_by(self, *values: Sql) -> Rows:
        """One row for all with equal values."""
        self.groups += values
        return self

    def having(self, condition: Sql) -> Rows:
        """A condition that groups have to meet."""
        self.ending.append(Sql(f" having {condition}"))
        return self

    def qualify(self, condition: Sql) -> Rows:
        """A condition that speaks of other rows."""
        self.ending.append(Sql(f" qualify {condition}"))
        return self

    def distinct(self) -> Rows:
        """Each row once."""
        self.is_distinct = True
        return self

    def sql(self) -> Sql:
        """The query as it is by now."""
        which = "" if self.condition is None else f" where {self.condition}"
        grouped = f" group by {', '.join(self.groups)}" if self.groups else ""
        what = f"select {'distinct ' if self.is_distinct else ''}{', '.join(self.columns)}"
        return Sql(f"{what} from {self.begin}{''.join(self.joins)}{which}{grouped}{''.join(self.ending)}")

    def source(self, alias: str) -> Sql:
        """The query as a relation of another."""
        return query_source(self, alias)


Query = Rows | Sql
"""A query: one that is under construction, or the text of one."""


def written(query: Query) -> Sql:
    """The text of a query."""
    return query.sql() if isinstance(query, Rows) else query


def source(name: str, alias: str | None = None) -> Sql:
    """A relation of ours in a `from` or `join`."""
    return Sql(name if alias is None else f"{name} as {alias}")


def query_source(query: Query, alias: str) -> Sql:
    """A query in a `from` or `join`."""
    return Sql(f"({written(query)}) as {alias}")


def rows_of(begin: Sql) -> Rows:
    """A query without columns over a relation or another query."""
    return Rows(begin)


def named(value: Sql, name: str) -> Sql:
    """A column of a query's answer."""
    return Sql(f"{value} as {name}")


def all_columns(alias: str, *, but: str | None = None) -> Sql:
    """Every column of a relation, perhaps without one."""
    return Sql(f"{alias}.*" if but is None else f"{alias}.* exclude ({but})")


def one_after_another(queries: Sequence[Query], *, each_once: bool = False) -> Query:
    """The rows of all of one or several queries with the same columns; each_once: those of several, none twice."""
    if len(queries) == 1:
        return queries[0]
    return Sql((" union " if each_once else " union all ").join(written(query) for query in queries))


def is_member(value: Sql, query: Query) -> Sql:
    """Whether a value is among the rows of a query."""
    return surely(Sql(f"{value} in ({written(query)})"))


def only_value(query: Query) -> Sql:
    """The one value that a query answers; null of no row."""
    return Sql(f"({written(query)})")


def of_file(sql: str, bound: Mapping[str, Sql]) -> Sql:
    """A query from a `.sql` file of ours, with what stands for the names in it that begin with `$`."""
    return Sql(_PARAMETER.sub(lambda found: bound[found[1]], sql))


_PARAMETER = re.compile(r"\$(\w+)")


def with_tables(query: Query, tables: Mapping[str, Sql]) -> Sql:
    """A query after these common table expressions, by name: one a line."""
    if not tables:
        return written(query)
    said = ",\n".join(f"{name} as ({table})" for name, table in tables.items())
    return Sql(f"with {said}\n{written(query)}")
