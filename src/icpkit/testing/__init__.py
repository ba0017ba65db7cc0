"""Strategies and checks for those who build on icpkit: an engine, a criterion, a pipeline, a store.

Needs ``icpkit[testing]``.

strategies    Hypothesis strategies: profiles, accounts that fit them and misfit them, moments
contracts     `assert_same_fits`: an engine gives what the reference gives
stores        `StoreContract`: a store keeps what a history asks of it
ledgers       what that is checked with
on_cut        accounts that sit exactly on a tier's cut
values        the values worth trying, as plain lists
"""

from icpkit.testing.contracts import Engine, assert_same_fits
from icpkit.testing.on_cut import OnCut, on_cut_cases
from icpkit.testing.stores import StoreContract
from icpkit.testing.strategies import accounts, cases, criteria, moments, profiles, tier_scales
from icpkit.testing.values import UNKNOWNS, ZONES, Domain, domain, leaf_functions

__all__ = [
    "UNKNOWNS",
    "ZONES",
    "Domain",
    "Engine",
    "OnCut",
    "StoreContract",
    "accounts",
    "assert_same_fits",
    "cases",
    "criteria",
    "domain",
    "leaf_functions",
    "moments",
    "on_cut_cases",
    "profiles",
    "tier_scales",
]


def __dir__() -> list[str]:
    """Name what is public."""
    return __all__
