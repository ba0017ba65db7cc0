"""What happens before a job runs: no session is needed for it. tests/spark has what Spark does."""

from datetime import date
from typing import Any

import attrs
import pytest

import icpkit as icp
from tests.streaming.streamed import DAY, PROFILE

types = pytest.importorskip("pyspark.sql.types", reason="PySpark is not installed here")

SCHEMA = {
    "id": types.StringType(),
    "employees": types.LongType(),
    "industry": types.StringType(),
    "tools": types.ArrayType(types.StringType()),
    "country": types.StringType(),
    "partner": types.BooleanType(),
    "note": types.BinaryType(),
}


@attrs.frozen
class Frame:
    """What `score_spark` asks of a DataFrame."""

    columns: list[str]
    schema: Any

    def select(self, *names: str) -> "Frame":
        """Choose columns by their quoted names."""
        return frame({name: self.schema[name].dataType for name in (one[1:-1].replace("``", "`") for one in names)})

    def mapInArrow(self, function: Any, schema: Any) -> tuple["Frame", Any, Any]:  # noqa: N802  # Spark calls it so
        """Give what was asked for."""
        return self, function, schema


def frame(columns: dict[str, Any]) -> Frame:
    """Make a frame of columns and their types."""
    return Frame(list(columns), types.StructType([types.StructField(name, kind) for name, kind in columns.items()]))


def asked(columns: dict[str, Any], profile: icp.Profile = PROFILE, **settings: Any) -> tuple[Frame, Any, Any]:
    """Score a frame, and give what was asked of it."""
    found: tuple[Frame, Any, Any] = icp.score_spark(profile, frame(columns), **{"key": "id", "as_of": DAY, **settings})
    return found


def one(*criteria: icp.Criterion) -> icp.Profile:
    """Make a profile of some criteria."""
    return icp.Profile("P", [icp.Dimension("D", criteria)])


def test_only_what_is_needed_leaves_spark() -> None:
    """The columns that are read are chosen; the scorer gives plain texts."""
    chosen, scorer, schema = asked(SCHEMA)
    assert chosen.columns == ["id", "employees", "industry", "tools", "country", "partner"]
    assert (scorer.key, scorer.plain, scorer.on_invalid, scorer.as_of) == ("id", True, "unknown", date(2026, 11, 21))
    assert schema.simpleString() == (
        "struct<key:string,fit:double,tier:string,status:string,coverage:double,low:double,high:double>"
    )


def test_the_key_and_what_is_kept_have_their_types() -> None:
    """Points are numbers, stamps are texts; the key and what is handed on are what they were."""
    columns = {**SCHEMA, "id": types.DecimalType(20, 0)}
    chosen, _, schema = asked(columns, contributions=True, stamp=True, keep=["note", "tools"])
    assert chosen.columns == list(SCHEMA)
    kinds = {field.name: field.dataType.simpleString() for field in schema}
    assert kinds["key"] == "decimal(20,0)"
    assert kinds["size/employees"] == kinds["limit"] == "double"
    assert kinds["scoring_id"] == kinds["as_of"] == "string"
    assert list(kinds.items())[-2:] == [("note", "binary"), ("tools", "array<string>")]


def test_a_missing_column_is_an_error_before_a_job_runs() -> None:
    """What the profile reads, the key and what is kept must be there; `unknown` lets a column be absent."""
    less = {name: kind for name, kind in SCHEMA.items() if name != "partner"}
    with pytest.raises(icp.UnreadColumnsError, match="cannot be read from the DataFrame:\n  'partner' is not there"):
        asked(less)
    assert asked(less, unknown=["partner"])[0].columns == ["id", "employees", "industry", "tools", "country"]
    with pytest.raises(LookupError, match=r"^key must name a column of the DataFrame \(got 'ids'\); did you mean 'id'"):
        asked(SCHEMA, key="ids")
    with pytest.raises(LookupError, match=r"^keep must name a column of the DataFrame \(got 'xyzzy'\); it has id, emp"):
        asked(SCHEMA, keep=["xyzzy"])


