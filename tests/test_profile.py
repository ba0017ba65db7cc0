import datetime as dt
import math
from collections.abc import Callable
from datetime import UTC, date
from typing import Any

import attrs
import numpy as np
import pytest

import icpkit
from icpkit.criteria import AnyOf, Criterion, Flag, OneOf, Range
from icpkit.errors import AsOfError, DefinitionError, NoSuchPathError
from icpkit.profile import (
    WEIGHT_UNITS,
    Adjustment,
    Dimension,
    Example,
    Gate,
    Profile,
    weight_units,
)
from icpkit.standard import standard_profile
from icpkit.tiers import TierScale
from icpkit.value_functions import Segments, Table, ValueFunction

DAY = date(2026, 11, 21)
A, B, C = Flag("a"), Flag("b"), Flag("c")


def small(**options: Any) -> Profile:
    """Give a profile of two dimensions, a gate and an adjustment."""
    parts = {"gates": [Gate(Flag("Paying"))], "adjustments": [Adjustment(-5, Flag("sued"))]}
    dimensions = [
        Dimension("Size", [Range("Employees", 50, 500), Flag("b2b", weight=3)], weight=3),
        Dimension("Tech", [Flag("cloud")]),
    ]
    return Profile("Small", dimensions, **{**parts, **options})


def dimension(name: str, **weights: float) -> Dimension:
    """Give a dimension of flags by weight."""
    return Dimension(name, [Flag(attribute, weight=weight) for attribute, weight in weights.items()])


def test_effective_weights() -> None:
    """A leaf's effective weight is its dimension's share of the whole times its own share of the dimension."""
    # Size has 3 of 4, of which employees has 1 of 4 and b2b 3 of 4; Tech has 1 of 4, and cloud all of it.
    assert small().effective_weights == {"size/employees": 0.1875, "size/b2b": 0.5625, "tech/cloud": 0.25}


@pytest.mark.parametrize(
    ("weights", "units"),
    [
        # 2^40 = 1,099,511,627,776 is 3 * 366,503,875,925 + 1: the first by path has the one left over.
        ({"c": 1, "b": 1, "a": 1}, [366_503_875_925, 366_503_875_925, 366_503_875_926]),
        # A third leaves 1/3 of a unit and two thirds 2/3, so that the one left over goes to the latter.
        ({"a": 1, "b": 2}, [366_503_875_925, 733_007_751_851]),
        # The weights are what they are as floats: exactly the same number is exactly the same share.
        ({"a": 0.1, "b": 0.1}, [2**39, 2**39]),
        ({"a": 0.25, "b": 0.75}, [2**38, 3 * 2**38]),
        ({"a": 1, "b": 0, "c": 1}, [2**39, 0, 2**39]),
        ({"a": 1e-300}, [2**40]),
    ],
)
def test_weights_in_units(weights: dict[str, float], units: list[int]) -> None:
    """Shares are rounded down, and the units left over go to the largest remainders, ties by path."""
    assert weight_units((dimension("D", **weights),)) == units


@pytest.mark.parametrize(
    "profile",
    [
        standard_profile(),
        Profile("P", [dimension("D", **{f"a{i}": 0.1 * i + 0.3 for i in range(37)})]),
        Profile("P", [dimension(f"D{i}", a=1, b=math.pi, c=i + 1e-3) for i in range(7)]),
        Profile("P", [dimension("D", a=7.3, b=1e-3), Dimension("E", [A], weight=1e6)]),
    ],
    ids=["standard", "many criteria", "many dimensions", "very unequal"],
)
def test_effective_weights_sum_to_exactly_one(profile: Profile) -> None:
    """The units sum to exactly 2^40, and so do the shares to 1, in any order."""
    shares = list(profile.effective_weights.values())
    assert (sum(weight_units(profile.dimensions)), sum(shares), sum(reversed(shares))) == (WEIGHT_UNITS, 1, 1)


@pytest.mark.parametrize("weight", [1e-13, 5e-324])
def test_a_weight_that_rounds_to_nothing_is_refused(weight: float) -> None:
    """A weight that is not 0 but less than the least share is an error that names the path."""
    with pytest.raises(DefinitionError) as caught:
        Profile("P", [dimension("D", a=1, b=weight)])
    assert (caught.value.field, caught.value.value, str(caught.value)) == (
        "dimensions",
        weight,
        (
            "Profile.dimensions give 'd/b' less than 2^-40 of the whole, which rounds to nothing "
            f"(got {weight})\n\nHint: weigh it more, or 0"
        ),
    )


