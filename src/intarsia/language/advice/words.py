"""Words and signs of other languages that are no words of this one, and what is written instead."""

from __future__ import annotations

from intarsia.speech import mark

_UNKNOWN = mark("write `is unknown` or `is known`")
_CONTAINS = mark("write `contains`, `starts with` or `ends with`")
QUERY = mark("a definition is the condition alone, without the rest of a query")
_LEAVE_OUT = mark("leave out `{word}`")
_WHERE = mark("narrow events with `where` and a condition in brackets: did order where (total > 50)")
_IGNORING = mark("write `ignoring case`")
_KILOMETRES = mark("distances are in kilometres: within 50 km")
_AND = mark("write `and`")
_AND_NOT = mark("write `and not`")

BY_WORD: dict[str, str] = {
    # signs
    "==": mark("write `=`"),
    "===": mark("write `=`"),
    ":=": mark("write `=`"),
    "=>": mark("write `>=`"),
    "=<": mark("write `<=`"),
    "!==": mark("write `!=`"),
    "=!": mark("write `!=`"),
    "><": mark("write `!=`"),
    # tests
    **dict.fromkeys(("null", "nil", "none", "undefined", "na"), _UNKNOWN),
    **dict.fromkeys(("exists", "exist", "missing", "present", "absent", "set", "filled"), _UNKNOWN),
    **dict.fromkeys(("like", "ilike"), _CONTAINS),
    **dict.fromkeys(("contain", "containing", "includes", "include"), mark("write `contains`, and of a list `has`")),
    **dict.fromkeys(("startswith", "starts_with", "begins", "begin"), mark("write `starts with`")),
    **dict.fromkeys(("endswith", "ends_with"), mark("write `ends with`")),
    **dict.fromkeys(("regexp", "regex", "rlike", "similar", "match"), mark("write `matches`")),
    **dict.fromkeys(("ignore", "ignoring_case", "nocase", "insensitive"), _IGNORING),
    **dict.fromkeys(("equals", "equal", "eq"), mark("write `=`")),
    **dict.fromkeys(("greater", "above", "over", "more"), mark("write `>`, or `>=` to include the edge")),
    **dict.fromkeys(("smaller", "below", "under", "less"), mark("write `<`, or `<=` to include the edge")),
    # conditions
    "where": mark("`where` follows an event; conditions on people stand by themselves"),
    **dict.fromkeys(("everybody", "anybody", "anyone", "all", "people"), mark("everybody is written `everyone`")),
    **dict.fromkeys(("with", "having", "whose"), _WHERE),
    **dict.fromkeys(("but", "also", "plus"), _AND),
    **dict.fromkeys(("without", "except", "excluding", "minus"), _AND_NOT),
    **dict.fromkeys(("select", "from", "limit", "join"), QUERY),
    **dict.fromkeys(("if", "when", "case"), QUERY),
    **dict.fromkeys(("the", "a", "an", "either", "both"), _LEAVE_OUT),
    "xor": mark("write both cases: a and not b or b and not a"),
    # events and time
    "then": mark("a comma stands between the steps of a sequence"),
    **dict.fromkeys(("past", "recent"), mark("write `last`")),
    **dict.fromkeys(("during", "within"), mark("write `in last 30 days`")),
    **dict.fromkeys(("percent", "pct"), mark("write % behind the number")),
    **dict.fromkeys(("miles", "mile", "mi", "m", "metres", "meters", "kilometres", "kilometers"), _KILOMETRES),
    **dict.fromkeys(("one", "two", "three", "five", "ten", "thirty", "ninety"), mark("write numbers in digits")),
}
"""By word in small letters, or by sign."""
