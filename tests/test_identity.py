import hashlib
from datetime import date
from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit.identity import FORMAT, canonical, data_of, digest, kind_of, meaning_of, number_text
from icpkit.value_functions import Segments, ValueFunction


def named(name: str) -> type[icp.Criterion]:
    """Make a class of criteria of that name."""
    return attrs.make_class(name, [], bases=(icp.Criterion,), frozen=True)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Range", "range"),
        ("OneOf", "one_of"),
        ("TechOverlap", "tech_overlap"),
        ("HTTPStatus", "http_status"),
        ("NearHQ", "near_hq"),
        ("Top10Lists", "top10_lists"),
        ("Größe", "größe"),
        ("already_snake", "already_snake"),
    ],
)
def test_a_kind_is_the_class_in_snake_case(name: str, kind: str) -> None:
    """A class is called by its name in snake case, with runs of capitals as one word."""
    assert kind_of(named(name)) == kind


def test_kinds_of_criteria_are_distinct() -> None:
    """Every criterion of this package has a kind of its own."""
    assert len({kind_of(kind) for kind in icp.CRITERIA}) == len(icp.CRITERIA)


FLAG = {"kind": "flag", "attribute": "a"}
PLAIN: dict[str, tuple[Any, Any]] = {
    "defaults are left out": (icp.Flag("a"), {"kind": "flag", "attribute": "a"}),
    "what is not the default": (
        icp.Flag("a", expected=False, name="n", weight=2, missing=0.5, label="l"),
        {"kind": "flag", "attribute": "a", "expected": False, "name": "n", "weight": 2, "missing": 0.5, "label": "l"},
    ),
    "an open end": (icp.Range("a", None, 5), {"kind": "range", "attribute": "a", "high": 5}),
    "a list of values": (icp.OneOf("a", ["x", "y"]), {"kind": "one_of", "attribute": "a", "values": ["x", "y"]}),
    "values with matches": (
        icp.OneOf("a", {"x": 1, "y": 0}),
        {"kind": "one_of", "attribute": "a", "values": {"x": 1, "y": 0}},
    ),
    "a list of numbers": (icp.OneOf("a", [1, 2.5]), {"kind": "one_of", "attribute": "a", "values": [1, 2.5]}),
    "numbers with matches": (
        icp.OneOf("a", {1: 1, 2: 0.5}),
        {"kind": "one_of", "attribute": "a", "values": [[1, 1], [2, 0.5]]},
    ),
    "levels with matches": (
        icp.Ordinal("a", [1, 2], matches={1: 0, 2: 1}),
        {"kind": "ordinal", "attribute": "a", "order": [1, 2], "matches": [[1, 0], [2, 1]]},
    ),
    "groups and aliases": (
        icp.Overlap("a", ["x"], groups={"x": ["y", "z"]}, aliases={"w": "y"}),
        {"kind": "overlap", "attribute": "a", "labels": ["x"], "groups": {"x": ["y", "z"]}, "aliases": {"w": "y"}},
    ),
    "parts": (
        icp.AllOf(icp.Flag("a"), ~icp.Flag("b"), name="n"),
        {
            "kind": "all_of",
            "criteria": [FLAG, {"kind": "not", "criterion": {"kind": "flag", "attribute": "b"}}],
            "name": "n",
        },
    ),
    "a gate": (icp.Gate(icp.Flag("a"), 0.5), {"at_least": 0.5, "criterion": {"kind": "flag", "attribute": "a"}}),
    "an adjustment": (icp.Adjustment(5, icp.Flag("a")), {"points": 5, "when": {"kind": "flag", "attribute": "a"}}),
    "a tier": (
        icp.Tier("Go", 70, color="#fff", action="call"),
        {"name": "Go", "cut": 70, "color": "#fff", "action": "call"},
    ),
    "an example": (
        icp.Example(
            {"a": {"b": [1, True]}, "c": date(2026, 1, 1), "d": None}, as_of="2026-11-01T09:00+02:00", tier="Weak"
        ),
        {"as_of": "2026-11-01T07:00:00+00:00", "account": {"a": {"b": [1, True]}, "c": "2026-01-01"}, "tier": ["Weak"]},
    ),
    "a scale": (
        icp.TierScale([icp.Tier("Go", 0)], cohort=icp.Cohort(7, date(2026, 1, 1))),
        {"tiers": [{"name": "Go", "cut": 0}], "cohort": {"size": 7, "as_of": "2026-01-01"}},
    ),
    "an absent kind": (
        icp.AbsentKind("near", {"km": 5, "of": ["Berlin"]}, name="n"),
        {"kind": "near", "km": 5, "of": ["Berlin"], "name": "n"},
    ),
}


