from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import icpkit as icp
from tests.importing.checks import DAY, accounts_of, as_is, found, mended, only, profile_of, rows_of

REVENUE = profile_of(icp.Range("revenue", 5e6, 50e6))


def column(name: str, values: list[Any]) -> list[dict[str, Any]]:
    """Give records of one attribute."""
    return [{name: value} for value in values]


# Units


@pytest.mark.parametrize(
    ("criterion", "values", "question", "unit"),
    [
        (icp.Range("x", 5e6, 50e6), [4.54, 12.0, 31, 251.41, 1100.04, 11698], "in millions?", '"millions"'),
        (icp.Range("x", 5e6, 50e6, scale="log"), [7, 9, 11, 20, 30], "in millions?", '"millions"'),
        (icp.Range("x", 5e6, 50e6), [6000, 7000, 9000, 11000, 25000], "in thousands?", '"thousands"'),
        (icp.Range("x", 2e9, None, soft_low=1e9), [0.5, 0.7, 1.1, 2.4, 8.0], "in billions?", '"billions"'),
        (icp.Range("x", 0.2, 0.6), [10, 22, 35, 41, 80], "as percentages, not shares?", "0.01"),
        (icp.Range("x", 20, 60), [0.1, 0.22, 0.35, 0.41, 0.8], "as shares, not percentages?", "100"),
        (icp.Range("x", 5, 50), [4.5e6, 7e6, 9e6, 31e6, 1.1e9], "is the criterion in millions?", "1e-06"),
        (icp.Range("x", 5, 50), [7e3, 9e3, 31e3, 60e3, 90e3], "is the criterion in thousands?", "0.001"),
        (icp.Bands("x", [(5e6, 0.5), (5e7, 1)]), [7, 9, 31, 60, 90], "in millions?", '"millions"'),
        (icp.Range("employees", 5000, 20000), [1.2, 6.5, 7.5, 12.1, 0.8], "in thousands?", '"thousands"'),
    ],
)
def test_another_unit(criterion: icp.Criterion, values: list[float], question: str, unit: str) -> None:
    """Numbers of which next to none match, but some would in another unit, are told; the line that is told mends it."""
    profile = profile_of(criterion)
    name = criterion.value_function().attributes[0]
    rows = [{"id": number, name: value} for number, value in enumerate(values)]
    one = only(profile, rows)
    assert (one.code, one.accounts, one.points) == ("unit", len(values), 100.0)
    assert one.text.endswith(f": {question}")
    assert one.advice[1:] == (f"[fields.{name}]", 'parse = "number"', f"unit = {unit}")
    assert mended(profile, rows, as_is(rows), "unit") == []


def test_a_unit_upon_a_unit() -> None:
    """Where the field map has a unit already, the line holds both together."""
    fields = icp.FieldMap([icp.Field("id"), icp.Field("revenue", parse="number", unit="thousands")])
    rows = rows_of(id=[1, 2, 3, 4, 5], revenue=[7, 8, 9, 10, 11])
    one = only(REVENUE, fields.apply(rows))
    assert one.advice == ("in the field map:", "[fields.revenue]", 'unit = "millions"')
    assert mended(REVENUE, rows, fields, "unit") == []


