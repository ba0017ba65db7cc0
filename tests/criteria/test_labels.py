import math
from datetime import date
from typing import Any

import numpy as np
import pytest

from icpkit.criteria import Criterion, Overlap, TechOverlap
from icpkit.errors import DefinitionError, InvalidAccountError
from icpkit.profile import Dimension, Profile
from icpkit.scoring import score

DAY = date(2026, 11, 21)


def points(criterion: Criterion, value: Any) -> float | None:
    """Give the match in points, 0 to 100, or None where the value is unknown."""
    profile = Profile("P", [Dimension("D", [criterion])], min_coverage=0)
    return score(profile, {"x": value}, as_of=DAY).fit


TOOLS = {"Slack": 1, "Jira": 3, "Teams": 0}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["Slack", "Jira"], 100),
        (["jira", " JIRA ", "Notion"], 75),
        (("Slack",), 25),
        ({"Slack"}, 25),
        (np.array(["Slack"]), 25),
        (["Teams"], 0),
        (["Slack", None, math.nan, " "], 25),
        (["Notion"], 0),
        ([], 0),
        ([None], 0),
        (None, None),
        (math.nan, None),
        ("", None),
    ],
)
def test_the_share_of_wanted_labels(value: Any, expected: float | None) -> None:
    """The match is the weight of the wanted labels that are there over all, each once; an empty list is known."""
    assert points(Overlap("x", TOOLS), value) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    # Of the wanted a, b, c the four accounts have none, one, two and three, and one label of their own besides.
    [
        ({"mode": "any"}, [0, 100, 100, 100]),
        ({"mode": "all"}, [0, 0, 0, 100]),
        ({"mode": "at_least", "k": 1}, [0, 100, 100, 100]),
        ({"mode": "at_least", "k": 2}, [0, 0, 100, 100]),
        ({"mode": "at_least", "k": 3}, [0, 0, 0, 100]),
        ({"mode": "satisfies"}, [0, 50, 200 / 3, 75]),
    ],
)
def test_the_other_modes(options: dict[str, Any], expected: list[float]) -> None:
    """`any`, `all` and `at_least` answer with 1 or 0, `satisfies` with the share of the account's own labels."""
    criterion = Overlap("x", ["a", "b", "c"], **options)
    accounts = (["z"], ["A", "z"], ["a", "b", "z", "B"], ["a", "b", "c", "z"])
    assert [points(criterion, account) for account in accounts] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("mode", "expected"), [("share", 0), ("any", 0), ("all", 0), ("satisfies", 100)], ids=str)
def test_an_empty_list_is_known(mode: Any, expected: float) -> None:
    """An empty list lacks everything that is wanted; but whoever has no needs has them all met."""
    assert points(Overlap("x", ["a", "b"], mode=mode), []) == expected


CRM = {"CRM": ["Salesforce", "HubSpot"]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["salesforce"], 75),  # CRM at 2 and Salesforce itself at 1, of 4
        (["HUBSPOT"], 50),
        (["CRM"], 50),
        (["HubSpot", "Salesforce", "crm"], 75),
        (["SFDC", "Slack"], 100),
        (["Slack"], 25),
    ],
)
def test_a_member_counts_as_its_group(value: Any, expected: float) -> None:
    """Any member counts as the group, once, and as itself where it is wanted too; aliases reach members."""
    criterion = Overlap("x", {"CRM": 2, "Slack": 1, "Salesforce": 1}, groups=CRM, aliases={"sfdc": "Salesforce"})
    assert points(criterion, value) == expected


def test_members_of_a_group_satisfy() -> None:
    """Under `satisfies` a member of a wanted group is wanted."""
    criterion = Overlap("x", ["CRM", "Slack"], mode="satisfies", groups=CRM)
    assert [points(criterion, value) for value in (["HubSpot", "Notion"], ["hubspot", "slack"])] == [50, 100]


