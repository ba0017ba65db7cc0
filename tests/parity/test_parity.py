import functools
import itertools
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import icpkit as icp
from icpkit.testing import Engine, OnCut, accounts, assert_same_fits, moments, on_cut_cases, profiles
from tests.batch.cases import drawn_accounts
from tests.parity import oracle

#: How many accounts are scored at once: a failure shrinks to one or two.
AT_ONCE = (1, 12, 12, 12)
#: The same cases in every run, so that a change is seen where it is made; the slow tests draw others each time.
QUICK = settings(
    deadline=None,
    max_examples=90,
    derandomize=True,
    # A profile and its accounts take tens of milliseconds to draw on a busy machine.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    # An explanation of a failure would take minutes.
    phases=set(Phase) - {Phase.explain},
)
SLOW = settings(QUICK, max_examples=10 * QUICK.max_examples, derandomize="CI" in os.environ)

#: A profile, accounts for it and the moment of scoring.
Batch = tuple[icp.Profile, list[dict[str, Any]], Any]


@st.composite
def batches(draw: st.DrawFn, *, invalid: bool, quick: bool) -> Batch:
    """Give a profile, accounts for it and the moment of scoring.

    Accounts of a strategy shrink well and take long to draw; quick ones come of a number.
    """
    profile, as_of, count = draw(profiles()), draw(moments()), draw(st.sampled_from(AT_ONCE))
    if quick:
        rng = random.Random(draw(st.integers(0, 2**32)))
        return profile, drawn_accounts(profile, rng, 2 * count, as_of=as_of, invalid=invalid), as_of
    one = accounts(profile, as_of=as_of, invalid=invalid)
    return profile, [draw(one) for _ in range(count)], as_of


def compare(engine: Engine, *, invalid: bool) -> None:
    """Compare an engine with the reference on generated batches, and say what was in them."""
    seen: Counter[str] = Counter()

    @SLOW
    @given(batches(invalid=invalid, quick=False))
    def run(batch: Batch) -> None:
        assert_same_fits(engine, *batch)
        seen.update(kinds_of_all(batch))

    run()
    common(seen, invalid=invalid)


@functools.cache
def drawn_batches(*, invalid: bool) -> tuple[list[Batch], Counter[str]]:
    """Draw batches, the same for all engines, and count what is in them."""
    found: list[Batch] = []

    @settings(QUICK, phases=[Phase.generate])
    @given(batches(invalid=invalid, quick=True))
    def draw(batch: Batch) -> None:
        found.append(batch)

    draw()
    return found, Counter(kind for batch in found for kind in kinds_of_all(batch))


def common(seen: Counter[str], *, invalid: bool) -> None:
    """Say what was in batches, and see that nothing was rare."""
    seen = seen.copy()
    pairs = seen.pop("pairs")
    print(f"{pairs} pairs:", ", ".join(f"{count / pairs:.0%} {kind}" for kind, count in seen.most_common()))  # noqa: T201
    assert pairs >= 1000
    assert seen["with unknowns"] > pairs / 5
    assert seen["on a cut"] > pairs / 50
    assert seen["with invalid values"] >= pairs / 5 * invalid


def kinds_of_all(batch: Batch) -> Iterator[str]:
    """Say what kinds of pairs are in a batch."""
    profile, some, as_of = batch
    return (kind for account in some for kind in kinds_of(profile, account, as_of))


def kinds_of(profile: icp.Profile, account: dict[str, Any], as_of: Any) -> list[str]:
    """Say what kind of pair a profile and an account are."""
    score = icp.score(profile, account, as_of=as_of, on_invalid="unknown")
    kinds = {
        "with unknowns": score.low < score.high,
        "with invalid values": bool(score.invalid),
        "on a cut": score.fit in {tier.cut for tier in profile.tiers.tiers},
        "with adjustments": bool(profile.adjustments),
    }
    return ["pairs", score.status, *(kind for kind, so in kinds.items() if so)]


@pytest.mark.parametrize("invalid", [False, True])
def test_every_engine_gives_the_reference_fits(engine: Engine, invalid: bool) -> None:
    """On generated profiles and accounts an engine gives the same fit, tier, status, coverage and bounds."""
    found, seen = drawn_batches(invalid=invalid)
    for profile, some, as_of in found:
        assert_same_fits(engine, profile, some, as_of)
    common(seen, invalid=invalid)


@pytest.mark.slow
@pytest.mark.parametrize("invalid", [False, True])
def test_every_engine_gives_the_reference_fits_at_length(engine: Engine, invalid: bool) -> None:
    """The same, twenty times as often, on other cases each time."""
    compare(engine, invalid=invalid)


def test_every_engine_sees_what_is_on_a_cut(engine: Engine) -> None:
    """On accounts that sit exactly on a cut every engine gives the reference's fit and tier."""
    for profile, cases in itertools.groupby(cases_on_cuts(), lambda case: case.profile):
        assert_same_fits(engine, profile, [case.account for case in cases], "2026-11-21")


@functools.cache
def cases_on_cuts() -> list[OnCut]:
    """Give accounts on a cut, the same for all engines."""
    return list(on_cut_cases(1, 300))


def same_contributions(profile: icp.Profile, account: dict[str, Any], as_of: Any) -> None:
    """Compare the contributions of one account with the oracle's."""
    exact = oracle.score(profile, account, as_of, on_invalid="unknown")
    score = icp.score(profile, account, as_of=as_of, on_invalid="unknown")
    if exact.near_tie:
        return
    points = dict(score.explanation.points)
    # What did not count contributes nothing: the reference says 0, the oracle does not list it.
    assert {path: value for path, value in points.items() if value} == {
        path: value for path, value in exact.contributions.items() if value
    }
    assert exact.contributions.keys() <= points.keys()
    assert (score.fit is None) == (not points)
    assert score.possible_tiers == exact.possible_tiers
    assert {offender.attribute for offender in score.invalid} == exact.offenders


def contributions(how_often: settings) -> Callable[[], None]:
    """Make the comparison of contributions on generated batches."""

    @how_often
    @given(batches(invalid=True, quick=how_often is not SLOW))
    def run(batch: Batch) -> None:
        profile, some, as_of = batch
        for account in some:
            same_contributions(profile, account, as_of)

    return run


def test_contributions_are_those_of_the_oracle() -> None:
    """Each contribution, clip and limit, the possible tiers and the offenders are those of exact arithmetic."""
    contributions(settings(QUICK, max_examples=50))()


@pytest.mark.slow
def test_contributions_are_those_of_the_oracle_at_length() -> None:
    """The same, much more often."""
    contributions(SLOW)()
