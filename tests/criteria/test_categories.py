import math
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from icpkit.criteria import Criterion, Flag, OneOf, Ordinal
from icpkit.errors import DefinitionError, InvalidAccountError
from icpkit.profile import Dimension, Profile
from icpkit.scoring import score

DAY = date(2026, 11, 21)


def points(criterion: Criterion, value: Any) -> float | None:
    """Give the match in points, 0 to 100, or None where the value is unknown."""
    profile = Profile("P", [Dimension("D", [criterion])], min_coverage=0)
    return score(profile, {"x": value}, as_of=DAY).fit


def reasons(criterion: Criterion, value: Any) -> list[str]:
    """Give the reasons for which a value is invalid."""
    with pytest.raises(InvalidAccountError) as caught:
        points(criterion, value)
    return [offender.reason for offender in caught.value.offenders]


INDUSTRY = OneOf("x", {"Software": 1, "IT Services": 0.5}, otherwise=0.25, aliases={"SaaS": "software"})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Software", 100),
        ("  sOFTware\n", 100),
        ("it services", 50),
        ("saas", 100),
        ("IT", 25),
        (np.str_("Software"), 100),
        (["Mining", "IT Services", None, " "], 50),
        (("IT Services", "SAAS"), 100),
        ({"IT Services"}, 50),
        (frozenset({"Software"}), 100),
        (np.array(["Mining", "Software"]), 100),
        (["Mining"], 25),
        ([], 25),
        ([None, math.nan, ""], 25),
        (np.array([]), 25),
        (None, None),
        ("\t", None),
        (math.nan, None),
    ],
)
def test_one_of_texts(value: Any, expected: float | None) -> None:
    """Text is looked up after folding and aliases; of a list the best item counts, `otherwise` where none is listed."""
    assert points(INDUSTRY, value) == expected


def test_otherwise_is_a_match_among_the_others() -> None:
    """An unlisted item that counts as `otherwise` may be better than a listed one, in a list."""
    assert points(OneOf("x", {"Mining": 0.1}, otherwise=0.5), ["Mining", "Software"]) == 50


@pytest.mark.parametrize(
    ("value", "expected"), [("Straße", 100), ("STRASSE", 100), ("Cafe\u0301", 100), ("CAFÉ", 100), ("cafe", 0)]
)
def test_text_is_folded_as_unicode_says(value: str, expected: float) -> None:
    """Case folding and composition make spellings equal that look equal; a lost accent does not."""
    assert points(OneOf("x", ["straße", "Café"]), value) == expected


@pytest.mark.parametrize(("value", "expected"), [("IT", 100), (" IT ", 100), ("it", 0), ("Information", 100)])
def test_case_sensitive_text(value: str, expected: float) -> None:
    """With `case_sensitive` the case must agree, in aliases too; blanks around the text never matter."""
    criterion = OneOf("x", ["IT"], case_sensitive=True, aliases={"Information": "IT"})
    assert points(criterion, value) == expected


def test_case_sensitive_values_may_differ_in_case_alone() -> None:
    """With `case_sensitive` two values that fold to one are two."""
    criterion = OneOf("x", {"Polish": 1, "polish": 0.5}, case_sensitive=True)
    assert [points(criterion, value) for value in ("Polish", "polish", "POLISH")] == [100, 50, 0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("51", 50),
        ("5112", 100),
        ("511210", 100),
        ("5113", 50),
        ("5", 10),
        ("X51", 10),
        ("SOFTWARE publishers", 75),
        ("publishing", 50),
        (["5", "519"], 50),
        ([], 10),
    ],
)
def test_the_longest_prefix_counts(value: Any, expected: float) -> None:
    """With `prefix` a listed text stands for all that begin with it, the longest first, after folding and aliases."""
    codes = {"51": 0.5, "5112": 1, "software": 0.75}
    assert points(OneOf("x", codes, prefix=True, otherwise=0.1, aliases={"Publishing": "51"}), value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, 100),
        (7.0, 100),
        (Decimal(7), 100),
        (Fraction(7), 100),
        (np.int16(7), 100),
        (2.5, 50),
        (8, 0),
        ([8, 2.5], 50),
        (np.array([8, 7]), 100),
        ([], 0),
        (None, None),
        (math.nan, None),
    ],
)
def test_one_of_numbers(value: Any, expected: float | None) -> None:
    """Numbers are looked up by their value, and of a list the best item counts."""
    assert points(OneOf("x", {7: 1, 2.5: 0.5}), value) == expected


