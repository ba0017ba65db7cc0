"""Score companies against an ideal customer profile, and say why.

The house, room by room (nothing imports upward):

    testing                     strategies and checks for those who build on icpkit (extra: testing)
    scoring                     how well does this one account fit? The reference meaning
    examination   explanation   and why? Finds the facts; one typed tree, its text, data and reasons
    reading       arithmetic    how an account's attributes are read; exact sums, one rounding
    profile                     dimensions, gates, adjustments: one ideal customer profile
    criteria                    each asks one question of one attribute
    tiers         missing       bands of fit; what an unknown counts for
    evaluation                  what a value function gives for one account
    value_functions             the closed set that engines run
    views                       how raw values are read, and when they are unknown or invalid
    words                       every word that a user reads, in one table
    errors   typing   _attrs   _version    ground
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from icpkit._version import SEMANTICS, __version__
    from icpkit.criteria import (
        CRITERIA,
        Age,
        AllOf,
        AnyOf,
        Bands,
        Criterion,
        Engagement,
        Flag,
        Not,
        OneOf,
        Ordinal,
        Overlap,
        Range,
        Recency,
        TechOverlap,
        Upcoming,
    )
    from icpkit.errors import (
        AccountChangedError,
        AccountTypeError,
        AsOfError,
        DefinitionError,
        IcpkitError,
        InvalidAccountError,
        NoSuchFieldError,
        NoSuchPathError,
    )
    from icpkit.explanation import (
        AdjustmentResult,
        CriterionResult,
        DimensionResult,
        Explanation,
        GateResult,
        Reason,
    )
    from icpkit.profile import Adjustment, Dimension, Example, Gate, Profile, standard_profile
    from icpkit.scoring import SCHEMA, Score, Scorer, score
    from icpkit.tiers import Cohort, Tier, TierScale
    from icpkit.typing import Offender
    from icpkit.value_functions import Combination, ValueFunction
    from icpkit.views import fold

_ROOMS = {
    "_version": ("SEMANTICS", "__version__"),
    "criteria": (
        *(
            "CRITERIA",
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
        ),
        *("Overlap", "Range", "Recency", "TechOverlap", "Upcoming"),
    ),
    "errors": (
        *("AccountChangedError", "AccountTypeError", "AsOfError", "DefinitionError", "IcpkitError"),
        *("InvalidAccountError", "NoSuchFieldError", "NoSuchPathError"),
    ),
    "explanation": (
        *("AdjustmentResult", "CriterionResult", "DimensionResult", "Explanation", "GateResult", "Reason"),
    ),
    "profile": ("Adjustment", "Dimension", "Example", "Gate", "Profile", "standard_profile"),
    "scoring": ("SCHEMA", "Score", "Scorer", "score"),
    "tiers": ("Cohort", "Tier", "TierScale"),
    "typing": ("Offender",),
    "value_functions": ("Combination", "ValueFunction"),
    "views": ("fold",),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "CRITERIA",
    "SCHEMA",
    "SEMANTICS",
    "AccountChangedError",
    "AccountTypeError",
    "Adjustment",
    "AdjustmentResult",
    "Age",
    "AllOf",
    "AnyOf",
    "AsOfError",
    "Bands",
    "Cohort",
    "Combination",
    "Criterion",
    "CriterionResult",
    "DefinitionError",
    "Dimension",
    "DimensionResult",
    "Engagement",
    "Example",
    "Explanation",
    "Flag",
    "Gate",
    "GateResult",
    "IcpkitError",
    "InvalidAccountError",
    "NoSuchFieldError",
    "NoSuchPathError",
    "Not",
    "Offender",
    "OneOf",
    "Ordinal",
    "Overlap",
    "Profile",
    "Range",
    "Reason",
    "Recency",
    "Score",
    "Scorer",
    "TechOverlap",
    "Tier",
    "TierScale",
    "Upcoming",
    "ValueFunction",
    "__version__",
    "fold",
    "score",
    "standard_profile",
]


def __getattr__(name: str) -> Any:
    """Open a room when something in it is first asked for."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'icpkit' has no attribute {name!r}")
    value = getattr(import_module(f"icpkit.{_ROOM_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name what is public."""
    return __all__
