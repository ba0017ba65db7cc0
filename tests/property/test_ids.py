import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import attrs
import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st

import icpkit as icp
from icpkit._attrs import Pairs
from icpkit.identity import canonical, number_text
from icpkit.testing import accounts, criteria, moments, profiles, tier_scales
from tests.golden.make_files import PROFILES
from tests.property.law import law, often, outcome

LARGEST = 2**53 - 1  # rfc8785 refuses the next one, which a profile may hold


# The canonical form


TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
JSON_DATA = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST, LARGEST)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@law
@given(JSON_DATA)
@example({"\ue000": 1, "\U00010000": 2, "\r": 3, "": 4, "1": 5, "\u20ac": 6, "\x80": 7, "</script>": 8})
@example(['\x00\x1f\x7f\x80\u2028\u2029\ufeff"\\/\b\f\n\r\t', "𝔘\U0010ffff", "e\u0301", "é"])
@example([0.0, -0.0, 1.0, -1.5, 1e21, 1e20, 1e-6, 1e-7, 5e-324, 1.7976931348623157e308, 333333333.33333329])
def test_canonical_text_is_that_of_rfc_8785(data: Any) -> None:
    """Any JSON data is written as RFC 8785 says, byte by byte, as another implementation does it."""
    assert canonical(data) == rfc8785.dumps(data)


@often
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_is_written_as_ecmascript_does(number: float) -> None:
    """Any float is written as RFC 8785 says, and reads back as the same float."""
    assert number_text(number) == rfc8785.dumps(number).decode()
    assert float(number_text(number)) == number


@often
@given(st.integers(-1074, 1023), st.integers(1, 2**53 - 1), st.booleans())
def test_numbers_of_every_size_are_written_as_ecmascript_does(exponent: int, digits: int, negative: bool) -> None:
    """Powers of two times any digits, down to subnormals, are written as RFC 8785 says."""
    number = digits * 2.0 ** max(exponent - 53, -1074) * (-1 if negative else 1)
    assert number_text(number) == rfc8785.dumps(number).decode()


def test_powers_halves_and_subnormals_are_written_as_ecmascript_does() -> None:
    """Each power of ten and its neighbours, halves, and the ends of what a float can be."""
    powers = [float(f"{digits}e{power}") for power in range(-324, 309) for digits in ("1", "-1", "9.999", "1.5", "1.7")]
    halves = [half / 2 for half in range(-100, 100)] + [2.0**52 + 0.5, 2.0**53, 2.0**-1074, 2.0**-1022, 2.0**-1023]
    tried = [number for number in powers + halves if abs(number) != float("inf")]
    assert [number_text(number) for number in tried] == [rfc8785.dumps(number).decode() for number in tried]
    assert len(tried) > 3000


# Ids of profiles


def in_floats(value: Any) -> Any:
    """Give an equal value in which every number is a float that was an integer, but for counts."""
    if attrs.has(type(value)) and not isinstance(value, icp.AllOf | icp.AnyOf | icp.Overlap | icp.Cohort | icp.Example):
        changes = {
            field.name: in_floats(getattr(value, field.name)) for field in attrs.fields(type(value)) if field.init
        }
        return attrs.evolve(value, **changes)
    if isinstance(value, Pairs):
        return Pairs((in_floats(key), in_floats(item)) for key, item in value)
    if isinstance(value, tuple):
        return tuple(map(in_floats, value))
    return float(value) if type(value) is int else value


@law
@given(profiles())
def test_equal_profiles_have_equal_ids(profile: icp.Profile) -> None:
    """What is equal has equal ids, whether its numbers are integers or floats, and however it was made."""
    floats = in_floats(profile)
    assert floats == profile
    assert (floats.content_id, floats.scoring_id) == (profile.content_id, profile.scoring_id)
    copied = attrs.evolve(profile)
    assert (copied.content_id, copied.scoring_id) == (profile.content_id, profile.scoring_id)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"eu": 1}, {"eu": True}),
        ({"eu": 0.0}, {"eu": False}),
        ({"x": {}}, {"x": []}),
        ({"x": {"a": 1}}, {"x": [["a", 1]]}),
    ],
)
def test_notes_that_are_not_the_same_are_not_equal(one: Any, other: Any) -> None:
    """Profiles and examples of which one says true and the other 1, or a mapping and a list, differ as their ids do."""
    first, second = (attrs.evolve(PROFILES["small"], meta=meta) for meta in (one, other))
    assert first.content_id != second.content_id
    assert first != second