@pytest.mark.parametrize(("part", "data"), PLAIN.values(), ids=PLAIN)
def test_plain_data(part: Any, data: Any) -> None:
    """A part becomes plain data: what is the default is left out, and what is short is written short."""
    assert data_of(part) == data
    assert list(data_of(part)) == list(data)


def test_a_profile_holds_its_scale_and_puts_lists_last() -> None:
    """Tiers and cohort stand in the profile itself, after what is short, and not where they are the standard ones."""
    dimensions = [icp.Dimension("D", [icp.Flag("a")])]
    assert data_of(icp.Profile("P", dimensions, tiers=icp.TierScale.standard())) == {
        "name": "P",
        "dimensions": [{"name": "D", "criteria": [{"kind": "flag", "attribute": "a"}]}],
    }
    scale = icp.TierScale([icp.Tier("Go", 0)], cohort=icp.Cohort(7, date(2026, 1, 1)))
    assert list(data_of(icp.Profile("P", dimensions, tiers=scale, stage="active"))) == [
        *("name", "stage", "dimensions", "tiers", "cohort"),
    ]


@attrs.frozen
class Whole(icp.Criterion):
    """A criterion of everything that a file can hold."""

    attribute: str
    parts: tuple[icp.Criterion, ...] = ()
    since: date | None = None
    inner: icp.Tier | None = None
    extra: Any = None
    computed: int = attrs.field(default=5, init=False)

    def value_function(self) -> ValueFunction:
        """Ask for 1."""
        return ValueFunction(self.attribute, "number", Segments(low=1))


def test_a_criterion_of_ones_own_is_written_field_by_field() -> None:
    """Other criteria, dates and attrs objects in its fields are written, and what no constructor takes is not."""
    one = Whole("a", parts=(icp.Flag("b"),), since=date(2026, 1, 1), inner=icp.Tier("Go", 70), extra=(1, None, ("x",)))
    assert data_of(one) == {
        "kind": "whole",
        "attribute": "a",
        "parts": [{"kind": "flag", "attribute": "b"}],
        "since": "2026-01-01",
        "inner": {"name": "Go", "cut": 70},
        "extra": [1, None, ["x"]],
    }


@pytest.mark.parametrize("value", [b"bytes", 1j, ValueError, frozenset("a"), (object,)])
def test_what_no_file_can_hold_is_refused(value: Any) -> None:
    """A value that no file can hold is an error that names the criterion, its field and what to keep there."""
    with pytest.raises(icp.DefinitionError) as caught:
        data_of(Whole("a", extra=value))
    got = value[0] if isinstance(value, tuple) else value
    assert str(caught.value) == (
        f"Whole.extra cannot be written to a file (got {got!r})\n\n"
        "Hint: keep text, numbers, True or False, None, tuples and other criteria in its fields"
    )
    profile = icp.Profile("P", [icp.Dimension("D", [Whole("a", extra=value)])])
    with pytest.raises(icp.DefinitionError, match=r"Whole\.extra"):
        _ = profile.content_id
    assert len(profile.scoring_id) == 64  # what it asks can be told


@attrs.frozen
class Defaulted(icp.Criterion):
    """A criterion that may be without what it has by default."""

    attribute: str
    least: int | None = 5

    def value_function(self) -> ValueFunction:
        """Ask for so many, or for any."""
        return ValueFunction(self.attribute, "number", Segments(low=0 if self.least is None else self.least))


