from typing import Any

import pytest

from icpkit.importing.headers import column_of, header, places_of
from icpkit.table import Table


def table(*names: str, lines: bool = False) -> Table:
    """Give a table in which each column holds its own place."""
    columns = tuple([place] for place, _ in enumerate(names))
    return Table(names, columns, "a.csv" if lines else "the pandas frame", (2,) if lines else ())


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Source ", "Source"),
        ("\ufeffSource", "Source"),
        ('\ufeff"Source"', "Source"),
        ('" Source "', "Source"),
        ('"', '"'),
        ('""', ""),
        ('a "b"', 'a "b"'),
        ("Annual\u00a0 \tRevenue\n", "Annual Revenue"),
        ("Gro\u0308ße", "Größe"),
        ("source", "source"),
        ("", ""),
    ],
)
def test_a_name_as_it_is_compared(name: str, bare: str) -> None:
    """Blanks, marks and quotation marks around a name, and how a letter is composed, do not count; its case does."""
    assert header(name) == bare


@pytest.mark.parametrize(
    ("names", "wanted", "places"),
    [
        (["id", "Source"], "Source ", [1]),
        (["Source", "Source.1", "Source.2"], "Source", [0, 1, 2]),
        (["Source", "Source_duplicated_0"], "Source", [0, 1]),
        (["Source", "Source_1"], "Source", [0, 1]),
        (["Source", "Source "], "Source", [0, 1]),
        (["Source.1", "Source"], "Source", [1]),
        (["Source.1"], "Source", []),
        (["Source", "Source.x", "Source1", "Sources.1"], "Source", [0]),
        (["Source", "source_1"], "Source", [0]),
        ([], "Source", []),
    ],
)
def test_columns_that_a_reader_has_renamed(names: list[str], wanted: str, places: list[int]) -> None:
    """In a frame, what pandas, Polars and DuckDB make of a name that comes again is found as that name."""
    assert places_of(table(*names), wanted) == places


def test_a_file_shows_the_names_themselves() -> None:
    """In a file, a column is taken for a renamed one only if a later one is asked for than there are."""
    again = table("Source", "Source.1", lines=True)
    assert (places_of(again, "Source"), places_of(again, "Source", nth=2)) == ([0], [0, 1])
    both = table("Source", "Source", "Source.1", lines=True)
    assert places_of(both, "Source", nth=2) == [0, 1]


@pytest.mark.parametrize(
    ("names", "nth", "found"),
    [
        (["zzz", "b"], 1, "b"),
        (["b", "a"], 1, "b"),
        (["a"], 2, "a "),
        (["b", "a"], 2, "a "),
        (["a"], 3, None),
        (["zzz"], 1, None),
        ([], 1, None),
    ],
)
def test_the_first_column_that_there_is(names: list[str], nth: int, found: str | None) -> None:
    """Of several names the first that the table has is read; of several columns of that name the nth."""
    made = column_of(table("a", "b", "a "), names, nth)
    assert (None if made is None else made[0]) == found


NESTED: list[Any] = [
    {"country": "DE", "geo": {"lat": 1, "zip.code": "x"}},
    {"geo": None},
    {"country": None},
    None,
    "DE",
    ["x"],
]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("hq.country", ["DE", None, None, None, None, None]),
        (" hq.country", ["DE", None, None, None, None, None]),
        ("hq.geo.lat", [1, None, None, None, None, None]),
        ("hq.cuntry", None),
        ("hq.geo.zip.code", None),
        ("zzz.country", None),
        ("id.country", None),
        ("hq.__class__", None),
        ("hq.geo.__class__.__mro__", None),
    ],
)
def test_a_path_into_nested_records(path: str, values: list[Any] | None) -> None:
    """A path is read where at least one record has it; else the column is not there."""
    nested = Table(("id", "hq "), (list(range(6)), NESTED))
    made = column_of(nested, [path])
    assert made == (None if values is None else (path, values))


def test_a_column_with_dots_comes_before_a_path() -> None:
    """A column of exactly that name wins, even if another name of the field leads into records."""
    both = Table(("hq", "hq.country"), ([{"country": "DE"}], ["AT"]))
    assert column_of(both, ["hq.country"]) == ("hq.country", ["AT"])
    assert column_of(both, ["hq.land", "hq.country"]) == ("hq.country", ["AT"])


def test_a_path_leads_into_any_column_of_that_name() -> None:
    """Where a name comes twice, the records that have the path are read."""
    twice = Table(("hq", "hq"), ([{"city": "Rome"}], [{"country": "DE"}]))
    assert column_of(twice, ["hq.country"]) == ("hq.country", ["DE"])
