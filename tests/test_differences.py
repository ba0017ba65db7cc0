import datetime as dt
import json
from datetime import date
from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit._attrs import Pairs
from icpkit.criteria import AbsentKind, Criterion
from icpkit.differences import Change, Diff, diff, diff_text
from icpkit.edits import applied, unchecked
from icpkit.value_functions import Segments, ValueFunction
from icpkit.words import ENGLISH
from tests.property.test_differences import assert_told

A, B, C = icp.Flag("a"), icp.Flag("b"), icp.Flag("c")
SIZE = icp.Range("employees", 50, 500)
NAMES = {name: getattr(icp, name) for name in icp.__all__} | {"datetime": dt, "Diff": Diff, "Change": Change}


def profile(*criteria: Criterion, **options: Any) -> icp.Profile:
    """Give a profile of one dimension, by default of one criterion, and of another one beside it."""
    return icp.Profile("P", [icp.Dimension("Size", criteria or [SIZE]), icp.Dimension("Rest", [A])], **options)


def told(before: icp.Profile, after: icp.Profile) -> list[str]:
    """Give the lines of a difference below the name, without those about other shares."""
    assert_told(before, after)
    return [line.strip() for line in str(diff(before, after)).splitlines()[1:] if "also shares" not in line]


def told_of(before: Criterion, after: Criterion) -> list[str]:
    """Give the lines about a criterion in a dimension that became another."""
    return told(profile(before, B), profile(after, B))


def test_a_difference_reads_like_this() -> None:
    """One line a change under the profile's name, and last what the weights do to the shares of the rest."""
    before = icp.Profile(
        "Mid-market SaaS",
        [
            icp.Dimension(
                "Firmographics",
                [
                    icp.Range("employees", 50, 500),
                    icp.OneOf("industry", {"Software": 1, "Retail": 0.2, "IT Services": 0.6}),
                ],
                weight=40,
            ),
            icp.Dimension("Technographics", [icp.Overlap("technologies", ["Slack"])], weight=20),
            icp.Dimension("Behavioral signals", [icp.Flag("visited")], weight=40),
        ],
        gates=[icp.Gate(~icp.OneOf("country", ["KP", "SY"]))],
    )
    industry = icp.OneOf("industry", {"Software": 1, "IT Services": 0.8, "Fintech": 1})
    strong = [attrs.evolve(tier, cut=65) if tier.name == "Strong" else tier for tier in before.tiers.tiers]
    after = (
        before.with_weight("technographics", 30)
        .with_criterion("firmographics", icp.Range("employees", 50, 1000))
        .with_criterion("firmographics", industry)
        .with_criterion("behavioral signals", icp.Recency("last_demo_request"))
        .with_gate(icp.Gate(~icp.OneOf("country", ["KP", "SY", "BY"])))
        .with_tiers(icp.TierScale(strong))
    )
    assert str(diff(before, after)) == (
        "Mid-market SaaS\n"
        "  Technographics: weight 20 → 30 (share 20 % → 27.3 %)\n"
        "  Firmographics / employees: high 500 → 1,000\n"
        "  Firmographics / industry: values: added 'Fintech' (1), removed 'Retail', 'IT Services' 0.6 → 0.8\n"
        "  Behavioral signals: added Recency('last_demo_request')\n"
        "  gates / country: values: added 'BY'\n"
        "  tiers: Strong from 60 → 65\n"
        "  also shares: Firmographics 40 % → 36.4 %, Behavioral signals 40 % → 36.4 %, "
        "Behavioral signals / visited 40 % → 18.2 %"
    )
    assert len(diff(before, after)) == 6
    assert_told(before, after)


def test_equal_profiles() -> None:
    """The difference of equal profiles is false, has no change and is told in one line."""
    found = diff(profile(), profile())
    assert (bool(found), len(found), list(found), str(found)) == (False, 0, [], "P: no difference")


