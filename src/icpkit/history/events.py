"""All that happened to a profile, in order: versions, labels, approvals, reviews, overrides, erasures; in words."""

import json
from datetime import datetime
from typing import Any

import attrs

from icpkit.history.listing import Listing, counted, moment_text, said_text
from icpkit.history.moments import instant
from icpkit.history.overrides import override_of
from icpkit.history.records import VERSIONS, Stored, of_entry
from icpkit.words import ENGLISH, Words, listed


@attrs.frozen
class Event:
    """One line of a history, for people.

    Attributes:
        seq: its place in the history.
        kind: ``"commit"``, ``"draft"``, ``"rollback"``, ``"tag"``, ``"alias"``, ``"approval"``, ``"withdrawal"``,
            ``"requirement"``, ``"review"``, ``"override"`` or ``"erased"``.
        name: the profile, or an empty text for all.
        version: the number of the version that it makes or is about, or None.
        label: the tag, alias or role, or None.
        author: who, or None where nobody was named or the name was erased.
        message: why, or None likewise.
        at: when, in UTC.
        erased: whether what people wrote has been erased.
        id: the hash of the entry, as hexadecimal text.
    """

    seq: int
    kind: str
    name: str
    version: int | None
    label: str | None
    author: str | None
    message: str | None
    at: datetime
    erased: bool
    id: str
    _stored: Stored = attrs.field(repr=False, eq=False)

    def describe(self, words: Words = ENGLISH) -> str:
        """Say what happened."""
        return _described(self._stored, words)


@of_entry
def event_of(stored: Stored) -> Event:
    """Make an event of its entry.

    Raises:
        StoreDamagedError: for an entry that is not as it was written.
    """
    entry, note = stored
    said: dict[str, Any] = {} if note is None else json.loads(note.body)
    return Event(
        entry.seq,
        entry.kind,
        entry.name,
        entry.number if entry.kind in VERSIONS else entry.about,
        entry.label,
        None if note is None else note.author,
        said.get("message", said.get("justification")),
        instant(entry.committed),
        entry.note is not None and note is None,
        entry.id.hex(),
        stored,
    )


@of_entry
def _described(stored: Stored, words: Words) -> str:
    """Say what an entry says."""
    entry = stored.entry
    data: dict[str, Any] = json.loads(entry.data)
    if entry.kind == "override":
        one = override_of(stored)
        account = words["history_erased"] if one.account is None else str(one.account)
        return words["event_override"].format(account=account, what=one.describe(words))
    told: dict[str, Any] = {"version": entry.number or entry.about, "label": entry.label, "about": entry.about}
    key = f"event_{entry.kind}"
    if key not in ENGLISH:  # a later release wrote it
        return entry.kind
    if entry.kind == "alias" and entry.about is None:
        key = "event_alias_gone"
    if entry.kind == "requirement":
        told["roles"] = listed(data["roles"], words) or words["history_none"]
    if entry.kind == "review":
        told["due"] = moment_text(instant(data["due"]), words)
    if entry.kind == "erased":
        told["notes"] = counted("verify_notes", len(data["places"]), words)
    return words[key].format(**told)


def events_listed(events: tuple[Event, ...]) -> Listing[Event]:
    """Show events as a table."""
    return Listing(events, "history_events", ("at", "profile", "event", "author", "message"), _row)


def _row(event: Event, words: Words) -> tuple[str, ...]:
    return (
        moment_text(event.at, words),
        event.name or words["history_all"],
        event.describe(words),
        said_text(event.author, words, erased=event.erased),
        said_text(event.message, words, erased=event.erased),
    )
