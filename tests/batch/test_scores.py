import copy
import pickle
import uuid
from typing import Any

import attrs
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import icpkit as icp
from icpkit.batch import scores as module
from icpkit.batch import summary

DAY = "2026-11-21"
PROFILE = icp.Profile(
    "P",
    [
        icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_high=1000), icp.Flag("listed", weight=0)]),
        icp.Dimension("Signals", [icp.Recency("last_demo", half_life=30)]),
    ],
    gates=[icp.Gate(~icp.Flag("competitor"))],
    adjustments=[icp.Adjustment(5, icp.Flag("partner"))],
    min_coverage=0.4,
)
TABLE: dict[str, list[Any]] = {
    "id": ["acme", "globex", "initech", "umbrella"],
    "employees": [600, 80, None, 100],
    "listed": [True, None, None, False],
    "last_demo": ["2026-11-01", None, None, "2026-11-20"],
    "competitor": [False, None, False, True],
    "partner": [True, False, None, None],
}
PER_ACCOUNT = [dict(zip(TABLE, row, strict=True)) for row in zip(*TABLE.values(), strict=True)]


def scored(data: Any = TABLE, **settings: Any) -> icp.Scores:
    """Score the accounts."""
    return icp.score_batch(PROFILE, data, **{"key": "id", "as_of": DAY, **settings})


