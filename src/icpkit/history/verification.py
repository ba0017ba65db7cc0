"""Is everything in a history as it was written? Every finding names what, where, and the last version that is sure."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import attrs

from icpkit.history.errors import StoreError
from icpkit.history.ledger import Ledger
from icpkit.history.listing import counted
from icpkit.history.records import (
    VERSIONS,
    End,
    Entry,
    Note,
    Stored,
    beginning,
    body_id,
    entry_id,
    note_hash,
    unpacked,
)
from icpkit.history.store import Reader
from icpkit.words import ENGLISH, Words

_LINE: Final = re.compile(r"icpkit-checkpoint 1 ([0-9a-f]{16}) ([0-9]{1,15}) ([0-9a-f]{64})")
_IDENTITY: Final = 16


@attrs.frozen
class Checkpoint:
    """Where a history ended at one moment: keep it elsewhere, and `History.verify` sees whether the end was cut off.

    Attributes:
        history: the beginning of the id of the first entry: whose checkpoint it is.
        length: how many entries there were.
        id: the id of the last of them, as hexadecimal text.
    """

    history: str
    length: int
    id: str

    def __str__(self) -> str:
        """Write it on one line, for a ticket, a mail, another system's log."""
        return f"icpkit-checkpoint 1 {self.history} {self.length} {self.id}"


def checkpoint_of(text: Any) -> Checkpoint:
    """Read a checkpoint of its line.

    Raises:
        ValueError: for what is none.

    >>> str(checkpoint_of("icpkit-checkpoint 1 " + "0" * 16 + " 7 " + "1" * 64))[:24]
    'icpkit-checkpoint 1 0000'
    """
    if isinstance(text, Checkpoint):
        return text
    match = _LINE.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"a checkpoint must be the line that history.checkpoint() gave (got {text!r})")
    return Checkpoint(match[1], int(match[2]), match[3])


def checkpoint(reader: Reader, space: str) -> Checkpoint:
    """Give the checkpoint of the end of a ledger."""
    end = reader.end()
    first = next((one.entry.id for one in reader.select(limit=1)), beginning(space).id)
    return Checkpoint(first.hex()[:_IDENTITY], end.length, end.id.hex())


@attrs.frozen
class Finding:
    """One thing that is not as it was written.

    Attributes:
        place: where: ``"entry 17 (v3 of 'SaaS')"``, ``"the profile 3fa9…"``, ``"the store"``.
        problem: what is wrong.
    """

    place: str
    problem: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.place}: {self.problem}"


@attrs.frozen(repr=False)
class Verification:
    """What `History.verify` found; true where all is as it was written.

    Attributes:
        space: the space that was looked at.
        entries: how many entries it has.
        versions: how many of them are versions.
        erased: how many notes were erased as they should be.
        findings: what is wrong, in the order of the history.
        sound_until: up to which entry nothing is wrong; 0 where a checkpoint or the store says that nothing is sure.
    """

    space: str
    entries: int
    versions: int
    erased: int
    findings: tuple[Finding, ...]
    sound_until: int

    @property
    def ok(self) -> bool:
        """Whether all is as it was written."""
        return not self.findings

    def __bool__(self) -> bool:
        """Say whether all is as it was written."""
        return self.ok

    def to_text(self, words: Words = ENGLISH) -> str:
        """Tell what was looked at, and what is wrong."""
        entries, versions = (
            counted("verify_entries", self.entries, words),
            counted("verify_versions", self.versions, words),
        )
        notes = counted("verify_notes", self.erased, words)
        key = "verify_sound" if self.ok else "verify_damaged_one" if len(self.findings) == 1 else "verify_damaged"
        count = f"{len(self.findings):,}"
        head = words[key].format(count=count, entries=entries, versions=versions, erased=notes, space=self.space)
        sure = [] if self.ok else [words["verify_until"].format(seq=self.sound_until)]
        return "\n  ".join([head, *map(str, self.findings), *sure])

    def __str__(self) -> str:
        """Tell it in English."""
        return self.to_text()

    __repr__ = __str__


