"""Parts of a segment by share: which stretches of its bucket numbers each one has, and the rule that says so.

Shares are whole millionths, as finely as a rule can say them. A part that grows keeps what it had and takes what is
free, one that shrinks keeps a part of what it had: nobody changes parts who need not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from intarsia.errors import Phrase, UserError, phrase
from intarsia.language import tree
from intarsia.speech import mark

WHOLE = 1_000_000
"""Everybody, in millionths."""
PARTS_MOST = 100

Range = tuple[int, int]
"""From which millionth of the buckets (inside) to which (outside)."""
Ranges = tuple[Range, ...]

_PART = re.compile(r"(?P<label>.*?)(?:(?:^|\s)\s*(?P<percent>\d+(?:\.\d+)?)\s*[%٪])?")


class BadSplit(UserError):
    """What a segment is to be split into cannot be read, or does not fit into it."""

    code = "segment.bad-split"
    says = mark("`{into}` is no split: {reason}")
    advises = mark("write such as `a 10%, b 10%, rest`: one part may stand without a percentage and takes what is left")

    def __init__(self, into: str, reason: Phrase) -> None:
        super().__init__(into=into, reason=reason)


@dataclass(frozen=True)
class Part:
    """A part as a rule says it: of which segment, drawn with which salt, and which stretches of the buckets it has."""

    segment: str
    salt: str
    ranges: Ranges

    @property
    def share(self) -> int:
        """How much of the segment it has, in millionths."""
        return size_of(self.ranges)

    def rule(self) -> tree.Condition:
        """The rule of the part; `part_of` reads it back."""
        bucket = tree.Bucket(self.salt)
        stretches = [_tests(bucket, begin, end) for begin, end in self.ranges]
        if len(stretches) == 1:
            return tree.And((tree.InSegment(self.segment), *stretches[0]))
        each = tuple(tests[0] if len(tests) == 1 else tree.And(tests) for tests in stretches)
        return tree.And((tree.InSegment(self.segment), tree.Or(each)))


def size_of(ranges: Iterable[Range]) -> int:
    """How much stretches have together, in millionths."""
    return sum(end - begin for begin, end in ranges)


# --- what is asked for


def parts_asked(into: str) -> dict[str, int | None]:
    """The parts that a text names, with their shares in millionths; None: what is left. Raises `BadSplit`."""
    found: dict[str, int | None] = {}
    for piece in re.split("[,،]", into):
        read = _PART.fullmatch(piece.strip())
        label, percent = (read["label"].strip(), read["percent"]) if read else (piece.strip(), None)
        if not label:
            raise BadSplit(into, phrase("every part needs a name"))
        if label in found:
            raise BadSplit(into, phrase("two parts are called `{name}`", name=label))
        found[label] = None if percent is None else _millionths(into, percent)
    if len(found) > PARTS_MOST:
        raise BadSplit(into, phrase("more than {most} parts", most=PARTS_MOST))
    if list(found.values()).count(None) > 1:
        raise BadSplit(into, phrase("only one part may stand without a percentage"))
    return found


def _millionths(into: str, percent: str) -> int:
    exact = Decimal(percent) * (WHOLE // 100)
    if exact != int(exact):
        raise BadSplit(into, phrase("a percentage has at most four decimals"))
    if not 0 < exact <= WHOLE:
        raise BadSplit(into, phrase("a percentage is more than 0 and at most 100"))
    return int(exact)


def dealt(into: str, asked: Mapping[str, int | None], before: Mapping[str, Ranges], taken: Ranges) -> dict[str, Ranges]:
    """The stretches of each part that is asked for.

    before  those that some of them have already; taken: those of parts that are to stay as they are
    Raises `BadSplit` where there is not enough.
    """
    used = merged(taken)
    free = WHOLE - size_of(used)
    wanted = sum(share or 0 for share in asked.values())
    has_rest = None in asked.values()
    if wanted > free or (has_rest and wanted == free):
        reason = phrase(
            "its parts come to {wanted} %, and {free} % are free", wanted=_percent(wanted), free=_percent(free)
        )
        raise BadSplit(into, reason)
    shares = {label: free - wanted if share is None else share for label, share in asked.items()}
    kept: dict[str, Ranges] = {}
    for label, share in shares.items():
        kept[label] = _kept(_without(before.get(label, ()), used), share, is_rest=asked[label] is None)
        used = merged([*used, *kept[label]])
    left = list(_gaps(used))
    return {
        label: merged([*kept[label], *_take(left, share - size_of(kept[label]))]) for label, share in shares.items()
    }


def _kept(ranges: Ranges, share: int, *, is_rest: bool) -> Ranges:
    """What a part keeps of what it had: all, or so much as it is to have.

    What is left over gives its lowest buckets away, for the part below it may stay one stretch then; others their
    highest.
    """
    held, excess = list(ranges), max(0, size_of(ranges) - share)
    lowest = _take(held, excess if is_rest else size_of(ranges) - excess)
    return tuple(held if is_rest else lowest)


def _take(free: list[Range], share: int) -> list[Range]:
    """So much of the lowest free stretches, which are gone from `free` then."""
    found = []
    while share:
        begin, end = free.pop(0)
        cut = min(end, begin + share)
        found.append((begin, cut))
        share -= cut - begin
        if cut < end:
            free.insert(0, (cut, end))
    return found


def _gaps(ranges: Ranges) -> Iterator[Range]:
    """What lies between stretches that do not overlap, from the first bucket to the last."""
    end = 0
    for begin, stop in (*ranges, (WHOLE, WHOLE)):
        if begin > end:
            yield end, begin
        end = stop


def _without(ranges: Ranges, others: Ranges) -> Ranges:
    """Those parts of stretches that no other has."""
    free = list(_gaps(others))
    found = [(max(begin, low), min(end, high)) for begin, end in ranges for low, high in free]
    return merged(one for one in found if one[0] < one[1])


def merged(ranges: Iterable[Range]) -> Ranges:
    """Stretches in their order, those that touch or overlap as one."""
    found: list[Range] = []
    for begin, end in sorted(ranges):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return tuple(found)


def _percent(share: int) -> Decimal:
    return (Decimal(share) / (WHOLE // 100)).normalize() + 0


# --- between stretches and rules


def _tests(bucket: tree.Bucket, begin: int, end: int) -> tuple[tree.Condition, ...]:
    """The tests of one stretch; one that has everybody still tells its salt."""
    above = tree.Test(bucket, tree.Compare(">=", _bound(begin)))
    below = tree.Test(bucket, tree.Compare("<", _bound(end)))
    if end == WHOLE:
        return (above,)
    return (above, below) if begin else (below,)


def _bound(millionths: int) -> tree.Number:
    return tree.Number((Decimal(millionths) / WHOLE).normalize() + 0)


def part_of(rule: tree.Condition) -> Part | None:
    """The part that a rule says, if it says one in our way; None: it is something else."""
    if not isinstance(rule, tree.And) or not isinstance(rule.parts[0], tree.InSegment) or rule.parts[0].at is not None:
        return None
    rest = rule.parts[1:]
    stretches = [_conjuncts(one) for one in rest[0].parts] if isinstance(rest[0], tree.Or) else [rest]
    salts = {_salt(test) for tests in stretches for test in tests}
    [salt, *others] = salts
    if salt is None or others:
        return None
    read = [_range(tests) for tests in stretches]
    part = Part(rule.parts[0].name, salt, merged(one for one in read if one is not None))
    # Written by hand, stretches may overlap, or be in another order; such a rule is not ours to change.
    return part if part.ranges and part.rule() == rule else None


def _conjuncts(condition: tree.Condition) -> tuple[tree.Condition, ...]:
    return condition.parts if isinstance(condition, tree.And) else (condition,)


def _salt(test: tree.Condition) -> str | None:
    is_one = isinstance(test, tree.Test) and isinstance(test.value, tree.Bucket)
    return test.value.salt if is_one else None  # type: ignore[union-attr]


def _range(tests: Sequence[tree.Condition]) -> Range | None:
    begin, end = 0, WHOLE
    for test in tests:
        operator = test.operator if isinstance(test, tree.Test) else None
        if not isinstance(operator, tree.Compare) or not isinstance(operator.constant, tree.Number):
            return None
        bound = int(operator.constant.value * WHOLE)
        begin, end = (bound, end) if operator.operator == ">=" else (begin, bound)
    return (begin, end) if begin < end else None
