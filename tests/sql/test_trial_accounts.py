"""Accounts made of values worth trying."""

from collections import Counter
from datetime import date

import icpkit as icp
from icpkit import views
from icpkit.sql.dialects import dialect_of
from icpkit.sql.trial_accounts import Trial, trials
from icpkit.sql.trial_columns import Column, Ground, column_of
from icpkit.testing.strategies import _functions_by_attribute as functions_by_attribute

DAY = date(2026, 11, 21)
PROFILE = icp.Profile(
    "P",
    [
        icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_low=25)], weight=3),
        icp.Dimension("Field", [icp.OneOf("industry", {"Software": 0.8, "Retail": 0.6}, otherwise=0.4)]),
    ],
    gates=[icp.Gate(icp.Flag("there"))],
    adjustments=[icp.Adjustment(-30, icp.Flag("litigation"))],
    min_coverage=0.75,
)


def columns() -> list[Column]:
    """Make the columns of the profile."""
    levels = [0.8, 0.6, 0.4]
    read = functions_by_attribute(PROFILE)
    ground = Ground(dialect_of("duckdb"), views.moment(DAY), {}, dict.fromkeys(read, "folded"), levels)
    return [column_of(name, {name: some}, ground) for name, some in read.items()]


def found(most: int) -> list[Trial]:
    """Make accounts."""
    return trials(PROFILE, columns(), DAY, most)


def test_each_value_is_in_some_account() -> None:
    """Every cell of every column is tried."""
    seen = {pair for one in found(400) for pair in enumerate(one.choice)}
    assert seen == {(number, place) for number, one in enumerate(columns()) for place in range(len(one.cells))}


def test_accounts_lie_on_the_cuts_and_beside() -> None:
    """Each cut has accounts exactly on it, above it and below it."""
    fits = [one.score.fit for one in found(400) if one.score.fit is not None and one.score.status == "scored"]
    for tier in PROFILE.tiers.tiers[:-1]:
        assert tier.cut in fits
        assert any(tier.cut - 2 < fit < tier.cut for fit in fits)
        assert any(tier.cut < fit < tier.cut + 2 for fit in fits)


def test_accounts_lie_on_the_least_coverage() -> None:
    """Some accounts are known just enough."""
    assert 0.75 in {one.score.coverage for one in found(400)}


def test_all_outcomes_are_there() -> None:
    """Accounts are scored, disqualified, and too little known; some hold values of the wrong kind."""
    counts = Counter(one.score.status for one in found(400))
    assert min(counts[status] for status in ("scored", "disqualified", "insufficient data")) >= 5
    assert sum(bool(one.score.invalid) for one in found(400)) >= 5


def test_the_first_matter_most() -> None:
    """Fewer accounts are the first of more; each comes once, and the scores are those of the reference."""
    many, few = found(100), found(30)
    assert [one.choice for one in few] == [one.choice for one in many[:30]]
    assert len({one.choice for one in many}) == len(many) == 100
    assert few[0].score.fit == 95.0