def test_a_weight_of_zero_is_inert() -> None:
    """A criterion or a dimension of weight 0 has no share, and is no error."""
    profile = Profile("P", [dimension("D", a=1, b=0), Dimension("E", [C], weight=0)])
    assert profile.effective_weights == {"d/a": 1, "d/b": 0, "e/c": 0}


def test_paths() -> None:
    """Dimensions, criteria, gates and adjustments have paths of folded names, in stored order."""
    assert small().paths == (
        *("size", "size/employees", "size/b2b", "tech", "tech/cloud"),
        *("gates/paying", "adjustments/sued"),
    )


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("size/employees", Range("Employees", 50, 500)),
        (" SIZE/Employees ", Range("Employees", 50, 500)),
        ("Tech", Dimension("Tech", [Flag("cloud")])),
        ("gates/paying", Gate(Flag("Paying"))),
        ("adjustments/sued", Adjustment(-5, Flag("sued"))),
    ],
)
def test_what_stands_at_a_path(path: str, part: object) -> None:
    """A path leads to its part, whatever its case."""
    assert small()[path] == part


@pytest.mark.parametrize(
    "lookup",
    [
        lambda profile: profile["size/employes"],
        lambda profile: profile.without("size/employes"),
        lambda profile: profile.with_weight("size/employes", 2),
        lambda profile: profile.with_criterion("size/employes", A),
    ],
    ids=["[]", "without", "with_weight", "with_criterion"],
)
def test_a_path_that_leads_nowhere(lookup: Callable[[Profile], object]) -> None:
    """A wrong path is an error with the nearest path, wherever a path is asked for."""
    with pytest.raises(NoSuchPathError) as caught:
        lookup(small())
    assert str(caught.value) == (
        "Profile 'Small' has nothing at 'size/employes'\n\nHint: did you mean 'size/employees'?"
    )


def test_a_gate_has_no_weight() -> None:
    """Only dimensions and criteria have a weight, and a path to something else says so."""
    with pytest.raises(DefinitionError, match="gates and adjustments carry none"):
        small().with_weight("gates/paying", 2)


def test_only_a_dimension_holds_criteria() -> None:
    """A criterion is put into a dimension: the path of a criterion is no place for one."""
    with pytest.raises(NoSuchPathError) as caught:
        small().with_criterion("size/employees", A)
    assert caught.value.known == ("Size", "Tech")


def test_a_combinator_can_be_weighed() -> None:
    """`with_weight` reaches a combinator as it does any criterion."""
    profile = Profile("P", [Dimension("D", [AnyOf(A, B, name="either"), C])])
    assert profile.with_weight("d/either", 3).effective_weights == {"d/either": 0.75, "d/c": 0.25}


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        (
            lambda p: p.with_criterion("Tech", Flag("cloud", name="CLOUD")),
            "size size/employees size/b2b tech tech/cloud",
        ),
        (lambda p: p.with_criterion("tech", A), "size size/employees size/b2b tech tech/cloud tech/a"),
        (lambda p: p.with_dimension(Dimension("TECH", [A])), "size size/employees size/b2b tech tech/a"),
        (lambda p: p.with_dimension(Dimension("New", [A])), "size size/employees size/b2b tech tech/cloud new new/a"),
        (lambda p: p.without("tech"), "size size/employees size/b2b"),
        (lambda p: p.without("Size/B2B"), "size size/employees tech tech/cloud"),
    ],
)
def test_criteria_come_and_go(change: Callable[[Profile], Profile], paths: str) -> None:
    """A part takes the place of the one of its name, or the last place; the profile at hand stays as it is."""
    profile = small(gates=[], adjustments=[])
    before = repr(profile)
    assert (" ".join(change(profile).paths), repr(profile)) == (paths, before)