def test_what_is_added_removed_and_put_between() -> None:
    """Parts are known by their names: what comes in between is one change, and so is what goes."""
    [added] = diff(profile(A, B), profile(A, C, B))
    assert (added.kind, added.part, added.path, added.after, added.place) == ("added", "criterion", "size/c", C, 1)
    assert (added.before, added.share_before, added.share_after) == (
        None,
        None,
        profile(A, C, B).effective_weights["size/c"],
    )
    [removed] = diff(profile(A, C, B), profile(A, B))
    assert (removed.kind, removed.path, removed.before, removed.after, removed.place) == (
        "removed",
        "size/c",
        C,
        None,
        None,
    )
    [gone] = diff(profile(), profile().without("rest"))
    assert (gone.kind, gone.part, gone.path, gone.share_before) == ("removed", "dimension", "rest", 0.5)
    assert told(profile(), profile().without("rest")) == ["dimensions: removed Dimension('Rest', [Flag('a')])"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (profile(B), profile(C, icp.Upcoming("renewal"))),
        (profile(B.with_weight(1), C.with_weight(0)), profile(B.with_weight(0), C.with_weight(2))),
        (
            profile(examples=[icp.Example({"a": 1}, as_of="2026-01-01", tier="Strong")]),
            profile(
                tiers=icp.TierScale.a_to_d(), examples=[icp.Example({"a": 1}, as_of="2026-01-01", tier=["A", "B"])]
            ),
        ),
    ],
)
def test_profiles_are_valid_between_changes(before: icp.Profile, after: icp.Profile) -> None:
    """No dimension is empty or weightless, and no example lacks its tiers, while changes are made one by one."""
    here = before
    for change in diff(before, after):
        here = applied(here, change)
        assert eval(repr(here), dict(NAMES)) == here
    assert here == after


def test_another_class_under_the_same_name() -> None:
    """A criterion of another class is one change, with both as the calls that make them."""
    [changed] = diff(profile(SIZE), profile(icp.Age("employees", at_least=3, weight=2)))
    assert (changed.kind, changed.field, changed.before, changed.share_after) == ("changed", None, SIZE, 0.5)
    assert changed.details == ()
    text = "Size / employees: Range('employees', 50, 500) → Age('employees', weight=2, at_least=3)"
    assert changed.describe() == text


def test_names() -> None:
    """Another name for the same is a renaming, another spelling of the name a changed field."""
    assert told_of(SIZE, attrs.evolve(SIZE, name="Headcount")) == ["Size: renamed 'employees' to 'Headcount'"]
    assert told_of(SIZE, attrs.evolve(SIZE, name="Employees ")) == ["Size / Employees : name none → 'Employees '"]
    other = attrs.evolve(profile(), dimensions=[icp.Dimension("Scale", [SIZE]), profile().dimensions[1]])
    [renamed] = diff(profile(), other)
    assert (renamed.kind, renamed.path, renamed.name, renamed.share_before) == ("renamed", "size", "Scale", None)
    assert renamed.describe() == "dimensions: renamed 'Size' to 'Scale'"
    assert told(profile(), attrs.evolve(profile(), name="Q")) == ["name 'P' → 'Q'"]


def test_two_of_the_same_under_new_names() -> None:
    """Each part that goes is the twin of one that comes, at most."""
    one, two, three = (attrs.evolve(SIZE, name=name) for name in ("one", "two", "three"))
    assert told(profile(one, two), profile(three)) == ["Size: renamed 'one' to 'three'", f"Size: removed {two!r}"]
    assert told(profile(one), profile(two, three)) == ["Size: renamed 'one' to 'three'", f"Size: added {two!r}"]


def test_a_criterion_that_moves_to_another_dimension() -> None:
    """It is added there and removed here."""
    before, after = profile(SIZE, B), profile(SIZE).with_criterion("Rest", B)
    assert told(before, after) == ["Size: removed Flag('b')", "Rest: added Flag('b')"]


