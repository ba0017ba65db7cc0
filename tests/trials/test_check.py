"""What a check says about real exports, with the profile that anybody would write first, and after mending as told."""

import os
import tomllib
from pathlib import Path
from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit.importing import Accounts, CheckReport
from icpkit.importing.files import read_table
from icpkit.importing.guessing import guess_fields
from icpkit.importing.starting import profile_text
from tests.importing.checks import pasted
from tests.trials.exports import REPOSITORY

DAY = "2026-11-21"
OBVIOUS = icp.Profile(
    "Mid-market technology",
    [
        icp.Dimension(
            "Firmographics",
            [
                icp.Range("employees", 50, 5000),
                icp.Range("revenue", 5e6, 50e6),
                icp.OneOf("sector", ["technology"]),
                icp.OneOf("office_location", ["USA"]),
            ],
        )
    ],
)


def export(name: str) -> Path:
    """Give the path of a real export, or skip the test."""
    path = Path(os.environ.get("ICPKIT_TEST_DATA") or REPOSITORY.parent / "shared" / "data") / name
    if not path.is_file():
        pytest.skip(f"{path} is absent (ICPKIT_TEST_DATA may name another folder)")
    return path


def raw(name: str, **options: Any) -> Accounts:
    """Read an export as text alone."""
    table, _ = read_table(export(name))
    fields = icp.FieldMap([icp.Field(column) for column in dict.fromkeys(table.names) if column], **options)
    return fields.apply(table)


def started(name: str) -> tuple[icp.Profile, Accounts]:
    """Do as ``init`` does: guess a field map, and take the profile to start from."""
    table, _ = read_table(export(name))
    accounts = guess_fields(table).fields.apply(table, on_invalid="unknown")
    return icp.loads(profile_text(accounts, "P")), accounts


def told(report: CheckReport) -> dict[tuple[str, str], float]:
    """Give the points of each finding by its kind and attribute."""
    return {(one.code, one.attribute): round(one.points, 1) for one in report.findings}


def test_maven_names_the_unit_the_alias_and_the_typo() -> None:
    """The obvious profile on the raw export: the three reasons why all accounts are Weak come first, and alone."""
    accounts = icp.read_accounts(export("maven_crm/accounts.csv"), OBVIOUS)
    report = icp.check(OBVIOUS, accounts, as_of=DAY)
    assert [(one.code, one.attribute) for one in report.findings[:3]] == [
        ("unit", "revenue"),
        ("alias", "office_location"),
        ("spelling", "sector"),
    ]
    assert "in millions?" in report.findings[0].text
    assert "'United States' × 71 is probably 'USA'" in report.findings[1].text
    assert "'technolgy' × 12 is probably 'technology'" in report.findings[2].text
    assert len(report.findings) == 3
    assert [count for _, count, _ in report.tiers] == [0, 0, 0, 85]


def test_maven_mended_as_told() -> None:
    """Once the lines are written where they say, nothing is wrong any more, and the tiers differ."""
    table, _ = read_table(export("maven_crm/accounts.csv"))
    numbers = {"employees", "revenue"}
    parses = {name: "number" if name in numbers else "text" for name in table.names}
    profile, fields = OBVIOUS, icp.FieldMap([icp.Field(name, parse=parse) for name, parse in parses.items()])  # type: ignore[arg-type]  # two words of those
    for finding in icp.check(profile, fields.apply(table), as_of=DAY).findings:
        profile, fields = pasted(finding, profile, fields)
    report = icp.check(profile, fields.apply(table), as_of=DAY)
    assert not report
    assert [count for _, count, _ in report.tiers if count] != [85]
    assert report.highest is not None
    assert report.highest >= 75
    assert report.reachable == 100


def test_maven_by_a_guessed_map_has_the_same_alias_and_typo() -> None:
    """A guessed map leaves what a profile must say: other names and slips."""
    _, accounts = started("maven_crm/accounts.csv")
    profile = attrs.evolve(
        OBVIOUS,
        dimensions=[icp.Dimension("D", [icp.OneOf("industry", ["technology"]), icp.OneOf("country", ["USA"])])],
    )
    found = told(icp.check(profile, accounts, as_of=DAY))
    assert {("alias", "country"), ("spelling", "industry")} <= {*found}


