import time
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.errors import AsOfError, NoSuchFieldError
from icpkit.importing import Accounts
from icpkit.testing import accounts, moments, profiles
from icpkit.value_functions import Segments, Table, ValueFunction
from tests.importing.checks import DAY, found, profile_of, rows_of
from tests.property.law import law


@st.composite
def several(draw: st.DrawFn) -> tuple[icp.Profile, list[dict[str, Any]], Any]:
    """Give a profile, several accounts, some with values of the wrong kind, and a moment."""
    profile, as_of = draw(profiles()), draw(moments())
    made = accounts(profile, as_of=as_of, invalid=draw(st.booleans()))
    return profile, draw(st.lists(made, min_size=1, max_size=5)), as_of


@law
@given(several())
def test_a_check_counts_what_scoring_gives(case: tuple[icp.Profile, list[dict[str, Any]], Any]) -> None:
    """Tiers, statuses and the highest fit are those of scoring each account, and no fit is above what is reachable."""
    profile, listed, as_of = case
    names = list(dict.fromkeys(name for account in listed for name in account))
    table = {name: [account.get(name) for account in listed] for name in names or ["nothing"]}
    report = icp.check(profile, table if names else [{} for _ in listed], as_of=as_of)
    rows = [{name: account.get(name) for name in names} for account in listed]
    scores = [icp.score(profile, row, as_of=as_of, on_invalid="unknown") for row in rows] if names else []
    if not names:
        return
    assert dict(report.statuses) == {
        status: sum(one.status == status for one in scores)
        for status in ("scored", "disqualified", "insufficient data")
    }
    assert [tier for tier, _, _ in report.tiers] == [tier.name for tier in profile.tiers.tiers]
    for tier, count, certain in report.tiers:
        ours = [one for one in scores if one.tier == tier]
        assert (count, certain) == (len(ours), sum(one.certain for one in ours))
    assert report.highest == max((one.fit or 0.0 for one in scores if one.tier is not None), default=None)
    assert all(one.fit is None or one.fit <= report.reachable for one in scores)
    assert 0 <= report.reachable <= 100
    assert report.reachable_tiers[-1] == profile.tiers.tiers[-1].name
    assert -1e-9 <= report.at_risk <= 1 + 1e-9


@law
@given(several())
def test_findings_are_sorted_and_sound(case: tuple[icp.Profile, list[dict[str, Any]], Any]) -> None:
    """Findings come by the points at stake, and concern no more accounts than there are."""
    profile, listed, as_of = case
    report = icp.check(profile, listed, as_of=as_of)
    points = [one.points for one in report.findings]
    assert points == sorted(points, reverse=True)
    assert all(0 <= one.accounts <= len(listed) for one in report.findings)
    assert all(one.text and one.points >= 0 for one in report.findings)
    assert report.mistakes == tuple(one for one in report.findings if one.mistake)
    assert str(report)
    assert icp.check(profile, listed, as_of=as_of) == report


def test_points_at_stake() -> None:
    """What is at stake is the weight, the gate or the points, times the share of accounts."""
    profile = icp.Profile(
        "P",
        [
            icp.Dimension("A", [icp.OneOf("x", ["technology"]), icp.OneOf("y", ["technology"], weight=3)], weight=3),
            icp.Dimension("B", [icp.AllOf(icp.OneOf("z", ["technology"]), icp.Range("n", 0, 9), name="both")]),
        ],
        gates=[icp.Gate(icp.OneOf("g", ["technology"]))],
        adjustments=[icp.Adjustment(-10, icp.OneOf("m", ["technology"]))],
    )
    row = dict.fromkeys("xyzgm", "technology") | {"n": 1}
    rows = [row, row, row, dict.fromkeys("xyzgm", "technolgy") | {"n": 1}]
    points = {one.path: one.points for one in found(profile, rows)}
    assert points == {"a/x": 4.6875, "a/y": 14.0625, "b/both": 6.25, "gates/g": 25.0, "adjustments/m": 2.5}


