"""Tables that are the result of a query, such as lazy frames: it runs once, for the columns that are asked for."""

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import attrs

from icpkit.adapters.source import Result, Source
from icpkit.columns import Column


@attrs.frozen(eq=False, slots=False)
class Plan:
    """A source that has not been read yet.

    Its rows may come in another order each time. So it is run once, for the columns that are needed or for all.

    Attributes:
        names: the names of its columns.
        called: what it is called in messages.
        run: runs the query, for the columns at some places or for all, and gives the source of its result.
    """

    names: tuple[str, ...]
    called: str
    run: Callable[[list[int] | None], Source] = attrs.field(repr=False)

    @functools.cached_property
    def whole(self) -> Source:
        """The result with all columns."""
        return self.run(None)

    def needing(self, names: Collection[str], /) -> Source:
        """Run the query for the columns of these names."""
        if "whole" in vars(self) or not self.names:
            return self.whole
        # Without a column there would be no rows either.
        return self.run([place for place, name in enumerate(self.names) if name in names] or [0])

    def __len__(self) -> int:
        """Count the rows, which runs the query for all columns."""
        return len(self.whole)

    def column(self, place: int) -> Column:
        """Encode one column, which runs the query for all."""
        return self.whole.column(place)

    def values(self, place: int, rows: Sequence[int] | None = None) -> list[Any]:
        """Give a column as plain Python values, which runs the query for all columns."""
        return self.whole.values(place, rows)

    def frame(self, columns: Mapping[str, Result]) -> Any:
        """Make a table of the kind that the query gives."""
        return self.whole.frame(columns)
