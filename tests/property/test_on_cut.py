import pytest

import icpkit as icp
from icpkit.testing import on_cut_cases

SHARES = 4
CASES = 10_000


@pytest.mark.parametrize("share", range(SHARES))
def test_an_account_on_a_cut_is_in_the_tier_above(share: int) -> None:
    """All of 10,000 accounts that sit exactly on a cut have exactly that fit, and the tier that begins there."""
    right = total = 0
    for case in on_cut_cases(20_261_121 + share, CASES // SHARES):
        score = icp.score(case.profile, case.account, as_of="2026-11-21")
        tier = next(tier.name for tier in case.profile.tiers.tiers if tier.cut == case.cut)
        right += (score.fit, score.tier) == (case.cut, tier)
        total += 1
    print(f"{right} of {total} accounts on a cut are in the right tier")  # noqa: T201  # shown by pytest -rP
    assert (right, total) == (CASES // SHARES, CASES // SHARES)