def test_how_accounts_answer_each_question() -> None:
    """Each question has a row: known, invalid, matched, the mean and the best match."""
    profile = profile_of(
        icp.Range("x", 10, 20, soft_low=0), icp.Flag("y"), gates=[icp.Gate(icp.Range("x", 0, None, name="x there"))]
    )
    report = icp.check(profile, rows_of(x=[5, 15, "many", None], y=[None] * 4), as_of=DAY)
    first, second, third = report.criteria
    assert (first.path, first.attribute, first.share) == ("d/x", "x", 0.5)
    assert (first.known, first.invalid, first.stale, first.matched, first.mean, first.best) == (2, 1, 0, 2, 0.75, 1.0)
    assert (second.known, second.matched, second.mean, second.best) == (0, 0, None, None)
    assert (third.path, third.share) == ("gates/x there", 0.0)
    assert report.at_risk == 0.5


@pytest.mark.parametrize(
    ("criteria", "options", "rows", "reachable"),
    [
        ([icp.Range("x", 10, 20, soft_low=0), icp.Flag("y")], {}, {"x": [5, 2], "y": [False, True]}, 75.0),
        ([icp.Range("x", 10, 20, soft_low=0), icp.Flag("y")], {}, {"x": [5, 2], "y": [None, None]}, 50.0),
        ([icp.Range("x", 10, 20, soft_low=0), icp.Flag("y")], {"missing": 0.2}, {"x": [5, 2], "y": [None] * 2}, 35.0),
        ([icp.Range("x", 10, 20, soft_low=0), icp.Flag("y")], {}, {"x": [5, 2], "y": [None, False]}, 50.0),
        ([icp.AllOf(icp.Flag("x"), icp.Flag("y"), name="n")], {}, {"x": [True, False], "y": [False, True]}, 100.0),
        ([icp.Not(icp.Flag("x"), name="n")], {}, {"x": [True, True], "y": [1, 1]}, 0.0),
        ([icp.Not(icp.Flag("z"), name="n"), icp.Flag("x")], {}, {"x": [True, False], "y": [1, 1]}, 100.0),
        ([icp.AllOf(icp.Flag("z"), icp.Flag("x"), name="n")], {"missing": 0.3}, {"x": [True], "y": [1]}, 100.0),
        ([icp.Recency("x", window=9)], {}, {"x": ["2020-01-01"], "y": [1]}, 0.0),
        ([icp.Recency("z", window=9), icp.Flag("x")], {}, {"x": [True], "y": [1]}, 50.0),
        ([icp.Flag("x")], {"adjustments": [icp.Adjustment(5, icp.Flag("y"))]}, {"x": [False], "y": [True]}, 5.0),
        ([icp.Flag("x")], {"adjustments": [icp.Adjustment(-5, icp.Flag("y"))]}, {"x": [True], "y": [True]}, 95.0),
        ([icp.Flag("x")], {"adjustments": [icp.Adjustment(5, icp.Flag("z"))]}, {"x": [True], "y": [1]}, 100.0),
        ([icp.Flag("x")], {"gates": [icp.Gate(icp.Flag("y"))]}, {"x": [True], "y": [False]}, 100.0),
        ([icp.Flag("z")], {}, {"x": [True], "y": [1]}, 0.0),
    ],
)
def test_what_is_reachable(
    criteria: list[icp.Criterion], options: dict[str, Any], rows: dict[str, list[Any]], reachable: float
) -> None:
    """An account with the best of each attribute gets so many points; what nobody has is left out or assumed."""
    profile = profile_of(*criteria, min_coverage=0, **options)
    assert icp.check(profile, rows_of(**rows), as_of=DAY).reachable == reachable


def test_an_unknown_may_lift_an_account_above_the_best_values() -> None:
    """Where an account does better by what is not known of it, its fit is reachable."""
    profile = profile_of(icp.Flag("x"), icp.Flag("y"), min_coverage=0)
    assert icp.check(profile, rows_of(x=[True, False], y=[None, False]), as_of=DAY).reachable == 100.0


def test_kinds_of_accounts() -> None:
    """Accounts may be records, columns, or what a field map has read, under any key that they have."""
    profile = profile_of(icp.Range("x", 0, 9))
    rows = rows_of(id=["a", "b"], x=[5, 50], hq=[{"code": "A"}, {"code": "B"}])
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    read = icp.FieldMap([icp.Field(name, parse="as_is") for name in rows[0]]).apply(rows)
    for table in (rows, columns, read):
        assert icp.check(profile, table, as_of=DAY, key="id").highest_key == "a"
        assert icp.check(profile, table, as_of=DAY, key="hq.code").highest_key == "A"
    assert icp.check(profile, read, as_of=DAY, key="x").highest_key == "5"
    assert icp.check(profile, read, as_of=DAY).highest_key == "a"
    assert icp.check(profile, rows, as_of=DAY).highest_key == ""
    assert (len(read.names), read.key) == (3, "id")
    with pytest.raises(NoSuchFieldError, match="did you mean 'id'"):
        icp.check(profile, rows, as_of=DAY, key="idd")


