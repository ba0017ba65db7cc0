from collections.abc import Callable
from datetime import date
from typing import Any

import attrs
import pytest

import icpkit.criteria
from icpkit.criteria import (
    CRITERIA,
    AbsentKind,
    Age,
    AllOf,
    AnyOf,
    Bands,
    Criterion,
    Engagement,
    Flag,
    Not,
    OneOf,
    Ordinal,
    Overlap,
    Range,
    Recency,
    TechOverlap,
    Upcoming,
)
from icpkit.errors import DefinitionError, InvalidAccountError
from icpkit.profile import Dimension, Profile
from icpkit.scoring import score
from icpkit.value_functions import Combination, Segments, Table, ValueFunction

DAY = date(2026, 11, 21)
NAMES = dict(vars(icpkit.criteria))
A, B, C = Flag("a"), Flag("b"), Flag("c")
PLAIN = OneOf("plan", {"pro": 0.6, "basic": 0.2})

ONE_OF_EACH = [
    Range("x", 50, 500, soft_low=25, scale="log", weight=2),
    Age("x", at_least=3, soft_at_least=1, missing=0.5),
    Bands("x", [(10, 0.5), (20, 1)], otherwise=0.25, name="size"),
    OneOf("x", {"51": 0.5, "52": 1}, prefix=True, aliases={"a": "b"}, label="Industry"),
    Ordinal("x", ["Seed", "IPO"], matches={"Seed": 0.5, "IPO": 1}, missing="skip"),
    Flag("x", expected=False),
    Overlap("x", ["a", "b"], mode="at_least", k=1, groups={"a": ["c", "d"]}, case_sensitive=True),
    TechOverlap("x", {"Slack": 1, "Jira": 2.5}),
    Recency("x", steps=[(7, 1), (30, 0.5)], absent="unknown"),
    Engagement("x", {"demo": 2}, half_life=7, target=3),
    Upcoming("x", within=30),
    AllOf(A, Range("x", 1, None), name="both", weight=0.5),
    AnyOf(A, AllOf(B, C), label="Either"),
    Not(A, name="free", missing=1),
]


def interval(criterion: Criterion, account: dict[str, Any]) -> tuple[str, float, float]:
    """Give what is known of a criterion: its state, the least and the greatest match that it can have."""
    named = criterion if criterion.called else AllOf(criterion, name="it")
    profile = Profile("P", [Dimension("D", [named])])
    found = score(profile, account, as_of=DAY).explanation.criteria[0]
    return found.state, found.low, found.high


def test_every_criterion_of_the_package_is_listed() -> None:
    """`CRITERIA` holds every public criterion once, but the one that stands for an absent kind."""
    public = {kind for kind in vars(icpkit.criteria).values() if isinstance(kind, type) and issubclass(kind, Criterion)}
    assert (set(CRITERIA) | {AbsentKind, Criterion}, len(CRITERIA)) == (public, len(ONE_OF_EACH))


@pytest.mark.parametrize("criterion", ONE_OF_EACH, ids=lambda one: type(one).__name__)
def test_a_repr_can_be_pasted_back(criterion: Criterion) -> None:
    """The repr of a criterion is the call that makes an equal one."""
    assert eval(repr(criterion), NAMES) == criterion