def test_orders() -> None:
    """Another order is one change for each list, with the names before and after."""
    before = profile(A, B, C, gates=[icp.Gate(A), icp.Gate(B)], meta={"x": 1, "y": 2})
    dimensions = [attrs.evolve(one, criteria=one.criteria[::-1]) for one in before.dimensions[::-1]]
    after = attrs.evolve(before, dimensions=dimensions, gates=before.gates[::-1], meta={"y": 2, "x": 1})
    assert told(before, after) == [
        "dimensions: in the order 'Rest', 'Size'",
        "Size: in the order 'c', 'b', 'a'",
        "gates: in the order 'b', 'a'",
        "meta: in the order 'y', 'x'",
    ]
    found = [(one.kind, one.part, one.path, one.field, one.before) for one in diff(before, after)]
    assert found[1] == ("reordered", "criterion", "size", "criteria", ("a", "b", "c"))
    assert found[0][:4] == ("reordered", "dimension", "dimensions", "dimensions")


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (SIZE, icp.Range("employees", 50, None), "employees: high 500 → none"),
        (icp.Range("x", 1, 2e6), icp.Range("x", 1, 3.5e6), "x: high 2M → 3.5M"),
        (icp.Range("x", 1, 2), icp.Range("x", 1, 2, scale="log"), "x: scale 'linear' → 'log'"),
        (icp.Flag("x"), icp.Flag("x", expected=False), "x: expected yes → no"),
        (icp.Flag("x"), icp.Flag("x", missing=0.5), "x: missing none → 0.5"),
        (icp.Flag("x"), icp.Flag("x", weight=1.5), "x: weight 1 → 1.5 (share 25 % → 30 %)"),
        (icp.OneOf("x", ["a"]), icp.OneOf("x", ["b", "a", "c"]), "x: values: added 'b', 'c'"),
        (icp.OneOf("x", [1, 2.5]), icp.OneOf("x", {1: 0.5}), "x: values: removed 2.5, 1 1 → 0.5"),
        (icp.OneOf("x", ["a", "b"]), icp.OneOf("x", ["b", "a"]), "x: values: in the order 'b', 'a'"),
        (icp.OneOf("x", ["a"]), icp.OneOf("x", ["a"], aliases={"ä": "a"}), "x: aliases: added 'ä' ('a')"),
        (
            icp.Overlap("x", ["a"], groups={"a": ["b"]}),
            icp.Overlap("x", ["a"], groups={"a": ["b", "c"]}),
            "x: groups: 'a' ['b'] → ['b', 'c']",
        ),
        (icp.Engagement("x", {"web": 1}), icp.Engagement("x", {"web": 2}), "x: kinds: 'web' 1 → 2"),
        (
            icp.Ordinal("x", ["a", "b"], matches={"a": 0, "b": 1}),
            icp.Ordinal("x", ["a", "c"], matches={"a": 0, "c": 1}),
            "x: order ['a', 'b'] → ['a', 'c']; x: matches: added 'c' (1), removed 'b'",
        ),
        (icp.Bands("x", [(1, 0.5)]), icp.Bands("x", [(1, 0.5), (2, 1)]), "x: bands [[1, 0.5]] → [[1, 0.5], [2, 1]]"),
        (icp.Recency("x", steps=[(7, 1)]), icp.Recency("x", steps=[(9, 1)]), "x: steps [[7, 1]] → [[9, 1]]"),
    ],
)
def test_details_of_criteria(before: Criterion, after: Criterion, text: str) -> None:
    """Numbers, texts, tables and lists are told as people write them."""
    assert told_of(before, after) == [f"Size / {line}" for line in text.split("; ")]


def test_combinators() -> None:
    """Parts of a combinator are compared by name, those without one by what they are, at every depth."""
    before = icp.AnyOf(icp.Flag("x"), icp.Range("y", 1, 2) & B, ~icp.OneOf("z", ["a"]), name="Any")
    after = icp.AnyOf(~icp.OneOf("z", ["b"]), icp.Flag("x", expected=False), icp.Range("y", 1, 3) & B, name="Any")
    new, old = "AllOf(Range('y', 1, 3), Flag('b'))", "AllOf(Range('y', 1, 2), Flag('b'))"
    inner = f"z values: added 'b', removed 'a'; x expected yes → no; in the order 'z', 'x', {new}"
    assert told_of(before, after) == [f"Size / Any: criteria: added {new}; removed {old}; {inner}"]
    [parts] = diff(profile(before), profile(after))
    expected = parts.details[2]
    assert [detail.kind for detail in parts.details] == ["added", "changed", "changed", "removed", "reordered"]
    assert (expected.path, expected.field, expected.before, expected.after) == ("x", "expected", True, False)
    assert told_of(icp.AnyOf(A, A, name="Any"), icp.AnyOf(A, name="Any")) == ["Size / Any: criteria: removed Flag('a')"]
    assert told_of(icp.AnyOf(A, B, name="Any"), icp.AnyOf(A, attrs.evolve(B, name="c"), name="Any")) == [
        "Size / Any: criteria: renamed 'b' to 'c'"
    ]


