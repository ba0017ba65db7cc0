"""The independent figures are independent, and follow the rules on cases that can be done in the head."""

import ast
import sys
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from tests.trials import independent
from tests.trials.independent import Answer, Figures, decayed, figures, known, microseconds, nearest, unknown, weights

CUTS = {"Good": 50, "Poor": 0}


def test_it_shares_no_code_with_icpkit() -> None:
    """Only the standard library is imported."""
    tree = ast.parse(Path(independent.__file__).read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def weighed(*answers: Answer, first: int = 1) -> Figures:
    """The figures of answers that weigh 1 each, but the first."""
    shares = {str(i): Fraction(1 if i else first) for i in range(len(answers))}
    nothing = (5, (Fraction(0), Fraction(0)))
    return figures(shares, list(answers), adjustment=nothing, failed=False, cuts=CUTS, needed=Fraction(1, 2))


def test_an_unknown_leaves_the_fit_and_widens_the_bounds() -> None:
    """Half of the weight known and matched by 0.75: a fit of 75, between 37.5 and 87.5."""
    own = weighed(known("0.75"), unknown())
    assert own == Figures(75_000_000, "Good", "scored", 500_000_000, 37_500_000, 87_500_000)


def test_too_little_known_gives_no_fit() -> None:
    """A quarter of the weight is below the half that is needed."""
    own = weighed(unknown(), known(1), first=3)
    assert (own.fit, own.tier, own.status) == (None, None, "insufficient data")


def test_the_fit_is_limited_to_its_bounds() -> None:
    """A match of 0.5 and an unknown between 0.9 and 1, weighed alike: the fit is 70, not 50."""
    own = weighed(known("0.5"), unknown("0.9"))
    assert own.fit == own.low == 70_000_000


def test_weights_are_multiples_of_two_to_the_minus_forty() -> None:
    """Three thirds cannot be equal and sum to 1: the unit that is left over goes to the first path."""
    third = 2**40 // 3
    shares = weights(dict.fromkeys("bac", Fraction(1)))
    assert shares == [Fraction(units, 2**40) for units in (third, third + 1, third)]


@pytest.mark.parametrize(
    ("age", "match"), [(0, Fraction(1)), (10, Fraction(1, 2)), (20, Fraction(1, 4)), (10_000, Fraction(0))]
)
def test_a_decay_halves(age: int, match: Fraction) -> None:
    """The match halves every half-life, and comes to 0 in the end."""
    assert decayed(age * 86_400 * 10**6, 10) == match


def test_halves_are_rounded_upward() -> None:
    """A half goes up."""
    assert [nearest(Fraction(n, 2), 1) for n in (1, 2, 3)] == [1, 1, 2]


@pytest.mark.parametrize(
    ("text", "as_of", "age"),
    [
        ("2026-11-20", date(2026, 11, 21), 86_400_000_000),
        ("2026-11-21", date(2026, 11, 21), 0),
        ("2026-11-22", date(2026, 11, 21), None),
        ("2026-11-21", datetime(2026, 11, 21, 1, tzinfo=UTC), 3_600_000_000),
        ("2026-11-22", datetime(2026, 11, 21, 1, tzinfo=UTC), None),
        ("", date(2026, 11, 21), None),
    ],
)
def test_ages_count_from_midnight_and_never_from_later(text: str, as_of: date, age: int | None) -> None:
    """A day is visible from its 00:00 UTC on; what lies later has no age."""
    assert microseconds(text, as_of) == age
