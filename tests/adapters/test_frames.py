import math
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import dataset

from icpkit.adapters import source_of
from icpkit.adapters.source import Categories, Result
from icpkit.columns import Numbers
from icpkit.importing import Accounts
from icpkit.table import Table

DATA: dict[str, list[Any]] = {"id": ["acme", "globex", "initech"], "size": [320, None, 50]}
TIERS = Categories(np.array([1, -1, 0], np.int8), ("Weak", "Strong"), ordered=True)
RESULTS: dict[str, Result] = {
    "id": 0,
    "fit": np.array([80.5, math.nan, 3.0]),
    "tier": TIERS,
    "status": Categories(np.array([0, 1, 0], np.int8), ("scored", "insufficient data")),
    "why": ["a", None, ["b", 7]],
}
PLAIN = {
    "id": ["acme", "globex", "initech"],
    "fit": [80.5, None, 3.0],
    "tier": ["Strong", None, "Weak"],
    "status": ["scored", "insufficient data", "scored"],
    "why": ["a", None, ["b", 7]],
}
RECORDS = [dict(zip(PLAIN, row, strict=True)) for row in zip(*PLAIN.values(), strict=True)]
#: What libraries with one type for each column hold.
TYPED = RESULTS | {"why": ["a", None, "b"]}


def rows(frame: Any) -> list[dict[str, Any]]:
    """Give the records of a data frame or table."""
    if isinstance(frame, pl.DataFrame):
        return frame.to_dicts()
    return frame.to_pylist()  # type: ignore[no-any-return]  # to mypy, pyarrow has no types


@pytest.mark.parametrize(
    "data",
    [
        [{"id": "acme", "size": 320}, {"id": "globex"}, {"id": "initech", "size": 50}],
        Table(("id", "size"), (DATA["id"], DATA["size"])),
        Accounts(("id", "size"), (("acme", "globex", "initech"), (320, None, 50)), key="id"),
    ],
    ids=["records", "a table", "accounts"],
)
def test_records_become_dictionaries(data: Any) -> None:
    """Of records, a table or accounts a list of dictionaries is made, with None where there is nothing."""
    assert source_of(data).frame(RESULTS) == RECORDS
    assert source_of(data).frame({}) == [{}, {}, {}]


def test_keys_of_records_stay_as_they_came() -> None:
    """A column that is handed back is not made plain."""
    key = np.int64(7)
    [record] = source_of([{"id": key}]).frame({"id": 0})
    assert record["id"] is key


def test_mappings_of_columns_become_dictionaries_of_columns() -> None:
    """Of a mapping of columns, numbers become numpy arrays, other results lists, and its own columns stay."""
    ids = np.array(DATA["id"])
    made = source_of({"id": ids, "size": DATA["size"]}).frame(RESULTS)
    assert made["id"] is ids
    assert made["fit"].dtype == np.float64
    np.testing.assert_array_equal(made["fit"], RESULTS["fit"])
    assert {name: made[name] for name in ("tier", "status", "why")} == {
        name: PLAIN[name] for name in ("tier", "status", "why")
    }


def test_pandas_keeps_index_and_dtypes() -> None:
    """A pandas frame has the index of its source, floats, categoricals that know their order, and objects."""
    frame = pd.DataFrame({"id": pd.array(DATA["id"], "string"), "size": DATA["size"]}, index=[7, 7, -1])
    made = source_of(frame).frame(RESULTS)
    assert made.index.tolist() == [7, 7, -1]
    assert list(made.columns) == list(RESULTS)
    assert (str(made["id"].dtype), str(made["fit"].dtype), str(made["why"].dtype)) == ("string", "float64", "object")
    assert made["tier"].dtype == pd.CategoricalDtype(["Weak", "Strong"], ordered=True)
    assert not made["status"].cat.ordered
    for name in ("id", "tier", "status", "why"):
        assert [None if cell != cell else cell for cell in made[name].tolist()] == PLAIN[name]  # noqa: PLR0124
    np.testing.assert_array_equal(made["fit"], RESULTS["fit"])


def test_levels_of_an_index_are_handed_back_by_their_place() -> None:
    """A level of the index stays in the index, and is a column as well where it is asked for."""
    made = source_of(pd.DataFrame(DATA).set_index("id")).frame({"key": 0, "size": 1})
    assert made.index.tolist() == made["key"].tolist() == DATA["id"]
    assert made["size"].tolist()[::2] == [320.0, 50.0]
    assert source_of(pd.DataFrame(index=[3, 4])).frame({}).index.tolist() == [3, 4]


