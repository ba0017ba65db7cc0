"""One space of a store, and the two things that are done with it: entries are added, and versions are found."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time
from functools import partial
from typing import Any, Final, TypeAlias

import attrs

from icpkit.criteria import Criterion
from icpkit.errors import ProfileTextError
from icpkit.history.errors import NoSuchVersionError, StoreDamagedError
from icpkit.history.moments import Clock, end_of, instant, micros
from icpkit.history.records import (
    VERSIONS,
    Body,
    End,
    Entry,
    Stored,
    beginning,
    body_id,
    check_types,
    note_hash,
    note_of,
    plain_json,
    sealed,
    unpacked,
    unreadable,
)
from icpkit.history.store import Reader, Store, Writer
from icpkit.history.versions import Version
from icpkit.profile import Profile
from icpkit.serialization import loads

#: What stands for a version: itself, a name (for its head), ``"name@label"``, or a name and a label, number or text.
Ref: TypeAlias = Version | str | tuple[str, str | int]

#: The longest name of a profile, of a space, and of all else that is looked up; longer than that is a message.
LONGEST_NAME: Final = 200
LONGEST_SPACE: Final = 100
_LONGEST_MESSAGE: Final = 10_000
_NUMBER: Final = re.compile(r"v([1-9][0-9]{0,8})")
#: The beginning of an id: six digits or more.
ID: Final = re.compile(r"(?:sha:)?([0-9a-f]{6,64})")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}.*")
LABELS: Final = ("tag", "alias")
#: Later than everything that was ever committed, and more than anything is ever numbered.
EVER: Final = 2**53


@attrs.frozen(eq=False)
class Ledger:
    """One space of a store.

    Attributes:
        store: the store.
        space: the space.
        clock: tells the time.
        kinds: the user's own classes of criteria.
        anonymous: whether author and message may be left out.
        profiles: those that have been read, by the id of their text.
        written: the profile that was written last, and what was made of it.
    """

    store: Store
    space: str
    clock: Clock
    kinds: tuple[type[Criterion], ...]
    anonymous: bool
    profiles: dict[bytes, Profile] = attrs.field(factory=dict, init=False)
    written: dict[str, tuple[Profile, tuple[bytes, Body, bytes]]] = attrs.field(factory=dict, init=False)

    def now(self) -> int:
        """Tell the time, in microseconds.

        Raises:
            ValueError: for a clock that tells no aware datetime.
        """
        when: Any = self.clock()
        if not isinstance(when, datetime) or when.utcoffset() is None:
            raise ValueError(f"clock must tell an aware datetime (got {when!r})")
        return micros(when.astimezone(UTC))

    def present(self, reader: Reader) -> int:
        """Give the moment up to which everything has happened: now, or the last entry's, if the clock is behind it."""
        last = next(reader.select(newest=True, limit=1), None)
        if last is None:
            return self.now()
        return max(self.now(), check_types(last).committed)

    # Entries

    def add(
        self,
        writer: Writer,
        *,
        author: str | None = None,
        account: str | None = None,
        said: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        in_force: bool = False,
        **fields: Any,
    ) -> Stored:
        """Add an entry to the end, with the time, and a note of what people wrote.

        Args:
            writer: the open space.
            author: who wrote it.
            account: the account that it is about.
            said: what else was written.
            data: what else it holds: text, whole numbers, lists.
            in_force: whether what has no ``effective`` is in force from now on.
            fields: the fields of the entry.
        """
        stored = next(writer.select(newest=True, limit=1), None)
        last = None if stored is None else check_types(stored)
        end = beginning(self.space) if last is None else End(last.seq, last.id)
        now = self.now()
        # Also when a clock goes back, the order of the ledger is that of its times.
        committed = now if last is None else max(now, last.committed + 1)
        told = {**(data or {}), **({"clock": now} if committed != now else {})}
        note = note_of(author, account, said or {})
        if in_force and fields.get("effective") is None:
            fields["effective"] = committed
        entry = sealed(
            end,
            space=self.space,
            committed=committed,
            note=None if note is None else note_hash(note),
            data=plain_json(told),
            **fields,
        )
        writer.append(entry, note)
        return Stored(entry, note)

    def people(
        self, author: Any, message: Any, what: str = "message", *, optional: bool = False, signed: bool = True
    ) -> tuple[str | None, str | None]:
        """Check who did it and why: both must be said, unless the history is anonymous.

        Args:
            author: who.
            message: why.
            what: what the message is called.
            optional: whether the message may be left out.
            signed: whether the author must be named.

        Raises:
            ValueError: for what is missing or no text; it names the argument.
        """
        needed = [("author", author)] * signed + [(what, message)] * (not optional)
        lacking = [name for name, value in needed if value is None]
        if lacking and not self.anonymous:
            raise ValueError(
                f"{' and '.join(lacking)} must be given: who changes what, and why, is what a history is for\n\n"
                f"Hint: {', '.join(f'{name}=…' for name in lacking)}; History(…, anonymous=True) does without"
            )
        who = None if author is None else text_of("author", author, LONGEST_NAME)
        return who, None if message is None else text_of(what, message, _LONGEST_MESSAGE, lines=True)

    # Profiles

    def remember(self, key: bytes, profile: Profile) -> None:
        """Keep a profile at hand; the oldest goes where there are many."""
        if len(self.profiles) >= _KEPT:
            self.profiles.pop(next(iter(self.profiles)), None)
        self.profiles[key] = profile

    def profile(self, key: bytes, name: str, number: int) -> Profile:
        """Give the profile of an id.

        Raises:
            StoreDamagedError: where it is not there, or not what was written.
        """
        found = self.profiles.get(key)
        if found is None:
            called = f"v{number} of {name!r}"
            with self.store.reading(self.space) as reader:
                text = text_in(reader, key, called, repr(self.store))
            try:
                found = loads(text, kinds=self.kinds, read_only=True)
            except ProfileTextError as error:
                raise StoreDamagedError(
                    repr(self.store), f"the profile of {called} cannot be loaded: {error}"
                ) from error
            self.remember(key, found)
        return found

    # Versions

    def version(self, stored: Stored) -> Version:
        """Make a version of its entry.

        Raises:
            StoreDamagedError: for an entry that is not as it was written.
        """
        entry, note = stored
        check_types(stored)
        if entry.number is None or entry.object is None or entry.content is None:
            raise unreadable(entry, "a version has a number and a profile")
        load = partial(self.profile, entry.object, entry.name, entry.number)
        parent = partial(self._id_of, entry.name, entry.number - 1)
        return Version(entry, note, parent, load)

    def _id_of(self, name: str, number: int) -> str | None:
        with self.store.reading(self.space) as reader:
            found = self.numbered(reader, name, number)
        return None if found is None else found.entry.id.hex()

    def head(self, reader: Reader, name: str) -> Stored | None:
        """Give the latest version of a name, drafts included."""
        return next(reader.select(kinds=VERSIONS, name=name, newest=True, limit=1), None)

    def numbered(self, reader: Reader, name: str, number: int) -> Stored | None:
        """Give the version of a number."""
        # A store need not know how to look for more than it can hold.
        return next(reader.select(kinds=VERSIONS, name=name, number=number), None) if 0 < number < EVER else None

    def labelled(self, reader: Reader, name: str, label: str, *, until: int | None = None) -> Entry | None:
        """Give the last entry that set a tag or moved an alias; None where there is none."""
        kinds = [next(reader.select(kinds=(kind,), name=name, label=label, newest=True, limit=1, until=until), None)
                 for kind in LABELS]  # fmt: skip
        return next((one.entry for one in kinds if one is not None), None)

    def pointed(self, reader: Reader, name: str, label: str, moment: int | None) -> Stored:
        """Find the version to which an alias or a tag pointed at a moment; None for now.

        Raises:
            NoSuchVersionError: where it pointed nowhere.
        """
        self.find(reader, (name, "head"))
        until = None if moment is None else self._place_at(reader, moment)
        entry = self.labelled(reader, name, label, until=until)
        found = None if entry is None or entry.about is None else self.numbered(reader, name, entry.about)
        if found is None:
            known = [one for one in self.labels(reader, name) if one != label]
            then = "" if moment is None else " then"
            raise NoSuchVersionError(f"the alias {label!r} of {name!r} pointed nowhere{then}", label, known)
        return found

    def _place_at(self, reader: Reader, moment: int) -> int:
        """Find the last entry that was committed up to a moment: they rise, so half are left out at each step."""
        last = next(reader.select(newest=True, limit=1), None)
        low, high = 0, 0 if last is None else check_types(last).seq
        while low < high:
            middle = (low + high + 1) // 2
            found = next(reader.select(after=middle - 1, until=middle), None)
            if found is None:
                raise StoreDamagedError(repr(self.store), f"entry {middle} of space {self.space!r} is not there")
            low, high = (middle, high) if check_types(found).committed <= moment else (low, middle - 1)
        return low

    def labels(self, reader: Reader, name: str) -> dict[str, int]:
        """Give the tags and aliases of a name, each with the number of its version."""
        found = {one.entry.label: one.entry.about for one in reader.select(kinds=LABELS, name=name)}
        return {str(label): number for label, number in found.items() if number is not None}

    def find(self, reader: Reader, ref: Any) -> Stored:
        """Find a version.

        Raises:
            NoSuchVersionError: where there is none; it names what there is.
            TypeError: for what stands for no version.
        """
        if isinstance(ref, Version):
            found = self.numbered(reader, ref.name, ref.number) if ref.space == self.space else None
            if found is None or found.entry.id.hex() != ref.id:
                raise NoSuchVersionError(f"{ref!r} is not of this history (space {self.space!r})", ref.name)
            return found
        if isinstance(ref, str):
            name, label = self.split(reader, ref)
        elif isinstance(ref, tuple) and len(ref) == 2 and isinstance(ref[0], str):
            name, label = ref
        else:
            raise TypeError(
                f"a version is named by itself, 'name', 'name@label', or (name, label) (got {ref!r})\n\n"
                "Hint: a label is v3, a tag, an alias, a day in ISO form, or sha: and the beginning of its id"
            )
        head = self.head(reader, name)
        if head is None:
            known = reader.names()
            problem = f"there is no profile {name!r} in this history (space {self.space!r})"
            raise NoSuchVersionError(problem + ("" if known else ", which is empty"), name, known)
        return head if label is None else self._labelled(reader, name, label, head)

    def split(self, reader: Reader, ref: str) -> tuple[str, str | int | None]:
        """Take ``"name@label"`` apart; a profile that is called so wins, and what is no profile either way is left."""
        name, sign, label = ref.rpartition("@")
        apart = sign and self.head(reader, ref) is None and self.head(reader, name) is not None
        return (name, label) if apart else (ref, None)

    def _labelled(self, reader: Reader, name: str, label: str | int, head: Stored) -> Stored:
        """Find the version of a label: a number, a tag or alias, a day, or the beginning of an id."""
        found: Stored | None = None
        if isinstance(label, bool) or not isinstance(label, int | str):
            raise TypeError(f"a version's label must be text or a whole number (got {label!r})")
        number = label if isinstance(label, int) else int(one[1]) if (one := _NUMBER.fullmatch(label)) else None
        if number is not None:
            found = self.numbered(reader, name, number)
            if found is None:
                problem = f"{name!r} has no version {number}: its head is v{head.entry.number}"
                raise NoSuchVersionError(problem, str(label))
            return found
        label = str(label)
        if label == "head":
            return head
        named = self.labelled(reader, name, label)
        if named is not None and named.about is not None:
            found = self.numbered(reader, name, named.about)
        elif _DATE.fullmatch(label):
            return self.in_force(reader, name, end_of("the day of a version", label), EVER)
        elif match := ID.fullmatch(label):
            found = self._with_id(reader, name, match[1])
        if found is None:
            known = self.labels(reader, name)
            latest = head.entry.number
            there = "there is v1" if latest == 1 else f"there are v1 to v{latest}"
            raise NoSuchVersionError(f"{name!r} has no version {label!r}: {there}", label, known)
        return found

    def _with_id(self, reader: Reader, name: str, start: str) -> Stored | None:
        found = [one for one in reader.with_id(start) if one.entry.name == name and one.entry.number is not None]
        if len(found) > 1:
            raise NoSuchVersionError(f"{start!r} begins the ids of several versions: give more of it", start)
        return found[0] if found else None

    def in_force(self, reader: Reader, name: str, at: int, known: int) -> Stored:
        """Find the version in force at a moment, as known at another.

        Raises:
            NoSuchVersionError: where none was.
        """
        found = reader.in_force(name, at, known)
        if found is not None:
            return found
        if self.head(reader, name) is None:
            self.find(reader, (name, "head"))
        first = min(self._effective(reader, name, known), default=None)
        ever = next(self._effective(reader, name, EVER), None)
        when = "there are drafts only" if ever is None else "none was known then"
        when = when if first is None else f"the first is in force from {_told(first)}"
        raise NoSuchVersionError(f"no version of {name!r} was in force at {_told(at)}: {when}", name)

    def _effective(self, reader: Reader, name: str, known: int) -> Iterator[int]:
        for one in reader.select(kinds=VERSIONS, name=name):
            if one.entry.effective is not None and one.entry.committed <= known:
                yield one.entry.effective


