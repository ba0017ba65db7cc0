"""Parts: the results of one file each, in Parquet, written whole, stamped, and known again."""

import contextlib
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import attrs
from pyarrow import parquet as pq

from icpkit._version import SEMANTICS, __version__
from icpkit.errors import IcpkitError
from icpkit.importing import FieldMap
from icpkit.streaming.inputs import Mark
from icpkit.streaming.reports import FilePart
from icpkit.streaming.streams import WRONG, StreamScorer

#: The key in a Parquet file's metadata below which the stamp stands, as JSON.
STAMP_KEY: Final = b"icpkit"
_FORMAT = 1
#: What two runs must share, that their parts may lie in one folder.
_MADE_WITH = ("scoring_id", "as_of", "semantics")


class PartsError(IcpkitError, ValueError):
    """A folder holds files where parts of results would be written.

    Attributes:
        paths: the files.
    """

    paths: tuple[str, ...]

    def __init__(self, problems: Mapping[str, str]) -> None:
        """Say what they are, and the way out."""
        self.paths = tuple(problems)
        shown = [f"  {path}: {problem}" for path, problem in list(problems.items())[:20]]
        more = [f"  … and {len(problems) - 20} more"] if len(problems) > 20 else []
        super().__init__(
            "\n".join(("files are there where parts would be written:", *shown, *more))
            + "\n\nHint: name another folder, or pass overwrite=True to write them anew"
        )


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


def known_again(path: Path, made_of: Mapping[str, Any], source: str) -> FilePart | None:
    """Give the part that is there, where it is complete and made of the same; None where it must be written."""
    found = stamp_in(path) if path.exists() else None
    if found is None or any(found[name] != value for name, value in made_of.items() if name in found["made_of"]):
        return None
    return None


@attrs.define
class Counts:
    """What has been counted of a part."""

    rows: int = 0
    status: Counter[str] = attrs.Factory(Counter)
    tier: Counter[str] = attrs.Factory(Counter)
    invalid: Counter[str] = attrs.Factory(Counter)

    def add(self, stats: Mapping[str, Any]) -> None:
        """Add what is told of a batch."""
        self.rows += stats["rows"]
        for name in ("status", "tier", "invalid"):
            mine: Counter[str] = getattr(self, name)
            for called, count in stats[name].items():
                mine[called] += count
