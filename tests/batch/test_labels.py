import itertools
import random
from typing import Any

import numpy as np
import pytest

import icpkit as icp
from icpkit.batch.facts import Facts
from icpkit.batch.labels import labelled
from icpkit.columns import Labels, column_of_values
from tests.batch.cases import a_profile, same_as_reference

ASKS: dict[str, icp.Criterion] = {
    "share": icp.TechOverlap("x", {"Tool 1": 3, "Tool 2": 0.1, "Tool 40": 1 / 3}),
    "few of many wanted": icp.TechOverlap("x", {f"Tool {place}": 1 + place for place in range(30, 80)}),
    "any": icp.TechOverlap("x", ["Tool 1", "Tool 17", "Tool 33", "Tool 49", "nobody's"], mode="any"),
    "all": icp.TechOverlap("x", ["Tool 1", "Tool 2"], mode="all"),
    "groups": icp.TechOverlap("x", {"CRM": 2, "Tool 3": 1}, groups={"CRM": ["Tool 1", "Tool 5"]}),
    "aliases": icp.TechOverlap("x", {"Tool 1": 2, "Tool 3": 1}, aliases={"Tool 5": "Tool 1"}),
    "satisfies": icp.TechOverlap("x", ["Tool 1", "Tool 2", "Tool 3"], mode="satisfies"),
    "satisfies, aliases": icp.TechOverlap("x", ["Tool 1"], mode="satisfies", aliases={"Tool 5": "Tool 1"}),
}


def lists(names: int, *, seed: int = 5) -> list[Any]:
    """Give lists of labels in several spellings, among so many names."""
    rng = random.Random(seed)
    styles = (str, str.upper, lambda text: f" {text}")
    drawn = [
        [rng.choice(styles)(f"Tool {rng.randrange(names)}") for _ in range(rng.randrange(1, 7))] for _ in range(150)
    ]
    return [*drawn, [], None, [], None]


@pytest.mark.parametrize("names", [6, 50, 64, 65, 90])
@pytest.mark.parametrize("criterion", ASKS.values(), ids=ASKS)
def test_patterns_of_few_and_of_many_names(criterion: icp.Criterion, names: int) -> None:
    """Whether all names fit into a word or not, and however many are wanted, shares are those of the reference."""
    same_as_reference(a_profile(criterion), [{"x": one} for one in lists(names)])


def test_patterns_are_looked_for_once() -> None:
    """Other weights and modes over the same labels find the same codes; other labels find others."""
    column = column_of_values(lists(6))
    assert isinstance(column, Labels)
    facts = Facts(column)
    asks = [
        icp.TechOverlap("x", {"Tool 1": 3, "Tool 2": 1}),
        icp.TechOverlap("x", {"Tool 1": 1, "Tool 2": 7}),
        icp.TechOverlap("x", ["Tool 1", "Tool 2"], mode="all"),
    ]
    found = [labelled(ask.value_function(), column, facts)[0] for ask in asks]
    assert all(one is other for one, other in itertools.pairwise(found))
    other, _ = labelled(icp.TechOverlap("x", ["Tool 1", "Tool 3"], mode="all").value_function(), column, facts)
    assert other is not found[0]
    assert len(facts.patterns) == 2


def test_rows_without_a_list_have_the_last_code() -> None:
    """Unknown is apart from empty; where every row has a list, no row has that code."""
    column = column_of_values([["Tool 1"], [], None])
    assert isinstance(column, Labels)
    codes, matches = labelled(icp.TechOverlap("x", ["Tool 1"]).value_function(), column, Facts(column))
    assert matches[codes].tolist() == [1, 0, 0]
    assert int(codes[2]) == len(matches) - 1
    assert int(codes[1]) != int(codes[2])
    assert codes.dtype == np.uint8


def test_the_same_texts_may_be_wanted_by_more_or_fewer() -> None:
    """What one criterion has looked for is not taken for what another one looks for."""
    one = icp.Overlap("x", ["A"], case_sensitive=True, name="one")
    two = icp.Overlap("x", ["A", "B"], case_sensitive=True, name="two")
    for criteria in ((one, two), (two, one)):
        same_as_reference(a_profile(*criteria), [{"x": [None]}, {"x": []}])
        same_as_reference(a_profile(*criteria), [{"x": ["C"]}, {"x": ["A"]}])