@pytest.mark.parametrize(
    ("criterion", "kind", "reason"),
    [
        (icp.Range("x", 1, 2), types.StringType(), "x (string): text where a number belongs"),
        (icp.Range("x", 1, 2), types.DateType(), "x (date): a date where a number belongs"),
        (icp.Range("x", 1, 2), types.BooleanType(), "x (boolean): a bool where a number belongs"),
        (icp.Range("x", 1, 2), types.ArrayType(types.LongType()), "x (array<bigint>): a list where a number belongs"),
        (icp.OneOf("x", ["a"]), types.LongType(), "x (bigint): an int where text belongs"),
        (icp.OneOf("x", ["a"]), types.BinaryType(), "x (binary): a bytes where text belongs"),
        (icp.Flag("x"), types.StringType(), "x (string): text where True or False belongs"),
        (icp.Recency("x"), types.DoubleType(), "x (double): a float where a date belongs"),
        (icp.TechOverlap("x", ["a"]), types.StringType(), "x (string): text where a list belongs"),
        (icp.TechOverlap("x", ["a"]), types.ArrayType(types.LongType()), "x (array<bigint>): an int where text"),
        (icp.Engagement("x", ["a"]), types.StringType(), "x (string): text where a list belongs"),
        (icp.Engagement("x", ["a"]), types.ArrayType(types.LongType()), "x (array<bigint>): an event must"),
        (icp.Range("hq.staff", 1, 2), None, "hq.staff (in a struct): text where a number belongs"),
    ],
)
def test_a_type_that_can_hold_nothing_valid_is_refused(criterion: icp.Criterion, kind: Any, reason: str) -> None:
    """A column of which every value would be unknown is named, with its type and the way out."""
    hq = types.StructType([types.StructField("staff", types.StringType())])
    columns = {"id": types.StringType(), **({"hq": hq} if kind is None else {"x": kind})}
    with pytest.raises(TypeError) as caught:
        asked(columns, one(criterion))
    said = str(caught.value)
    assert said.startswith(f"1 column of the DataFrame can hold nothing that the profile reads there:\n  {reason}")
    assert "Hint: cast them" in said
    assert "2000" not in said


@pytest.mark.parametrize(
    ("criterion", "kind"),
    [
        (icp.Range("x", 1, 2), types.ByteType()),
        (icp.Range("x", 1, 2), types.DecimalType(12, 2)),
        (icp.Range("x", 5, 9, scale="log"), types.FloatType()),
        (icp.Flag("x"), types.IntegerType()),
        (icp.Age("x", at_least=3), types.ShortType()),
        (icp.Age("x", at_least=3), types.DateType()),
        (icp.Recency("x"), types.StringType()),
        (icp.Recency("x"), types.TimestampNTZType()),
        (icp.Recency("x"), types.ArrayType(types.TimestampType())),
        (icp.Ordinal("x", ["low", "high"], at_least="high"), types.StringType()),
        (icp.OneOf("x", ["a"]), types.ArrayType(types.StringType())),
        (icp.Range("x", 1, 2), types.NullType()),
        (icp.Range("x.y", 1, 2), types.StructType([types.StructField("y", types.DoubleType())])),
        (
            icp.Engagement("x", ["demo"]),
            types.ArrayType(
                types.StructType(
                    [types.StructField("kind", types.StringType()), types.StructField("at", types.TimestampType())]
                )
            ),
        ),
    ],
)
def test_a_type_that_can_hold_something_valid_is_taken(criterion: icp.Criterion, kind: Any) -> None:
    """What may be valid is left to the job, whatever its values turn out to be."""
    assert asked({"id": types.LongType(), "x": kind}, one(criterion))[0].columns == ["id", "x"]


@pytest.mark.parametrize("name", ["hq.country", "a`b"])
def test_a_name_that_spark_does_not_find_is_refused(name: str) -> None:
    """`mapInArrow` looks names up as paths; the error says what to do."""
    with pytest.raises(ValueError, match="does not find a column whose name has a dot or a backtick") as caught:
        asked({"id": types.StringType(), name: types.StringType()}, one(icp.OneOf(name, ["DE"])))
    assert repr(name) in str(caught.value)
    if "." in name:
        assert '.withColumn("hq", functions.struct(functions.col("`hq.country`").alias("country")))' in str(
            caught.value
        )


@pytest.mark.parametrize("as_of", [None, "2026-11-21T09:00"])
def test_the_moment_must_be_said(as_of: Any) -> None:
    """Tasks run again: none may find a moment of its own."""
    with pytest.raises(icp.AsOfError):
        asked(SCHEMA, as_of=as_of)


def test_other_arguments_of_the_wrong_kind_are_refused() -> None:
    """Each error says what belongs there."""
    with pytest.raises(TypeError, match=r"takes a DataFrame of Spark \(got dict\); score_batch\(\) takes tables"):
        icp.score_spark(PROFILE, SCHEMA, key="id", as_of=DAY)
    with pytest.raises(TypeError, match=r'key must name the column of the keys: key="account_id" \(got None\)'):
        asked(SCHEMA, key=None)
    with pytest.raises(ValueError, match=r"keep must not name a column of the results.*\(got 'fit'\)"):
        asked(SCHEMA, keep=["fit"])
