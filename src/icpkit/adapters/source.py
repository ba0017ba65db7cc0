"""What every door makes of a table: a source of encoded columns, which can give scores back as a table of its kind."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from icpkit.columns import Column, Floats


@attrs.frozen(eq=False)
class Categories:
    """A result column of few texts.

    Attributes:
        codes: the place of each row's text, -1 for none.
        names: the texts.
        ordered: whether they are in rising order.
    """

    codes: NDArray[np.int8]
    names: tuple[str, ...]
    ordered: bool = False


#: A column of results: numbers (NaN becomes null, where the library tells these apart), categories, plain values (None
#: where there is none), or the place of a column of the source, which is handed back as it came.
Result: TypeAlias = Floats | Categories | list[Any] | int


def unindexed(source: "Source", rows: int) -> "Source":
    """Give a source that makes tables of the same kind with so many rows of their own, which are not those it has."""
    make = getattr(source, "unindexed", None)  # the rows of most tables have no names
    return source if make is None else make(rows)


class Source(Protocol):
    """A table whose columns are encoded one by one, when asked for."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns, as text; a name may come twice."""
        ...

    @property
    def called(self) -> str:
        """What it is called in messages, such as ``"the pandas frame"``."""
        ...

    def __len__(self) -> int:
        """Count the rows."""
        ...

    def needing(self, names: Collection[str], /) -> "Source":
        """Give a source that holds the columns of these names, if not all: what is the result of a query runs it here.

        Its places are its own. Names that there are not are passed over.
        """
        ...

    def column(self, place: int) -> Column:
        """Encode one column, the fastest way that its type allows, with the meaning of its plain values."""
        ...

    def values(self, place: int, rows: Sequence[int] | None = None) -> list[Any]:
        """Give a column as plain Python values, None where unknown, whole or at some rows."""
        ...

    def frame(self, columns: Mapping[str, Result]) -> Any:
        """Make a table of the same kind, in the order of the rows, with their index where they have one."""
        ...
