import json

import attrs

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
