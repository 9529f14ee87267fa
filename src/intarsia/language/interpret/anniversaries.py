"""`anniversary(birth_date)`: the days, year after year, on which a date is celebrated (rule 22)."""

from __future__ import annotations

from datetime import date
from itertools import count

from intarsia.clock import CalendarName, anniversary, day_holding
from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.operators import Answer
from intarsia.language.interpret.question import When
from intarsia.language.meaning.values import written_day
from intarsia.language.meaning.windows import calendar_of


def has_anniversary(test: tree.Test, known: Known) -> bool:
    """Whether a test of an anniversary holds: it is known, or one of them lies in a window."""
    assert isinstance(test.value, tree.Anniversary)
    return anniversary_passes(test.operator, celebrated_day(test.value, known), known.when)


def anniversary_passes(operator: tree.Operator, day: date | None, when: When) -> bool:
    """The same, of a day."""
    match operator:
        case tree.Is(what="known"):
            return day is not None
        case tree.During(window=window):
            return day is not None and anniversary_in(window, day, when) is not None
        case _:
            raise Bug(what=f"the anniversary test {operator} came through the check")


def celebrated_day(value: tree.Anniversary, known: Known) -> date | None:
    """The day whose anniversaries are meant: the trait's date, or the day that is written in its date and time."""
    return written_day(known.trait(value.path.names).value)


def anniversary_in(window: tree.Window, day: date, when: When) -> date | None:
    """The first anniversary of a day inside a window; None: there is none, or the window is open at an end."""
    days = when.days(window)
    if days.begin is None or days.end is None:
        return None
    found = _first_from(days.begin, day, calendar_of(window, when.calendar))
    return found if found is not None and found < days.end else None


def next_anniversary(value: tree.Anniversary, known: Known) -> Answer:
    """The date of the next anniversary, today's among them, as a text; None where no day is known."""
    day = celebrated_day(value, known)
    if day is None:
        return None
    found = _first_from(day_holding(known.when.at, known.when.zone), day, known.when.calendar)
    return None if found is None else found.isoformat()


def _first_from(begin: date, day: date, calendar: CalendarName) -> date | None:
    """The first anniversary on or after a day, from the first year on; None beyond the end of the calendar."""
    for years in count(max((begin - day).days // 366, 1)):
        found = anniversary(day, years, calendar)
        if found is None or found >= begin:
            return found
    return None