def test_what_is_no_check() -> None:
    """A check needs a profile, a table, and a moment with its zone; the moment is now by default."""
    profile = profile_of(icp.Range("x", 0, 9))
    swapped: Any = [{"x": 1}]
    with pytest.raises(TypeError, match="needs a Profile first"):
        icp.check(swapped, profile)
    with pytest.raises(TypeError):
        icp.check(profile, 5)
    with pytest.raises(AsOfError):
        icp.check(profile, [{"x": 1}], as_of=datetime(2026, 1, 1, 9))
    before = datetime.now(UTC).replace(microsecond=0)
    now = icp.check(profile, [{"x": 1}]).as_of
    assert isinstance(now, datetime)
    assert before <= now <= datetime.now(UTC)


def test_accounts_that_hold_nothing() -> None:
    """Records without any attribute are checked like others."""
    report = icp.check(profile_of(icp.Range("x", 0, 9)), Accounts((), (), lines=(1, 2)), as_of=DAY)
    assert (report.accounts, dict(report.statuses)["insufficient data"]) == (2, 2)
    assert [one.code for one in report.findings] == ["missing column"]


@attrs.frozen
class Near(icp.Criterion):
    """A criterion of a user's own."""

    attribute: str
    km: float = 5

    def value_function(self) -> ValueFunction:
        """Give 1 up to so many kilometres."""
        return ValueFunction(self.attribute, "number", Segments(high=self.km))


@attrs.frozen
class Spoken(icp.Criterion):
    """A criterion of a user's own that looks texts up."""

    attribute: str

    def value_function(self) -> ValueFunction:
        """Give 1 for one language."""
        return ValueFunction(self.attribute, "text", Table({"English": 1.0}))


def test_own_criteria() -> None:
    """Criteria of a user's own are checked by their value functions."""
    profile = profile_of(Near("distance"), Spoken("language"))
    findings = found(profile, rows_of(distance=[7e3, 8e3, 3e3, 9e3, 4e3], language=["Enlgish", "a", "b", "c", "d"]))
    assert [one.code for one in findings] == ["unit", "spelling"]
    assert findings[0].text == (
        "0 of 5 values are at most 5; they run from 3,000 to 9,000: is the criterion in thousands?"
    )


@pytest.mark.slow
def test_many_accounts_and_many_spellings() -> None:
    """Twenty thousand accounts with as many different texts are checked in seconds."""
    texts = [f"company {number:x} of the {number % 7}th kind" for number in range(20_000)]
    labels = [[f"tool {number % 977}", f"{number:x}"] for number in range(20_000)]
    names = [f"kind {number} of companies" for number in range(500)]
    profile = profile_of(
        icp.OneOf("sector", [*names, "technology"]), icp.Overlap("tools", names), icp.Range("x", 5e6, 6e6)
    )
    rows = rows_of(sector=texts, tools=labels, x=[float(number) for number in range(20_000)])
    began = time.perf_counter()
    report = icp.check(profile, rows, as_of=DAY)
    assert len(str(report)) < len(report.to_html())
    assert time.perf_counter() - began < 10
    bad = icp.FieldMap([icp.Field("sector"), icp.Field("x", "tools", parse="number")]).apply(
        rows_of(sector=texts, tools=[f"n {text}" for text in texts]), on_invalid="unknown"
    )
    began = time.perf_counter()
    assert icp.check(profile, bad, as_of=DAY).mistakes
    assert time.perf_counter() - began < 10


def test_names_and_values_of_a_megabyte() -> None:
    """Long names and values cost little, and are cut where they are told."""
    long = "x" * 1_000_000
    profile = profile_of(icp.OneOf("sector", ["technology", "x" * 999]), icp.Range("n", 0, 9))
    rows = rows_of(sector=[long, f"{long}y", "technolgy"], n=[long, f"{long} N/A", 5])
    began = time.perf_counter()
    report = icp.check(profile, rows, as_of=DAY)
    text = str(report)
    assert time.perf_counter() - began < 5
    assert (len(text) < 10_000, len(report.to_html()) < 30_000) == (True, True)
    assert "xxx…" in text