def test_gates_and_adjustments() -> None:
    """Their own fields and those of their criteria are told, and the parts as a whole."""
    before = profile(gates=[icp.Gate(A)], adjustments=[icp.Adjustment(-5, SIZE)])
    after = profile(
        gates=[icp.Gate(~A, 0.5, when_unknown="disqualify", overridable=False), icp.Gate(C)],
        adjustments=[icp.Adjustment(-10, icp.Range("employees", 50, 600, label="Staff"))],
    )
    assert told(before, after) == [
        "gates: added Gate(Flag('c'))",
        "gates / a: Flag('a') → Not(Flag('a'))",
        "gates / a: at_least 1 → 0.5",
        "gates / a: when_unknown 'pass' → 'disqualify'",
        "gates / a: overridable yes → no",
        "adjustments / employees: points -5 → -10",
        "adjustments / employees: label none → 'Staff'; high 500 → 600",
    ]
    assert [change.path for change in diff(before, after)][-1] == "adjustments/employees"
    assert told(after, profile())[-1] == f"adjustments: removed {after.adjustments[0]!r}"


def test_tiers() -> None:
    """A scale is one change: cuts, names, colours, actions and its cohort."""
    tiers = icp.TierScale.standard().tiers
    perfect = attrs.evolve(tiers[0], color="#fff", action=None)
    cohort = icp.Cohort(9, date(2026, 1, 1))
    after = profile(
        tiers=icp.TierScale(
            [icp.Tier("Best", 90), perfect, attrs.evolve(tiers[1], name="Good"), tiers[3]], cohort=cohort
        )
    )
    moved = f"added Tier('Best', 90); removed {tiers[2]!r}; renamed 'Strong' to 'Good'"
    changed = "Perfect color '#1a7f37' → '#fff'; Perfect action 'all resources' → none"
    assert told(profile(), after) == [f"tiers: {moved}; {changed}; cohort none → {cohort!r}"]
    later = attrs.evolve(after, tiers=attrs.evolve(after.tiers, cohort=icp.Cohort(9, date(2026, 2, 1))))
    assert told(after, later) == ["tiers: cohort: as_of 2026-01-01 → 2026-02-01"]
    [tier] = diff(after, later)
    assert (tier.part, tier.path, tier.field, tier.after) == ("profile", "tiers", "tiers", later.tiers)


def test_what_is_not_scored() -> None:
    """Examples are added and removed, notes are told by key, and everything else by field."""
    one = icp.Example({"a": 1}, as_of="2026-01-01", tier="Weak")
    before = profile(examples=[one, one], meta={"tags": ["a"], "notes": {"pain": "late", "fear": "x"}, "old": 1})
    after = profile(
        examples=[one, attrs.evolve(one, tier=["Strong"])],
        meta={"tags": ["a", "b"], "notes": {"pain": "cost", "fear": "x"}, "new": {"y": True}},
        stage="active",
        priority="high",
        about="person",
        rank="primary",
        missing=0.5,
        min_coverage=0.25,
    )
    assert told(before, after) == [
        "examples: removed Example({'a': 1}, as_of=datetime.date(2026, 1, 1), tier=['Weak'])",
        "missing 'skip' → 0.5",
        "min_coverage 0.5 → 0.25",
        "about 'company' → 'person'",
        "priority none → 'high'",
        "rank none → 'primary'",
        "stage 'draft' → 'active'",
        "examples: added Example({'a': 1}, as_of=datetime.date(2026, 1, 1), tier=['Strong'])",
        "meta: added 'new' ({'y': yes})",
        "meta / tags: ['a'] → ['a', 'b']",
        "meta / notes: 'pain' 'late' → 'cost'",
        "meta: removed 'old'",
    ]
    paths = [change.path for change in diff(before, after)]
    assert (paths[0], paths[1], paths[-1]) == ("examples", "missing", "meta/old")