@pytest.mark.parametrize(
    ("change", "gates", "adjustments"),
    [
        (lambda p: p.with_gate(Gate(Flag("PAYING"), at_least=0.5)), [("PAYING", 0.5)], [("sued", -5)]),
        (lambda p: p.with_gate(Gate(A)), [("Paying", 1), ("a", 1)], [("sued", -5)]),
        (lambda p: p.with_adjustment(Adjustment(5, Flag("SUED"))), [("Paying", 1)], [("SUED", 5)]),
        (lambda p: p.with_adjustment(Adjustment(5, A)), [("Paying", 1)], [("sued", -5), ("a", 5)]),
        (lambda p: p.without("gates/paying"), [], [("sued", -5)]),
        (lambda p: p.without("adjustments/sued"), [("Paying", 1)], []),
    ],
)
def test_gates_and_adjustments_come_and_go(
    change: Callable[[Profile], Profile], gates: list[tuple[str, float]], adjustments: list[tuple[str, float]]
) -> None:
    """A gate or adjustment takes the place of the one of its name, or the last place, or goes."""
    profile = change(small())
    assert (
        [(gate.name, gate.at_least) for gate in profile.gates],
        [(adjustment.name, adjustment.points) for adjustment in profile.adjustments],
    ) == (gates, adjustments)


def test_other_weights_and_tiers() -> None:
    """`with_weight` and `with_tiers` change what they say and nothing else."""
    changed = small().with_weight("tech", 2).with_weight("size/b2b", 1).with_tiers(TierScale.a_to_d())
    assert changed == Profile(
        "Small",
        [
            Dimension("Size", [Range("Employees", 50, 500), Flag("b2b", weight=1)], weight=3),
            Dimension("Tech", [Flag("cloud")], weight=2),
        ],
        gates=[Gate(Flag("Paying"))],
        adjustments=[Adjustment(-5, Flag("sued"))],
        tiers=TierScale.a_to_d(),
    )


def test_the_last_criterion_of_a_dimension_stays() -> None:
    """A dimension cannot be emptied: it goes as a whole."""
    with pytest.raises(DefinitionError) as caught:
        small().without("tech/cloud")
    assert str(caught.value) == "Dimension.criteria must not be empty (got ())"


def test_what_is_put_in_is_checked() -> None:
    """A part that is none is refused where it would stand."""
    part: Any = "cloud"
    with pytest.raises(DefinitionError) as caught:
        small().with_criterion("tech", part)
    assert str(caught.value) == "Dimension.criteria must hold only criteria (got 'cloud')"


@attrs.frozen(repr=False)
class Listed(Criterion):
    """A criterion with a list among its fields."""

    attribute: str
    edges: list[float]

    def value_function(self) -> ValueFunction:
        """Give segments from the first edge to the last."""
        return ValueFunction(self.attribute, "number", Segments(self.edges[0], self.edges[-1]))


@attrs.frozen(repr=False)
class Answering(Criterion):
    """A criterion whose value function is whatever it is told to be."""

    attribute: str = "x"
    answer: Any = None

    def value_function(self) -> Any:
        """Give the answer."""
        return self.answer


@attrs.frozen
class Broken(Criterion):
    """A criterion that has a mistake of its author's."""

    attribute: str = "x"

    def value_function(self) -> ValueFunction:
        """Fail as code fails."""
        raise KeyError(self.attribute)


def test_a_mistake_in_a_criterion_of_one_s_own_is_shown_as_it_is() -> None:
    """What its value_function() raises reaches its author unchanged."""
    with pytest.raises(KeyError, match=r"^'x'$"):
        Dimension("D", [Broken()])


DOUBLE = Answering("x", ValueFunction("x", "number", Table({1: 2}, otherwise=0.5)))

