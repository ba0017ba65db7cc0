"""What became of the files that were to be scored."""

from collections import Counter
from functools import cached_property
from typing import Any

import attrs

from icpkit.words import ENGLISH, Words, listed

_STATUSES = ("disqualified", "insufficient data")


@attrs.frozen
class FilePart:
    """The results of one file.

    Attributes:
        source: the file of accounts.
        path: the Parquet file of results.
        rows: how many accounts there are.
        status: how many of each status.
        tier: how many scored ones of each tier.
        invalid: how many values were taken as unknown, by attribute; below an empty text, lines that were left out.
        resumed: whether an earlier run wrote it.
    """

    source: str
    path: str
    rows: int
    status: dict[str, int]
    tier: dict[str, int]
    invalid: dict[str, int]
    resumed: bool = False


@attrs.frozen
class FileFailure:
    """A file that could not be scored.

    Attributes:
        source: the file.
        group: the row group, or the batch, from 0; None for the whole file.
        problem: what is wrong, with where it stands and the way out.
    """

    source: str
    group: int | None
    problem: str


@attrs.frozen(repr=False, slots=False)
class FilesReport:
    """What became of files that were scored; its text is a summary.

    Attributes:
        stamp: what the scores were made with.
        parts: the results of each file.
        failures: the files that could not be scored.
        others: parts in the folder that belong to none of the files: what reads the folder reads them too.
        seconds: how long it took.
    """

    stamp: dict[str, Any]
    parts: tuple[FilePart, ...]
    failures: tuple[FileFailure, ...]
    others: tuple[str, ...]
    seconds: float

    @property
    def rows(self) -> int:
        """The number of accounts."""
        return sum(part.rows for part in self.parts)

    @cached_property
    def status(self) -> dict[str, int]:
        """The number of accounts of each status."""
        return self._sum("status")

    @cached_property
    def tier(self) -> dict[str, int]:
        """The number of scored accounts in each tier."""
        return self._sum("tier")

    @cached_property
    def invalid(self) -> dict[str, int]:
        """The number of values that were taken as unknown, by attribute; below an empty text, lines left out."""
        return self._sum("invalid")

    def _sum(self, what: str) -> dict[str, int]:
        found: Counter[str] = Counter()
        for part in self.parts:
            found.update(getattr(part, what))
        return dict(found)

    def to_dict(self) -> dict[str, Any]:
        """Give all of it as plain data."""
        sums = {name: getattr(self, name) for name in ("rows", "status", "tier", "invalid")}
        return {**self.stamp, **sums, **attrs.asdict(self, filter=lambda field, _: field.name != "stamp")}

    def to_text(self, words: Words = ENGLISH) -> str:
        """Write a summary for people."""
        resumed = sum(part.resumed for part in self.parts)
        lines = [
            words["files_scored"].format(
                profile=self.stamp["profile"], rows=self.rows, count=len(self.parts), as_of=self.stamp["as_of"]
            )
        ]
        lines += [words["files_resumed"].format(count=resumed)] if resumed else []
        counts = {**self.tier, **{name: self.status.get(name, 0) for name in _STATUSES}}
        lines += [words["files_count"].format(name=name, count=count) for name, count in counts.items()]
        wrong = [f"{name or words['files_lines']} {count:,}" for name, count in self.invalid.items()]
        lines += [words["files_invalid"].format(what=listed(wrong, words))] if wrong else []
        lines += [words["files_failed"].format(problem=one.problem) for one in self.failures]
        lines += [words["files_others"].format(what=listed(self.others, words))] if self.others else []
        return "\n".join(lines)

    def __str__(self) -> str:
        """Write it in English."""
        return self.to_text()

    def __repr__(self) -> str:
        """Say in one line what there is."""
        failed = f", {len(self.failures)} failed" if self.failures else ""
        count = len(self.parts)
        return f"<FilesReport: {self.rows:,} accounts, {count} part{'s' if count != 1 else ''}{failed}>"
