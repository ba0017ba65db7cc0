"""What a history asks of the place where it is kept: a few typed questions, and one lock.

A store knows nothing of profiles. It keeps entries, notes and packed texts apart by space; it lets one writer at a
time into a space; and it makes all that a writer did stay, or nothing of it.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from icpkit.history.records import Body, End, Entry, Note, Stored


class Reader(Protocol):
    """One consistent view of a space. Whatever it gives is of this space alone."""

    def end(self) -> End:
        """Give the end of the ledger as the store has noted it; that of an empty one where there is none."""
        ...

    def select(
        self,
        *,
        kinds: Collection[str] | None = None,
        name: str | None = None,
        number: int | None = None,
        about: int | None = None,
        label: str | None = None,
        token: str | None = None,
        after: int = 0,
        until: int | None = None,
        newest: bool = False,
        limit: int | None = None,
    ) -> Iterator[Stored]:
        """Give the entries to which all that is given applies, with their notes, in the order of the ledger.

        Args:
            kinds: of one of these kinds.
            name: about this profile; an empty text for those about all.
            number: that make the version of this number.
            about: about the version of this number.
            label: with this label.
            token: with this idempotency key.
            after: from the place behind this one on.
            until: up to this place.
            newest: the last ones first.
            limit: not more than so many.
        """
        ...

    def in_force(self, name: str, at: int, known: int) -> Stored | None:
        """Give the version that is in force at a moment, among those committed up to another.

        It is the one with the latest ``effective`` that is not after ``at``, and of several the one of the highest
        number; what has no ``effective`` is never in force. A rollback among them ends all versions before it, also
        those that were to be in force later.
        """
        ...

    def with_id(self, start: str) -> list[Stored]:
        """Give up to two entries whose id begins with these hexadecimal digits."""
        ...

    def names(self) -> list[str]:
        """Give the names of all profiles that have a version, in alphabetical order."""
        ...

    def body(self, id: bytes) -> Body | None:  # noqa: A002  # the word of the trade
        """Give the packed text of this id."""
        ...

    def bodies(self) -> Iterator[tuple[bytes, Body]]:
        """Give all packed texts with their ids."""
        ...

    def noted(self, *, author: str | None = None, account: str | None = None) -> list[int]:
        """Give the places of the notes of this author, about this account, or of all; in order."""
        ...


class Writer(Reader, Protocol):
    """A view of a space that nobody else writes to as long as it is open."""

    def append(self, entry: Entry, note: Note | None) -> None:
        """Add an entry behind the end, and move the end.

        Raises:
            StaleError: where it does not follow the end, so that nothing forks though a lock should fail.
        """
        ...

    def put(self, id: bytes, body: Body) -> None:  # noqa: A002  # the word of the trade
        """Keep the packed text of a profile; one that is there already stays as it is."""
        ...

    def forget(self, places: Collection[int]) -> None:
        """Delete the notes beside these entries so that nothing of them is left in the store."""
        ...

    def drop(self) -> None:
        """Delete the space with all that is in it."""
        ...


class Store(Protocol):
    """Where histories are kept; safe to share between threads."""

    def reading(self, space: str) -> AbstractContextManager[Reader]:
        """Open one consistent view of a space."""
        ...

    def writing(self, space: str) -> AbstractContextManager[Writer]:
        """Wait until nobody writes to the space; what is done inside stays if no error leaves the block.

        Raises:
            StoreBusyError: where others write for too long.
            StoreReadOnlyError: where nothing can be written.
        """
        ...

    def spaces(self) -> list[str]:
        """Give all spaces, in alphabetical order."""
        ...

    def damage(self) -> Iterable[str]:
        """Tell what the store itself finds wrong, apart from what is in it: files, tables, indexes."""
        ...

    def close(self) -> None:
        """Let go of files and connections; closing twice is allowed."""
        ...
