"""What changed between two runs as a table of the kind that came in."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from icpkit.adapters import source_of
from icpkit.adapters.source import Categories, Result, unindexed
from icpkit.batch.causes import CAUSES, STATUSES, Causes, main_causes
from icpkit.batch.scores import tiers_of
from icpkit.columns import Floats, Places

if TYPE_CHECKING:
    from icpkit.batch.moves import Changes


def changes_frame(changes: "Changes", was: Places, now: Places, kinds: Categories, ways: NDArray[np.int8]) -> Any:
    """Make a table with a row for each change, its tiers, fits and statuses then and now, and what moved it.

    Args:
        changes: the comparison.
        was: the rows of the accounts in the old run, -1 where they were not there.
        now: their rows in the new one, -1 where they are not there.
        kinds: what became of them.
        ways: 1 for those that went up a tier, -1 for down, 0 for others.
    """
    columns = standing_columns(changes, was, now, kinds)
    fits, causes = _why(changes.causes, was, now, ways)
    columns |= {"points": (fits[3] - fits[0]) / 1e6, "cause": Categories(causes, CAUSES)}
    columns |= {f"points_{cause}": (fits[step + 1] - fits[step]) / 1e6 for step, cause in enumerate(CAUSES)}
    return frame_of(changes, columns, len(was))


def standing_columns(changes: "Changes", was: Places, now: Places, kinds: Categories) -> dict[str, Result]:
    """Give what every table of changes has: keys, kinds, and tiers, fits and statuses then and now.

    Args:
        changes: the comparison.
        was: the rows of the accounts in the old run, -1 where they were not there.
        now: their rows in the new one, -1 where they are not there.
        kinds: what became of them.
    """
    before, after = changes.before, changes.after
    return {
        "key": [
            after.keys[new] if new >= 0 else before.keys[old]
            for old, new in zip(was.tolist(), now.tolist(), strict=True)
        ],
        "kind": kinds,
        "tier_before": tiers_of(before.profile, _of(before.outcomes.tier, was, -1)),
        "tier_after": tiers_of(after.profile, _of(after.outcomes.tier, now, -1)),
        "fit_before": _of(before.outcomes.fit, was, np.nan),
        "fit_after": _of(after.outcomes.fit, now, np.nan),
        "status_before": Categories(_of(before.outcomes.status, was, -1), STATUSES),
        "status_after": Categories(_of(after.outcomes.status, now, -1), STATUSES),
    }


def frame_of(changes: "Changes", columns: dict[str, Result], rows: int) -> Any:
    """Make a table of the kind that the new accounts came in.

    Args:
        changes: the comparison.
        columns: its columns.
        rows: how many rows they have.
    """
    source = changes.after.batch.source or changes.before.batch.source
    return (source_of([]) if source is None else unindexed(source, rows)).frame(columns)


def _of(values: NDArray[Any], rows: Places, absent: float) -> Any:
    """Give the values of some rows, and another one for a row of -1."""
    found = np.full(len(rows), absent, values.dtype)
    found[rows >= 0] = values[rows[rows >= 0]]
    return found


def _why(causes: Causes, was: Places, now: Places, ways: NDArray[np.int8]) -> tuple[Floats, NDArray[np.int8]]:
    """Give the fits before, after time, after data and after all, in millionths, and the cause that did most."""
    there = np.flatnonzero((was >= 0) & (now >= 0))
    fits, mains = np.full((4, len(was)), np.nan), np.full(len(was), -1, np.int8)
    if len(there):
        old, new = was[there], now[there]
        stages = causes.stages(old, new)
        before, after = causes.before.outcomes, causes.after.outcomes
        fits[:, there] = np.rint([before.fit[old] * 1e6, *(one.fit * 1e6 for one in stages), after.fit[new] * 1e6])
        statuses = np.array([before.status[old], *(one.status for one in stages), after.status[new]])
        mains[there] = main_causes(fits[:, there], statuses, ways[there])
    return fits, mains
