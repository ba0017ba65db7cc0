import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest

from icpkit._attrs import (
    Pairs,
    as_days,
    as_matches,
    as_number,
    as_plain,
    as_steps,
    as_table,
    as_tuple,
    check_plain,
    freeze,
    short_repr,
    thaw,
)
from icpkit.criteria import Bands, Flag, OneOf, Overlap, Range
from icpkit.errors import DefinitionError


def test_pairs_show_the_mapping() -> None:
    """Pairs look like the mapping that was written, and give it back."""
    pairs = Pairs([("b", 1), ("a", 2)])
    assert (repr(pairs), dict(pairs), hash(pairs) == hash(Pairs([("b", 1), ("a", 2)]))) == (
        "{'b': 1, 'a': 2}",
        {"b": 1, "a": 2},
        True,
    )


@pytest.mark.parametrize(
    ("value", "frozen"),
    [
        ({"b": 1, "a": {"c": [1]}}, "{'b': 1, 'a': {'c': (1,)}}"),
        ([1, [2, {"a": {3}}]], "(1, (2, {'a': (3,)}))"),
        ({"b", "a"}, "('a', 'b')"),
        (frozenset({2, 1}), "(1, 2)"),
        (Pairs([("a", 1)]), "{'a': 1}"),
        ("text", "'text'"),
        (None, "None"),
    ],
)
def test_plain_data_is_frozen(value: Any, frozen: str) -> None:
    """Mappings become pairs, lists and sets tuples, however deep; what is frozen is hashable."""
    made = freeze(value)
    assert (repr(made), isinstance(hash(made), int)) == (frozen, True)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (5, "5"),
        (5.5, "5.5"),
        (-0.0, "0.0"),
        (np.int8(5), "5"),
        (np.float32(0.5), "0.5"),
        (Fraction(1, 4), "0.25"),
        (True, "True"),
        ("5", "'5'"),
        (None, "None"),
    ],
)
def test_numbers_become_plain(value: Any, kept: str) -> None:
    """Real numbers become int or float, minus zero becomes zero, and everything else is left as it is."""
    assert repr(as_number(value)) == kept


@pytest.mark.parametrize(
    ("value", "days"),
    [
        (timedelta(days=7), "7"),
        (timedelta(hours=36), "1.5"),
        (timedelta(days=-1), "-1"),
        (timedelta(microseconds=1), "1.1574074074074074e-11"),
        (np.int64(7), "7"),
        (None, "None"),
        ("7", "'7'"),
    ],
)
def test_spans_become_days(value: Any, days: str) -> None:
    """A timedelta becomes days, whole where it is; numbers become plain, and everything else is left."""
    assert repr(as_days(value)) == days


@pytest.mark.parametrize(
    ("value", "table"),
    [
        ({"a": np.float64(0.5), np.int64(2): 1}, "{'a': 0.5, 2: 1}"),
        (["b", "a"], "{'b': 1, 'a': 1}"),
        ({"b", "a"}, "{'a': 1, 'b': 1}"),
        ((text for text in "ab"), "{'a': 1, 'b': 1}"),
        (Pairs([("a", 0.5)]), "{'a': 0.5}"),
        ([["a", np.float64(0.5)], ("b", 1)], "{'a': 0.5, 'b': 1}"),
        ([[1, 0.5], [np.int8(2), 1]], "{1: 0.5, 2: 1}"),
        ((pair for pair in [("a", 0.5)]), "{'a': 0.5}"),
        ([("a", 0.5), "b"], "{('a', 0.5): 1, 'b': 1}"),
        ([("a", 0.5, 1)], "{('a', 0.5, 1): 1}"),
        (["ab", "cd"], "{'ab': 1, 'cd': 1}"),
        ([], "{}"),
        (Pairs(), "{}"),
        ("ab", "'ab'"),
        (5, "5"),
        (None, "None"),
    ],
)
def test_tables(value: Any, table: str) -> None:
    """A mapping, pairs, or a collection of which each item counts 1, becomes a table; everything else is left."""
    assert repr(as_table(value)) == table


