"""What a file says of what is known already: the same as stands, something else, or again what was overtaken since.

A row that was said before and still stands is a duplicate. One that was overtaken is said again by a file that was
never loaded, under an id that also names the file: the file may be read once more. A statement with a time of its own
is never said again: it stands where its time puts it (rules 4, 23, 24).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from intarsia.clock import to_iso
from intarsia.language.meaning.consents import WITHDRAWN, Pair, pair
from intarsia.source.batches import Batch, Message, Naming
from intarsia.source.editions import Edition, content_of
from intarsia.source.guessing import Shape
from intarsia.source.purchases import ORDER
from intarsia.source.recorder import Recorder, Version

UPDATE = "Order Updated"


@dataclass(frozen=True)
class News:
    """What is to be done with the messages of a batch, by their numbers.

    known      about a profile or an order that was known before this load
    repeated   said before; they are not sent
    overtaken  those of them that do not stand any more, said by a file that was loaded before
    """

    known: set[int] = field(default_factory=set)
    repeated: set[int] = field(default_factory=set)
    overtaken: set[int] = field(default_factory=set)


class Renewal:
    """One load that tells its news; messages are changed in place."""

    def __init__(self, shape: Shape, recorder: Recorder, edition: Edition, recorded_at: int) -> None:
        self._shape = shape
        self._recorder = recorder
        self._edition = edition
        self._recorded_at = recorded_at
        self._new_profiles: set[str] = set()

    def news(self, batch: Batch) -> News:
        """What of a batch is known, and what is no news."""
        news = News()
        if self._shape == "purchases":
            self._orders(batch.messages, news)
            return news
        if self._shape == "profiles":
            news.known.update(self._known_profiles(batch.messages))
        if batch.naming is not None and self._shape != "events":
            self._statements(batch, batch.naming, news)
            self._withdrawals(batch.messages, batch.naming, news)
        return news

    def _recorded(self, messages: Mapping[int, Message]) -> set[int]:
        """The numbers of those that were recorded, under the ids of their contents."""
        known = (
            self._recorder.known_messages([message["messageId"] for message in messages.values()]) if messages else ()
        )
        return {number for number, message in messages.items() if message["messageId"] in known}

    def _say_again(self, messages: Mapping[int, Message], news: News) -> set[int]:
        """Have overtaken messages said again, but for those that this file said already; the numbers of the former."""
        again = {number: self._edition.again(message["messageId"]) for number, message in messages.items()}
        said = self._recorder.known_messages(list(again.values())) if again else set()
        for number, message in messages.items():
            if self._edition.loaded_at is None and again[number] not in said:
                message["messageId"] = again[number]
            else:
                news.repeated.add(number)
                if self._edition.loaded_at is not None:
                    news.overtaken.add(number)
        return messages.keys() - news.repeated

    # --- orders

    def _orders(self, messages: Sequence[Message], news: News) -> None:
        """An order that is known with other content becomes its new version, known since now."""
        orders = {
            message["properties"]["order_id"]: number
            for number, message in enumerate(messages)
            if message.get("event") == ORDER and "order_id" in message["properties"]
        }
        latest = self._recorder.latest_versions(sorted(orders)) if orders else {}
        changed: dict[int, Version] = {}
        for order_id, version in latest.items():
            number = orders[order_id]
            if _stands(messages[number], version):
                news.repeated.add(number)
            else:
                changed[number] = version
        recorded = self._recorded({number: messages[number] for number in changed})
        again = self._say_again({number: messages[number] for number in recorded}, news)
        for number in (changed.keys() - recorded) | again:
            news.known.add(number)
            # Of two versions of one instant the id would decide which is the latest.
            at = max(self._recorded_at, changed[number].occurred_at + 1)
            messages[number] |= {"event": UPDATE, "timestamp": to_iso(at)}

    # --- people

    def _known_profiles(self, messages: Sequence[Message]) -> set[int]:
        asked = {message["userId"] for message in messages} - self._new_profiles
        known = self._recorder.known_profiles(sorted(asked))
        self._new_profiles |= asked - known
        return {number for number, message in enumerate(messages) if message["userId"] in known}

    def _statements(self, batch: Batch, naming: Naming, news: News) -> None:
        """Undated statements: what still stands is no news, and an empty cell speaks only of what others said."""
        asked = {
            number: message
            for number, message in enumerate(batch.messages)
            if _is_undated(message, "identify", naming) and (self._shape != "profiles" or number in news.known)
        }
        recorded = self._recorded(asked)
        unsure = {number: message for number, message in asked.items() if number in recorded or number in batch.emptied}
        by_others = self._said_by_others(unsure, batch, naming) if unsure else {}
        news.repeated.update(recorded - by_others.keys())
        again = self._say_again({number: asked[number] for number in recorded & by_others.keys()}, news)
        for number in (by_others.keys() - recorded) | again:
            gaps = [name for name in batch.emptied.get(number, ()) if name in by_others[number]]
            asked[number]["traits"] = {**asked[number]["traits"], **dict.fromkeys(gaps)}

    def _said_by_others(self, asked: Mapping[int, Message], batch: Batch, naming: Naming) -> dict[int, set[str]]:
        """By number, the traits that have another value at present than the row says, not given by this file itself."""
        own = _filled(batch.messages)
        said = {number: _with_gaps(message, batch.emptied.get(number, ()), own) for number, message in asked.items()}
        found = {
            number: {name for name, said_by in differing.items() if not naming.has_named(content_of(said_by))}
            for number, differing in self._recorder.differing(said, self._recorded_at).items()
        }
        return {number: names for number, names in found.items() if names}

    def _withdrawals(self, messages: Sequence[Message], naming: Naming, news: News) -> None:
        """An undated withdrawal that was overtaken counts again; a consent never does, for nobody can tell when."""
        asked = {
            number: message
            for number, message in enumerate(messages)
            if message.get("event") == WITHDRAWN and _is_undated(message, "track", naming)
        }
        recorded = self._recorded(asked)
        if not recorded:
            return
        ids = sorted({asked[number]["userId"] for number in recorded})
        latest = self._recorder.latest_consents(ids, self._recorded_at)
        stands = {number for number in recorded if latest.get(_consent(asked[number]), WITHDRAWN) == WITHDRAWN}
        news.repeated.update(stands)
        self._say_again({number: asked[number] for number in recorded - stands}, news)


def _consent(message: Message) -> tuple[str, Pair]:
    properties = message["properties"]
    return message["userId"], pair(str(properties["channel"]), str(properties["purpose"]))


def _stands(message: Message, version: Version) -> bool:
    """Whether a version says what the row says; one that says no status does not speak against a cancellation."""
    stands = version.message_id if "status" in message["properties"] else version.content_id
    return stands is not None and content_of(stands) == message["messageId"]


def _is_undated(message: Message, kind: str, naming: Naming) -> bool:
    """Whether a message has no time, and no id but that of its content."""
    content = message.get("traits" if kind == "identify" else "properties")
    return (
        message.get("type") == kind
        and message.get("timestamp") is None
        and isinstance(content, Mapping)
        and isinstance(message.get("userId"), str)
        and isinstance(message["messageId"], str)
        and naming.has_named(message["messageId"])
    )


def _filled(messages: Iterable[Message]) -> Mapping[str, set[str]]:
    """By profile, the traits of which some row gives a value."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for message in messages:
        if message.get("type") == "identify" and isinstance(message.get("traits"), Mapping):
            found[str(message.get("userId"))].update(message["traits"])
    return found


def _with_gaps(message: Message, gaps: Sequence[str], own: Mapping[str, set[str]]) -> Message:
    """The message with its empty cells as unknown, but for those that another row of the person fills."""
    empty = [name for name in gaps if name not in own[message["userId"]]]
    return {**message, "traits": {**message["traits"], **dict.fromkeys(empty)}} if empty else message
