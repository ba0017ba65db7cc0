from decimal import Decimal
from typing import Any

import pytest

import icpkit as icp
from icpkit.importing.rules import DECLARED, Rule, of_none, read_rule
from icpkit.views import Invalid


def made(rule: str, *values: Any) -> Any:
    """Read values by a rule, and make one of them."""
    one = read_rule("x", rule)
    return one.merge([one.read(value) for value in values])


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ("sum", Rule("x", "sum")),
        ("  count   distinct ", Rule("x", "count distinct")),
        ("latest by close date", Rule("x", "latest by", "close date")),
        ("earliest by by", Rule("x", "earliest by", "by")),
        ("latest  by  two  blanks", Rule("x", "latest by", "two  blanks")),
        (("amount", "sum"), Rule("amount", "sum")),
        (["amount", "latest by at"], Rule("amount", "latest by", "at")),
    ],
)
def test_a_rule_is_read(given: Any, rule: Rule) -> None:
    """A rule is a text, or a column and a text; blanks between its words do not count, those in a column's name do."""
    assert read_rule("x", given) == rule


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("summ", "did you mean 'sum'?"),
        ("Latest by at", "did you mean 'latest by'?"),
        ("lates by close_date", "did you mean 'latest by'?"),
        ("latest", "latest by COLUMN"),
        ("earliest by", "earliest by COLUMN"),
        ("latest close_date", "latest by COLUMN"),
        ("qqqq", "the rules: first, last"),
        ("", "the rules: first, last"),
        ("events", "the rules: first, last"),
        (5, "where the attribute has another name"),
        (("amount", 5), "where the attribute has another name"),
        ((5, "sum"), "where the attribute has another name"),
        (("amount", "sum", "x"), "where the attribute has another name"),
    ],
)
def test_what_is_no_rule_is_told_with_the_way_out(given: Any, hint: str) -> None:
    """Rules are strict: the message names the attribute, what was given, and what would do."""
    with pytest.raises(icp.DefinitionError) as caught:
        read_rule("x", given)
    assert caught.value.problem == f"must have a rule for 'x' (got {given!r})"
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("rule", "values", "result"),
    [
        ("first", ["b", "a"], "b"),
        ("last", ["b", "a"], "a"),
        ("latest by at", ["b", "a"], "a"),
        ("earliest by at", ["b", "a"], "b"),
        ("sum", [1, 2], 3),
        ("sum", [0.1] * 10, 1.0),
        ("sum", [1, Decimal("0.5")], 1.5),
        ("mean", [1, 2], 1.5),
        ("min", [3, 1.5, Decimal(2)], 1.5),
        ("max", [3, 1.5], 3),
        ("min", ["2026-03-01", "2025-12-31"], "2025-12-31"),
        ("max", ["2026-03-01", "2025-12-31T10:00:00+00:00"], "2026-03-01"),
        ("count", ["a", "a", []], 3),
        ("count distinct", ["Slack ", "slack", ["Jira", None]], 2),
        ("union", ["Slack", ["Jira", "SLACK", float("nan")], []], ["Slack", "Jira"]),
        ("union", [[]], []),
        ("union", [1, True, {"a": 1}, {"a": 1}], [1, True, {"a": 1}]),
        ("any", [False, 1], True),
        ("any", [False, 0.0], False),
        ("all", [True, 1], True),
        ("all", [True, 0], False),
    ],
)
def test_a_rule_makes_one_value_of_many(rule: str, values: list[Any], result: Any) -> None:
    """Sums are exact, whole numbers stay whole, labels that fold alike are one, and dates compare as moments."""
    found = made(rule, *values)
    assert (found, type(found)) == (result, type(result))


@pytest.mark.parametrize("rule", DECLARED)
def test_of_no_known_value_all_but_counts_is_unknown(rule: str) -> None:
    """A sum of nothing is unknown, not 0; a count of nothing is 0."""
    given = f"{rule} at" if rule.endswith(" by") else rule
    assert made(given) == (0 if rule.startswith("count") else None)


@pytest.mark.parametrize(
    ("rule", "none"), [("union", []), ("labels", []), ("events", []), ("count", 0), ("sum", None), ("number", None)]
)
def test_what_there_is_where_nothing_was_found(rule: str, none: Any) -> None:
    """Only lists and counts have a value of their own for nothing."""
    assert of_none(rule) == none


@pytest.mark.parametrize(
    ("rule", "value", "reason"),
    [
        ("sum", "12", "text where a number belongs"),
        ("mean", True, "a bool where a number belongs"),
        ("min", "many", "neither a number nor an ISO 8601 date"),
        ("max", True, "neither a number nor an ISO 8601 date"),
        ("any", "yes", "text where True or False belongs"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(rule: str, value: Any, reason: str) -> None:
    """No text passes for a number, and no number for a truth."""
    with pytest.raises(Invalid) as caught:
        made(rule, value)
    assert caught.value.reason == reason


def test_a_rule_writes_itself_as_it_is_declared() -> None:
    """The text of a rule is what `take` would say."""
    assert [str(read_rule("x", rule)) for rule in ("sum", "latest by at")] == ["sum", "latest by at"]
