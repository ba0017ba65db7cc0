"""What is done in one space of a SQL database; `icpkit.history.sqlalchemy` opens these views."""

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple

import attrs
import sqlalchemy as sa
from sqlalchemy import exc

from icpkit.history.errors import StaleError
from icpkit.history.records import VERSIONS, Body, End, Entry, Note, Stored, beginning
from icpkit.history.sqlalchemy_tables import LENGTHS, Tables

_VERSIONS: Final = frozenset(VERSIONS)
_COLUMNS: Final = len(Entry._fields)
#: How many rows come at a time.
_PAGE: Final = 500
#: How databases name the key of an entry when it is there already.
_PLACES: Final = ("icp_entry_seq", "icp_entry.seq", "PRIMARY")


@attrs.frozen(eq=False)
class View:
    """A view of one space through one connection."""

    space: str
    held: sa.Connection
    tables: Tables
    failed: list[Exception] = attrs.field(factory=list)
    # The end of a ledger that is locked: nobody else moves it, so it need not be asked for again.
    known: list[End] = attrs.field(factory=list)

    def _run(self, statement: sa.Executable, rows: Any = None) -> Any:
        try:
            return self.held.execute(statement, rows)
        except Exception as error:
            # Some databases would then undo all, and call it a commit.
            self.failed.append(error)
            raise

    def end(self) -> End:
        """Give the end of the ledger."""
        if self.known:
            return self.known[0]
        ledger = self.tables.ledger
        row = self._run(sa.select(ledger.c.length, ledger.c.id).where(ledger.c.space == self.space)).first()
        return beginning(self.space) if row is None else End(row[0], row[1])

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
        """Give the entries to which all applies."""
        given = {"name": name, "number": number, "about": about, "label": label, "token": token}
        wanted: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
        fields = tuple(wanted)
        versions = kinds is not None and name is not None and set(kinds) == _VERSIONS
        if kinds is not None and not versions:
            wanted["kinds"] = list(kinds)
        wanted |= {"after": after} if after else {}
        wanted |= {} if until is None else {"until": until}
        among = "versions" if versions else "all" if kinds is None or _VERSIONS & set(kinds) else "others"
        question = _Question(fields, among, "kinds" in wanted, "after" in wanted, "until" in wanted, newest)
        return self._pages(question, wanted, limit)

    def _pages(self, question: "_Question", wanted: dict[str, Any], limit: int | None) -> Iterator[Stored]:
        """Give rows a page at a time: no driver then holds them all, or keeps its connection busy between them."""
        place = Entry._fields.index("number" if question.among == "versions" else "seq")
        beyond: dict[str, Any] = {}
        while limit is None or limit > 0:
            size = _PAGE if limit is None else min(limit, _PAGE)
            asked = _selection(self.tables, question, more=bool(beyond))
            rows = self._run(asked, {"space": self.space, "size": size, **wanted, **beyond}).all()
            yield from map(_stored, rows)
            if len(rows) < size:
                return
            limit = None if limit is None else limit - size
            beyond = {"beyond": rows[-1][place]}

    def in_force(self, name: str, at: int, known: int) -> Stored | None:
        """Give the version in force at a moment, as known at another."""
        wanted = {"space": self.space, "name": name, "at": at, "known": known}
        row = self._run(_force(self.tables), wanted).first()
        return None if row is None else _stored(row)

    def with_id(self, start: str) -> list[Stored]:
        """Give up to two entries whose id begins so."""
        low, high = bytes.fromhex(start.ljust(64, "0")), bytes.fromhex(start.ljust(64, "f"))
        found = _entries(self.tables).where(self.tables.entry.c.id.between(low, high))
        return list(map(_stored, self._run(found.limit(2), {"space": self.space})))

    def names(self) -> list[str]:
        """Give the names of all profiles."""
        c = self.tables.entry.c
        found = sa.select(c.name).where(c.space == self.space, c.number.is_not(None)).distinct()
        return sorted(name for (name,) in self._run(found))

    def body(self, id: bytes) -> Body | None:  # noqa: A002  # as in the protocol
        """Give the packed text of this id."""
        c = self.tables.object.c
        row = self._run(sa.select(c.format, c.packed).where(c.space == self.space, c.id == id)).first()
        return None if row is None else Body(row[0], row[1])

    def bodies(self) -> Iterator[tuple[bytes, Body]]:
        """Give all packed texts."""
        c = self.tables.object.c
        ordered = sa.select(c.id, c.format, c.packed).where(c.space == self.space).order_by(c.id).limit(_PAGE)
        rows = self._run(ordered).all()
        while rows:
            for id_, form, packed in rows:
                yield id_, Body(form, packed)
            rows = self._run(ordered.where(c.id > rows[-1][0])).all()

    def noted(self, *, author: str | None = None, account: str | None = None) -> list[int]:
        """Give the places of notes."""
        c = self.tables.note.c
        found = sa.select(c.seq).where(c.space == self.space).order_by(c.seq)
        for column, value in ((c.author, author), (c.account, account)):
            found = found if value is None else found.where(column == value)
        return list(self._run(found).scalars())

    def append(self, entry: Entry, note: Note | None) -> None:
        """Add an entry behind the end."""
        self._check(entry, note)
        ledger = self.tables.ledger
        at = sa.update(ledger).where(
            ledger.c.space == entry.space, ledger.c.length == entry.seq - 1, ledger.c.id == entry.prev
        )
        here = entry.space == self.space
        if not (here and self._run(at.values(length=entry.seq, id=entry.id)).rowcount):
            self.known.clear()
            end = self.end()
            if not here or (entry.seq, entry.prev) != (end.length + 1, end.id):
                raise StaleError(entry.seq, end.length)
            # The space was dropped in this very change, and begins anew.
            self._run(sa.insert(ledger).values(space=self.space, length=entry.seq, id=entry.id))
        try:
            self._run(sa.insert(self.tables.entry), entry._asdict())
        except exc.IntegrityError as error:
            text = str(error.orig)
            if any(key in text for key in _PLACES):
                raise StaleError(entry.seq, entry.seq) from None
            raise
        self.known[:] = [End(entry.seq, entry.id)]
        if note is not None:
            self._run(sa.insert(self.tables.note), {"space": self.space, "seq": entry.seq, **note._asdict()})

    def _check(self, entry: Entry, note: Note | None) -> None:
        """Refuse texts that are too long: databases would do so in many words, and some would cut them."""
        told = {**entry._asdict(), **({} if note is None else {"author": note.author, "account": note.account})}
        for field, most in LENGTHS.items():
            length = len(told.get(field) or "")
            if length > most:
                raise ValueError(f"{field} must be at most {most} characters in a SQL database (got {length})")

    def put(self, id: bytes, body: Body) -> None:  # noqa: A002  # as in the protocol
        """Keep the packed text of a profile."""
        c = self.tables.object.c
        if self._run(sa.select(c.format).where(c.space == self.space, c.id == id)).first() is None:
            self._run(sa.insert(self.tables.object), {"space": self.space, "id": id, **body._asdict()})

    def forget(self, places: Collection[int]) -> None:
        """Delete notes; what a server keeps of deleted lines, in its log and backups, is its operator's."""
        if self.held.dialect.name == "sqlite":
            self._run(sa.text("PRAGMA secure_delete = ON"))  # or its file would keep what was deleted
        note, wanted = self.tables.note, list(places)
        for first in range(0, len(wanted), _PAGE):
            chosen = note.c.seq.in_(wanted[first : first + _PAGE])
            self._run(sa.delete(note).where(note.c.space == self.space, chosen))

    def drop(self) -> None:
        """Delete the space."""
        self.known.clear()
        if self.held.dialect.name == "sqlite":
            self._run(sa.text("PRAGMA secure_delete = ON"))
        for table in self.tables[1:]:
            self._run(sa.delete(table).where(table.c.space == self.space))


