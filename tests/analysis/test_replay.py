import json
import pickle
from typing import Any

import attrs
import numpy as np
import pandas as pd
import pytest

import icpkit as icp
from tests.analysis.cases import DAY, a_profile, accounts, replayed, revised


def plain(**options: Any) -> icp.Profile:
    """Give a profile whose fit is the attribute's own value."""
    made: dict[str, Any] = {"min_coverage": 0} | options
    return icp.Profile("P", [icp.Dimension("D", [icp.Range("x", 100, None, soft_low=0)])], **made)


def on_values(before: icp.Profile, after: icp.Profile, values: list[float | None], **options: Any) -> icp.Replay:
    """Replay a change on accounts of these values."""
    return icp.replay(before, after, {"x": values}, as_of=DAY, **options)


def scale(*cuts: float) -> icp.TierScale:
    """Give a scale of tiers with these cuts."""
    return icp.TierScale.from_cuts(dict(zip("ABCD", (*cuts, 0), strict=False)))


# Who moves.


def test_movers() -> None:
    """Who changes tier or status is told, the weightiest first, and those of another status by their fit."""
    found = replayed()
    assert [(one.key, one.kind) for one in found] == [("umbra", "status"), ("stark", "status"), ("acme", "down")]
    assert found.counts == {"up": 0, "down": 1, "status": 2, "same": 4}
    assert found.of("acme").before == icp.changes(found.before, found.after).of("acme").before
    assert (found.of("globex").kind, len(found.all)) == ("same", 7)
    assert repr(found) == "<Replay: 'SaaS' → 'SaaS', 6 edits, 7 accounts: 1 down, 2 status, 4 same>"


def test_migration() -> None:
    """The matrix has the tiers and the two statuses without one; nobody can be absent."""
    found = replayed().migration
    assert found.after == ("Perfect", "Strong", "Moderate", "Weak", "disqualified", "insufficient data")
    cells = np.argwhere(np.array(found.counts)).tolist()
    assert [(found.before[row], found.after[place]) for row, place in cells] == [
        ("Perfect", "Strong"),
        ("Perfect", "disqualified"),
        ("Strong", "Strong"),
        ("Moderate", "Moderate"),
        ("Moderate", "insufficient data"),
    ]


def test_the_same_profile_changes_nothing() -> None:
    """A profile replayed against itself has no edits, no movers, and says so."""
    found = replayed(after=a_profile())
    assert (len(found), found.edits, found.effects) == (0, (), ())
    one = found.of("acme")
    assert (one.kind, one.points, one.steps, one.edit) == ("same", 0.0, (), None)
    assert "the profiles do not differ" in str(found)
    assert "the profiles do not differ" in found.to_html()
    assert str(one) == "acme: Perfect 81.5 → Perfect 81.5 (+0.0)"
    assert repr(found) == "<Replay: 'SaaS' → 'SaaS', 0 edits, 7 accounts: 7 same>"
    assert len(found.all.to_frame()) == 7


def test_edits_without_effect_move_nobody() -> None:
    """Names, notes and the stage move nobody; they are listed as what has no effect on scores."""
    found = replayed(after=attrs.evolve(a_profile(), name="Renamed", stage="active"))
    assert len(found) == 0
    assert [step.millionths for step in found.of("acme").steps] == [0, 0]
    assert "Without effect on scores: name 'SaaS' → 'Renamed', stage 'draft' → 'active'" in str(found)
    assert "SaaS → Renamed · replayed as of 2026-11-21" in str(found)
    assert found.of("acme").edit is None


def test_a_renamed_criterion_moves_nobody() -> None:
    """What a criterion is called moves no score."""
    before = a_profile()
    industry: Any = before["firmographics/industry"]
    firm: Any = before["firmographics"]
    renamed = attrs.evolve(firm, criteria=[firm.criteria[0], attrs.evolve(industry, name="sector")])
    found = replayed(after=before.with_dimension(renamed))
    assert [(edit.changes[0].kind, edit.scores) for edit in found.edits] == [("renamed", False)]
    assert len(found) == 0


