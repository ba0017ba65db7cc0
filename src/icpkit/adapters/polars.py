"""The door of Polars. What it is given brings the library along; it is imported here to cast and to make a frame."""

import functools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from icpkit.adapters import arrays
from icpkit.adapters.cells import column_of_cells
from icpkit.adapters.plans import Plan
from icpkit.adapters.source import Categories, Result, Source
from icpkit.adapters.values import plain_column
from icpkit.columns import Codes, Column, column_of_values
from icpkit.table import Table


def table_of_polars(frame: Any) -> Table:
    """Take apart a Polars data frame; a lazy one is collected first."""
    source = _of_frame(frame.collect() if hasattr(frame, "collect") else frame)
    return Table(source.names, tuple(map(source.values, range(len(source.names)))), source.called)


def source_of_polars(frame: Any) -> Source:
    """Make a source of a Polars data frame; a lazy one is collected when something is asked of it, once."""
    if not hasattr(frame, "collect"):
        return _of_frame(frame)
    names = tuple(frame.collect_schema().names())

    def run(places: list[int] | None) -> Source:
        needed = frame if places is None else frame.select(names[place] for place in places)
        return _of_frame(needed.collect())

    return Plan(names, "the Polars frame", run)


def _of_frame(frame: Any) -> "PolarsFrame":
    return PolarsFrame(tuple(frame.columns), frame)


@attrs.frozen(eq=False)
class PolarsFrame:
    """A Polars data frame.

    Attributes:
        names: the names of its columns.
        data: the data frame.
        called: what it is called in messages.
    """

    names: tuple[str, ...]
    data: Any = attrs.field(repr=False)
    called: str = "the Polars frame"

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.data)

    def needing(self, _names: Collection[str], /) -> "PolarsFrame":
        """Give itself: what is not asked for costs nothing."""
        return self

    def column(self, place: int) -> Column:
        """Encode one column, by its data type."""
        return encode_column(self.data.to_series(place), functools.partial(self.values, place))

    def values(self, place: int, rows: Sequence[int] | None = None) -> list[Any]:
        """Give a column as plain Python values."""
        return plain_values(self.data.to_series(place), rows)

    def frame(self, columns: Mapping[str, Result]) -> Any:
        """Make a data frame: NaN becomes null, texts of few an Enum in their order."""
        import polars as pl  # noqa: PLC0415  # whoever comes here has brought a frame

        def series(name: str, result: Result) -> Any:
            if isinstance(result, int):
                return self.data.to_series(result).alias(name)
            if isinstance(result, Categories):
                texts = pl.Series([*result.names, None], dtype=pl.Enum(result.names))
                return texts.gather(np.where(result.codes < 0, len(result.names), result.codes)).alias(name)
            if isinstance(result, list):
                # Without a value it is text all the same, so that parts of a stream have one schema.
                return pl.Series(name, result, None if any(value is not None for value in result) else pl.String)
            return pl.Series(name, np.array(result, np.float64), nan_to_null=True)

        return pl.DataFrame([series(name, result) for name, result in columns.items()])


def plain_values(series: Any, rows: Sequence[int] | None = None) -> list[Any]:
    """Give a Polars series as plain Python values, whole or at some rows."""
    return plain_column((series if rows is None else series.gather(list(rows))).to_list())


def encode_column(series: Any, values: arrays.Values) -> Column:  # noqa: PLR0911  # one for each kind of column
    """Encode a Polars series.

    Args:
        series: the series.
        values: gives the same column as plain Python values.
    """
    import polars as pl  # noqa: PLC0415  # whoever comes here has brought a series

    dtype = series.dtype
    if dtype.is_integer() or dtype.is_float():
        return arrays.numbers(series.cast(pl.Float64).to_numpy(), values, whole=dtype.is_integer())
    if dtype == pl.Boolean:
        return arrays.flags(series.cast(pl.Int8).fill_null(2).to_numpy())
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return _texts(series)
    if dtype == pl.Date:
        days = series.to_physical().cast(pl.Float64).to_numpy()
        return arrays.moments(days * arrays.MICROS["D"], values, naive=False, days=True)
    if dtype == pl.Datetime:
        return arrays.moments(_micros(series), values, naive=dtype.time_zone is None)
    if dtype == pl.Array:
        series, dtype = series.arr.to_list(), pl.List(dtype.inner)
    if dtype == pl.List and dtype.inner in (pl.String, pl.Categorical, pl.Enum):
        lengths = series.list.len().fill_null(0)
        items = _texts(series.filter(lengths > 0).explode())
        return arrays.labels(lengths.to_numpy(), series.is_not_null().to_numpy(), items)
    if dtype == pl.Object:
        return column_of_cells(series.to_list())
    return column_of_values(values(None))


def _micros(series: Any) -> Any:
    import polars as pl  # noqa: PLC0415  # the same

    since = series.to_physical()
    if series.dtype.time_unit == "ns":
        since = since // 1_000  # to the microsecond before, also before 1970
    factor = 1.0 if series.dtype.time_unit == "ns" else arrays.MICROS[series.dtype.time_unit]
    return since.cast(pl.Float64).to_numpy() * factor


def _texts(series: Any) -> Codes:
    """Encode texts by the numbers of their categories, which may be those of all categories that Polars holds."""
    import polars as pl  # noqa: PLC0415  # the same

    numbered = series.cast(pl.Categorical) if series.dtype == pl.String else series
    places = numbered.to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
    size = int(places.max(initial=-1)) + 1
    row_of = np.empty(size + 1, np.intp)
    row_of[places] = np.arange(len(places))  # some row that has the category; those of null go to the end
    return arrays.codes(places, size, lambda used: series.gather(row_of[used]).cast(pl.String).to_list())