def verify(ledger: Ledger, since: Checkpoint | None) -> Verification:
    """Check a space from its first entry to its last."""
    findings = [Finding("the store", problem) for problem in ledger.store.damage()]
    walk = Walk(ledger.space)
    walk.wrong += [1] * len(findings)  # who knows what else
    try:
        with ledger.store.reading(ledger.space) as reader:
            findings += walk.through(reader)
    except StoreError as error:
        findings.append(Finding("the store", error.problem))
        walk.wrong.append(walk.last + 1)
    against = [] if since is None else list(_against(since, walk))
    if against:  # what was written anew may have been so from the beginning
        findings, walk.wrong = findings + against, [1]
    sound = min((place for place in walk.wrong), default=walk.last + 1) - 1
    return Verification(ledger.space, walk.count, walk.versions, walk.erased_count, tuple(findings), sound)


class Walk:
    """One walk through a ledger, from its first entry to its last, and what it has to remember on the way."""

    def __init__(self, space: str) -> None:
        """Begin before the first entry."""
        self.space = space
        self.last: int = 0
        self.id: bytes = beginning(space).id
        self.first: str = self.id.hex()[:_IDENTITY]
        self.committed: int | None = None
        self.count: int = 0
        self.versions: int = 0
        self.erased_count: int = 0
        self.wrong: list[int] = []
        self.ids: dict[int, bytes] = {}
        self.heads: dict[str, int] = {}
        self.objects: dict[bytes, tuple[int, str]] = {}
        self.contents: dict[tuple[str, int], tuple[bytes | None, bytes | None]] = {}
        self.unnoted: dict[int, str] = {}
        self.erased: set[int] = set()
        self.noted: set[int] = set()
        self.tokens: set[str] = set()

    def through(self, reader: Reader) -> Iterator[Finding]:
        """Check all that a space holds."""
        noted = set(reader.noted())
        for stored in reader.select():
            noted.discard(stored.entry.seq)
            yield from self.step(stored)
        yield from self.done(reader.end())
        yield from self.bodies(reader.bodies())
        for place in sorted(noted, key=lambda place: place if type(place) is int else 0):
            yield self._finding(place, "there is a note beside an entry that is not there")

    def step(self, stored: Stored) -> Iterator[Finding]:
        """Check the next entry."""
        entry, note = stored
        called = called_of(entry)
        self.count += 1
        if type(entry.seq) is not int or entry.seq <= self.last:
            yield self._finding(self.last + 1, "an entry has no place of its own", called)
            return
        if entry.seq > self.last + 1:
            missing = (
                f"entry {self.last + 1}"
                if entry.seq == self.last + 2
                else f"entries {self.last + 1} to {entry.seq - 1}"
            )
            yield self._finding(self.last + 1, "missing: the history goes on behind it", missing)
        elif entry.prev != self.id:
            yield self._finding(entry.seq, "does not follow the entry before it", called)
        try:
            same = entry_id(entry) == entry.id
        except (TypeError, ValueError, AttributeError):
            same = False
        if not same or entry.space != self.space:
            yield self._finding(entry.seq, "is not as it was written: its hash is another", called)
        self.last, self.id = entry.seq, entry.id
        if entry.seq == 1 and isinstance(entry.id, bytes):
            self.first = entry.id.hex()[:_IDENTITY]
        self.ids[entry.seq] = entry.id
        if same:
            try:
                yield from list(self._meaning(entry, called))
            except (LookupError, TypeError, ValueError):  # a forger knows how to hash, and not what it must say
                yield self._finding(entry.seq, "says nothing that a history says", called)
            yield from self._note(entry, note, called)

    def _meaning(self, entry: Entry, called: str) -> Iterator[Finding]:
        """Check what the rules of a history say of an entry that is as it was written."""
        wrong = nonsense(entry)
        if wrong:
            yield self._finding(entry.seq, f"says what no history says: {wrong}", called)
            return
        if self.committed is not None and entry.committed <= self.committed:
            yield self._finding(entry.seq, "is not later than the entry before it", called)
        self.committed = entry.committed
        if entry.token is not None:
            if entry.token in self.tokens:
                yield self._finding(entry.seq, f"uses the idempotency key {entry.token!r} again", called)
            self.tokens.add(entry.token)
        if entry.kind in VERSIONS:
            yield from self._version(entry, called)
        elif entry.number is not None:
            yield self._finding(entry.seq, "has a number, and is no version", called)
        elif entry.kind == "erased":
            places = set(erased_by(entry))
            self.erased |= places
            for place in sorted(places & self.noted):
                yield self._finding(place, "was erased, and yet there is a note", f"entry {place}")
        elif entry.about is not None and (entry.name, entry.about) not in self.contents:
            yield self._finding(entry.seq, f"is about v{entry.about} of {entry.name!r}, which is not there", called)

    def _version(self, entry: Entry, called: str) -> Iterator[Finding]:
        """Check that a version follows the one before, and that a rollback restores what it says."""
        self.versions += 1
        number = self.heads.get(entry.name, 0)
        if entry.number != number + 1:
            yield self._finding(entry.seq, f"does not follow v{number} of {entry.name!r}", called)
        restored = self.contents.get((entry.name, entry.about or 0))
        if entry.kind == "rollback" and restored != (entry.object, entry.content):
            yield self._finding(entry.seq, f"does not restore v{entry.about}, as it says", called)
        assert entry.number is not None  # or it would have been nonsense
        assert entry.object is not None  # the same
        self.heads[entry.name] = entry.number
        self.contents[entry.name, entry.number] = entry.object, entry.content
        self.objects.setdefault(entry.object, (entry.seq, called))

    def _note(self, entry: Entry, note: Note | None, called: str) -> Iterator[Finding]:
        if note is not None:
            self.noted.add(entry.seq)
        if note is None:
            if entry.note is not None:
                self.unnoted[entry.seq] = called
        elif entry.note is None:
            yield self._finding(entry.seq, "has a note that was not written with it", called)
        else:
            try:
                same = note_hash(note) == entry.note
            except (TypeError, ValueError):
                same = False
            if not same:
                yield self._finding(entry.seq, "its note (author, message) is not as it was written", called)
            elif not _is_said(note):
                yield self._finding(entry.seq, "its note (author, message) is none that a history writes", called)

    def done(self, end: End) -> Iterator[Finding]:
        """Check the end, once all entries have been seen."""
        if end != (self.last, self.id):
            problem = f"has {self.last} entries, and its end says {end.length}"
            problem = problem if end.length != self.last else "does not end where its end says"
            ends = [self.last, *([end.length] if type(end.length) is int else [])]
            yield self._finding(min(ends) + 1, problem, "the history")
        for place, called in sorted(self.unnoted.items()):
            if place in self.erased:
                self.erased_count += 1
            else:
                yield self._finding(place, "its note (author, message) is gone, and nobody erased it", called)

    def bodies(self, bodies: Iterable[tuple[bytes, Any]]) -> Iterator[Finding]:
        """Check the texts of the profiles, once all entries have been seen."""
        wanted = dict(self.objects)
        for key, body in bodies:
            place, called = wanted.pop(key, (None, ""))
            profile = f"the profile {_hex(key)}" + ("" if place is None else f" of {called}")
            try:
                text = unpacked(body)
                if body_id(body.format, text) != key:
                    yield self._finding(place or 1, "is not as it was written: its hash is another", profile)
                elif place is None:
                    yield self._finding(self.last + 1, "belongs to no version", profile)
            except (ValueError, TypeError) as error:
                yield self._finding(place or self.last + 1, f"is damaged: {error}", profile)
        for key, (place, called) in wanted.items():
            yield self._finding(place, "is not there", f"the profile {_hex(key)} of {called}")

    def _finding(self, place: int, problem: str, called: str = "") -> Finding:
        self.wrong.append(place if type(place) is int else 0)
        return Finding(called or f"entry {place}", problem)


