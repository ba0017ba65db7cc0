"""Scores do not drift: the golden profiles give the golden accounts the golden scores, to the last millionth."""

import json
from pathlib import Path

import pytest

import icpkit as icp
from tests.golden.make import scores
from tests.golden.profiles import PROFILES

HERE = Path(__file__).parent
ACCOUNTS = json.loads((HERE / "accounts.json").read_text(encoding="utf-8"))
GOLDEN = json.loads((HERE / "scores.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PROFILES)
def test_golden_scores_stand(name: str) -> None:
    """Every field of every golden score, and its points, are what they were when these semantics were numbered."""
    assert scores(PROFILES[name], ACCOUNTS) == GOLDEN[name]


def test_golden_scores_are_of_these_semantics() -> None:
    """The golden scores were written under the semantics that this release names."""
    assert GOLDEN["semantics"] == icp.SEMANTICS


@pytest.mark.parametrize("name", PROFILES)
def test_golden_scores_are_worth_keeping(name: str) -> None:
    """The golden accounts reach every status and at least three tiers, so that a drift would show."""
    rows = GOLDEN[name]
    assert {row[3] for row in rows} == {"scored", "disqualified", "insufficient data"}
    assert len({row[2] for row in rows} - {None}) >= 3