DIMENSIONS_THAT_CANNOT_BE: dict[str, tuple[dict[str, Any], str, str]] = {
    "blank name": ({"name": " "}, "name", "must be text that is not blank (got ' ')"),
    "gates": ({"name": " Gates"}, "name", "must not be 'gates' or 'adjustments', which paths use (got ' Gates')"),
    "adjustments": (
        {"name": "adjustments"},
        "name",
        "must not be 'gates' or 'adjustments', which paths use (got 'adjustments')",
    ),
    "one criterion for a list": ({"criteria": A}, "criteria", "must be a list of criteria (got Flag('a'))"),
    "mapping for a list": ({"criteria": {"a": A}}, "criteria", "must be a list of criteria (got {'a': Flag('a')})"),
    "no criteria": ({"criteria": []}, "criteria", "must not be empty (got ())"),
    "text among criteria": ({"criteria": [A, "b"]}, "criteria", "must hold only criteria (got 'b')"),
    "weights all 0": (
        {"criteria": [Flag("a", weight=0)]},
        "criteria",
        "must not all have the weight 0 (got (Flag('a', weight=0),))",
    ),
    "negative weight": ({"weight": -1}, "weight", "must be >= 0 (got -1)"),
    "combinator without a name": (
        {"criteria": [A | B]},
        "criteria",
        ("must have a name (got AnyOf(Flag('a'), Flag('b')))\n\nHint: a combinator needs one: name=\"…\""),
    ),
    "same name twice": (
        {"criteria": [A, B, Flag("A ")]},
        "criteria",
        "must have distinct names, but 'a' comes twice (got 'A ')\n\nHint: give one of them another: name=\"…\"",
    ),
    "criterion with a list": (
        {"criteria": [Listed("x", [1, 2])]},
        "criteria",
        "must be hashable: keep its fields as tuples (got Listed('x', [1, 2]))",
    ),
    "criterion without an answer": (
        {"criteria": [Answering()]},
        "criteria",
        "must answer value_function() with a value function (got None)",
    ),
    "criterion beyond its reach": (
        {"criteria": [DOUBLE]},
        "criteria",
        "must give matches between 0 and 1, not (0.5, 2.0) (got " + repr(DOUBLE)[:79] + "…)",
    ),
}


@pytest.mark.parametrize(
    ("options", "field", "problem"), DIMENSIONS_THAT_CANNOT_BE.values(), ids=DIMENSIONS_THAT_CANNOT_BE
)
def test_a_dimension_that_cannot_be(options: dict[str, Any], field: str, problem: str) -> None:
    """A dimension has a name that paths do not use, and criteria that can be told apart, weighed and scored."""
    with pytest.raises(DefinitionError) as caught:
        Dimension(**{"name": "D", "criteria": [A], **options})
    assert (caught.value.owner, caught.value.field, str(caught.value)) == (
        "Dimension",
        field,
        f"Dimension.{field} {problem}",
    )


GATES_THAT_CANNOT_BE: dict[str, tuple[dict[str, Any], str, str]] = {
    "text": ({"criterion": "a"}, "Gate.criterion", "must be a criterion (got 'a')"),
    "nameless": (
        {"criterion": A & B},
        "Gate.criterion",
        ("must have a name (got AllOf(Flag('a'), Flag('b')))\n\nHint: a combinator needs one: name=\"…\""),
    ),
    "weight": (
        {"criterion": Flag("a", weight=2)},
        "Flag.weight",
        "must not be set inside Gate, which has no use for it (got 2)",
    ),
    "policy": (
        {"criterion": Flag("a", missing=0)},
        "Flag.missing",
        "must not be set inside Gate, which has no use for it (got 0)",
    ),
    "threshold of 0": ({"at_least": 0}, "Gate.at_least", "must be > 0 (got 0)"),
    "ten decimals": ({"at_least": 0.1234567891}, "Gate.at_least", "must have at most 9 decimals (got 0.1234567891)"),
    "when_unknown": (
        {"when_unknown": "skip"},
        "Gate.when_unknown",
        "must be one of 'pass', 'disqualify' (got 'skip')",
    ),
    "overridable": ({"overridable": 1}, "Gate.overridable", "must be True or False (got 1)"),
}


@pytest.mark.parametrize(("options", "subject", "problem"), GATES_THAT_CANNOT_BE.values(), ids=GATES_THAT_CANNOT_BE)
def test_a_gate_that_cannot_be(options: dict[str, Any], subject: str, problem: str) -> None:
    """A gate has a criterion without a weight, and a threshold above 0 up to 1."""
    with pytest.raises(DefinitionError) as caught:
        Gate(**{"criterion": A, **options})
    error = caught.value
    assert (f"{error.owner}.{error.field}", str(error)) == (subject, f"{subject} {problem}")


def test_the_threshold_of_a_gate_is_a_match() -> None:
    """No match reaches a threshold above 1."""
    with pytest.raises(DefinitionError) as caught:
        Gate(A, at_least=1.5)
    assert (caught.value.owner, caught.value.field, caught.value.value) == ("Gate", "at_least", 1.5)


ADJUSTMENTS_THAT_CANNOT_BE: dict[str, tuple[dict[str, Any], str, str]] = {
    "nothing": ({"points": 0}, "Adjustment.points", "must not be 0 (got 0)"),
    "more than all": ({"points": -101}, "Adjustment.points", "must be between -100 and 100 (got -101)"),
    "text": ({"points": "5"}, "Adjustment.points", "must be a number (got '5')"),
    "no criterion": ({"when": True}, "Adjustment.when", "must be a criterion (got True)"),
    "weight": (
        {"when": Flag("a", weight=2)},
        "Flag.weight",
        "must not be set inside Adjustment, which has no use for it (got 2)",
    ),
}


