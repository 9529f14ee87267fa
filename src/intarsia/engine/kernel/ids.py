"""Tests of `profile`: whoever was made of several profiles passes by each of their ids (rule 5)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from intarsia.engine.columns.profile_ids import ProfileIds
from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.lookups import truth_key
from intarsia.language import tree
from intarsia.language.interpret.operators import passes
from intarsia.language.interpret.question import When
from intarsia.language.meaning.values import fold


def ids_pass(ids: ProfileIds, node: tree.Test, when: When) -> Array:
    """Of each person, whether one of their profile ids passes."""
    operator, ignoring_case = node.operator, node.ignoring_case
    key = truth_key(operator, when, ignoring_case=ignoring_case)
    wanted = _wanted(operator)
    if wanted is not None and not ignoring_case:
        return ids.which(key, lambda texts: _among(texts, wanted))

    def which(texts: pa.Array) -> Array:
        found = [
            one is not None and passes(one, operator, when, ignoring_case=ignoring_case) for one in texts.to_pylist()
        ]
        return np.array(found, np.bool_)

    return ids.which(key, which)


def _wanted(operator: tree.Operator) -> frozenset[str] | None:
    """The texts one of which an id has to be, folded; None: it is asked for something else."""
    match operator:
        case tree.Compare(operator="=", constant=tree.Text(value=value)):
            return frozenset((fold(value),))
        case tree.OneOf(constants=constants):
            texts = [constant.value for constant in constants if isinstance(constant, tree.Text)]
            return frozenset(map(fold, texts)) if len(texts) == len(constants) else None
        case _:
            return None


def _among(texts: pa.Array, wanted: frozenset[str]) -> Array:
    """Which texts are among some that are folded; of ASCII ones all are looked up at once."""
    is_among = pc.is_in(texts, value_set=pa.array(sorted(wanted), pa.large_string()))
    found = np.array(is_among.to_numpy(zero_copy_only=False))
    is_plain = pc.string_is_ascii(texts).fill_null(True).to_numpy(zero_copy_only=False)
    odd = np.flatnonzero(~is_plain)
    found[odd] = [fold(one) in wanted for one in texts.take(pa.array(odd, pa.int64())).to_pylist()]
    return found
