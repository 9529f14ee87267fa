"""What can go wrong with a file as a whole; a single bad line never raises (see `reasons`)."""

from __future__ import annotations

from intarsia.errors import OutsideError, UserError
from intarsia.speech import mark


class NoSuchFile(UserError):
    """The path names no file."""

    code = "source.no-such-file"
    says = mark("there is no file `{path}`")
    advises = mark("check the path; a folder cannot be loaded")


class NotReadable(UserError):
    """The file is not of the form that its name or its first bytes promise."""

    code = "source.not-readable"
    says = mark("`{path}` cannot be read as {form}: {problem}")
    advises = mark("open it in the program that wrote it and export it again as CSV, JSON lines, Parquet or XLSX")


class EmptyFile(UserError):
    """The file holds no line."""

    code = "source.empty"
    says = mark("`{path}` holds no data")
    advises = mark("check the export; a file needs a header line and at least one row")


class Damaged(OutsideError):
    """The file ends or breaks in the middle; what came before was handed on."""

    code = "source.damaged"
    says = mark("`{path}` breaks off after line {line}: {problem}")
    advises = mark("copy the file again and repeat the load: lines that are already in are not counted twice")


class NoRejects(OutsideError):
    """The file for rejected lines cannot be written; nothing was loaded."""

    code = "source.no-rejects-file"
    says = mark("rejected lines cannot be written to `{path}`: {problem}")
    advises = mark("name a place where you may write")


class RejectsStay(OutsideError):
    """Lines of an erased person cannot be taken out of a file of rejected lines; the erasure is not finished."""

    code = "source.rejects-stay"
    again = True
    says = mark("lines could not be erased from `{path}`: {problem}")
    advises = mark("make the file writable or remove it; the erasure goes on at the next command")


class NoSuchColumn(UserError):
    """A mapping names a column that the file does not have."""

    code = "source.no-such-column"
    says = mark("`{path}` has no column `{column}`")
    advises = mark("the nearest are {nearest}")


class NoSuchField(UserError):
    """A mapping names a field that this kind of load does not know."""

    code = "source.no-such-field"
    says = mark("{shape} have no field `{field}`")
    advises = mark("the fields are {known}; with `trait.NAME`, `order.NAME` or `line.NAME` you make your own")


class NoColumnFor(UserError):
    """A field that is needed has no column."""

    code = "source.no-column-for"
    says = mark("no column of `{path}` is known to hold {field}")
    advises = mark("say which with --map {field}=COLUMN; the file has {columns}")


class WrongShape(UserError):
    """Whole messages were asked for from a file that holds columns."""

    code = "source.wrong-shape"
    says = mark("messages are read from JSON lines only, `{path}` is {form}")
    advises = mark("load it as profiles, purchases or events")


class UnclearDates(UserError):
    """Days and months cannot be told apart."""

    code = "source.unclear-dates"
    says = mark("dates such as `{example}` in `{column}` may begin with the day or with the month")
    advises = mark("say which: `--day-first` or `--month-first`")