def test_arrays_are_those_of_each_account() -> None:
    """Fit, tier, status, coverage and bounds are what each account gets by itself; the arrays are read-only."""
    many = scored()
    for row, account in enumerate(PER_ACCOUNT):
        one = icp.score(PROFILE, account, as_of=DAY, key="id")
        fit = None if np.isnan(many.fit[row]) else many.fit[row]
        assert (fit, many.tier[row], many.status[row]) == (one.fit, one.tier, one.status)
        assert (many.coverage[row], many.low[row], many.high[row]) == (one.coverage, one.low, one.high)
        assert many.certain[row] == one.certain
    for name in ("fit", "low", "high", "coverage", "tier", "tier_rank", "status", "certain"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(many, name)[0] = None


def test_an_account_is_found_by_its_key() -> None:
    """`many[key]` gives the score of `icp.score`, with its explanation; what is not there is told."""
    many = scored()
    assert many["acme"] == icp.score(PROFILE, PER_ACCOUNT[0], as_of=DAY, key="id")
    assert many["acme"].explanation.points == icp.score(PROFILE, PER_ACCOUNT[0], as_of=DAY).explanation.points
    assert ("acme" in many, "acne" in many, "acme" in many.batch) == (True, False, True)
    assert [score.key for score in many] == list(many.keys) == TABLE["id"]
    assert many.at(-1) == many["umbrella"]
    with pytest.raises(KeyError, match="no account has the key 'acne'; did you mean 'acme'"):
        many["acne"]
    with pytest.raises(KeyError, match=r"no account has the key 'zzzzzz'\""):
        many["zzzzzz"]
    with pytest.raises(KeyError, match=r"many.at\(0\) gives an account by its place"):
        many[0]
    with pytest.raises(KeyError, match=r"many\.fit is the array of all"):
        many["fit"]
    with pytest.raises(KeyError, match=r"the key slice; many.at\(0\) gives an account by its place, many.top"):
        many[:2]
    with pytest.raises(KeyError, match=r"no account has the key \['acme'\]"):
        many[["acme"]]
    with pytest.raises(TypeError, match=r"a place must be a whole number \(got 'acme'\); many\[…\] gives"):
        many.at("acme")  # type: ignore[arg-type]  # on purpose
    with pytest.raises(IndexError, match=r"there are 4 accounts \(got 4\)"):
        many.at(4)


def test_without_keys_accounts_are_numbered() -> None:
    """Where no key was named, accounts are found by their numbers from 0."""
    many = scored(key=None)
    assert list(many.keys) == [0, 1, 2, 3]
    assert many[0].key is None
    assert many[0].fit == many.fit[0]
    with pytest.raises(KeyError, match=r"no account has the key 9; there are 4 accounts, .* score_batch\(…, key=…\)"):
        many[9]


def test_keys_that_are_uuids_are_their_text() -> None:
    """A UUID finds its account, whose key is its text as databases write it."""
    keys = [uuid.UUID(int=place) for place in range(4)]
    many = scored({**TABLE, "id": keys})
    assert many.keys[2] == str(keys[2])
    assert many[keys[2]] == many[str(keys[2])] == many.at(2)
    assert (keys[3] in many, uuid.UUID(int=9) in many) == (True, False)
    assert many.to_frame()["key"] == keys


def test_tiers_are_numbers_too() -> None:
    """`tier_rank` is the place of each tier in the profile's scale, 0 the best, -1 for none."""
    many = scored()
    names = [tier.name for tier in PROFILE.tiers.tiers]
    assert many.tier_rank.dtype == np.int16
    assert [None if rank < 0 else names[rank] for rank in many.tier_rank] == many.tier.tolist()


def test_contributions_are_those_of_the_explanation() -> None:
    """Each account's millionths are those of its explanation, criteria of weight 0 included, and sum to its fit."""
    many = scored()
    parts = many.contributions()
    for row in range(len(many)):
        points = many.at(row).explanation.points
        expected = dict(points) if points else dict.fromkeys(parts.paths, 0)
        assert dict(zip(parts.paths, parts.millionths[row].tolist(), strict=True)) == expected
    assert parts["size/employees"].tolist() == parts.millionths[:, 0].tolist()
    with pytest.raises(KeyError, match="nothing adds at 'size/employes'; did you mean 'size/employees'"):
        parts["size/employes"]
    with pytest.raises(KeyError, match="nothing adds at 'zzz'; size/employees, "):
        parts["zzz"]
    with pytest.raises(KeyError, match="nothing adds at 0; size/employees, "):
        parts[0]  # type: ignore[index]  # on purpose


def test_the_best_come_first() -> None:
    """`top` gives scored accounts alone, by their fit or by the fit that is certain."""
    many = scored()
    assert [score.key for score in many.top(9)] == ["acme", "globex"]
    assert [score.key for score in many.top(1, order="low")] == ["acme"]
    assert many.top(0) == ()
    with pytest.raises(ValueError, match=r'order must be "fit" or "low" \(got \'best\'\)'):
        many.top(1, order="best")  # type: ignore[arg-type]  # on purpose
    with pytest.raises(ValueError, match=r"count must be at least 0 \(got -1\)"):
        many.top(-1)
    with pytest.raises(TypeError, match=r"count must be a whole number \(got 'x'\)"):
        many.top("x")  # type: ignore[arg-type]  # on purpose


def test_another_scale_is_a_preview() -> None:
    """Tiers are counted with the certain ones and their coverage, by another scale without any change."""
    many = scored()
    before = many.tier.tolist()
    mine, other = many.tier_counts(), many.tier_counts(icp.TierScale.from_cuts({"In": 50, "Out": 0}))
    assert [(one.name, one.count) for one in other] == [("In", 2), ("Out", 0)]
    assert sum(one.count for one in mine) == 2
    assert {one.coverage is None for one in mine if not one.count} == {True}
    assert many.tier.tolist() == before
    with pytest.raises(TypeError, match=r"scale must be a TierScale \(got dict\)"):
        many.tier_counts({"In": 50})  # type: ignore[arg-type]  # on purpose


def test_a_table_of_the_kind_that_came_in() -> None:
    """Rows and index stay as they were; the columns are those of the one result schema, and more on request."""
    frame = pd.DataFrame(TABLE, index=[7, 3, 5, 1])
    plain = scored(frame).to_frame()
    assert list(plain.columns) == list(icp.SCHEMA)
    assert plain.index.tolist() == [7, 3, 5, 1]
    assert plain["tier"].cat.ordered
    assert plain["tier"].cat.categories.tolist() == ["Weak", "Moderate", "Strong", "Perfect"]
    full = scored(frame).to_frame(contributions=True, reasons=2, stamp=True)
    assert {"reason_1", "reason_2", "size/employees", "clip", "limit", "scoring_id", "as_of"} <= set(full.columns)
    parts = scored(frame).contributions().paths
    summed = full[list(parts)].sum(axis=1, skipna=False)
    assert np.allclose(summed, full["fit"], equal_nan=True)
    assert full["as_of"].astype(str).tolist() == [DAY] * 4
    polars = scored(pl.DataFrame(TABLE)).to_frame()
    assert polars["fit"].null_count() == 1
    assert scored().detach().to_frame()[0]["key"] == "acme"
    assert "key" not in scored(PER_ACCOUNT, key=None).to_frame()[0]


def test_each_row_is_stamped_with_its_own_moment() -> None:
    """Where each account has a moment of its own, the stamp of its row says so."""
    moments = ["2026-11-21", "2026-11-22", "2026-11-21", "2026-11-23"]
    many = scored(PER_ACCOUNT, as_of=moments)
    assert [row["as_of"] for row in many.to_frame(stamp=True)] == moments
    assert many.stamp["as_of"] == "by account"


def test_more_tiers_than_a_byte_counts() -> None:
    """Two hundred tiers are told apart, in arrays and in tables."""
    scale = icp.TierScale([icp.Tier(f"T{i}", 100 - i / 2) for i in range(200)] + [icp.Tier("Last", 0)])
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Range("x", 100, None, soft_low=0)])], tiers=scale)
    many = icp.score_batch(profile, {"x": [0, 100, 50, 1]}, as_of=DAY)
    assert many.tier.tolist() == ["Last", "T0", "T100", "T198"]
    assert [row["tier"] for row in icp.score_batch(profile, [{"x": 0}], as_of=DAY).to_frame()] == ["Last"]