@pytest.mark.parametrize("criterion", ONE_OF_EACH, ids=lambda one: type(one).__name__)
def test_criteria_are_frozen_and_hashable(criterion: Any) -> None:
    """A criterion cannot be changed, and equal ones are one key."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        criterion.weight = 7
    assert {criterion: "found"}[eval(repr(criterion), NAMES)] == "found"


@pytest.mark.parametrize("criterion", ONE_OF_EACH, ids=lambda one: type(one).__name__)
def test_a_criterion_with_another_weight(criterion: Criterion) -> None:
    """`with_weight` gives the same criterion with another weight, and leaves the one at hand as it is."""
    before = repr(criterion)
    heavier = criterion.with_weight(7)
    assert (heavier.weight, heavier.with_weight(criterion.weight), repr(criterion)) == (7, criterion, before)


@pytest.mark.parametrize(
    ("criterion", "text"),
    [
        (Range("employees", 50, 500), "Range('employees', 50, 500)"),
        (OneOf("x", ["a", "b"]), "OneOf('x', {'a': 1, 'b': 1})"),
        (Bands("x", [(10, 0.5)], otherwise=1), "Bands('x', [[10, 0.5]], otherwise=1)"),
        (A & ~B, "AllOf(Flag('a'), Not(Flag('b')))"),
        (AnyOf(A, B, name="either", weight=2), "AnyOf(Flag('a'), Flag('b'), name='either', weight=2)"),
        (Overlap("x", ["a"], groups={"a": ["b", "c"]}), "Overlap('x', {'a': 1}, groups={'a': ['b', 'c']})"),
    ],
)
def test_reprs_are_short(criterion: Criterion, text: str) -> None:
    """A repr shows what is required and what differs from the defaults."""
    assert repr(criterion) == text


@pytest.mark.parametrize(
    ("criterion", "called", "description"),
    [
        (A, "a", "a: yes"),
        (Flag("a", name="Buys"), "Buys", "Buys: yes"),
        (Flag("a", name="Buys", label="Buys already?"), "Buys", "Buys already?: yes"),
        (~A, "a", "a: not yes"),
        (Not(A, name="free"), "free", "free: not yes"),
        (A & B, None, "all of: a: yes; b: yes"),
        (AllOf(A, B, name="both"), "both", "both: all of: a: yes; b: yes"),
        (AnyOf(A, B, label="Either"), None, "Either: any of: a: yes; b: yes"),
        (~(A | B), None, "not any of: a: yes; b: yes"),
    ],
)
def test_what_a_criterion_is_called(criterion: Criterion, called: str | None, description: str) -> None:
    """A name defaults to the attribute, under a negation to the part's; a label is what people read."""
    assert (criterion.called, criterion.describe()) == (called, description)


CRITERIA_THAT_CANNOT_BE: dict[str, tuple[dict[str, Any], str, Any, str]] = {
    "blank name": ({"name": " "}, "name", " ", "Flag.name must be text that is not blank (got ' ')"),
    "number for a name": ({"name": 5}, "name", 5, "Flag.name must be text that is not blank (got 5)"),
    "blank label": ({"label": ""}, "label", "", "Flag.label must be text that is not blank (got '')"),
    "negative weight": ({"weight": -1}, "weight", -1, "Flag.weight must be >= 0 (got -1)"),
    "text for a weight": ({"weight": "2"}, "weight", "2", "Flag.weight must be a number (got '2')"),
    "bool for a weight": ({"weight": True}, "weight", True, "Flag.weight must be a number (got True)"),
    "no weight": ({"weight": None}, "weight", None, "Flag.weight must be a number (got None)"),
}


@pytest.mark.parametrize(
    ("options", "field", "value", "sentence"), CRITERIA_THAT_CANNOT_BE.values(), ids=CRITERIA_THAT_CANNOT_BE
)
def test_a_criterion_that_cannot_be(options: dict[str, Any], field: str, value: Any, sentence: str) -> None:
    """What every criterion has is checked under the name of its own class."""
    with pytest.raises(DefinitionError) as caught:
        Flag("a", **options)
    error = caught.value
    assert (error.owner, error.field, error.value, str(error)) == ("Flag", field, value, sentence)


@pytest.mark.parametrize(
    ("combined", "parts"),
    [
        (A & B & C, AllOf(A, B, C)),
        (A & (B & C), AllOf(A, B, C)),
        (A | B | C, AnyOf(A, B, C)),
        (A & (B | C), AllOf(A, AnyOf(B, C))),
        (AllOf(A, AllOf(B, C, name="pair")), AllOf(A, AllOf(B, C, name="pair"))),
        (~~A, A),
        (~Not(A, name="free"), Not(Not(A, name="free"))),
        (~(A & B), Not(AllOf(A, B))),
    ],
)
def test_operators_combine(combined: Criterion, parts: Criterion) -> None:
    """`&`, `|` and `~` make AllOf, AnyOf and Not; unnamed parts of the same kind are opened up."""
    assert combined == parts


