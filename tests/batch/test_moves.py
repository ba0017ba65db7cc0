import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.batch.moves import KINDS, AccountChange, Changes, changes
from icpkit.testing import accounts, profiles
from tests.property.law import law

DAY = "2026-11-21"


def a_profile(*criteria: icp.Criterion, **options: Any) -> icp.Profile:
    """Give a profile of one dimension, whose fit is the attribute's own value unless it says otherwise."""
    asked = criteria or (icp.Range("x", 100, None, soft_low=0),)
    made: dict[str, Any] = {"min_coverage": 0} | options
    return icp.Profile("P", [icp.Dimension("D", asked)], **made)


def run(fits: dict[Any, float | None], profile: icp.Profile | None = None, **options: Any) -> icp.Scores:
    """Score accounts whose fits are these values."""
    data = {"id": list(fits), "x": list(fits.values())}
    asked: dict[str, Any] = {"key": "id", "as_of": DAY} | options
    return icp.score_batch(profile or a_profile(), data, **asked)


def kinds(found: Changes) -> dict[Any, str]:
    """Give what became of each account that moved."""
    return {one.key: one.kind for one in found}


# What became of them.


def test_kinds_of_changes() -> None:
    """Who is new entered, who is gone left, and between them tiers and statuses are compared."""
    before = run({"up": 50, "down": 50, "same": 50, "lost": 50, "left": 50, "blind": None})
    after = run({"entered": 90, "up": 80, "down": 39.999999, "same": 59, "lost": None, "blind": None})
    found = changes(before, after)
    assert kinds(found) == {"entered": "entered", "up": "up", "down": "down", "lost": "status", "left": "left"}
    assert [one.key for one in found.unmoved] == ["same", "blind"]
    assert found.counts == {"entered": 1, "left": 1, "up": 1, "down": 1, "status": 1, "held": 0, "same": 2}
    assert found.of("up").before == (50.0, "Moderate", "scored")
    assert found.of("up").after == (80.0, "Perfect", "scored")
    assert (found.of("entered").before, found.of("left").after) == (None, None)


@pytest.mark.parametrize(
    ("before", "after", "hysteresis", "kind"),
    [
        (59, 60, 0, "up"),
        (60, 59.999999, 0, "down"),
        (59, 62, 2, "held"),
        (59, 62.000001, 2, "up"),
        (61, 58, 2, "held"),
        (61, 57.999999, 2, "down"),
        (59, 81, 2, "up"),  # well beyond the first of two cuts
        (81, 59, 2, "down"),
        (81, 79, 2, "held"),
        (39, 40.1, 0.1, "held"),
        (39, 40.100001, 0.1, "up"),
        (61, 79, 2, "same"),
    ],
)
def test_hysteresis(before: float, after: float, hysteresis: float, kind: str) -> None:
    """A move counts where the first cut on its way is crossed by more than the hysteresis, to the millionth."""
    assert changes(run({"a": before}), run({"a": after}), hysteresis=hysteresis).of("a").kind == kind


def test_scales_with_other_cuts() -> None:
    """Tiers of the same names are compared by their places, though their cuts have moved."""
    scales = [icp.TierScale.from_cuts({"Go": cut, "Wait": 0}) for cut in (50, 70)]
    before, after = (run({"a": 60, "b": 80}, a_profile(tiers=scale)) for scale in scales)
    assert kinds(changes(before, after)) == {"a": "down"}
    assert kinds(changes(before, after, hysteresis=20)) == {"a": "held"}


def test_scales_with_other_names() -> None:
    """Where tiers have other names, both fits are read on the new scale."""
    before = run({"a": 60, "b": 80, "c": None}, a_profile(tiers=icp.TierScale.from_cuts({"A": 70, "B": 0})))
    found = changes(before, run({"a": 60, "b": 60, "c": None}))
    assert kinds(found) == {"b": "down"}
    assert found.migration.before == ("A", "B", "disqualified", "insufficient data", "absent")


def test_disqualified_accounts_have_no_tier_to_move_from() -> None:
    """Who stays disqualified is as before, whatever the fit does; who is no more has another status."""
    profile = a_profile(gates=[icp.Gate(icp.Flag("ok"))])
    rows = [{"id": "a", "x": 90, "ok": False}, {"id": "b", "x": 90, "ok": False}]
    later = [{"id": "a", "x": 10, "ok": False}, {"id": "b", "x": 10, "ok": True}]
    before, after = (icp.score_batch(profile, one, key="id", as_of=DAY) for one in (rows, later))
    found = changes(before, after)
    assert kinds(found) == {"b": "status"}
    assert found.of("a").points == -80.0