def _hex(key: Any) -> str:
    return f"{key.hex()[:12]}…" if isinstance(key, bytes) else repr(key)


def erased_by(entry: Entry) -> list[int]:
    """Give the places of the notes that an entry says were erased; none of any other kind."""
    return list(json.loads(entry.data)["places"]) if entry.kind == "erased" else []


#: What an entry of a kind has, besides what all have; kinds of later releases may have what they like.
_HAS: Final = {
    "commit": ("number", "object", "content", "effective"),
    "draft": ("number", "object", "content"),
    "rollback": ("number", "object", "content", "effective", "about"),
    "tag": ("label", "about"),
    "alias": ("label",),
    "approval": ("label", "about"),
    "withdrawal": ("label", "about"),
    "requirement": ("label",),
    "review": ("about",),
    "override": ("about",),
    "erased": (),
}
_LARGEST: Final = 2**53


def nonsense(entry: Entry) -> str:
    """Say what is wrong with an entry that is whole and yet not of a history's making; an empty text if nothing is.

    Whoever reads an entry relies on this: its data need not be looked at twice.
    """
    lacking = [field for field in _HAS.get(entry.kind, ()) if getattr(entry, field) is None]
    if lacking:
        return f"it has no {lacking[0]}"
    large = [value for value in entry if type(value) is int and abs(value) > _LARGEST]
    if large:
        return f"{large[0]} is too large a number"
    try:
        data = {} if entry.data == "{}" else json.loads(entry.data)
        fine = isinstance(data, dict) and _DATA.get(entry.kind, _anything)(data, entry)
    except (ValueError, TypeError, KeyError, RecursionError):
        fine = False
    return "" if fine else f"{entry.data[:100]!r} is no data of its kind"


