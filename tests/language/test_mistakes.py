"""What a person reads who has made one of the likely mistakes: the place, the sentence, the next step."""

from __future__ import annotations

import pytest

from intarsia.errors import UserError
from intarsia.language import check, parse
from tests.language.test_check import CATALOG


def told(text: str) -> str:
    """The error with its place under the text."""
    with pytest.raises(UserError) as refused:
        check(parse(text), CATALOG, text)
    error = refused.value
    assert error.span is not None
    line = " " * error.span.start + "^" * max(1, error.span.end - error.span.start)
    hint = error.hint()
    return "\n".join([f"error[{error.code}]: {error}", f"  {text}", f"  {line}", *([f"hint: {hint}"] if hint else [])])


MISTAKES = r"""
error[language.unknown-trait]: no trait is called `citty`
  citty = 'Oslo' and age > 3
  ^^^^^
hint: the nearest is `city`

error[language.not-a-value]: a test compares with a value, and `Oslo` is a name
  city = Oslo
         ^^^^
hint: write 'Oslo' if it is a text; one trait cannot be compared with another

error[language.not-a-value]: a test compares with a value, and `"Oslo"` is a name
  city = "Oslo"
         ^^^^^^
hint: write 'Oslo' if it is a text; one trait cannot be compared with another

error[language.last-without-number]: `last month` has two meanings
  did order in last month
               ^^^^^^^^^^
hint: write `previous month` for the whole month before this one, or `last 1 month` for up to now

error[language.unexpected-word]: expected `(`: the condition behind `where` stands in brackets here, found `total`
  did order where total > 5
                  ^^^^^

error[language.unknown-event]: no event is called `orders`
  count(orders) > 3
        ^^^^^^
hint: the nearest is `order`

error[language.unknown-function]: no function is called `average`
  average(order.total) > 50
  ^^^^^^^
hint: the nearest is `avg`

error[language.bad-date]: `01/03/2026` is no date and no instant
  signed_up before 01/03/2026
                   ^^^^^^^^^^
hint: write a date as 2026-01-31, an instant as 2026-01-31T10:00, 2026-01-31T10:00Z or with +01:00

error[language.unexpected-word]: expected a date such as 2026-01-31, without quotes, found `'2026-03-01'`
  signed_up before '2026-03-01'
                   ^^^^^^^^^^^^

error[language.unclosed-quote]: the quote ' is opened here and never closed
  city = 'Oslo and age > 3
         ^
hint: close it; a ' inside is written twice

error[language.unclosed-bracket]: the bracket is opened here and never closed
  (city = 'Oslo' or city = 'Rome' and age > 3
  ^
hint: write `)` where it ends

error[language.no-arithmetic]: the language does not calculate, and `-` stands between two values
  age - 3 > 18
      ^
hint: record the result as a trait and test that

error[language.unexpected-word]: expected `known`, `unknown`, `empty` or `identified`, found `null`
  city is null
          ^^^^
hint: write `is unknown` or `is known`

error[language.unexpected-word]: expected a test such as `= 'red'`, `> 5`, `is known` or `in last 30 days`, found `like`
  city like 'O%'
       ^^^^
hint: write `contains`, `starts with` or `ends with`

error[language.list-needs-has]: `= 'ski'` cannot be asked of `interests`, which is a list
  interests = 'ski'
  ^^^^^^^^^^^^^^^^^
hint: a list is asked with `has`: interests has 'ski'

error[language.trait-in-where]: `city` is a trait, and here only properties of the event `order` can stand
  did order where (city = 'Oslo')
                   ^^^^
hint: test the trait outside the brackets, joined with `and`

error[language.wrong-fold]: `sum` needs a property of the event
  sum(order) > 500
      ^^^^^
hint: name one, as in sum(order.total), or use `count`

error[language.held-negation]: a negated test with `for at least` has two meanings
  city != 'Oslo' for at least 30 days
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: for the negation of the whole test with its `for`, put `not` in front of it

error[language.not-yet]: this version does not answer `sequence` yet
  sequence(view, order within 7 days)
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

error[language.unexpected-character]: `&` has no place outside quotes
  age > 3 && city = 'Oslo'
          ^
hint: write `and`

error[language.unexpected-word]: expected a condition such as `country = 'CZ'` or `did order in last 30 days`, found the end
  age > 3 and
             ^

error[language.empty-text]: the text is empty
  -- everybody
  ^^^^^^^^^^^^
hint: write `everyone` to mean the whole base
""".strip().split("\n\n")  # noqa: E501


@pytest.mark.parametrize("expected", MISTAKES, ids=lambda expected: expected.splitlines()[1].strip())
def test_a_mistake_is_shown_in_its_place_with_a_next_step(expected: str) -> None:
    assert told(expected.splitlines()[1][2:]) == expected
