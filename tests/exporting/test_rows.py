import csv
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.exporting import TARGETS, Target, score_rows, write_scores
from icpkit.exporting.rows import rounded

SIZE = icp.Range("employees", 50, 500, soft_high=1000, weight=3)
PROFILE = icp.Profile(
    "Mid-market",
    [icp.Dimension("Size", [SIZE, icp.Flag("funded")])],
    gates=[icp.Gate(~icp.OneOf("country", ["KP"]))],
    min_coverage=0.3,
)
SCORER = icp.Scorer(PROFILE)


def score_of(key: Any = "001A", *, as_of: Any = "2026-11-21", **account: Any) -> icp.Score:
    """Score one account."""
    return SCORER.score({"Id": key} | account, key="Id", as_of=as_of)


SCORES = [
    score_of("001A", employees=600, funded=True, country="DE"),
    score_of("001B", employees=600, funded=False, country="KP"),
    score_of("001C", funded=True),
]


def read_back(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    """Read a file as another program would."""
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def test_a_flat_file_holds_the_one_result_schema(tmp_path: Path) -> None:
    """Every number reads back to the bit, nothing is an empty cell, and a mark tells that it is UTF-8."""
    path = tmp_path / "scores.csv"
    written = write_scores(SCORES, path, reasons=2)
    rows = read_back(path, "utf-8-sig")
    assert list(rows[0]) == [column for _, column in TARGETS["csv"].header(2)] == list(written.columns)
    for row, one in zip(rows, SCORES, strict=True):
        plain = one.to_dict(reasons=2, stamp=True)
        assert {name: float(row[name]) for name in ("coverage", "low", "high")} == {
            name: plain[name] for name in ("coverage", "low", "high")
        }
        assert (float(row["fit"]) if row["fit"] else None) == one.fit
        for name in ("key", "tier", "status", "reason_1", "as_of", "profile", "scoring_id", "semantics", "version"):
            assert row[name] == ("" if plain[name] is None else str(plain[name]))
        assert row["possible_tiers"] == " / ".join(one.possible_tiers)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfkey,fit,")
    assert b"\r" not in path.read_bytes()


def test_a_salesforce_file_is_what_data_loader_takes(tmp_path: Path) -> None:
    """Ids, custom fields, percents, days, no mark at the beginning, and nothing where there is nothing."""
    path = tmp_path / "scores.csv"
    written = write_scores(SCORES, path, "salesforce", reasons=1)
    assert not path.read_bytes().startswith(b"\xef\xbb\xbf")
    first, second, third = read_back(path)
    assert first == {
        "Id": "001A",
        "ICP_Fit__c": "85.0",
        "ICP_Tier__c": "Perfect",
        "ICP_Status__c": "scored",
        "ICP_Coverage__c": "100.0",
        "ICP_Low__c": "85.0",
        "ICP_High__c": "85.0",
        "ICP_Reason_1__c": "60.0 of 75.0 points for employees: 600",
        "ICP_Scored_On__c": "2026-11-21",
        "ICP_Profile__c": "Mid-market",
        "ICP_Scoring_Id__c": PROFILE.scoring_id,
    }
    assert (second["ICP_Tier__c"], second["ICP_Status__c"]) == ("", "disqualified")
    assert (third["ICP_Fit__c"], third["ICP_Status__c"], third["ICP_Coverage__c"]) == ("", "insufficient data", "25.0")
    assert (written.target, written.rows) == ("salesforce", 3)
    assert dict(written.empty) == {"ICP_Fit__c": 1, "ICP_Tier__c": 2}
    assert written.warnings == (
        "empty: ICP_Fit__c (1), ICP_Tier__c (2); what stood there before stays, unless the import empties it (null=)",
    )


def test_an_old_tier_goes_where_there_is_none(tmp_path: Path) -> None:
    """With the word for nothing that the Bulk API knows, a field is emptied, and nothing has to be told."""
    path = tmp_path / "scores.csv"
    written = write_scores(SCORES, path, "salesforce", null="#N/A")
    assert [row["ICP_Tier__c"] for row in read_back(path)] == ["Perfect", "#N/A", "#N/A"]
    assert written.warnings == ()


def test_a_hubspot_file_has_small_names_shares_and_days(tmp_path: Path) -> None:
    """Numbers have a decimal point and nothing else, and a day has no time."""
    path = tmp_path / "scores.csv"
    ours = [score_of("17", as_of=datetime(2026, 11, 21, 23, 30, tzinfo=UTC), employees=600)]
    write_scores(ours, path, "hubspot", columns={"key": "Company domain name"}, reasons=0)
    (row,) = read_back(path)
    assert (row["Company domain name"], row["icp_coverage"], row["icp_scored_on"]) == ("17", "0.75", "2026-11-21")


def test_rows_for_an_api_are_plain_data() -> None:
    """Numbers are numbers, nothing is None, or what the API takes for nothing."""
    rows = score_rows(SCORES, "hubspot", reasons=1)
    assert json.loads(json.dumps(rows)) == rows
    assert (rows[0]["icp_fit"], rows[0]["icp_coverage"], rows[1]["icp_tier"]) == (85.0, 1.0, None)
    assert score_rows(SCORES, "hubspot", null="")[1]["icp_tier"] == ""
    assert list(score_rows(SCORES, reasons=0)[0]) == [column for _, column in TARGETS["csv"].header(0)]


def test_a_score_without_a_reason_of_that_rank_has_none() -> None:
    """There are no more reasons than criteria have."""
    (row,) = score_rows([SCORES[0]], columns={"reason_9": "ninth"})
    assert row["ninth"] is None


@pytest.mark.parametrize(
    ("form", "as_of", "text"),
    [
        ("iso", date(2026, 11, 21), "2026-11-21"),
        ("iso", datetime(2026, 11, 21, 9, tzinfo=UTC), "2026-11-21T09:00:00+00:00"),
        ("date", date(2026, 11, 21), "2026-11-21"),
        ("date", datetime(2026, 11, 21, 9, tzinfo=UTC), "2026-11-21"),
        ("datetime", date(2026, 11, 21), "2026-11-21T00:00:00.000Z"),
        ("datetime", datetime(2026, 11, 21, 9, 8, 7, 654321, tzinfo=UTC), "2026-11-21T09:08:07.654Z"),
    ],
)
def test_moments_are_written_as_the_target_wants_them(form: Any, as_of: Any, text: str) -> None:
    """A day, a moment in UTC to the millisecond, or as the score holds it."""
    target = attrs.evolve(TARGETS["salesforce"], moment=form)
    assert score_rows([score_of(as_of=as_of, employees=600)], target)[0]["ICP_Scored_On__c"] == text


@pytest.mark.parametrize(
    ("number", "decimals", "cuts", "text"),
    [
        ("79.999999", 2, ["80"], "79.99"),
        ("79.994", 2, ["80"], "79.99"),
        ("80.000001", 2, ["80"], "80.00"),
        ("33.333333", 2, ["33.333333"], "33.34"),
        ("33.333333", 0, ["33.333333", "33.5"], "33.333333"),
        ("79.5", 0, ["80"], "79"),
        ("0.1234567", None, [], "0.1234567"),
    ],
)
def test_no_number_is_rounded_across_a_cut(number: str, decimals: int | None, cuts: list[str], text: str) -> None:
    """To the nearest on its side of every cut; where there is none, it stays as it is."""
    assert rounded(Decimal(number), decimals, [Decimal(cut) for cut in cuts]) == Decimal(text)


SIXTH = st.integers(0, 100_000_000).map(lambda millionths: millionths / 1e6)


@given(SIXTH, SIXTH, st.integers(0, 6), st.sets(st.integers(1, 99_999_999), max_size=4))
def test_rounding_keeps_tier_and_order(low: float, high: float, decimals: int, cuts: set[int]) -> None:
    """Whatever the cuts, a rounded fit is in the tier of the fit, and no two fits change places."""
    names = {f"tier {cut}": cut / 1e6 for cut in cuts} | {"last": 0}
    scale = icp.TierScale.from_cuts(names)
    exact = [Decimal(repr(cut)) for cut in names.values()]
    low, high = sorted((low, high))
    shown = [float(rounded(Decimal(repr(fit)), decimals, exact)) for fit in (low, high)]
    assert [scale.tier_of(fit) for fit in shown] == [scale.tier_of(fit) for fit in (low, high)]
    assert shown == sorted(shown)


def test_the_coverage_is_not_rounded_up_to_what_is_needed() -> None:
    """An account with too little data never shows the coverage that would have been enough."""
    weights = [icp.Flag("a", weight=0.4999), icp.Flag("b", weight=0.5001)]
    one = icp.score(icp.Profile("P", [icp.Dimension("D", weights)]), {"a": True, "id": 1}, key="id", as_of="2026-11-21")
    assert one.status == "insufficient data"
    assert score_rows([one], "salesforce", decimals=0)[0]["ICP_Coverage__c"] == 49.0
    assert score_rows([one], "hubspot", decimals=1)[0]["icp_coverage"] == 0.4


def test_small_numbers_have_no_exponent(tmp_path: Path) -> None:
    """An importer that knows digits and a point alone can read every number."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.OneOf("x", {"a": 1e-8, "b": 1})])])
    one = icp.score(profile, {"id": 1, "x": "a"}, key="id", as_of="2026-11-21")
    write_scores([one], tmp_path / "scores.csv", "hubspot")
    (row,) = read_back(tmp_path / "scores.csv")
    assert (one.fit, row["icp_fit"]) == (1e-06, "0.000001")


def test_texts_are_harmless_and_cut(tmp_path: Path) -> None:
    """No spreadsheet runs what stands in a name, and no text is longer than its field."""
    profile = icp.Profile('=HYPERLINK("x")' + "𝄞" * 200, [icp.Dimension("D", [icp.Flag("funded")])])
    one = icp.score(profile, {"id": "@1", "funded": True}, key="id", as_of="2026-11-21")
    written = write_scores([one], tmp_path / "scores.csv", "salesforce")
    (row,) = read_back(tmp_path / "scores.csv")
    assert row["Id"] == "'@1"
    assert row["ICP_Profile__c"].startswith("'=HYPERLINK")
    assert row["ICP_Profile__c"].endswith("𝄞…")
    assert len(row["ICP_Profile__c"].removeprefix("'").encode("utf-16-le")) <= 2 * 255
    assert written.warnings[-1].endswith("so that the import will not find them: '@1'")
    assert score_rows([one], "salesforce")[0]["Id"] == "@1"


def test_half_a_character_can_be_written(tmp_path: Path) -> None:
    """A name that no UTF-8 can hold is written by its number."""
    one = icp.score(PROFILE, {"id": "a\ud83d", "employees": 100}, key="id", as_of="2026-11-21")
    write_scores([one], tmp_path / "scores.csv", "salesforce")
    assert read_back(tmp_path / "scores.csv")[0]["Id"] == "a\\ud83d"


def test_cells_with_commas_quotes_and_lines_read_back(tmp_path: Path) -> None:
    """What stands in a name does not break the file."""
    key = 'Acme, "the" one\nand only'
    write_scores([score_of(key, employees=600)], tmp_path / "scores.csv")
    assert read_back(tmp_path / "scores.csv", "utf-8-sig")[0]["key"] == key


def test_keys_that_come_twice_are_told(tmp_path: Path) -> None:
    """An import refuses them, or takes the last."""
    doubles = [score_of(17, employees=600), score_of("17", employees=100), score_of("18", employees=100)]
    written = write_scores(doubles, tmp_path / "scores.csv", "hubspot")
    assert written.warnings == ("keys that stand in more than one row: '17'",)
    assert write_scores(doubles, tmp_path / "scores.csv").warnings == ()


def test_what_was_written_is_told(tmp_path: Path) -> None:
    """In a few lines, and as plain data."""
    written = write_scores(SCORES, tmp_path / "scores.csv", "salesforce", columns={"fit": "Fit__c"}, reasons=0)
    assert str(written).splitlines()[0] == f"3 scores written to {tmp_path / 'scores.csv'} for salesforce"
    assert str(written).splitlines()[1].startswith("  empty: Fit__c (1), ICP_Tier__c (2); ")
    data = json.loads(json.dumps(written.to_dict()))
    assert (data["rows"], data["empty"], data["columns"][:2]) == (3, {"Fit__c": 1, "ICP_Tier__c": 2}, ["Id", "Fit__c"])


def test_scores_by_several_profiles_can_be_written() -> None:
    """Each row names its own profile and is rounded by its own tiers."""
    strict = attrs.evolve(PROFILE, name="Strict", tiers=icp.TierScale.from_cuts({"Top": 85.5, "Rest": 0}))
    other = icp.score(strict, {"Id": "1", "employees": 600, "funded": True}, key="Id", as_of="2026-11-21")
    rows = score_rows([SCORES[0], other, SCORES[0]], "salesforce", decimals=0)
    assert [row["ICP_Profile__c"] for row in rows] == ["Mid-market", "Strict", "Mid-market"]


@pytest.mark.parametrize("name", ["salesforce", "hubspot"])
def test_a_crm_needs_keys(name: str) -> None:
    """A row that says nothing about its account is refused, with the way to name it; a flat file may have some."""
    scores = [SCORES[0], score_of(None, employees=1), score_of("  ", employees=1)]
    with pytest.raises(icp.DefinitionError) as caught:
        score_rows(scores, name)
    assert str(caught.value) == (
        f"Score.key must be known, by which {name} finds the account (got none in 2 of 3 scores, the first of them "
        'number 2)\n\nHint: score with key="…", the attribute that holds the accounts\' identifiers'
    )
    assert [row["key"] for row in score_rows(scores)] == ["001A", None, "  "]


@pytest.mark.parametrize(
    ("scores", "options", "error", "text"),
    [
        (SCORES[0], {}, TypeError, "a list of one is [score]"),
        ([{"fit": 5}], {}, TypeError, "scores must hold only scores (got dict)"),
        (SCORES, {"reasons": -1}, icp.DefinitionError, "Target.reasons must be a whole number from 0 (got -1)"),
        (SCORES, {"reasons": True}, icp.DefinitionError, "Target.reasons must be a whole number"),
        (SCORES, {"to": "hubspott"}, icp.DefinitionError, "did you mean 'hubspot'?"),
        (SCORES, {"columns": {"fitt": "x"}}, icp.DefinitionError, "did you mean 'fit'?"),
        (SCORES, {"decimals": 12}, icp.DefinitionError, "Target.decimals must be a whole number from 0 to 9"),
    ],
)
def test_what_cannot_be_written_is_told(
    scores: Any, options: dict[str, Any], error: type[Exception], text: str
) -> None:
    """Scores in a list, known targets and columns, and settings within their range."""
    with pytest.raises(error) as caught:
        score_rows(scores, **options)
    assert text in str(caught.value)


def test_a_target_of_ones_own_is_written(tmp_path: Path) -> None:
    """Names, separators and the mark are as it says."""
    ours = Target("ours", {"tier": "Grade", "possible_tiers": "Could be", "key": "Who"}, separator=";", null="-")
    write_scores(SCORES[1:2], tmp_path / "scores.csv", ours)
    assert (tmp_path / "scores.csv").read_text(encoding="utf-8") == "Grade,Could be,Who\n-,Strong,001B\n"


def test_no_scores_make_a_file_with_a_header(tmp_path: Path) -> None:
    """An empty batch is no error."""
    written = write_scores([], tmp_path / "scores.csv", "hubspot")
    assert (written.rows, written.warnings, read_back(tmp_path / "scores.csv")) == (0, (), [])