@pytest.mark.parametrize(
    ("value", "matches"),
    [
        ({"Low": np.float64(0.5)}, "{'Low': 0.5}"),
        ([["Low", 0.5], [np.int8(1), 1]], "{'Low': 0.5, 1: 1}"),
        (Pairs([("Low", 0.5)]), "{'Low': 0.5}"),
        (None, "{}"),
        ({}, "{}"),
        ([], "{}"),
        (["Low", "High"], "('Low', 'High')"),
        ([["Low", 0.5], "High"], "(['Low', 0.5], 'High')"),
        ("Low", "'Low'"),
        (5, "5"),
    ],
)
def test_matches_are_pairs(value: Any, matches: str) -> None:
    """A mapping or pairs become matches, None none of them, and a list of levels is left to be refused."""
    assert repr(as_matches(value)) == matches


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ({"b": 1, "a": {"c": [1]}}, {"b": 1, "a": {"c": [1]}}),
        ([1, (2, {"a": ()})], [1, [2, {"a": []}]]),
        ("text", "text"),
        (None, None),
        (True, True),
    ],
)
def test_what_is_frozen_thaws(value: Any, data: Any) -> None:
    """Mappings and lists come back as they were, however deep; tuples come back as lists."""
    thawed = thaw(freeze(value))
    assert repr(thawed) == repr(data)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ({"a": {"b": [1, "x", True]}, "c": 2.5}, "{'a': {'b': (1, 'x', True)}, 'c': 2.5}"),
        ({"a": None, "b": math.nan, "c": [None, 1, math.nan, [None]], "d": {"e": None}}, "{'c': (1, ()), 'd': {}}"),
        (
            {"a": date(2026, 1, 31), "b": datetime(2026, 1, 31, 9, tzinfo=UTC)},
            "{'a': '2026-01-31', 'b': '2026-01-31T09:00:00+00:00'}",
        ),
        (
            {"a": np.float32(0.5), "b": np.int8(3), "c": -0.0, "d": Fraction(1, 4)},
            "{'a': 0.5, 'b': 3, 'c': 0.0, 'd': 0.25}",
        ),
        ({"a": {"y", "x"}, "b": frozenset({2, 1})}, "{'a': ('x', 'y'), 'b': (1, 2)}"),
        ({"a": {date(2026, 1, 2), date(2026, 1, 1)}}, "{'a': ('2026-01-01', '2026-01-02')}"),
        (Pairs([("a", None), ("b", (1, None))]), "{'b': (1,)}"),
        (["a"], "('a',)"),
        ("text", "'text'"),
        (None, "None"),
        ({1: b"x"}, "{1: b'x'}"),
    ],
)
def test_data_becomes_plain(value: Any, plain: str) -> None:
    """Dates become ISO text, sets sorted lists, and what is unknown is dropped, however deep; what is odd is left."""
    assert repr(as_plain(value)) == plain


def test_unknown_items_of_sets_are_dropped() -> None:
    """None and NaN in a set are dropped as they are in a list."""
    assert as_plain({"a": {"x", None}, "b": {math.nan}}) == Pairs([("a", ("x",)), ("b", ())])


@attrs.frozen
class Noted:
    """A class whose one field holds plain data."""

    notes: Pairs = attrs.field(converter=as_plain, validator=check_plain)


PLAIN = "must hold plain data only: text, numbers, dates, lists, mappings with text keys"


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (["a"], "must be a mapping with text keys (got ('a',))"),
        (None, "must be a mapping with text keys (got None)"),
        ({1: "a"}, "must be a mapping with text keys (got 1)"),
        ({"a": {True: 1}}, "must be a mapping with text keys (got True)"),
        ({"a": [{"b": {2: 1}}]}, "must be a mapping with text keys (got 2)"),
        ({"a": b"x"}, f"{PLAIN} (got b'x')"),
        ({"a": ["x", [1j]]}, f"{PLAIN} (got 1j)"),
        ({"a": {"b": timedelta(1)}}, f"{PLAIN} (got datetime.timedelta(days=1))"),
        ({"a": Decimal(1)}, f"{PLAIN} (got Decimal('1'))"),
        ({"a": math.inf}, "must be a finite number within ±2^53 (got inf)"),
        ({"a": [2**53 + 1]}, "must be a finite number within ±2^53 (got 9007199254740993)"),
    ],
)
def test_what_is_not_plain_is_refused(value: Any, problem: str) -> None:
    """A field of plain data takes what a file can hold, and names what it cannot, however deep."""
    with pytest.raises(DefinitionError) as caught:
        Noted(value)
    assert str(caught.value) == f"Noted.notes {problem}"


