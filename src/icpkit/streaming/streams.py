"""Streams: record batches in, record batches of results out, in memory that does not grow."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import attrs

from icpkit import views
from icpkit.batch import score_batch
from icpkit.batch.plan import ask_of
from icpkit.batch.scoring import OnEvent
from icpkit.criteria import Criterion
from icpkit.identity import OWN_KINDS
from icpkit.profile import Profile, leaves
from icpkit.serialization import dumps, loads
from icpkit.streaming.failures import StreamError, Where
from icpkit.typing import OnInvalid

if TYPE_CHECKING:
    from icpkit.batch import Scores

#: What may go wrong with a batch or a file; all else is a mistake of ours. Errors of Arrow are among them.
WRONG = (ValueError, LookupError, TypeError, OSError, NotImplementedError)


def _as_names(names: Collection[str], field: str) -> tuple[str, ...]:
    if isinstance(names, str):
        raise TypeError(f"{field} must be a list of names: {field}=[{names!r}]")
    return tuple(names)


@attrs.frozen(eq=False, repr=False)
class StreamScorer:
    """Scores record batches: a call takes an iterator of batches, and gives one of results.

    It travels to other processes as the text of its profile and its settings.

    Attributes:
        profile: the profile.
        as_of: the moment of scoring, the same for all batches.
        key: the column that holds the keys, or None.
        on_invalid: what happens to values of the wrong kind.
        unknown: attributes that may be absent.
        contributions: whether the results hold the points of each path.
        stamp: whether they hold what they were made with.
        keep: the columns that are handed on.
        plain: whether texts are texts, not dictionaries.
        redact: whether messages keep values to themselves.
    """

    profile: Profile
    as_of: date
    key: str | None = None
    on_invalid: OnInvalid = "unknown"
    unknown: tuple[str, ...] = ()
    contributions: bool = False
    stamp: bool = False
    keep: tuple[str, ...] = ()
    plain: bool = False
    redact: bool = False

    def __call__(self, batches: Any, on_event: OnEvent | None = None) -> Iterator[Any]:
        """Score batches one by one.

        Args:
            batches: record batches, or what streams as Arrow.
            on_event: is told of each batch.

        Raises:
            StreamError: for a batch that cannot be scored.
            TypeError: for what is no stream.
        """
        from icpkit.streaming.arrow import batches_of  # noqa: PLC0415  # pyarrow is loaded when somebody streams

        return self._scored(batches_of(batches, self.wanted), on_event)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The columns that are read, or handed on."""
        key = () if self.key is None else (self.key,)
        return tuple(dict.fromkeys((*key, *attributes_of(self.profile), *self.keep)))

    def _scored(self, batches: Iterator[Any], on_event: OnEvent | None) -> Iterator[Any]:
        schema, first = None, 0
        for number, batch in enumerate(batches):
            where = Where("", number, first, batch.num_rows, self.key is not None)
            try:
                results, scores = self.results(batch, schema)
            except WRONG as error:
                raise StreamError(where, str(error)) from error
            schema, first = results.schema, first + batch.num_rows
            if on_event is not None:
                on_event("batch_scored", {"batch": number, **told(scores)})
            yield results

    def results(self, batch: Any, schema: Any = None) -> "tuple[Any, Scores]":
        """Score one batch, and give the batch of results with the scores that it was made of.

        Args:
            batch: a record batch.
            schema: the schema of the results so far, or None.
        """
        from icpkit.streaming.arrow import fields_of, results_of, schema_of  # noqa: PLC0415  # as above

        scores = self.scores(batch)
        kept = fields_of(batch.schema, self.keep)
        key_type = None if self.key is None else batch.schema.field(self.key).type
        found = schema_of(
            self.profile, key_type, contributions=self.contributions, stamp=self.stamp, plain=self.plain, keep=kept
        )
        if schema is not None and not schema.equals(found):
            [field, before] = next((a, b) for a, b in zip(found, schema, strict=True) if not a.equals(b))
            raise TypeError(
                f"the column {self.key if field.name == 'key' else field.name!r} is {field.type} here, and was "
                f"{before.type} in the batches before; cast it, so that all have one type"
            )
        made = results_of(scores, found, batch, self.keep, contributions=self.contributions, stamp=self.stamp)
        return made, scores

    def scores(self, data: Any) -> "Scores":
        """Score one table."""
        return score_batch(
            self.profile,
            data,
            key=self.key,
            as_of=self.as_of,
            unknown=self.unknown,
            on_invalid=self.on_invalid,
            redact=self.redact,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as text."""
        settings = {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}
        settings |= {"profile": dumps(self.profile), "as_of": self.as_of.isoformat()}
        return _of_text, (settings, own_kinds(self.profile))

    def __repr__(self) -> str:
        """Say in one line what it does."""
        return f"<StreamScorer: {self.profile.name!r} as of {self.as_of.isoformat()}>"


def _of_text(settings: Mapping[str, Any], kinds: Sequence[type[Criterion]]) -> StreamScorer:
    made = {"profile": loads(settings["profile"], kinds=kinds), "as_of": views.as_of(settings["as_of"])}
    return StreamScorer(**{**settings, **made})


def own_kinds(profile: Profile) -> list[type[Criterion]]:
    """List the classes of criteria in a profile that are a user's own."""
    found: dict[type[Criterion], None] = {}
    left: list[Criterion] = [criterion for _, _, criterion in leaves(profile.dimensions)]
    left += [gate.criterion for gate in profile.gates]
    left += [adjustment.when for adjustment in profile.adjustments]
    ours = set(OWN_KINDS.values())
    while left:
        criterion = left.pop()
        left += getattr(criterion, "parts", ())
        if type(criterion) not in ours:
            found[type(criterion)] = None
    return list(found)


def attributes_of(profile: Profile) -> tuple[str, ...]:
    """Give the attributes that a profile reads."""
    return tuple(dict.fromkeys(function.attribute for function in ask_of(profile).functions))


def told(scores: "Scores") -> dict[str, Any]:
    """Give what may be told of scores: no values, and nothing that takes time to find out."""
    return {
        "rows": len(scores),
        "status": scores.status_counts,
        "tier": {one.name: one.count for one in scores.tier_counts()},
        "invalid": dict(Counter(one.attribute for one in scores.invalid).most_common()),
        "seconds": dict(scores.seconds),
    }


# Faces


def stream_scorer(
    profile: Profile,
    *,
    as_of: date | str | None = None,
    key: str | None = None,
    on_invalid: OnInvalid = "unknown",
    unknown: Collection[str] = (),
    contributions: bool = False,
    stamp: bool = False,
    keep: Collection[str] = (),
    plain: bool = False,
    redact: bool = False,
) -> StreamScorer:
    """Make a function from an iterator of record batches to one of results, which can travel to other processes.

    Args:
        profile: the profile.
        as_of: the moment of scoring for all batches; None for now.
        key: the column that holds the accounts' keys.
        on_invalid: ``"unknown"`` to take values of the wrong kind as unknown, or ``"raise"``.
        unknown: attributes that may be absent: they are then unknown for all.
        contributions: adds the points of each criterion, a column for each path.
        stamp: adds what the scores were made with, the same in each row.
        keep: columns that are handed on behind the results.
        plain: gives texts as texts, for readers that know no dictionaries, such as Spark.
        redact: keeps values out of error messages.

    Raises:
        AsOfError: for a moment that is naive or none.
        ImportError: without pyarrow.
        ValueError: for a column that is handed on and called as one of the results.

    >>> import pickle, pyarrow as pa
    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_high=1000)])])
    >>> scorer = pickle.loads(pickle.dumps(icp.stream_scorer(profile, as_of="2026-11-21", key="id")))
    >>> scorer
    <StreamScorer: 'P' as of 2026-11-21>
    >>> [results] = scorer([pa.record_batch({"id": [7, 8], "employees": [600, None]})])
    >>> results.to_pydict()["fit"]
    [80.0, None]
    """
    from icpkit.streaming.arrow import check_names  # noqa: PLC0415  # says at once that pyarrow is not there

    if not isinstance(profile, Profile):
        raise TypeError(f"a stream is scored by one Profile (got {type(profile).__name__})")
    if on_invalid not in {"raise", "unknown"}:
        raise ValueError(f'on_invalid must be "raise" or "unknown" (got {on_invalid!r})')
    kept = _as_names(keep, "keep")
    check_names(profile, kept, keyed=key is not None, contributions=contributions, stamp=stamp)
    return StreamScorer(
        profile,
        views.as_of(datetime.now(UTC) if as_of is None else as_of),
        key,
        on_invalid,
        _as_names(unknown, "unknown"),
        contributions,
        stamp,
        kept,
        plain,
        redact,
    )


def score_stream(
    profile: Profile,
    batches: Any,
    *,
    key: str | None = None,
    as_of: date | str | None = None,
    on_invalid: OnInvalid = "unknown",
    unknown: Collection[str] = (),
    contributions: bool = False,
    stamp: bool = False,
    keep: Collection[str] = (),
    plain: bool = False,
    redact: bool = False,
    on_event: OnEvent | None = None,
) -> Iterator[Any]:
    """Score record batches one by one: for each batch one of results, with its rows in their order.

    Args:
        profile: the profile.
        batches: record batches of Arrow, or what streams as Arrow: a reader, a data set, a table, a relation of DuckDB.
        key: the column that holds the accounts' keys; within a batch each stands in one row.
        as_of: the moment of scoring for all batches; None for now, the moment of the call.
        on_invalid: ``"unknown"`` to take values of the wrong kind as unknown, or ``"raise"``.
        unknown: attributes that may be absent: they are then unknown for all.
        contributions: adds the points of each criterion, a column for each path.
        stamp: adds what the scores were made with, the same in each row.
        keep: columns that are handed on behind the results.
        plain: gives texts as texts, for readers that know no dictionaries.
        redact: keeps values out of error messages.
        on_event: is told of each batch: its number, rows, statuses, tiers, invalid values by attribute, and seconds.

    Raises:
        AsOfError: for a moment that is naive or none.
        ImportError: without pyarrow.
        StreamError: while it runs, for a batch that cannot be scored.
        TypeError: for what is no stream.

    >>> import pyarrow as pa
    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_high=1000)])])
    >>> accounts = pa.table({"id": ["acme", "globex"], "employees": [600, 70]})
    >>> batches = accounts.to_batches(max_chunksize=1)
    >>> for results in icp.score_stream(profile, batches, key="id", as_of="2026-11-21"):
    ...     print(results.select(["key", "fit", "tier"]).to_pylist())
    [{'key': 'acme', 'fit': 80.0, 'tier': 'Perfect'}]
    [{'key': 'globex', 'fit': 100.0, 'tier': 'Perfect'}]
    """
    scorer = stream_scorer(
        profile,
        as_of=as_of,
        key=key,
        on_invalid=on_invalid,
        unknown=unknown,
        contributions=contributions,
        stamp=stamp,
        keep=keep,
        plain=plain,
        redact=redact,
    )
    return scorer(batches, on_event)


def arrow_schema(
    profile: Profile,
    *,
    key_type: Any = None,
    contributions: bool = False,
    stamp: bool = False,
    keep: Iterable[Any] = (),
    plain: bool = False,
) -> Any:
    """Give the schema of the results that `score_stream` and `stream_scorer` make.

    Args:
        profile: the profile.
        key_type: the type of the keys, as the accounts hold them, or None where no key is named.
        contributions: as for `score_stream`.
        stamp: as for `score_stream`.
        keep: the fields of the columns that are handed on.
        plain: as for `score_stream`.

    Raises:
        ImportError: without pyarrow.
        ValueError: for a column that is handed on and called as one of the results.

    >>> import pyarrow as pa
    >>> print(icp.arrow_schema(icp.standard_profile(), key_type=pa.string(), plain=True))
    key: string
    fit: double
    tier: string
    status: string
    coverage: double
    low: double
    high: double
    """
    from icpkit.streaming.arrow import schema_of  # noqa: PLC0415  # as above

    return schema_of(profile, key_type, contributions=contributions, stamp=stamp, plain=plain, keep=tuple(keep))