@pytest.mark.parametrize(
    ("criterion", "value", "expected"),
    [
        (OneOf("x", ["7"]), 7, ["an int where text belongs"]),
        (OneOf("x", ["7"]), True, ["a bool where text belongs"]),
        (OneOf("x", ["7"]), ["7", 7], ["an int where text belongs"]),
        (OneOf("x", ["7"]), {"7": 1}, ["a dict where text belongs"]),
        (OneOf("x", ["7"]), b"7", ["a bytes where text belongs"]),
        (OneOf("x", ["7"]), np.array([["7"]]), ["a ndarray where text belongs"]),
        (OneOf("x", [7]), "7", ["text where a number belongs"]),
        (OneOf("x", [7]), [7, "8"], ["text where a number belongs"]),
        (OneOf("x", [1]), True, ["a bool where a number belongs"]),
    ],
)
def test_text_never_equals_a_number(criterion: Criterion, value: Any, expected: list[str]) -> None:
    """A number among texts, a text among numbers and a bool anywhere are invalid, in lists too."""
    assert reasons(criterion, value) == expected


def test_the_reach_of_one_of() -> None:
    """The reach takes in every match and `otherwise`."""
    assert [OneOf("x", {"a": 0.5, "b": 0.75}).reach, OneOf("x", ["a"], otherwise=0.5).reach] == [(0, 0.75), (0.5, 1)]


ONE_OFS_THAT_CANNOT_BE: dict[str, tuple[dict[str, Any], str, Any, str]] = {
    "text for a collection": (
        {"values": "Software"},
        "values",
        "Software",
        (
            "OneOf.values must be a collection, or a mapping to numbers (got 'Software')"
            "\n\nHint: a list of one is ['Software']"
        ),
    ),
    "nothing": (
        {"values": None},
        "values",
        None,
        "OneOf.values must be a collection, or a mapping to numbers (got None)",
    ),
    "empty": ({"values": []}, "values", (), "OneOf.values must not be empty (got {})"),
    "blank": ({"values": ["a", " "]}, "values", " ", "OneOf.values must not hold blank text (got ' ')"),
    "bool": ({"values": [True]}, "values", True, "OneOf.values must be a number (got True)"),
    "mixed": (
        {"values": ["a", 1]},
        "values",
        (("a", 1), (1, 1)),
        "OneOf.values must be all text or all numbers (got {'a': 1, 1: 1})",
    ),
    "number twice": ({"values": [1, 2, 1.0]}, "values", 1.0, "OneOf.values must not hold a number twice (got 1.0)"),
    "match above 1": ({"values": {"a": 2}}, "values", 2, "OneOf.values must be between 0 and 1 for 'a' (got 2)"),
    "match that is no number": (
        {"values": {"a": "1"}},
        "values",
        "1",
        "OneOf.values must be a number for 'a' (got '1')",
    ),
    "twice after folding": (
        {"values": ["IT", "it "]},
        "values",
        "it ",
        "OneOf.values must be distinct after folding and aliases, but 'IT' and 'it ' are one (got 'it ')",
    ),
    "twice after aliases": (
        {"values": ["IT", "Information Technology"], "aliases": {"information technology": "it"}},
        "values",
        "Information Technology",
        (
            "OneOf.values must be distinct after folding and aliases, but 'IT' and 'Information Technology' are one "
            "(got 'Information Technology')"
        ),
    ),
    "otherwise": ({"otherwise": 2}, "otherwise", 2, "OneOf.otherwise must be between 0 and 1 (got 2)"),
    "prefix": ({"prefix": 1}, "prefix", 1, "OneOf.prefix must be True or False (got 1)"),
    "prefix of numbers": (
        {"values": [51], "prefix": True},
        "values",
        ((51, 1),),
        "OneOf.values must be text where prefix, aliases or case_sensitive is given (got {51: 1})",
    ),
    "aliases of numbers": (
        {"values": [51], "aliases": {"a": "b"}},
        "values",
        ((51, 1),),
        "OneOf.values must be text where prefix, aliases or case_sensitive is given (got {51: 1})",
    ),
}


@pytest.mark.parametrize(
    ("options", "field", "value", "sentence"), ONE_OFS_THAT_CANNOT_BE.values(), ids=ONE_OFS_THAT_CANNOT_BE
)
def test_a_one_of_that_cannot_be(options: dict[str, Any], field: str, value: Any, sentence: str) -> None:
    """A choice that contradicts itself is refused, naming field and value."""
    with pytest.raises(DefinitionError) as caught:
        OneOf(**{"attribute": "x", "values": ["a"], **options})
    error = caught.value
    assert (error.owner, error.field, error.value, str(error)) == ("OneOf", field, value, sentence)