def unordered(value: Any) -> Any:
    """Give a value in which mappings have no order and everything else has its type."""
    if attrs.has(type(value)):
        return type(value), tuple(unordered(getattr(value, field.name)) for field in attrs.fields(type(value)))
    if isinstance(value, Pairs):
        return "mapping", frozenset((key, unordered(item)) for key, item in value)
    if isinstance(value, tuple):
        return "list", tuple(map(unordered, value))
    return (isinstance(value, bool), value)


def reversed_mappings(value: Any) -> Any:
    """Give a value with the entries of its mappings in reverse, where they are one for one with a mapping of a file."""
    if isinstance(value, Pairs):
        return Pairs((key, reversed_mappings(item)) for key, item in reversed(value))
    return tuple(map(reversed_mappings, value)) if isinstance(value, tuple) else value


@law
@given(profiles())
def test_the_order_of_a_mapping_is_no_content(profile: icp.Profile) -> None:
    """Notes and examples whose mappings are in another order are the same content, if not the same object."""
    examples = [attrs.evolve(one, account=reversed_mappings(one.account)) for one in profile.examples]
    turned = attrs.evolve(profile, meta=reversed_mappings(profile.meta), examples=examples)
    assert turned.content_id == profile.content_id
    assert unordered(turned) == unordered(profile)


@law
@given(profiles(), st.data())
def test_content_ids_differ_where_profiles_do(profile: icp.Profile, data: st.DataObject) -> None:
    """Any change gives another content_id, and what is the same but for the order of mappings the same."""
    changed = data.draw(st.sampled_from([*DESCRIBING, *MOVING]))(profile, data.draw)
    assert (changed.content_id == profile.content_id) == (unordered(changed) == unordered(profile))


@law
@given(profiles(), profiles())
def test_content_ids_of_two_profiles_differ_where_they_do(one: icp.Profile, other: icp.Profile) -> None:
    """Two profiles have one content_id exactly where they differ in the order of mappings at most."""
    assert (one.content_id == other.content_id) == (unordered(one) == unordered(other))


@law
@given(profiles())
def test_ids_are_hexadecimal(profile: icp.Profile) -> None:
    """Both ids are 64 hexadecimal digits, and not the same."""
    ids = (profile.content_id, profile.scoring_id)
    assert all(len(one) == 64 and set(one) <= set("0123456789abcdef") for one in ids)
    assert ids[0] != ids[1]


# What only describes, and what moves numbers

Change = Callable[[icp.Profile, Any], icp.Profile]
LABELS = st.sampled_from(("A label", "日本", None))


def _relabelled(criterion: icp.Criterion, label: str | None) -> icp.Criterion:
    if isinstance(criterion, icp.AllOf | icp.AnyOf):
        one = criterion
        return type(one)(*one.criteria, name=one.name, weight=one.weight, missing=one.missing, label=label)
    return attrs.evolve(criterion, label=label)


def _other_labels(profile: icp.Profile, draw: Any) -> icp.Profile:
    dimensions = [
        attrs.evolve(one, criteria=[_relabelled(criterion, draw(LABELS)) for criterion in one.criteria])
        for one in profile.dimensions
    ]
    gates = [attrs.evolve(one, criterion=_relabelled(one.criterion, draw(LABELS))) for one in profile.gates]
    adjustments = [attrs.evolve(one, when=_relabelled(one.when, draw(LABELS))) for one in profile.adjustments]
    return attrs.evolve(profile, dimensions=dimensions, gates=gates, adjustments=adjustments)


def _other_looks(profile: icp.Profile, draw: Any) -> icp.Profile:
    looks = st.sampled_from((None, "#123456", "#fff"))
    tiers = [
        attrs.evolve(tier, color=draw(looks), action=draw(st.sampled_from((None, "call", "wait"))))
        for tier in profile.tiers.tiers
    ]
    return attrs.evolve(profile, tiers=attrs.evolve(profile.tiers, tiers=tiers))


def _another_cohort(profile: icp.Profile, draw: Any) -> icp.Profile:
    cohort = draw(st.sampled_from((None, icp.Cohort(7, date(2026, 1, 1)), icp.Cohort(8, date(2026, 1, 1)))))
    return attrs.evolve(profile, tiers=attrs.evolve(profile.tiers, cohort=cohort))


