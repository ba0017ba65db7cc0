"""What could not be scored, and where it stands."""

from collections.abc import Mapping

import attrs

from icpkit.errors import SHOWN, IcpkitError


@attrs.frozen
class Where:
    """Where some accounts of a stream or a file stand.

    Attributes:
        path: the file; an empty text for a stream.
        group: the row group of a Parquet file, or the batch of another file or a stream, from 0; None for a whole file.
        first: how many accounts stand before these.
        rows: how many these are.
        keyed: whether the accounts have keys, by which messages call them.
        called: what the group is.
    """

    path: str
    group: int | None = None
    first: int = 0
    rows: int = 0
    keyed: bool = True
    called: str = "batch"

    def __str__(self) -> str:
        """Say it in one line."""
        if self.group is None:
            return self.path
        found = f"{self.called} {self.group} (from 0"
        if self.rows:
            found += f"; accounts {self.first + 1:,} to {self.first + self.rows:,}"
            found += "" if self.keyed else ", of which the first is called row 1"
        return f"{self.path}, {found})" if self.path else f"{found})"


class StreamError(IcpkitError, ValueError):
    """A batch of a stream, or a file, cannot be scored; the error that says why is its ``__cause__``.

    Attributes:
        path: the file; an empty text for a stream.
        group: the row group of a Parquet file, or the batch of another file or a stream, from 0; None for a whole file.
        problem: what is wrong.
    """

    path: str
    group: int | None
    problem: str

    def __init__(self, where: Where, problem: str, *, hint: str = "") -> None:
        """Say where it is, and the way out, unless the problem says it."""
        self.path, self.group, self.problem = where.path, where.group, problem
        place = str(where)
        said = problem if where.group is None and where.path and where.path in problem else f"{place}: {problem}"
        super().__init__(said + (f"\n\nHint: {hint}" if hint and "Hint: " not in problem else ""))

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes with the message as it is."""
        return _again, (self.path, self.group, self.problem, str(self))


def _again(path: str, group: int | None, problem: str, said: str) -> StreamError:
    error = StreamError(Where(path, group), problem)
    error.args = (said,)
    return error


class PartsError(IcpkitError, ValueError):
    """A folder holds files where parts of results would be written.

    Attributes:
        paths: the files.
    """

    paths: tuple[str, ...]

    def __init__(self, problems: Mapping[str, str]) -> None:
        """Say what they are, and the way out."""
        self.paths = tuple(problems)
        shown = [f"  {path}: {problem}" for path, problem in list(problems.items())[:SHOWN]]
        more = [f"  … and {len(problems) - SHOWN} more"] if len(problems) > SHOWN else []
        super().__init__(
            "\n".join(("files are there where parts would be written:", *shown, *more))
            + "\n\nHint: name another folder, or pass overwrite=True to write them anew"
        )
