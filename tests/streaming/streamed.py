"""Invented accounts for tests of streams."""

from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet as pq

import icpkit as icp

DAY = "2026-11-21"
PROFILE = icp.Profile(
    "Mid-market",
    [
        icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_high=1000, weight=2)]),
        icp.Dimension(
            "Fit", [icp.OneOf("industry", ["Software"], otherwise=0.25), icp.TechOverlap("tools", ["Slack", "Jira"])]
        ),
    ],
    gates=[icp.Gate(~icp.OneOf("country", ["KP"]))],
    adjustments=[icp.Adjustment(5, icp.Flag("partner"))],
)
INDUSTRIES = ["Software", "IT Services", None]
COUNTRIES = ["DE", "KP", "US", "FR", None]
TOOLS = [["Slack"], ["Slack", "Jira"], [], None]


def accounts(count: int, start: int = 0) -> pa.Table:
    """Invent accounts; those of other starts have other keys."""
    rows = range(start, start + count)
    return pa.table(
        {
            "id": [f"a{row:06}" for row in rows],
            "employees": pa.array([None if row % 7 == 0 else 20 + 13 * row % 1100 for row in rows], pa.int64()),
            "industry": pa.array([INDUSTRIES[row % 3] for row in rows], pa.string()),
            "tools": pa.array([TOOLS[row % 4] for row in rows], pa.list_(pa.string())),
            "country": pa.array([COUNTRIES[row % 5] for row in rows], pa.string()),
            "partner": pa.array([row % 2 == 0 for row in rows], pa.bool_()),
            "note": pa.array(["not read"] * count, pa.string()),
        }
    )


#: Some accounts, as a table and in batches.
TABLE = accounts(60)
BATCHES = TABLE.to_batches(max_chunksize=20)


def plain(table: Any) -> list[dict[str, Any]]:
    """Give results as records."""
    return table.to_pylist()  # type: ignore[no-any-return]


def reference(table: pa.Table, **settings: Any) -> list[dict[str, Any]]:
    """Give the results of a whole table."""
    return plain(icp.score_batch(PROFILE, table, key="id", as_of=DAY).to_frame(**settings))


def write(folder: Path, name: str, table: pa.Table, **settings: Any) -> Path:
    """Write a Parquet file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, **settings)
    return path


def read(folder: Path) -> list[dict[str, Any]]:
    """Read the results in a folder, by key."""
    rows = [row for path in sorted(folder.rglob("*.parquet")) for row in plain(pq.ParquetFile(path).read())]
    return sorted(rows, key=lambda row: str(row.get("key")))


def score(paths: Any, out: Path, **settings: Any) -> icp.FilesReport:
    """Score files with the settings of most tests."""
    return icp.score_files(PROFILE, paths, out, **{"key": "id", "as_of": DAY, **settings})


def scored(data: Any, **settings: Any) -> list[dict[str, Any]]:
    """Score a stream, and put its results together."""
    settings = {"key": "id", "as_of": DAY, **settings}
    return [row for batch in icp.score_stream(PROFILE, data, **settings) for row in plain(batch)]
