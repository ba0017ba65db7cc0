from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit import views
from icpkit.importing import Accounts
from icpkit.importing.answers import answers_of, outcomes_of
from icpkit.testing import accounts, moments, on_cut_cases, profiles
from tests.property.law import law

_STATUSES = ("scored", "disqualified", "insufficient data")


def table_of(listed: list[dict[str, Any]]) -> Accounts:
    """Give accounts as columns: what one lacks and another has is None."""
    names = tuple(dict.fromkeys(name for one in listed for name in one))
    columns = tuple(tuple(one.get(name) for one in listed) for name in names)
    return Accounts(names=names, columns=columns, lines=tuple(range(len(listed))))


def outcome(profile: icp.Profile, table: Accounts, as_of: Any) -> list[tuple[Any, ...]]:
    """Score accounts all at once."""
    found = outcomes_of(profile, answers_of(profile, table, views.moment(as_of)), len(table))
    tiers = [tier.name for tier in profile.tiers.tiers]
    return [
        (
            None if np.isnan(fit) else fit,
            None if tier < 0 else tiers[tier],
            _STATUSES[status],
            bool(certain),
            low,
            high,
        )
        for fit, tier, status, certain, low, high in zip(*(column.tolist() for column in found), strict=True)
    ]


def reference(profile: icp.Profile, table: Accounts, as_of: Any) -> list[tuple[Any, ...]]:
    """Score accounts one by one."""
    scores = [icp.score(profile, account, as_of=as_of, on_invalid="unknown") for account in table]
    return [(one.fit, one.tier, one.status, one.certain, one.low, one.high) for one in scores]


@st.composite
def several(draw: st.DrawFn) -> tuple[icp.Profile, list[dict[str, Any]], Any]:
    """Give a profile, several accounts, some with values of the wrong kind, and a moment."""
    profile, as_of = draw(profiles()), draw(moments())
    listed = draw(st.lists(accounts(profile, as_of=as_of, invalid=draw(st.booleans())), min_size=1, max_size=3))
    return profile, listed, as_of


@law
@given(several())
def test_all_at_once_is_one_by_one(case: tuple[icp.Profile, list[dict[str, Any]], Any]) -> None:
    """Fit, tier, status, certainty and bounds of many accounts are those that the reference gives for each."""
    profile, listed, as_of = case
    table = table_of(listed)
    assert outcome(profile, table, as_of) == reference(profile, table, as_of)


def test_accounts_on_a_cut_are_where_the_reference_puts_them() -> None:
    """What lies exactly on a cut gets the same tier all at once."""
    for case in on_cut_cases(7, 40):
        table = table_of([case.account])
        assert outcome(case.profile, table, "2026-11-21") == reference(case.profile, table, "2026-11-21")


def test_numbers_that_no_float_holds_are_those_of_the_reference() -> None:
    """Integers beyond every float, and such as a float does not hold exactly, are invalid all at once too."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Range("size", 1, 9)])], min_coverage=0)
    for large in (10**400, 2**53 + 1, -(10**400)):
        table = table_of([{"size": large}, {"size": 5}, {"size": None}])
        assert outcome(profile, table, "2026-11-21") == reference(profile, table, "2026-11-21")
