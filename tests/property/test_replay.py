from typing import Any

import attrs
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.analysis.splits import Stages
from icpkit.testing import accounts, profiles
from tests.property.law import law
from tests.property.test_differences import edits

DAY = "2026-11-21"


@st.composite
def cases(draw: st.DrawFn) -> tuple[icp.Replay, dict[str, Any]]:
    """Replay what people do to a profile, or any other profile, on a few accounts; give the accounts by key too."""
    before = draw(profiles())
    after = draw(edits(before) if draw(st.booleans()) else profiles())
    after = attrs.evolve(after, about=before.about)
    drawn: list[dict[str, Any]] = []
    moment = icp.score(before, {}, as_of=DAY).as_of
    for profile in (before, after):
        drawn += draw(st.lists(accounts(profile, as_of=moment), max_size=3))
    rows = [{**row, "the key": f"account {place}"} for place, row in enumerate(drawn)]
    found = icp.replay(before, after, rows, key="the key", as_of=DAY, on_invalid="unknown")
    return found, {row["the key"]: row for row in rows}


replays = cases().map(lambda case: case[0])


@law
@given(replays)
def test_points_of_edits_sum_to_the_change(found: icp.Replay) -> None:
    """Where an account has a fit all the way, what the edits add sums exactly to the change of the fit."""
    for one in found.all:
        assert [step.edit for step in one.steps] == list(found.edits)
        standings = [one.before, *(step.after for step in one.steps)]
        assert [step.before for step in one.steps] == standings[:-1]
        assert standings[-1] == one.after
        parts = [step.millionths for step in one.steps]
        if None not in parts:
            assert sum(part or 0 for part in parts) == (one.millionths or 0)
        for step in one.steps:
            assert step.edit.scores or step.before == step.after


@law
@given(cases())
def test_each_step_is_a_score(case: tuple[icp.Replay, dict[str, Any]]) -> None:
    """How an account stands after each edit is what the profile with that edit says of it."""
    found, drawn = case
    for one in found.all:
        for step in one.steps:
            score = icp.score(step.edit.after, drawn[one.key], as_of=DAY, on_invalid="unknown")
            assert step.after[:1] + step.after[2:] == (score.fit, score.status)
            assert step.after.tier == score.tier


@law
@given(replays)
def test_the_matrix_holds_every_account(found: icp.Replay) -> None:
    """Rows and columns of the migration sum to the tiers and statuses of the two runs."""
    counts = np.array(found.migration.counts)
    for axis, scores in ((1, found.before), (0, found.after)):
        tiers = [one.count for one in scores.tier_counts()]
        statuses = list(scores.status_counts.values())[1:]
        assert counts.sum(axis=axis).tolist() == [*tiers, *statuses]
    assert sum(found.counts.values()) == len(found.after) == len(found.all)


@law
@given(replays)
def test_movers_are_those_of_two_runs(found: icp.Replay) -> None:
    """Who moves, and how, is what a comparison of the two runs says; each mover has an edit that did most."""
    moved = icp.changes(found.before, found.after)
    assert {one.key: (one.kind, one.before, one.after) for one in found} == {
        one.key: (one.kind, one.before, one.after) for one in moved
    }
    named = [one.edit for one in found]
    assert all(edit is not None and edit.scores for edit in named)
    effects = found.effects
    assert sum(effect.moves for effect in effects) == len(found)
    for effect in effects:
        assert effect.moves == sum(edit == effect.edit for edit in named)
        steps = [step for one in found for step in one.steps if step.edit == effect.edit]
        assert effect.millionths == sum(step.millionths or 0 for step in steps)
        assert effect.raised == sum((step.millionths or 0) > 0 for step in steps)
        assert effect.lowered == sum((step.millionths or 0) < 0 for step in steps)
    assert isinstance(found.splits.stages(np.arange(len(found.after))), Stages)


@law
@given(replays)
def test_every_face_is_there(found: icp.Replay) -> None:
    """Whatever changed, text, HTML, picture, data and table come of it."""
    assert str(found)
    assert found.to_html().startswith("<!doctype html>")
    assert found.to_svg().startswith("<svg")
    assert len(found.to_dict()["movers"]) == len(found)
    assert len(found.to_frame()) == len(found)