@pytest.mark.parametrize("combine", [lambda: A and B, lambda: A or B, lambda: not A], ids=["and", "or", "not"])
def test_words_do_not_combine(combine: Callable[[], object]) -> None:
    """`and`, `or` and `not`, which would silently drop a criterion, are refused."""
    with pytest.raises(TypeError) as caught:
        combine()
    assert str(caught.value) == (
        "a criterion is neither true nor false: combine criteria with & | ~, not with and, or, not"
    )


@pytest.mark.parametrize("keep", [{"name": "pair"}, {"label": "A pair"}], ids=str)
def test_a_part_with_a_name_stays_whole(keep: dict[str, Any]) -> None:
    """A combinator that has a name or a label of its own is not opened up."""
    assert len(AllOf(A, AllOf(B, C, **keep)).criteria) == 2


COMBINATORS_THAT_CANNOT_BE: dict[str, tuple[Callable[[], object], tuple[str, str, Any], str]] = {
    "no parts": (AllOf, ("AllOf", "criteria", ()), "AllOf.criteria must hold at least one criterion"),
    "number for a part": (
        lambda: A | 5,  # type: ignore[operator]  # the mistake
        ("AnyOf", "criteria", 5),
        "AnyOf.criteria must be criteria (got 5)",
    ),
    "list of parts": (
        lambda: AllOf([A, B]),  # type: ignore[arg-type]  # the mistake
        ("AllOf", "criteria", [A, B]),
        "AllOf.criteria must be criteria (got [Flag('a'), Flag('b')])\n\nHint: give them one by one: AllOf(a, b)",
    ),
    "text for a part": (
        lambda: Not("a"),  # type: ignore[arg-type]  # the mistake
        ("Not", "criterion", "a"),
        "Not.criterion must be a criterion (got 'a')",
    ),
    "weight of a part": (
        lambda: A & Flag("b", weight=2),
        ("Flag", "weight", 2),
        (
            "Flag.weight must not be set inside AllOf, where only the outermost criterion carries one (got 2)"
            "\n\nHint: give weight= to the combinator that stands in the dimension"
        ),
    ),
    "policy of a part": (
        lambda: Flag("b", missing="skip") | A,
        ("Flag", "missing", "skip"),
        (
            "Flag.missing must not be set inside AnyOf, where only the outermost criterion carries one (got 'skip')"
            "\n\nHint: give missing= to the combinator that stands in the dimension"
        ),
    ),
    "weight under a negation": (
        lambda: ~Flag("a", weight=0),
        ("Flag", "weight", 0),
        (
            "Flag.weight must not be set inside Not, where only the outermost criterion carries one (got 0)"
            "\n\nHint: give weight= to the combinator that stands in the dimension"
        ),
    ),
    "weight of an opened part": (
        lambda: A & AllOf(B, C, weight=2),
        ("AllOf", "weight", 2),
        (
            "AllOf.weight must not be set inside AllOf, where only the outermost criterion carries one (got 2)"
            "\n\nHint: give weight= to the combinator that stands in the dimension"
        ),
    ),
    "blank name": (
        lambda: AllOf(A, name=" "),
        ("AllOf", "name", " "),
        "AllOf.name must be text that is not blank (got ' ')",
    ),
}


@pytest.mark.parametrize(
    ("make", "about", "sentence"), COMBINATORS_THAT_CANNOT_BE.values(), ids=COMBINATORS_THAT_CANNOT_BE
)
def test_a_combinator_that_cannot_be(make: Callable[[], object], about: tuple[str, str, Any], sentence: str) -> None:
    """A combinator holds criteria, at least one, and alone carries weight and missing policy."""
    with pytest.raises(DefinitionError) as caught:
        make()
    error = caught.value
    assert ((error.owner, error.field, error.value), str(error)) == (about, sentence)


