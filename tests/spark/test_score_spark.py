"""Spark scores by workers of its own, each a process of Python: what they give is what one table gives."""

import os
import pickletools
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyspark import cloudpickle
from pyspark.sql import functions

import icpkit as icp
from icpkit.testing import assert_same_fits
from tests.spark.landed import drawn, landed
from tests.spark.own import Noted
from tests.streaming.streamed import DAY, PROFILE, TABLE, plain, reference

dumps: Any = cloudpickle.dumps  # without types
KEYED: dict[str, Any] = {"key": "id", "as_of": DAY}


@pytest.fixture
def batch_of(spark: Any) -> Any:
    """Let a test choose how many rows a batch has."""

    def choose(rows: int) -> None:
        spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", rows)

    yield choose
    spark.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")


@pytest.fixture
def frame(spark: Any) -> Any:
    """Sixty accounts in two partitions."""
    return spark.createDataFrame(TABLE).repartition(2)


def rows_of(results: Any) -> list[dict[str, Any]]:
    """Give a DataFrame's rows by key."""
    return plain(results.toArrow().sort_by("key"))


def test_workers_give_what_one_table_gives(frame: Any) -> None:
    """Each row is that of `score_batch`, and the columns are those of the one result schema."""
    results = icp.score_spark(PROFILE, frame, **KEYED)
    assert results.columns == list(icp.SCHEMA)
    assert rows_of(results) == reference(TABLE)


def test_the_generator_serves_as_well(frame: Any) -> None:
    """`mapInArrow` takes a stream's scorer itself, with the schema as text."""
    schema = "key string, fit double, tier string, status string, coverage double, low double, high double"
    scorer = icp.stream_scorer(PROFILE, plain=True, **KEYED)
    assert rows_of(frame.mapInArrow(scorer, schema)) == reference(TABLE)


def compare(spark: Any, profiles: int, accounts: int, *, slow: bool = False) -> Counter[str]:
    """Compare generated pairs with the reference, and count them."""
    seen: Counter[str] = Counter()
    for place, (profile, as_of) in enumerate(drawn(profiles, slow=slow)):
        table = landed(profile, as_of, random.Random(place), accounts)
        settings: dict[str, Any] = {"key": "id", "as_of": as_of}
        unknown = lacking(profile, table, **settings)
        try:
            results = icp.score_spark(profile, spark.createDataFrame(table), unknown=unknown, **settings)
        except TypeError as error:
            # Then each of these columns holds nothing that is valid; where one date belongs, not even an empty list is.
            named = [line.split()[0] for line in str(error).split("\n")[1:] if line.startswith("  ")]
            scores = [icp.score(profile, one, as_of=as_of, on_invalid="unknown") for one in table.to_pylist()]
            invalid = Counter(name for score in scores for name in {one.attribute for one in score.invalid})
            assert named
            assert all(invalid[name] >= (known(table, name) or 0) for name in named), (named, invalid)
            seen["refused"] += 1
            continue
        rows = rows_of(results)
        order = sorted(range(accounts), key=lambda row: f"account {row}")
        records = table.take(order).to_pylist()
        assert_same_fits(lambda *_, found=rows: found, profile, records, as_of)
        assert [row["key"] for row in rows] == [record["id"] for record in records]
        seen.update(row["status"] for row in rows)
        seen["pairs"] += accounts
    return seen


def lacking(profile: icp.Profile, table: pa.Table, **settings: Any) -> list[str]:
    """Name the attributes that no account has."""
    attributes = icp.stream_scorer(profile, **settings).wanted[1:]
    return [name for name in attributes if known(table, name) is None]


def known(table: pa.Table, path: str) -> int | None:
    """Count the values of an attribute that say something; None where there is no column."""
    first, _, rest = path.partition(".")
    if first not in table.column_names:
        return None
    column = table[first]
    if rest:
        if not pa.types.is_struct(column.type) or column.type.get_field_index(rest) < 0:
            return None
        column = pa.chunked_array([chunk.field(rest) for chunk in column.chunks])
    return sum(map(says, column.to_pylist()))


def says(value: Any) -> bool:
    """Tell whether a value, or an item of a list, is there and not blank: other lists are valid whatever they are."""
    if isinstance(value, list):
        return any(map(says, value))
    return value is not None and value == value and bool(str(value).strip())  # noqa: PLR0124  # NaN is not itself


def test_generated_accounts_have_the_reference_fits(spark: Any, batch_of: Any) -> None:
    """On generated profiles and typed accounts workers give the reference's fit, tier, status, coverage and bounds."""
    batch_of(7)
    seen = compare(spark, 30, 16)
    assert seen["pairs"] >= 300, seen
    assert len(seen) >= 4, seen


@pytest.mark.slow
def test_generated_accounts_have_the_reference_fits_at_length(spark: Any, batch_of: Any) -> None:
    """The same, ten times as often, on other cases each time."""
    batch_of(7)
    seen = compare(spark, 120, 40, slow=True)
    assert seen["pairs"] >= 3000, seen


