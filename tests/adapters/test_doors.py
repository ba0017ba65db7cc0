import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import icpkit as icp
from icpkit.adapters import table_of
from icpkit.table import Table

COLUMNS = {"id": ["acme", "globex"], "employees": [320, None]}
RECORDS = [{"id": "acme", "employees": 320}, {"id": "globex", "employees": None}]
TABLES: dict[str, Any] = {
    "records": RECORDS,
    "columns": COLUMNS,
    "a generator": (record for record in RECORDS),
    "pandas": pd.DataFrame({"id": ["acme", "globex"], "employees": pd.array([320, None], dtype="Int64")}),
    "Polars": pl.DataFrame(COLUMNS),
    "Polars, lazy": pl.LazyFrame(COLUMNS),
    "Arrow": pa.table(COLUMNS),
    "an Arrow batch": pa.record_batch(COLUMNS),
    "DuckDB": duckdb.sql("SELECT * FROM (VALUES ('acme', 320), ('globex', NULL)) AS t(id, employees)"),
}


def values(data: Any) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Give the names and the values of a table."""
    table = table_of(data)
    return table.names, [list(column) for column in table.columns]


@pytest.mark.parametrize("data", TABLES.values(), ids=TABLES)
def test_every_door_gives_the_same(data: Any) -> None:
    """Whatever kind of table it is, the names and the values are the same, and what is not there is None."""
    assert values(data) == (("id", "employees"), [["acme", "globex"], [320, None]])


def test_a_table_passes() -> None:
    """What has been taken apart already is given back."""
    table = Table(("id",), (["acme"],))
    assert table_of(table) is table


class Frame(pd.DataFrame):  # type: ignore[misc]  # to mypy, pandas has no types
    """A data frame of somebody's own."""


def test_frames_of_ones_own_are_known_by_their_ancestors() -> None:
    """A class that somebody has derived from a library's goes through the library's door."""
    assert table_of(Frame(RECORDS)).source == "the pandas frame"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("acme.csv", r"a list of records \(got 'acme.csv'\); icp.read_accounts reads a file$"),
        (Path("acme.csv"), r"\(got .*Path\); icp.read_accounts reads a file$"),
        (io.StringIO("id"), r"\(got StringIO\); icp.read_accounts reads a file$"),
        (b"acme", r"\(got bytes\)$"),
        (7, r"\(got 7\)$"),
        (None, r"\(got None\)$"),
        (TABLES["pandas"].groupby("id"), r"\(got DataFrameGroupBy\); groups are no table yet: aggregate them"),
        (TABLES["Polars"].group_by("id"), r"\(got GroupBy\); groups are no table yet"),
        (duckdb.connect(), r"\(got DuckDBPyConnection\); hand over a relation"),
        (
            pd.Series([1]),
            r"\(got Series\); one column is no table: hand over the whole frame; icp.score takes one row$",
        ),
        (pl.Series([1]), r"\(got Series\); one column"),
        (pl.Series([{"id": 1}]), r"\(got Series\); one column"),
        (pl.col("id"), r"\(got Expr\); select it from a frame"),
        (pa.array([1]), r"\(got Int64Array\); one column"),
        (pa.chunked_array([[1]]), r"\(got ChunkedArray\); one column"),
        (["acme"], r"^row 1 must be a mapping, or an object with attributes \(got str\)$"),
        ([{"id": 1}, None], r"^row 2 must be a mapping, or an object with attributes \(got NoneType\)$"),
        (np.array([1, 2]), r"\(got ndarray\); an array has no names: pandas.DataFrame"),
        ([["acme", 3]], r"^row 1 must be .* \(got list\): name its fields, dict\(zip\(names, row\)\)$"),
        (
            [TABLES["pandas"]],
            r"^row 1 must be a mapping, or an object with attributes \(got DataFrame\): concatenate several",
        ),
        ({"id": "acme"}, r"^the column 'id' must be a list or an array \(got str\); a mapping is a table"),
        ({"id": ["acme"], "employees": 3}, r"^the column 'employees' must be a list or an array \(got int\)"),
        ({1: None}, r"^the column '1' must be a list or an array \(got NoneType\)"),
        ({"id": {"acme"}}, r"^the column 'id' must be a list or an array \(got set\)"),
        (
            {"acme": {"size": 3}},
            r"^the column 'acme' must be a list .* records are a list, list\(records.values\(\)\)$",
        ),
        ({"id": np.array(5)}, r"^the column 'id' must be a list or an array \(got ndarray\)"),
    ],
)
def test_what_is_no_table_is_refused(data: Any, told: str) -> None:
    """What is no table, one column of one, or one account, is refused with what to hand over."""
    with pytest.raises(TypeError, match=told):
        table_of(data)


