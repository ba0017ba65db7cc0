"""Profiles with moments of scoring, drawn once for all suites of a run."""

import functools
import os
from datetime import date
from typing import Final

from hypothesis import HealthCheck, Phase, given, settings

import icpkit as icp
from icpkit.testing import moments, profiles

#: How many profiles are drawn; some come twice.
QUICK: Final = 100
SLOW: Final = 1000


@functools.cache
def drawn(count: int) -> list[tuple[icp.Profile, date]]:
    """Draw profiles, each with a moment, and leave out what comes again."""
    found: dict[str, tuple[icp.Profile, date]] = {}

    @settings(
        max_examples=count,
        deadline=None,
        # The same cases in each run of `make test`, so that a change is seen where it is made.
        derandomize=count == QUICK or "CI" in os.environ,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(profiles(), moments())
    def draw(profile: icp.Profile, as_of: date) -> None:
        found.setdefault(profile.scoring_id, (profile, as_of))

    draw()
    return list(found.values())
