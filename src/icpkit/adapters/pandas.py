"""The door of pandas. What it is given brings the library along; it is imported here only to make a frame."""

import functools
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

import attrs
import numpy as np

from icpkit.adapters import arrays
from icpkit.adapters.cells import column_of_cells
from icpkit.adapters.source import Categories, Result
from icpkit.adapters.values import plain_column
from icpkit.columns import Column, column_of_values
from icpkit.table import Table

_WIDTHS = ("8", "16", "32", "64")
#: Numbers of pandas that may be unknown.
_NUMBERS: Final = frozenset(f"{kind}{width}Dtype" for kind in ("Int", "UInt", "Float") for width in _WIDTHS)


def table_of_pandas(frame: Any) -> Table:
    """Take apart a pandas data frame; levels of its index that have a name of their own come first."""
    source = source_of_pandas(frame)
    return Table(source.names, tuple(map(source.values, range(len(source.names)))), source.called)


def source_of_pandas(frame: Any) -> "PandasFrame":
    """Make a source of a pandas data frame; levels of its index that have a name of their own come first."""
    levels = [level for level, name in enumerate(frame.index.names) if name is not None and name not in frame.columns]
    names = (*(frame.index.names[level] for level in levels), *frame.columns)
    return PandasFrame(tuple(map(str, names)), frame, tuple(levels))


@attrs.frozen(eq=False)
class PandasFrame:
    """A pandas data frame.

    Attributes:
        names: the names of its columns.
        data: the data frame.
        levels: the levels of its index that are columns, which come first.
        called: what it is called in messages.
    """

    names: tuple[str, ...]
    data: Any = attrs.field(repr=False)
    levels: tuple[int, ...] = ()
    called: str = "the pandas frame"

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.data)

    def needing(self, _names: Collection[str], /) -> "PandasFrame":
        """Give itself: what is not asked for costs nothing."""
        return self

    def column(self, place: int) -> Column:
        """Encode one column, by its dtype."""
        return encode_column(self._cells(place), functools.partial(self.values, place))

    def values(self, place: int, rows: Sequence[int] | None = None) -> list[Any]:
        """Give a column as plain Python values."""
        return plain_values(self._cells(place), rows)

    def frame(self, columns: Mapping[str, Result]) -> Any:
        """Make a data frame with the same index; texts of few become ordered or plain categoricals."""
        import pandas as pd  # noqa: PLC0415  # whoever comes here has brought a frame

        def cells(result: Result) -> Any:
            if isinstance(result, int):
                return self._cells(result).array.copy()
            if isinstance(result, Categories):
                return pd.Categorical.from_codes(result.codes, categories=list(result.names), ordered=result.ordered)
            if isinstance(result, list):
                kinds = set(map(type, result))
                # Keys become what pandas itself makes of them, so that they join; what may be unknown stays plain.
                alike = kinds in ({int}, {str})
                return pd.Series(result, index=self.data.index, dtype=None if alike else object)
            return np.array(result, np.float64)

        return pd.DataFrame({name: cells(result) for name, result in columns.items()}, index=self.data.index)

    def unindexed(self, rows: int) -> "PandasFrame":
        """Give a source that makes frames of so many rows, numbered from 0."""
        import pandas as pd  # noqa: PLC0415  # the same

        return PandasFrame((), pd.DataFrame(index=range(rows)))

    def _cells(self, place: int) -> Any:
        if place < len(self.levels):
            return self.data.index.get_level_values(self.levels[place])
        return self.data.iloc[:, place - len(self.levels)]  # by place: a name may come twice


def plain_values(column: Any, rows: Sequence[int] | None = None) -> list[Any]:
    """Give a series, an index or an array of pandas as plain Python values, whole or at some rows."""
    if rows is None:
        return plain_column(column.tolist())
    if type(column.dtype).__name__ == "ArrowDtype":  # Arrow cannot take() of every type
        array = getattr(column, "array", column)
        return plain_column([array[row] for row in rows])
    return plain_column(column.take(list(rows)).tolist())


def encode_column(column: Any, values: arrays.Values) -> Column:  # noqa: PLR0911  # one for each kind of column
    """Encode a series, an index or an array of pandas.

    Args:
        column: the column.
        values: gives the same column as plain Python values.
    """
    array, dtype = getattr(column, "array", column), column.dtype
    if isinstance(dtype, np.dtype):
        if dtype.kind == "O":
            return column_of_cells(column.tolist())
        return arrays.column_of_array(np.asarray(array), values)
    kind = type(dtype).__name__  # the kinds of pandas are not to be had without importing it
    if kind == "ArrowDtype":
        from icpkit.adapters.arrow import encode_column as encode_arrow  # noqa: PLC0415  # only pandas with pyarrow has such columns

        return encode_arrow(array.__arrow_array__(), values)
    if kind == "StringDtype":
        places, texts = array.factorize()
        return arrays.codes(places, len(texts), lambda used: texts.take(used).tolist())
    if kind == "CategoricalDtype":
        return _of_categories(array, values)
    if kind == "DatetimeTZDtype":
        return arrays.moments(arrays.micros(array.to_numpy("M8[us]")), values, naive=False)
    if kind == "BooleanDtype":
        return arrays.flags(array.to_numpy("int8", na_value=2))
    if kind in _NUMBERS:
        return arrays.numbers(array.to_numpy("float64", na_value=np.nan), values, whole=dtype.kind != "f")
    return column_of_values(values(None))


def _of_categories(array: Any, values: arrays.Values) -> Column:
    names = plain_column(array.categories.tolist())
    if any(isinstance(name, date) for name in names):  # each row's moment counts, not each distinct one
        return column_of_values(values(None))
    return arrays.codes(array.codes, len(names), lambda used: [names[place] for place in used.tolist()])