@pytest.mark.parametrize(
    ("options", "subject", "problem"), ADJUSTMENTS_THAT_CANNOT_BE.values(), ids=ADJUSTMENTS_THAT_CANNOT_BE
)
def test_an_adjustment_that_cannot_be(options: dict[str, Any], subject: str, problem: str) -> None:
    """An adjustment has points, not 0, and a criterion without a weight."""
    with pytest.raises(DefinitionError) as caught:
        Adjustment(**{"points": 5, "when": A, **options})
    error = caught.value
    assert (f"{error.owner}.{error.field}", str(error)) == (subject, f"{subject} {problem}")


EXAMPLES_THAT_CANNOT_BE: dict[str, tuple[dict[str, Any], str]] = {
    "account": ({"account": ["a"]}, "Example.account must be a mapping with text keys (got ('a',))"),
    "keys": ({"account": {1: True}}, "Example.account must be a mapping with text keys (got 1)"),
    "values": (
        {"account": {"a": bytearray(b"x")}},
        (
            "Example.account must hold plain data only: text, numbers, dates, lists, mappings with text keys "
            "(got bytearray(b'x'))"
        ),
    ),
    "no tier": ({"tier": []}, "Example.tier must not be empty (got ())"),
    "tier that is no name": ({"tier": [1]}, "Example.tier must hold only tier names (got 1)"),
    "nothing for a tier": ({"tier": None}, "Example.tier must be a list of tier names (got None)"),
}


@pytest.mark.parametrize(("options", "sentence"), EXAMPLES_THAT_CANNOT_BE.values(), ids=EXAMPLES_THAT_CANNOT_BE)
def test_an_example_that_cannot_be(options: dict[str, Any], sentence: str) -> None:
    """An example is plain data by name, and the tiers that it should get."""
    with pytest.raises(DefinitionError) as caught:
        Example(**{"account": {"a": True}, "as_of": DAY, "tier": "Perfect", **options})
    assert str(caught.value) == sentence


def test_an_example_has_a_moment() -> None:
    """A naive moment of an example is refused as it is when scoring."""
    with pytest.raises(AsOfError):
        Example({"a": True}, as_of=dt.datetime(2026, 11, 21, 12), tier="Perfect")


@pytest.mark.parametrize(
    ("as_of", "kept"),
    [
        ("2026-11-21", DAY),
        (DAY, DAY),
        ("2026-11-21T12:00+02:00", dt.datetime(2026, 11, 21, 10, tzinfo=UTC)),
    ],
)
def test_the_parts_of_an_example(as_of: Any, kept: date) -> None:
    """An example keeps its account as frozen pairs, its moment in UTC and its tiers as a tuple."""
    example = Example({"a": [1, {"b": 2}]}, as_of=as_of, tier="Perfect")
    assert (dict(example.account), example.as_of, example.tier) == ({"a": (1, (("b", 2),))}, kept, ("Perfect",))


