"""A small ledger of every kind of entry, what a plain list says of it, and what else the contract of stores needs."""

import threading
from collections.abc import Callable, Collection
from typing import Any, Final

from icpkit.history.records import Entry, Stored, beginning, note_hash, note_of, packed, sealed
from icpkit.history.store import Reader, Store, Writer

#: Spaces and names that a server may take for each other, or for something else.
_ALIKE: Final = ("t42", "T42", "t42 ", " t42", "t%2", "t_2", "t4", "tä2", "ta\u03082", "TÄ2", "ß", "ss", "Å", "\u212b")
HOSTILE: Final = (
    *_ALIKE, "'", '"', "`", "\\", "%s", ":space", "?", "$1", "{0}", "'; DROP TABLE icp_entry; --", "NULL", "0", "-1",
    "\n", "\t", "\u202e", "\ufeff", "\uffff", "\U0001f600", "\U0010ffff", "a" * 100,
)  # fmt: skip
#: One in seventeen of all characters but NUL and halves of pairs.
CHARACTERS: Final = "".join(chr(code) for code in range(1, 0x110000, 17) if not 0xD800 <= code < 0xE000)
#: From the year 1 to the year 9999, in microseconds.
TIMES: Final = (-62_135_596_800_000_000, -1, 0, 2**31, 2**32 + 1, 2**53 - 1, 253_402_300_799_999_999)
#: Seconds after which a test gives up.
_PATIENCE: Final = 60.0
#: Seconds for which a test watches whether something happens that must not.
WATCH: Final = 0.1

# A ledger of every kind: kind, name, number, about, label, effective, token, author, account.
LEDGER: Final = (
    ("commit", "SaaS", 1, None, None, 100, "k1", "ada", None),
    ("draft", "SaaS", 2, None, None, None, None, "bob", None),
    ("tag", "SaaS", None, 1, "2026-Q1", None, None, None, None),
    ("commit", "Retail", 1, None, None, 50, "k2", "ada", None),
    ("alias", "SaaS", None, 1, "production", None, "k3", "ada", None),
    ("commit", "SaaS", 3, None, None, 100, None, "ada", None),
    ("rollback", "SaaS", 4, None, None, 300, None, "bob", None),
    ("alias", "SaaS", None, 3, "production", None, None, "bob", None),
    ("approval", "SaaS", None, 4, "marketing", None, None, "cy", None),
    ("override", "SaaS", None, 4, None, None, None, "ada", '"acme"'),
    ("commit", "Retail", 2, None, None, 20, None, "ada", None),
    ("requirement", "", None, None, "production", None, None, "ada", None),
    ("override", "Retail", None, 2, None, None, None, "bob", '"acme"'),
    ("override", "Retail", None, 2, None, None, None, "bob", '"umbrella"'),
    ("tag", "Retail", None, 1, "2026-Q1", None, None, None, None),
    ("commit", "Retail", 3, None, None, 500, None, "bob", None),
    ("rollback", "Retail", 4, None, None, 60, None, "bob", None),
    ("commit", "Retail", 5, None, None, 30, None, "bob", None),
)


class Stopped(BaseException):
    """What no handler of errors expects."""


def same(found: Any, expected: Any, what: str) -> None:
    """Check that what was found is what was expected."""
    if found != expected:
        raise AssertionError(f"{what}: expected {_short(expected)}, found {_short(found)}")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 1000 else f"{text[:1000]}…"


class Raises:
    """Expects that a block raises an error of a kind, and goes on after it."""

    def __init__(self, kind: type[BaseException]) -> None:
        self.kind = kind

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        """See what was raised."""
        if kind is None:
            raise AssertionError(f"expected {self.kind.__name__}, and nothing was raised")
        return issubclass(kind, self.kind)


def add(
    writer: Writer,
    space: str,
    *,
    kind: str = "commit",
    name: str = "SaaS",
    author: str | None = None,
    account: str | None = None,
    said: str | None = None,
    **fields: Any,
) -> Stored:
    """Append an entry with its note, if there is something to note."""
    end = writer.end()
    note = note_of(author, account, {"message": said})
    told = {"committed": 10 * (end.length + 1), **fields, "note": None if note is None else note_hash(note)}
    entry = sealed(end, space=space, kind=kind, name=name, **told)
    writer.append(entry, note)
    return Stored(entry, note)


