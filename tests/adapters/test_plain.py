from typing import Any

import attrs
import numpy as np
import pytest

import icpkit as icp
from icpkit.adapters.plain import source_of_plain
from icpkit.adapters.source import Categories
from icpkit.table import Table


@attrs.frozen
class Company:
    """A company as an object."""

    id: str
    size: int | None = None


@pytest.mark.parametrize(
    "data",
    [
        [{"id": "a", "size": 320}, {"id": "b"}],
        ({"id": "a", "size": 320}, {"id": "b", "size": None}),
        [Company("a", 320), Company("b")],
        {"id": ["a", "b"], "size": [320, None]},
        {"id": np.array(["a", "b"], object), "size": np.array([320, np.nan])},
        Table(("id", "size"), (["a", "b"], [320, None])),
        icp.Accounts(("id", "size"), (("a", "b"), (320, None))),
    ],
)
def test_plain_tables_are_sources(data: Any) -> None:
    """Records, objects, mappings, tables and accounts give the same columns, values and rows."""
    source = source_of_plain(data)
    assert source.names == ("id", "size")
    assert len(source) == 2
    assert source.needing({"size"}) is source
    assert [source.column(1).raw(row) for row in range(2)] == source.values(1) == [320, None]
    assert source.values(0, [1]) == ["b"]


def test_records_without_fields_count() -> None:
    """An account without any field is an account."""
    source = source_of_plain([{}, {}])
    assert (len(source), source.names, source.frame({})) == (2, (), [{}, {}])
    assert len(source_of_plain({})) == 0


def test_results_are_records_again() -> None:
    """NaN becomes None, categories their text, and keys are as they came."""
    source = source_of_plain([{"id": "a"}, {"id": "b"}])
    tiers = Categories(np.array([1, -1], np.int8), ("Weak", "Strong"))
    found = source.frame({"key": 0, "fit": np.array([80.0, np.nan]), "tier": tiers, "why": ["x", None]})
    assert found == [
        {"key": "a", "fit": 80.0, "tier": "Strong", "why": "x"},
        {"key": "b", "fit": None, "tier": None, "why": None},
    ]