PROFILES_THAT_CANNOT_BE: dict[str, tuple[dict[str, Any], str, str]] = {
    "name": ({"name": None}, "name", "must be text that is not blank (got None)"),
    "no dimensions": ({"dimensions": ()}, "dimensions", "must not be empty (got ())"),
    "criteria for dimensions": ({"dimensions": [A]}, "dimensions", "must hold only dimensions (got Flag('a'))"),
    "dimension twice": (
        {"dimensions": [Dimension("Size", [A]), Dimension("SIZE", [B])]},
        "dimensions",
        "must have distinct names, but 'Size' comes twice (got 'SIZE')\n\nHint: give one of them another: name=\"…\"",
    ),
    "weights all 0": (
        {"dimensions": [Dimension("D", [A], weight=0)]},
        "dimensions",
        "must not all have the weight 0 (got (Dimension('D', [Flag('a')], weight=0),))",
    ),
    "gates": ({"gates": [A]}, "gates", "must hold only gates (got Flag('a'))"),
    "gate twice": (
        {"gates": [Gate(A), Gate(~A)]},
        "gates",
        "must have distinct names, but 'a' comes twice (got 'a')\n\nHint: give one of them another: name=\"…\"",
    ),
    "adjustments": ({"adjustments": A}, "adjustments", "must be a list of adjustments (got Flag('a'))"),
    "adjustment twice": (
        {"adjustments": [Adjustment(1, A), Adjustment(2, Flag("A"))]},
        "adjustments",
        "must have distinct names, but 'a' comes twice (got 'A')\n\nHint: give one of them another: name=\"…\"",
    ),
    "tiers": (
        {"tiers": {"A": 0}},
        "tiers",
        "must be a TierScale (got {'A': 0})\n\nHint: TierScale.standard(), or TierScale.from_cuts({…})",
    ),
    "min_coverage above 1": ({"min_coverage": 50}, "min_coverage", "must be between 0 and 1 (got 50)"),
    "min_coverage of ten decimals": (
        {"min_coverage": 1 / 3},
        "min_coverage",
        "must have at most 9 decimals (got 0.3333333333333333)",
    ),
    "about": (
        {"about": "companies"},
        "about",
        "must be one of 'company', 'person' (got 'companies')\n\nHint: did you mean 'company'?",
    ),
    "priority": ({"priority": 1}, "priority", "must be one of 'low', 'medium', 'high', None (got 1)"),
    "rank": (
        {"rank": "first"},
        "rank",
        "must be one of 'primary', 'secondary', 'tertiary', None (got 'first')",
    ),
    "stage": (
        {"stage": "on"},
        "stage",
        "must be one of 'draft', 'testing', 'active', 'retired' (got 'on')",
    ),
    "examples": ({"examples": [{}]}, "examples", "must hold only examples (got {})"),
    "tier of an example": (
        {"examples": [Example({"a": 1}, as_of=DAY, tier=["Strong", "perfect"])]},
        "examples",
        (
            "must expect tiers among Perfect, Strong, Moderate, Weak, disqualified, insufficient data (got 'perfect')"
            "\n\nHint: did you mean 'Perfect'?"
        ),
    ),
    "meta": ({"meta": ["tag"]}, "meta", "must be a mapping with text keys (got ('tag',))"),
}


@pytest.mark.parametrize(("options", "field", "problem"), PROFILES_THAT_CANNOT_BE.values(), ids=PROFILES_THAT_CANNOT_BE)
def test_a_profile_that_cannot_be(options: dict[str, Any], field: str, problem: str) -> None:
    """A profile that contradicts itself is refused, naming field and value, with a way out where there is one."""
    with pytest.raises(DefinitionError) as caught:
        Profile(**{"name": "P", "dimensions": [Dimension("D", [A])], **options})
    assert (caught.value.owner, caught.value.field, str(caught.value)) == (
        "Profile",
        field,
        f"Profile.{field} {problem}",
    )


def test_paths_are_distinct_across_dimensions() -> None:
    """Two leaves that would stand at one path are refused, though their dimensions and names differ."""
    with pytest.raises(DefinitionError) as caught:
        Profile("P", [Dimension("a/b", [Flag("c")]), Dimension("a", [Flag("b/c")])])
    assert (caught.value.field, caught.value.value) == ("dimensions", "a/b/c")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Profile("P", [Dimension("a", [B]), Dimension("a/b", [C])]),
        lambda: Profile("P", [Dimension("gates/a", [B])], gates=[Gate(A)]),
    ],
    ids=["criterion and dimension", "dimension and gate"],
)
def test_paths_are_distinct(make: Callable[[], Profile]) -> None:
    """A path leads to one part only, whatever kind of part it is."""
    with pytest.raises(DefinitionError):
        make()


def test_the_same_name_may_stand_in_two_dimensions() -> None:
    """Names are distinct within a dimension; another dimension makes another path."""
    profile = Profile("P", [Dimension("D", [A]), Dimension("E", [A])])
    assert list(profile.effective_weights) == ["d/a", "e/a"]


def test_generators_are_lists() -> None:
    """Whatever can be gone through once serves as a list."""
    profile = Profile("P", (Dimension(name, iter([A, B])) for name in "DE"))
    assert profile == Profile("P", [Dimension("D", [A, B]), Dimension("E", [A, B])])


def test_numbers_of_a_profile_become_plain() -> None:
    """Numbers of other libraries become ints and floats."""
    number: Any = np.float64(0.25)
    profile = Profile("P", [Dimension("D", [A], weight=number)], min_coverage=number, missing=number)
    assert repr(profile) == "Profile('P', [Dimension('D', [Flag('a')], weight=0.25)], missing=0.25, min_coverage=0.25)"


