"""What can go wrong with the tables on disk and the questions put to them."""

from __future__ import annotations

from intarsia.errors import Bug, OutsideError, UserError
from intarsia.speech import mark


class NoLake(UserError):
    """The folder does not hold a lake's tables."""

    code = "lake.not-found"
    says = mark("there are no tables in {path}: `{table}` is missing")
    advises = mark("name the folder of a workspace, or make one with `intarsia init`")


class NoSuchTable(UserError):
    """A table that the lake does not have."""

    code = "lake.no-such-table"
    says = mark("no table is called `{table}`")
    advises = mark("the tables are {known}")


class SchemaDiffers(Bug):
    """Rows for a table that are not of exactly its columns; nothing was written."""

    code = "lake.schema-differs"
    says = mark("the rows do not fit the table `{table}`: {difference}; nothing was written")
    advises = mark("give every column of the table, in its order and of its type; nothing is cast")


class RowsChanged(Bug):
    """A compaction came out with another number of rows; the table was put back to what it was."""

    code = "lake.rows-changed"
    says = mark("compacting `{table}` made {after} rows of {before}; the table was put back to version {version}")
    advises = mark("another program compacts these files at the same time; let only one do it")


class RowsAstray(Bug):
    """An erasure left another number of rows than it should have; the table was put back to what it was."""

    code = "lake.rows-astray"
    says = mark("erasing {erased} rows of {before} from `{table}` left {after}; the table was put back to what it was")
    advises = mark("another program writes to these files at the same time; let only one do it, then repeat")


class LakeBusy(OutsideError):
    """Another process is writing and did not end in time; nothing was written."""

    code = "lake.busy"
    again = True
    says = mark("another process has been writing to {path} for more than {seconds} seconds; nothing was written")
    advises = mark("wait until it has ended, then repeat")


class LakeSwapped(OutsideError):
    """The folder of the tables, or of one of them, was removed or replaced while it was open."""

    code = "lake.swapped"
    says = mark("{path} was removed or replaced while it was open; nothing more is written to it")
    advises = mark("put the right folder back and open the workspace anew; the last change may be in the old one only")


class LakeContended(OutsideError):
    """Commits were refused again and again because of another program's; nothing was written."""

    code = "lake.contended"
    again = True
    says = mark("{attempts} commits to `{table}` were refused because of another program's; nothing was written")
    advises = mark("let only intarsia write to this folder, for other programs do not know its lock")


class LakeDamaged(OutsideError):
    """Files of a table are torn or missing."""

    code = "lake.damaged"
    says = mark("the table `{table}` is damaged: {reason}")
    advises = mark("repair it; if that is refused, restore the folder from a back-up")


class DiskFailed(OutsideError):
    """The disk or the file system refused; the table holds what it held, or the whole of the rows."""

    code = "lake.disk"
    again = True
    says = mark("the table `{table}` could not be read or written: {reason}")
    advises = mark("look at the free space and the rights of the folder, then repeat; no row comes in twice")


class SnapshotGone(OutsideError):
    """The files that a session reads were removed after its first answer."""

    code = "lake.snapshot-gone"
    again = True
    says = mark("the files of the state that was being read are gone; the answers before came from that state")
    advises = mark("begin the question anew, it will see the present state")


class QueryRefused(UserError):
    """A query that does more than read the views."""

    code = "lake.query-refused"
    says = mark("this query is not allowed: {reason}")
    advises = mark("write one SELECT over the views; `pivot` can be written as `sum(..) FILTER (WHERE ..)`")


class QueryFailed(UserError):
    """A query that cannot be answered as written."""

    code = "lake.query-failed"
    says = mark("the query cannot be answered: {reason}")
    advises = mark("`DESCRIBE` and the name of a view lists its columns and their types")


class QueryTooLong(UserError):
    """A query that was ended because it took too long."""

    code = "lake.query-too-long"
    says = mark("the query was ended after {seconds} seconds")
    advises = mark("ask for less: a shorter time, fewer columns, or a narrower WHERE")


class QueryTooBig(UserError):
    """A query that needs more memory than it may use."""

    code = "lake.query-too-big"
    says = mark("the query needs more memory than {limit}")
    advises = mark("raise the setting `memory_limit`, or ask for less at a time")