def test_examples_are_known_by_what_they_say() -> None:
    """An example that changed is another one, whatever it is called; what goes makes place for what comes."""
    one, two, three, four = (icp.Example({"a": number}, as_of="2026-01-01", tier="Weak") for number in range(4))
    found = diff(profile(examples=[one, two, three]), profile(examples=[two, four, three]))
    assert [(change.kind, change.place) for change in found] == [("removed", None), ("added", 1)]
    assert_told(found.before, found.after)
    named = [attrs.evolve(example, name="Acme") for example in (one, two)]
    kinds = [change.kind for change in diff(profile(examples=named[:1]), profile(examples=named[1:]))]
    assert kinds == ["removed", "added"]


def another(value: Any) -> Any:
    """Give another value of much the same kind."""
    if isinstance(value, Pairs):
        return Pairs((*value, ("another", 1)))
    if isinstance(value, tuple):
        return value[:-1] if len(value) > 1 else (*value, "another")
    if attrs.has(type(value)):
        field = attrs.fields(type(value))[-1].name
        return unchecked(value, **{field: another(getattr(value, field))})
    if isinstance(value, bool | int | float):
        return not value if isinstance(value, bool) else value + 1
    return date(2000, 1, 1) if isinstance(value, date) else "another"


CRITERIA = (
    *(SIZE, icp.Age("founded", at_least=3), icp.Bands("revenue", [(1, 0.5), (2, 1)]), icp.OneOf("industry", ["a"])),
    *(icp.Ordinal("stage", ["a", "b"], at_least="a"), B, icp.Overlap("labels", ["a"]), icp.TechOverlap("tech", ["a"])),
    *(icp.Recency("visit"), icp.Engagement("events", ["a"]), icp.Upcoming("renewal"), icp.AllOf(A, B, name="all")),
    *(icp.AnyOf(A, B, name="any"), icp.Not(C), AbsentKind("near", {"km": 3})),
)
EVERYTHING = profile(
    *CRITERIA,
    gates=[icp.Gate(A), icp.Gate(B)],
    adjustments=[icp.Adjustment(5, A), icp.Adjustment(5, B)],
    examples=[
        icp.Example({"a": 1}, as_of="2026-01-01", tier=["Weak", "Strong"]),
        icp.Example({}, as_of="2026-01-01", tier="Weak"),
    ],
    tiers=icp.TierScale(icp.TierScale.standard().tiers, cohort=icp.Cohort(3, date(2026, 1, 1))),
    meta={"tags": ["a"]},
)
#: Where each part of it stands.
PLACES: list[tuple[tuple[Any, ...], Any]] = [
    ((), EVERYTHING),
    (("dimensions", 0), EVERYTHING.dimensions[0]),
    *((("dimensions", 0, "criteria", index), part) for index, part in enumerate(CRITERIA)),
    (("gates", 0), EVERYTHING.gates[0]),
    (("adjustments", 0), EVERYTHING.adjustments[0]),
    (("examples", 0), EVERYTHING.examples[0]),
    (("tiers",), EVERYTHING.tiers),
    (("tiers", "tiers", 1), EVERYTHING.tiers.tiers[1]),
    (("tiers", "cohort"), EVERYTHING.tiers.cohort),
]
CHANGES = [
    pytest.param(place, field.name, id=f"{type(part).__name__}.{field.name}")
    for place, part in PLACES
    for field in attrs.fields(type(part))
    if field.init and field.eq
]


def with_another(part: Any, place: tuple[Any, ...], field: str) -> Any:
    """Give a part with another value in a field of what stands somewhere in it."""
    if not place:
        return unchecked(part, **{field: another(getattr(part, field))})
    first, *rest = place
    if isinstance(part, tuple):
        return (*part[:first], with_another(part[first], tuple(rest), field), *part[first + 1 :])
    return unchecked(part, **{first: with_another(getattr(part, first), tuple(rest), field)})


@pytest.mark.no_cover
@pytest.mark.parametrize(("place", "field"), CHANGES)
def test_no_field_of_any_class_is_forgotten(place: tuple[Any, ...], field: str) -> None:
    """Whatever field of whatever part has another value, today's or a later one: it is told, and told completely."""
    after = with_another(EVERYTHING, place, field)
    assert after != EVERYTHING
    assert_told(EVERYTHING, after)
    assert_told(after, EVERYTHING)