class _Question(NamedTuple):
    """What is asked of the entries, apart from the values."""

    fields: tuple[str, ...]
    among: str
    kinds: bool
    after: bool
    until: bool
    newest: bool


def _entries(tables: Tables) -> sa.Select[Any]:
    entry, note = tables.entry, tables.note
    beside = (note.c.space == entry.c.space) & (note.c.seq == entry.c.seq)
    columns = (*entry.c, note.c.salt, note.c.author, note.c.account, note.c.body)
    joined = entry.outerjoin(note, beside)
    return sa.select(*columns).select_from(joined).where(entry.c.space == sa.bindparam("space"))


# Making a statement takes longer than running it, so each is made once.
@lru_cache(maxsize=256)
def _selection(tables: Tables, question: _Question, *, more: bool) -> sa.Select[Any]:
    """Make the statement that asks for a page of entries."""
    c = tables.entry.c
    found = _entries(tables).where(*(c[field] == sa.bindparam(field) for field in question.fields))
    if question.kinds:
        found = found.where(c.kind.in_(sa.bindparam("kinds", expanding=True)))
    # So that the index of versions, or of all others, is used.
    if question.among != "all":
        found = found.where(c.number.is_not(None) if question.among == "versions" else c.number.is_(None))
    found = found.where(c.seq > sa.bindparam("after")) if question.after else found
    found = found.where(c.seq <= sa.bindparam("until")) if question.until else found
    order = c.number if question.among == "versions" else c.seq
    if more:
        found = found.where((order < sa.bindparam("beyond")) if question.newest else (order > sa.bindparam("beyond")))
    return found.order_by(order.desc() if question.newest else order).limit(sa.bindparam("size"))


@lru_cache(maxsize=64)
def _force(tables: Tables) -> sa.Select[Any]:
    """Make the statement that asks for the version in force."""
    back = tables.entry.alias("back")

    def there(one: Any) -> list[sa.ColumnElement[bool]]:
        moments = one.effective <= sa.bindparam("at"), one.committed <= sa.bindparam("known")
        return [one.name == sa.bindparam("name"), *moments]

    rollbacks = sa.select(sa.func.coalesce(sa.func.max(back.c.number), 0)).where(
        back.c.space == sa.bindparam("space"), back.c.kind == sa.literal_column("'rollback'"), *there(back.c)
    )
    c = tables.entry.c
    found = _entries(tables).where(c.effective.is_not(None), *there(c), c.number >= rollbacks.scalar_subquery())
    return found.order_by(c.effective.desc(), c.number.desc()).limit(1)


def _stored(row: Any) -> Stored:
    # A note has a salt: where there is none, there is no note.
    note = None if row[_COLUMNS] is None else Note(*row[_COLUMNS:])
    return Stored(Entry(*row[:_COLUMNS]), note)