def test_a_result_does_not_change_with_its_source() -> None:
    """What somebody does to a frame later does not reach the one that was made of it."""
    frame = pd.DataFrame({"size": [1, 2]})
    made = source_of(frame).frame({"size": 0})
    frame.iloc[0, 0] = 7
    assert made["size"].tolist() == [1, 2]


@pytest.mark.parametrize("data", [pl.DataFrame(DATA), pl.LazyFrame(DATA)], ids=["eager", "lazy"])
def test_polars_gets_nulls_and_enums(data: Any) -> None:
    """A Polars frame has null where there is nothing, and texts of few in the order that they have."""
    made = source_of(data).frame(TYPED)
    assert rows(made) == [record | {"why": why} for record, why in zip(RECORDS, ("a", None, "b"), strict=True)]
    assert made.schema == {
        "id": pl.String,
        "fit": pl.Float64,
        "tier": pl.Enum(["Weak", "Strong"]),
        "status": pl.Enum(["scored", "insufficient data"]),
        "why": pl.String,
    }
    assert source_of(data).frame({"why": [None, None, None], "what": [7, None, 8]}).dtypes == [pl.String, pl.Int64]


ARROW: dict[str, Callable[[], Any]] = {
    "a table": lambda: pa.table(DATA),
    "a batch": lambda: pa.record_batch(DATA),
    "a stream": lambda: pa.table(DATA).to_reader(),
    "a data set": lambda: dataset.dataset(pa.table(DATA)),
    "DuckDB": lambda: duckdb.sql(
        "SELECT * FROM (VALUES ('acme', 320), ('globex', NULL), ('initech', 50)) AS t(id, size)"
    ),
}


@pytest.mark.parametrize("make", ARROW.values(), ids=ARROW)
def test_arrow_gets_nulls_and_dictionaries(make: Callable[[], Any]) -> None:
    """An Arrow table has null where there is nothing, and dictionaries that say whether they are ordered."""
    source = source_of(make())
    made = source.frame(TYPED)
    assert rows(made) == [record | {"why": why} for record, why in zip(RECORDS, ("a", None, "b"), strict=True)]
    assert [str(field.type) for field in made.schema] == [
        "string",
        "double",
        "dictionary<values=string, indices=int8, ordered=1>",
        "dictionary<values=string, indices=int8, ordered=0>",
        "string",
    ]
    kinds = source.frame({"why": [None, None, None], "what": [7, None, 8]}).schema.types
    assert kinds == [pa.string(), pa.int64()]


# Queries


def test_lazy_frames_are_collected_once_for_what_is_needed() -> None:
    """A plan runs once, for the columns that are needed; nothing runs before."""
    runs: list[list[str]] = []

    def noted(frame: pl.DataFrame) -> pl.DataFrame:
        runs.append(frame.columns)
        return frame

    lazy = pl.LazyFrame(DATA | {"other": [1, 2, 3]}).map_batches(noted, projection_pushdown=True)
    source = source_of(lazy)
    assert source.names == ("id", "size", "other")
    assert runs == []
    needed = source.needing({"size", "id", "none"})
    assert (needed.names, len(needed), needed.values(1)) == (("id", "size"), 3, [320, None, 50])
    assert isinstance(needed.column(1), Numbers)
    assert len(runs) == 1
    assert "other" not in runs[0]
    assert (len(source), source.values(2), source.column(2).raw(0)) == (3, [1, 2, 3], 1)
    assert len(runs) == 2
    assert source.needing(["id"]).names == source.names  # there already
    assert len(runs) == 2


@pytest.mark.parametrize("data", [pl.LazyFrame(DATA), dataset.dataset(pa.table(DATA)), ARROW["DuckDB"]()])
def test_queries_keep_their_rows_without_a_column(data: Any) -> None:
    """Where nothing is needed there are as many rows all the same."""
    assert len(source_of(data).needing(["none"])) == 3
    assert source_of(data).needing(["size"]).names == ("size",)


def test_queries_without_a_column_have_no_rows() -> None:
    """A lazy frame of nothing is a table of nothing."""
    assert (len(source_of(pl.LazyFrame()).needing(["id"])), source_of(pl.LazyFrame()).names) == (0, ())


def test_names_of_a_relation_are_never_taken_for_sql() -> None:
    """Names that need quotes are quoted, and those that DuckDB would confuse are told apart by their place."""
    odd = duckdb.sql('SELECT 1 AS "a b", 2 AS "x""y", 3 AS "1+1"')
    assert source_of(odd).needing(['x"y', "1+1"]).names == ('x"y', "1+1")
    twice = source_of(duckdb.sql('SELECT 1 AS a, 2 AS a, 3 AS "A"')).needing(["a"])
    assert [twice.values(place) for place in range(3)] == [[1], [2], [3]]