def test_accounts_without_rows_and_partitions_without_accounts(spark: Any, frame: Any) -> None:
    """Nothing in gives nothing out; empty partitions add nothing."""
    assert rows_of(icp.score_spark(PROFILE, frame.limit(0), **KEYED)) == []
    few = spark.createDataFrame(TABLE.slice(0, 3)).repartition(8)
    assert rows_of(icp.score_spark(PROFILE, few, **KEYED)) == reference(TABLE.slice(0, 3))


def test_batches_may_be_small(frame: Any, batch_of: Any) -> None:
    """Scores do not depend on how many rows a batch has."""
    batch_of(1)
    assert rows_of(icp.score_spark(PROFILE, frame, **KEYED)) == reference(TABLE)


def test_extras_are_those_of_one_table(frame: Any) -> None:
    """Contributions, stamp and columns that are handed on."""
    results = rows_of(icp.score_spark(PROFILE, frame, contributions=True, stamp=True, keep=["note", "tools"], **KEYED))
    whole = reference(TABLE, contributions=True, stamp=True)
    tools = TABLE["tools"].to_pylist()
    assert results == [{**row, "note": "not read", "tools": tools[place]} for place, row in enumerate(whole)]


def test_keys_keep_their_type(frame: Any) -> None:
    """Numbers, dates and decimals come back as what they were."""
    for kind in ("int", "decimal(20,0)", "date"):
        number = functions.expr("cast(substring(id, 2) as int)")
        keys = functions.date_add(functions.lit("2026-01-01"), number) if kind == "date" else number.cast(kind)
        results = icp.score_spark(PROFILE, frame.withColumn("id", keys), **KEYED)
        assert results.schema["key"].dataType.simpleString() == kind
        assert [row["fit"] for row in rows_of(results)] == [row["fit"] for row in reference(TABLE)]


MOMENTS = icp.Profile("P", [icp.Dimension("D", [icp.Recency("seen", linear=100), icp.Upcoming("due", within=100)])])


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu"])
def test_moments_are_what_they_are_in_any_zone(spark: Any, zone: str) -> None:
    """A timestamp is an instant whatever the session's zone is; one without a zone is read as UTC."""
    rows = "('a', timestamp'2026-11-20 23:30:00Z', timestamp_ntz'2026-12-01 23:30:00'), ('b', null, null)"
    before = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", zone)
    try:
        found = spark.sql(f"select * from values {rows} as accounts(id, seen, due)")
        settings: dict[str, Any] = {"key": "id", "as_of": "2026-11-21T05:00:00Z", "contributions": True}
        scored = rows_of(icp.score_spark(MOMENTS, found, **settings))
    finally:
        spark.conf.set("spark.sql.session.timeZone", before)
    account = {"seen": "2026-11-20T23:30:00Z", "due": "2026-12-01T23:30:00Z"}
    expected = icp.score(MOMENTS, account, as_of="2026-11-21T05:00:00Z")
    assert [row["fit"] for row in scored] == [expected.fit, None]
    assert scored[0]["d/seen"] == dict(expected.explanation.points)["d/seen"] / 1e6


def test_a_zone_may_be_named_for_timestamps_without_one(spark: Any) -> None:
    """`convert_timezone` makes UTC of what was written elsewhere."""
    found = spark.sql("select 'a' as id, timestamp_ntz'2026-11-21 00:30:00' as seen")
    zones = functions.lit("Europe/Berlin"), functions.lit("UTC")
    found = found.withColumn("seen", functions.convert_timezone(*zones, functions.col("seen")))
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Recency("seen", linear=100)])])
    expected = icp.score(profile, {"seen": "2026-11-21T00:30:00+01:00"}, as_of="2026-11-21T05:00:00Z")
    [row] = rows_of(icp.score_spark(profile, found, key="id", as_of="2026-11-21T05:00:00Z"))
    assert row["fit"] == expected.fit


MINE = """
import attrs
import icpkit as icp

@attrs.frozen
class Doubted(icp.Flag):
    pass
"""


