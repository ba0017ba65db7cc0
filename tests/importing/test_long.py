import math
from datetime import UTC, date, datetime
from typing import Any

import pytest

import icpkit as icp
from icpkit.importing.accounts import Accounts
from icpkit.importing.long import accounts_from, events_from, key_text, labels_from
from icpkit.table import Table

DEALS: list[dict[str, Any]] = [
    {"id": "acme", "stage": "Lost", "closed": "2026-03-01", "amount": 500, "won": False},
    {"id": "globex", "stage": "Open", "closed": None, "amount": None, "won": None},
    {"id": " acme ", "stage": "Won", "closed": date(2026, 8, 15), "amount": 700, "won": True},
    {"id": None, "stage": "Won", "closed": "2026-01-01", "amount": 1, "won": True},
    {"id": "acme", "stage": None, "closed": "2026-11-01", "amount": float("nan"), "won": None},
]


def test_rows_become_one_account_by_declared_rules() -> None:
    """Accounts come in the order of their first row, unknown values never count, and keys compare stripped."""
    take: dict[str, Any] = {
        "stage": "latest by closed",
        "amount": "sum",
        "deals": ("amount", "count"),
        "first_stage": ("stage", "earliest by closed"),
        "won": "any",
    }
    accounts = accounts_from(DEALS, "id", take)
    assert list(accounts) == [
        {"id": "acme", "stage": "Won", "amount": 1200, "deals": 2, "first_stage": "Lost", "won": True},
        {"id": "globex", "stage": None, "amount": None, "deals": 0, "first_stage": None, "won": None},
    ]
    assert (accounts.key, accounts.source) == ("id", "the records")
    assert [(one.attribute, one.column, one.parse, one.filled) for one in accounts.readings[:2]] == [
        ("stage", "stage", "latest by closed", 1),
        ("amount", "amount", "sum", 1),
    ]


def test_what_is_left_out_is_told() -> None:
    """Rows without a key, rows that a rule cannot date, and columns that nobody asked for are in the warnings."""
    assert accounts_from(DEALS, "id", {"stage": "latest by closed"}).warnings == (
        "1 row without 'id', left out: row 4",
        "columns left out, since take names none of them: 'amount', 'won'",
        "1 row that 'latest by closed' does not look at, for want of a date that is known",
    )


def test_many_rows_without_a_key_are_counted() -> None:
    """A warning names the first few places, by the line where there is a file, and counts the rest."""
    table = Table(("id", "x"), ([None] * 5, [1] * 5), "deals.csv", (2, 3, 5, 6, 7))
    assert accounts_from(table, "id", {"x": "sum"}).warnings == (
        "5 rows without 'id', left out: line 2, line 3, line 5 and 2 more",
    )


def test_of_equal_dates_the_later_row_is_the_latest() -> None:
    """Ties go to the later row for the latest, and to the earlier row for the earliest."""
    rows = [{"id": 1, "x": x, "at": "2026-01-01"} for x in "abc"]
    accounts = accounts_from(rows, "id", {"last": ("x", "latest by at"), "first": ("x", "earliest by at")})
    assert accounts[0] == {"id": "1", "last": "c", "first": "a"}


def test_dates_of_all_kinds_compare_as_moments() -> None:
    """Dates, moments of any zone and ISO texts are ordered by when they were; naive ones are UTC, and counted."""
    whens = [datetime(2026, 1, 2, 1, tzinfo=UTC), "2026-01-01T23:30:00-05:00", datetime(2026, 1, 2, 2)]
    rows = [{"id": 1, "x": number, "at": when} for number, when in enumerate(whens)]
    accounts = accounts_from(rows, "id", {"x": "latest by at"})
    assert accounts[0]["x"] == 1
    assert accounts.warnings == ("1 moment of 'at' without a time zone, read as UTC",)


def test_nothing_of_later_leaks() -> None:
    """With as_of, rows dated later and rows without a date are left out and counted; the day itself is visible."""
    accounts = accounts_from(DEALS, "id", {"stage": "last", "amount": "sum"}, at="closed", as_of="2026-08-15")
    assert list(accounts) == [{"id": "acme", "stage": "Won", "amount": 1200}]
    assert accounts.warnings == (
        "1 row without 'id', left out: row 4",
        "1 row dated after 2026-08-15 by 'closed', left out",
        "1 row without 'closed', left out: row 2",
        "columns left out, since take names none of them: 'won'",
    )


