"""What a history keeps, and what makes each line of it what it is: entries, notes, profiles' texts, and their hashes.

A space is one ledger: entries numbered from 1, each of which names the one before by its id. What people wrote, and
who they are, stands beside an entry in a note, of which the entry holds a salted hash: a note can be erased, and the
ledger stays whole.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, NamedTuple, ParamSpec, TypeVar

from icpkit.history.errors import StoreDamagedError
from icpkit.history.packing import squeezed, unsqueezed

Told = ParamSpec("Told")
Made = TypeVar("Made")

#: The kinds of entries that are versions of a profile.
VERSIONS: Final = ("commit", "draft", "rollback")
#: How many random bytes keep the hash of a note from being guessed.
SALT_BYTES: Final = 32


class Entry(NamedTuple):
    """One line of a ledger; its id is a hash of all the rest.

    Attributes:
        space: the tenant whose ledger it is.
        seq: its place in the ledger, from 1.
        kind: what it says: one of `VERSIONS`, or ``"tag"``, ``"alias"``, ``"approval"``, ``"withdrawal"``,
            ``"requirement"``, ``"review"``, ``"override"``, ``"erased"``.
        name: the profile that it is about, or an empty text for all.
        number: the number of the version that it makes, or None.
        about: the number of the version that it is about, or None.
        label: the tag, alias or role by which it is looked up, or None.
        committed: when it was written, in microseconds since 1970, UTC; it rises from entry to entry.
        effective: from when the version is in force, in the same unit, or None.
        token: the caller's idempotency key, or None.
        object: the id of the profile's text, or None.
        content: the profile's content_id, or None.
        note: the hash of what people wrote, or None.
        data: all else, as canonical JSON.
        prev: the id of the entry before.
        id: the SHA-256 of all of these.
    """

    space: str
    seq: int
    kind: str
    name: str
    number: int | None
    about: int | None
    label: str | None
    committed: int
    effective: int | None
    token: str | None
    object: bytes | None
    content: bytes | None
    note: bytes | None
    data: str
    prev: bytes
    id: bytes


class Note(NamedTuple):
    """What people wrote beside an entry; it can be erased.

    Attributes:
        salt: random bytes.
        author: who wrote it, or None.
        account: the key of the account that it is about, as JSON, or None.
        body: all else, as canonical JSON.
    """

    salt: bytes
    author: str | None
    account: str | None
    body: str


class Stored(NamedTuple):
    """An entry as a store gives it, with its note where there is one."""

    entry: Entry
    note: Note | None


class Body(NamedTuple):
    """The text of a profile, packed.

    Attributes:
        format: the format of the text.
        packed: the text, compressed, and the beginning of the SHA-256 of that.
    """

    format: int
    packed: bytes


class End(NamedTuple):
    """Where a ledger ends: how many entries it has, and the id of the last."""

    length: int
    id: bytes


def beginning(space: str) -> End:
    """Give the end of an empty ledger.

    >>> beginning("t42").length
    0
    """
    return End(0, hashlib.sha256(b"icpkit/space/1\0" + space.encode()).digest())


def entry_id(entry: Entry) -> bytes:
    """Work out the id of an entry from all that it holds.

    >>> entry_id(sealed(beginning("t42"), space="t42", kind="tag", name="SaaS", committed=0)).hex()[:8]
    '...'
    """
    told = {
        name: value.hex() if isinstance(value, bytes) else value
        for name, value in zip(Entry._fields[:-1], entry, strict=False)
    }
    return hashlib.sha256(b"icpkit/entry/1\0" + plain_json(told).encode()).digest()


def sealed(end: End, **fields: Any) -> Entry:
    """Make the entry that follows the end of a ledger, with its id.

    Args:
        end: the end of the ledger.
        fields: what the entry holds; all but space, kind, name and committed may be left out.
    """
    entry = Entry(**{**_NOTHING, **fields, "seq": end.length + 1, "prev": end.id})
    return entry._replace(id=entry_id(entry))


_NOTHING: Final = {**dict.fromkeys(Entry._fields), "data": "{}", "id": b""}


_ENCODER: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def plain_json(data: Any) -> str:
    """Write plain data of text, whole numbers, True, False and None as canonical JSON (RFC 8785), quickly.

    Keys must be ASCII, so that Python and UTF-16 order them alike.

    >>> plain_json({"b": 1, "a": "é"})
    '{"a":"é","b":1}'
    """
    return _ENCODER.encode(data)


def note_of(author: str | None, account: str | None, body: dict[str, Any]) -> Note | None:
    """Make a note of what people wrote; none where they wrote nothing."""
    told = {name: value for name, value in body.items() if value is not None}
    if author is None and account is None and not told:
        return None
    return Note(secrets.token_bytes(SALT_BYTES), author, account, plain_json(told))


def note_hash(note: Note) -> bytes:
    """Hash a note with its salt, so that nobody finds out by guessing what an erased one said."""
    told = plain_json({"author": note.author, "account": note.account, "body": note.body})
    return hashlib.sha256(b"icpkit/note/1\0" + note.salt + told.encode()).digest()


def body_id(form: int, text: str) -> bytes:
    """Give the id of a profile's text in a format."""
    return hashlib.sha256(b"icpkit/object/%d\0" % form + text.encode()).digest()


