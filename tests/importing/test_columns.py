from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.importing.cells import Noted, reading_of
from icpkit.importing.columns import read_column
from icpkit.importing.fields import Field, FieldMap
from icpkit.parsing import Unreadable
from tests.property.law import law

#: Cells that are numbers, nearly numbers, or tokens.
NUMBERS = st.one_of(
    st.integers(-(10**17), 10**17).map(str),
    st.integers(-(10**9), 10**9).map("{:,}".format),
    st.decimals(-(10**9), 10**9, places=2).map(str),
    st.sampled_from(
        ["", " ", "0", "-0", "-0.0", "007", "1.", ".5", "1.2.3", "1,05", "12,34,567", "1e3", "١٢", "n/a", "-1"]
    ),
    st.sampled_from(
        ["9007199254740992", "9007199254740993", "1.0", "\n1", "1\n2", "18.3 MM", "+5", "--5", "1-2", "0,123"]
    ),
    st.text("0123456789.,- \n", max_size=18),
)
FIELDS = [
    Field("n", parse="number"),
    Field("n", parse="number", unknown=["n/a", "0"]),
    Field("n", parse="number", unknown=["n/a"], replace={"-": "5"}),
    Field("n", parse="number", unit="thousands"),
    Field("n", parse="number", decimal=","),
    Field("n", parse="size"),
    Field("n"),
]


def one_by_one(field: Field, column: Sequence[str]) -> tuple[list[Any], list[str]]:
    """Read each cell alone, and give the values and the cells that cannot be read."""
    read = reading_of(field, FieldMap([field]))
    values, bad = [], []
    for cell in column:
        try:
            value = read(cell)
        except Unreadable:
            value = None
            bad.append(cell)
        values.append(value.value if isinstance(value, Noted) else value)
    return values, bad


@law
@given(st.sampled_from(FIELDS), st.lists(NUMBERS, max_size=6))
def test_a_column_is_read_as_its_cells_are(field: Field, column: list[str]) -> None:
    """Whatever is read at once comes out as if each cell had been read alone, whole numbers as integers."""
    made, reading, bad = read_column(field, FieldMap([field]), "n", column, text=True)
    values, wrong = one_by_one(field, column)
    assert list(map(repr, made)) == list(map(repr, values))
    assert [cell.value for cell in bad] == wrong
    assert (reading.bad, reading.filled) == (len(wrong), sum(value is not None for value in values) + len(wrong))


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (["1", "", "1058"], (1, None, 1058)),
        (["1.50", "2.0", ""], (1.5, 2, None)),
        (["1,058", "-7", "3.25", ""], (1058, -7, 3.25, None)),
        (["", ""], (None, None)),
        ([], ()),
    ],
)
def test_plain_numbers_are_read_at_once(column: list[str], values: tuple[Any, ...]) -> None:
    """Plain numbers, with groups or without, and blanks need no look at each cell."""
    field = Field("n", parse="number")
    made, reading, bad = read_column(field, FieldMap([field]), "n", column)
    assert (list(map(repr, made)), bad) == (list(map(repr, values)), [])
    assert reading.filled == sum(value is not None for value in values)