@pytest.mark.parametrize(
    ("criterion", "values"),
    [
        (icp.Range("employees", 5000, 10000), [10, 12, 55, 140, 200]),
        (icp.Range("seats", 500, 1000), [10, 12, 55, 140, 200]),
        (icp.Range("revenue", 5e6, 50e6), [1e6, 2e6, 3e6, 4e6, 4.5e6]),
        (icp.Range("revenue", 5e6, 50e6), [60e6, 70e6, 80e6, 90e6, 2e9]),
        (icp.Range("revenue", 5e6, 50e6), [0, 0, 0, 0, 0]),
        (icp.Range("growth", 20, 60), [1.0, 1.5, 5.5, 7.0, 8.0]),
        (icp.Range("growth", 0.2, 0.6), [0.01, 0.02, 0.05, 0.1, 0.15]),
        (icp.Range("change", None, -5), [0, 1, 2, 3, 4]),
        (icp.Range("change", 0, 0), [1, 2, 3, 4, 5]),
        (icp.Bands("x", [(50, 1), (500, 0)]), [600, 700, 800, 900, 1e308]),
        (icp.Range("x", 1e9, 2e9), [1e305, 1e306, 1e307, 1e308, 1.7e308]),
        (icp.OneOf("x", [1, 2]), [3, 4, 5, 6, 7]),
        (icp.Ordinal("x", [1, 2, 3], at_least=3), [1, 2, 1, 2, 1]),
    ],
)
def test_nobody_who_matches_is_no_proof_of_a_unit(criterion: icp.Criterion, values: list[float]) -> None:
    """A criterion that nobody meets is worth knowing; it is no mistake, whatever the numbers are."""
    name = criterion.value_function().attributes[0]
    one = only(profile_of(criterion), column(name, values))
    assert (one.code, one.mistake, one.points) == ("no match", False, 100.0)


@pytest.mark.parametrize(
    ("criterion", "values", "text"),
    [
        (icp.Range("x", 5, 50), [1, 2, 3, 4, 4.5], "0 of 5 values lie in 5 to 50; they run from 1 to 4.5"),
        (icp.Range("x", 5, None), [1, 2, 3, 4, 4], "0 of 5 values are at least 5; they run from 1 to 4"),
        (icp.Range("x", None, 5), [6] * 5, "0 of 5 values are at most 5; all are 6"),
        (icp.Bands("x", [(5, 1)]), [1, 2, 3, 4, 4], "0 of 5 values match; they run from 1 to 4"),
        (icp.OneOf("x", ["a"]), list("bbbcc"), "no account has 'a'; the commonest values: 'b' × 3, 'c' × 2"),
        (icp.Overlap("x", ["a"]), [[]] * 5, "no account has 'a'; the commonest values: none"),
        (icp.Flag("x"), [False] * 5, "none of 5 known values matches"),
        (icp.Recency("x", window=7), ["2020-01-01"] * 5, "none of 5 known values matches"),
    ],
)
def test_nobody_matches(criterion: icp.Criterion, values: list[Any], text: str) -> None:
    """What nobody meets is told with what there is instead."""
    one = only(profile_of(criterion), column("x", values))
    assert (one.text, one.fix) == (text, "right if nobody fits; else mend the criterion, or read another column")


def test_nobody_needs_to_match() -> None:
    """Nothing is said of few accounts, of what is not wanted, and of what can give no match."""
    flag = icp.Flag("x")
    rows = column("x", [False] * 9)
    assert only(profile_of(flag), rows).code == "no match"
    assert not found(profile_of(flag), rows[:4])
    assert not found(profile_of(icp.Not(flag, name="n")), rows)
    base = icp.Range("y", 0, 9)
    both = [{**row, "y": 5} for row in rows]
    assert not found(profile_of(base, adjustments=[icp.Adjustment(-5, flag)]), both)
    assert found(profile_of(base, adjustments=[icp.Adjustment(5, flag)]), both)[0].points == 5
    assert found(profile_of(base, gates=[icp.Gate(flag)]), both)[0].points == 100
    assert not found(profile_of(base, gates=[icp.Gate(~flag)]), both)
    assert not found(profile_of(icp.Bands("x", [(5, 0)])), column("x", [1] * 9))


def test_a_unit_in_spite_of_a_few_that_match() -> None:
    """One account in a hundred that matches by chance hides no unit; if many match, there is nothing to say."""
    small = [7.0 + number / 100 for number in range(99)]
    assert only(REVENUE, column("revenue", [*small, 7e6])).text.startswith("1 of 100 values lie in")
    assert not found(REVENUE, column("revenue", [*small, 7e6, 8e6, 9e6]))