def test_none_is_not_the_default_where_there_is_another() -> None:
    """None in a field whose default is something else is another content."""
    one, other = (icp.Profile("P", [icp.Dimension("D", [Defaulted("a", least)])]) for least in (None, 5))
    assert one != other
    assert one.content_id != other.content_id


# The canonical form


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        ([], "[]"),
        ({}, "{}"),
        ([1, 1.0, "1"], '[1,1,"1"]'),
        ({"b": 1, "a": {"d": [], "c": None}}, '{"a":{"c":null,"d":[]},"b":1}'),
        ("é\u2028\x7f", '"é\u2028\x7f"'),
        ('"\\\b\f\n\r\t\x01', '"\\"\\\\\\b\\f\\n\\r\\t\\u0001"'),
        # By UTF-16 code units U+1F600 comes before U+FB33.
        ({"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3}, '{"\u20ac":3,"\U0001f600":2,"\ufb33":1}'),
    ],
)
def test_the_canonical_form(data: Any, text: str) -> None:
    """Keys are sorted by their UTF-16 code units, nothing is escaped that needs it not, and blanks are left out."""
    assert canonical(data) == text.encode()


@pytest.mark.parametrize("data", ["x" * 50 + "\ud800", {"\udfff": 1}, ["a", {"b": "\ud83c"}]])
def test_half_a_character_has_no_canonical_form(data: Any) -> None:
    """Text that is no valid Unicode is an error that shows its surroundings."""
    with pytest.raises(icp.DefinitionError, match="Profile holds text that is no valid Unicode") as caught:
        canonical(data)
    assert len(str(caught.value.value)) <= 41


@pytest.mark.parametrize(
    ("number", "text"),
    [
        *((0, "0"), (-0.0, "0"), (5, "5"), (-5.5, "-5.5"), (100, "100"), (0.5, "0.5"), (123.456, "123.456")),
        *(
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e21, "1.5e+21"),
            (123456789012345680000, "123456789012345680000"),
        ),
        *((1e-6, "0.000001"), (1.5e-6, "0.0000015"), (1e-7, "1e-7"), (-1.25e-7, "-1.25e-7"), (5e-324, "5e-324")),
        *(
            (1.7976931348623157e308, "1.7976931348623157e+308"),
            (2**53, "9007199254740992"),
            (2.0**53, "9007199254740992"),
        ),
    ],
)
def test_numbers(number: float, text: str) -> None:
    """Numbers are written as ECMAScript writes them, whether they are integers or floats."""
    assert number_text(number) == text


def test_a_digest_is_of_label_and_data() -> None:
    """A digest is the SHA-256 of its label, a zero byte and the canonical data."""
    assert digest("a/1", {"b": 1.0}) == hashlib.sha256(b'a/1\0{"b":1}').hexdigest()
    assert digest("a/1", {}) != digest("a/2", {})


def test_ids_are_digests_of_what_is_said_and_meant() -> None:
    """content_id is the digest of the plain data under the format's label; scoring_id has a label of its own."""
    profile = icp.standard_profile()
    assert profile.content_id == digest(f"icpkit/profile/{FORMAT}", data_of(profile))
    assert profile.content_id is profile.content_id  # computed once
    assert profile.scoring_id not in {profile.content_id, digest(f"icpkit/profile/{FORMAT}", {})}


def test_a_value_function_in_plain_data() -> None:
    """A value function is told by class, field and value, down to its parts; what is the default is left out."""
    assert meaning_of(icp.Range("a", 1, None).value_function()) == {
        "is": "ValueFunction",
        "attribute": "a",
        "view": "number",
        "curve": {"is": "Segments", "low": 1},
    }
    both = meaning_of((icp.Flag("a") & ~icp.Flag("b")).value_function())
    assert (both["is"], both["operation"], [part["is"] for part in both["parts"]]) == (
        "Combination",
        "min",
        ["ValueFunction", "Combination"],
    )


def test_half_a_character_is_told_with_what_stands_around_it() -> None:
    """A profile may be long: the error shows the place, twenty characters before and after."""
    with pytest.raises(icp.DefinitionError) as caught:
        canonical("a" * 50 + "\ud800" + "b" * 50)
    assert caught.value.value == "a" * 20 + "\ud800" + "b" * 20