def test_the_run_is_told() -> None:
    """Stats and stamp are plain data; the faces say the same in words."""
    many = scored()
    assert many.stats["rows"] == 4
    assert many.stats["status"] == {"scored": 2, "disqualified": 1, "insufficient data": 1}
    assert many.stats["tier"] == {one.name: one.count for one in many.tier_counts()}
    assert many.stats["unknown"]["size/employees"] == 1
    assert set(many.stats["seconds"]) == {"encode", "plan", "score"}
    assert many.stamp["scoring_id"] == PROFILE.scoring_id
    assert repr(many).startswith("<Scores: 4 accounts by 'P': ")
    assert repr(many).endswith("1 disqualified, 1 insufficient data>")
    assert str(many) == many.to_text()
    assert many._repr_mimebundle_() == {"text/plain": repr(many), "text/html": many.to_html(full=False)}
    assert many.to_html().startswith("<!doctype html>")
    only_scored = scored({name: values[:2] for name, values in TABLE.items()})
    assert "disqualified" not in repr(only_scored)


def test_reasons_are_those_of_each_account() -> None:
    """The weightiest reasons of every account, as its own score gives them."""
    many = scored()
    assert many.reasons(2) == [many.at(row).reasons(2) for row in range(4)]
    with pytest.raises(TypeError, match=r"reasons must be a whole number \(got True\)"):
        many.to_frame(reasons=True)
    assert module.STATUSES[0] == "scored"


def test_a_summary_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """All faces and the stats of scores share one summary."""
    counted: list[int] = []
    real = summary.summary_of

    def count(scores: icp.Scores) -> summary.Summary:
        counted.append(len(scores))
        return real(scores)

    monkeypatch.setattr(summary, "summary_of", count)
    many = scored()
    assert all((many.to_text(), many.to_html(), many.stats["rows"], many._repr_html_()))
    assert counted == [4]
    assert many.summary == real(many)


@attrs.define
class Company:
    """A company as an object."""

    id: str
    employees: int | None
    listed: bool | None
    last_demo: str | None
    competitor: bool | None
    partner: bool | None


TABLES: dict[str, Any] = {
    "records": PER_ACCOUNT,
    "objects": [Company(**one) for one in PER_ACCOUNT],
    "columns": TABLE,
    "arrays": {**TABLE, "employees": np.array([600, 80, np.nan, 100])},
    "pandas": pd.DataFrame(TABLE),
    "Polars": pl.DataFrame(TABLE),
    "lazy": pl.LazyFrame(TABLE),
    "Arrow": pa.table(TABLE),
    "accounts": icp.Accounts(tuple(TABLE), tuple(map(tuple, TABLE.values())), key="id"),
}


@pytest.mark.parametrize("how", [lambda one: pickle.loads(pickle.dumps(one)), copy.copy, copy.deepcopy])
@pytest.mark.parametrize("kind", TABLES)
def test_scores_are_pickled_and_copied(kind: str, how: Any) -> None:
    """Scores of every kind of table go to another process and back, or are copied, and say the same; caches stay."""
    many = scored(TABLES[kind])
    assert (many["acme"].tier, many.tier[0], many.certain[0]) == ("Strong", "Strong", True)
    again = how(many)
    assert isinstance(again, icp.Scores)
    assert "tier" not in vars(again)
    assert list(again) == list(many)
    assert again["acme"].explanation == many["acme"].explanation
    assert str(again) == str(many)
    assert again.to_frame(contributions=True, reasons=1).__class__ is many.to_frame().__class__
    for name in ("fit", "tier", "tier_rank", "certain"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(again, name)[0] = None
