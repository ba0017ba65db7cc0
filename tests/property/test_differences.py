from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.differences import diff
from icpkit.edits import applied, edits_of, remade
from icpkit.testing import criteria, profiles
from tests.property.law import law

KEYS = st.sampled_from(["tags", "Tags", "notes", "a/b", ""])
META = st.dictionaries(KEYS, st.sampled_from([1, "x", ["y"], {"z": 2}]))


def assert_told(before: icp.Profile, after: icp.Profile) -> None:
    """Check that the changes, made one after another, lead from the one profile to the other, and none is idle."""
    found = diff(before, after)
    assert bool(found) == (before != after)
    here = before
    for change in found:
        there = applied(here, change)
        assert there != here
        here = there
    assert here == after
    assert str(found).count("\n") >= len(found)
    assert all(change.to_dict()["kind"] == change.kind for change in found)


def assert_steps(before: icp.Profile, after: icp.Profile) -> None:
    """Check that edits hold all changes in their order, and lead from one sound profile to the next."""
    found = diff(before, after)
    edits = edits_of(found)
    assert [change for edit in edits for change in edit.changes] == list(found)
    profiles = [before, *(edit.after for edit in edits)]
    assert [edit.before for edit in edits] == profiles[:-1]
    assert profiles[-1] == after
    assert [remade(profile) for profile in profiles] == profiles
    assert [edit.number for edit in edits] == list(range(1, len(edits) + 1))
    for edit in edits:
        assert edit.scores or edit.before.scoring_id == edit.after.scoring_id or edit.changes[0].kind == "reordered"


@st.composite
def edits(draw: st.DrawFn, profile: icp.Profile) -> icp.Profile:
    """Give a profile after some edits, as people make them."""
    for _ in range(draw(st.integers(1, 4))):
        try:
            profile = draw(st.sampled_from(EDITS))(draw, profile)
        except icp.DefinitionError:
            continue  # the last of its kind, or one that clashes
    return profile


def reweighted(draw: st.DrawFn, profile: icp.Profile) -> icp.Profile:
    """Change a weight."""
    path = draw(st.sampled_from([path for path in profile.paths if hasattr(profile[path], "weight")]))
    return profile.with_weight(path, draw(st.sampled_from([0, 1, 2, 0.3])))


def recast(draw: st.DrawFn, profile: icp.Profile) -> icp.Profile:
    """Put in another criterion, or the same again under another name."""
    dimension = draw(st.sampled_from(profile.dimensions))
    criterion = draw(st.one_of(criteria(), st.sampled_from(dimension.criteria)))
    if isinstance(criterion, icp.AllOf | icp.AnyOf):
        options: dict[str, Any] = {"name": "another", "weight": criterion.weight, "missing": criterion.missing}
        return profile.with_criterion(dimension.name, type(criterion)(*criterion.criteria, **options))
    name = draw(st.sampled_from(["b", "B ", None]))
    return profile.with_criterion(dimension.name, attrs.evolve(criterion, name=name))


def lessened(draw: st.DrawFn, profile: icp.Profile) -> icp.Profile:
    """Take something away."""
    return profile.without(draw(st.sampled_from(profile.paths)))


def renamed(draw: st.DrawFn, profile: icp.Profile) -> icp.Profile:
    """Give a dimension another name, or another spelling of it."""
    index = draw(st.integers(0, len(profile.dimensions) - 1))
    one = profile.dimensions[index]
    new = attrs.evolve(one, name=draw(st.sampled_from(["Another", one.name.upper(), f" {one.name}"])))
    return attrs.evolve(profile, dimensions=[*profile.dimensions[:index], new, *profile.dimensions[index + 1 :]])


def reordered(draw: st.DrawFn, profile: icp.Profile) -> icp.Profile:
    """Put the parts into another order, at every level."""
    dimensions = [
        attrs.evolve(one, criteria=draw(st.permutations(one.criteria)))
        for one in draw(st.permutations(profile.dimensions))
    ]
    return attrs.evolve(profile, dimensions=dimensions, gates=draw(st.permutations(profile.gates)))


def annotated(draw: st.DrawFn, profile: icp.Profile) -> icp.Profile:
    """Give it other examples, notes and words."""
    names = st.sampled_from([tier.name for tier in profile.tiers.tiers])
    example = st.builds(icp.Example, st.just({"a": 1}), as_of=st.sampled_from(["2026-01-01", "2026-01-02"]), tier=names)
    fields: dict[str, Any] = {"examples": draw(st.lists(example, max_size=4)), "meta": draw(META)}
    fields |= {"stage": draw(st.sampled_from(["draft", "active"])), "name": draw(st.sampled_from(["P", "Q"]))}
    return attrs.evolve(profile, **fields)


def graded(draw: st.DrawFn, profile: icp.Profile) -> icp.Profile:
    """Move the cuts."""
    tiers = profile.tiers.tiers
    return profile.with_tiers(icp.TierScale([attrs.evolve(tier, cut=tier.cut / 2) for tier in tiers]))


EDITS = (reweighted, recast, lessened, renamed, reordered, annotated, graded)


@law
@given(profiles())
def test_a_profile_does_not_differ_from_itself(profile: icp.Profile) -> None:
    """The difference between a profile and itself, or its equal, is empty and says so in one line."""
    again = attrs.evolve(profile, dimensions=list(profile.dimensions))
    assert diff(profile, again).changes == ()
    assert "\n" not in str(diff(profile, profile))


@law
@given(profiles(), profiles())
def test_changes_lead_from_any_profile_to_any_other(before: icp.Profile, after: icp.Profile) -> None:
    """Made one after another, the changes between two profiles make the one of the other."""
    assert_told(before, after)
    assert_steps(before, after)


@law
@given(profiles(), st.data())
def test_changes_lead_from_a_profile_to_what_became_of_it(before: icp.Profile, data: st.DataObject) -> None:
    """Whatever people do to a profile is told completely, and told back completely."""
    before = data.draw(edits(before))
    after = data.draw(edits(before))
    assert_told(before, after)
    assert_told(after, before)
    assert_steps(before, after)
    assert_steps(after, before)


@law
@given(profiles(), st.data())
def test_one_edit_is_one_change(profile: icp.Profile, data: st.DataObject) -> None:
    """A criterion put in anywhere is one change, and so is one that is taken out again."""
    index = data.draw(st.integers(0, len(profile.dimensions) - 1))
    dimension = profile.dimensions[index]
    place = data.draw(st.integers(0, len(dimension.criteria)))
    new = icp.Flag("new one", weight=data.draw(st.sampled_from([0, 1, 7])))
    wider = attrs.evolve(dimension, criteria=[*dimension.criteria[:place], new, *dimension.criteria[place:]])
    longer = attrs.evolve(profile, dimensions=[*profile.dimensions[:index], wider, *profile.dimensions[index + 1 :]])
    [added] = diff(profile, longer)
    assert (added.kind, added.after, added.place) == ("added", new, place)
    assert added.share_after == longer.effective_weights[added.path]
    [removed] = diff(longer, profile)
    assert (removed.kind, removed.before, removed.share_before) == ("removed", new, added.share_after)