def packed(form: int, text: str) -> Body:
    """Pack the text of a profile.

    >>> unpacked(packed(1, '{"name":"SaaS"}'))
    '{"name":"SaaS"}'
    """
    return Body(form, squeezed(text))


def unpacked(body: Body) -> str:
    """Give the text of a profile.

    Raises:
        ValueError: for what is damaged, and for what would become too long.
    """
    return unsqueezed(body.packed)


# What is not as it was written


def unreadable(entry: Entry, problem: object) -> StoreDamagedError:
    """Make the error that tells of an entry that cannot be read."""
    return StoreDamagedError(
        f"entry {entry.seq!r} of space {entry.space!r}",
        f"is not as it was written, and cannot be read: {problem}",
        "history.verify() tells what is damaged; restore a backup, or load a bundle into a new file",
    )


def of_entry(make: Callable[Concatenate[Stored, Told], Made]) -> Callable[Concatenate[Stored, Told], Made]:
    """Let what makes something of an entry tell damage as such: what is as it was written can be read."""

    @wraps(make)
    def made(stored: Stored, /, *args: Told.args, **kwargs: Told.kwargs) -> Made:
        check_types(stored)
        try:
            return make(stored, *args, **kwargs)
        except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise unreadable(stored.entry, str(error) or type(error).__name__) from error

    return made


def check_types(stored: Stored) -> Entry:
    """Give an entry, once it is seen that it and its note hold values of the types that they were written with.

    Raises:
        StoreDamagedError: for one that holds others; it names the field.
    """
    types = (*map(type, stored.entry), *map(type, stored.note or ()))
    if types in _SEEN:  # there are only so many: which may be missing, and are
        return stored.entry
    for field, kind in zip((*Entry._fields, *Note._fields), types, strict=False):
        if kind is not _TYPES[field] and not (kind is type(None) and field in _OPTIONAL):
            raise unreadable(stored.entry, f"its {field} is {kind.__name__}, no {_TYPES[field].__name__}")
    _SEEN.add(types)
    return stored.entry


_SEEN: Final[set[tuple[type, ...]]] = set()
_BYTES: Final = ("object", "content", "note", "prev", "id", "salt")
_NUMBERS: Final = ("seq", "number", "about", "committed", "effective")
_TYPES: Final[dict[str, type]] = {
    **dict.fromkeys((*Entry._fields, *Note._fields), str),
    **dict.fromkeys(_NUMBERS, int),
    **dict.fromkeys(_BYTES, bytes),
}
_OPTIONAL: Final = (
    *("number", "about", "label", "effective", "token", "object", "content", "note"),
    *("author", "account"),
)
