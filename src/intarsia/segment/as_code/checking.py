"""What is wrong with segments as they would be after a change: each by itself, and all together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from intarsia.errors import UserError, phrase
from intarsia.language import check_at, tree
from intarsia.language.catalog import Catalog
from intarsia.language.interpret.crowd import SegmentLoop
from intarsia.language.problems.checking import UnknownSegment
from intarsia.language.problems.whole import LanguageError
from intarsia.language.reading.recover import recovered
from intarsia.segment.as_code.changes import Change
from intarsia.segment.as_code.folder import FileProblem, SegmentFile
from intarsia.segment.definitions import Definition, refuse_unfit, ring, segments_named
from intarsia.speech import mark


class NamesOneThatGoes(LanguageError):
    """A definition names a segment that would not be there after the change."""

    code = "segment.names-one-that-goes"
    says = mark("it names the segment `{name}`, which would be gone")
    advises = mark("keep `{name}`, or take it out of this definition")


class AnotherKind(UserError):
    """A fixed list in the place of a rule, or the other way."""

    code = "segment.another-kind"
    says = mark("`{name}` is there with a rule and here as a list, or the other way")
    advises = mark("choose another name: who is in by a rule and who is on a list are two segments")


class TwoFiles(UserError):
    """Two files are of one segment."""

    code = "segment.two-files"
    says = mark("`{name}` has two files: {files}")
    advises = mark("keep one of them")


def problems(
    present: Sequence[Definition],
    files: Sequence[SegmentFile],
    changes: Sequence[Change],
    catalog: Catalog,
    *,
    is_whole: bool = True,
) -> tuple[FileProblem, ...]:
    """Everything that is wrong with what `files` say, in the order of the files.

    present   the segments that are there now; those that `changes` does not touch stay, and may be named
    catalog   everything that can be named now
    is_whole  whether nothing is missing among the files; else what is named may be in one of those, and is let pass
    """
    after = _names_after(present, changes) | (set() if is_whole else catalog.segments)
    renamed = {change.name_before: change.name for change in changes if change.what == "renamed" and change.name_before}
    known = replace(catalog, segments=frozenset(after))
    gone = {name: renamed.get(name) for name in (definition.name for definition in present) if name not in after}
    found = [FileProblem(file.file, error) for file in files for error in _of_name(file, present, files)]
    for file in files:
        if file.kind == "rule":
            found += [FileProblem(file.file, error) for error in _of_rule(file, known, gone)]
    found += _loops(files, present, changes)
    return tuple(sorted(found, key=lambda problem: problem.file))


def _names_after(present: Sequence[Definition], changes: Sequence[Change]) -> set[str]:
    touched = {change.name_before for change in changes}
    stay = {definition.name for definition in present} - touched
    return stay | {change.name for change in changes if change.after is not None}


def _of_name(file: SegmentFile, present: Sequence[Definition], files: Sequence[SegmentFile]) -> Iterator[UserError]:
    try:
        refuse_unfit(file.name)
    except UserError as error:
        yield error
    if any(definition.name == file.name and definition.kind != file.kind for definition in present):
        yield AnotherKind(name=file.name)
    same = [other.file for other in files if other.name == file.name]
    if len(same) > 1 and same[0] == file.file:
        yield TwoFiles(name=file.name, files=", ".join(f"`{name}`" for name in same))


def _of_rule(file: SegmentFile, known: Catalog, gone: Mapping[str, str | None]) -> Iterator[UserError]:
    read = recovered(file.whole)
    going = [] if read.tree is None else [node for node in _naming(read.tree) if node.name in gone]
    for node in going:
        new_name = gone[node.name]
        step = None if new_name is None else phrase("it is renamed: write `{name}` here too", name=new_name)
        yield NamesOneThatGoes(text=file.whole, span=node.span, name=node.name, next_step=step)
    spans = {node.span for node in going}
    for problem in check_at(file.whole, None, known).problems:
        if not (isinstance(problem, UnknownSegment) and problem.span in spans):
            yield problem


def _naming(condition: tree.Condition) -> list[tree.InSegment | tree.Moved]:
    return [node for node in condition.walk() if isinstance(node, tree.InSegment | tree.Moved)]


def _loops(
    files: Sequence[SegmentFile], present: Sequence[Definition], changes: Sequence[Change]
) -> Iterator[FileProblem]:
    """Each circle of segments once, at the first of its files."""
    touched = {change.name_before for change in changes}
    named: dict[str, Collection[str]] = {
        each.name: _named_by(each) for each in present if each.name not in touched and each.kind == "rule"
    }
    for file in files:
        condition = recovered(file.text).tree if file.kind == "rule" else None
        named[file.name] = set() if condition is None else segments_named(condition)
    told: list[set[str]] = []
    for file in sorted(files, key=lambda file: file.file):
        circle = ring(named, file.name)
        if circle and set(circle) not in told:
            told.append(set(circle))
            yield FileProblem(file.file, SegmentLoop(circle=" → ".join(circle)))


def _named_by(definition: Definition) -> set[str]:
    try:
        return definition.named()
    except LanguageError:
        return set()