@pytest.mark.parametrize(
    ("criterion", "low", "high"),
    # `plan` is "pro", a match of 0.6; `size` is 35, a match of 0.4.
    [
        (PLAIN & Range("size", 50, None, soft_low=25), 0.4, 0.4),
        (PLAIN | Range("size", 50, None, soft_low=25), 0.6, 0.6),
        (~PLAIN, 0.4, 0.4),
        (~(PLAIN | Range("size", 50, None, soft_low=25)), 0.4, 0.4),
        (PLAIN & A, 0, 0.6),
        (PLAIN | A, 0.6, 1),
        (PLAIN & Range("size", 1000, None) & A, 0, 0),
        (PLAIN | Range("size", 1, None) | A, 1, 1),
        (PLAIN & ~A, 0, 0.6),
    ],
)
def test_combinators_over_matches(criterion: Criterion, low: float, high: float) -> None:
    """AllOf is the least match, AnyOf the greatest, Not 1 minus it; an unknown part leaves what it can still reach."""
    state, least, greatest = interval(criterion, {"plan": "pro", "size": 35, "a": None})
    assert state == ("known" if low == high else "partial")
    assert (least, greatest) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("criterion", "low", "high"),
    [(A & PLAIN, 0, 0.6), (A | PLAIN, 0, 1), (~PLAIN, 0.4, 1), (AllOf(A), 0, 1), (~(A & PLAIN), 0.4, 1)],
)
def test_a_combinator_that_is_unknown_as_a_whole(criterion: Criterion, low: float, high: float) -> None:
    """Where every part is unknown, the combinator is, and what it can reach is combined of the parts' reaches."""
    assert (criterion.reach, interval(criterion, {})) == ((low, high), ("unknown", low, high))


def test_signals_that_never_happened_settle_a_combinator() -> None:
    """A part that never happened is a match of 0, in a negation 1."""
    account: dict[str, Any] = {"a": True, "seen": None}
    assert [interval(A & Recency("seen"), account), interval(~Recency("seen"), account)] == [
        ("known", 0, 0),
        ("known", 1, 1),
    ]


@attrs.frozen(repr=False)
class Near(Criterion):
    """A criterion as a user writes it: full within some distance, nothing at twice as much."""

    attribute: str
    km: float

    def value_function(self) -> ValueFunction:
        """Give segments over the distance."""
        return ValueFunction(self.attribute, "number", Segments(high=self.km, soft_high=2 * self.km))


@attrs.frozen(repr=False)
class Twice(Criterion):
    """A criterion of a user that asks two attributes at once."""

    attribute: str
    other: str

    def value_function(self) -> Combination:
        """Give the least of two flags."""
        yes = Table({1: 1, 0: 0}, otherwise=None)
        parts = [ValueFunction(name, "truth", yes) for name in (self.attribute, self.other)]
        return Combination("min", tuple(parts))


class Unfinished(Criterion):
    """A criterion without a value function."""


def test_a_criterion_of_your_own_scores() -> None:
    """A user's criterion needs a value function alone: it is called, shown, combined and scored like any other."""
    near = Near("km", 50, weight=2)
    account = {"km": 75, "a": True}
    profile = Profile("P", [Dimension("D", [near, AnyOf(Near("km", 60), Near("km", 40), name="either")])])
    # 75 km are half the way from 50 to 100, and a quarter of it from 60 to 120: (2 * 0.5 + 0.75) / 3.
    assert (repr(near), near.called, near.describe(), near.reach, score(profile, account, as_of=DAY).fit) == (
        "Near('km', 50, weight=2)",
        "km",
        "km: Near",
        (0, 1),
        58.333333,
    )


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ({"a": True, "b": 1}, ("known", 1, 1)),
        ({"a": True}, ("partial", 0, 1)),
        ({"a": False}, ("known", 0, 0)),
        ({}, ("unknown", 0, 1)),
    ],
)
def test_a_criterion_of_your_own_may_combine(account: dict[str, Any], expected: tuple[str, float, float]) -> None:
    """A user's criterion may answer with a combination, which has an interval like any other."""
    assert interval(Twice("a", "b"), account) == expected


def test_invalid_values_under_a_combination_of_your_own() -> None:
    """Each value of the wrong kind is reported with the attribute from which it was read."""
    with pytest.raises(InvalidAccountError) as caught:
        interval(Twice("a", "b"), {"a": "yes", "b": 5})
    assert [offender.attribute for offender in caught.value.offenders] == ["a", "b"]


def test_a_criterion_without_a_value_function_says_so() -> None:
    """A subclass that forgot its value function is told what it lacks."""
    with pytest.raises(TypeError) as caught:
        _ = Unfinished().reach
    assert str(caught.value) == "Unfinished must define value_function()"
