"""Many files: a part of results for each, in memory that does not grow, begun again where a run ended."""

import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

import attrs

from icpkit import views
from icpkit.batch.scoring import OnEvent
from icpkit.importing import Accounts, FieldMap
from icpkit.profile import Profile
from icpkit.streaming.failures import PartsError, StreamError
from icpkit.streaming.inputs import AnyPath, Input, inputs_of
from icpkit.streaming.progress import OnProgress, progress_of
from icpkit.streaming.reports import FileFailure, FilePart, FilesReport
from icpkit.streaming.streams import StreamScorer, stream_scorer, told
from icpkit.typing import OnInvalid

if TYPE_CHECKING:
    from icpkit.streaming.pieces import How, Piece

#: What to do about a file that cannot be scored.
OnError: TypeAlias = Literal["raise", "skip"]
_Item = TypeVar("_Item")
_Made = TypeVar("_Made")

_logger = logging.getLogger("icpkit")
_logger.addHandler(logging.NullHandler())  # who wants to read it says so


@attrs.frozen(eq=False)
class _Run:
    """A run over files.

    Attributes:
        how: how they are read and scored.
        stamp: what the scores are made with.
        settings: what else they depend on.
        tell: is told what happens.
    """

    how: "How"
    stamp: dict[str, Any]
    settings: dict[str, Any]
    tell: OnEvent


def score_files(
    profile: Profile,
    paths: AnyPath | Iterable[AnyPath],
    out: AnyPath,
    *,
    key: str | None = None,
    as_of: date | str,
    fields: FieldMap | None = None,
    unknown: Collection[str] = (),
    on_invalid: OnInvalid = "raise",
    on_error: OnError = "raise",
    contributions: bool = False,
    rows: int | None = None,
    overwrite: bool = False,
    redact: bool = False,
    progress: "bool | OnProgress" = False,
    on_event: OnEvent | None = None,
) -> FilesReport:
    r"""Score files that need not fit in memory: of each, its results become one Parquet file, a part, in a folder.

    A part is written whole or not at all. A second run leaves alone what the first has completed: the parts that the
    same profile made of the same files, as of the same moment and with the same settings.

    Args:
        profile: the profile.
        paths: a file, a folder, a pattern such as ``"accounts/*.parquet"``, or a list of these: Parquet
            (``.parquet``, ``.pq``), Arrow (``.arrow``, ``.feather``, ``.ipc``), or text as `read_accounts` reads it
            (``.csv``, ``.tsv``, ``.jsonl``, ``.ndjson``).
        out: the folder of the parts; those of files in inner folders are in inner folders too.
        key: the column that holds the accounts' keys, each in one row; not checked across files, nor beyond ``rows``.
            None for that of the field map or, without one, for the first column of text and for none elsewhere.
        as_of: the moment of scoring.
        fields: a field map, by which all files are read.
        unknown: attributes that may be absent: they are then unknown for all.
        on_invalid: ``"raise"``, or ``"unknown"`` to take values of the wrong kind as unknown and count them.
        on_error: ``"raise"``, or ``"skip"`` to score the other files and list those that cannot be scored.
        contributions: adds the points of each criterion, a column for each path.
        rows: how many accounts are read and scored at a time; None for 131,072 of Parquet and Arrow, and 16,384 of
            text and where there is a field map.
        overwrite: whether files that are there are written anew, whatever they are.
        redact: keeps values out of messages.
        progress: True for a bar on a terminal and a line in a notebook, or what is told how many accounts are done, how
            many there are (None where files do not tell), and which file is being scored.
        on_event: is told what happens: a name, and plain data without values of accounts.

    Raises:
        AsOfError: for a moment that is naive or none.
        FileNotFoundError: where there is no file.
        ImportError: without pyarrow.
        OSError: for a part that cannot be written.
        PartsError: for other files where parts would be written.
        StreamError: for a file that cannot be scored.
        ValueError: for a file of another kind, or two files of which one part would be made.

    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "accounts.csv").write_text("id,employees\nacme,600\nglobex,70\n")
    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_high=1000)])])
    >>> report = icp.score_files(profile, folder / "*.csv", folder / "scored", key="id", as_of="2026-11-21")
    >>> report, [part.rows for part in report.parts]
    (<FilesReport: 2 accounts, 1 part>, [2])
    """
    started = perf_counter()
    if fields is not None:
        fields = fields if key is None else attrs.evolve(fields, key=key)
        key = fields.key_attribute
    scorer = stream_scorer(
        profile,
        as_of=views.as_of(as_of),
        key=key,
        on_invalid=on_invalid,
        unknown=unknown,
        contributions=contributions,
        redact=redact,
    )
    if on_error not in {"raise", "skip"}:
        raise ValueError(f'on_error must be "raise" or "skip" (got {on_error!r})')
    if rows is not None and (type(rows) is not int or rows < 1):
        raise ValueError(f"rows must be a whole number above 0 (got {rows!r})")
    from icpkit.streaming.parts import settings_of, stamp_of  # noqa: PLC0415  # pyarrow is loaded when it is needed
    from icpkit.streaming.pieces import How  # noqa: PLC0415  # as above

    run = _Run(How(scorer, fields, rows), stamp_of(scorer), settings_of(scorer, fields), on_event or _nobody)
    folder = Path(out)
    planned = _planned(inputs_of(paths), folder, run, overwrite=overwrite)
    run.tell("files_begun", {"files": len(planned)})
    parts, failures = _scored(planned, run, on_error, progress)
    others = _others(folder, planned)
    if others:
        _logger.warning("parts of files that were not scored now lie in %s: %d", folder, len(others))
    report = FilesReport(run.stamp, tuple(parts), tuple(failures), others, perf_counter() - started)
    done = {"rows": report.rows, "parts": len(parts), "failures": len(failures), "seconds": report.seconds}
    run.tell("files_done", done)
    _logger.info("scored %d accounts of %d files", report.rows, len(parts))
    return report


