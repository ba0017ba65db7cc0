"""A loser is told, and can go on: each conflict carries all that is needed, and leaves the handle as it was."""

from pathlib import Path

import pytest

from icpkit.history import ConflictError, History
from tests.history.trial_profiles import SIGNED, small
from tests.history.trial_stores import at, at_two_lengths


@pytest.mark.parametrize("kind", ["file", "memory"])
@pytest.mark.parametrize("rounds", at_two_lengths(40, 1_000))
def test_a_conflict_tells_all_and_leaves_the_handle_usable(rounds: int, kind: str, tmp_path: Path) -> None:
    """Of two handles one always loses: it gets base, ours, theirs and a diff, and then commits on the same handle."""
    ours = at(tmp_path / "icp.db") if kind == "file" else History.memory()
    others = at(tmp_path / "icp.db") if kind == "file" else History(ours.store)
    base = ours.commit(small(0), **SIGNED)
    for number in range(1, 2 * rounds, 2):
        theirs = others.commit(small(number), **SIGNED, expected=base)
        mine = small(number + 1)
        with pytest.raises(ConflictError) as told:
            ours.commit(mine, **SIGNED, expected=base)
        error = told.value
        assert (error.name, error.base, error.ours, error.theirs) == ("Small", base, mine, theirs)
        assert error.diff == ours.diff(base, theirs)
        assert error.diff
        assert f"v{theirs.number}" in str(error)
        assert ours.head("Small") == theirs
        base = ours.commit(mine, **SIGNED, expected=error.theirs)
    assert base.number == 2 * rounds + 1
    assert ours.verify().ok
    ours.close()
    others.close()
