"""The engines that are compared with the reference: a new one is a new entry in `ENGINES`."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

import icpkit as icp
from icpkit.scoring import SCHEMA
from icpkit.testing import Engine
from tests.parity import oracle


def by_scalar(profile: icp.Profile, accounts: Sequence[Mapping[str, Any]], as_of: Any) -> list[dict[str, Any]]:
    """Score one by one through the convenience call, as plain data."""
    return [icp.score(profile, account, as_of=as_of, on_invalid="unknown").to_dict() for account in accounts]


def by_oracle(profile: icp.Profile, accounts: Sequence[Mapping[str, Any]], as_of: Any) -> list[dict[str, Any]]:
    """Score in exact fractions, as the specification says.

    Next to a rounding tie either neighbour is right: there the oracle accepts the reference's, if it is one of the two.
    """
    rows = []
    for account in accounts:
        exact = oracle.score(profile, account, as_of, on_invalid="unknown")
        fit = None if exact.fit is None else exact.fit / 1e6
        row: dict[str, Any] = {"key": None, "fit": fit, "tier": exact.tier, "status": exact.status}
        row |= {"coverage": float(exact.coverage), "low": exact.low / 1e6, "high": exact.high / 1e6}
        if exact.near_tie:
            reference = icp.score(profile, account, as_of=as_of, on_invalid="unknown")
            row = {name: _nearer(value, getattr(reference, name)) for name, value in row.items()}
        rows.append(row)
    return rows


def _nearer(exact: Any, reference: Any) -> Any:
    both = isinstance(exact, float) and isinstance(reference, float)
    return reference if both and abs(exact - reference) < 1.5e-6 else exact


def by_numpy(profile: icp.Profile, accounts: Sequence[Mapping[str, Any]], as_of: Any) -> list[dict[str, Any]]:
    """Score all at once, as plain data."""
    many = icp.score_batch(profile, accounts, as_of=as_of, on_invalid="unknown")
    columns = {name: np.asarray(getattr(many, "keys" if name == "key" else name)).tolist() for name in SCHEMA}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


ENGINES: dict[str, Engine] = {"scalar": by_scalar, "oracle": by_oracle, "numpy": by_numpy}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    return ENGINES[request.param]
