"""What `init` writes for the real exports: the guesses that matter, and how little a person has to change."""

from pathlib import Path
from typing import Any

import pytest

import icpkit as icp
from icpkit.__main__ import main
from icpkit.importing.files import read_table
from icpkit.importing.guessing import GuessedMap, guess_fields
from tests.importing.test_guessing import doubted, settings_of
from tests.trials.exports import path_of

DMY, FLAG, NUMBER = {"parse": "date", "order": "dmy"}, {"parse": "flag"}, {"parse": "number"}
#: What each export should be read as: key, and the attributes with settings, or with another name than their column's.
RIGHT: dict[str, tuple[str, dict[str, tuple[str, dict[str, Any]]]]] = {
    "maven_crm/accounts.csv": (
        "name",
        {
            "account": ("name", {}),
            "sector": ("industry", {}),
            "year_established": ("founded", {"parse": "year"}),
            "revenue": ("annual_revenue", {"parse": "number", "unit": "millions"}),
            "employees": ("employees", NUMBER),
            "office_location": ("country", {}),
        },
    ),
    "maven_crm/sales_pipeline.csv": (
        "opportunity_id",
        {
            "account": ("name", {}),
            "engage_date": ("engage_date", {"parse": "date"}),
            "close_date": ("close_date", {"parse": "date"}),
            "close_value": ("close_value", NUMBER),
        },
    ),
    "sp500/constituents.csv": (
        "symbol",
        {
            "Symbol": ("symbol", {}),
            "Security": ("security", {}),
            "GICS Sector": ("industry", {}),
            "GICS Sub-Industry": ("gics_sub_industry", {}),
            "Headquarters Location": ("headquarters_location", {"unknown": ["none"]}),
            "Date added": ("date_added", {"parse": "date"}),
            "CIK": ("cik", {}),
            "Founded": ("founded", {"parse": "year"}),
        },
    ),
    "remoteintech/companies.csv": (
        "name",
        {
            "title": ("name", {}),
            "technologies": ("technologies", {"parse": "labels"}),
            "addedAt": ("added_at", {"parse": "date"}),
            "updatedAt": ("updated_on", {"parse": "date"}),
            "body_size": ("body_size", {"parse": "size", "prose": True}),
        },
    ),
    "ravenstack/ravenstack_accounts.csv": (
        "account_id",
        {
            "account_name": ("name", {}),
            "signup_date": ("signup_date", DMY),
            "seats": ("seats", NUMBER),
            "is_trial": ("is_trial", FLAG),
            "churn_flag": ("churn_flag", FLAG),
        },
    ),
    "ravenstack/ravenstack_churn_events.csv": (
        "churn_event_id",
        {
            "churn_date": ("churn_date", DMY),
            "refund_amount_usd": ("refund_amount_usd", NUMBER),
            "reason_code": ("reason_code", {"unknown": ["unknown"]}),
            **{
                name: (name, FLAG) for name in ("preceding_upgrade_flag", "preceding_downgrade_flag", "is_reactivation")
            },
        },
    ),
    "ravenstack/ravenstack_feature_usage.csv": (
        "usage_id",
        {
            "usage_date": ("usage_date", DMY),
            "is_beta_feature": ("is_beta_feature", FLAG),
            **{name: (name, NUMBER) for name in ("usage_count", "usage_duration_secs", "error_count")},
        },
    ),
    "ravenstack/ravenstack_subscriptions.csv": (
        "subscription_id",
        {
            **{name: (name, DMY) for name in ("start_date", "end_date")},
            **{name: (name, NUMBER) for name in ("seats", "mrr_amount", "arr_amount")},
            **{
                name: (name, FLAG)
                for name in ("is_trial", "upgrade_flag", "downgrade_flag", "churn_flag", "auto_renew_flag")
            },
        },
    ),
    "ravenstack/ravenstack_support_tickets.csv": (
        "ticket_id",
        {
            **{name: (name, DMY) for name in ("submitted_at", "closed_at")},
            **{
                name: (name, NUMBER)
                for name in ("resolution_time_hours", "first_response_time_minutes", "satisfaction_score")
            },
            "escalation_flag": ("escalation_flag", FLAG),
        },
    ),
    "salvirt_b2b/opportunities.csv": (
        "product",
        {
            **{
                name: (name.lower(), {"parse": "flag", "unknown": ["Unknown"]})
                for name in ("Competitors", "Purch_dept", "Budgt_alloc")
            },
            **{
                name: (name.lower(), FLAG)
                for name in ("Partnership", "Forml_tend", "RFI", "RFP", "Cross_sale", "Up_sale")
            },
        },
    ),
}
#: What a person has to change, since nobody can know it: what an answer means.
CHANGES = {
    "sp500/constituents.csv": ["Headquarters Location"],
    "ravenstack/ravenstack_churn_events.csv": ["reason_code"],
}
#: Those that hold an account, or an opportunity, in each row.
OF_ACCOUNTS = [
    name for name in RIGHT if name.rpartition("/")[2] in {"accounts.csv", "constituents.csv", "companies.csv"}
]
OF_ACCOUNTS += ["ravenstack/ravenstack_accounts.csv", "salvirt_b2b/opportunities.csv"]


@pytest.fixture(params=RIGHT)
def name(request: pytest.FixtureRequest) -> str:
    """The name of an export."""
    return str(request.param)


@pytest.fixture
def path(name: str) -> Path:
    """The export."""
    return path_of(name)


@pytest.fixture
def found(path: Path) -> GuessedMap:
    """The guessed map of the export."""
    return guess_fields(read_table(path)[0])


def test_a_person_has_little_to_change(name: str, found: GuessedMap) -> None:
    """The map is right but for what only a person can know, in at most three places, each with a question beside it."""
    key, right = RIGHT[name]
    wrong = []
    for guess in found.guesses:
        column = guess.field.columns[0]
        if (guess.field.attribute, settings_of(guess.field)) != right.get(column, (column.lower(), {})):
            wrong.append(column)
    assert found.fields.key_attribute == key
    assert wrong == CHANGES.get(name, [])
    assert set(wrong) <= set(doubted(found))
    assert len(wrong) <= 3


@pytest.mark.parametrize("name", OF_ACCOUNTS)
def test_what_is_written_works(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two files that `init` writes go into `check` and `score` as they are."""
    monkeypatch.chdir(tmp_path)
    assert main(["init", str(path)]) == 0
    assert main(["check", "profile.toml", str(path), "--fields", "fields.toml"]) in {0, 1}
    capsys.readouterr()
    scoring = ["score", "profile.toml", str(path), "--fields", "fields.toml", "--on-invalid", "unknown"]
    assert main([*scoring, "--as-of", "2026-11-21", "--out", "scores.csv"]) == 0
    accounts = icp.read_accounts(path, icp.load_fields("fields.toml"), on_invalid="unknown")
    with (tmp_path / "scores.csv").open(encoding="utf-8-sig") as file:
        assert len(file.readlines()) == len(accounts) + 1