def test_a_profile_that_fits_its_data() -> None:
    """Where all is well, nothing is found."""
    profile = profile_of(
        icp.Range("employees", 50, 500),
        icp.OneOf("industry", ["Software", "Retail"]),
        icp.Overlap("tools", ["Slack", "CI/CD"]),
        icp.Flag("listed"),
        icp.Recency("last_visit", half_life=30),
        icp.Age("founded", at_most=20),
        icp.Engagement("events", {"demo": 1}, half_life=30, target=3),
        gates=[icp.Gate(~icp.OneOf("country", ["Niger"]))],
        adjustments=[icp.Adjustment(-5, icp.OneOf("sic", [99]))],
    )
    rows = rows_of(
        employees=[20, 70, 9000],
        industry=["software", "Retail", "Hardware"],
        tools=[["slack"], ["CI/CD", "Java"], []],
        listed=[True, False, None],
        last_visit=["2026-11-01", None, None],
        founded=[2015, 2001, 1850],
        events=[[("demo", "2026-10-01")], None, None],
        country=["Nigeria", "DE", "US"],
        sic=[12, 13, 14],
    )
    assert not found(profile, rows)


# The table


def test_accounts_that_share_a_key() -> None:
    """Keys that several accounts have are told, and accounts that have none."""
    report = icp.check(REVENUE, rows_of(id=["a", "a", "b", "b", "c", None], revenue=[6e6] * 6), as_of=DAY, key="id")
    first, second = report.findings
    assert (first.code, first.accounts, first.attribute) == ("repeated key", 4, "id")
    assert first.text == "4 of 6 rows share 2 keys with others: 'a' × 2, 'b' × 2"
    assert (second.code, second.text, second.fix, second.mistake) == (
        "no key",
        "1 account has no key",
        "fill in 'id', or name another key",
        True,
    )
    assert not found(REVENUE, rows_of(id=["a", "a"], revenue=[6e6] * 2))
    report = icp.check(REVENUE, rows_of(id=[" ", None, "a", "a"], revenue=[6e6] * 4), as_of=DAY, key="id")
    assert [one.text for one in report.findings] == [
        "2 of 4 rows share 1 key with others: 'a' × 2",
        "2 accounts have no key",
    ]