@given(
    st.dictionaries(st.integers(0, 20), st.none() | st.integers(0, 100)),
    st.dictionaries(st.integers(0, 20), st.none() | st.integers(0, 100)),
    st.sampled_from([0, 0.5, 10]),
)
def test_everybody_is_counted_once(old: dict[int, int | None], new: dict[int, int | None], hysteresis: float) -> None:
    """The counts and the migration hold every account of both runs once, and no move is told without another tier."""
    before, after = run(dict(old)), run(dict(new))
    found = changes(before, after, hysteresis=hysteresis)
    keys = {*old, *new}
    assert sum(found.counts.values()) == len(keys) == len(found) + len(found.unmoved)
    assert sum(map(sum, found.migration.counts)) == len(keys)
    assert {one.key for one in (*found, *found.unmoved)} == keys
    for one in (*found, *found.unmoved):
        assert one == found.of(one.key)
        moved = one.before is not None and one.after is not None and one.before.tier != one.after.tier
        assert moved == (one.kind in {"up", "down", "held", "status"})
        assert one.kind != "up" or (one.points or 0) > 0
        assert one.kind != "down" or (one.points or 0) < 0
        assert hysteresis or one.kind != "held"


def test_migration() -> None:
    """The matrix has tiers, statuses and absence at both sides."""
    found = changes(run({"a": 90, "b": 90, "c": None}), run({"a": 50, "c": 90, "d": None})).migration
    assert (
        found.before
        == found.after
        == ("Perfect", "Strong", "Moderate", "Weak", "disqualified", "insufficient data", "absent")
    )
    assert {(found.before[row], found.after[place]) for row, place in np.argwhere(found.counts).tolist()} == {
        ("Perfect", "Moderate"),
        ("Perfect", "absent"),
        ("insufficient data", "Perfect"),
        ("absent", "insufficient data"),
    }


# Some of them.


def moved() -> Changes:
    """Give changes of all kinds."""
    before = run({"a": 50, "b": 50, "c": 70, "d": 90, "e": 59, "f": None, "g": 5})
    return changes(before, run({"a": 95, "b": 65, "c": 30, "e": 61, "f": 81, "h": None, "i": 99, "g": 7}), hysteresis=2)


def test_filters() -> None:
    """Changes are filtered by kind, by the tier now or then, and by points, again and again."""
    found = moved()
    assert list(kinds(found)) == ["a", "b", "c", "e", "f", "h", "i", "d"]
    assert list(kinds(found.only("up", "down"))) == ["a", "b", "c"]
    assert list(kinds(found.only("held"))) == ["e"]
    assert list(kinds(found.into("Perfect"))) == ["a", "f", "i"]
    assert list(kinds(found.into("Perfect").only("up"))) == ["a"]
    assert list(kinds(found.out_of("Strong", "Perfect"))) == ["c", "d"]
    assert list(kinds(found.by_at_least(40))) == ["a", "c"]
    assert list(kinds(found.weightiest(3))) == ["i", "d", "f"]
    assert list(kinds(found.only("up", "down", "held").weightiest(9))) == ["a", "c", "b", "e"]
    assert list(kinds(found.unmoved.only("same"))) == ["g"]
    assert list(kinds(found.unmoved.only("up"))) == []


def test_all_accounts_are_chosen_from() -> None:
    """Kinds and points are looked for among all accounts, moved or not; once some are chosen, among these."""
    found = changes(run({"a": 50, "b": 61, "c": 5}), run({"a": 95, "b": 79, "c": 6}))
    assert list(kinds(found)) == ["a"]
    assert list(kinds(found.by_at_least(10))) == ["a", "b"]
    assert list(kinds(found.by_at_least(45))) == ["a"]
    assert list(kinds(found.only("same"))) == ["b", "c"]
    assert list(kinds(found.only("same").by_at_least(10))) == ["b"]
    assert list(kinds(found.by_at_least(1).only("up"))) == ["a"]
    assert list(kinds(found.into("Strong", "Perfect"))) == ["a"]
    assert list(kinds(found.all)) == ["a", "b", "c"]
    assert list(kinds(found.all.into("Strong", "Perfect"))) == ["a", "b"]
    assert list(kinds(found[:].by_at_least(10))) == ["a"]


def test_one_line() -> None:
    """A comparison counts all accounts by kind; a choice says how many it has of them."""
    found = moved()
    assert repr(found).startswith("<Changes: 9 accounts: 2 entered, 1 left, 2 up, 1 down, ")
    assert repr(found.only("up")) == "<Changes: 2 of 9 accounts: 2 up>"
    assert repr(found.only()) == "<Changes: 0 of 9 accounts>"
    assert repr(found.all).startswith("<Changes: 9 of 9 accounts: ")