# One library at a time

WITHOUT = """
import sys
from importlib.machinery import PathFinder
class Without:
    def find_spec(self, name, path=None, target=None):
        return None if name.partition(".")[0] in {libraries!r} else PathFinder.find_spec(name, path, target)
sys.meta_path = [Without() if finder is PathFinder else finder for finder in sys.meta_path]
import datetime, math
import numpy as np
from icpkit.adapters import source_of
from icpkit.adapters.source import Categories
"""
ASKED = """
source = source_of(data)
source = source.needing(source.names)
for place in range(len(source.names)):
    column = source.column(place)
    print(source.names[place], type(column).__name__, [column.raw(row) for row in range(len(source))])
frame = source.frame({"id": 0, "fit": np.array([1.5, math.nan]), "tier": Categories(np.array([0, -1], "i1"), ("A",)),
    "why": ["a", None]})
print(type(frame).__name__)
print([name for name in ("pandas", "polars", "pyarrow", "duckdb") if name in sys.modules])
"""
COLUMNS = (
    '{"id": ["acme", None], "size": [320, None], "tools": [["a"], None], "at": [datetime.datetime(2026, 11, 21), None]}'
)
TOLD = f"""\
id Codes ['acme', None]
size Numbers [320{{point}}, None]
tools Labels [['a'], None]
at Moments [{datetime(2026, 11, 21, tzinfo=UTC)!r}, None]
{{kind}}
{{library}}"""
ALONE: dict[str, tuple[set[str], str, str, str]] = {
    "pandas": ({"polars", "pyarrow", "duckdb"}, "import pandas\ndata = pandas.DataFrame(COLUMNS)", "DataFrame", ".0"),
    "polars": ({"pandas", "pyarrow", "duckdb"}, "import polars\ndata = polars.DataFrame(COLUMNS)", "DataFrame", ""),
    "polars, lazy": (
        {"pandas", "pyarrow", "duckdb"},
        "import polars\ndata = polars.LazyFrame(COLUMNS)",
        "DataFrame",
        "",
    ),
    "pyarrow": ({"pandas", "polars", "duckdb"}, "import pyarrow\ndata = pyarrow.table(COLUMNS)", "Table", ""),
    "columns": ({"pandas", "polars", "pyarrow", "duckdb"}, "data = COLUMNS", "dict", ""),
}


@pytest.mark.parametrize("name", ALONE)
def test_a_door_needs_its_own_library_alone(name: str) -> None:
    """Each door works where no other library is to be had, and imports none."""
    libraries, make, kind, point = ALONE[name]
    code = WITHOUT.format(libraries=libraries) + make.replace("COLUMNS", COLUMNS) + ASKED
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    library = [] if name == "columns" else [name.partition(",")[0]]
    assert done.stdout.strip() == TOLD.format(kind=kind, point=point, library=library)


# What is refused


@pytest.mark.parametrize(
    ("data", "error", "told"),
    [
        ("acme.csv", TypeError, r"a list of records \(got 'acme.csv'\); icp.read_accounts reads a file$"),
        (pd.Series([1]), TypeError, r"\(got Series\); one column is no table"),
        (["acme"], TypeError, r"^row 1 must be a mapping, or an object with attributes \(got str\)$"),
        ({"id": "acme"}, TypeError, r"^the column 'id' must be a list or an array \(got str\); a mapping is a table"),
        ({"id": {"acme"}}, TypeError, r"^the column 'id' must be a list or an array \(got set\)"),
        ({"id": np.array(5)}, TypeError, r"^the column 'id' must be a list or an array \(got ndarray\)"),
        ({"id": np.int64(5)}, TypeError, r"^the column 'id' must be a list or an array \(got int64\)"),
        ({"id": ["a", "b"], 7: np.array([1])}, ValueError, r"^the columns must be equally long \(got id: 2, 7: 1\)$"),
    ],
)
def test_what_is_no_table_is_refused_at_once(data: Any, error: type[Exception], told: str) -> None:
    """What is no table is refused when its source is made, as `table_of` refuses it."""
    with pytest.raises(error, match=told):
        source_of(data)


def test_two_columns_of_one_name_are_told_apart() -> None:
    """Columns are known by their place, whatever they are called."""
    source = source_of(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]))
    assert (source.names, source.values(0), source.values(1)) == (("a", "a"), [1], [2])