def _anything(data: dict[str, Any], entry: Entry) -> bool:  # noqa: ARG001  # as the others
    return True


def _is_requirement(data: dict[str, Any], entry: Entry) -> bool:  # noqa: ARG001  # the same
    return isinstance(data["roles"], list) and all(isinstance(role, str) for role in data["roles"])


def _is_review(data: dict[str, Any], entry: Entry) -> bool:  # noqa: ARG001  # the same
    return _is_whole(data["due"])


def _is_override(data: dict[str, Any], entry: Entry) -> bool:  # noqa: ARG001  # the same
    given = [data[key] for key in ("fit", "points") if key in data]
    told = len(given) + ("tier" in data) == (0 if data["action"] == "clear" else 1)
    fine = all(map(_is_whole, given)) and isinstance(data.get("tier", ""), str) and _is_whole(data.get("expires", 0))
    return told and fine and data["action"] in {"set", "adjust", "clear"}


def _is_erasure(data: dict[str, Any], entry: Entry) -> bool:
    places = data["places"]
    return isinstance(places, list) and all(_is_whole(place) and 0 < place < entry.seq for place in places)


_DATA: Final = {
    "requirement": _is_requirement,
    "review": _is_review,
    "override": _is_override,
    "erased": _is_erasure,
}


def _is_whole(value: Any) -> bool:
    return type(value) is int and abs(value) <= _LARGEST


def _is_said(note: Note) -> bool:
    """Say whether a note is of a history's making."""
    try:
        said = json.loads(note.body)
        account = "" if note.account is None else json.loads(note.account)
    except (ValueError, RecursionError):
        return False
    texts = isinstance(said, dict) and all(isinstance(value, str) for value in said.values())
    return texts and (isinstance(account, str) or _is_whole(account))


def called_of(entry: Entry) -> str:
    """Say which entry it is."""
    if entry.number is not None:
        return f"entry {entry.seq} (v{entry.number} of {entry.name!r})"
    return f"entry {entry.seq} ({entry.kind}{f' of {entry.name!r}' if entry.name else ''})"


def _against(since: Checkpoint, walk: Walk) -> Iterator[Finding]:
    """Compare a ledger with what it was."""
    if since.length and not walk.count:
        yield Finding("the checkpoint", f"is of a history of {since.length} entries, and this one is empty")
    elif since.length and since.history != walk.first:
        yield Finding("the checkpoint", f"is of another history ({since.history}, this is {walk.first})")
    elif walk.last < since.length:
        gone = since.length - walk.last
        yield Finding(
            f"entry {walk.last + 1}", f"missing: the end was cut off by {gone} entr{'y' if gone == 1 else 'ies'}"
        )
    elif since.length and walk.ids.get(since.length) != bytes.fromhex(since.id):
        yield Finding(f"entry {since.length}", "is another than at the checkpoint: the history was written anew")