def test_every_class_of_criteria_is_among_them() -> None:
    """The test of all fields goes through every criterion of the package."""
    assert {type(one) for one in CRITERIA} == {*icp.CRITERIA, AbsentKind}


@attrs.frozen
class Near(Criterion):
    """A criterion as users write them."""

    attribute: str
    km: float
    hubs: tuple[str, ...] = ()
    inner: Criterion | None = None
    spelling: str = attrs.field(default="", eq=str.casefold)
    cache: int = attrs.field(default=0, eq=False)
    made: float = attrs.field(default=attrs.Factory(lambda self: 2 * self.km, takes_self=True), init=False)
    odd: object = None

    def value_function(self) -> ValueFunction:
        """Fall with the distance."""
        return ValueFunction(self.attribute, "number", Segments(high=self.km, soft_high=2 * self.km))


def test_criteria_of_your_own() -> None:
    """Their fields are compared as their equality does, without more code; what they work out themselves is not."""
    before = Near("x", 5, spelling="a", cache=1)
    found = diff(profile(before), profile(Near("x", 6, ("Oslo",), A, spelling="b")))
    assert [one.describe() for one in found] == [
        "Size / x: km 5 → 6",
        "Size / x: hubs [] → ['Oslo']",
        "Size / x: inner none → Flag('a')",
        "Size / x: spelling 'a' → 'b'",
    ]
    assert not diff(profile(before), profile(Near("x", 5, spelling="A", cache=2)))
    assert [one.field for one in diff(profile(before), profile(Near("x", 6, spelling="A", cache=2)))] == ["km"]
    nan = float("nan")
    assert [one.field for one in diff(profile(Near("x", 5, odd=nan)), profile(Near("x", 6, odd=nan)))] == ["km"]
    assert told_of(Near("x", 5, inner=A), Near("x", 5, inner=~A)) == ["Size / x: inner Flag('a') → Not(Flag('a'))"]
    assert told_of(Near("x", 5, inner=SIZE), Near("x", 5, inner=attrs.evolve(SIZE, high=9000))) == [
        "Size / x: inner: high 500 → 9,000"
    ]


@attrs.frozen(eq=False)
class Alone(Near):
    """A criterion that equals itself alone."""

    def __eq__(self, other: object) -> bool:
        """Tell whether it is this very one."""
        return self is other

    def __hash__(self) -> int:
        """Give what goes with that."""
        return id(self)


def test_what_differs_though_no_field_does() -> None:
    """Two that call themselves different are one change, whatever their fields say."""
    before, after = profile(Alone("x", 5)), profile(Alone("x", 5))
    [change] = diff(before, after)
    assert (change.kind, change.path, change.field) == ("changed", "size/x", None)


def test_plain_data() -> None:
    """A change is plain data for JSON: parts as in files, tables as mappings, moments as text, details inside."""
    before = profile(icp.OneOf("x", {"a": 1, "b": 0.5}), Near("y", 1, odd=1j))
    after = profile(icp.OneOf("x", {"a": 1, "b": 0.7}), Near("y", 1, odd=date(2026, 1, 1)), gates=[icp.Gate(A)])
    values, odd, gate = (json.loads(json.dumps(change.to_dict())) for change in diff(before, after))
    assert (values["before"], values["after"], values["field"]) == ({"a": 1, "b": 0.5}, {"a": 1, "b": 0.7}, "values")
    [entry] = values.pop("details")
    assert (entry["path"], entry["before"], entry["after"]) == ("b", 0.5, 0.7)
    assert (odd["before"], odd["after"]) == ("1j", "2026-01-01")
    assert (gate["after"], gate["place"], gate["details"]) == ({"criterion": {"kind": "flag", "attribute": "a"}}, 0, [])
    [numbers] = diff(profile(icp.OneOf("x", [1])), profile(icp.OneOf("x", [2.5])))
    assert numbers.to_dict()["after"] == [[2.5, 1]]
    del values["before"], values["after"]
    known = {"kind": "changed", "part": "criterion", "path": "size/x", "field": "values", "title": "Size", "name": "x"}
    assert values == known | {"share_before": None, "share_after": None, "place": None}


