"""Criteria: each asks one question of one attribute, and says which value function answers it.

To add a criterion, write a frozen attrs class on `Criterion` that returns a value function; nothing else needs to know.
"""

from icpkit.criteria.absent import AbsentKind
from icpkit.criteria.categories import Flag, OneOf, Ordinal
from icpkit.criteria.criterion import AllOf, AnyOf, Criterion, Not, reject_own_weight
from icpkit.criteria.labels import Overlap, TechOverlap
from icpkit.criteria.quantities import Age, Bands, Range
from icpkit.criteria.signals import Engagement, Recency, Upcoming

#: Every criterion of this package.
CRITERIA: tuple[type[Criterion], ...] = (
    *(Range, Age, Bands, OneOf, Ordinal, Flag, Overlap, TechOverlap, Recency, Engagement, Upcoming),
    *(AllOf, AnyOf, Not),
)

__all__ = [
    "CRITERIA",
    "AbsentKind",
    "Age",
    "AllOf",
    "AnyOf",
    "Bands",
    "Criterion",
    "Engagement",
    "Flag",
    "Not",
    "OneOf",
    "Ordinal",
    "Overlap",
    "Range",
    "Recency",
    "TechOverlap",
    "Upcoming",
    "reject_own_weight",
]