def test_a_member_of_two_groups_counts_as_both() -> None:
    """A label that stands in two groups is there for each of them."""
    criterion = Overlap("x", ["CRM", "Suite", "Chat"], groups={"CRM": ["HubSpot"], "Suite": ["HubSpot"]})
    assert points(criterion, ["HubSpot"]) == pytest.approx(200 / 3, abs=1e-6)


@pytest.mark.parametrize(("value", "expected"), [(["R"], 100), (["r"], 0), (["Rlang"], 100), (["rlang"], 0)])
def test_case_sensitive_labels(value: Any, expected: float) -> None:
    """With `case_sensitive` labels and aliases must agree in case."""
    assert points(Overlap("x", ["R"], case_sensitive=True, aliases={"Rlang": "R"}), value) == expected


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("Slack", "text where a list of text belongs"),
        ("Slack, Jira", "text where a list of text belongs"),
        ({"Slack": True}, "a dict where a list of text belongs"),
        (7, "an int where a list of text belongs"),
        (["Slack", 7], "an int where text belongs"),
        ([["Slack"]], "a list where text belongs"),
        (["Slack", False], "a bool where text belongs"),
        (np.array([["Slack"]]), "a ndarray where a list of text belongs"),
    ],
)
@pytest.mark.parametrize("mode", ["share", "satisfies"])
def test_what_is_no_list_of_text_is_invalid(value: Any, reason: str, mode: Any) -> None:
    """One bare text is no list, and one item that is no text makes the whole list invalid."""
    with pytest.raises(InvalidAccountError) as caught:
        points(Overlap("x", ["Slack"], mode=mode), value)
    assert [offender.reason for offender in caught.value.offenders] == [reason]


OVERLAPS_THAT_CANNOT_BE: dict[str, tuple[dict[str, Any], str, Any, str]] = {
    "text for labels": (
        {"labels": "Slack"},
        "labels",
        "Slack",
        (
            "Overlap.labels must be a collection, or a mapping to numbers (got 'Slack')"
            "\n\nHint: a list of one is ['Slack']"
        ),
    ),
    "numbers": ({"labels": [1, 2]}, "labels", 1, "Overlap.labels must be text (got 1)"),
    "no labels": ({"labels": {}}, "labels", (), "Overlap.labels must not be empty (got {})"),
    "negative weight": ({"labels": {"a": -1}}, "labels", -1, "Overlap.labels must be >= 0 for 'a' (got -1)"),
    "no weight": (
        {"labels": {"a": 0}},
        "labels",
        (("a", 0),),
        "Overlap.labels must have a weight above 0 (got {'a': 0})",
    ),
    "label twice": (
        {"labels": ["a", "A"]},
        "labels",
        "A",
        "Overlap.labels must be distinct after folding and aliases, but 'a' and 'A' are one (got 'A')",
    ),
    "misspelt mode": (
        {"mode": "atleast"},
        "mode",
        "atleast",
        (
            "Overlap.mode must be one of 'share', 'any', 'all', 'at_least', 'satisfies' (got 'atleast')"
            "\n\nHint: did you mean 'at_least'?"
        ),
    ),
    "k lacking": (
        {"mode": "at_least"},
        "k",
        None,
        'Overlap.k must be given with mode="at_least", and only then (got None)',
    ),
    "k unasked": ({"k": 1}, "k", 1, 'Overlap.k must be given with mode="at_least", and only then (got 1)'),
    "k too great": (
        {"mode": "at_least", "k": 3},
        "k",
        3,
        "Overlap.k must be a whole number from 1 to 2, the number of labels (got 3)",
    ),
    "k that is no whole number": (
        {"mode": "at_least", "k": True},
        "k",
        True,
        "Overlap.k must be a whole number from 1 to 2, the number of labels (got True)",
    ),
    "weights outside share": (
        {"labels": {"a": 2}, "mode": "any"},
        "labels",
        (("a", 2),),
        "Overlap.labels must have no weights unless mode=\"share\" (got {'a': 2})",
    ),
    "groups that are no mapping": (
        {"groups": ["a"]},
        "groups",
        ("a",),
        "Overlap.groups must be a mapping from a wanted label to its members (got ('a',))",
    ),
    "group of an unwanted label": (
        {"labels": ["Slack"], "groups": {"Slak": ["b"]}},
        "groups",
        "Slak",
        "Overlap.groups must be named after wanted labels (got 'Slak')\n\nHint: did you mean 'Slack'?",
    ),
    "group whose name is no text": (
        {"groups": {1: ["b"]}},
        "groups",
        1,
        "Overlap.groups must be named after wanted labels (got 1)",
    ),
    "text for members": (
        {"groups": {"a": "b"}},
        "groups",
        "b",
        "Overlap.groups must give 'a' a list of text (got 'b')",
    ),
    "no members": ({"groups": {"a": []}}, "groups", (), "Overlap.groups must give 'a' a list of text (got ())"),
    "blank member": (
        {"groups": {"a": ["x", " "]}},
        "groups",
        ("x", " "),
        "Overlap.groups must give 'a' a list of text (got ('x', ' '))",
    ),
    "member twice": (
        {"groups": {"a": ["x", "X"]}},
        "groups",
        "X",
        "Overlap.groups must be distinct after folding and aliases, but 'x' and 'X' are one (got 'X')",
    ),
    "group twice": (
        {"groups": {"a": ["x"], "A": ["y"]}},
        "groups",
        "A",
        "Overlap.groups must be distinct after folding and aliases, but 'a' and 'A' are one (got 'A')",
    ),
    "case_sensitive": (
        {"case_sensitive": "yes"},
        "case_sensitive",
        "yes",
        "Overlap.case_sensitive must be True or False (got 'yes')",
    ),
}


