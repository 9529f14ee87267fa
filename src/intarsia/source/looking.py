"""A look at a file before it is loaded: columns, their kinds and roles, what the file is for, what is odd about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from intarsia.source.consents import guess_consents
from intarsia.source.guessing import Shape, guess_roles, guess_shape
from intarsia.source.kinds import ColumnKind
from intarsia.source.oddities import Oddity, find_oddities
from intarsia.source.opening import find_form, open_table, settle_form
from intarsia.source.options import Options
from intarsia.source.sampling import survey, take_sample


@dataclass(frozen=True)
class ColumnLook:
    """One column as it looks.

    fill_share      filled cells by examined rows, 0 to 1
    distinct_count  different filled cells among the examined rows
    role            what it is about in a load of the guessed shape, or None
    """

    name: str
    kind: ColumnKind
    fill_share: float
    distinct_count: int
    examples: tuple[str, ...]
    role: str | None


@dataclass(frozen=True)
class Look:
    """A file as it looks, judged from `rows_examined` rows among its first `lines_read` lines below the header.

    is_whole  whether those are all rows of the file
    shape     what it is likely for: the word after `--as`
    """

    path: str
    form: str
    encoding: str | None
    delimiter: str | None
    shape: Shape
    columns: tuple[ColumnLook, ...]
    oddities: tuple[Oddity, ...]
    rows_examined: int
    lines_read: int
    is_whole: bool

    def to_json(self) -> dict[str, object]:
        """The same, as plain values."""
        found = asdict(self)
        found["oddities"] = [oddity.to_json() for oddity in self.oddities]
        return found


def look(path: str | Path, options: Options | None = None) -> Look:
    """The file as it looks, from a bounded sample; raises what `faults` lists for files that cannot be read."""
    path, options = Path(path), options or Options()
    form = find_form(path, options)
    table = open_table(path, form, sheet=options.sheet)
    sample = take_sample(table)
    form = settle_form(table, form)
    found = survey(sample, decimal_comma=options.decimal_comma)
    shape = guess_shape(found)
    roles = {} if shape == "messages" else guess_roles(found, shape)
    consents = guess_consents((column.name, column.examples) for column in found.columns.values())
    by_column = {column: role for role, column in {**(consents if shape == "profiles" else {}), **roles}.items()}
    rows = len(sample.rows)
    return Look(
        path=str(path),
        form=form.name,
        encoding=form.encoding,
        delimiter=form.delimiter,
        shape=shape,
        columns=tuple(
            ColumnLook(
                name=column.name,
                kind=column.kind,
                fill_share=round(column.filled / rows, 4) if rows else 0.0,
                distinct_count=column.distinct,
                examples=column.examples,
                role=by_column.get(column.name),
            )
            for column in found.columns.values()
        ),
        oddities=tuple(find_oddities(sample, found, roles, form)),
        rows_examined=rows,
        lines_read=sample.lines_read,
        is_whole=sample.is_whole,
    )
