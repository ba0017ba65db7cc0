from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
import pandas as pd
import pytest

import icpkit as icp
from icpkit.batch.scoring import score_batch
from tests.batch.test_scores import DAY, PER_ACCOUNT, PROFILE, TABLE

ODD: list[dict[str, Any]] = [
    {"id": "a", "employees": "many", "last_demo": "soon"},
    {"id": "b", "employees": 80, "competitor": "perhaps"},
    {"id": "c", "employees": True},
]


def outcome(many: icp.Scores) -> tuple[list[Any], ...]:
    """Give all arrays as lists."""
    columns = (many.fit, many.tier, many.status, many.coverage, many.low, many.high)
    return tuple([None if str(value) == "nan" else value for value in column.tolist()] for column in columns)


def test_invalid_values_are_told_all_at_once() -> None:
    """One error lists every offender in the order of the rows, with its key; it may keep keys and values to itself."""
    with pytest.raises(icp.InvalidAccountError) as caught:
        score_batch(PROFILE, ODD, key="id", as_of=DAY)
    told = [(one.key, one.attribute, one.value) for one in caught.value.offenders]
    assert told == [
        ("a", "employees", "many"),
        ("a", "last_demo", "soon"),
        ("b", "competitor", "perhaps"),
        ("c", "employees", True),
    ]
    with pytest.raises(icp.InvalidAccountError, match="row 2: competitor = 'perhaps'"):
        score_batch(PROFILE, ODD, as_of=DAY)
    with pytest.raises(icp.InvalidAccountError) as redacted:
        score_batch(PROFILE, [{"employees": "secret"}] * 30, as_of=DAY, redact=True)
    assert "secret" not in str(redacted.value)
    assert "employees: text where a number belongs (30 values)" in str(redacted.value)
    with pytest.raises(icp.InvalidAccountError, match="and 10 more; in all: employees 30"):
        score_batch(PROFILE, [{"employees": f"many {i}"} for i in range(30)], as_of=DAY)


def test_invalid_values_may_count_as_unknown() -> None:
    """They are listed with the scores, which are those of each account taken by itself."""
    many = score_batch(PROFILE, ODD, key="id", as_of=DAY, on_invalid="unknown")
    for row, account in enumerate(ODD):
        one = icp.score(PROFILE, account, as_of=DAY, key="id", on_invalid="unknown")
        assert many.at(row) == one
        assert (many.low[row], many.high[row], many.status[row]) == (one.low, one.high, one.status)
        assert {o.attribute for o in one.invalid} == {o.attribute for o in many.invalid if o.key == account["id"]}
    with pytest.raises(ValueError, match=r'on_invalid must be "raise" or "unknown" \(got \'skip\'\)'):
        score_batch(PROFILE, ODD, on_invalid="skip")  # type: ignore[call-overload]  # on purpose


def test_several_profiles_are_scored_as_each_is() -> None:
    """Several profiles at once give what each gives alone; an offender that several meet is told once."""
    profiles = [PROFILE, PROFILE.with_weight("size", 9), attrs.evolve(PROFILE, missing=0.3, name="Q")]
    together = score_batch(profiles, TABLE, key="id", as_of=DAY)
    assert [one.profile for one in together] == profiles
    for one in together:
        assert outcome(one) == outcome(score_batch(one.profile, TABLE, key="id", as_of=DAY))
    with pytest.raises(icp.InvalidAccountError) as caught:
        score_batch(profiles, ODD, as_of=DAY)
    assert len(caught.value.offenders) == 4
    assert score_batch([], TABLE, key="id", as_of=DAY) == []


def test_encoded_once_scored_often() -> None:
    """A batch gives the same scores as its table, by any weights, at any moment, with matches kept or not."""
    batch = icp.encode(TABLE, PROFILE, key="id")
    for profile in (PROFILE, PROFILE.with_weight("signals", 3), PROFILE):
        for day in (DAY, "2026-11-10", DAY):
            expected = outcome(score_batch(profile, TABLE, key="id", as_of=day))
            assert outcome(score_batch(profile, batch, as_of=day)) == expected
            assert outcome(score_batch(profile, batch, as_of=day, keep=True)) == expected
    days = [DAY, "2026-11-10", DAY, "2026-10-01"]
    assert outcome(score_batch(PROFILE, batch, as_of=days, keep=True)) == outcome(
        score_batch(PROFILE, batch, as_of=days)
    )


def test_a_batch_is_encoded_already() -> None:
    """Settings of encoding are refused for a batch, and so is a profile that reads something else."""
    batch = icp.encode(TABLE, PROFILE, key="id")
    with pytest.raises(ValueError, match=r"a batch is encoded already: give key, unknown to icp.encode"):
        score_batch(PROFILE, batch, key="id", unknown=["x"])
    other = icp.Profile("Q", [icp.Dimension("D", [icp.Flag("profitable")])])
    with pytest.raises(icp.UnreadColumnsError, match="'profitable' was not encoded: encode the table for this profile"):
        score_batch(other, batch)


def test_each_account_at_its_own_moment() -> None:
    """A column of moments scores each account as it was then, whatever library the column is of."""
    days = [DAY, "2026-11-10", "2026-11-21", "2026-11-21"]
    expected = [icp.score(PROFILE, one, as_of=day).fit for one, day in zip(PER_ACCOUNT, days, strict=True)]
    for column in (days, tuple(days), np.array(days, "datetime64[D]"), pd.to_datetime(pd.Series(days)).dt.date):
        many = score_batch(PROFILE, TABLE, key="id", as_of=column)
        assert [None if np.isnan(fit) else fit for fit in many.fit] == expected


def test_what_happens_is_reported() -> None:
    """`on_event` gets the stats and the stamp of each profile."""
    seen: list[tuple[str, Mapping[str, Any]]] = []
    score_batch([PROFILE, PROFILE], TABLE, key="id", as_of=DAY, on_event=lambda *told: seen.append(told))
    assert [name for name, _ in seen] == ["score_batch", "score_batch"]
    assert seen[0][1]["rows"] == 4
    assert seen[0][1]["scoring_id"] == PROFILE.scoring_id


def test_what_is_no_profile_is_refused() -> None:
    """The error says what comes first."""
    with pytest.raises(TypeError, match=r"score_batch\(\) needs a Profile first, then the table \(got str 'p'\)"):
        score_batch("p", TABLE)  # type: ignore[arg-type]  # on purpose


def test_no_accounts_and_equal_accounts() -> None:
    """No account gives no score, and equal accounts equal ones; now is the moment where none is given."""
    assert len(score_batch(PROFILE, [])) == 0
    assert len(score_batch(PROFILE, [], key="id", as_of=[])) == 0
    same = score_batch(PROFILE, [PER_ACCOUNT[0]] * 1000, as_of=DAY)
    assert set(same.fit.tolist()) == {icp.score(PROFILE, PER_ACCOUNT[0], as_of=DAY).fit}
