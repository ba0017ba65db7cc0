"""A disk that loses power: what was not synced, sector by sector and name by name, survives at random.

It is made of what POSIX promises, and no more: a file's bytes are sure once the file has been synced, a name in a
folder once the folder has. SQLite runs on it through apsw, with the statements and settings of our own store.
"""

import random
from collections.abc import Callable, Iterator
from typing import Any

import apsw

from icpkit.history.sqlite import SqliteStore

SECTOR = 512
#: A write does no harm to its neighbours: what SQLite takes for granted of every disk, unless it is told otherwise.
_POWERSAFE_OVERWRITE = 0x1000
_JOURNALS = apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_SUPER_JOURNAL
_TEMPORARY = apsw.SQLITE_OPEN_TEMP_JOURNAL | apsw.SQLITE_OPEN_SUBJOURNAL | apsw.SQLITE_OPEN_TRANSIENT_DB


class Data:
    """The bytes of one file: as programs see them, as they are sure, and what happened between."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.seen = bytearray()
        self.sure = b""
        self.waiting: list[tuple[int, bytes | None]] = []

    def write(self, data: bytes, offset: int) -> None:
        """Write; until the next sync each sector may or may not be there."""
        _put(self.seen, data, offset)
        cuts = range(offset - offset % SECTOR, offset + len(data), SECTOR)
        for start in cuts:
            low, high = max(start, offset), min(start + SECTOR, offset + len(data))
            self.waiting.append((low, bytes(data[low - offset : high - offset])))

    def truncate(self, size: int) -> None:
        """Cut the end off, or not, until the next sync."""
        del self.seen[size:]
        self.waiting.append((size, None))

    def sync(self) -> None:
        """Make all that was written sure."""
        self.sure, self.waiting = bytes(self.seen), []

    def after_a_cut(self, survives: Callable[[], bool]) -> bytes:
        """Give what is there once the power is back."""
        left = bytearray(self.sure)
        for place, data in self.waiting:
            if not survives():
                continue
            if data is None:
                del left[place:]
            else:
                _put(left, data, place)
        return bytes(left)


def _put(target: bytearray, data: bytes, offset: int) -> None:
    if len(target) < offset:
        target.extend(bytes(offset - len(target)))
    target[offset : offset + len(data)] = data


class Disk:
    """A folder of files on a disk that loses power."""

    def __init__(self, notice: Callable[[], None]) -> None:
        """Begin with an empty folder; ``notice`` is called after each change to the disk."""
        self.seen: dict[str, Data] = {}
        self.sure: dict[str, Data] = {}
        self.waiting: list[tuple[str, Data | None]] = []
        self.notice = notice

    def name(self, name: str, data: Data | None) -> None:
        """Give a file a name, or take the name away; unsure until the folder is synced."""
        if data is None:
            self.seen.pop(name, None)
        else:
            self.seen[name] = data
        self.waiting.append((name, data))
        self.notice()

    def sync(self) -> None:
        """Make all names sure."""
        self.sure, self.waiting = dict(self.seen), []
        self.notice()

    def after_a_cut(self, draw: random.Random) -> dict[str, bytes]:
        """Give the files that are there once the power is back."""
        chance = draw.choice([0.0, 0.1, 0.5, 0.5, 0.9])

        def survives() -> bool:
            return draw.random() < chance

        names = dict(self.sure)
        for name, data in self.waiting:
            if survives():
                names.pop(name, None)
                if data is not None:
                    names[name] = data
        return {name: data.after_a_cut(survives) for name, data in names.items()}


class _File:
    """One open file, as SQLite asks for it. Only one connection ever has it open, so locks are none."""

    def __init__(self, disk: Disk, data: Data, *, names_too: bool, lasting: bool) -> None:
        self.disk, self.data, self.names_too, self.lasting = disk, data, names_too, lasting

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802  # as SQLite calls it, here and below
        return bytes(self.data.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self.data.write(bytes(data), offset)
        self._notice()

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self.data.truncate(size)
        self._notice()

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.data.sync()
        if self.names_too:  # as SQLite does for Unix: a new journal's name is made sure with its first bytes
            self.disk.sync()
            self.names_too = False
        self._notice()

    def _notice(self) -> None:
        if self.lasting:
            self.disk.notice()

    def xFileSize(self) -> int:  # noqa: N802
        return len(self.data.seen)

    def xLock(self, level: int) -> None:  # noqa: N802
        pass

    def xUnlock(self, level: int) -> None:  # noqa: N802
        pass

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xClose(self) -> None:  # noqa: N802
        pass

    def xFileControl(self, op: int, pointer: int) -> bool:  # noqa: N802
        return False

    def xSectorSize(self) -> int:  # noqa: N802
        return 4096

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return _POWERSAFE_OVERWRITE


class Drive(apsw.VFS):
    """A disk as SQLite sees it."""

    def __init__(self, name: str, disk: Disk) -> None:
        """Offer a disk under a name."""
        super().__init__(name, base="")
        self.disk = disk

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802
        """Open a file, and make it where there is none."""
        flags[1] = flags[0]
        if name is None or flags[0] & _TEMPORARY:
            return _File(self.disk, Data(), names_too=False, lasting=False)
        called = name if isinstance(name, str) else name.filename()
        data, new = self.disk.seen.get(called), False
        if data is None:
            data, new = Data(), True
            self.disk.name(called, data)
        return _File(self.disk, data, names_too=new and bool(flags[0] & _JOURNALS), lasting=True)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        """Delete a file; sure only where that is asked for."""
        self.disk.name(filename, None)
        if syncdir:
            self.disk.sync()

    def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: N802
        """Say whether there is a file."""
        return pathname in self.disk.seen

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        """Give the name as it is: there is one folder."""
        return name


class PowerStore(SqliteStore):
    """Our store, on a disk that loses power; all its statements, settings and transactions are its own."""

    def _connect(self) -> Any:
        held: Any = apsw.Connection(self.path, vfs=DRIVE)
        self._set(held)  # apsw's connections answer as those of the standard library do, as far as the store needs it
        return held


class CarelessStore(PowerStore):
    """The same with the settings that SQLite has where nobody chooses any."""

    def _set(self, held: Any) -> None:
        held.execute("PRAGMA journal_mode = DELETE")
        held.execute("PRAGMA synchronous = FULL")


#: What the drive is called among those that SQLite knows.
DRIVE = "loses power"


def cuts(
    seed: int, store: type[PowerStore], work: Callable[[SqliteStore, Callable[[], None]], None], often: float
) -> Iterator[tuple[dict[str, bytes], int]]:
    """Work on a disk, and cut the power now and then; gives what is left, and how much was acknowledged before.

    Args:
        seed: of all that is left to chance.
        store: which settings.
        work: opens histories in the store, and says after each change that it was acknowledged.
        often: the chance of a cut after each change to the disk.
    """
    draw, acknowledged = random.Random(seed), 0
    found: list[tuple[dict[str, bytes], int]] = []

    def notice() -> None:
        if draw.random() < often:
            found.append((disk.after_a_cut(draw), acknowledged))

    def acknowledge() -> None:
        nonlocal acknowledged
        acknowledged += 1

    disk = Disk(notice)
    drive = Drive(DRIVE, disk)
    try:
        work(store("icp.db"), acknowledge)
    finally:
        drive.unregister()
    yield from found
