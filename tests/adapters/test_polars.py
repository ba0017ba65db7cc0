from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from icpkit.adapters.polars import table_of_polars

MOMENT = datetime(2026, 11, 21, 9, 30)
COLUMNS: dict[str, tuple[pl.Series, list[Any]]] = {
    "Int64": (pl.Series([320, None]), [320, None]),
    "UInt64": (pl.Series([2**63, None], dtype=pl.UInt64), [2**63, None]),
    "Float64": (pl.Series([0.5, None]), [0.5, None]),
    "NaN": (pl.Series([float("nan"), 1.0]), [None, 1.0]),
    "Boolean": (pl.Series([True, None]), [True, None]),
    "String": (pl.Series(["a", None]), ["a", None]),
    "Categorical": (pl.Series(["a", None], dtype=pl.Categorical), ["a", None]),
    "Enum": (pl.Series(["a", None], dtype=pl.Enum(["a"])), ["a", None]),
    "Decimal": (pl.Series([Decimal("1.5"), None]), [Decimal("1.5"), None]),
    "Date": (pl.Series([date(2026, 11, 21), None]), [date(2026, 11, 21), None]),
    "Datetime": (pl.Series([MOMENT, None]), [MOMENT, None]),
    "Datetime, ns": (pl.Series([MOMENT, None], dtype=pl.Datetime("ns")), [MOMENT, None]),
    "Time": (pl.Series([time(9), None]), [time(9), None]),
    "List": (pl.Series([["a"], []]), [["a"], []]),
    "Array": (pl.Series([[1, 2]], dtype=pl.Array(pl.Int8, 2)), [[1, 2]]),
    "Struct": (pl.Series([{"kind": "demo", "strength": float("nan")}]), [{"kind": "demo", "strength": None}]),
    "Object": (pl.Series([{"a"}, None], dtype=pl.Object), [{"a"}, None]),
    "Null": (pl.Series([None, None]), [None, None]),
}


@pytest.mark.parametrize(("column", "plain"), COLUMNS.values(), ids=COLUMNS)
def test_every_kind_of_column_becomes_plain(column: pl.Series, plain: list[Any]) -> None:
    """Whatever dtype a column has, its values are Python's own, and what is not there is None."""
    assert repr(list(table_of_polars(pl.DataFrame({"x": column})).columns[0])) == repr(plain)


def test_moments_keep_their_zone() -> None:
    """A column of moments with a zone gives moments that know it."""
    column = pl.Series([MOMENT]).dt.replace_time_zone("Europe/Berlin")
    [[moment]] = table_of_polars(pl.DataFrame({"x": column})).columns
    assert moment.astimezone(UTC) == datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


def test_lazy_frames_are_collected() -> None:
    """A plan is carried out; asking for its columns before, which Polars warns of, is not needed."""
    table = table_of_polars(pl.LazyFrame({"id": ["a", "b"], "size": [1, 2]}).filter(pl.col("size") > 1))
    assert (table.names, table.columns) == (("id", "size"), (["b"], [2]))