STAGES = ["Seed", "Series A", "Series B", "IPO"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"at_least": "Series A"}, [0, 100, 100, 100]),
        ({"at_most": "Series A"}, [100, 100, 0, 0]),
        ({"at_least": " series a", "at_most": "SERIES B"}, [0, 100, 100, 0]),
        ({"at_least": "IPO", "at_most": "IPO"}, [0, 0, 0, 100]),
        ({"matches": {"IPO": 0.25, "seed": 0, "Series A": 1, "Series B": 0.5}}, [0, 100, 50, 25]),
    ],
)
def test_levels_between_two_or_with_a_match_each(options: dict[str, Any], expected: list[float]) -> None:
    """The levels from `at_least` to `at_most` match, both included; or each level has its own match."""
    criterion = Ordinal("x", STAGES, **options)
    assert [points(criterion, level) for level in ("seed", " SERIES A", "Series B", "Ipo")] == expected


@pytest.mark.parametrize(("value", "expected"), [(1, 0), (2.0, 100), (np.int64(3), 100), (None, None)])
def test_levels_may_be_numbers(value: Any, expected: float | None) -> None:
    """A level may be a number, compared by its value."""
    assert points(Ordinal("x", [1, 2, 3], at_least=2.0), value) == expected


def test_the_reach_of_levels() -> None:
    """The reach of levels is that of their matches: nothing lies outside the order."""
    assert Ordinal("x", ["a", "b"], matches={"a": 0.5, "b": 0.75}).reach == (0.5, 0.75)


@pytest.mark.parametrize(
    ("criterion", "value", "expected"),
    [
        (Ordinal("x", STAGES, at_most="Seed"), "Series C", ["not one of Seed, Series A, Series B, IPO"]),
        (Ordinal("x", STAGES, at_most="Seed"), ["Seed"], ["a list where text belongs"]),
        (Ordinal("x", STAGES, at_most="Seed"), 1, ["an int where text belongs"]),
        (Ordinal("x", [1, 2], at_least=2), 3, ["not one of 1, 2"]),
        (Ordinal("x", [1, 2], at_least=2), "2", ["text where a number belongs"]),
        (Ordinal("x", [1, 2], at_least=2), True, ["a bool where a number belongs"]),
    ],
)
def test_a_level_outside_the_order_is_invalid(criterion: Criterion, value: Any, expected: list[str]) -> None:
    """Whatever is not one of the levels is invalid, a list of levels too."""
    assert reasons(criterion, value) == expected


ORDINALS_THAT_CANNOT_BE: dict[str, tuple[dict[str, Any], str, Any, str]] = {
    "text for levels": ({"order": "abc"}, "order", "abc", "Ordinal.order must be a list of levels (got 'abc')"),
    "mapping for levels": (
        {"order": {"a": 1}},
        "order",
        {"a": 1},
        "Ordinal.order must be a list of levels (got {'a': 1})",
    ),
    "no levels": ({"order": []}, "order", (), "Ordinal.order must not be empty (got {})"),
    "level twice": (
        {"order": ["a", "b", "A"]},
        "order",
        "A",
        "Ordinal.order must be distinct after folding and aliases, but 'a' and 'A' are one (got 'A')",
    ),
    "number twice": ({"order": [1, 1]}, "order", 1, "Ordinal.order must not hold a number twice (got 1)"),
    "no question": (
        {"at_least": None},
        "at_least",
        None,
        "Ordinal.at_least or at_most, or else matches must be given (got None)",
    ),
    "unknown level": (
        {"at_least": "Serie B"},
        "at_least",
        "Serie B",
        (
            "Ordinal.at_least must be one of Seed, Series A, Series B, IPO (got 'Serie B')"
            "\n\nHint: did you mean 'Series B'?"
        ),
    ),
    "bool for a numbered level": (
        {"order": [0, 1], "at_least": True},
        "at_least",
        True,
        "Ordinal.at_least must be one of 0, 1 (got True)",
    ),
    "levels in the wrong order": (
        {"at_least": "IPO", "at_most": "Seed"},
        "at_most",
        "Seed",
        "Ordinal.at_most must be >= Ordinal.at_least (got at_least='IPO', at_most='Seed')",
    ),
    "matches that are no mapping": (
        {"at_least": None, "matches": ["Seed"]},
        "matches",
        ("Seed",),
        "Ordinal.matches must be a mapping from level to match (got ('Seed',))",
    ),
    "match of an unknown level": (
        {"at_least": None, "matches": {"Sead": 1}},
        "matches",
        "Sead",
        "Ordinal.matches must be one of Seed, Series A, Series B, IPO (got 'Sead')\n\nHint: did you mean 'Seed'?",
    ),
    "match above 1": (
        {"at_least": None, "matches": {"Seed": 1.5}},
        "matches",
        1.5,
        "Ordinal.matches must be between 0 and 1 (got 1.5)",
    ),
    "match lacking": (
        {"order": ["a", "b", "c"], "at_least": None, "matches": {"a": 1}},
        "matches",
        (("a", 1),),
        "Ordinal.matches must give each level one match, but lacks ['b', 'c'] (got {'a': 1})",
    ),
}


