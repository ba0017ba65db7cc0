"""Time to read, parse and check an export of 100,000 rows and 40 columns, against pandas reading it as text.

``python -m benchmarks.exports`` writes the export to a temporary folder, runs all contenders in turns, and prints
ratios to ``pandas.read_csv(dtype=str)``. It never fails on a time.
"""

import csv
import random
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import icpkit as icp
from benchmarks.timing import in_turns, verdict, write_result

#: How many times as long as pandas reading, parsing and checking may take.
BUDGET = 3.0
ROWS, COLUMNS = 100_000, 40
#: The share of cells that are blank.
BLANK = 0.15
INDUSTRIES = ("Software", "IT Services", "Media", "Retail", "Health Care", "Energy", "Finance", "Telecom")
BANDS = ("1-10", "11-50", "51-200", "201-500", "501-1,000", "10,000+")
TOOLS = ("Slack", "Jira", "Salesforce", "HubSpot", "Snowflake", "Zoom", "Okta", "GitHub")

_Cell = Callable[[random.Random], str]
#: The kinds of columns, which take turns: how a cell is made, how it is parsed, and what a profile asks of it.
KINDS: tuple[tuple[_Cell, dict[str, Any], Callable[[str], icp.Criterion]], ...] = (
    (lambda draw: draw.choice(INDUSTRIES), {}, lambda name: icp.OneOf(name, ["Software", "IT Services"])),
    (
        lambda draw: str(draw.randrange(1, 100_000)),
        {"parse": "number"},
        lambda name: icp.Range(name, 50, 5_000, soft_high=10_000),
    ),
    (
        lambda draw: f"{draw.randrange(1_000, 999_999):,}",
        {"parse": "number"},
        lambda name: icp.Range(name, 5_000, 500_000),
    ),
    (
        lambda draw: (date(2025, 1, 1) + timedelta(days=draw.randrange(600))).isoformat(),
        {"parse": "date"},
        lambda name: icp.Recency(name, half_life=90),
    ),
    (lambda draw: draw.choice(BANDS), {"parse": "size"}, lambda name: icp.Range(name, 50, 500)),
    (
        lambda draw: ";".join(draw.sample(TOOLS, 3)),
        {"parse": "labels"},
        lambda name: icp.TechOverlap(name, ["Slack", "Jira", "Okta"]),
    ),
    (lambda draw: draw.choice(("TRUE", "FALSE")), {"parse": "flag"}, icp.Flag),
    (
        lambda draw: f"{draw.random() * 1e6:.2f}",
        {"parse": "number"},
        lambda name: icp.Range(name, 1e4, 1e5, soft_high=5e5),
    ),
)
#: How many columns the profile reads.
CRITERIA = 22


def kind_of(column: int) -> tuple[_Cell, dict[str, Any], Callable[[str], icp.Criterion]]:
    """Give the kind of a column; the first holds the keys."""
    return KINDS[column % len(KINDS)]


def write_export(path: Path, rows: int = ROWS) -> None:
    """Write the export."""
    draw = random.Random(20261122)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"c{column}" for column in range(COLUMNS)])
        for row in range(rows):
            cells = ("" if draw.random() < BLANK else kind_of(column)[0](draw) for column in range(1, COLUMNS))
            writer.writerow([f"account {row}", *cells])


def field_map() -> icp.FieldMap:
    """Give the field map: every column is read."""
    fields = [icp.Field(f"c{column}", **kind_of(column)[1]) for column in range(1, COLUMNS)]
    return icp.FieldMap([icp.Field("c0"), *fields])


def profile() -> icp.Profile:
    """Give the profile."""
    criteria = [kind_of(column)[2](f"c{column}") for column in range(1, CRITERIA + 1)]
    return icp.Profile("Exports", [icp.Dimension("All", criteria)])


def main(*, rounds: int = 5) -> dict[str, Any]:
    """Time, print and write; gives what was written."""
    import pandas as pd  # noqa: PLC0415  # a peer, not a part

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "export.csv")
        write_export(path)
        fields, asked = field_map(), profile()

        def whole(_: slice) -> Any:
            return icp.check(asked, icp.read_accounts(path, fields), as_of="2026-11-21")

        report = whole(slice(1))
        assert report.accounts == ROWS
        assert not report.mistakes
        times = in_turns(
            {
                "pandas.read_csv(dtype=str)": lambda _: pd.read_csv(path, dtype=str, keep_default_na=False),
                "icpkit: read and parse": lambda _: icp.read_accounts(path, fields),
                "icpkit: read, parse and check": whole,
            },
            1,
            rounds=rounds,
            pieces=1,
        )
    base = times["pandas.read_csv(dtype=str)"]
    rows = {
        name: {"best_s": one.best, "ratio": one.best / base.best, "median": one.median / base.median}
        for name, one in times.items()
    }
    print(f"{ROWS:,} rows × {COLUMNS} columns, {CRITERIA} criteria; ratios to pandas, best and median")
    for name, row in rows.items():
        told = verdict(row["ratio"], BUDGET if "check" in name else None)
        print(f"{name:40} {row['best_s']:8.2f} s {row['ratio']:8.2f} {row['median']:8.2f}  {told}")
    result = {"rows": ROWS, "columns": COLUMNS, "pandas": pd.__version__, "calls": rows}
    print(f"written to {write_result('exports', result)}")
    return result


if __name__ == "__main__":
    main()
