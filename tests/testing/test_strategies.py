import subprocess
import sys
from collections import Counter
from datetime import date, datetime
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

import icpkit as icp
from icpkit.testing import accounts, cases, criteria, moments, profiles
from icpkit.value_functions import Segments, ValueFunction
from tests.property.law import law

#: The first that is found will do: no shrinking. How long that takes says nothing about the strategy.
SEEKING = settings(
    max_examples=5000,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@pytest.mark.parametrize("kind", icp.CRITERIA)
def test_every_criterion_is_among_them(kind: type[icp.Criterion]) -> None:
    """Criteria of every kind are drawn: a new one needs a strategy."""
    assert type(find(criteria(), lambda one: type(one) is kind, settings=SEEKING)) is kind


@law
@given(criteria(weighted=False, depth=2))
def test_parts_carry_no_weight(criterion: icp.Criterion) -> None:
    """Where no weight is wanted, none is given, and no missing policy: any such criterion can be a part."""
    assert icp.Not(criterion).criterion is criterion


@law
@given(cases())
def test_accounts_are_valid_unless_asked(case: tuple[icp.Profile, dict[str, Any], Any]) -> None:
    """A plain case scores without an error."""
    profile, account, as_of = case
    assert icp.score(profile, account, as_of=as_of).invalid == ()


@law
@given(moments())
def test_moments_are_moments(as_of: date) -> None:
    """Every moment is a date or an aware datetime."""
    assert not isinstance(as_of, datetime) or as_of.utcoffset() is not None


def test_unknown_invalid_and_every_status_are_common() -> None:
    """Among 150 cases all statuses, unknowns and invalid values are common."""
    seen: Counter[str] = Counter()

    @settings(law, max_examples=150, derandomize=True)
    @given(cases(invalid=True))
    def look(case: tuple[icp.Profile, dict[str, Any], Any]) -> None:
        profile, account, as_of = case
        score = icp.score(profile, account, as_of=as_of, on_invalid="unknown")
        seen.update(
            [
                score.status,
                "invalid" if score.invalid else "valid",
                "partly known" if score.low < score.high else "certain",
            ]
        )
        seen.update(str(tier) for tier in score.possible_tiers)

    look()
    wanted = ("scored", "disqualified", "insufficient data", "invalid", "valid", "partly known", "certain")
    assert {name for name in wanted if seen[name] < 10} == set()


def test_an_own_criterion_gets_values_of_its_own() -> None:
    """Accounts hold the edges of a criterion that this package does not know."""

    @attrs.frozen
    class Near(icp.Criterion):
        attribute: str

        def value_function(self) -> ValueFunction:
            return ValueFunction(self.attribute, "number", Segments(high=17, soft_high=41))

    profile = icp.Profile("P", [icp.Dimension("D", [Near("place.km")])])
    assert find(accounts(profile), lambda one: one == {"place": {"km": 41}}, settings=SEEKING)
    assert find(accounts(profile), lambda one: one == {"place.km": 17}, settings=SEEKING)


def test_profiles_have_gates_adjustments_and_zero_weights() -> None:
    """Each part of a profile is drawn, alone and together."""
    found = find(
        profiles(),
        lambda one: len(one.gates) > 1 and len(one.adjustments) > 0 and 0 in one.effective_weights.values(),
        settings=SEEKING,
    )
    assert found.gates


def test_without_hypothesis_the_error_says_what_to_install() -> None:
    """Importing `icpkit.testing` without Hypothesis names the extra, in one line."""
    code = "import sys; sys.modules['hypothesis'] = None; import icpkit.testing"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stderr.splitlines()[-1] == 'ImportError: icpkit.testing needs Hypothesis: pip install "icpkit[testing]"'
    assert "During handling" not in ran.stderr
