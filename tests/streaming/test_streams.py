import pickle
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import icpkit as icp
from tests.streaming.streamed import BATCHES, DAY, PROFILE, TABLE, plain, reference, scored, write


def test_a_stream_gives_what_the_whole_table_gives() -> None:
    """Batches of any size have the scores of the whole, one batch of results for each."""
    for size in (1, 7, 60):
        batches = TABLE.to_batches(max_chunksize=size)
        results = list(icp.score_stream(PROFILE, batches, key="id", as_of=DAY))
        assert [one.num_rows for one in results] == [one.num_rows for one in batches]
        assert all(isinstance(one, pa.RecordBatch) for one in results)
        assert [row for one in results for row in plain(one)] == reference(TABLE)


def test_a_kept_column_may_be_called_as_a_contribution() -> None:
    """Names that only contributions and stamps have are free where there are none."""
    batch = (
        TABLE.to_batches()[0].append_column("limit", pa.array(range(60))).append_column("profile", TABLE["id"].chunk(0))
    )
    [results] = icp.score_stream(PROFILE, batch, key="id", as_of=DAY, keep=["limit", "profile"])
    assert results.schema.names[-3:] == ["high", "limit", "profile"]
    assert results.column("limit").to_pylist() == list(range(60))


ALONE = """
import sys
import icpkit as icp
from pyarrow import parquet as pq

asked = [icp.Range("employees", 50, 500), icp.OneOf("industry", ["Software"]), icp.Overlap("tools", ["Slack"])]
profile = icp.Profile("P", [icp.Dimension("D", [*asked, icp.Flag("partner")])])
settings = {"key": "id", "as_of": "2026-11-21", "contributions": True}
table = pq.ParquetFile(sys.argv[1]).read()
for results in icp.score_stream(profile, table, stamp=True, keep=["note"], **settings):
    print(results.num_rows)
print(icp.score_files(profile, sys.argv[1], sys.argv[2], **settings).rows)
print("pandas" in sys.modules)
"""


def test_a_stream_does_not_load_pandas(tmp_path: Path) -> None:
    """Arrow loads pandas for many a conversion, where it is installed; batches and Parquet need none of these."""
    path = write(tmp_path, "a.parquet", TABLE)
    command = [sys.executable, "-c", ALONE, str(path), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["60", "60", "False"]


def test_a_missing_fit_is_null() -> None:
    """What has no fit is null in the results, not NaN."""
    [results] = icp.score_stream(
        icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500)])]),
        pa.record_batch({"employees": pa.array([None, 70], pa.int64())}),
        as_of=DAY,
    )
    assert results.column("fit").null_count == 1
    assert results.schema.names == ["fit", "tier", "status", "coverage", "low", "high"]


def test_extras_are_those_of_the_whole_table() -> None:
    """Contributions and stamps are those of `to_frame`; columns that are kept come last, as they were."""
    results = scored(BATCHES, contributions=True, stamp=True, keep=["tools", "id"])
    whole = reference(TABLE, contributions=True, stamp=True)
    assert [{**row, "tools": None, "id": None} for row in results] == [
        {**row, "tools": None, "id": None} for row in whole
    ]
    assert [row["tools"] for row in results] == TABLE["tools"].to_pylist()
    assert list(results[0])[-2:] == ["tools", "id"]


@pytest.mark.parametrize("field", ["keep", "unknown"])
def test_a_text_is_no_list_of_names(field: str) -> None:
    """A bare text would be a list of letters."""
    with pytest.raises(TypeError, match=f"{field} must be a list of names: {field}=\\['note'\\]"):
        icp.stream_scorer(PROFILE, as_of=DAY, **{field: "note"})  # type: ignore[arg-type]


def test_errors_say_in_which_batch() -> None:
    """The error names the batch and its accounts, and keeps what it is."""
    wrong = TABLE.slice(20, 3).set_column(1, "employees", pa.array(["many"] * 3))
    with pytest.raises(icp.StreamError, match=r"^batch 1 \(from 0; accounts 21 to 23\): 3 invalid values:") as caught:
        scored([BATCHES[0], *wrong.to_batches()], on_invalid="raise")
    assert isinstance(caught.value.__cause__, icp.InvalidAccountError)
    assert (caught.value.group, caught.value.path) == (1, "")
    assert "'many'" in str(caught.value)


def test_values_stay_out_of_messages() -> None:
    """With `redact`, no value is told."""
    wrong = TABLE.slice(0, 1).set_column(1, "employees", pa.array(["many"]))
    with pytest.raises(icp.StreamError) as caught:
        scored(wrong, on_invalid="raise", redact=True)
    assert "many" not in str(caught.value)