def test_main_causes() -> None:
    """The main cause is the step that moved the fit furthest on its way, or the last that changed the status."""
    signal = a_profile(icp.Range("x", 100, None, soft_low=0), icp.Recency("seen", linear=100))
    weeks = [({"id": ["a"], "x": [x], "seen": ["2026-11-01"]}, day) for x, day in ((50, "2026-11-01"), (70, DAY))]
    before, after = (icp.score_batch(signal, data, key="id", as_of=day) for data, day in weeks)
    assert (changes(before, after).of("a").points, changes(before, after).of("a").cause) == (0.0, "time")
    lost = icp.score_batch(signal, weeks[0][0], key="id", as_of=DAY)
    assert changes(before, lost).of("a").cause == "time"
    assert changes(before, before).of("a").cause is None
    assert changes(run({"a": 10}), run({"b": 10})).of("a").cause is None


def test_a_tier_that_rose_against_the_fit_owes_it_to_the_profile() -> None:
    """Where cuts move, who goes up with a lower fit does so by the profile, whatever the fit lost."""
    before = run({"a": 62, "b": 39})
    after = run(
        {"a": 61, "b": 39},
        a_profile(tiers=icp.TierScale.from_cuts({"Perfect": 61, "Strong": 45, "Moderate": 39, "Weak": 0})),
    )
    assert kinds(changes(before, after)) == {"a": "up", "b": "up"}
    assert [one.cause for one in changes(before, after)] == ["profile", "profile"]


def test_a_sequence() -> None:
    """Changes have a length, places and slices, and keep the order of the new accounts, then of those that left."""
    found = moved()
    assert (len(found), found[0].key, found[-1].key) == (8, "a", "d")
    assert [one.key for one in found[1:3]] == ["b", "c"]
    assert found[0] in found
    assert isinstance(found[0], AccountChange)
    assert found.counts == found[:1].counts
    with pytest.raises(IndexError):
        found[8]
    with pytest.raises(TypeError, match=r"a place must be a whole number \(got 'a'\); changes.of\(…\) takes a key"):
        found["a"]  # type: ignore[call-overload]  # on purpose


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda found: found.only("upp"), "a kind must be one of entered, left, up, down, status, held, same"),
        (lambda found: found.into("perfekt"), r"'P' has no tier 'perfekt'; did you mean 'Perfect'\?"),
        (lambda found: found.out_of("A"), "'P' has no tier 'A'; Perfect, Strong, Moderate, Weak"),
        (lambda found: found.into(["Perfect"]), r"'P' has no tier \['Perfect'\]; "),
        (lambda found: found.only(["up"]), r"a kind must be one of .* \(got \['up'\]\)"),
        (lambda found: found.by_at_least("5"), r"points must be a number of points, 0 or more \(got '5'\)"),
        (lambda found: found.by_at_least(-5), r"points must be a number of points, 0 or more \(got -5\)"),
        (lambda found: found.weightiest(-5), r"count must be at least 0 \(got -5\)"),
    ],
)
def test_filters_refuse_what_there_is_not(ask: Any, message: str) -> None:
    """A kind or a tier that does not exist is an error that names those that do."""
    with pytest.raises(ValueError, match=message):
        ask(moved())


def test_one_account() -> None:
    """Any account is found by its key, and an unknown key is an error with a hint."""
    found = moved()
    assert [found.of(key).kind for key in "gdhi"] == ["same", "left", "entered", "entered"]
    with pytest.raises(KeyError, match="neither run has the key 'zz'"):
        found.of("zz")
    with pytest.raises(KeyError, match=r"neither run has the key \['a'\]"):
        found.of(["a"])
    with pytest.raises(KeyError, match=r"did you mean 'acme'\?"):
        changes(run({"acme": 1}), run({"acme": 2})).of("acmee")


# Keys.


def test_who_left_is_found_among_many() -> None:
    """Each that left has its own standing."""
    before = run({key: float(key) for key in range(0, 100, 2)})
    found = changes(before, run({key: float(key) for key in range(0, 100, 4)}))
    assert {one.key: one.before.fit for one in found if one.before} == {key: float(key) for key in range(2, 100, 4)}
    assert found.of(50).before == (50.0, "Moderate", "scored")


def test_keys_of_two_kinds() -> None:
    """Keys that are the same as text, but not as they are, are an error; no common keys at all are none."""
    with pytest.raises(ValueError, match=r"keys of one kind in both runs \(got int before, str after\)"):
        changes(run({1: 1, 2: 2}), run({"1": 1}))
    assert changes(run({1: 1}), run({"a": 1})).counts["entered"] == 1
    assert repr(changes(run({}), run({}))) == "<Changes: no accounts>"


