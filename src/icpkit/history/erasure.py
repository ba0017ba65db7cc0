"""Erasing what people wrote, and who they are: the notes go, the chain stays, and says that they were erased."""

import json
from typing import Any

import attrs

from icpkit.history.ledger import Ledger
from icpkit.history.listing import counted
from icpkit.history.records import Stored, of_entry, plain_json
from icpkit.history.store import Writer
from icpkit.words import ENGLISH, Words


@attrs.frozen
class Erasure:
    """What was erased.

    Attributes:
        notes: how many notes.
        carried: how many overrides hold on without the name and the words of who made them.
    """

    notes: int
    carried: int

    def describe(self, words: Words = ENGLISH) -> str:
        """Say it in a sentence."""
        notes = counted("verify_notes", self.notes, words)
        if not self.carried:
            return words["erasure"].format(notes=notes)
        return words["erasure_carried"].format(notes=notes, carried=counted("erasure_overrides", self.carried, words))

    def __str__(self) -> str:
        """Say it in English."""
        return self.describe()


def erase(
    ledger: Ledger, writer: Writer, *, author: str | None, account: Any, said: tuple[str | None, str | None]
) -> Erasure:
    """Erase the notes of an author or about an account.

    Args:
        ledger: the space.
        writer: a view of it.
        author: whose notes.
        account: or the account that they are about.
        said: who erases, and why.

    Raises:
        ValueError: for a key of an account that nothing is about, where something is about one that reads the same.
    """
    wanted = None if account is None else plain_json(account)
    found = [
        stored
        for stored in writer.select()
        if stored.note is not None and (_is_by(stored, author) if wanted is None else stored.note.account == wanted)
    ]
    if not found:
        _check_other(writer, account)
        return Erasure(0, 0)
    places = [stored.entry.seq for stored in found]
    carried = _last_overrides(writer, set(places)) if wanted is None else []
    writer.forget(places)
    ledger.add(writer, kind="erased", name="", data={"places": places}, author=said[0], said={"message": said[1]})
    for stored in carried:
        entry, note = stored
        assert note is not None  # it was found by it
        # An account's standing must not change because somebody's name goes.
        ledger.add(
            writer,
            kind="override",
            name=entry.name,
            about=entry.about,
            account=note.account,
            data={**_held(stored), "carried": entry.seq},
        )
    return Erasure(len(places), len(carried))


@of_entry
def _held(stored: Stored) -> dict[str, Any]:
    return dict(json.loads(stored.entry.data))


def _check_other(writer: Writer, account: Any) -> None:
    """Refuse to find nothing about "7" where something is about 7, and the reverse."""
    other: Any = str(account) if isinstance(account, int) else None
    if isinstance(account, str) and account.removeprefix("-").isdecimal():
        other = int(account)
    if other is not None and writer.noted(account=plain_json(other)):
        kind = "a number" if isinstance(other, int) else "a text"
        raise ValueError(f"nothing is about the account {account!r}, but something is about {other!r}, {kind}")


@of_entry
def _is_by(stored: Stored, author: str | None) -> bool:
    note = stored.note
    return note is not None and (note.author == author or json.loads(note.body).get("owner") == author)


def _last_overrides(writer: Writer, places: set[int]) -> list[Stored]:
    """Give the overrides at these places that are the last about their account; one before would hold again."""
    last: dict[tuple[str, str], Stored] = {}
    for stored in writer.select(kinds=("override",)):
        if stored.note is not None and stored.note.account is not None:
            last[stored.entry.name, stored.note.account] = stored
    return [stored for stored in last.values() if stored.entry.seq in places]