def test_no_rule_looks_at_a_later_date() -> None:
    """A row that was there already says nothing by a date that lies ahead."""
    rows = [
        {"id": 1, "made": "2026-01-01", "close": "2026-02-01", "stage": "Lost"},
        {"id": 1, "made": "2026-01-02", "close": "2027-01-01", "stage": "Won"},
    ]
    take = {"stage": "latest by close"}
    assert accounts_from(rows, "id", take, at="made", as_of=date(2026, 3, 1))[0]["stage"] == "Lost"
    assert accounts_from(rows, "id", take)[0]["stage"] == "Won"


@pytest.mark.parametrize(("given", "lacking"), [({"at": "closed"}, "as_of"), ({"as_of": "2026-01-01"}, "at")])
def test_a_moment_needs_a_column_and_a_column_a_moment(given: dict[str, Any], lacking: str) -> None:
    """One without the other would leave nothing out, in silence."""
    with pytest.raises(icp.DefinitionError, match=rf"accounts_from\.{lacking} must be given as well"):
        accounts_from(DEALS, "id", {"stage": "last"}, **given)


def test_all_values_of_the_wrong_kind_come_at_once() -> None:
    """Each is named with its row, its column and what to write; one read twice is named once."""
    rows = [
        {"id": 1, "amount": "12", "at": "01/02/2026"},
        {"id": 1, "amount": 5, "at": "2026-01-01"},
        {"id": 2, "amount": "n/a", "at": 7},
        {"id": 2, "amount": "nan", "at": None},
    ]
    take: dict[str, Any] = {"sum": ("amount", "sum"), "mean": ("amount", "mean"), "amount": "latest by at"}
    with pytest.raises(icp.AccountsFileError) as caught:
        accounts_from(rows, "id", take)
    assert str(caught.value).splitlines()[:6] == [
        "5 mistakes in the records:",
        "  row 1: amount = '12': text where a number belongs; write 12 as a number, not as text",
        "  row 1: at = '01/02/2026': text that is no ISO 8601 date",
        "  row 3: amount = 'n/a': text where a number belongs",
        "  row 3: at = 7: an int where a date belongs",
        "  row 4: amount = 'nan': text where a number belongs",
    ]
    assert "accounts_from(fields.apply(rows), …)" in str(caught.value)


def test_a_mistake_in_a_file_names_its_line() -> None:
    """What was read from a file is found by its line."""
    table = Table(("id", "x"), (["a", "b"], [1, "2"]), "deals.csv", (2, 3))
    with pytest.raises(icp.AccountsFileError, match=r"1 mistake in deals\.csv:\n  line 3: x = '2'"):
        accounts_from(table, "id", {"x": "sum"})


def test_dates_among_numbers_are_mistakes() -> None:
    """Numbers and dates have no least one between them."""
    rows = [{"id": 1, "x": 5}, {"id": 1, "x": "2026-01-01"}]
    with pytest.raises(icp.AccountsFileError, match="row 2: x = '2026-01-01': a date among numbers"):
        accounts_from(rows, "id", {"x": "min"})


@pytest.mark.parametrize(
    ("take", "text"),
    [
        ({}, "accounts_from.take must be a mapping to rules (got {})"),
        ("sum", "accounts_from.take must be a mapping to rules (got 'sum')"),
        ({"amout": "sum"}, "the records has no column 'amout'\n\nHint: did you mean 'amount'?"),
        ({"zzz": "sum"}, "Hint: its columns: id, stage, closed, amount, won"),
        ({"stage": "latest by close"}, "Hint: did you mean 'closed'?"),
        ({"id": "first"}, "accounts_from.take must not name the key 'id'"),
    ],
)
def test_what_cannot_be_taken_is_told(take: Any, text: str) -> None:
    """Unknown columns come with near spellings."""
    with pytest.raises(icp.DefinitionError) as caught:
        accounts_from(DEALS, "id", take)
    assert text in str(caught.value)


def test_a_column_that_comes_twice_cannot_be_named() -> None:
    """Nobody knows which of two columns of one name is meant; the others can be read."""
    table = Table(("id", "x", "x"), ([1], [2], [3]))
    with pytest.raises(icp.DefinitionError, match="the table has 2 columns 'x'\n\nHint: rename all but one"):
        accounts_from(table, "id", {"x": "sum"})


def test_an_unknown_key_column_is_told() -> None:
    """The message says which columns there are."""
    with pytest.raises(icp.NoSuchFieldError, match="did you mean 'id'"):
        accounts_from(DEALS, "ids", {"stage": "last"})


