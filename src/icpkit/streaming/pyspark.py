"""Spark: a DataFrame of accounts in, one of results out; what can be checked is checked before a job runs.

The example of `score_spark` needs a session: the tests of Spark run it.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from icpkit import views
from icpkit.batch.plan import ask_of
from icpkit.errors import UnreadColumnsError, near
from icpkit.profile import Profile
from icpkit.streaming.streams import StreamScorer, stream_scorer
from icpkit.typing import OnInvalid

#: Views of lists.
_LISTED: Final = frozenset({"labels", "events"})
#: How the sentence begins that tells of a value of the right kind which is not among those that are asked for.
_UNLISTED: Final = "not one of "
#: A value of each type, as valid as one of it can be: text may be a date, and a number a truth. Long ago, so that it is
#: seen at any moment of scoring.
_SAMPLES: Final[dict[str, Any]] = {
    **dict.fromkeys(("string", "char", "varchar"), "2000-01-01"),
    **dict.fromkeys(("byte", "short", "integer", "long"), 1),
    **dict.fromkeys(("float", "double"), 1.0),
    "decimal": Decimal(1),
    "boolean": True,
    "date": date(2000, 1, 1),
    "timestamp": datetime(2000, 1, 1, tzinfo=UTC),
    "timestamp_ntz": datetime(2000, 1, 1),  # noqa: DTZ001  # it has no zone, that is what it stands for
    "binary": b"",
}


def score_spark(
    profile: Profile,
    frame: Any,
    *,
    key: str,
    as_of: date | str,
    on_invalid: OnInvalid = "unknown",
    unknown: Collection[str] = (),
    contributions: bool = False,
    stamp: bool = False,
    keep: Collection[str] = (),
    redact: bool = False,
) -> Any:
    """Score the accounts of a Spark DataFrame: gives a DataFrame of results, which Spark makes when it is asked for.

    Only the columns that the profile reads leave Spark. The workers need icpkit, pyarrow and pandas.

    Args:
        profile: the profile.
        frame: the DataFrame of accounts.
        key: the column that holds the accounts' keys, each in one row: a repeated one is found within a batch only.
        as_of: the moment of scoring.
        on_invalid: ``"unknown"`` to take values of the wrong kind as unknown, or ``"raise"``, which fails the job.
        unknown: attributes that may be absent: they are then unknown for all.
        contributions: adds the points of each criterion, a column for each path.
        stamp: adds what the scores were made with, the same in each row.
        keep: columns that are handed on behind the results.
        redact: keeps values out of error messages, and so out of Spark's logs.

    Raises:
        AsOfError: for a moment that is naive or none.
        ImportError: without pyarrow.
        LookupError: for a column that is not there.
        TypeError: for what is no DataFrame of Spark, and for columns of a type that cannot hold what is asked of them.
        ValueError: for a column that is handed on and called as one of the results, or that Spark cannot hand out.

    .. skip: start

    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_high=1000)])])
    >>> frame = spark.createDataFrame([("acme", 600), ("globex", None)], "id string, employees int")
    >>> icp.score_spark(profile, frame, key="id", as_of="2026-11-21").select("key", "fit", "status").show()
    +------+----+-----------------+
    |   key| fit|           status|
    +------+----+-----------------+
    |  acme|80.0|           scored|
    |globex|NULL|insufficient data|
    +------+----+-----------------+
    <BLANKLINE>

    .. skip: end
    """
    if not hasattr(frame, "mapInArrow"):
        raise TypeError(
            f"score_spark() takes a DataFrame of Spark (got {type(frame).__name__}); "
            "score_batch() takes tables of pandas, Polars and Arrow"
        )
    if not isinstance(key, str):
        raise TypeError(f'key must name the column of the keys: key="account_id" (got {key!r})')
    scorer = stream_scorer(
        profile,
        as_of=views.as_of(
            as_of
        ),  # a job may run twice, and each of its tasks: none of them may find a moment of its own
        key=key,
        on_invalid=on_invalid,
        unknown=unknown,
        contributions=contributions,
        stamp=stamp,
        keep=keep,
        plain=True,
        redact=redact,
    )
    columns = _columns(scorer, frame.columns)
    chosen = frame.select(*(_quoted(name) for name in columns))
    _check_types(scorer, chosen.schema)
    return chosen.mapInArrow(scorer, _results(scorer, chosen.schema))


def _columns(scorer: StreamScorer, names: Sequence[str]) -> list[str]:
    """Choose the columns that are needed.

    Raises:
        LookupError: for a key or a kept column that is not there.
        ValueError: for a name that Spark's `mapInArrow` does not find.
    """
    from icpkit.streaming.arrow import needed  # noqa: PLC0415  # pyarrow is loaded when somebody streams

    for field, name in (("key", scorer.key), *(("keep", name) for name in scorer.keep)):
        if name not in names:
            hint = near(str(name), names) or f"it has {', '.join(names[:20])}"
            raise LookupError(f"{field} must name a column of the DataFrame (got {name!r}); {hint}")
    columns = needed(scorer.wanted, names)
    for name in columns:
        if "." in name or "`" in name:
            first, _, rest = name.replace("`", "").partition(".")
            raise ValueError(
                f"Spark's mapInArrow does not find a column whose name has a dot or a backtick (got {name!r})\n\n"
                f'Hint: rename it or, where the dot is a path, make a struct of it: .withColumn("{first}", '
                f'functions.struct(functions.col("{_quoted(name)}").alias("{rest}")))'
            )
    return columns


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _check_types(scorer: StreamScorer, schema: Any) -> None:
    """Score an account made of a value of each type, and refuse columns that can hold nothing valid.

    In a job all their values would become unknown, and nobody would be told.

    Raises:
        LookupError: for columns that are not there.
        TypeError: for columns of such types.
    """
    import pyarrow as pa  # noqa: PLC0415  # as above

    types = {field.name: field.dataType.simpleString() for field in schema}
    # Of text under labels the batch would be refused as a whole, with a value that is ours.
    listed = {one.attribute for one in ask_of(scorer.profile).functions if one.view in _LISTED}
    wrong = {name: "text where a list belongs" for name in listed if types.get(name) == "string"}
    one = {field.name: pa.array([None if field.name in wrong else _sample(field.dataType)]) for field in schema}
    try:
        invalid = StreamScorer(scorer.profile, scorer.as_of, unknown=scorer.unknown).scores(pa.table(one)).invalid
    except UnreadColumnsError as error:
        raise UnreadColumnsError("the DataFrame", error.problems, tuple(types)) from None
    wrong |= {offender.attribute: offender.reason for offender in invalid if not offender.reason.startswith(_UNLISTED)}
    if wrong:
        told = [f"  {name} ({types.get(name, 'in a struct')}): {wrong[name]}" for name in sorted(wrong)]
        raise TypeError(
            f"{len(told)} column{'s' if len(told) != 1 else ''} of the DataFrame can hold nothing that the profile "
            "reads there:\n"
            + "\n".join(told)
            + '\n\nHint: cast them (functions.col("…").cast("double")) or split them (functions.split("…", ";")); '
            + 'or drop them, and name them in unknown=["…"]'
        )


def _sample(kind: Any) -> Any:
    """Give a value of a type of Spark; None for a type of which there is none."""
    name = kind.typeName()
    if name == "array":
        return [_sample(kind.elementType)]
    if name == "struct":
        return {field.name: _sample(field.dataType) for field in kind.fields}
    return _SAMPLES.get(name.partition("(")[0])


def _results(scorer: StreamScorer, schema: Any) -> Any:
    """Give Spark's schema of the results: the key and what is handed on have the types that they had."""
    import pyarrow as pa  # noqa: PLC0415  # as above
    from pyspark.sql import types  # noqa: PLC0415  # it is there where a DataFrame is

    from icpkit.streaming.arrow import schema_of  # noqa: PLC0415  # as above

    made = schema_of(scorer.profile, pa.null(), contributions=scorer.contributions, stamp=scorer.stamp, plain=True)
    kinds: dict[Any, Callable[[], Any]] = {pa.float64(): types.DoubleType, pa.string(): types.StringType}
    fields = [types.StructField("key", schema[scorer.key].dataType)]
    fields += [types.StructField(field.name, kinds[field.type]()) for field in made if field.name != "key"]
    fields += [types.StructField(name, schema[name].dataType) for name in scorer.keep]
    return types.StructType(fields)