def _who_may_lift(profile: icp.Profile, draw: Any) -> icp.Profile:
    return attrs.evolve(profile, gates=[attrs.evolve(gate, overridable=draw(st.booleans())) for gate in profile.gates])


def _evolved(**choices: tuple[Any, ...]) -> Change:
    def change(profile: icp.Profile, draw: Any) -> icp.Profile:
        return attrs.evolve(profile, **{name: draw(st.sampled_from(values)) for name, values in choices.items()})

    return change


def _another_example(profile: icp.Profile, draw: Any) -> icp.Profile:
    tier = draw(st.sampled_from([tier.name for tier in profile.tiers.tiers]))
    one = icp.Example({"x": draw(st.integers(0, 3))}, as_of=draw(moments()), tier=tier, name=draw(LABELS))
    return attrs.evolve(profile, examples=[*profile.examples, one])


#: Changes that move no number.
DESCRIBING: tuple[Change, ...] = (
    _evolved(name=("Another name", "P", "Größe")),
    _evolved(stage=("draft", "testing", "active", "retired")),
    _evolved(priority=(None, "low", "medium", "high"), rank=(None, "primary", "secondary", "tertiary")),
    _evolved(about=("company", "person")),
    _evolved(meta=({}, {"a": 1}, {"a": 2}, {"a": "1"}, {"a": [1]}, {"b": 1}, {"a": {"a": 1}})),
    _another_example,
    _other_labels,
    _other_looks,
    _another_cohort,
    _who_may_lift,
)


def _another_weight(profile: icp.Profile, draw: Any) -> icp.Profile:
    paths = [path for path in profile.paths if not path.startswith(("gates/", "adjustments/"))]
    return profile.with_weight(draw(st.sampled_from(paths)), draw(st.sampled_from((1, 2, 3.5, 1000))))


def _less(profile: icp.Profile, draw: Any) -> icp.Profile:
    try:
        return profile.without(draw(st.sampled_from(profile.paths)))
    except icp.DefinitionError:
        return profile  # the last of its kind


def _another_criterion(profile: icp.Profile, draw: Any) -> icp.Profile:
    dimension = draw(st.sampled_from(profile.dimensions))
    return profile.with_criterion(dimension.name, draw(criteria()).with_weight(2))


def _a_gate(profile: icp.Profile, draw: Any) -> icp.Profile:
    options = {
        "at_least": draw(st.sampled_from((1, 0.5))),
        "when_unknown": draw(st.sampled_from(("pass", "disqualify"))),
    }
    gate = draw(criteria(weighted=False))
    return profile if gate.called is None else profile.with_gate(icp.Gate(gate, **options))


def _an_adjustment(profile: icp.Profile, draw: Any) -> icp.Profile:
    when = draw(criteria(weighted=False))
    return (
        profile
        if when.called is None
        else profile.with_adjustment(icp.Adjustment(draw(st.sampled_from((5, -7))), when))
    )


def _other_tiers(profile: icp.Profile, draw: Any) -> icp.Profile:
    return attrs.evolve(profile, tiers=draw(tier_scales()), examples=())


def _other_cuts(profile: icp.Profile, draw: Any) -> icp.Profile:
    share = draw(st.sampled_from((0.4, 0.6)))
    tiers = [attrs.evolve(tier, cut=round(tier.cut * share, 5)) for tier in profile.tiers.tiers]
    distinct = len({tier.cut for tier in tiers}) == len(tiers)
    return attrs.evolve(profile, tiers=icp.TierScale(tiers)) if distinct else profile


def _other_tier_names(profile: icp.Profile, draw: Any) -> icp.Profile:
    tiers = [attrs.evolve(tier, name=f"{tier.name} +") for tier in profile.tiers.tiers]
    return attrs.evolve(profile, tiers=icp.TierScale(tiers), examples=())


def _other_thresholds(profile: icp.Profile, draw: Any) -> icp.Profile:
    least = draw(st.sampled_from((0.5, 0.000000001)))
    return attrs.evolve(profile, gates=[attrs.evolve(gate, at_least=least) for gate in profile.gates])


