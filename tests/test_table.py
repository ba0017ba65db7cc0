from typing import Any

import pytest

from icpkit.table import Table


@pytest.mark.parametrize(
    ("table", "length"),
    [
        (Table((), ()), 0),
        (Table((), (), "a.jsonl", (1, 3)), 2),
        (Table(("id",), ([],)), 0),
        (Table(("id",), (["a"],)), 1),
    ],
)
def test_the_number_of_rows(table: Table, length: int) -> None:
    """Rows are counted by the cells, or by the lines where no row has any."""
    assert len(table) == length


def test_the_place_of_a_row() -> None:
    """In a file a row is known by its line, elsewhere by its number."""
    assert Table(("id",), (["a", "b"],), "a.csv", (2, 5)).place(1) == "line 5"
    assert Table(("id",), (["a", "b"],)).place(1) == "row 2"


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (["a", None, "", " \t", "b"], [0, 4]),
        ([0, False, [], {}, float("nan")], [0, 1, 2, 3, 4]),
        ([None, "  "], []),
        (["a"], [0]),
        ([], []),
    ],
)
def test_rows_that_hold_nothing_are_left_out(cells: list[Any], kept: list[int]) -> None:
    """A row without any value goes, and is counted; zero, No and an empty list are values."""
    table = Table(("a", "b"), (cells, [None] * len(cells)), "a.csv", tuple(range(2, len(cells) + 2)), ("a note",))
    filled = table.filled()
    assert [list(column) for column in filled.columns] == [[cells[row] for row in kept], [None] * len(kept)]
    assert list(filled.lines) == [row + 2 for row in kept]
    gone = len(cells) - len(kept)
    assert filled.notes == ("a note", *([f"rows that hold nothing are left out: {gone}"] if gone else []))
    assert filled.names == ("a", "b")


def test_a_table_without_columns_is_left_alone() -> None:
    """Records without a field are still records."""
    table = Table((), (), "a.jsonl", (1, 2))
    assert table.filled() is table
    frame = Table(("a",), (["x", None],))
    assert (frame.filled().columns, frame.filled().lines) == ((("x",),), ())