def test_keys_that_differ_in_case_and_blanks_are_one_on_request() -> None:
    """Folding keys is asked for, never done in silence; the first spelling stays."""
    rows = [{"id": key, "x": 1} for key in ("GTX Pro", "GTXPro", "gtx pro", "")]
    assert accounts_from(rows, "id", {"x": "sum"}).keys == ("GTX Pro", "GTXPro", "gtx pro")
    folded = accounts_from(rows, "id", {"x": "sum"}, fold_keys=True)
    assert (list(folded), folded.warnings) == ([{"id": "GTX Pro", "x": 3}], ("1 row without 'id', left out: row 4",))


@pytest.mark.parametrize(
    ("value", "text"), [(1001.0, "1001"), (1001, "1001"), (1.5, "1.5"), (math.nan, ""), (" a ", "a"), (None, "")]
)
def test_keys_are_stripped_text(value: Any, text: str) -> None:
    """A whole number that a reader made a float, for a gap in its column, is the same key."""
    assert key_text(value) == text


def test_accounts_can_be_folded() -> None:
    """What a field map has read is folded like any table, and keeps the lines of its file."""
    rows = Accounts(names=("id", "x"), columns=(("a", "a"), (1, "2")), key="id", source="deals.csv", lines=(2, 3))
    with pytest.raises(icp.AccountsFileError, match=r"deals\.csv:\n  line 3"):
        accounts_from(rows, "id", {"x": "sum"})


def test_labels_in_long_form_become_a_list() -> None:
    """Each label is there once, in the order of first appearance; a cell may hold several, or none that are known."""
    rows = [
        {"id": "a", "tech": "Slack", "seen": "2026-01-01"},
        {"id": "b", "tech": None, "seen": "2026-01-01"},
        {"id": "a", "tech": ["Jira", "slack"], "seen": "2026-01-02"},
        {"id": "a", "tech": "Asana", "seen": "2027-01-01"},
    ]
    accounts = labels_from(rows, "id", "tech", name="technologies", at="seen", as_of="2026-06-01")
    assert list(accounts) == [{"id": "a", "technologies": ["Slack", "Jira"]}, {"id": "b", "technologies": None}]
    assert labels_from(rows, "id", "tech")["a"]["tech"] == ["Slack", "Jira", "Asana"]


def test_labels_must_be_text() -> None:
    """A number is no label."""
    with pytest.raises(icp.AccountsFileError, match="row 1: tech = 5: an int where text belongs"):
        labels_from([{"id": "a", "tech": 5}], "id", "tech")


def test_events_in_long_form_become_what_engagement_reads() -> None:
    """Each row is an event with kind, moment and strength; scoring reads them as they are."""
    rows = [
        {"id": "acme", "what": "demo", "on": date(2026, 11, 1), "power": 2},
        {"id": "acme", "what": "demo", "on": date(2026, 11, 1), "power": None},
        {"id": "acme", "what": None, "on": date(2026, 11, 1), "power": 2},
        {"id": "globex", "what": "demo", "on": None, "power": 2},
        {"id": None, "what": "demo", "on": None, "power": 2},
    ]
    accounts = events_from(rows, "id", "what", "on", "power")
    event = {"kind": "demo", "at": date(2026, 11, 1)}
    assert list(accounts) == [
        {"id": "acme", "events": [event | {"strength": 2.0}, event]},
        {"id": "globex", "events": None},
    ]
    assert accounts.warnings == (
        "1 row without 'id', left out: row 5",
        "2 rows without 'what' or 'on', left out: row 3, row 4",
    )
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Engagement("events", ["demo"], target=6)])])
    assert icp.score(profile, accounts["acme"], as_of="2026-11-01").fit == 50.0
    assert events_from(rows[:1], "id", "what", "on", name="signals")["acme"] == {"id": "acme", "signals": [event]}


def test_mistakes_in_events_come_at_once() -> None:
    """Kinds must be text, moments dates, strengths numbers from 0."""
    rows = [
        {"id": "a", "what": 5, "on": "soon", "power": -1},
        {"id": "a", "what": "x", "on": "2026-01-01", "power": "2"},
    ]
    with pytest.raises(icp.AccountsFileError) as caught:
        events_from(rows, "id", "what", "on", "power")
    assert [(one.attribute, one.reason) for one in caught.value.offenders] == [
        ("what", "an int where text belongs"),
        ("on", "text that is no ISO 8601 date"),
        ("power", "a strength that is not between 0 and 2^53"),
        ("power", "text where a number belongs"),
    ]