@pytest.mark.parametrize("side", ["before", "after"])
def test_keys_are_needed(side: str) -> None:
    """Scores without keys cannot be compared."""
    runs = {"before": run({"a": 1}), "after": run({"a": 1}), side: run({"a": 1}, key=None)}
    with pytest.raises(ValueError, match=f"got none in '{side}'"):
        changes(runs["before"], runs["after"])


def test_only_scores_are_compared() -> None:
    """Anything else is a TypeError."""
    with pytest.raises(TypeError, match=r"needs the Scores of two runs, as score_batch gives them \(got list\)"):
        changes(run({"a": 1}), [])  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize("hysteresis", [-1, float("nan"), float("inf"), True, "2"])
def test_hysteresis_must_be_points(hysteresis: Any) -> None:
    """The hysteresis is a finite number of points, from 0 on."""
    with pytest.raises(ValueError, match="hysteresis must be a number of points, 0 or more"):
        changes(run({"a": 1}), run({"a": 1}), hysteresis=hysteresis)


# Why.


@law
@given(profiles(), st.data())
def test_steps_sum_to_the_change(profile: icp.Profile, data: st.DataObject) -> None:
    """For every account that is in both runs, the steps sum to the change of its fit, where all have fits."""
    weeks = []
    for day in ("2026-11-14", DAY):
        drawn = [data.draw(accounts(profile, as_of=icp.score(profile, {}, as_of=day).as_of)) for _ in range(2)]
        rows = [{"id": f"account {place}", **row} for place, row in enumerate(drawn)]
        weeks.append(icp.score_batch(profile, rows, key="id", as_of=day, on_invalid="unknown"))
    found = changes(*weeks)
    for one in (*found, *found.unmoved):
        assert [step.cause for step in one.steps] == ["time", "data", "profile"]
        parts = [step.millionths for step in one.steps]
        assert parts[2] in {0, None}  # the profile is the same
        if None not in parts:
            assert sum(part for part in parts if part is not None) == one.millionths
            assert one.points == (one.millionths or 0) / 1e6
        assert json.dumps(one.to_dict(), allow_nan=False)


def test_only_what_is_asked_for_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparing, counting and filtering score nobody; a step is explained once."""
    before, after = run({"a": 50, "b": 50}), run({"a": 90, "b": 51})
    scored = []
    score = icp.Scorer.score

    def counted(*arguments: Any, **options: Any) -> icp.Score:
        scored.append(1)
        return score(*arguments, **options)

    monkeypatch.setattr(icp.Scorer, "score", counted)
    found = changes(before, after)
    assert (len(found.only("up").into("Perfect").weightiest(3)), repr(found)) == (
        1,
        "<Changes: 2 accounts: 1 up, 1 same>",
    )
    assert found.counts["up"] == 1
    assert scored == []
    (one,) = found
    assert one.steps == one.steps
    assert len(scored) == 1  # the moments are the same, so that only the data are scored anew
    assert (one.attributes[0].before, one.attributes[0].after) == (50, 90)


def test_plain_data() -> None:
    """A change becomes plain data, with nothing for a side on which there is none."""
    found = changes(run({"a": 50, "b": 1}), run({"a": 80, "c": None}))
    assert found.of("a").to_dict() == {
        "key": "a",
        "kind": "up",
        "before": {"fit": 50.0, "tier": "Moderate", "status": "scored"},
        "after": {"fit": 80.0, "tier": "Perfect", "status": "scored"},
        "points": 30.0,
        "cause": "data",
        "steps": {"time": 0.0, "data": 30.0, "profile": 0.0},
        "attributes": {"x": {"before": 50, "after": 80}},
    }
    assert found.of("b").to_dict() == {
        "key": "b",
        "kind": "left",
        "before": {"fit": 1.0, "tier": "Weak", "status": "scored"},
        "after": None,
        "points": None,
        "cause": None,
        "steps": {},
        "attributes": {},
    }
    assert found.of("c").to_dict()["after"] == {"fit": None, "tier": None, "status": "insufficient data"}


def test_faces() -> None:
    """Changes and each of them show themselves as text and in notebooks."""
    found = moved()
    assert str(found) == found.to_text()
    assert found._repr_html_() == found.to_html(full=False)
    assert found._repr_html_() in found.to_html()
    assert found.to_text(most=1) != found.to_text()
    assert (
        str(found[0]) == found[0].to_text() == "a: Moderate 50.0 → Perfect 95.0 (+45.0): data +45.0, changed: x 50 → 95"
    )
    assert set(kinds(found).values()) <= set(KINDS)