#: How many profiles are kept at hand.
_KEPT: Final = 256


def text_in(reader: Reader, key: bytes, called: str, place: str) -> str:
    """Give the text of a profile, and see that it is what was written.

    Raises:
        StoreDamagedError: where it is not.
    """
    body = reader.body(key)
    if body is None:
        raise StoreDamagedError(place, f"the profile of {called} is not there")
    try:
        text = unpacked(body)
        same = body_id(body.format, text) == key
    except (TypeError, ValueError) as error:
        raise StoreDamagedError(place, f"the profile of {called} is damaged: {error}") from error
    if not same:
        raise StoreDamagedError(place, f"the profile of {called} is not the one that was written")
    return text


def text_of(field: str, value: Any, most: int, *, lines: bool = False) -> str:
    """Check text that people or programs give: not blank, not too long, nothing that cannot be stored or shown.

    Args:
        field: what it is, for the message.
        value: the text.
        most: how many characters it may have.
        lines: whether it may have several lines.

    Raises:
        TypeError: for what is no text.
        ValueError: for text that cannot be.

    >>> text_of("author", "revops@example.com", 200)
    'revops@example.com'
    """
    if not isinstance(value, str):
        raise TypeError(f"{field} must be text (got {value!r})")
    if not value.strip():
        raise ValueError(f"{field} must not be blank (got {value!r})")
    if len(value) > most:
        raise ValueError(f"{field} must have at most {most:,} characters (got {len(value):,})")
    allowed = "\n\t" if lines else ""
    if any(char < " " and char not in allowed for char in value) or any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError(f"{field} must hold no control characters and no half characters (got {value!r})")
    return value


def _told(micros: int) -> str:
    """Write a moment for a message: a day where it begins or ends one."""
    when = instant(micros)
    day = when.time() in {time.min, time(23, 59, 59, 999_999)}
    return when.date().isoformat() if day else when.isoformat()