def _nobody(_name: str, _fields: Mapping[str, Any]) -> None:
    """Hear what happens."""


# What is to be done


def _planned(inputs: Sequence[Input], out: Path, run: _Run, *, overwrite: bool) -> list[tuple[Input, Path]]:
    """Give each file its part, and refuse before anything is scored what could not be written."""
    from icpkit.streaming.parts import contradiction, stamp_in  # noqa: PLC0415  # as above

    inner = out.resolve()
    # A pattern may well match the parts of an earlier run.
    inputs = [one for one in inputs if inner not in one.path.resolve().parents or stamp_in(one.path) is None]
    if not inputs:
        raise FileNotFoundError(f"all files are parts that lie in {out}; name the files of accounts")
    sources = {one.path.resolve(): one for one in inputs}
    planned: dict[Path, Input] = {}
    for one in inputs:
        path = one.part(out)
        other = planned.setdefault(path, one)
        if other is not one:
            raise ValueError(
                f"{other.path} and {one.path} would both become {path}; score them into two folders, "
                "or name the folder that holds both"
            )
        if path.resolve() in sources:
            raise ValueError(f"{path} holds accounts, and its results would take its place; name another folder")
    problems = {} if overwrite else {str(path): contradiction(path, run.stamp) for path in planned if path.exists()}
    if any(problems.values()):
        raise PartsError({path: problem for path, problem in problems.items() if problem})
    return [(one, path) for path, one in planned.items()]


def _others(out: Path, planned: Sequence[tuple[Input, Path]]) -> tuple[str, ...]:
    """List the parts in a folder that no file of this run has."""
    from icpkit.streaming.parts import stamp_in  # noqa: PLC0415  # as above

    ours = {path for _, path in planned}
    found = (path for path in sorted(out.rglob("*.parquet")) if path not in ours)
    return tuple(str(path) for path in found if stamp_in(path) is not None)


# Doing it