def test_lines_that_could_not_be_read(tmp_path: Path) -> None:
    """Lines of a file of which no row could be made are told with the first of them."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"revenue": 6000000}\n[1]\n')
    one = only(REVENUE, icp.read_accounts(path, REVENUE, key="revenue", on_invalid="unknown"))
    assert (one.code, one.text.startswith("1 line could not be read and is left out: line 2: "), one.fix) == (
        "bad line",
        True,
        "mend the line",
    )
    path.write_text('{"revenue": 6000000}\n[1]\n{\n')
    one = only(REVENUE, icp.read_accounts(path, REVENUE, key="revenue", on_invalid="unknown"))
    assert one.text.startswith("2 lines could not be read and are left out: line 2: ")
    assert one.fix == "mend the lines"


def test_how_columns_were_read() -> None:
    """Bands, mixed currencies and moments without a zone are worth knowing where nobody has declared them."""
    profile = profile_of(icp.Range("employees", 50, 500), icp.Range("revenue", 1, 9e9), icp.Recency("seen", window=999))
    fields = icp.FieldMap(
        [
            icp.Field("id"),
            icp.Field("employees", parse="size"),
            icp.Field("revenue", parse="money"),
            icp.Field("seen", parse="date"),
            icp.Field("unread", parse="size"),
        ],
        currency="USD",
        rates=[icp.Rate("EUR", "USD", 1.1, date(2026, 1, 31))],
        exported=date(2026, 11, 1),
    )
    columns: dict[str, list[Any]] = {
        "employees": ["51-200", "80"],
        "revenue": ["€ 10", "$ 20"],
        "seen": ["2026-11-20 10:00", "2026-11-20"],
        "unread": ["51-200", "80"],
    }
    findings = found(profile, accounts_of(fields, **columns))
    assert {one.code: (one.attribute, one.mistake, one.points) for one in findings} == {
        "currencies": ("revenue", False, 0.0),
        "bands": ("employees", False, 0.0),
        "naive": ("seen", False, 0.0),
    }
    assert [one.text for one in findings if one.code == "bands"] == [
        "employees: bands in 1 of 2 cells, each read as its geometric middle"
    ]
    numbered = rows_of(id=[1, 2], **columns)
    assert mended(profile, numbered, fields, "bands", "naive") == ["currencies"]


def test_no_accounts() -> None:
    """An export without accounts is a probable mistake, and no error."""
    report = icp.check(REVENUE, {"revenue": []}, as_of=DAY)
    assert [one.code for one in report.findings] == ["no accounts"]
    assert (report.accounts, report.highest, report.reachable, report.at_risk) == (0, None, 0.0, 0.0)
    assert (bool(report), "0 accounts" in str(report)) == (True, True)
    cell = icp.BadCell(None, "", "x", "no JSON", 7)
    unread = icp.Accounts(("revenue",), ((),), bad=(cell,))
    assert [one.code for one in found(REVENUE, unread)] == ["no accounts", "bad line"]
    assert not found(REVENUE, [{"revenue": 6e6}])


# Old, future, absent


def test_stale_values() -> None:
    """Values that were observed too long ago are worth knowing, by the map's limit or a year."""
    fields = icp.FieldMap(
        [
            icp.Field("id"),
            icp.Field("revenue", parse="number", observed_at="seen", stale_after=30),
            icp.Field("staff", parse="number", observed_at="at"),
            icp.Field("seen", parse="date", optional=True),
            icp.Field("at", parse="as_is"),
        ]
    )
    seen = ["2026-11-01", "2026-01-01", "2026-11-20T10:00Z", None, "2026-01-01"]
    at = [date(2026, 11, 1), datetime(2020, 1, 1), datetime(2020, 1, 1, tzinfo=UTC), "2020", None]
    columns: dict[str, list[Any]] = {
        "revenue": [6e6, 6e6, 6e6, 6e6, None],
        "staff": [1, 2, 3, 4, 5],
        "seen": seen,
        "at": at,
    }
    profile = profile_of(icp.Range("revenue", 5e6, 50e6), icp.Range("staff", 1, 9))
    accounts = accounts_of(fields, **columns)
    findings = found(profile, accounts)
    assert [(one.code, one.attribute, one.accounts, one.mistake) for one in findings] == [
        ("stale", "staff", 2, False),
        ("stale", "revenue", 1, False),
    ]
    assert [one.text for one in findings] == [
        "2 of 5 values were observed more than 365 days ago",
        "1 of 4 values were observed more than 30 days ago",
    ]
    assert [one.stale for one in icp.check(profile, accounts, as_of=DAY).criteria] == [1, 2]
    fresh: dict[str, list[Any]] = {"revenue": [6e6], "staff": [1], "seen": ["2026-11-01"], "at": [date(2026, 11, 1)]}
    assert not found(profile, accounts_of(fields, **fresh))


def test_signals_of_the_future() -> None:
    """Dates after the moment of the check are told; those of the same day and before are not."""
    profile = profile_of(icp.Recency("seen", window=30))
    one = only(profile, column("seen", ["2026-11-20", ["2026-11-25", "2026-11-20"], "2026-12-24"]))
    assert (one.code, one.accounts, one.mistake) == ("future", 2, True)
    assert not found(profile, column("seen", ["2026-11-21", datetime(2026, 11, 21, 23)]))
    assert not found(profile_of(icp.Upcoming("seen", within=90)), column("seen", ["2026-12-24"]))


def test_signals_that_were_never_collected() -> None:
    """A column of signals that is empty is told, since it counts as never; one that is filled in part is normal."""
    profile = profile_of(icp.Recency("seen", window=30), icp.Range("x", 0, 9))
    one = only(profile, rows_of(seen=[None, " ", None], x=[1, 2, 3]))
    assert (one.code, one.points) == ("no signals", 50.0)
    assert one.text == "no account has such a signal: read as never for all 3 accounts, a match of 0"
    assert not found(profile, rows_of(seen=["2026-11-20", None, None], x=[1, 2, 3]))
    unknown = profile_of(icp.Recency("seen", window=30, absent="unknown"), icp.Range("x", 0, 9))
    one = only(unknown, rows_of(seen=[None, None, None], x=[1, 2, 3]))
    assert (one.code, one.text, one.fix) == (
        "empty column",
        "the column is empty: unknown for all 3 accounts",
        "check the export",
    )