@pytest.mark.parametrize(
    ("options", "field", "value", "sentence"), ORDINALS_THAT_CANNOT_BE.values(), ids=ORDINALS_THAT_CANNOT_BE
)
def test_an_ordinal_that_cannot_be(options: dict[str, Any], field: str, value: Any, sentence: str) -> None:
    """A scale of levels that contradicts itself is refused, with the nearest level."""
    with pytest.raises(DefinitionError) as caught:
        Ordinal(**{"attribute": "x", "order": STAGES, "at_least": "Seed", **options})
    error = caught.value
    assert (error.owner, error.field, error.value, str(error)) == ("Ordinal", field, value, sentence)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"at_least": "a", "matches": {"a": 1, "b": 1}}, "at_least"),
        ({"matches": {"a": 1, "b": 1, "A": 0.5}}, "matches"),
    ],
    ids=["both", "level twice"],
)
def test_an_ordinal_asks_one_question(options: dict[str, Any], field: str) -> None:
    """Ends and matches exclude each other, and a level has one match."""
    with pytest.raises(DefinitionError) as caught:
        Ordinal("x", ["a", "b"], **options)
    assert (caught.value.owner, caught.value.field) == ("Ordinal", field)


@pytest.mark.parametrize("yes", [True, 1, 1.0, np.True_, np.int8(1), np.float32(1), Decimal(1), Fraction(1)], ids=repr)
def test_what_means_yes(yes: Any) -> None:
    """True, 1 and 1.0 are the same answer, whatever library they come from."""
    assert [points(Flag("x"), yes), points(Flag("x", expected=False), yes)] == [100, 0]


@pytest.mark.parametrize("no", [False, 0, 0.0, -0.0, np.False_, np.int8(0), np.float32(0), Decimal(0)], ids=repr)
def test_what_means_no(no: Any) -> None:
    """False, 0 and 0.0 are the same answer."""
    assert [points(Flag("x"), no), points(Flag("x", expected=False), no)] == [0, 100]


@pytest.mark.parametrize("value", [None, math.nan, np.float32("nan"), Decimal("sNaN"), "", "  "])
def test_a_flag_may_be_unknown(value: Any) -> None:
    """A flag has a third answer: unknown is neither yes nor no."""
    assert [points(Flag("x"), value), points(Flag("x", expected=False), value)] == [None, None]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("yes", "text"),
        ("true", "text"),
        (2, "an int"),
        (0.5, "a float"),
        (-1, "an int"),
        (math.inf, "a float"),
        (np.int64(2), "an int64"),
        (Decimal("0.5"), "a Decimal"),
        ([], "a list"),
        ([True], "a list"),
    ],
)
def test_what_is_neither_yes_nor_no_is_invalid(value: Any, kind: str) -> None:
    """Text, other numbers and lists are no answers."""
    assert reasons(Flag("x"), value) == [f"{kind} where True or False belongs"]


def test_a_flag_expects_true_or_false() -> None:
    """What a flag expects is a bool, not a number."""
    expected: Any = 1
    with pytest.raises(DefinitionError) as caught:
        Flag("x", expected)
    assert str(caught.value) == "Flag.expected must be True or False (got 1)"


@pytest.mark.parametrize(
    ("criterion", "text"),
    [
        (OneOf("x", ["Software"]), "x: Software"),
        (OneOf("x", {"Software": 1, "IT": 0.5}), "x: one of Software, IT (0.5)"),
        (OneOf("x", ["a", "b"], otherwise=0.25), "x: one of a, b, otherwise 0.25"),
        (OneOf("x", [51, 52.5], name="Code"), "Code: one of 51, 52.5"),
        (OneOf("x", ["51", "52"], prefix=True), "x: beginning with 51, 52"),
        (OneOf("x", list("abcdefgh")), "x: one of a, b, c, d, e, f and 2 more"),
        (Ordinal("x", ["Seed", "A", "IPO"], at_least="A"), "x: at least A (Seed < A < IPO)"),
        (Ordinal("x", ["Seed", "A", "IPO"], at_most="A"), "x: at most A (Seed < A < IPO)"),
        (Ordinal("x", [1, 2, 3], at_least=1, at_most=2), "x: 1 to 2 (1 < 2 < 3)"),
        (Ordinal("x", ["low", "high"], matches={"low": 0.5, "high": 1}), "x: low (0.5), high"),
        (Flag("x"), "x: yes"),
        (Flag("x", expected=False, label="Rival?"), "Rival?: no"),
    ],
)
def test_categories_describe_themselves(criterion: Criterion, text: str) -> None:
    """A criterion about a category says in plain words what it asks."""
    assert criterion.describe() == text