def test_rows_without_keys_are_told_apart() -> None:
    """Rows are counted within their batch, and the message says so."""
    wrong = TABLE.slice(0, 2).set_column(1, "employees", pa.array(["many", "7"]))
    with pytest.raises(icp.StreamError, match="accounts 21 to 22, of which the first is called row 1"):
        scored([BATCHES[0], *wrong.to_batches()], key=None, on_invalid="raise")


def test_a_repeated_key_is_found_within_a_batch() -> None:
    """Within a batch each key stands once; batches do not know each other."""
    assert len(scored([BATCHES[0], BATCHES[0]])) == 40
    with pytest.raises(icp.StreamError, match="must stand in one row"):
        scored(pa.concat_tables([TABLE.slice(0, 1), TABLE.slice(0, 1)]).combine_chunks())


def test_a_missing_column_is_an_error_unless_unknown() -> None:
    """A column that is not there is named; `unknown` lets it be absent."""
    less = TABLE.drop_columns(["partner"])
    with pytest.raises(icp.StreamError, match="'partner' is not there"):
        scored(less)
    assert len(scored(less, unknown=["partner"])) == 60


def test_one_moment_serves_all_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a moment, that of the call serves, however long the stream takes."""
    before = datetime.now(UTC)
    stream = icp.score_stream(PROFILE, BATCHES, key="id", stamp=True)
    after = datetime.now(UTC)
    found = {row["as_of"] for batch in stream for row in plain(batch)}
    assert len(found) == 1
    assert before - timedelta(seconds=1) <= datetime.fromisoformat(found.pop()) <= after


def test_bad_settings_are_refused_at_once() -> None:
    """A naive moment, another word, and what is no profile fail before anything is read."""
    with pytest.raises(icp.AsOfError):
        icp.score_stream(PROFILE, [], as_of="2026-11-21T09:00")
    with pytest.raises(ValueError, match='on_invalid must be "raise" or "unknown"'):
        icp.score_stream(PROFILE, [], as_of=DAY, on_invalid="skip")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"one Profile \(got list\)"):
        icp.score_stream([PROFILE], [], as_of=DAY)  # type: ignore[arg-type]


def test_events_tell_counts_and_no_values() -> None:
    """Each batch is told: rows, statuses, tiers, invalid values by attribute."""
    told: list[Any] = []
    wrong = TABLE.slice(0, 4).set_column(1, "employees", pa.array(["many", "7", None, None]))
    list(icp.score_stream(PROFILE, wrong, key="id", as_of=DAY, on_event=lambda *event: told.append(event)))
    [(name, fields)] = told
    assert name == "batch_scored"
    assert (fields["batch"], fields["rows"], fields["invalid"]) == (0, 4, {"employees": 2})
    assert sum(fields["status"].values()) == 4
    assert "many" not in repr(fields)


class Loyal(icp.Flag):
    """A kind of criterion of one's own."""


def test_a_scorer_travels_as_text() -> None:
    """Pickled, it is the text of the profile and plain settings; it scores the same on the other side."""
    own = icp.Profile(
        "Own",
        [
            icp.Dimension("D", [icp.Range("employees", 50, 500), Loyal("partner")]),
            icp.Dimension("E", [icp.AllOf(icp.Flag("partner"), Loyal("partner"), name="both")]),
        ],
    )
    for profile, as_of in ((PROFILE, date(2026, 11, 21)), (own, datetime(2026, 11, 21, 9, tzinfo=UTC))):
        scorer = icp.stream_scorer(profile, as_of=as_of, key="id", contributions=True, keep=["note"], unknown=["x"])
        data = pickle.dumps(scorer)
        assert b"icpkit.profile" not in data
        again = pickle.loads(data)
        assert again.profile == profile
        assert repr(again) == repr(scorer)
        assert [plain(one) for one in again(iter(BATCHES))] == [plain(one) for one in scorer(iter(BATCHES))]


def test_without_pyarrow_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names are there without pyarrow; a call says what is missing in one line."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "icpkit.streaming.arrow")
    said = r'^streams and files of accounts need pyarrow: pip install "icpkit\[arrow\]"$'
    for call in (
        lambda: icp.score_stream(PROFILE, []),
        lambda: icp.arrow_schema(PROFILE),
        lambda: icp.score_files(PROFILE, "x.parquet", "out", key=None, as_of=DAY),
    ):
        with pytest.raises(ImportError, match=said):
            call()