def test_gaps() -> None:
    """An attribute that is known for less than half is worth knowing; one that is known for half is not told."""
    profile = profile_of(icp.Range("x", 0, 9), icp.Range("y", 0, 9))
    one = only(profile, rows_of(x=[1, None, None, "", None], y=[1] * 5))
    assert (one.code, one.mistake, one.accounts, one.points) == ("gap", False, 4, 40.0)
    assert one.text == "known for 1 of 5 accounts (20 %)"
    assert not found(profile, rows_of(x=[1, None], y=[1, 2]))


def test_what_moves_no_score_is_no_mistake() -> None:
    """A criterion without weight may lack its column."""
    profile = profile_of(icp.Range("x", 0, 9), icp.Flag("y", weight=0))
    one = only(profile, column("x", [1, 2]))
    assert (one.code, one.points, one.mistake) == ("missing column", 0.0, False)


# Missing columns


def test_a_column_that_is_missing() -> None:
    """A column that is not there is told with the one that was probably meant."""
    profile = profile_of(icp.Range("employees", 0, 999), icp.Recency("seen", window=9))
    first, second = found(profile, [{"id": 1, "No. of Employees": 5}])
    assert first.text == "the table has no column 'employees': unknown for all 1 account"
    assert first.advice[1:] == ("[fields.employees]", 'parse = "number"', 'column = "No. of Employees"')
    assert second.text == "the table has no column 'seen': read as never for all 1 account"
    assert second.fix == "name its column in a field map, or leave the criterion out"
    assert (first.points, second.points) == (50.0, 50.0)


def test_a_column_that_the_field_map_lacks() -> None:
    """What the field map does not read is told with the column to read, or the attribute to rename."""
    profile = profile_of(icp.Range("employees", 0, 999))
    fields = icp.FieldMap([icp.Field("id")])
    one = only(profile, accounts_of(fields, Employees=["5"]))
    assert one.advice == ("in the field map:", "[fields.employees]", 'parse = "number"', 'column = "Employees"')
    rows = rows_of(id=["1"], Employees=["5"])
    assert mended(profile, rows, fields, "missing column") == []
    one = only(profile, accounts_of(icp.FieldMap([icp.Field("id"), icp.Field("employee_count", "n")]), n=["5"]))
    assert one.fix == "did you mean 'employee_count'? Rename one: the attribute in the field map, or the criterion's"
    one = only(profile, accounts_of(fields, zzz=["5"]))
    assert one.advice[-1] == "column = …"


def test_a_column_that_the_table_lacks() -> None:
    """A column that the field map names and the table lacks is told, as a mistake unless it is optional."""
    profile = profile_of(icp.Range("employees", 0, 999))
    for optional in (False, True):
        fields = icp.FieldMap([icp.Field("id"), icp.Field("employees", "size", parse="number", optional=optional)])
        one = only(profile, accounts_of(fields, Staff=["5"]))
        assert (one.text, one.mistake) == ("the table has no column for it: unknown for all 1 account", not optional)
        assert one.advice == ("in the field map:", "[fields.employees]", 'column = "Staff"')
        one = only(profile, accounts_of(fields, zzz=["5"]))
        assert one.fix == "name its column in the field map"


def test_nested_attributes() -> None:
    """Attributes within nested records are read; one that no record has is missing."""
    profile = profile_of(icp.OneOf("hq.country", ["DE"]))
    assert not found(profile, [{"hq": {"country": "DE"}}, {"hq": None}])
    one = only(profile, [{"hq": {"city": "Berlin"}}, {"hq": {}}])
    assert one.code == "missing column"
    assert one.text == "the table has no column 'hq.country': unknown for all 2 accounts"
    one = only(profile, [{"hq": {"country": "N/A"}}, {"hq": {"country": "DE"}}])
    assert one.advice[1] == '[fields."hq.country"]'


