from typing import Any

from hypothesis import given

import icpkit as icp
from icpkit.testing import cases
from tests.property.law import law, outcome


@law
@given(cases(invalid=True))
def test_contributions_sum_exactly_to_the_fit(case: tuple[icp.Profile, dict[str, Any], Any]) -> None:
    """Contributions are whole millionths, one per criterion and adjustment, clip and limit; their sum is the fit."""
    profile, account, as_of = case
    score = icp.score(profile, account, as_of=as_of, on_invalid="unknown")
    points = score.explanation.points
    if score.fit is None:
        assert points == ()
        return
    assert all(type(value) is int for _, value in points)
    assert sum(value for _, value in points) / 1e6 == score.fit
    asked = [*profile.effective_weights, *(path for path in profile.paths if path.startswith("adjustments/"))]
    assert [path for path, _ in points] == [*asked, "clip", "limit"]


@law
@given(cases(invalid=True))
def test_the_explanation_says_what_the_score_says(case: tuple[icp.Profile, dict[str, Any], Any]) -> None:
    """The tree carries the score's outcome, and dimensions, criteria and shares in it add up."""
    profile, account, as_of = case
    score = icp.score(profile, account, as_of=as_of, on_invalid="unknown")
    tree = score.explanation
    assert tree.outcome == outcome(score)
    assert sum(one.share for one in tree.criteria) == 1
    assert [one.share for one in tree.criteria] == list(profile.effective_weights.values())
    covered = sum(one.share for one in tree.criteria if one.state == "known")
    assert abs(covered - score.coverage) <= 5e-10
    for dimension in tree.dimensions:
        if score.fit is not None:
            assert dimension.points == sum(one.points or 0 for one in dimension.criteria)
    assert (score.status == "disqualified") == any(gate.verdict == "failed" for gate in tree.gates)
    assert {one.attribute for one in score.invalid} <= set(account) | {
        f"{name}.{inner}" for name, value in account.items() if isinstance(value, dict) for inner in value
    }