def fill(store: Store, space: str) -> list[Stored]:
    """Write a ledger of every kind."""
    with store.writing(space) as writer:
        return fill_in(writer, space)


def fill_in(writer: Writer, space: str) -> list[Stored]:
    """Write a ledger of every kind into an open space."""
    named = ("kind", "name", "number", "about", "label", "effective", "token", "author", "account")
    fields: list[dict[str, Any]] = [dict(zip(named, line, strict=True)) for line in LEDGER]
    return [add(writer, space, **one) for one in fields]


def append_one(writer: Writer) -> None:
    """Do a small change."""
    writer.put(b"\1" * 32, packed(1, "new"))
    add(writer, "t42", kind="tag", name="New", label="new", author="eve")


def forget_all(writer: Writer) -> None:
    """Forget all notes."""
    writer.forget(writer.noted())


def drop_all(writer: Writer) -> None:
    """Drop a space, and begin it anew."""
    writer.drop()
    append_one(writer)


def everything(reader: Reader) -> tuple[list[Stored], list[str], list[Any], list[int]]:
    """Give all that a view shows: entries, names, texts, places of notes."""
    return list(reader.select()), reader.names(), list(reader.bodies()), reader.noted()


def length_of(store: Store, space: str) -> int:
    """Give how many entries a space has."""
    with store.reading(space) as reader:
        return reader.end().length


def without(stored: Stored, places: Collection[int]) -> Stored:
    """Give what is left of an entry whose note was forgotten."""
    return Stored(stored.entry, None) if stored.entry.seq in places else stored


def noted_in(written: list[Stored], author: str | None = None) -> list[int]:
    """Give the places of notes in a plain list."""
    return [one.entry.seq for one in written if one.note is not None and author in {None, one.note.author}]


def chosen_from(
    written: list[Stored],
    *,
    kinds: Collection[str] | None = None,
    after: int = 0,
    until: int | None = None,
    newest: bool = False,
    limit: int | None = None,
    **fields: Any,
) -> list[Stored]:
    """Choose from a plain list, as `select` must."""
    found = [
        one
        for one in (reversed(written) if newest else written)
        if (kinds is None or one.entry.kind in kinds)
        and after < one.entry.seq <= (len(written) if until is None else until)
        and all(getattr(one.entry, field) == value for field, value in fields.items())
    ]
    return found[:limit]


def in_force_of(written: list[Stored], name: str, at: int, known: int) -> Stored | None:
    """Choose from a plain list, as `in_force` must."""
    found = [
        (one.entry.effective, one.entry.number or 0, one.entry.seq, one.entry.kind)
        for one in written
        if one.entry.name == name and one.entry.effective is not None
        if one.entry.effective <= at and one.entry.committed <= known
    ]
    least = max((number for _, number, _, kind in found if kind == "rollback"), default=0)
    ranks = [rank for rank in found if rank[1] >= least]
    return written[max(ranks)[2] - 1] if ranks else None


def chain_of(entries: list[Entry]) -> str:
    """Say whether each entry follows the one before."""
    end = beginning("t42")
    for entry in entries:
        if (entry.seq, entry.prev) != (end.length + 1, end.id):
            return f"broken at {entry.seq}"
        end = type(end)(entry.seq, entry.id)
    return "whole"


class _Thread(threading.Thread):
    """A thread that keeps what went wrong in it."""

    error: BaseException | None = None

    def run(self) -> None:
        try:
            super().run()
        except BaseException as error:  # noqa: BLE001  # told where it is joined
            self.error = error


def started(target: Callable[..., object], *given: Any) -> _Thread:
    """Start a thread."""
    thread = _Thread(target=target, args=given, daemon=True)
    thread.start()
    return thread


def joined(thread: _Thread) -> None:
    """Wait for a thread, and raise what went wrong in it."""
    thread.join(_PATIENCE)
    if thread.is_alive():
        raise AssertionError(f"a thread has not ended within {_PATIENCE:.0f} seconds: it waits for itself, or too long")
    if thread.error is not None:
        raise thread.error