# What cannot be read


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("criterion", "values", "lines"),
    [
        (icp.Range("x", 0, 9999), ["1,058", "2,000"], ('parse = "number"',)),
        (icp.Range("x", 0, 9999), ["1.058,5", "20,25"], ('parse = "number"', 'decimal = ","')),
        (icp.Range("x", 0, 9999), ["51-200", "1,000+"], ('parse = "size"',)),
        (icp.Flag("x"), ["yes", "no"], ('parse = "flag"',)),
        (icp.OneOf("x", ["5"]), [5, 5], ('parse = "text"',)),
        (icp.Ordinal("x", ["5", "6"], at_least="5"), [5, 6], ('parse = "text"',)),
        (icp.Overlap("x", ["a", "b"]), ["a;b", "a"], ('parse = "labels"', 'split = ";"')),
        (icp.Overlap("x", ["a", "b"]), ["a, b", "a"], ('parse = "labels"', 'split = ","')),
        (icp.Overlap("x", ["a", "b"]), ["a", "b"], ('parse = "labels"',)),
        (icp.Recency("x", window=9), ["21-11-2026", "20-11-2026"], ('parse = "date"', 'order = "dmy"')),
        (icp.Recency("x", window=9), ["11/21/2026", "11/20/2026"], ('parse = "date"', 'order = "mdy"')),
        (icp.Recency("x", window=9), ["10/11/2026"], ('parse = "date"', 'order = "dmy"  # or "mdy"')),
        (icp.Recency("x", window=9), ["21 Nov 2026"], ('parse = "date"',)),
        (icp.Age("x", at_most=9), ["2013 (1888)", "2020"], ('parse = "year"',)),
        (icp.Engagement("x", {"a": 1}, half_life=9), ['[["a", "2026-11-01"]]'], ('parse = "events"',)),
    ],
)
def test_values_of_the_wrong_kind(criterion: icp.Criterion, values: list[Any], lines: tuple[str, ...]) -> None:
    """Values that a question cannot read are told, with the lines by which a field map reads them."""
    profile, rows = profile_of(criterion), rows_of(id=[*range(len(values))], x=values)
    one = only(profile, rows)
    assert (one.code, one.accounts, one.points) == ("invalid", len(values), 100.0)
    assert one.advice[1:] == ("[fields.x]", *lines)
    fields = icp.FieldMap([icp.Field("id"), icp.Field("x", parse="as_is")])
    assert not {"invalid", "spelling", "separator"} & {*mended(profile, rows, fields, "invalid")}


class Odd:
    """A value whose repr fails."""

    def __repr__(self) -> str:
        raise RuntimeError


def test_values_that_nothing_can_read() -> None:
    """What no field map can read is told all the same, and shown as far as it goes."""
    profile = profile_of(icp.Range("x", 0, 9))
    one = only(profile, column("x", [Odd(), "prose", "more prose", 5]))
    assert (one.accounts, one.fix) == (3, "mend the values, or declare in a field map how they are read")
    assert "'a Odd' × 1" in one.text
    assert "'x" + "x" * 20 in only(profile, column("x", ["x" * 1000])).text


def test_tokens_among_values_of_the_wrong_kind() -> None:
    """Texts that usually mean unknown are told as such, where numbers belong too."""
    one = only(profile_of(icp.Range("x", 0, 9)), column("x", ["N/A", 5, 6, "-", "N/A"]))
    assert (one.code, one.accounts) == ("token", 3)
    assert one.text == "'N/A' × 2, '-' × 1 cannot be read, and look like unknown"
    assert one.advice[1:] == ("[fields.x]", 'parse = "number"', 'unknown = ["N/A", "-"]')
    profile = profile_of(icp.Ordinal("x", ["low", "high"], at_least="high"))
    one = only(profile, column("x", ["low", "high", "n/a", "high"]))
    assert (one.code, one.text) == ("token", "'n/a' × 1 cannot be read, and looks like unknown")
    one = only(profile, column("x", ["low", "high", "middling", "high"]))
    assert (one.code, one.text) == ("invalid", "1 value cannot be read (not one of low, high): 'middling' × 1")
    assert one.fix == "mend the values, or list them in the criterion"
    profile = profile_of(icp.Ordinal("x", ["medium", "high"], at_least="high"))
    assert only(profile, column("x", ["medium", "high", "mediun", "high", "medium", "medium"])).code == "spelling"


