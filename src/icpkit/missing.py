"""What an unknown criterion counts for: resolved here and nowhere else."""

from typing import Any, Literal, TypeAlias

import attrs

from icpkit._attrs import as_number, check_number, reject
from icpkit.errors import near

#: ``"skip"``: the criterion leaves numerator and denominator. A number in [0, 1]: it stands in for the match.
MissingPolicy: TypeAlias = Literal["skip"] | float


def as_policy(value: MissingPolicy) -> MissingPolicy:
    """Make a plain number of a number, and let all else pass to the validator."""
    return value if isinstance(value, str) else as_number(value)


def as_optional_policy(value: MissingPolicy | None) -> MissingPolicy | None:
    """Do as `as_policy`, and let None pass."""
    return None if value is None else as_policy(value)


def a_policy(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    """Validate a missing policy, or None where the profile's default applies."""
    if (value is None and field.default is None) or value == "skip":
        return
    if isinstance(value, str):
        raise reject(owner, field.name, 'must be "skip" or a number between 0 and 1', value, hint=near(value, ["skip"]))
    check_number(owner, field.name, value, least=0, most=1)


def stand_in(policy: MissingPolicy, low: float, high: float) -> float | None:
    """Give the match that stands in for an unknown one, or None where the criterion is skipped.

    Args:
        policy: the criterion's policy, or else the profile's.
        low: the least match that the criterion can still have.
        high: the greatest one.

    >>> stand_in("skip", 0.0, 1.0) is None
    True
    >>> stand_in(0.9, 0.0, 0.6)
    0.6
    """
    return None if isinstance(policy, str) else min(max(float(policy), low), high)
