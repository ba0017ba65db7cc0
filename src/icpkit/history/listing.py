"""Lists of what a history holds, which read as tables: in print, in Markdown and in notebooks."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar, overload

import attrs

from icpkit.markup import html_table, markdown_table, visible
from icpkit.words import ENGLISH, Words

Item = TypeVar("Item")
#: How wide a column of the plain table may become.
_WIDEST = 60


@attrs.frozen(eq=False, repr=False)
class Listing(Sequence[Item], Generic[Item]):
    """Some items of a history in an order, and the table that shows them.

    Attributes:
        items: the items.
        title: what they are, a key of `icpkit.words`.
        columns: the columns' names, keys of `icpkit.words`.
    """

    items: tuple[Item, ...]
    title: str
    columns: tuple[str, ...]
    _row: Callable[[Item, Words], Sequence[str]]

    def __len__(self) -> int:
        """Count the items."""
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> "Listing[Item]": ...
    def __getitem__(self, index: int | slice) -> "Item | Listing[Item]":
        """Give one item, or some."""
        if isinstance(index, slice):
            return attrs.evolve(self, items=self.items[index])
        return self.items[index]

    def __iter__(self) -> Iterator[Item]:
        """Give the items."""
        return iter(self.items)

    def __eq__(self, other: object) -> bool:
        """Compare the items."""
        return list(self) == list(other) if isinstance(other, Sequence) and not isinstance(other, str) else False

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # as a list: it compares by what it holds

    def _table(self, words: Words) -> tuple[list[str], list[list[str]]]:
        header = [words[f"column_history_{name}"] for name in self.columns]
        return header, [[visible(cell) for cell in self._row(item, words)] for item in self.items]

    def to_text(self, words: Words = ENGLISH) -> str:
        """Draw the table as plain text."""
        header, rows = self._table(words)
        if not rows:
            return words["history_nothing"].format(title=words[self.title])
        short = [[cell if len(cell) <= _WIDEST else cell[: _WIDEST - 1] + "…" for cell in row] for row in rows]
        widths = [max(map(len, column)) for column in zip(header, *short, strict=True)]
        lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in (header, *short))
        return "\n".join(lines)

    def to_markdown(self, words: Words = ENGLISH) -> str:
        """Write the table in Markdown."""
        return markdown_table(*self._table(words))

    def to_html(self, words: Words = ENGLISH) -> str:
        """Write the table as a fragment of HTML, which loads and runs nothing."""
        header, rows = self._table(words)
        return html_table(header, rows) if rows else html_table([self.to_text(words)], [])

    def _repr_html_(self) -> str:
        """Show the table in a notebook."""
        return self.to_html()

    def __str__(self) -> str:
        """Draw the table."""
        return self.to_text()

    def __repr__(self) -> str:
        """Say what is listed."""
        return f"<{len(self.items)} {ENGLISH[self.title]}>"


def moment_text(when: datetime | None, words: Words) -> str:
    """Write a moment to the minute, or a day where it begins one."""
    if when is None:
        return words["history_none"]
    return f"{when:%Y-%m-%d}" if (when.hour, when.minute, when.second) == (0, 0, 0) else f"{when:%Y-%m-%d %H:%M}"


def counted(key: str, count: int, words: Words) -> str:
    """Write how many there are of something, a key of `icpkit.words` that has another for one."""
    return words[f"{key}_one" if count == 1 else key].format(count=f"{count:,}")


def said_text(text: Any, words: Words, *, erased: bool) -> str:
    """Write what somebody wrote, on one line; say so where it has been erased."""
    if text is None:
        return words["history_erased" if erased else "history_none"]
    return " ".join(str(text).split())
