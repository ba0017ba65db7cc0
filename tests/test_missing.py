import math
from typing import Any

import numpy as np
import pytest

from icpkit.criteria import Flag
from icpkit.errors import DefinitionError
from icpkit.missing import stand_in
from icpkit.profile import Dimension, Profile

POLICIES_THAT_CANNOT_BE: dict[str, tuple[Any, str]] = {
    "above 1": (1.5, "must be between 0 and 1 (got 1.5)"),
    "below 0": (-0.1, "must be between 0 and 1 (got -0.1)"),
    "NaN": (math.nan, "must be a finite number within ±2^53 (got nan)"),
    "bool": (True, "must be a number (got True)"),
    "misspelt": (
        "skp",
        "must be \"skip\" or a number between 0 and 1 (got 'skp')\n\nHint: did you mean 'skip'?",
    ),
    "text": ("0.5", "must be \"skip\" or a number between 0 and 1 (got '0.5')"),
    "list": ([0.5], "must be a number (got [0.5])"),
}


@pytest.mark.parametrize(("policy", "problem"), POLICIES_THAT_CANNOT_BE.values(), ids=POLICIES_THAT_CANNOT_BE)
def test_a_policy_that_cannot_be(policy: Any, problem: str) -> None:
    """A missing policy is "skip" or a match, for a criterion and for a profile."""
    with pytest.raises(DefinitionError) as of_criterion:
        Flag("a", missing=policy)
    with pytest.raises(DefinitionError) as of_profile:
        Profile("P", [Dimension("D", [Flag("a")])], missing=policy)
    assert [str(of_criterion.value), str(of_profile.value)] == [f"Flag.missing {problem}", f"Profile.missing {problem}"]


def test_a_profile_has_a_policy() -> None:
    """None means the profile's policy, and so the profile itself cannot have it."""
    nothing: Any = None
    with pytest.raises(DefinitionError) as caught:
        Profile("P", [Dimension("D", [Flag("a")])], missing=nothing)
    assert str(caught.value) == "Profile.missing must be a number (got None)"


@pytest.mark.parametrize(
    ("policy", "kept"),
    [(None, "None"), ("skip", "'skip'"), (0, "0"), (1, "1"), (np.float64(0.5), "0.5"), (np.int64(1), "1")],
)
def test_policies(policy: Any, kept: str) -> None:
    """A policy is kept as it was given, numbers of other libraries as plain ones."""
    assert repr(Flag("a", missing=policy).missing) == kept


@pytest.mark.parametrize(
    ("policy", "low", "high", "match"),
    [
        ("skip", 0.0, 1.0, None),
        (0.5, 0.0, 1.0, 0.5),
        (1, 0.0, 0.6, 0.6),
        (0, 0.2, 0.6, 0.2),
        (0.4, 0.4, 0.4, 0.4),
    ],
)
def test_what_stands_in_for_an_unknown_match(policy: Any, low: float, high: float, match: float | None) -> None:
    """A number stands in, clamped to what the match can still be; "skip" gives nothing."""
    assert stand_in(policy, low, high) == match
