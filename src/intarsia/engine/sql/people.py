"""A query over the base of a question."""

from __future__ import annotations

from dataclasses import dataclass, field

from intarsia.engine.sql.queries import Rows, rows_of, source
from intarsia.engine.sql.words import Sql, column, compare


@dataclass
class People:
    """A query over the base under construction: the relations that its conditions join, by name.

    relation  what is asked: everybody; key: the column of it by which others are joined
    """

    alias: str
    joined: list[str] = field(default_factory=list)
    relation: str = "people"
    key: str = "profile_no"

    def join(self, name: str) -> str:
        """Join a relation of one row a person, once; its name."""
        if name not in self.joined:
            self.joined.append(name)
        return name

    def query(self, condition: Sql) -> Rows:
        """The query, still without columns."""
        query = rows_of(source(self.relation, self.alias))
        for name in self.joined:
            on = compare("=", column(name, "profile_no"), column(self.alias, self.key))
            query = query.join(source(name), on, keeping_all=True)
        return query.where(condition)
