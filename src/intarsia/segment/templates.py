"""Ready definitions in words that a marketer knows; each is a text of the language that may be edited."""

from __future__ import annotations

from dataclasses import dataclass

from intarsia.errors import UserError
from intarsia.language.catalog import nearest
from intarsia.speech import mark


@dataclass(frozen=True)
class Template:
    """A name to ask for it by, a title and a sentence for people, and the definition."""

    name: str
    title: str
    meaning: str
    text: str

    def to_json(self) -> dict[str, str]:
        """Name, title, meaning and definition."""
        return {"name": self.name, "title": self.title, "meaning": self.meaning, "definition": self.text}


class NoSuchTemplate(UserError):
    """No template has the name."""

    code = "segment.unknown-template"
    says = mark("no template is called `{name}`")
    advises = mark("the nearest is `{nearest}`; `intarsia segment templates` lists all")


class TemplateLacksField(UserError):
    """The workspace lacks something that the template asks for."""

    code = "segment.template-lacks-field"
    says = mark("the template `{name}` needs {field}, which this workspace does not have: {reason}")
    advises = mark("load data that has it, or add a segment with a definition of your own")


TEMPLATES = (
    Template("loyal", mark("Loyal"), mark("bought in the last 6 months"), "did order in last 6 months"),
    Template("new", mark("New"), mark("the first purchase lies in the last 30 days"), "first(order) in last 30 days"),
    Template("one-time", mark("One-time buyers"), mark("bought exactly once"), "count(order) = 1"),
    Template(
        "rare",
        mark("Rare buyers"),
        mark("bought once or twice in the last year"),
        "count(order, last 1 year) between 1 and 2",
    ),
    Template(
        "big-spenders",
        mark("Big spenders"),
        mark("the tenth of the buyers who spent most in the last year, refunds taken off"),
        "top 10% by sum(order.total, last 1 year)",
    ),
    Template(
        "promotion",
        mark("Answering to promotions"),
        mark("used a coupon in at least two purchases of the last year"),
        "count(order where coupon is known, last 1 year) >= 2",
    ),
    Template(
        "at-risk",
        mark("At risk"),
        mark("bought at least three times in the last year, but not in the last 60 days"),
        "count(order, last 1 year) >= 3 and never order in last 60 days",
    ),
    Template(
        "lapsed",
        mark("Lapsed"),
        mark("has bought, but not in the last 6 months"),
        "did order and never order in last 6 months",
    ),
    Template("never-bought", mark("Never bought"), mark("known, but without a purchase"), "never order"),
    Template("young", mark("Young"), mark("18 to 34 years old"), "age between 18 and 34"),
    Template("middle-aged", mark("Middle-aged"), mark("35 to 59 years old"), "age between 35 and 59"),
    Template("senior", mark("Senior"), mark("60 years old or older"), "age >= 60"),
    Template("boomers", mark("Baby boomers"), mark("born 1946 to 1964"), "generation = 'boomer'"),
    Template("generation-x", mark("Generation X"), mark("born 1965 to 1980"), "generation = 'x'"),
    Template("millennials", mark("Millennials"), mark("born 1981 to 1996"), "generation = 'millennial'"),
    Template("generation-z", mark("Generation Z"), mark("born 1997 to 2012"), "generation = 'z'"),
    Template("low-income", mark("Low income"), mark("yearly income below 35,000"), "income < 35000"),
    Template(
        "middle-income",
        mark("Middle income"),
        mark("yearly income of 35,000 to below 100,000"),
        "income >= 35000 and income < 100000",
    ),
    Template("high-income", mark("High income"), mark("yearly income of 100,000 or more"), "income >= 100000"),
    Template("with-children", mark("With children"), mark("a household with at least one child"), "children >= 1"),
    Template(
        "cold-climate",
        mark("Cold climate"),
        mark("lives where winters are cold: Köppen-Geiger class D or E"),
        "climate starts with 'D' or climate starts with 'E'",
    ),
)


def template(name: str) -> Template:
    """The template of a name; raises `NoSuchTemplate` with the nearest."""
    found = {item.name: item for item in TEMPLATES}
    if name not in found:
        near = nearest(name, list(found), most=1)
        raise NoSuchTemplate(name=name, nearest=near[0] if near else None)
    return found[name]