def test_scales_with_other_names() -> None:
    """Where tiers have other names, both fits are read on the new scale, as comparisons of runs do."""
    before, after = plain(tiers=icp.TierScale.from_cuts({"Hot": 60, "Cold": 0})), plain(tiers=scale(90, 50))
    found = on_values(before, after, [95, 70, 20])
    assert found.counts == {"up": 0, "down": 0, "status": 0, "same": 3}
    assert [(one.name, one.before, one.after) for one in found.tiers] == [
        ("A", None, 1),
        ("B", None, 1),
        ("C", None, 1),
        ("Hot", 2, None),
        ("Cold", 1, None),
    ]
    lifted = plain(tiers=scale(90, 50)).with_adjustment(icp.Adjustment(30, icp.Range("x", 1, None)))
    found = on_values(before, lifted, [95, 70, 20])
    assert [(one.key, one.kind, one.edit and one.edit.changes[0].part) for one in found] == [
        (1, "up", "adjustment"),
        (2, "up", "adjustment"),
    ]
    assert "Hot" in str(found)
    assert found.to_svg().count("f-earned s-earned") == 0  # nobody can tell which way tiers of other names go


def test_everybody_without_enough_data() -> None:
    """Where nobody has a fit, what is asked gets an answer and points are None."""
    found = on_values(plain(), plain(min_coverage=0.5), [None, None])
    assert (len(found), found.counts["same"]) == (0, 2)
    one = found.of(1)
    assert (one.points, one.millionths, [step.points for step in one.steps]) == (None, None, [None])
    assert one.edit is None
    assert str(one) == "1: Not enough data → Not enough data"


def test_no_accounts() -> None:
    """Nobody is replayed without an error."""
    found = on_values(plain(), plain(min_coverage=0.5), [])
    assert (len(found), sum(found.counts.values())) == (0, 0)
    assert set(map(len, found.to_frame().values())) == {0}
    assert "no accounts" in str(found)
    assert repr(found) == "<Replay: 'P' → 'P', 1 edit, no accounts>"
    assert found.to_html()
    assert found.to_dict()["movers"] == []


# Which edit moves them.


def test_points_sum_to_the_change() -> None:
    """What the edits add sums exactly to the change, in the order of the difference."""
    found = replayed()
    acme = found.of("acme")
    assert [step.edit.number for step in acme.steps] == [1, 2, 3, 4, 5, 6]
    assert acme.millionths == -3_700_395
    assert [step.millionths for step in acme.steps] == [-3_700_395, 0, 0, 0, 0, 0]
    globex = found.of("globex")
    assert [step.millionths for step in globex.steps][:2] == [2_305_506, 3_733_333]
    assert globex.millionths == sum(step.millionths or 0 for step in globex.steps)
    assert globex.edit is found.edits[1]


def test_a_status_is_owed_to_the_edit_that_changed_it() -> None:
    """A gate owes for whom it shuts out, whatever edits did to the fit before; a lost fit is None, not 0."""
    found = replayed()
    umbra, stark = found.of("umbra"), found.of("stark")
    assert umbra.edit is found.edits[2]
    assert umbra.steps[2].before.status == "scored"
    assert umbra.steps[2].after.status == "disqualified"
    assert umbra.steps[0].millionths == umbra.millionths
    assert stark.edit is found.edits[0]
    assert [step.millionths for step in stark.steps] == [None] * 6
    assert (stark.points, stark.after.fit) == (None, None)


def test_a_cut_that_moves_past_a_fit_counts_as_points() -> None:
    """Who changes tier by a cut owes it to the tiers, though another edit moved the fit by a little."""
    before = plain(tiers=scale(80, 40), adjustments=[icp.Adjustment(1, icp.Range("x", 1, None))])
    after = plain(tiers=scale(70, 40), adjustments=[icp.Adjustment(2, icp.Range("x", 1, None))])
    found = on_values(before, after, [71, 78.5, 10])
    assert {one.key: one.edit and one.edit.changes[0].part for one in found} == {0: "profile", 1: "adjustment"}
    assert found.of(0).steps[1].before.tier == "B"
    assert found.of(0).steps[1].after == (73.0, "A", "scored")
    down = on_values(after, before, [71, 78.5, 10])
    assert {one.key: one.edit and one.edit.changes[0].part for one in down} == {0: "profile", 1: "profile"}