def test_details_speak_for_themselves() -> None:
    """A detail can be told alone, under the name of what it is about."""
    [change] = diff(
        profile(), profile(tiers=icp.TierScale([*icp.TierScale.standard().tiers[:-1], icp.Tier("Weak", 0)]))
    )
    [tiers] = change.details
    assert [detail.describe() for detail in tiers.details] == [
        "Weak: color '#6e7781' → none",
        "Weak: action 'no outbound; accept inbound' → none",
    ]


def test_text_is_safe_and_short() -> None:
    """Names and values cannot move the cursor or flood a terminal, and what differs looks different."""
    evil = attrs.evolve(profile(attrs.evolve(SIZE, name="\x1b[31m\nred")), name="a\nb\u202e")
    lines = str(diff(evil, evil.with_weight("rest", 3))).splitlines()
    assert lines[0] == "a\\x0ab\\x202e"
    assert len(lines) == 3
    assert told(evil, evil.with_gate(icp.Gate(icp.Flag("\x07"))))[0] == "gates: added Gate(Flag('\\x07'))"
    [other] = diff(evil, evil.with_criterion("size", icp.Range("employees", 50, 501, name="\x1b[31m\nred")))
    assert other.describe() == "Size / \\x1b[31m\\x0ared: high 500 → 501"
    long = told(profile(meta={"notes": "a" * 500}), profile(meta={"notes": "b"}))[0]
    assert len(long) < 300
    alike = told_of(icp.Flag("x", weight=0.3), icp.Flag("x", weight=0.1 + 0.2))[0]
    assert alike.startswith("Size / x: weight 0.3 → 0.30000000000000004 (share ")
    many = [f"value {number}" for number in range(40)]
    assert told_of(icp.OneOf("x", ["a"]), icp.OneOf("x", ["a", *many]))[0].endswith("'value 11' and 28 more")


def test_shares_of_others() -> None:
    """What a weight does to the others is told once; what moved too little to be seen is not."""
    before = profile(A, B)
    assert str(diff(before, before.with_weight("size/a", 3))).splitlines()[1:] == [
        "  Size / a: weight 1 → 3 (share 25 % → 37.5 %)",
        "  also shares: Size / b 25 % → 12.5 %",
    ]
    assert "also" not in str(diff(before, before.with_weight("size/a", 1.000001)))
    assert "also" not in str(diff(before, before.with_criterion("size", icp.Flag("a", expected=False))))


def test_words_in_another_language() -> None:
    """Every word comes from the table that is given."""
    german = {**ENGLISH, "diff_added": "neu: {items}", "diff_field_high": "bis", "diff_none": "{profile}: gleich"}
    found = diff(profile(SIZE), profile(attrs.evolve(SIZE, high=600), B))
    assert [change.describe(german) for change in found] == ["Size: neu: Flag('b')", "Size / employees: bis 500 → 600"]
    assert diff_text(diff(profile(), profile()), german) == "P: gleich"


def test_a_difference_is_a_value() -> None:
    """A difference and its changes are frozen, hashable, and made again by their reprs."""
    found = diff(profile(), profile(gates=[icp.Gate(A)]))
    assert eval(repr(found), dict(NAMES)) == found
    assert eval(repr(found.changes), dict(NAMES)) == found.changes
    assert len({found, diff(found.before, found.after)}) == 1
    assert len({*found.changes}) == 1


@attrs.frozen(repr=False)
class Special(icp.Profile):
    """A profile of another class."""


@pytest.mark.parametrize(
    ("before", "after"), [(profile(), None), ("P", "P"), (profile(), Special("P", profile().dimensions))]
)
def test_anything_but_two_profiles_of_one_class(before: Any, after: Any) -> None:
    """Only profiles of one class can be compared."""
    with pytest.raises(TypeError, match=r"diff\(\) takes two profiles of one class \(got \w+ and \w+\)"):
        diff(before, after)


def test_it_shows_in_notebooks() -> None:
    """One row a change under the profile's name, escaped."""
    profile = icp.Profile("<b>P</b>", [icp.Dimension("D", [A, B])])
    shown = diff(profile, profile.with_weight("d/a", 3))._repr_html_()
    assert "<b>" not in shown
    assert "&lt;b&gt;P&lt;/b&gt;" in shown
    assert shown.count("<tr>") == 3
    assert "weight 1 → 3" in shown