FULL = small(
    tiers=TierScale.from_quantiles([90, 50], {"Top": 0.5, "Rest": 0.5}, as_of=DAY),
    missing=0.5,
    min_coverage=0.25,
    about="person",
    priority="high",
    rank="primary",
    stage="active",
    examples=[Example({"Employees": 80, "tags": ["x", {"deep": 1}]}, as_of=DAY, tier=["Top", "Rest"])],
    meta={"owner": "RevOps", "pains": ["silos", "cost"]},
)


@pytest.mark.parametrize("profile", [small(), FULL, standard_profile()], ids=["small", "full", "standard"])
def test_a_repr_can_be_pasted_back(profile: Profile) -> None:
    """The repr of a profile is the call that makes an equal one."""
    names = {name: getattr(icpkit, name) for name in icpkit.__all__} | {"datetime": dt}
    assert eval(repr(profile), names) == profile


@pytest.mark.parametrize(
    "part",
    [FULL, FULL.dimensions[0], FULL.gates[0], FULL.adjustments[0], FULL.examples[0]],
    ids=lambda part: type(part).__name__,
)
def test_profiles_are_frozen_and_hashable(part: Any) -> None:
    """A profile and its parts cannot be changed, and equal ones are one key."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        part.name = "other"
    assert {part: "found"}[attrs.evolve(part)] == "found"


def test_a_gate_is_called_as_its_criterion() -> None:
    """A gate or adjustment has its criterion's name, under a negation too."""
    assert [Gate(~OneOf("country", ["KP"])).name, Adjustment(5, Flag("x", name="Pays")).name] == ["country", "Pays"]


def test_the_standard_profile() -> None:
    """The standard profile weighs its five dimensions 30, 20, 25, 15 and 10."""
    profile = standard_profile("Ours")
    shares: dict[str, float] = {}
    for path, share in profile.effective_weights.items():
        shares[path.partition("/")[0]] = shares.get(path.partition("/")[0], 0) + share
    assert (profile.name, {name: round(share, 9) for name, share in shares.items()}) == (
        "Ours",
        {
            "firmographics": 0.3,
            "technographics": 0.2,
            "behavioral signals": 0.25,
            "business needs": 0.15,
            "growth potential": 0.1,
        },
    )


@pytest.mark.parametrize(
    ("given", "kept"), [("Perfect", ("Perfect",)), (["Perfect", "Strong"], ("Perfect", "Strong")), (("A",), ("A",))]
)
def test_an_example_expects_one_tier_or_several(given: Any, kept: tuple[str, ...]) -> None:
    """The tier of an example is a name or several."""
    assert Example({}, as_of=DAY, tier=given).tier == kept


@pytest.mark.parametrize("name", ["", "  ", 5])
def test_the_name_of_an_example_is_text(name: Any) -> None:
    """An example has no name, or one that is not blank."""
    assert (Example({}, as_of=DAY, tier="A").name, Example({}, as_of=DAY, tier="A", name="one").name) == (None, "one")
    with pytest.raises(DefinitionError, match=r"^Example\.name must be text that is not blank"):
        Example({}, as_of=DAY, tier="A", name=name)


def test_an_example_may_expect_no_tier() -> None:
    """An example may expect to be disqualified, or to lack data, beside tiers or alone."""
    expected = ["Strong", "disqualified", "insufficient data"]
    assert small(examples=[Example({}, as_of=DAY, tier=expected)]).examples[0].tier == tuple(expected)


def test_an_example_keeps_plain_data() -> None:
    """The account of an example is kept as a file keeps it: dates as text, what is unknown left out."""
    one = Example({"at": DAY, "none": None, "list": [None, math.nan, 1], "hq": {"since": DAY}}, as_of=DAY, tier="A")
    assert repr(one.account) == "{'at': '2026-11-21', 'list': (1,), 'hq': {'since': '2026-11-21'}}"


def test_ids_are_computed_once() -> None:
    """Both ids are kept once they are known, and equal profiles have the same ones."""
    profile = small()
    assert profile.content_id is profile.content_id
    assert profile.scoring_id is profile.scoring_id
    assert (profile.content_id, profile.scoring_id) == (small().content_id, small().scoring_id)
    assert profile == small()
    assert hash(profile) == hash(small())


