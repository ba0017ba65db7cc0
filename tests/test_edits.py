from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit.differences import Change, diff
from icpkit.edits import Edit, applied, edits_of, remade
from icpkit.value_functions import AnyValueFunction


def a_profile(*criteria: icp.Criterion, **options: Any) -> icp.Profile:
    """Give a profile of one dimension."""
    return icp.Profile("P", [icp.Dimension("D", criteria or (icp.Flag("yes"),))], **options)


def edits_between(before: icp.Profile, after: icp.Profile) -> tuple[Edit, ...]:
    """Give the edits that lead from one profile to another."""
    return edits_of(diff(before, after))


def test_no_edits_without_a_difference() -> None:
    """A profile that did not change has no edits."""
    assert edits_between(a_profile(), a_profile()) == ()


def test_each_change_is_an_edit() -> None:
    """Changes that each give a sound profile are edits of their own, numbered from 1, one after another."""
    before = a_profile(icp.Range("x", 1, 5), icp.Flag("yes"))
    after = a_profile(icp.Range("x", 2, 6, weight=3), icp.Flag("yes"))
    edits = edits_between(before, after)
    assert [edit.describe() for edit in edits] == [
        "D / x: weight 1 → 3 (share 50 % → 75 %)",
        "D / x: low 1 → 2",
        "D / x: high 5 → 6",
    ]
    assert [edit.number for edit in edits] == [1, 2, 3]
    assert edits[0].before is before
    assert edits[-1].after is after
    assert [edit.before for edit in edits[1:]] == [edit.after for edit in edits[:-1]]
    assert edits[1].after == a_profile(icp.Range("x", 2, 5, weight=3), icp.Flag("yes"))


def test_changes_that_only_hold_together_are_one_edit() -> None:
    """A range that is moved beyond its own end holds once that end has moved as well."""
    before, after = (a_profile(icp.Range("x", *ends), icp.Flag("yes")) for ends in ((1, 5), (8, 9)))
    [edit] = edits_between(before, after)
    assert edit.describe() == "D / x: low 1 → 8; D / x: high 5 → 9"
    assert len(edit.changes) == 2


def test_a_recency_takes_another_shape_in_one_edit() -> None:
    """One shape goes and another one comes: in between there would be two."""
    before, after = (a_profile(one) for one in (icp.Recency("seen", window=90), icp.Recency("seen", half_life=45)))
    [edit] = edits_between(before, after)
    assert {change.field for change in edit.changes} == {"half_life", "window"}


def test_what_moves_no_score() -> None:
    """Names, notes, examples, labels, the stage and the order of parts move no score; weights, cuts and gates do."""
    before = a_profile(icp.Range("x", 1, 5), icp.Flag("yes"), gates=[icp.Gate(icp.Flag("a")), icp.Gate(icp.Flag("b"))])
    example = icp.Example({"x": 1}, as_of="2026-01-01", tier="Perfect")
    after = attrs.evolve(
        a_profile(icp.Flag("yes", label="Yes"), icp.Range("x", 1, 5, weight=2)),
        name="Q",
        gates=before.gates[::-1],
        stage="active",
        meta={"notes": "n"},
        examples=[example],
        tiers=icp.TierScale.from_cuts({"Perfect": 81, "Strong": 60, "Moderate": 40, "Weak": 0}),
    )
    scores = {edit.changes[0].field or edit.changes[0].part: edit.scores for edit in edits_between(before, after)}
    assert scores == {
        "name": False,
        "criteria": False,
        "weight": True,
        "label": False,
        "gates": False,
        "tiers": True,
        "stage": False,
        "example": False,
        "meta": False,
    }


def test_the_order_of_adjustments_can_move_a_score() -> None:
    """Adjustments are made one after another."""
    adjustments = [icp.Adjustment(5, icp.Flag("a")), icp.Adjustment(-5, icp.Flag("b"))]
    before, after = (a_profile(adjustments=some) for some in (adjustments, adjustments[::-1]))
    [edit] = edits_between(before, after)
    assert edit.scores


