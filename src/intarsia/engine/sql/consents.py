"""Consent in SQL: who has agreed, who has refused, whom nobody asked (rule 43)."""

from __future__ import annotations

from collections.abc import Callable

from intarsia.clock import day_holding
from intarsia.engine.sql.operators import Operators
from intarsia.engine.sql.queries import Query, Rows, rows_of, source
from intarsia.engine.sql.words import Sql, all_of, any_of, column, compare, is_null, negated, text
from intarsia.language import tree
from intarsia.language.meaning.consents import pair

RELATION = "consents"


def consent_holds(node: tree.Consent, operators: Operators, among: Callable[[Query], Sql]) -> Sql:
    """Whether a person's consent is as the condition says.

    among  whether a person is among the `profile_no` of a query
    """
    said = text("pending" if node.state == "unknown" else node.state)
    is_state = compare("=", column(RELATION, "state"), said)
    match node.state:
        case "given":
            return among(_rows(node, operators, (is_state, _is_in_force(operators))))
        case "withdrawn":
            return among(_rows(node, operators, (is_state,)))
        case "unknown":
            return negated(among(_rows(node, operators, (negated(is_state),))))


def _rows(node: tree.Consent, operators: Operators, conditions: tuple[Sql, ...]) -> Rows:
    names = zip(("channel", "purpose"), pair(node.channel, node.purpose), strict=True)
    is_asked = [compare("=", column(RELATION, name), operators.bindings.bind(value)) for name, value in names]
    rows = rows_of(source(RELATION)).select(column(RELATION, "profile_no"))
    return rows.where(all_of((*is_asked, *conditions)))


def _is_in_force(operators: Operators) -> Sql:
    """Whether a grant has not ended: a day counts to its end, an instant ends it; what is neither ends it at once."""
    bind = operators.bindings.bind
    today = bind(day_holding(operators.at, operators.zone))
    lasts = (
        compare(">=", column(RELATION, "last_day"), today),
        compare(">", column(RELATION, "ends_at"), bind(operators.at)),
    )
    return any_of((is_null(column(RELATION, "expires")), *lasts))
