"""Parts: the results of one file each, in Parquet, written whole, stamped, and known again."""

import contextlib
import glob
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import attrs
from pyarrow import parquet as pq

from icpkit._version import SEMANTICS, __version__
from icpkit.importing import FieldMap
from icpkit.streaming.failures import Where
from icpkit.streaming.inputs import Input, Mark
from icpkit.streaming.pieces import named
from icpkit.streaming.reports import FilePart
from icpkit.streaming.streams import WRONG, StreamScorer

#: The key in a Parquet file's metadata below which the stamp stands, as JSON.
STAMP_KEY: Final = b"icpkit"
_FORMAT = 1
#: Columns whose values repeat: for the others a dictionary would take thrice the time, and more room.
_REPEATED: Final[Any] = ["tier", "status", "coverage"]
#: What two runs must share, that their parts may lie in one folder.
_MADE_WITH = ("scoring_id", "as_of", "semantics")


def settings_of(scorer: StreamScorer, fields: FieldMap | None) -> dict[str, Any]:
    """Give what a part depends on besides its profile, its moment and its input, as plain data."""
    return {
        "key": scorer.key,
        "on_invalid": scorer.on_invalid,
        "unknown": sorted(scorer.unknown),
        "contributions": scorer.contributions,
        "fields": None if fields is None else hashlib.sha256(repr(fields).encode()).hexdigest(),
    }


def stamp_of(scorer: StreamScorer) -> dict[str, Any]:
    """Give what the scores of a part are made with."""
    return {
        "profile": scorer.profile.name,
        "scoring_id": scorer.profile.scoring_id,
        "as_of": scorer.as_of.isoformat(),
        "semantics": SEMANTICS,
        "version": __version__,
    }


def stamp_in(path: Path) -> dict[str, Any] | None:
    """Read the stamp of a part; None for any other file."""
    with contextlib.suppress(*WRONG):
        found = json.loads(pq.read_metadata(path).metadata[STAMP_KEY])
        if found["format"] == _FORMAT:
            return dict(found)
    return None


def contradiction(path: Path, wanted: Mapping[str, Any]) -> str:
    """Say why a file that is there is no part of this run; an empty text where it is one."""
    found = stamp_in(path)
    if found is None:
        return "it is no part that score_files() wrote"
    if all(found[name] == wanted[name] for name in _MADE_WITH):
        return ""
    return f"it was made by {found['profile']!r} as of {found['as_of']} (scoring_id {found['scoring_id'][:12]}…)"


def known_part(source: Input, path: Path, stamp: Mapping[str, Any], settings: Mapping[str, Any]) -> FilePart | None:
    """Give the part of an earlier run, where it was made of the same file in the same way; None where there is none."""
    found = stamp_in(path) if path.exists() else None
    if found is None or any(found[name] != stamp[name] for name in _MADE_WITH):
        return None
    with named(Where(str(source.path))):
        same = found["settings"] == settings and found["input"] == _input(source, Mark.of(source.path))
    if not same:
        return None
    return FilePart(str(source.path), str(path), **found["counts"], resumed=True)


def _input(source: Input, mark: Mark) -> dict[str, Any]:
    return {"name": source.name, **attrs.asdict(mark)}


@attrs.define
class _Counts:
    """What has been counted of a part."""

    rows: int = 0
    status: Counter[str] = attrs.Factory(Counter)
    tier: Counter[str] = attrs.Factory(Counter)
    invalid: Counter[str] = attrs.Factory(Counter)

    def add(self, counted: Mapping[str, Any]) -> None:
        """Add what was counted of a batch."""
        self.rows += counted["rows"]
        for name in ("status", "tier", "invalid"):
            mine: Counter[str] = getattr(self, name)
            mine.update(counted[name])


def write_part(
    source: Input,
    path: Path,
    batches: Iterator[tuple[Any, Mapping[str, Any]]],
    stamp: Mapping[str, Any],
    settings: Mapping[str, Any],
) -> FilePart:
    """Write the part of one file, as a whole or not at all.

    Args:
        source: the file of accounts.
        path: the part.
        batches: batches of results, at least one, and what was counted of each.
        stamp: what the scores are made with.
        settings: what else they depend on.

    Raises:
        OSError: for a part that cannot be written.
        StreamError: for a file that changed while it was read, and whatever the batches raise.
    """
    with named(Where(str(source.path))):
        mark = Mark.of(source.path)
    counts = _Counts()
    with _whole(path) as file, contextlib.ExitStack() as closing:
        writer = None
        for results, counted in batches:
            if writer is None:
                writer = closing.enter_context(pq.ParquetWriter(file, results.schema, use_dictionary=_REPEATED))
            if results.num_rows:
                writer.write_batch(results)
            counts.add(counted)
        assert writer is not None  # a file without accounts gives an empty batch
        with named(Where(str(source.path))):
            if Mark.of(source.path) != mark:
                raise ValueError("the file changed while it was read")
        told = {
            "format": _FORMAT,
            **stamp,
            "input": _input(source, mark),
            "settings": settings,
            "counts": attrs.asdict(counts),
        }
        writer.add_key_value_metadata({STAMP_KEY.decode(): json.dumps(told)})
    return FilePart(str(source.path), str(path), **attrs.asdict(counts), resumed=False)


@contextlib.contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes its place when it is complete, and leaves nothing behind when it is not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):  # of a run that was killed
        left.unlink(missing_ok=True)
    beside = path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")
    try:
        with beside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _keep_name(path.parent)
    except BaseException as error:
        beside.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename, error.filename2 = os.fspath(path), None
        raise


def _keep_name(folder: Path) -> None:
    """Let the new name survive a loss of power, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):  # pragma: no cover - Windows keeps names by itself
        return
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
