import pickle
from pathlib import Path

import pytest

import icpkit as icp
from icpkit.streaming.failures import Where
from tests.streaming.streamed import DAY


def test_an_error_travels_between_processes() -> None:
    """A stream error keeps its message and its place."""
    error = icp.StreamError(Where("a.parquet", 3, 10, 5, called="row group"), "no", hint="mend it")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.path, again.group, again.problem) == (str(error), "a.parquet", 3, "no")
    assert str(error) == "a.parquet, row group 3 (from 0; accounts 11 to 15): no\n\nHint: mend it"


def test_a_hint_is_given_once() -> None:
    """A problem that tells its way out keeps it."""
    assert str(icp.StreamError(Where("a"), "no\n\nHint: this", hint="that")) == "a: no\n\nHint: this"
    assert str(icp.StreamError(Where("", 2), "no")) == "batch 2 (from 0): no"


@pytest.mark.parametrize(("count", "more"), [(1, False), (25, True)])
def test_many_parts_of_others_are_counted(count: int, more: bool) -> None:
    """The first 20 are listed, and all are kept."""
    error = icp.PartsError({f"{place:02}.parquet": "no" for place in range(count)})
    assert len(error.paths) == count
    assert ("… and 5 more" in str(error)) == more


def test_a_message_names_a_file_once(tmp_path: Path) -> None:
    """An error that names the file already is not told twice which one it is."""
    path = tmp_path / "a.csv"
    path.write_text("id,employees\na,many\n", encoding="utf-8")
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Range("employees", 50, 500)])])
    with pytest.raises(icp.StreamError) as caught:
        icp.score_files(profile, path, tmp_path / "out", key="id", as_of=DAY)
    assert str(caught.value).count(str(path)) == 1
