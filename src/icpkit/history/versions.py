"""One version of a profile, and what others ask of it: who made it, when, why, and the profile itself."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, TypeAlias, cast

import attrs

from icpkit.history.moments import instant
from icpkit.history.records import Entry, Note, Stored, of_entry
from icpkit.markup import visible
from icpkit.profile import Profile

#: How a version came about: committed to be in force, committed as a draft, or by going back to an earlier one.
Kind: TypeAlias = Literal["commit", "draft", "rollback"]


@attrs.frozen(slots=False, eq=False, repr=False)
class Version:
    """One immutable version of a profile; histories make them."""

    _entry: Entry
    _note: Note | None
    _parent: Callable[[], str | None]
    _load: Callable[[], Profile]

    @property
    def id(self) -> str:
        """Its hash, as hexadecimal text: of the profile, of all that is said here, and of all that came before."""
        return self._entry.id.hex()

    @property
    def number(self) -> int:
        """1 for the first of its name, and so on."""
        assert self._entry.number is not None  # versions have one
        return self._entry.number

    @property
    def name(self) -> str:
        """The profile's name in the history."""
        return self._entry.name

    @property
    def author(self) -> str | None:
        """Who made it; None where nobody was named, or the name was erased."""
        return None if self._note is None else self._note.author

    @property
    def message(self) -> str | None:
        """Why it was made; None where nothing was said, or it was erased."""
        return _said(Stored(self._entry, self._note), "message")

    @property
    def owner(self) -> str | None:
        """Who answers for the profile; None where nobody was named, or the name was erased."""
        return _said(Stored(self._entry, self._note), "owner")

    @property
    def committed_at(self) -> datetime:
        """When it was written, in UTC; later than every version before it."""
        return _moment(Stored(self._entry, self._note), self._entry.committed)

    @property
    def effective_from(self) -> datetime | None:
        """From when it is in force, in UTC; None for a draft."""
        moment = self._entry.effective
        return None if moment is None else _moment(Stored(self._entry, self._note), moment)

    @property
    def kind(self) -> Kind:
        """``"commit"``, ``"draft"`` or ``"rollback"``."""
        return cast("Kind", self._entry.kind)

    @property
    def restores(self) -> int | None:
        """The number of the version to which a rollback went back; None for others."""
        return self._entry.about

    @property
    def content_id(self) -> str:
        """The ``content_id`` of the profile."""
        assert self._entry.content is not None  # versions have a profile
        return self._entry.content.hex()

    @property
    def erased(self) -> bool:
        """Whether what people wrote has been erased."""
        return self._entry.note is not None and self._note is None

    @property
    def space(self) -> str:
        """The tenant in whose history it is."""
        return self._entry.space

    @property
    def seq(self) -> int:
        """Its place in that history."""
        return self._entry.seq

    @cached_property
    def parent(self) -> str | None:
        """The id of the version before it; None for the first."""
        return self._parent()

    @cached_property
    def profile(self) -> Profile:
        """The profile, read when it is first asked for.

        Raises:
            StoreDamagedError: where it is not what was written.
        """
        return self._load()

    def __eq__(self, other: object) -> bool:
        """Say whether it is the same version, wherever it was read."""
        return isinstance(other, Version) and self.id == other.id

    def __hash__(self) -> int:
        """Hash its id."""
        return hash(self.id)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel with the profile, without the history."""
        return Version, (self._entry, self._note, _Given(self.parent), _Given(self.profile))

    def __repr__(self) -> str:
        """Say in one line which it is."""
        told = f"v{self.number} of {self.name!r}, {self.id[:8]}, {self.committed_at:%Y-%m-%d %H:%M}"
        return f"<Version {told}{'' if self.author is None else f', {visible(self.author)}'}>"


@of_entry
def _said(stored: Stored, what: str) -> str | None:
    said: dict[str, str] = {} if stored.note is None else json.loads(stored.note.body)
    return said.get(what)


@of_entry
def _moment(_: Stored, moment: int) -> datetime:
    return instant(moment)


@attrs.frozen
class _Given:
    """Gives what is there already."""

    value: Any

    def __call__(self) -> Any:
        return self.value
