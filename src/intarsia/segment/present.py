"""Everybody at present as columns, which are kept on the disk from one question to the next and brought up to date."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import numpy as np

from intarsia.engine.columns.build import Builder
from intarsia.engine.columns.cache import MANIFEST, Cache, Healed
from intarsia.engine.columns.columns import Recorded
from intarsia.engine.columns.derivation import Derivation
from intarsia.engine.columns.grown import Grown
from intarsia.engine.columns.kept import Kept, keep_all
from intarsia.engine.columns.of_facts import FactColumns
from intarsia.engine.columns.widened import Widened
from intarsia.errors import Phrase, phrase
from intarsia.lake.faults import LakeBusy
from intarsia.lake.lake import WAIT_SECONDS
from intarsia.lake.lock import WritingLock
from intarsia.language.interpret.question import Question
from intarsia.language.meaning.facts import Person
from intarsia.profile.derived import derive, sources
from intarsia.segment.asking import Asking
from intarsia.segment.reached import Reached, Torn, regrouping

COLUMNS = "columns"
STATE = "present"
LOCK = ".lock"
ANEW_FROM = 50
"""Once this part of everybody has changed, columns are made anew: one of so many."""
FEW_ANEW_FROM = 5
FEW = 1000
"""The same where so few have changed at most."""
GONE = phrase("what was worked out before is gone; all of it is worked out anew")


class Present:
    """Everybody as of a question of the present, by all that is recorded.

    kept     columns of the question, or of an earlier one
    changed  whose columns are those of an earlier question: their facts are read
    size     so many places there are at least
    cache    where `kept` are, and whoever wants to may keep what belongs to them; None: nowhere
    columns  of everybody; what is asked for the first time is read then
    places   the place of each profile id; who is part of another person stands under that one's
    """

    def __init__(
        self,
        asking: Asking,
        kept: Recorded,
        changed: Collection[int] = (),
        size: int = 0,
        cache: Cache | None = None,
    ) -> None:
        self.cache = cache
        ids = profile_ids(asking, size)
        wide = Widened(kept, len(ids))
        self.columns = Grown(lambda: wide, ids, Derivation(derive, sources), asking.as_of.at)
        self.places = {profile_id: place for place, profile_id in enumerate(ids) if profile_id is not None}
        for number, survivor in regrouping(asking).items():
            self.places[ids[number] or ""] = survivor
        self.changed = read_people(asking, ids, changed)
        if changed:
            theirs, question = list(self.changed.values()), Question(asking.as_of.at)
            found = FactColumns(theirs, question, self.columns.catalog, self.columns.derivation)
            self.columns.catch_up(np.array(list(self.changed), np.int64), found)


def read_people(asking: Asking, ids: Sequence[str | None], places: Collection[int]) -> dict[int, Person]:
    """All facts of some people, by their places in order; who is part of another person has none of their own."""
    survivor_of = asking.evaluator.persons.survivor_of
    alive = [place for place in sorted(places) if survivor_of(place) == place]
    found = dict(zip(alive, asking.persons(alive), strict=True)) if alive else {}
    return {place: found.get(place) or Person(ids[place] or "", ()) for place in sorted(places)}


@contextmanager
def present(
    asking: Asking, folder: Path, erased: int, size: int = 0, *, log: Callable[[Phrase], None]
) -> Iterator[Present]:
    """Everybody as of a question of the present, from the columns in a folder, which may be deleted at any time.

    erased  how many people have ever been erased: columns of before are of no use
    size    so many places there are at least
    log     takes what was torn and is made anew, in sentences, at the end of the block
    Inside the block what is read is kept in the folder too, unless another process is at it; after the block what has
    been read may be used on. What is torn, or of another state, is made anew.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        try:
            held.enter_context(WritingLock(folder / LOCK, 0).held())
        except LakeBusy:
            yield Present(asking, Builder(asking.evaluator), size=size)
            return
        changed, torn = _opened(folder / COLUMNS, asking, Reached.by(asking, erased))
        cache = Cache(folder / COLUMNS, STATE)
        kept = Kept(cache, asking.catalog, lambda: Builder(asking.evaluator))
        try:
            yield Present(asking, kept, changed, size, cache)
        finally:
            for healed in (*torn, *cache.healed):
                log(healed.said())


def is_kept(folder: Path) -> bool:
    """Whether there are columns in a folder, whatever they are of."""
    return (folder / COLUMNS).exists()


def keep(
    columns: Grown,
    reached: Reached,
    folder: Path,
    *,
    is_current: Callable[[], bool],
    beside: Callable[[Cache], None] = lambda _: None,
) -> bool:
    """Keep columns in a folder instead of those that are there.

    beside      keeps what belongs to them
    is_current  whether nobody was erased since they were read, asked while nobody else is at the folder
    False: another process is at it, or they are not current any more; nothing is done.
    """
    new = folder / f"{COLUMNS}.new"
    try:
        with WritingLock(folder / LOCK, 0).held():
            if not is_current():
                return False
            shutil.rmtree(new, ignore_errors=True)
            reached.write(new)
            cache = Cache(new, STATE)
            keep_all(cache, columns)
            beside(cache)
            _throw_away(folder / COLUMNS)
            new.rename(folder / COLUMNS)
    except LakeBusy:
        return False
    return True


def drop(folder: Path) -> None:
    """Leave nothing of the columns in a folder; whoever is at it is waited for, else `LakeBusy` is raised."""
    if folder.exists():
        with WritingLock(folder / LOCK, WAIT_SECONDS).held():
            for kept in (COLUMNS, f"{COLUMNS}.new", f"{COLUMNS}.old"):
                shutil.rmtree(folder / kept, ignore_errors=True)
            (folder / COLUMNS).mkdir()  # so that nobody misses them


def _opened(folder: Path, asking: Asking, now: Reached) -> tuple[Collection[int], list[Healed]]:
    """Whose columns have changed since those in a folder were kept, and what of these is torn.

    Those that are of no use are thrown away.
    """
    torn = []
    try:
        before = Reached.read(folder)
        if before is None and (folder / MANIFEST).exists():
            torn = [Healed(MANIFEST, "missing")]
    except Torn:
        before, torn = None, [Healed(MANIFEST, "changed")]
    if before is not None and before.leads_to(now):
        changed = before.changed(now, asking)
        everybody = asking.tables.execute("select count(*) as n from lake.profiles")["n"][0].as_py()
        if len(changed) <= max(everybody // ANEW_FROM, min(everybody // FEW_ANEW_FROM, FEW)):
            return changed, torn
    _throw_away(folder)
    now.write(folder)
    return (), torn


def _throw_away(folder: Path) -> None:
    """Take a folder away at one stroke: whoever dies over it leaves none that looks torn."""
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    with suppress(FileNotFoundError):
        folder.rename(old)
    shutil.rmtree(old, ignore_errors=True)


def profile_ids(asking: Asking, size: int = 0) -> list[str | None]:
    """The profile id of each place, of which there are at least so many; None: nobody's."""
    found = asking.tables.execute("select profile_no, profile_id from lake.profiles")
    numbers = found["profile_no"].to_numpy()
    ids = np.full(max(int(numbers.max(initial=-1)) + 1, size), None, object)
    ids[numbers] = found["profile_id"].to_pylist()
    listed: list[str | None] = ids.tolist()
    return listed
