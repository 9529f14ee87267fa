"""Tests of `profile`: who has an id, and who is known by name at all."""

from __future__ import annotations

from dataclasses import replace

from intarsia.engine.sql.draft import PersonalDraft
from intarsia.engine.sql.people import People
from intarsia.engine.sql.queries import Rows
from intarsia.engine.sql.words import Sql, column, negated
from intarsia.language import tree

PERSON_IDS, ANONYMOUS = "person_ids", "anonymous"


def id_passes(compiler: PersonalDraft, node: tree.Test, people: People) -> Sql:
    """Whether one of a person's ids passes; who was made of several profiles has several (rule 5)."""
    if node.operator == tree.Is("identified"):
        compiler.relations.add(ANONYMOUS)
        return negated(compiler.among(people, ANONYMOUS))
    return compiler.among(people, compiler.table(node, "named", lambda: _with_id(compiler, node)))


def _with_id(compiler: PersonalDraft, node: tree.Test) -> Rows:
    """`profile_no` of those with an id that passes."""
    compiler.relations.add(PERSON_IDS)
    ids = replace(compiler.people("i"), relation=PERSON_IDS, key="own_no")
    reading = compiler.reading(node.value, ids)
    asks = compiler.operators.of(column("i", "profile_no"))
    passes = asks.holds(reading, node.operator, ignoring_case=node.ignoring_case)
    return ids.query(passes).select(column("i", "profile_no"))