@pytest.mark.parametrize(
    "change",
    [
        lambda one: attrs.evolve(one, name="Other"),
        lambda one: attrs.evolve(one, stage="active"),
        lambda one: attrs.evolve(one, priority="high"),
        lambda one: attrs.evolve(one, rank="primary"),
        lambda one: attrs.evolve(one, about="person"),
        lambda one: attrs.evolve(one, meta={"a": 1}),
        lambda one: attrs.evolve(one, examples=[Example({}, as_of=DAY, tier="Weak")]),
        lambda one: attrs.evolve(one, gates=[attrs.evolve(one.gates[0], overridable=False)]),
        lambda one: one.with_tiers(TierScale([attrs.evolve(tier, color="#fff") for tier in one.tiers.tiers])),
        lambda one: one.with_tiers(TierScale([attrs.evolve(tier, action="call") for tier in one.tiers.tiers])),
        lambda one: one.with_tiers(TierScale(one.tiers.tiers, cohort=icpkit.Cohort(5, DAY))),
        lambda one: one.with_dimension(attrs.evolve(one.dimensions[0], name=" size")),
        lambda one: one.with_criterion("Tech", Flag("cloud", label="In the cloud")),
    ],
)
def test_what_only_describes_changes_the_content_alone(change: Callable[[Profile], Profile]) -> None:
    """What moves no number changes content_id and leaves scoring_id as it is."""
    before, after = small(), change(small())
    assert after.content_id != before.content_id
    assert after.scoring_id == before.scoring_id


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.with_weight("size/b2b", 4),
        lambda one: one.with_weight("tech", 2),
        lambda one: one.without("gates/paying"),
        lambda one: one.without("adjustments/sued"),
        lambda one: one.with_criterion("Tech", Flag("cloud", missing=0.5)),
        lambda one: one.with_criterion("Size", Range("Employees", 50, 501)),
        lambda one: one.with_criterion("Tech", Flag("remote", name="cloud")),
        lambda one: one.with_gate(Gate(Flag("Paying"), 0.5)),
        lambda one: one.with_gate(Gate(Flag("Paying"), when_unknown="disqualify")),
        lambda one: one.with_adjustment(Adjustment(-6, Flag("sued"))),
        lambda one: one.with_tiers(TierScale.a_to_d()),
        lambda one: one.with_tiers(TierScale.from_cuts({"Perfect": 81, "Strong": 60, "Moderate": 40, "Weak": 0})),
        lambda one: attrs.evolve(one, missing=0.5),
        lambda one: attrs.evolve(one, min_coverage=0.4),
    ],
)
def test_what_moves_numbers_changes_both_ids(change: Callable[[Profile], Profile]) -> None:
    """What can move a fit, a tier or a status changes both ids."""
    before, after = small(), change(small())
    assert after.content_id != before.content_id
    assert after.scoring_id != before.scoring_id


def test_policies_count_where_they_are_followed() -> None:
    """A criterion's own policy that is the profile's is the same meaning, said in other words."""
    said = small().with_criterion("Tech", Flag("cloud", missing="skip"))
    assert said.scoring_id == small().scoring_id
    assert said.content_id != small().content_id


def test_a_table_of_a_profile() -> None:
    """The table has a row for each part, each share, and each example, by its name or by what it says."""
    examples = [
        Example(
            {"Employees": 80, "b2b": True, "hq": {"country": "DE", "tags": ["a", "b"]}},
            as_of=DAY,
            tier=["Strong", "Weak"],
        ),
        Example({}, as_of=DAY, tier="insufficient data", name="nobody"),
    ]
    rows = small(examples=examples, meta={"Tags": ["a", "b"], "Open": False}).to_table("rows")
    assert [row for row in rows if row[0] == "Examples"] == [
        ("Examples", "Employees: 80, b2b: yes, hq: country: DE; tags: a, b: Strong or Weak"),
        ("Examples", "nobody: insufficient data"),
    ]
    assert rows[-2:] == (("Tags", "a, b"), ("Open", "no"))
    assert rows[1] == ("Size (75 %)", "Employees: 50 to 500 (18.8 %)")
    with pytest.raises(ValueError, match=r'^form must be "markdown", "html" or "rows" \(got .text.\)$'):
        small().to_table("text")  # type: ignore[call-overload]  # the mistake
