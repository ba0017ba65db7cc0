"""One version of a profile, and what others ask of it: who made it, when, why, and the profile itself."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, TypeAlias, cast

import attrs

from icpkit.history.moments import instant
from icpkit.history.records import Stored
from icpkit.markup import visible
from icpkit.profile import Profile

#: How a version came about: committed to be in force, committed as a draft, or by going back to an earlier one.
Kind: TypeAlias = Literal["commit", "draft", "rollback"]


@attrs.frozen(slots=False, eq=False, repr=False)
class Version:
    """One immutable version of a profile.

    Attributes:
        id: its hash, as hexadecimal text: of the profile, of all that is said of it here, and of all that came before.
        number: 1 for the first of its name, and so on.
        name: the profile's name in the history.
        parent: the id of the version before it, or None.
        author: who made it, or None where nobody was named or the name was erased.
        message: why, or None likewise.
        owner: who answers for the profile, or None likewise.
        committed_at: when it was written, in UTC; later than every version before it.
        effective_from: from when it is in force, in UTC; None for a draft.
        kind: ``"commit"``, ``"draft"`` or ``"rollback"``.
        restores: the number of the version to which a rollback went back, else None.
        content_id: that of the profile.
        erased: whether what people wrote has been erased.
        space: the tenant in whose history it is.
        seq: its place in that history.
    """

    id: str
    number: int
    name: str
    parent: str | None
    author: str | None
    message: str | None
    owner: str | None
    committed_at: datetime
    effective_from: datetime | None
    kind: Kind
    restores: int | None
    content_id: str
    erased: bool
    space: str
    seq: int
    _load: Callable[[], Profile]

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
        profile = self.profile
        fields = [getattr(self, field.name) for field in attrs.fields(Version)[:-1]]
        return Version, (*fields, _Loaded(profile))

    def __repr__(self) -> str:
        """Say in one line which it is."""
        told = f"v{self.number} of {self.name!r}, {self.id[:8]}, {self.committed_at:%Y-%m-%d %H:%M}"
        return f"<Version {told}{'' if self.author is None else f', {visible(self.author)}'}>"


@attrs.frozen
class _Loaded:
    """A profile that is there already."""

    profile: Profile

    def __call__(self) -> Profile:
        return self.profile


def version_of(stored: Stored, said: dict[str, Any], load: Callable[[], Profile]) -> Version:
    """Make a version of an entry.

    Args:
        stored: the entry and its note.
        said: what the note's body says.
        load: gives the profile.
    """
    entry, note = stored
    assert entry.number is not None  # versions have one
    assert entry.content is not None  # and a profile
    return Version(
        entry.id.hex(),
        entry.number,
        entry.name,
        None if entry.parent is None else entry.parent.hex(),
        None if note is None else note.author,
        said.get("message"),
        said.get("owner"),
        instant(entry.committed),
        None if entry.effective is None else instant(entry.effective),
        cast("Kind", entry.kind),
        entry.about,
        entry.content.hex(),
        entry.note is not None and note is None,
        entry.space,
        entry.seq,
        load,
    )
