"""A store in memory: for tests, trials, and histories that are made from a bundle."""

import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import attrs

from icpkit.history.errors import StaleError, StoreError
from icpkit.history.records import VERSIONS, Body, End, Entry, Note, Stored, beginning


@attrs.define
class _Space:
    """What one space holds."""

    entries: list[Entry] = attrs.field(factory=list)
    notes: dict[int, Note] = attrs.field(factory=dict)
    bodies: dict[bytes, Body] = attrs.field(factory=dict)
    #: The versions of each profile, and the entries about it, by place.
    versions: dict[str, list[int]] = attrs.field(factory=dict)
    tokens: dict[str, int] = attrs.field(factory=dict)

    def copy(self) -> "_Space":
        versions = {name: list(places) for name, places in self.versions.items()}
        return _Space(list(self.entries), dict(self.notes), dict(self.bodies), versions, dict(self.tokens))


@attrs.frozen(eq=False)
class _View:
    """A view of one space, to read and to write."""

    name: str
    held: _Space

    def _stored(self, place: int) -> Stored:
        return Stored(self.held.entries[place - 1], self.held.notes.get(place))

    def end(self) -> End:
        entries = self.held.entries
        return End(len(entries), entries[-1].id) if entries else beginning(self.name)

    def select(
        self,
        *,
        kinds: Collection[str] | None = None,
        name: str | None = None,
        token: str | None = None,
        after: int = 0,
        until: int | None = None,
        newest: bool = False,
        limit: int | None = None,
        **fields: Any,
    ) -> Iterator[Stored]:
        wanted = {key: value for key, value in {**fields, "name": name, "token": token}.items() if value is not None}
        places: Iterable[int] = range(1, len(self.held.entries) + 1)
        if token is not None:
            places = [self.held.tokens[token]] if token in self.held.tokens else []
        elif kinds is not None and set(kinds) <= set(VERSIONS) and name is not None:
            places = self.held.versions.get(name, [])
            if fields.get("number") is not None:
                places = places[fields["number"] - 1 : fields["number"]] if fields["number"] > 0 else []
        last = len(self.held.entries) if until is None else until
        found = 0
        for place in reversed(places) if newest else places:  # type: ignore[call-overload]  # a range or a list
            if limit is not None and found >= limit:
                return
            entry = self.held.entries[place - 1]
            if (
                after < place <= last
                and (kinds is None or entry.kind in kinds)
                and all(getattr(entry, key) == value for key, value in wanted.items())
            ):
                found += 1
                yield self._stored(place)

    def in_force(self, name: str, at: int, known: int) -> Stored | None:
        entries = (self.held.entries[place - 1] for place in self.held.versions.get(name, ()))
        found = [
            entry
            for entry in entries
            if entry.effective is not None and entry.effective <= at and entry.committed <= known
        ]
        least = max((entry.number or 0 for entry in found if entry.kind == "rollback"), default=0)
        ranks = [(entry.effective, entry.number, entry.seq) for entry in found if (entry.number or 0) >= least]
        return self._stored(max(ranks)[2]) if ranks else None

    def with_id(self, start: str) -> list[Stored]:
        found = (entry.seq for entry in self.held.entries if entry.id.hex().startswith(start))
        return [self._stored(place) for place, _ in zip(found, range(2), strict=False)]

    def names(self) -> list[str]:
        return sorted(self.held.versions)

    def body(self, id: bytes) -> Body | None:  # noqa: A002  # as in the protocol
        return self.held.bodies.get(id)

    def bodies(self) -> Iterator[tuple[bytes, Body]]:
        return iter(list(self.held.bodies.items()))

    def noted(self, *, author: str | None = None, account: str | None = None) -> list[int]:
        return sorted(
            place
            for place, note in self.held.notes.items()
            if author in {None, note.author} and account in {None, note.account}
        )

    def append(self, entry: Entry, note: Note | None) -> None:
        end = self.end()
        if (entry.seq, entry.prev, entry.space) != (end.length + 1, end.id, self.name):
            raise StaleError(entry.seq, end.length)
        if entry.token is not None and entry.token in self.held.tokens:
            raise StoreError("memory", f"an entry has the token {entry.token!r} already")
        if entry.number is not None and entry.number <= len(self.held.versions.get(entry.name, ())):
            raise StoreError("memory", f"{entry.name!r} has v{entry.number} already")
        self.held.entries.append(entry)
        if note is not None:
            self.held.notes[entry.seq] = note
        if entry.number is not None:
            self.held.versions.setdefault(entry.name, []).append(entry.seq)
        if entry.token is not None:
            self.held.tokens[entry.token] = entry.seq

    def put(self, id: bytes, body: Body) -> None:  # noqa: A002  # as in the protocol
        self.held.bodies.setdefault(id, body)

    def forget(self, places: Collection[int]) -> None:
        for place in places:
            self.held.notes.pop(place, None)

    def drop(self) -> None:
        self.held.entries.clear()
        for held in (self.held.notes, self.held.bodies, self.held.versions, self.held.tokens):
            held.clear()


@attrs.frozen(eq=False, repr=False)
class MemoryStore:
    """A store that lives as long as its object: `icpkit.History.memory` keeps a history in one."""

    _spaces: dict[str, _Space] = attrs.field(factory=dict, init=False)
    _lock: Any = attrs.field(factory=threading.RLock, init=False)
    _changing: set[str] = attrs.field(factory=set, init=False)

    @contextmanager
    def reading(self, space: str) -> Iterator[_View]:
        """Open a view of a space."""
        with self._lock:
            yield _View(space, self._spaces.get(space) or _Space())

    @contextmanager
    def writing(self, space: str) -> Iterator[_View]:
        """Open a view of a space to write to."""
        with self._lock:
            if space in self._changing:  # by this very thread, or the lock would not be ours
                raise StoreError("memory", f"this thread is changing {space!r} already", "leave that block first")
            self._changing.add(space)
            before = self._spaces.get(space)
            held = _Space() if before is None else before.copy()
            self._spaces[space] = held  # who reads within the change sees it; all others wait for the lock
            try:
                yield _View(space, held)
            except BaseException:
                held = _Space() if before is None else before
                raise
            finally:
                self._changing.remove(space)
                self._keep(space, held)

    def _keep(self, space: str, held: _Space) -> None:
        """Keep what a space holds; an empty one is none."""
        if held.entries:
            self._spaces[space] = held
        else:
            self._spaces.pop(space, None)

    def spaces(self) -> list[str]:
        """Give all spaces."""
        with self._lock:
            return sorted(self._spaces)

    def damage(self) -> Iterable[str]:
        """Tell nothing: memory is as it is."""
        return ()

    def close(self) -> None:
        """Do nothing: what is in memory stays as long as the store."""

    def __repr__(self) -> str:
        """Say what it is."""
        return "memory"
