"""All that pyarrow does (extra: arrow), but files: which batches there are, and the batches of results."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs

from icpkit.adapters import source_of
from icpkit.adapters.arrow import array_of_texts
from icpkit.batch import Scores
from icpkit.errors import near
from icpkit.profile import Profile, leaves, path_of

try:
    import pyarrow as pa
except ImportError:  # pragma: no cover - a test runs this in a process of its own
    raise ImportError('streams and files of accounts need pyarrow: pip install "icpkit[arrow]"') from None

#: What a stamp holds, in its order.
STAMP = ("profile", "scoring_id", "as_of", "semantics", "version")
_NUMBERS = ("coverage", "low", "high")


def schema_of(
    profile: Profile,
    key_type: Any,
    *,
    contributions: bool = False,
    stamp: bool = False,
    plain: bool = False,
    keep: Sequence[Any] = (),
) -> Any:
    """Give the schema of results.

    Args:
        profile: the profile.
        key_type: the type of the keys, or None where there are none.
        contributions: whether there is a column of points for each path.
        stamp: whether there are columns of what the scores were made with.
        plain: whether texts are texts, not dictionaries.
        keep: the fields of the columns that are handed on.

    Raises:
        ValueError: for a column that is handed on and called as one of the results.
    """
    few = pa.string() if plain else pa.dictionary(pa.int8(), pa.string())
    tiers = pa.string() if plain else pa.dictionary(pa.int8(), pa.string(), ordered=True)
    fields = [] if key_type is None else [pa.field("key", key_type)]
    fields += [pa.field("fit", pa.float64()), pa.field("tier", tiers), pa.field("status", few)]
    fields += [pa.field(name, pa.float64()) for name in _NUMBERS]
    if contributions:
        fields += [pa.field(path, pa.float64()) for path in paths_of(profile)]
    if stamp:
        fields += [pa.field(name, few) for name in STAMP]
    names = {field.name for field in fields}
    for field in keep:
        if field.name in names:
            raise ValueError(
                f"keep must not name a column of the results, nor one twice (got {field.name!r}); rename it before"
            )
        names.add(field.name)
    return pa.schema([*fields, *keep])


def paths_of(profile: Profile) -> list[str]:
    """Give what adds to a fit, in stored order."""
    paths = [path for path, _, _ in leaves(profile.dimensions)]
    return [*paths, *(path_of("adjustments", one.name) for one in profile.adjustments), "clip", "limit"]


def results_of(
    scores: Scores,
    schema: Any,
    data: Any = None,
    keep: Sequence[str] = (),
    *,
    contributions: bool = False,
    stamp: bool = False,
) -> Any:
    """Make the batch of results.

    Args:
        scores: the scores of an Arrow table.
        schema: the schema that the batch must have.
        data: the batch of accounts.
        keep: the columns of it that are handed on.
        contributions: whether there is a column of points for each path.
        stamp: whether there are columns of what the scores were made with.
    """
    table = scores.to_frame(contributions=contributions, stamp=stamp)
    for name in keep:
        table = table.append_column(name, data.column(name))
    if not table.schema.equals(schema):
        # A schema of the user's may say that what is handed on is never null; a cast keeps that.
        table = table.cast(schema)
    [batch] = table.combine_chunks().to_batches() or [empty_of(schema)]
    return batch


def empty_of(schema: Any) -> Any:
    """Make a batch without rows; older versions of Arrow forget that a dictionary is ordered."""

    def column(kind: Any) -> Any:
        if not pa.types.is_dictionary(kind):
            return pa.array([], kind)
        indices, values = pa.array([], kind.index_type), column(kind.value_type)
        return pa.DictionaryArray.from_arrays(indices, values, ordered=kind.ordered)

    return pa.RecordBatch.from_arrays([column(field.type) for field in schema], schema=schema)


def keyed_results_of(scores: Scores, keys: Sequence[str], *, contributions: bool = False) -> Any:
    """Make the batch of results of accounts that came from no table of Arrow, with their keys as texts."""
    key = scores.batch.key
    texts = array_of_texts([one or None for one in keys])
    batch = attrs.evolve(scores.batch, source=source_of(pa.table({} if key is None else {key: texts})))
    schema = schema_of(scores.profile, None if key is None else pa.string(), contributions=contributions)
    return results_of(attrs.evolve(scores, batch=batch), schema, contributions=contributions)


def check_names(profile: Profile, keep: Sequence[str], *, keyed: bool, contributions: bool, stamp: bool) -> None:
    """Refuse columns that are handed on and called as one of the results, before there is a batch.

    Raises:
        ValueError: for such a column, or one that is named twice.
    """
    kept = [pa.field(name, pa.null()) for name in keep]
    schema_of(profile, pa.null() if keyed else None, contributions=contributions, stamp=stamp, keep=kept)


def fields_of(schema: Any, names: Iterable[str]) -> list[Any]:
    """Find fields by their names.

    Raises:
        LookupError: for one that is not there.
    """
    for name in names:
        if name not in schema.names:
            hint = near(name, schema.names) or f"it has {', '.join(schema.names[:20])}"
            raise LookupError(f"there is no column {name!r} to keep; {hint}")
    return [schema.field(name) for name in names]


def batches_of(data: Any, wanted: Iterable[str]) -> Iterator[Any]:
    """Give the batches of whatever has some, one by one.

    Args:
        data: batches, or what streams as Arrow.
        wanted: the columns that are needed, for what can leave others out.

    Raises:
        TypeError: for what has none, or for an item that is none.
    """
    kind = type(data)
    if isinstance(data, pa.RecordBatch):
        return iter((data,))
    if kind.__module__ == "pyarrow._dataset":
        return _scanned(data, wanted)
    if hasattr(kind, "__arrow_c_stream__"):
        return iter(data if isinstance(data, pa.RecordBatchReader) else pa.RecordBatchReader.from_stream(data))
    if isinstance(data, Iterable) and not isinstance(data, str | bytes | dict):
        return _checked(data)
    raise TypeError(
        f"a stream must give record batches, or be a reader, a data set or a table of Arrow (got {kind.__name__}); "
        "a lazy frame of Polars gives them by collect_batches(), one of pandas by pyarrow.Table.from_pandas()"
    )


def _scanned(data: Any, wanted: Iterable[str]) -> Iterator[Any]:
    if hasattr(data, "scan_batches"):  # a scanner, which knows its columns
        return iter(data.to_batches())
    # Reading ahead, a data set would hold far more than it hands out.
    columns = needed(wanted, data.schema.names)
    return iter(data.to_batches(columns=columns, batch_readahead=1, fragment_readahead=1))


def _checked(items: Iterable[Any]) -> Iterator[Any]:
    for number, item in enumerate(items):
        if isinstance(item, pa.RecordBatch):
            yield item
        elif hasattr(type(item), "__arrow_c_array__"):
            yield pa.record_batch(item)
        elif hasattr(type(item), "__arrow_c_stream__"):  # a table, such as each batch of Polars
            yield from pa.RecordBatchReader.from_stream(item)
        else:
            given = type(item).__name__
            raise TypeError(f"item {number} of the stream (from 0) must be a record batch of Arrow (got {given})")


def needed(wanted: Iterable[str], names: Iterable[str]) -> list[str]:
    """Choose the columns that are needed: those of a wanted name, and records into which a wanted path leads."""
    wanted = set(wanted)
    heads = {name[:place] for name in wanted for place, sign in enumerate(name) if sign == "."}
    return [name for name in dict.fromkeys(names) if name in wanted or name in heads]