def test_effects() -> None:
    """Each edit has its movers up and down, its points, and those for whom it is the weightiest."""
    found = replayed()
    told = {one.edit.number: (one.raised, one.lowered, one.up, one.down, one.status) for one in found.effects}
    assert told == {
        1: (0, 2, 0, 1, 1),
        2: (0, 0, 0, 0, 0),
        3: (0, 0, 0, 0, 1),
        4: (0, 0, 0, 0, 0),
        5: (0, 0, 0, 0, 0),
        6: (0, 0, 0, 0, 0),
    }
    first = found.effects[0]
    assert first.millionths == sum(found.of(key).steps[0].millionths or 0 for key in ("acme", "umbra"))
    assert (first.points, first.moves) == (first.millionths / 1e6, 2)
    assert sum(one.raised for one in found.all.effects) > 0


def test_moments_by_account() -> None:
    """Each account may be scored at a moment of its own."""
    days = [f"2026-11-{day}" for day in range(20, 27)]
    found = replayed(as_of=days)
    for one, day in zip(found.after.keys, days, strict=True):
        step = found.of(one).steps[0]
        score = icp.score(step.edit.after, found.after.batch.account(found.after.batch.row_of[one]), as_of=day)
        assert step.after.fit == score.fit


# Some of them.


def test_choosing() -> None:
    """Movers are chosen by kind, tier and points; kinds and points among all accounts, once some are chosen these."""
    found = replayed()
    assert [one.key for one in found.only("down", "status")] == ["umbra", "stark", "acme"]
    assert {one.key for one in found.only("same")} == {"globex", "hooli", "initech", "wonka"}
    assert [one.key for one in found.out_of("Perfect")] == ["umbra", "acme"]
    assert [one.key for one in found.into("Strong")] == ["acme"]
    assert {one.key for one in found.by_at_least(3)} == {"acme", "globex", "initech"}
    assert [one.key for one in found[1:]] == ["stark", "acme"]
    assert [one.key for one in found[1:].only("down")] == ["acme"]
    assert (found[0].key, found[-1].key, found[:1].counts) == ("umbra", "acme", found.counts)
    assert found[0] in found
    assert len(found.only("up").effects) == 6


@pytest.mark.parametrize(
    ("ask", "error", "message"),
    [
        (lambda found: found["acme"], TypeError, r"a place must be a whole number \(got 'acme'\); replay\.of\(…\)"),
        (lambda found: found.of("acmee"), KeyError, r"no account has the key 'acmee'; did you mean 'acme'\?"),
        (lambda found: found.of(["acme"]), KeyError, r"no account has the key \['acme'\]"),
        (lambda found: found.of("zzzzzz"), KeyError, "no account has the key 'zzzzzz'"),
        (lambda found: found.only("upp"), ValueError, "a kind must be one of"),
        (lambda found: found.into("perfect"), ValueError, r"has no tier 'perfect'; did you mean 'Perfect'\?"),
    ],
)
def test_what_there_is_not(ask: Any, error: type[Exception], message: str) -> None:
    """A key, kind or tier that there is not is an error with a hint."""
    with pytest.raises(error, match=message):
        ask(replayed())


# What goes in.


@attrs.frozen
class Version:
    """What a history gives: a profile with a number."""

    number: Any
    profile: Any


def test_versions() -> None:
    """A version stands for its profile, and its number is told."""
    found = replayed(Version(1, a_profile()), Version(2, revised()))  # type: ignore[arg-type]  # on purpose
    assert found.names == ("SaaS v1", "SaaS v2")
    assert str(found).startswith("SaaS v1 → SaaS v2 · replayed as of 2026-11-21")
    assert replayed(Version(None, a_profile())).names == ("SaaS", "SaaS")  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("p.toml", "q"), r"as its first argument \(got 'p\.toml'\): icp\.load reads one from a file"),
        ((a_profile(), {}, a_profile()), r"as its second argument \(got dict\): both profiles come before the acc"),
        ((a_profile(), 3), r"needs a Profile, or a version that holds one, as its second argument \(got 3\)$"),
        ((Version(1, None), 3), r"as its first argument \(got Version\)$"),
    ],
)
def test_what_is_no_profile(given: tuple[Any, ...], message: str) -> None:
    """What holds no profile is an error that says which argument it is."""
    with pytest.raises(TypeError, match=message):
        icp.replay(given[0], given[1], given[2] if len(given) > 2 else accounts())


