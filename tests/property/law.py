"""How often each law is tried, and what several laws need."""

from collections.abc import Iterator
from typing import Any

import attrs
from hypothesis import HealthCheck, Phase, settings

import icpkit as icp
from icpkit.explanation import AdjustmentResult, CriterionResult, Explanation, GateResult
from icpkit.value_functions import ValueFunction

#: Drawing a profile takes milliseconds, and on a busy machine tens of them: that says nothing about the strategy. The
#: explanation of a failure would take minutes.
law = settings(
    suppress_health_check=[HealthCheck.too_slow],
    phases=set(Phase) - {Phase.explain},
)
#: For laws whose cases are drawn in no time.
often = settings(law, max_examples=4 * law.max_examples)


def outcome(score: icp.Score) -> tuple[object, ...]:
    """Give fit, tier, status, coverage, low and high."""
    return score.fit, score.tier, score.status, score.coverage, score.low, score.high


def alone(criterion: icp.Criterion, **options: Any) -> icp.Profile:
    """Give a profile of one criterion, for which any coverage is enough."""
    return attrs.evolve(icp.Profile("Alone", [icp.Dimension("Alone", [criterion])], min_coverage=0), **options)


def read(explanation: Explanation) -> Iterator[CriterionResult]:
    """Give the result of everything in a profile that reads an attribute."""
    results: list[CriterionResult] = [*explanation.criteria]
    extras: list[GateResult | AdjustmentResult] = [*explanation.gates, *explanation.adjustments]
    results += [one.result for one in extras]
    for result in results:
        yield from result.leaves()


def attribute_of(result: CriterionResult) -> str:
    """Give the attribute that a leaf reads."""
    function = result.criterion.value_function()
    assert isinstance(function, ValueFunction)
    return function.attribute


def without(account: dict[str, Any], attribute: str) -> dict[str, Any]:
    """Give an account without an attribute, which may stand in a nested record."""
    first, _, rest = attribute.partition(".")
    kept = {name: value for name, value in account.items() if name not in {first if rest else attribute, attribute}}
    nested = account.get(first)
    if rest and isinstance(nested, dict):
        kept[first] = {name: value for name, value in nested.items() if name != rest}
    return kept