def test_cells_that_a_field_map_cannot_read() -> None:
    """Cells that a field map cannot read are told by what is wrong with them, tokens apart."""
    profile = profile_of(icp.Range("x", 0, 9))
    fields = icp.FieldMap([icp.Field("id"), icp.Field("x", parse="number", unknown=["?"])])
    columns = {"x": ["N/A", "5", "51-200", "11-50", "$ 5", "prose", "?"]}
    findings = found(profile, accounts_of(fields, **columns))
    assert [(one.code, one.accounts) for one in findings if one.mistake] == [
        ("invalid", 2),
        ("token", 1),
        ("invalid", 1),
        ("invalid", 1),
    ]
    bands, token, money, prose = (one for one in findings if one.mistake)
    assert bands.text.startswith("2 cells cannot be read (a band where a number belongs): '51-200' × 1, '11-50' × 1")
    assert bands.fix == 'declare parse = "size" in the field map'
    assert token.text == "'N/A' × 1 cannot be read, and looks like unknown"
    assert token.advice[-1] == 'unknown = ["?", "N/A"]'
    assert money.fix == 'declare parse = "money" in the field map'
    assert prose.fix == "mend the cells, or declare them in a field map"
    rows = rows_of(id=[*range(7)], **columns)
    assert "token" not in mended(profile, rows, fields, "token")


def test_cells_that_a_profile_cannot_read(tmp_path: Path) -> None:
    """Without a field map, cells of a file are told with the lines of one that would read them."""
    path = tmp_path / "a.csv"
    path.write_text('id,x\na,"1,058"\nb,"2,000"\nc,5\nd,n/a\n')
    profile = profile_of(icp.Range("x", 0, 9))
    invalid, token = found(profile, icp.read_accounts(path, profile, on_invalid="unknown"))
    assert (invalid.accounts, invalid.advice[1:]) == (2, ("[fields.x]", 'parse = "number"'))
    assert (token.accounts, token.advice[1:]) == (1, ("[fields.x]", 'parse = "number"', 'unknown = ["n/a"]'))


def test_a_column_of_bad_cells_alone() -> None:
    """Where no cell can be read, that is told, and not that the column is empty."""
    fields = icp.FieldMap([icp.Field("id"), icp.Field("x", parse="number")])
    accounts = accounts_of(fields, x=["n/a", "n/a"])
    assert only(profile_of(icp.Range("x", 0, 9)), accounts).code == "token"


def test_two_questions_about_one_attribute() -> None:
    """A finding that two parts of one criterion share is told once."""
    both = icp.AllOf(icp.Range("x", 0, 5), icp.Range("x", 3, 9), name="both")
    assert only(profile_of(both), [{"y": 1}]).path == "d/both"


def test_a_total_is_no_account() -> None:
    """A last row that begins as totals do is told; a company of that name in another place is not."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Range("n", 1, 9)])])
    for last in ("Total", "Grand Totals", "Gesamt:", "Summe"):
        found = icp.check(profile, [{"id": "a", "n": 5}, {"id": last, "n": 5}], key="id", as_of="2026-11-21").findings
        assert [(one.code, one.accounts, one.points, one.mistake) for one in found] == [("total", 1, 50.0, True)]
    assert not icp.check(profile, [{"id": "Total", "n": 5}, {"id": "a", "n": 5}], key="id", as_of="2026-11-21").findings


def test_a_small_mistake_hides_no_great_one() -> None:
    """That nobody matches is told beside a token that only one account has."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.OneOf("country", ["Chad"])])])
    rows = [{"country": "Boston"}] * 20 + [{"country": "none"}]
    found = icp.check(profile, rows, as_of="2026-11-21").findings
    assert [one.code for one in found] == ["no match", "token"]
