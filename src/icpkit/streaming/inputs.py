"""Which files there are to score, and what the part of each will be called."""

import glob
import itertools
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

import attrs

from icpkit.importing import DELIMITERS

#: A path, as text or as an object.
AnyPath: TypeAlias = str | os.PathLike[str]

PARQUET: Final = (".parquet", ".pq")
ARROW: Final = (".arrow", ".feather", ".ipc")
ENDINGS: Final = (*PARQUET, *ARROW, *DELIMITERS)


@attrs.frozen
class Input:
    """A file of accounts.

    Attributes:
        path: the file.
        root: the folder from which its part is named.
    """

    path: Path
    root: Path

    @property
    def ending(self) -> str:
        """The end of its name, in lower case."""
        return self.path.suffix.lower()

    @property
    def name(self) -> str:
        """Its path from the root."""
        return self.path.relative_to(self.root).as_posix()

    def part(self, out: Path) -> Path:
        """Give the path of its part."""
        return out / self.path.relative_to(self.root).with_suffix(".parquet")


@attrs.frozen
class Mark:
    """By what a file is known again: its size and when it was written."""

    bytes: int
    written_ns: int

    @classmethod
    def of(cls, path: Path) -> "Mark":
        """Look at a file."""
        found = path.stat()
        return cls(found.st_size, found.st_mtime_ns)


def inputs_of(paths: AnyPath | Iterable[AnyPath]) -> list[Input]:
    """Find files.

    Args:
        paths: a file, a folder, of which all files are taken that can be read, a pattern such as
            ``"2026/**/*.parquet"``, or a list of these.

    Raises:
        FileNotFoundError: where there is none.
        ValueError: for a file that cannot be read, by its name.
    """
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if not given:
        raise ValueError("paths must name a file at least (got none)")
    found: dict[str, Input] = {}
    for one in given:
        for each in _found(os.fspath(one)):
            found.setdefault(os.path.realpath(each.path), each)
    return list(found.values())


def _found(given: str) -> Iterator[Input]:
    path = Path(given)
    if path.is_dir():
        files = sorted(_below(path))
        if not files:
            raise FileNotFoundError(f"{given} holds no file that ends in {', '.join(ENDINGS)}")
        yield from (Input(file, path) for file in files)
    elif path.exists() or not glob.has_magic(given):
        yield _named(path, path.parent)
    else:
        root = Path(*itertools.takewhile(lambda part: not glob.has_magic(part), path.parts))
        matches = [Path(match) for match in sorted(glob.glob(given, recursive=True))]  # noqa: PTH207  # any pattern
        if not matches:
            raise FileNotFoundError(f"no file matches {given}")
        for match in matches:
            if not match.is_dir():
                yield _named(match, root)
            elif match.suffix.lower() in ENDINGS:  # some writers make a folder of parts, called like a file
                yield from (Input(file, root) for file in sorted(_below(match)))


def _below(folder: Path) -> Iterator[Path]:
    """Give the files of a folder and of those in it, without what is hidden and what tells of other files."""
    for path in folder.rglob("*"):
        inner = path.relative_to(folder).parts
        if path.suffix.lower() in ENDINGS and not any(part.startswith((".", "_")) for part in inner) and path.is_file():
            yield path


def _named(path: Path, root: Path) -> Input:
    if not path.exists():
        remote = "; only files of this machine are read: score_stream() takes a pyarrow.dataset of others"
        raise FileNotFoundError(f"there is no file {path}" + (remote if ":/" in str(path) else ""))
    if path.suffix.lower() not in ENDINGS:
        raise ValueError(f"a file of accounts must end in {', '.join(ENDINGS)} (got {str(path)!r})")
    return Input(path, root)