def test_combinators_are_edited() -> None:
    """The parts of a combinator are made anew with it."""
    before = a_profile(icp.AllOf(icp.Flag("a"), icp.Flag("b"), name="both"), gates=[icp.Gate(~icp.Flag("c"))])
    wider = icp.AllOf(icp.Flag("a"), icp.Flag("z"), name="both", weight=2)
    edits = edits_between(before, a_profile(wider, gates=[icp.Gate(~icp.Flag("c"))]))
    assert [edit.changes[0].field for edit in edits] == ["weight", "criteria"]
    assert edits[0].after["d/both"] == icp.AllOf(icp.Flag("a"), icp.Flag("b"), name="both", weight=2)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (icp.Flag("a", name="x"), icp.Flag("x")),
        (icp.Not(icp.Flag("a"), name="x"), icp.Not(icp.Flag("x"))),
        (icp.Not(icp.AllOf(icp.Flag("a")), name="x", weight=2), icp.Not(icp.Flag("x", expected=False))),
    ],
)
def test_a_name_that_another_field_gives(before: icp.Criterion, after: icp.Criterion) -> None:
    """A criterion that comes to be named by its attribute, or its part, is found all the way, and so it is back."""
    for one, other in ((before, after), (after, before)):
        edits = edits_between(a_profile(one, icp.Flag("yes")), a_profile(other, icp.Flag("yes")))
        assert edits[-1].after == a_profile(other, icp.Flag("yes"))
        assert all("d/x" in edit.after.paths for edit in edits)


@attrs.frozen(repr=False)
class Near(icp.Criterion):
    """A criterion of somebody's own, whose constructor raises errors of its own."""

    attribute: str
    low: int = 0
    high: int = 10

    def __attrs_post_init__(self) -> None:
        """Refuse what is upside down."""
        if self.low > self.high:
            raise TypeError("upside down")

    def value_function(self) -> AnyValueFunction:
        """Ask what a range asks."""
        return icp.Range(self.attribute, self.low, self.high).value_function()


def test_own_criteria_are_edited() -> None:
    """Whatever error the constructor of somebody's own criterion raises, the profile is not sound."""
    [edit] = edits_between(a_profile(Near("x")), a_profile(Near("x", 20, 30)))
    assert [change.field for change in edit.changes] == ["low", "high"]
    assert edit.scores


def test_absent_kinds_cannot_be_compared() -> None:
    """What a kind that is absent would answer is not known."""
    before, after = (a_profile(icp.AbsentKind("near", {"km": km}, name="near")) for km in (1, 2))
    with pytest.raises(icp.AbsentKindError):
        edits_between(before, after)


def test_an_edit_as_data() -> None:
    """An edit is told as data with all of its changes."""
    [edit] = edits_between(a_profile(), a_profile(min_coverage=0.6))
    told = edit.to_dict()
    assert (told["number"], told["text"], told["scores"]) == (1, "min_coverage 0.5 → 0.6", True)
    assert told["changes"] == [edit.changes[0].to_dict()]


def test_a_change_made_by_hand() -> None:
    """What is added without a place comes last."""
    gate = icp.Gate(icp.Flag("b"))
    change = Change("added", "gate", "gates/b", after=gate, name="b")
    assert applied(a_profile(gates=[icp.Gate(icp.Flag("a"))]), change).gates[-1] == gate


def test_a_profile_made_anew() -> None:
    """What contradicts itself is refused when it is made anew."""
    change = Change("changed", "criterion", "d/x", "low", 1, 8)
    broken = applied(a_profile(icp.Range("x", 1, 5)), change)
    with pytest.raises(icp.DefinitionError, match=r"Range\.high must be >= Range\.low"):
        remade(broken)


def test_every_kind_of_change_can_be_made() -> None:
    """Parts, entries and examples are added, changed, put into another order and removed."""
    examples = [icp.Example({"x": size}, as_of="2026-01-01", tier="Perfect") for size in (1, 2)]
    before = a_profile(
        icp.Range("x", 1, 5),
        icp.Flag("a"),
        icp.Flag("b"),
        gates=[icp.Gate(icp.Flag("g"))],
        examples=examples,
        meta={"tags": "old", "notes": "n"},
    )
    after = a_profile(
        icp.Flag("b"),
        icp.OneOf("x", ["y"]),
        icp.Flag("new"),
        examples=examples[1:],
        meta={"tags": "new"},
        adjustments=[icp.Adjustment(5, icp.Flag("bonus"))],
    )
    for one, other in ((before, after), (after, before)):
        edits = edits_between(one, other)
        assert edits[-1].after == other
        assert {change.kind for edit in edits for change in edit.changes} >= {"added", "changed", "removed"}
        assert all(remade(edit.after) == edit.after for edit in edits)
    kinds = [change.kind for edit in edits_between(before, after) for change in edit.changes]
    assert "reordered" in kinds
