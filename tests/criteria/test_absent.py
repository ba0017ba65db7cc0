from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit.criteria.absent import AbsentKind
from icpkit.words import ENGLISH

NEAR = AbsentKind("near_office", {"attribute": "distance_km", "km": 50, "of": ["Berlin", {"lat": 52.5}]})


def profile(criterion: icp.Criterion = NEAR) -> icp.Profile:
    """Give a profile with a criterion that is absent."""
    return icp.Profile("P", [icp.Dimension("Place", [criterion, icp.Flag("b2b", weight=3)])])


@pytest.mark.parametrize(
    ("fields", "options", "called"),
    [
        ({"attribute": "km"}, {}, "km"),
        ({"attribute": "km"}, {"name": "Near us"}, "Near us"),
        ({}, {}, "near_office"),
        ({"attribute": 5}, {}, "near_office"),
        ({"attribute": "  "}, {}, "near_office"),
    ],
)
def test_an_absent_kind_has_a_name(fields: dict[str, Any], options: dict[str, Any], called: str) -> None:
    """It is called by its name, else by the attribute that its file names, else by its kind."""
    assert AbsentKind("near_office", fields, **options).called == called


def test_an_absent_kind_keeps_its_fields() -> None:
    """Its fields are kept as plain data, hashable, and shown as they were written."""
    assert repr(NEAR) == (
        "AbsentKind('near_office', {'attribute': 'distance_km', 'km': 50, 'of': ['Berlin', {'lat': 52.5}]})"
    )
    assert {NEAR: "found"}[attrs.evolve(NEAR)] == "found"
    assert attrs.evolve(NEAR, fields={"attribute": "distance_km"}) != NEAR


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("", {}), "AbsentKind.kind must be text that is not blank (got '')"),
        ((5, {}), "AbsentKind.kind must be text that is not blank (got 5)"),
        (("near", ["km"]), "AbsentKind.fields must be a mapping with text keys (got ('km',))"),
        (("near", {1: 2}), "AbsentKind.fields must be a mapping with text keys (got 1)"),
        (("near", {"km": float("inf")}), "AbsentKind.fields must be a finite number within ±2^53 (got inf)"),
    ],
)
def test_an_absent_kind_that_cannot_be(arguments: Any, sentence: str) -> None:
    """Its kind is text and its fields are plain data."""
    with pytest.raises(icp.DefinitionError) as caught:
        AbsentKind(*arguments)
    assert str(caught.value) == sentence


def test_an_absent_kind_can_be_read() -> None:
    """A profile that holds one can be described, shown as a table, weighed and changed."""
    held = profile()
    assert NEAR.describe() == "distance_km: near_office (absent kind)"
    assert attrs.evolve(NEAR, label="Close to us").describe() == "Close to us: near_office (absent kind)"
    assert held.effective_weights == {"place/distance_km": 0.25, "place/b2b": 0.75}
    assert ("Place (100 %)", "distance_km: near_office (absent kind) (25 %)") in held.to_table("rows")
    assert r"near\_office (absent kind)" in held.to_table("markdown")
    assert "near_office (absent kind)" in held.to_table("html")
    assert held["place/distance_km"] is NEAR
    assert held.with_weight("place/distance_km", 1.5)["place/distance_km"] == attrs.evolve(NEAR, weight=1.5)
    assert held.without("place/distance_km").paths == ("place", "place/b2b")


def test_an_absent_kind_speaks_other_words() -> None:
    """What it says of itself is in the words that are asked for."""
    german = {**ENGLISH, "absent_kind": "{kind} (fehlt)"}
    assert NEAR.question(german) == "near_office (fehlt)"
    assert NEAR.describe(german) == "distance_km: near_office (fehlt)"


@pytest.mark.parametrize(
    "criterion",
    [
        NEAR,
        ~NEAR,
        icp.AllOf(icp.Flag("a"), NEAR, name="both"),
        icp.AnyOf(icp.Flag("a"), ~NEAR, name="either"),
    ],
    ids=["alone", "negated", "within all", "within any"],
)
def test_an_absent_kind_cannot_be_scored(criterion: icp.Criterion) -> None:
    """Wherever it stands, a score, the reach, the scoring_id and the examples are refused; the content_id is not."""
    held = profile(criterion)
    examples = [icp.Example({"b2b": True}, as_of="2026-11-01", tier="Weak")]
    for ask in (
        lambda: icp.score(held, {"b2b": True}, as_of="2026-11-21"),
        lambda: icp.Scorer(held),
        lambda: held.scoring_id,
        lambda: criterion.reach,
        lambda: attrs.evolve(held, examples=examples).check_examples(),
    ):
        with pytest.raises(icp.AbsentKindError) as caught:
            ask()
        assert caught.value.kind == "near_office"
        assert str(caught.value) == (
            "the profile holds a criterion of the kind 'near_office', which is absent, so it can be read but not scored"
            "\n\nHint: pass its class when you load the profile: load(…, kinds=[NearOffice])"
        )
    assert len(held.content_id) == 64


@pytest.mark.parametrize("part", ["gate", "adjustment"])
def test_an_absent_kind_may_be_asked_by_gates_and_adjustments(part: str) -> None:
    """A gate or adjustment may ask it, and is told like any other."""
    held = profile(icp.Flag("a"))
    held = held.with_gate(icp.Gate(NEAR)) if part == "gate" else held.with_adjustment(icp.Adjustment(5, NEAR))
    assert "distance_km: near_office (absent kind)" in str(held.to_table("rows"))
    with pytest.raises(icp.AbsentKindError):
        icp.Scorer(held)
    with pytest.raises(icp.AbsentKindError):
        _ = held.scoring_id


def test_without_examples_an_absent_kind_fails_none() -> None:
    """A profile without examples has none that fails."""
    assert profile().check_examples() == ()


@pytest.mark.parametrize("form", ["json", "toml"])
def test_an_absent_kind_is_written_as_it_was_read(form: Any) -> None:
    """Written and opened again it says the same, and its content_id is the same."""
    held = profile(attrs.evolve(NEAR, name="Near us", weight=2, missing=0.5, label="Close"))
    again = icp.loads(icp.dumps(held, form), read_only=True)
    assert again == held
    assert again.content_id == held.content_id