EMPTY: dict[str, Any] = {
    "records": [],
    "columns": {"id": [], "employees": []},
    "arrays": {"id": np.array([]), "employees": np.array([])},
    "pandas": pd.DataFrame({"id": [], "employees": []}),
    "pandas, nothing": pd.DataFrame(),
    "Polars": pl.DataFrame(schema={"id": pl.String, "employees": pl.Int64}),
    "Polars, nothing": pl.LazyFrame(),
    "Arrow": pa.table({"id": pa.array([], pa.string()), "employees": pa.array([], pa.int64())}),
    "Arrow, nothing": pa.table({}),
    "DuckDB": duckdb.sql("SELECT 'a' AS id, 1 AS employees WHERE false"),
}


@pytest.mark.parametrize("data", EMPTY.values(), ids=EMPTY)
def test_tables_without_rows_hold_no_account(data: Any) -> None:
    """A table without a row gives no account, and no error, whether it has columns or not."""
    accounts = icp.FieldMap([icp.Field("id"), icp.Field("employees", parse="number")]).apply(data)
    assert (len(accounts), accounts.names, accounts.columns) == (0, ("id", "employees"), ((), ()))


def python(code: str) -> str:
    """Run a program in a process of its own, and give what it prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


WITHOUT = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {libraries!r}:
            raise ImportError(name)
sys.meta_path.insert(0, Refuse())
"""


def test_records_need_no_library() -> None:
    """Records are read where neither a data frame library nor numpy is to be had."""
    code = WITHOUT.format(libraries={"pandas", "polars", "pyarrow", "numpy", "duckdb"}) + (
        "import icpkit as icp\n"
        "fields = icp.FieldMap([icp.Field('id'), icp.Field('employees', parse='size')])\n"
        "print(fields.apply([{'id': 'acme', 'employees': '51-200'}])[0], "
        "fields.apply({'id': ['acme'], 'employees': [float('nan')]})[0])"
    )
    assert python(code) == "{'id': 'acme', 'employees': 101} {'id': 'acme', 'employees': None}"


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_no_door_imports_a_library(library: str) -> None:
    """A frame brings its own library along; the door of another is not opened."""
    others = sorted({"pandas", "polars", "pyarrow", "duckdb"} - {library})
    code = (
        f"import sys, {library}\n"
        f"before = set(sys.modules)\n"
        f"from icpkit.adapters import table_of\n"
        f"table = table_of({library}.DataFrame({{'id': ['acme'], 'employees': [320.5]}}))\n"
        f"print(table.columns, [name for name in {others} if name in sys.modules and name not in before])"
    )
    assert python(code) == "(['acme'], [320.5]) []"


def test_what_streams_as_arrow_needs_pyarrow() -> None:
    """Without pyarrow, a DuckDB relation is refused in one line that says what to install."""
    code = WITHOUT.format(libraries={"pyarrow"}) + (
        "import duckdb\n"
        "from icpkit.adapters import table_of\n"
        "try:\n"
        "    table_of(duckdb.sql('SELECT 1 AS id'))\n"
        "except ImportError as error:\n"
        "    print(error, error.__cause__, error.__suppress_context__)"
    )
    assert python(code) == 'reading Arrow tables needs pyarrow: pip install "icpkit[arrow]" None True'