def test_a_criterion_may_be_sent_to_workers(
    spark: Any, frame: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module that is sent with the session is found by its workers."""
    (tmp_path / "sent_to_workers.py").write_text(MINE)
    monkeypatch.syspath_prepend(str(tmp_path))
    import sent_to_workers  # type: ignore[import-not-found]  # pyright: ignore[reportMissingImports]

    spark.addArtifact(str(tmp_path / "sent_to_workers.py"), pyfile=True)
    profile = icp.Profile("P", [icp.Dimension("D", [sent_to_workers.Doubted("partner")])])
    expected = plain(icp.score_batch(profile, TABLE, **KEYED).to_frame())
    assert rows_of(icp.score_spark(profile, frame, **KEYED)) == expected


def test_a_stream_of_spark_is_scored(spark: Any, frame: Any, tmp_path: Path) -> None:
    """A DataFrame that streams gives one that streams."""
    accounts, scored, state = (str(tmp_path / name) for name in ("accounts", "scored", "state"))
    frame.write.parquet(accounts)
    streamed = spark.readStream.schema(frame.schema).parquet(accounts)
    writer = icp.score_spark(PROFILE, streamed, **KEYED).writeStream.option("checkpointLocation", state)
    writer.trigger(availableNow=True).start(scored, format="parquet").awaitTermination()
    assert rows_of(spark.read.parquet(scored)) == reference(TABLE)


def test_a_profile_is_made_once_for_each_task(spark: Any, batch_of: Any, tmp_path: Path) -> None:
    """However many batches there are, a task reads the profile once, and a worker takes it apart once."""
    counts = []
    for rows in (1_000, 5):
        notes = tmp_path / str(rows)
        profile = icp.Profile("P", [icp.Dimension("D", [Noted("partner", label=str(notes))])])
        batch_of(rows)
        frame = spark.createDataFrame(TABLE).coalesce(1)
        results = icp.score_spark(profile, frame, **KEYED)
        notes.unlink()  # what the driver did
        assert len(rows_of(results)) == 60
        lines = [line.split() for line in notes.read_text().splitlines()]
        assert str(os.getpid()) not in {process for _, process in lines}
        counts.append(Counter(what for what, _ in lines))
    assert counts[0] == counts[1]
    assert counts[0]["made"] == 1


def test_no_object_of_a_profile_is_pickled(frame: Any) -> None:
    """What travels is the profile's text: nothing of icpkit is in the pickle but the function that reads it."""
    own = icp.Profile("Own", [icp.Dimension("D", [Noted("partner")])])
    for profile, others in ((PROFILE, set()), (own, {("tests.spark.own", "Noted")})):
        scorer = icp.stream_scorer(profile, plain=True, **KEYED)
        assert names_in(dumps((scorer, None))) == {("icpkit.streaming.streams", "_of_text"), *others}
    assert rows_of(icp.score_spark(own, frame, **KEYED)) == plain(icp.score_batch(own, TABLE, **KEYED).to_frame())


def names_in(data: bytes) -> set[tuple[str, str]]:
    """Give all that a pickle asks for by name: module and name."""
    found: set[tuple[str, str]] = set()
    texts: list[str] = []
    for code, argument, _ in pickletools.genops(data):
        if code.name == "GLOBAL":
            module, _, name = str(argument).partition(" ")
            found.add((module, name))
        elif code.name == "STACK_GLOBAL":
            found.add((texts[-2], texts[-1]))
        elif isinstance(argument, str):
            texts.append(argument)
        assert code.name not in {"INST", "EXT1", "EXT2", "EXT4"}  # other ways to name something
    return found


def test_a_failing_job_says_what_and_where(frame: Any) -> None:
    """The job's error holds the batch, the account and the value; `redact` keeps the value out of it."""
    wrong = frame.withColumn("employees", functions.lit(float("inf"))).coalesce(1)
    for redact in (False, True):
        results = icp.score_spark(PROFILE, wrong, on_invalid="raise", redact=redact, **KEYED)
        with pytest.raises(Exception, match="an infinite number") as caught:
            results.collect()
        said = str(caught.value)
        assert "StreamError: batch 0 (from 0; accounts 1 to 60): 60 invalid values" in said
        assert ("employees = inf" in said) == (not redact)


def test_a_repeated_key_fails_its_batch(frame: Any) -> None:
    """Two rows of one account in a batch are an error that names the key."""
    results = icp.score_spark(PROFILE, frame.union(frame).coalesce(1), **KEYED)
    with pytest.raises(Exception, match="each key in 'id' must stand in one row"):
        results.collect()


def test_mistakes_are_found_before_a_job_runs(spark: Any, frame: Any) -> None:
    """Missing columns, wrong types and names that Spark does not find are told by the driver."""
    with pytest.raises(icp.UnreadColumnsError, match="'employees' is not there"):
        icp.score_spark(PROFILE, frame.drop("employees"), **KEYED)
    text = functions.col("employees").cast("string")
    with pytest.raises(TypeError, match=r"employees \(string\): text where a number belongs"):
        icp.score_spark(PROFILE, frame.withColumn("employees", text), **KEYED)
    with pytest.raises(ValueError, match="does not find a column whose name has a dot"):
        icp.score_spark(PROFILE, frame.withColumnRenamed("id", "the.id"), key="the.id", as_of=DAY)


def test_a_struct_holds_what_a_path_names(spark: Any) -> None:
    """The struct that the error of a dotted name proposes is read."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.OneOf("hq.country", ["DE"])])])
    dotted = spark.createDataFrame([("a", "DE"), ("b", "FR")], "id string, `hq.country` string")
    made = dotted.withColumn("hq", functions.struct(functions.col("`hq.country`").alias("country")))
    results = rows_of(icp.score_spark(profile, made.drop("hq.country"), **KEYED))
    assert [row["fit"] for row in results] == [100.0, 0.0]


def test_the_example_in_the_docstring(spark: Any, run_examples: Any) -> None:
    """The docstring's example runs, with a session named `spark`."""
    assert run_examples(icp.score_spark.__doc__, {"icp": icp, "spark": spark}) == 3