@pytest.mark.parametrize(
    "name",
    [
        "maven_crm/accounts.csv",
        "remoteintech/companies.csv",
        "sp500/constituents.csv",
        "ravenstack/ravenstack_accounts.csv",
        "salvirt_b2b/opportunities.csv",
    ],
)
def test_a_started_profile_fits_its_export(name: str) -> None:
    """A profile that is made of an export raises no alarm about it, but where rows are no accounts."""
    profile, accounts = started(name)
    report = icp.check(profile, accounts, as_of=DAY)
    codes = {one.code for one in report.mistakes}
    assert codes <= ({"repeated key"} if "salvirt" in name else set())
    assert sum(count for _, count in report.statuses) == len(accounts)


def test_remoteintech_as_text() -> None:
    """Lists that are text, dates that are text, and a region by another sign are told with their lines."""
    accounts = raw("remoteintech/companies.csv", key="slug")
    profile = icp.Profile(
        "P",
        [
            icp.Dimension(
                "D",
                [
                    icp.Overlap("technologies", ["python", "devops", "JavaScript"]),
                    icp.OneOf("region", ["World wide"]),
                    icp.Ordinal("company_size", ["tiny", "small", "medium", "large"], at_least="medium"),
                    icp.Recency("updatedAt", half_life=900),
                ],
            )
        ],
    )
    report = icp.check(profile, accounts, as_of=DAY)
    found = {one.attribute: one for one in report.findings}
    assert tomllib.loads("\n".join(found["technologies"].advice[1:])) == {
        "fields": {"technologies": {"parse": "labels", "split": ";"}}
    }
    assert found["region"].text.endswith("is probably 'World wide', which no account has")
    assert not {one.attribute for one in report.mistakes} & {"updatedAt"}


def test_sp500_as_text() -> None:
    """Years in prose are told with the way to read them; sectors that are alike are not taken for one another."""
    accounts = raw("sp500/constituents.csv", key="Symbol")
    profile = icp.Profile(
        "P",
        [
            icp.Dimension(
                "D",
                [
                    icp.Age("Founded", at_most=50),
                    icp.OneOf("GICS Sector", ["Information Tecnology", "Consumer Staples"]),
                    icp.OneOf("GICS Sub-Industry", ["Application Software", "Regional Banks"]),
                ],
            )
        ],
    )
    found = {one.attribute: one for one in icp.check(profile, accounts, as_of=DAY).findings}
    assert found["Founded"].advice[1:] == ("[fields.Founded]", 'parse = "year"')
    assert found["GICS Sector"].code == "spelling"
    assert "GICS Sub-Industry" not in found


def test_ravenstack_as_text() -> None:
    """Dates by day, month and year, and flags that are text, are told with the lines that read them."""
    accounts = raw("ravenstack/ravenstack_accounts.csv", key="account_id")
    profile = icp.Profile(
        "P",
        [
            icp.Dimension(
                "D",
                [
                    icp.Recency("signup_date", half_life=900),
                    icp.Flag("is_trial", expected=False),
                    icp.OneOf("industry", ["Fintech", "EdTech", "DevTools"]),
                    icp.OneOf("country", ["United States", "UK"]),
                    icp.Range("seats", 10, 100),
                ],
            )
        ],
    )
    found = {one.attribute: one for one in icp.check(profile, accounts, as_of=DAY).findings}
    assert found["signup_date"].advice[1:] == ("[fields.signup_date]", 'parse = "date"', 'order = "dmy"')
    assert found["is_trial"].advice[1:] == ("[fields.is_trial]", 'parse = "flag"')
    assert found["country"].code == "alias"
    assert found["seats"].advice[-1] == 'parse = "number"'
    assert "industry" not in found


def test_salvirt_takes_unknown_for_an_answer() -> None:
    """Where the profile lists "Unknown", it is an answer; where it does not, it is told."""
    accounts = raw("salvirt_b2b/opportunities.csv", key="Status")
    listed = icp.OneOf("Purch_dept", {"Yes": 1, "Unknown": 0.4, "No": 0})
    profile = icp.Profile("P", [icp.Dimension("D", [listed])])
    assert ("token", "Purch_dept") not in told(icp.check(profile, accounts, as_of=DAY))
    profile = icp.Profile("P", [icp.Dimension("D", [icp.OneOf("Purch_dept", ["Yes"])])])
    assert ("token", "Purch_dept") in told(icp.check(profile, accounts, as_of=DAY))
