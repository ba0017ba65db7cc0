"""The 503 constituents of the S&P 500, or their generated twin, scored as a vendor would."""

from datetime import UTC, date, datetime

import pytest

from tests.trials import independent
from tests.trials.exports import rows_of
from tests.trials.profiles import founding_year, large_cap, large_caps
from tests.trials.trial import Trial, unsound
from tests.trials.twins import write_constituents

TODAY = date(2026, 11, 21)
#: A moment before which some were neither founded nor added.
EARLIER = datetime(2012, 12, 31, 18, tzinfo=UTC)


# What `tests.trials.independent` gave, by source and moment: tiers, and the five names at the top.
COUNTS = {
    ("real", TODAY): {"Target": 25, "Watch": 94, "Pass": 326, "disqualified": 58},
    ("real", EARLIER): {"Target": 24, "Watch": 86, "Pass": 291, "disqualified": 101, "insufficient data": 1},
    ("twin", TODAY): {"Target": 7, "Watch": 54, "Pass": 170, "disqualified": 69},
    ("twin", EARLIER): {"Target": 6, "Watch": 56, "Pass": 146, "disqualified": 90, "insufficient data": 2},
}
TOP = {
    ("real", TODAY): ["Datadog", "Autodesk", "Coinbase", "Workday, Inc.", "Palo Alto Networks"],
    ("real", EARLIER): ["PTC Inc.", "Salesforce", "Take-Two Interactive", "Nasdaq, Inc.", "Cadence Design Systems"],
    ("twin", TODAY): [
        "Otter & Möwe 185",
        "Quill & Pebble 97",
        "Ember & Düne 203",
        "Lantern & Acker 234",
        "Zwirn & Möwe 29",
    ],
    ("twin", EARLIER): [
        "Düne & Otter 12",
        "Otter & Möwe 185",
        "Otter & Ember 47",
        "Lantern & Acker 297",
        "Quill & Gorse 197",
    ],
}


@pytest.fixture(scope="module", params=["real", "twin"])
def source(request: pytest.FixtureRequest) -> str:
    """Which export is scored."""
    return str(request.param)


@pytest.fixture(scope="module")
def rows(source: str, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The export."""
    return rows_of(source, "sp500/constituents.csv", write_constituents, tmp_path_factory.mktemp("sp500"))


@pytest.fixture(scope="module", params=[TODAY, EARLIER], ids=["today", "earlier"])
def trial(request: pytest.FixtureRequest, rows: list[dict[str, str]]) -> Trial:
    """The export, scored."""
    return Trial.of(
        rows,
        request.param,
        profile=large_caps(),
        account=large_cap,
        figures=independent.large_cap,
        key="Security",
    )


def test_the_export_has_the_dirt_that_the_trial_is_about(rows: list[dict[str, str]]) -> None:
    """Years with older years behind them, years that compete, no headquarters, a footnote, companies abroad."""
    founded = [row["Founded"] for row in rows]
    assert any(" (" in text for text in founded)
    assert any(founding_year(text) is None for text in founded)
    headquarters = {row["Headquarters Location"] for row in rows}
    assert "none" in headquarters
    assert any(place.endswith("[2]") for place in headquarters)
    assert any(place.endswith(", Ireland") for place in headquarters)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1902", 1902),
        ("2013 (1888)", 2013),
        ("1998 (1923 / 1874)", 1998),
        ("2020 (1915, United Technologies spinoff)", 2020),
        ("1881/1894 (1980)", None),
        ("1904/1946/1959", None),
        ("", None),
        ("none", None),
    ],
)
def test_the_founding_year_is_the_one_in_front(text: str, year: int | None) -> None:
    """One year in front is taken; where several compete, or there is none, it is unknown."""
    assert founding_year(text) == year


def test_every_constituent_has_the_figures_worked_out_independently(trial: Trial) -> None:
    """Fit to the millionth, bounds, coverage, status and tier agree for every constituent."""
    assert trial.differences() == {}


def test_counts_and_ranking_are_those_worked_out_independently(trial: Trial) -> None:
    """As many constituents in each tier, and the same ones at the top."""
    assert trial.counts_scored() == trial.counts()
    assert trial.top_scored(25) == trial.top(25)


def test_every_score_is_sound(trial: Trial) -> None:
    """Points sum to the fit, the fit lies within its bounds, and its tier is among the possible ones."""
    assert unsound(trial.scores) == []


def test_nothing_in_the_export_is_invalid(trial: Trial) -> None:
    """Dates as ISO text, years, paths and lists of places are all understood."""
    assert [offender for one in trial.scores for offender in one.invalid] == []


def test_a_constituent_without_a_clean_year_is_disqualified(trial: Trial) -> None:
    """The gate on age disqualifies whom it cannot check, because the profile says so."""
    unclear = [one for one, row in zip(trial.scores, trial.rows, strict=True) if founding_year(row["Founded"]) is None]
    assert {one.status for one in unclear} == {"disqualified"}


def test_tiers_are_those_that_were_worked_out_once(trial: Trial, source: str) -> None:
    """As many constituents in each tier as the independent figures gave when this was written."""
    assert trial.counts_scored() == COUNTS[source, trial.as_of]


def test_the_top_five_are_those_that_were_worked_out_once(trial: Trial, source: str) -> None:
    """The five constituents that the independent figures put at the top when this was written."""
    assert trial.top_scored() == TOP[source, trial.as_of]
