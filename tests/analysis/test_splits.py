import numpy as np
import pytest

import icpkit as icp
from icpkit.analysis.splits import Stages, weightiest_edits
from tests.analysis.cases import DAY, replayed


def test_a_fit_that_goes_and_comes_back() -> None:
    """Where an edit takes a fit away and another one gives it back, the last that changed the status owes it."""
    fits = np.array([[10e6, 10e6], [np.nan, 20e6], [70e6, 70e6]])
    statuses = np.array([[0, 0], [2, 0], [0, 0]], np.int8)
    stages = Stages(fits, statuses, np.zeros((3, 2), np.int16))
    assert weightiest_edits(stages, np.array([1, 1], np.int8), np.full((3, 2), 50e6)).tolist() == [1, 1]
    fits[1] = [np.nan, 65e6]
    assert weightiest_edits(stages, np.array([1, 1], np.int8), np.full((3, 2), 50e6)).tolist() == [1, 0]


def test_who_stays_owes_it_to_what_moved_the_fit() -> None:
    """An edit that cancels another is told by size; without any step there is none."""
    fits = np.array([[10e6, 10e6, 10e6], [30e6, 10e6, 12e6], [10e6, 10e6, 20e6]])
    stages = Stages(fits, np.zeros((3, 3), np.int8), np.zeros((3, 3), np.int16))
    assert weightiest_edits(stages, np.zeros(3, np.int8), np.zeros((3, 3))).tolist() == [0, -1, 1]


def test_many_movers_are_scored_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are scored at a time, the points are the same."""
    whole = replayed().all.to_frame()
    monkeypatch.setattr("icpkit.analysis.splits._PIECE", 2)
    assert replayed().all.to_frame() == whole


@pytest.mark.parametrize("there", [True, False])
def test_what_only_a_profile_on_the_way_reads(there: bool) -> None:
    """What has no weight at both ends, but some on the way, is read from the table, and unknown where it lacks it."""
    sure, idle = icp.Dimension("Sure", [icp.Flag("a")]), icp.Dimension("Idle", [icp.Range("x", 5, None)], weight=0)
    before = icp.Profile("P", [sure, idle])
    after = icp.Profile("P", [icp.Dimension("Idle", [icp.Flag("a", expected=False)])])
    row = {"a": True, "x": 9} if there else {"a": True}
    found = icp.replay(before, after, [row], as_of=DAY)
    account = found.of(0)
    assert account.steps[-1].after == account.after
    for step in account.steps:
        score = icp.score(step.edit.after, row, as_of=DAY)
        assert step.after == (score.fit, score.tier, score.status)
    assert len(found.edits) > 1
