"""How many accounts each tier holds before and after, against how many the team can work."""

from collections.abc import Mapping
from typing import Any

import attrs

from icpkit.batch.arguments import shown, whole_number
from icpkit.batch.scores import Scores
from icpkit.errors import near
from icpkit.profile import Profile


@attrs.frozen
class TierLoad:
    """How many accounts a tier holds under two profiles.

    Attributes:
        name: the tier's name.
        before: how many accounts the old profile puts there; None where it has no such tier.
        after: the same for the new profile.
        certain_before: how many of them stay there whatever their unknowns turn out to be; None where there is no tier.
        certain_after: the same for the new profile.
        capacity: how many accounts the team can work in this tier; None where nobody said.
    """

    name: str
    before: int | None
    after: int | None
    certain_before: int | None
    certain_after: int | None
    capacity: int | None = None

    @property
    def over(self) -> int | None:
        """By how many accounts the new profile exceeds the capacity, below 0 where some are free; else None."""
        return None if self.capacity is None or self.after is None else self.after - self.capacity


def loads_of(before: Scores, after: Scores, capacity: Mapping[str, int]) -> tuple[TierLoad, ...]:
    """Count the accounts of each tier before and after: the new profile's tiers, then those that it lacks.

    Args:
        before: the scores by the old profile.
        after: the scores by the new one.
        capacity: how many accounts the team can work, by tier.
    """
    was, now = ({one.name: one for one in scores.tier_counts()} for scores in (before, after))
    loads = []
    for name in dict.fromkeys((*now, *was)):
        old, new = was.get(name), now.get(name)
        loads.append(
            TierLoad(
                name,
                None if old is None else old.count,
                None if new is None else new.count,
                None if old is None else old.certain,
                None if new is None else new.certain,
                capacity.get(name),
            )
        )
    return tuple(loads)


def checked_capacity(given: Any, profile: Profile) -> dict[str, int]:
    """Read how many accounts the team can work in each tier.

    Raises:
        TypeError: for anything but a mapping of whole numbers.
        ValueError: for a tier that the profile does not have, and for a number below 0.

    >>> checked_capacity({"Perfekt": 200}, icp.standard_profile())
    Traceback (most recent call last):
    ValueError: capacity names a tier 'Perfekt' that 'Standard' does not have; did you mean 'Perfect'?
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise TypeError(f'capacity must be a mapping of tiers, such as {{"Perfect": 200}} (got {shown(given)})')
    names = [tier.name for tier in profile.tiers.tiers]
    found = {}
    for name, count in given.items():
        if name not in names:
            hint = near(str(name), names) or f"its tiers are {', '.join(names)}"
            raise ValueError(f"capacity names a tier {shown(name)} that {profile.name!r} does not have; {hint}")
        found[name] = whole_number(f"capacity of {name!r}", count)
    return found