def _strict_or_not(profile: icp.Profile, draw: Any) -> icp.Profile:
    when_unknown = draw(st.sampled_from(("pass", "disqualify")))
    return attrs.evolve(profile, gates=[attrs.evolve(gate, when_unknown=when_unknown) for gate in profile.gates])


def _other_points(profile: icp.Profile, draw: Any) -> icp.Profile:
    points = draw(st.sampled_from((3, -20.5)))
    return attrs.evolve(profile, adjustments=[attrs.evolve(one, points=points) for one in profile.adjustments])


#: Changes that may move a fit, a tier, a status, the coverage or a bound.
MOVING: tuple[Change, ...] = (
    _evolved(min_coverage=(0.9, 1)),
    _evolved(missing=(0, 0.7, 1)),
    _another_weight,
    _less,
    _another_criterion,
    _a_gate,
    _an_adjustment,
    _other_tiers,
    _other_cuts,
    _other_tier_names,
    _other_thresholds,
    _strict_or_not,
    _other_points,
)


@law
@given(profiles(), st.data())
def test_what_only_describes_moves_no_scoring_id(profile: icp.Profile, data: st.DataObject) -> None:
    """Names, labels, notes, examples, colours, actions, stages and the like change content_id and never scoring_id."""
    for change in DESCRIBING:
        told = change(profile, data.draw)
        assert told.scoring_id == profile.scoring_id
        assert (told.content_id == profile.content_id) == (told == profile)


def _prepared(profile: icp.Profile) -> icp.Profile:
    """Give the profile with a gate, an adjustment and a criterion of its policy, so that changes of them show."""
    size = icp.Range("employees", 50, 500, soft_low=10, soft_high=1000, name="asked")
    with_all = profile.with_gate(icp.Gate(size)).with_adjustment(icp.Adjustment(8, ~size))
    followed = with_all.with_criterion(profile.dimensions[0].name, size.with_weight(9))
    return attrs.evolve(followed, min_coverage=0)


def _moved(one: icp.Profile, other: icp.Profile, data: st.DataObject) -> bool:
    """Tell whether some account of the one or the other profile comes out differently."""
    as_of = data.draw(moments())
    drawn = [data.draw(accounts(profile, as_of=as_of)) for profile in (one, other, one)]
    return any(
        outcome(icp.score(one, account, as_of=as_of, on_invalid="unknown"))
        != outcome(icp.score(other, account, as_of=as_of, on_invalid="unknown"))
        for account in [*drawn, *({**drawn[0], "employees": size} for size in (None, 30, 400, 700))]
    )


def _told_otherwise(profile: icp.Profile, draw: Any) -> icp.Profile:
    for change in DESCRIBING:
        profile = change(profile, draw)
    return profile


@pytest.mark.parametrize("change", [*MOVING, _told_otherwise], ids=lambda change: change.__qualname__)
def test_what_moves_a_number_moves_the_scoring_id(change: Change) -> None:
    """Two profiles of one scoring_id give every account the same fit, tier, status, coverage and bounds."""
    seen: Counter[bool] = Counter()

    @settings(law, max_examples=30)
    @given(profiles(), st.data())
    def look(profile: icp.Profile, data: st.DataObject) -> None:
        before = _prepared(profile)
        after = change(before, data.draw)
        moved = _moved(before, after, data)
        seen[moved] += 1
        assert not moved or after.scoring_id != before.scoring_id

    look()
    # What may move a number does, so that there is something to hold.
    assert (seen[True] > 0) == (change in MOVING)


_IDS_CODE = """
import json, sys, icpkit as icp
profiles = [icp.loads(text) for text in json.load(sys.stdin)]
print(json.dumps([[profile.content_id, profile.scoring_id] for profile in profiles]))
"""


@pytest.mark.parametrize("seed", ["0", "4242"])
def test_ids_are_the_same_in_any_process(seed: str) -> None:
    """Another process, whose hashes are salted in another way, gives the same ids."""
    drawn: list[icp.Profile] = [*PROFILES.values(), icp.standard_profile()]

    @settings(law, max_examples=25, derandomize=True, database=None)
    @given(profiles())
    def draw(profile: icp.Profile) -> None:
        drawn.append(profile)

    draw()
    ran = subprocess.run(
        [sys.executable, "-c", _IDS_CODE],
        input=json.dumps([icp.dumps(profile) for profile in drawn]),
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(ran.stdout) == [[profile.content_id, profile.scoring_id] for profile in drawn]