def test_plain_data_is_accepted() -> None:
    """Text, numbers, truths, dates, lists and mappings are plain, and hashable once they are kept."""
    data = {"": "", "a": [1, 2.5, True, {"b": []}], "c": date(2026, 1, 31), "d": {"e": {}}, "f": 2**53, "g": -(2.0**60)}
    kept = Noted(data).notes
    assert thaw(kept) == {**data, "c": "2026-01-31"}
    assert isinstance(hash(kept), int)


@pytest.mark.parametrize(
    ("value", "steps"),
    [
        ([[1, np.float64(0.5)], (2, 1)], "((1, 0.5), (2, 1))"),
        ([(1, 2, 3), "ab", 5], "((1, 2, 3), 'ab', 5)"),
        ({1: 2}, "{1: 2}"),
        (b"ab", "b'ab'"),
    ],
)
def test_steps(value: Any, steps: str) -> None:
    """Lists of pairs become tuples of pairs, and what is none is left."""
    assert repr(as_steps(value)) == steps


@pytest.mark.parametrize(
    ("value", "listed"),
    [([1, 2], (1, 2)), ({2, 1}, (1, 2)), (iter("ab"), ("a", "b")), ("ab", "ab"), (5, 5), ({"a": 1}, {"a": 1})],
)
def test_lists(value: Any, listed: object) -> None:
    """Everything that can be gone through becomes a tuple, sets in a fixed order, but text and mappings do not."""
    assert as_tuple(value) == listed


@pytest.mark.parametrize(
    ("value", "shown"),
    [("x" * 78, repr("x" * 78)), ("x" * 79, "'" + "x" * 78 + "…"), ([1] * 40, ("[" + "1, " * 40)[:79] + "…")],
)
def test_long_values_are_cut_in_messages(value: Any, shown: str) -> None:
    """A message shows up to 80 characters of a value."""
    with pytest.raises(DefinitionError) as caught:
        Bands("x", [value])
    assert str(caught.value) == f"Bands.bands must hold only (edge, match) pairs (got {shown})"


def test_decimals_are_no_numbers_of_a_definition() -> None:
    """A definition holds floats: a Decimal is refused rather than rounded."""
    number: Any = Decimal("0.1")
    with pytest.raises(DefinitionError) as caught:
        OneOf("x", {"a": number})
    assert str(caught.value) == "OneOf.values must be a number for 'a' (got Decimal('0.1'))"


def test_short_reprs_show_nested_data_as_it_is_typed() -> None:
    """Tuples are shown as lists and pairs as mappings, however deep; defaults are left out."""
    assert short_repr(Overlap("x", {"a": 2}, groups={"a": ("b", "c")}, weight=1)) == (
        "Overlap('x', {'a': 2}, groups={'a': ['b', 'c']})"
    )


@attrs.frozen
class Sample:
    """A class with every kind of field."""

    needed: int
    optional: int = 1
    named: int = attrs.field(kw_only=True)
    listed: tuple[int, ...] = attrs.field(default=(), kw_only=True)


@pytest.mark.parametrize(
    ("sample", "text"),
    [
        (Sample(1, named=2), "Sample(1, named=2)"),
        (Sample(1, 5, named=2, listed=(1, 2)), "Sample(1, optional=5, named=2, listed=[1, 2])"),
    ],
)
def test_short_reprs_are_calls(sample: Sample, text: str) -> None:
    """What has no default is shown by position or, where it must be, by name; the rest only where it differs."""
    assert short_repr(sample) == text


def test_a_number_beyond_all_floats_is_refused_in_words() -> None:
    """A fraction that no float can hold is an error of the field, and not of the arithmetic."""
    with pytest.raises(DefinitionError, match=r"Range\.low must be a finite number"):
        Range("x", Fraction(10**400), None)  # type: ignore[arg-type]  # the mistake


def test_an_integer_beyond_all_floats_is_refused_in_words() -> None:
    """An integer that no float can hold is an error of the field, and not of the arithmetic."""
    with pytest.raises(DefinitionError, match=r"Range\.low must be a finite number"):
        Range("x", 10**400, None)


def test_text_that_is_very_long_is_refused() -> None:
    """Folding takes longer than text grows: names, values and labels have at most 1,000 characters."""
    assert Flag("a" * 1_000).attribute
    with pytest.raises(DefinitionError, match=r"^Flag\.attribute must have at most 1,000 characters"):
        Flag("a" * 1_001)
    with pytest.raises(DefinitionError, match=r"^OneOf\.values must not hold text of more than 1,000 characters"):
        OneOf("a", ["b" * 1_001])
