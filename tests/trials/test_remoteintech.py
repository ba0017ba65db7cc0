"""882 real companies of remoteintech, or their generated twin, scored as a vendor would."""

from datetime import date, datetime, timedelta, timezone

import pytest

import icpkit as icp
from tests.trials import independent
from tests.trials.exports import rows_of
from tests.trials.profiles import remote_company, remote_teams
from tests.trials.trial import Trial, unsound
from tests.trials.twins import write_companies

TODAY = date(2026, 11, 21)
#: Two hours into a day in UTC: rows that were added or updated later do not exist yet.
EARLIER = datetime(2022, 10, 10, 4, 30, tzinfo=timezone(timedelta(hours=2, minutes=30)))


# What `tests.trials.independent` gave, by source and moment: tiers, and the five names at the top.
COUNTS = {
    ("real", TODAY): {
        "Perfect": 11,
        "Strong": 217,
        "Moderate": 391,
        "Weak": 101,
        "disqualified": 144,
        "insufficient data": 18,
    },
    ("real", EARLIER): {
        "Perfect": 32,
        "Strong": 252,
        "Moderate": 331,
        "Weak": 92,
        "disqualified": 144,
        "insufficient data": 31,
    },
    ("twin", TODAY): {
        "Perfect": 16,
        "Strong": 120,
        "Moderate": 190,
        "Weak": 19,
        "disqualified": 48,
        "insufficient data": 7,
    },
    ("twin", EARLIER): {
        "Perfect": 8,
        "Strong": 67,
        "Moderate": 159,
        "Weak": 72,
        "disqualified": 48,
        "insufficient data": 46,
    },
}
TOP = {
    ("real", TODAY): ["Sourcegraph", "Launch Potato", "Precision Nutrition", "Etsy", "Applied AI Company (AAICO)"],
    ("real", EARLIER): ["Precision Nutrition", "HE:labs", "Fire Engine Red", "Bairesdev", "Harvest"],
    ("twin", TODAY): ["Thistlethistle 253", "Möwequill 134", "Gorsekettle 207", "Möwemöwe 377", "Lanterndüne 84"],
    ("twin", EARLIER): ["Quillacker 58", "Gorsezwirn 151", "Ottergorse 195", "Dünequill 299", "Dünethistle 368"],
}


@pytest.fixture(scope="module", params=["real", "twin"])
def source(request: pytest.FixtureRequest) -> str:
    """Which export is scored."""
    return str(request.param)


@pytest.fixture(scope="module")
def rows(source: str, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The export."""
    return rows_of(source, "remoteintech/companies.csv", write_companies, tmp_path_factory.mktemp("remoteintech"))


@pytest.fixture(scope="module", params=[TODAY, EARLIER], ids=["today", "earlier"])
def trial(request: pytest.FixtureRequest, rows: list[dict[str, str]]) -> Trial:
    """The export, scored."""
    return Trial.of(
        rows,
        request.param,
        profile=remote_teams(),
        account=remote_company,
        figures=independent.remote_company,
        key="title",
    )


def test_the_export_has_the_dirt_that_the_trial_is_about(rows: list[dict[str, str]]) -> None:
    """Blanks in four columns, a size that is not on the scale, regions and policies that are not listed."""
    blank = {column for row in rows for column, text in row.items() if not text}
    assert blank == {"company_size", "technologies", "addedAt", "updatedAt", "body_size"}
    assert [row["company_size"] for row in rows].count("startup") == 1
    assert {"other", "remote-friendly"} <= {row["region"] for row in rows} | {row["remote_policy"] for row in rows}


def test_every_company_has_the_figures_worked_out_independently(trial: Trial) -> None:
    """Fit to the millionth, bounds, coverage, status and tier agree for every company."""
    assert trial.differences() == {}


def test_counts_and_ranking_are_those_worked_out_independently(trial: Trial) -> None:
    """As many companies in each tier, and the same ones at the top."""
    assert trial.counts_scored() == trial.counts()
    assert trial.top_scored(25) == trial.top(25)


def test_every_score_is_sound(trial: Trial) -> None:
    """Points sum to the fit, the fit lies within its bounds, and its tier is among the possible ones."""
    assert unsound(trial.scores) == []


def test_a_size_that_is_not_on_the_scale_is_an_offender(trial: Trial) -> None:
    """The one startup is told of with its name, its attribute, its value and the levels that there are."""
    (offender,) = [offender for one in trial.scores for offender in one.invalid]
    (startup,) = [row["title"] for row in trial.rows if row["company_size"] == "startup"]
    assert (offender.key, offender.attribute, offender.value) == (startup, "company_size", "startup")
    assert "tiny, small, medium, large, enterprise" in offender.reason


def test_a_size_that_is_not_on_the_scale_raises_by_default(rows: list[dict[str, str]]) -> None:
    """Without on_invalid="unknown" the startup is an error that carries the offender."""
    (startup,) = [row for row in rows if row["company_size"] == "startup"]
    with pytest.raises(icp.InvalidAccountError, match="startup") as error:
        icp.score(remote_teams(), remote_company(startup), as_of=TODAY, key="title")
    assert [offender.attribute for offender in error.value.offenders] == ["company_size"]


def test_an_unknown_size_leaves_the_gate_unverified(trial: Trial) -> None:
    """A company of unknown size passes the gate on size, and the explanation says that nobody has checked."""
    unsized = [one for one, row in zip(trial.scores, trial.rows, strict=True) if row["company_size"] in {"", "startup"}]
    assert {tuple(gate.verdict for gate in one.explanation.gates) for one in unsized} == {("unverified",)}


def test_what_is_dated_later_is_counted_and_changes_nothing(trial: Trial) -> None:
    """As many dates are left out as lie after the moment of scoring."""
    later = [
        sum(row[column] > "2022-10-10" for column in ("addedAt", "updatedAt")) if trial.as_of == EARLIER else 0
        for row in trial.rows
    ]
    assert [one.explanation.ignored for one in trial.scores] == later


def test_tiers_are_those_that_were_worked_out_once(trial: Trial, source: str) -> None:
    """As many companies in each tier as the independent figures gave when this was written."""
    assert trial.counts_scored() == COUNTS[source, trial.as_of]


def test_the_top_five_are_those_that_were_worked_out_once(trial: Trial, source: str) -> None:
    """The five companies that the independent figures put at the top when this was written."""
    assert trial.top_scored() == TOP[source, trial.as_of]
