import json
import pickle

import attrs
import pytest

import icpkit as icp
from icpkit.streaming.failures import Where
from icpkit.streaming.reports import FileFailure, FilePart, FilesReport

PART = FilePart("in/a.parquet", "out/a.parquet", 1200, {"scored": 1000, "disqualified": 200}, {"Perfect": 1000}, {})
REPORT = FilesReport({"profile": "P", "as_of": "2026-11-21"}, (PART,), (), (), 1.5)


def test_a_report_sums_its_parts() -> None:
    """Counts are those of all parts together."""
    other = attrs.evolve(PART, rows=1, status={"scored": 1}, tier={"Weak": 1}, invalid={"employees": 3}, resumed=True)
    both = attrs.evolve(
        REPORT, parts=(PART, other), failures=(FileFailure("b", 0, "b: no"),), others=("out/c.parquet",)
    )
    assert (both.rows, both.status, both.tier, both.invalid) == (
        1201,
        {"scored": 1001, "disqualified": 200},
        {"Perfect": 1000, "Weak": 1},
        {"employees": 3},
    )
    assert str(both).splitlines() == [
        "1,201 accounts of 2 files scored by 'P' as of 2026-11-21",
        "  of an earlier run: 1 files",
        "       1,000  Perfect",
        "           1  Weak",
        "         200  disqualified",
        "           0  insufficient data",
        "values of the wrong kind, taken as unknown: employees 3",
        "not scored: b: no",
        "parts of other files lie there too: out/c.parquet",
    ]


def test_a_report_is_plain_data() -> None:
    """All of it can be written as JSON."""
    data = json.loads(json.dumps(REPORT.to_dict()))
    assert (data["profile"], data["rows"], data["parts"][0]["source"], data["seconds"]) == (
        "P",
        1200,
        "in/a.parquet",
        1.5,
    )


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