def _scored(
    planned: Sequence[tuple[Input, Path]], run: _Run, on_error: OnError, progress: "bool | OnProgress"
) -> tuple[list[FilePart], list[FileFailure]]:
    from icpkit.streaming.parts import known_part, write_part  # noqa: PLC0415  # as above

    parts: list[FilePart] = []
    failures: list[FileFailure] = []
    total = _total(planned) if progress else None
    done = 0
    with progress_of(progress) as show:
        for one, path in planned:
            source = str(one.path)

            def scored(rows: int, source: str = source) -> None:
                nonlocal done
                done += rows
                show(done, total, source)

            try:
                part = known_part(one, path, run.stamp, run.settings)
                if part is not None:
                    scored(part.rows)
                else:
                    with contextlib.closing(_batches(one, run, scored)) as batches:
                        part = write_part(one, path, batches, run.stamp, run.settings)
            except StreamError as error:
                kind = type(error.__cause__ or error).__name__
                run.tell("file_failed", {"path": source, "group": error.group, "error": kind})
                _logger.warning("%s could not be scored: %s", source, kind)
                _logger.debug("%s", error)
                if on_error == "raise":
                    raise
                failures.append(FileFailure(source, error.group, str(error)))
                continue
            run.tell("file_resumed" if part.resumed else "file_scored", {"path": source, "rows": part.rows})
            _logger.info("%s: %d accounts%s", source, part.rows, ", scored before" if part.resumed else "")
            parts.append(part)
    return parts, failures


def _total(planned: Sequence[tuple[Input, Path]]) -> int | None:
    from icpkit.streaming.pieces import rows_of  # noqa: PLC0415  # as above

    counts = [rows_of(one) for one, _ in planned]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _batches(one: Input, run: _Run, scored: Callable[[int], None]) -> Generator[tuple[Any, Mapping[str, Any]]]:
    """Score a file piece by piece."""
    from icpkit.streaming.pieces import named, pieces_of  # noqa: PLC0415  # as above

    schema = None

    def score(piece: "Piece") -> tuple[Any, dict[str, Any]]:
        nonlocal schema
        with named(piece.where):
            if isinstance(piece.data, Accounts):
                results, counted = _of_accounts(piece.data, run.how.scorer)
            else:
                results, scores = run.how.scorer.results(piece.data, schema)
                counted = told(scores)
        schema = results.schema
        return results, counted

    with contextlib.closing(_meanwhile(score, pieces_of(one, run.how))) as found:
        for number, (results, counted) in enumerate(found):
            run.tell("batch_scored", {"path": str(one.path), "batch": number, **counted})
            yield results, counted
            scored(results.num_rows)


def _meanwhile(work: Callable[[_Item], _Made], items: Iterator[_Item]) -> Generator[_Made]:
    """Do some work for each item in another thread, while this one gets the next and uses what was made before."""
    with ThreadPoolExecutor(1, "icpkit") as pool:
        before: Future[_Made] | None = None
        while True:
            try:
                item = next(items, None)
            except Exception:
                if before is not None:
                    before.result()  # what is wrong with an earlier item is told first
                raise
            begun = None if item is None else pool.submit(work, item)
            del item  # two are held at most
            if before is not None:
                yield before.result()
            if begun is None:
                return
            before = begun


def _of_accounts(accounts: Accounts, scorer: StreamScorer) -> tuple[Any, dict[str, Any]]:
    """Score accounts that were read from text or by a field map; their keys are texts."""
    from icpkit.streaming.arrow import keyed_results_of  # noqa: PLC0415  # as above

    scores = scorer.scores(accounts)
    counted = told(scores)
    # Without a field map a cell that cannot be read stays as it is, and the engine has counted it.
    bad = [cell.attribute for cell in accounts.bad if accounts.fields is not None or not cell.attribute]
    counted["invalid"] = dict(Counter(counted["invalid"]) + Counter(bad))
    return keyed_results_of(scores, accounts.keys, contributions=scorer.contributions), counted