def test_profiles_must_be_about_the_same() -> None:
    """A profile of companies is not compared with one of persons."""
    with pytest.raises(ValueError, match=r"score the same \(got 'SaaS' about='company' and 'SaaS' about='person'\)"):
        replayed(after=a_profile(about="person"))


def test_capacity_must_name_tiers_of_the_new_profile() -> None:
    """A capacity for another tier is refused before anything is scored."""
    with pytest.raises(ValueError, match=r"names a tier 'Perfct' .*; did you mean 'Perfect'\?"):
        replayed(capacity={"Perfct": 1})


def test_what_is_passed_on() -> None:
    """Columns that are not there, values of the wrong kind and settings of a batch are errors of scoring."""
    frame = pd.DataFrame(accounts()).drop(columns="country")
    with pytest.raises(icp.UnreadColumnsError, match="'country' is not there"):
        icp.replay(a_profile(), revised(), frame, as_of=DAY)
    assert len(icp.replay(a_profile(), revised(), frame, as_of=DAY, key="id", unknown=["country"])) == 3
    with pytest.raises(icp.InvalidAccountError):
        on_values(plain(), plain(missing=0), ["many"])  # type: ignore[list-item]  # on purpose
    assert on_values(plain(), plain(missing=0), ["many"], on_invalid="unknown").before.invalid  # type: ignore[list-item]  # on purpose
    batch = icp.encode(accounts(), a_profile(), key="id")
    with pytest.raises(icp.UnreadColumnsError, match="'country' was not encoded"):
        icp.replay(a_profile(), revised(), batch, as_of=DAY)


def test_a_batch_serves_as_often_as_one_likes() -> None:
    """A batch that was encoded before gives what its table gives."""
    batch = icp.encode(accounts(), [a_profile(), revised()], key="id")
    found = icp.replay(a_profile(), revised(), batch, as_of=DAY, threads=1)
    assert found.to_dict() == replayed().to_dict()


# What comes out.


def test_tables() -> None:
    """A table of the kind that came in has a row for each mover, and points by edit that sum to the change."""
    table = icp.replay(a_profile(), revised(), pd.DataFrame(accounts()), key="id", as_of=DAY).to_frame()
    assert isinstance(table, pd.DataFrame)
    assert list(table.columns) == [
        *("key", "kind", "tier_before", "tier_after", "fit_before", "fit_after", "status_before", "status_after"),
        *("points", "edit", "points_1", "points_2", "points_3", "points_4", "points_5", "points_6"),
    ]
    assert table["key"].tolist() == ["umbra", "stark", "acme"]
    assert table["edit"].tolist()[1] == "1: Firmographics: weight 30 → 20 (share 50 % → 40 %)"
    acme = table.iloc[2]
    assert acme["points"] == pytest.approx(sum(acme[f"points_{number}"] for number in range(1, 7)), abs=1e-9)
    assert table.iloc[1][["points", "points_1", "points_6"]].isna().tolist() == [True, True, True]


def test_plain_data() -> None:
    """The whole replay is plain data that JSON takes."""
    found = replayed(capacity={"Perfect": 1, "Strong": 1})
    told = json.loads(json.dumps(found.to_dict()))
    assert (told["accounts"], told["counts"]["down"], told["before"]["called"]) == (7, 1, "SaaS")
    assert told["tiers"][1] | {"certain_before": 0, "certain_after": 0} == {
        "name": "Strong",
        "before": 3,
        "after": 4,
        "certain_before": 0,
        "certain_after": 0,
        "capacity": 1,
        "over": 3,
    }
    assert told["statuses"]["after"]["disqualified"] == 1
    assert told["edits"][0]["status"] == 1
    assert told["edits"][0]["changes"][0]["field"] == "weight"
    acme = told["movers"][2]
    assert (acme["key"], acme["edit"], acme["steps"]["1"], acme["points"]) == ("acme", 1, -3.700395, -3.700395)


def test_pickling() -> None:
    """A replay can be kept, and goes on answering."""
    again = pickle.loads(pickle.dumps(replayed()))  # our own
    assert [one.key for one in again] == ["umbra", "stark", "acme"]
    assert again.to_dict() == replayed().to_dict()