@pytest.mark.parametrize(
    ("options", "field", "value", "sentence"), OVERLAPS_THAT_CANNOT_BE.values(), ids=OVERLAPS_THAT_CANNOT_BE
)
def test_an_overlap_that_cannot_be(options: dict[str, Any], field: str, value: Any, sentence: str) -> None:
    """An overlap that contradicts itself is refused, naming field and value."""
    with pytest.raises(DefinitionError) as caught:
        Overlap(**{"attribute": "x", "labels": ["a", "b"], **options})
    error = caught.value
    assert (error.owner, error.field, error.value, str(error)) == ("Overlap", field, value, sentence)


def test_tech_overlap_is_an_overlap_of_its_own_name() -> None:
    """A TechOverlap scores as the Overlap of the same arguments, shows its own name, and is not equal to it."""
    tech = TechOverlap("x", {"Slack": 1, "Jira": 3})
    assert (points(tech, ["Jira"]), repr(tech), tech == Overlap("x", {"Slack": 1, "Jira": 3})) == (
        75,
        "TechOverlap('x', {'Slack': 1, 'Jira': 3})",
        False,
    )


@pytest.mark.parametrize(
    ("criterion", "text"),
    [
        (Overlap("x", ["Slack"]), "x: share of Slack"),
        (Overlap("x", {"CRM": 2, "Slack": 1}, groups=CRM), "x: share of CRM (any of Salesforce, HubSpot) ×2, Slack"),
        (Overlap("x", ["a", "b"], mode="any"), "x: any of a, b"),
        (Overlap("x", ["a", "b"], mode="all"), "x: all of a, b"),
        (Overlap("x", ["a", "b"], mode="at_least", k=2), "x: at least 2 of a, b"),
        (Overlap("x", ["a", "b"], mode="satisfies"), "x: nothing but a, b"),
    ],
)
def test_overlaps_describe_themselves(criterion: Criterion, text: str) -> None:
    """A criterion about labels says in plain words what it asks."""
    assert criterion.describe() == text
