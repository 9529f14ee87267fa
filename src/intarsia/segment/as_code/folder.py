"""A folder with one file for each segment: read, and written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from intarsia.errors import UserError
from intarsia.ids import digest
from intarsia.segment.as_code.spelling import HEADER, is_cut, name_in, stems
from intarsia.segment.definitions import Kind
from intarsia.source.faults import EmptyFile
from intarsia.source.ids import ids_in_file
from intarsia.speech import mark

ENDINGS: Mapping[Kind, str] = {"rule": ".segment", "list": ".list"}
FILES_MOST = 10_000
BYTES_MOST = 1024 * 1024
"""Of a file with a rule; so many more than the language takes are comments and blanks."""


class NoSuchFolder(UserError):
    """A folder of segments that is not there."""

    code = "segment.no-such-folder"
    says = mark("there is no folder {path}")
    advises = mark("`intarsia segment pull {path}` makes it, with a file for each segment")


class NoFiles(UserError):
    """A folder without any segment: most likely another one was meant, and all segments would go."""

    code = "segment.no-files"
    says = mark("no file in {path} ends with `.segment` or `.list`")
    advises = mark("name the folder that holds them; `intarsia segment pull {path}` writes one for each segment")


class TooManyFiles(UserError):
    """More files than a folder of segments may hold."""

    code = "segment.too-many-files"
    says = mark("{path} holds more than {most} files of segments")
    advises = mark("name the folder that holds only them")


class NotText(UserError):
    """A file that is no text."""

    code = "segment.not-text"
    says = mark("the file is no text in UTF-8")
    advises = mark("save it as UTF-8")


class FileTooLong(UserError):
    """A file that is longer than any definition."""

    code = "segment.file-too-long"
    says = mark("the file is longer than any definition")
    advises = mark("a rule has one file of its own; many ids are a list, in a file that ends with `.list`")


class UnreadableIds(UserError):
    """A file of ids with lines that cannot be read."""

    code = "segment.unreadable-ids"
    says = mark("these lines cannot be read: {lines}")
    advises = mark("write one id a line, in UTF-8")


class FilesDiffer(UserError):
    """Files that would be written over, or away, say something else than the store."""

    code = "segment.files-differ"
    says = mark("{path} holds files that say something else: {files}; nothing was written")
    advises = mark("keep them first, in Git perhaps, then add `--overwrite`; `intarsia segment plan {path}` compares")


@dataclass(frozen=True)
class SegmentFile:
    """What one file says a segment is.

    file   its name in the folder; name: the segment's
    text   the rule as it was written, without blanks at its end; of a list nothing
    whole  the content that places in it are counted in
    ids    of a list
    """

    file: str
    name: str
    kind: Kind
    text: str
    whole: str
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FileProblem:
    """What is wrong with one file."""

    file: str
    error: UserError

    def to_json(self) -> dict[str, object]:
        """The file, and the error in the one shape of errors."""
        return {"file": self.file, **self.error.to_json()}


@dataclass(frozen=True)
class Folder:
    """The files of a folder by their names, and what is wrong with those that cannot be read."""

    files: tuple[SegmentFile, ...]
    problems: tuple[FileProblem, ...]


def normal(text: str) -> str:
    """A text with the line ends of this program, without blanks at its end."""
    return text.replace("\r\n", "\n").rstrip()


# --- reading


def read_folder(path: Path) -> Folder:
    """The segments of a folder; other files, and folders in it, are passed by.

    Raises `NoSuchFolder`, `NoFiles`, `TooManyFiles`; what is wrong with single files is a part of the answer.
    """
    if not path.is_dir():
        raise NoSuchFolder(path=path)
    found = [each for kind in ENDINGS for each in _files(path, kind)]
    if not found:
        raise NoFiles(path=path)
    files, problems = [], []
    for each in sorted(found):
        try:
            files.append(_rule(each) if each.suffix == ENDINGS["rule"] else _list(each))
        except UserError as error:
            problems.append(FileProblem(each.name, error))
    return Folder(tuple(files), tuple(problems))


def _files(path: Path, kind: Kind) -> list[Path]:
    found = []
    for each in path.iterdir():
        if each.name.endswith(ENDINGS[kind]) and not each.name.startswith(".") and each.is_file():
            found.append(each)
        if len(found) > FILES_MOST:
            raise TooManyFiles(path=path, most=FILES_MOST)
    return found


def _rule(path: Path) -> SegmentFile:
    with path.open("rb") as file:
        content = file.read(BYTES_MOST + 1)
    if len(content) > BYTES_MOST:
        raise FileTooLong()
    try:
        whole = normal(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise NotText() from None
    stem = _stem(path)
    first, _, rest = whole.partition("\n")
    return SegmentFile(path.name, name_in(stem, first), "rule", rest if is_cut(stem) else whole, whole)


def _list(path: Path) -> SegmentFile:
    stem, ids = _stem(path), _ids(path)
    first = ""
    if is_cut(stem):
        with path.open(encoding="utf-8-sig") as file:
            first = file.readline().rstrip("\r\n")
        ids -= {first.strip()}
    return SegmentFile(path.name, name_in(stem, first), "list", "", "", ids)


def _ids(path: Path) -> frozenset[str]:
    """Those in a file; none in an empty one, for a list may have lost all."""
    try:
        read = ids_in_file(path)
    except EmptyFile:
        return frozenset()
    if read.unreadable:
        raise UnreadableIds(lines=", ".join(map(str, read.unreadable)))
    return frozenset(read.ids)


def _stem(path: Path) -> str:
    return path.name.removesuffix(path.suffix)


# --- writing


@dataclass(frozen=True)
class Pulled:
    """What was done to the files of a folder, by their names."""

    path: Path
    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """The folder, and the names of the files that were written, removed, left as they are."""
        names = {"written": self.written, "removed": self.removed, "unchanged": self.unchanged}
        return {"path": str(self.path), **{what: list(files) for what, files in names.items()}}


def write_folder(
    path: Path, rules: Mapping[str, str], lists: Mapping[str, list[str]] | None, *, overwrite: bool
) -> Pulled:
    """Make a folder say what the segments are.

    rules  texts by the segments' names; lists: ids; None: files of lists are left alone
    Files that differ, and those of segments that are not there, are only written over or removed with `overwrite`;
    else `FilesDiffer` is raised, and nothing was written.
    """
    wanted = _contents(rules, lists or {})
    kinds: tuple[Kind, ...] = ("rule",) if lists is None else ("rule", "list")
    there = {each.name: each for kind in kinds for each in _files(path, kind)} if path.is_dir() else {}
    same = {name for name, each in there.items() if name in wanted and _is_same(each, wanted[name])}
    if not overwrite and there.keys() - same:
        raise FilesDiffer(path=path, files=", ".join(f"`{name}`" for name in sorted(there.keys() - same)))
    path.mkdir(parents=True, exist_ok=True)
    for name in sorted(there.keys() - wanted.keys()):
        there[name].unlink()
    for name in sorted(wanted.keys() - same):
        _put(path / name, wanted[name])
    gone = there.keys() - wanted.keys()
    return Pulled(path, *(tuple(sorted(names)) for names in (wanted.keys() - same, gone, same)))


def _contents(rules: Mapping[str, str], lists: Mapping[str, list[str]]) -> dict[str, bytes]:
    """What each file holds, by its name."""
    found = {}
    for name, stem in stems([*rules, *lists]).items():
        kind: Kind = "rule" if name in rules else "list"
        found[stem + ENDINGS[kind]] = "".join(_lines(name, stem, rules, lists)).encode()
    return found


def _lines(name: str, stem: str, rules: Mapping[str, str], lists: Mapping[str, list[str]]) -> Iterator[str]:
    if is_cut(stem):
        yield f"{HEADER}{name}\n"
    if name in rules:
        yield f"{normal(rules[name])}\n"
    else:
        yield from (f"{profile_id}\n" for profile_id in lists[name])


def _is_same(path: Path, content: bytes) -> bool:
    return path.read_bytes().replace(b"\r\n", b"\n").rstrip() == content.rstrip()


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{digest(path.name)}.part")
    beside.write_bytes(content)
    beside.replace(path)
