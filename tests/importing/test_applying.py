import contextlib
import time
from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit.errors import AccountsFileError, MissingColumnsError
from icpkit.table import Table

FIELDS = icp.FieldMap(
    [icp.Field("id"), icp.Field("n", "No.", parse="number"), icp.Field("b2b", parse="flag", optional=True)]
)
TABLE = {"id": ["a", "b"], "No.": ["1,058", "5"], "b2b": ["yes", ""], "more": [1, 2]}


def test_accounts_of_a_table() -> None:
    """Each field becomes an attribute; what the map does not name is left out, and named."""
    accounts = FIELDS.apply(TABLE)
    assert list(accounts) == [{"id": "a", "n": 1058, "b2b": True}, {"id": "b", "n": 5, "b2b": None}]
    assert (accounts.key, accounts.left_out, accounts.warnings, accounts.bad) == ("id", ("more",), (), ())
    assert (accounts.fields, accounts.source) == (FIELDS, "the columns")
    assert [(one.attribute, one.column, one.parse, one.filled) for one in accounts.readings] == [
        ("id", "id", "text", 2),
        ("n", "No.", "number", 2),
        ("b2b", "b2b", "flag", 1),
    ]


@pytest.mark.parametrize("table", [[], {}, Table((), ()), {"id": [], "No.": []}])
def test_a_table_without_rows(table: Any) -> None:
    """No records at all lack no column, and are no accounts."""
    accounts = FIELDS.apply(table)
    assert (len(accounts), accounts.names, accounts.warnings) == (0, ("id", "n", "b2b"), ())


# Columns that are not there


def test_columns_that_are_not_there() -> None:
    """All columns that lack come at once, with the names of the table; an optional one may lack."""
    with pytest.raises(MissingColumnsError) as caught:
        FIELDS.apply({"ID": ["a"], "": [1], "No": ["5"]})
    assert caught.value.absent == {"id": ("id",), "n": ("No.",)}
    assert (caught.value.known, caught.value.source) == (("ID", "No"), "the columns")
    assert "'No.' for 'n' (did you mean 'No'?)" in str(caught.value)


def test_columns_that_may_be_unknown() -> None:
    """Columns that are not there can be taken as unknown, which is never silent."""
    accounts = FIELDS.apply({"id": ["a"]}, missing="unknown")
    assert accounts[0] == {"id": "a", "n": None, "b2b": None}
    assert accounts.warnings == ("there is no column 'No.', so that 'n' is unknown for every account",)
    assert [one.column for one in accounts.readings] == ["id", "", ""]


def test_a_column_that_comes_less_often_than_asked() -> None:
    """Where the second of a name is asked for and there is one, the message says so."""
    fields = icp.FieldMap([icp.Field("id"), icp.Field("x", ["S", "T"], nth=2)])
    with pytest.raises(MissingColumnsError, match=r"'S \(nth = 2\)' or 'T \(nth = 2\)' for 'x'"):
        fields.apply({"id": ["a"], "S": ["1"]})
    accounts = fields.apply({"id": ["a"], "S": ["1"]}, missing="unknown")
    assert accounts.warnings[0].startswith("there is no column 'S (nth = 2)' or 'T (nth = 2)', so that 'x'")


def test_what_is_left_out() -> None:
    """A column is left out where no field names it: not by a path into it, nor under the name that a reader gave it."""
    fields = icp.FieldMap([icp.Field("id"), icp.Field("c", "hq.country", optional=True), icp.Field("s", "S", nth=2)])
    accounts = fields.apply({"id ": ["a"], "hq": [{"x": 1}], "S": ["1"], "S.1": ["2"], "T": ["3"], "": ["4"]})
    assert (accounts[0], accounts.left_out) == ({"id": "a", "c": None, "s": "2"}, ("T",))


# Cells that cannot be read

BAD = {"id": ["a", None], "No.": ["many", "few"], "b2b": ["perhaps", "no"]}


def test_cells_that_cannot_be_read_come_all_at_once() -> None:
    """One error lists every bad cell by row, with attribute and column, and says how to go on."""
    with pytest.raises(AccountsFileError) as caught:
        FIELDS.apply(BAD)
    reason = "not a number such as 1058, 1,058.5 or 18.3m"
    assert str(caught.value).splitlines() == [
        "3 mistakes in the columns:",
        f"  row 1: n (column 'No.') = 'many': {reason}",
        '  row 1: b2b = \'perhaps\': neither true nor false; declare true = ["perhaps"] or false = ["perhaps"]',
        f"  row 2: n (column 'No.') = 'few': {reason}",
        "",
        (
            "Hint: declare how they are read in the field map, mend the cells, or pass "
            'on_invalid="unknown" to take them as unknown; a check counts them by column'
        ),
    ]
    bad = FIELDS.apply(BAD, on_invalid="unknown").bad
    assert caught.value.offenders == bad
    assert [(cell.key, cell.row, cell.line) for cell in bad] == [("a", 1, 0), ("a", 1, 0), (None, 2, 0)]


def test_cells_that_cannot_be_read_can_be_unknown() -> None:
    """As unknown they are listed, and counted by column."""
    accounts = FIELDS.apply(BAD, on_invalid="unknown")
    assert list(accounts) == [{"id": "a", "n": None, "b2b": None}, {"id": None, "n": None, "b2b": False}]
    assert [(cell.attribute, cell.value) for cell in accounts.bad] == [("n", "many"), ("b2b", "perhaps"), ("n", "few")]
    assert [(one.bad, one.filled) for one in accounts.readings] == [(0, 1), (2, 2), (1, 2)]


SECRETS = ["01/02/2026", "02/03/2027", "13/13/2026", "Secret 77", "77"]


@pytest.mark.parametrize("parse", ["number", "size", "money", "date", "year", "flag", "ago", "events", "domain"])
def test_a_redacted_message_keeps_values_to_itself(parse: Any) -> None:
    """Redacted, neither the message nor a warning holds a part of a value that could tell it."""
    fields = icp.FieldMap([icp.Field("id"), icp.Field("x", parse=parse)], currency="USD", exported="2026-11-21")
    cells = {"id": [f"acct{place}" for place in (1, 1, 2, 3, 3)], "x": SECRETS}
    accounts = fields.apply(cells, on_invalid="unknown", redact=True)
    told = [*accounts.warnings, *(cell.describe(redact=True) for cell in accounts.bad)]
    try:
        fields.apply(cells, redact=True)
    except AccountsFileError as error:
        told.append(str(error))
    assert not any(secret in line for line in told for secret in ("acct", "Secret", "77", "02-03", "03-02", "2027"))


# Keys


def test_keys_that_are_not_unique_are_told() -> None:
    """Accounts without a key and keys that come twice are warnings, without the keys where redacted."""
    table = {"id": ["a", "a ", None, "b", "b", "c", "c", "d", "d", "a", "a"], "No.": ["1"] * 11}
    twice = "'a' (rows 1, 2, 10 and 1 more), 'b' (rows 4, 5), 'c' (rows 6, 7) and 1 more"
    assert FIELDS.apply(table).warnings == (
        "accounts without a key: 1 (row 3)",
        f"keys that stand for more than one account: {twice}",
    )
    redacted = FIELDS.apply(table, redact=True).warnings[1]
    assert redacted.endswith("account: rows 1, 2, 10 and 1 more, rows 4, 5, rows 6, 7 and 1 more")


def test_the_key_is_any_attribute() -> None:
    """The map says which attribute holds the keys, and it may be a number."""
    accounts = attrs.evolve(FIELDS, key="n").apply(TABLE)
    assert (accounts.key, accounts.keys, accounts["1058"]["id"]) == ("n", ("1058", "5"), "a")


# Derived attributes


def test_attributes_that_are_made_of_others() -> None:
    """A function of one account makes an attribute, and a later one sees it."""
    accounts = FIELDS.apply(TABLE, derive={"double": lambda one: one["n"] * 2, "more": lambda one: one["double"] + 1})
    assert (accounts.names[-2:], accounts[1]["more"]) == (("double", "more"), 11)


@pytest.mark.parametrize(
    ("redact", "told"),
    [(False, "ValueError: could not convert string to float: 'b'; "), (True, "ValueError; ")],
)
def test_a_function_that_fails(redact: bool, told: str) -> None:
    """The account is named by its place; redacted, what the function says of it is not."""
    with pytest.raises(ValueError, match="row 2") as caught:
        FIELDS.apply({**TABLE, "id": ["1", "b"]}, derive={"x": lambda one: float(one["id"])}, redact=redact)
    assert f"the columns, row 2: the derived attribute 'x' fails with {told}" in str(caught.value)
    assert str(caught.value).endswith("; its function must take unknown attributes, which are None")
    assert (caught.value.__cause__ is None) == redact


def test_a_derived_attribute_is_a_new_one() -> None:
    """What is read already is not overwritten."""
    with pytest.raises(ValueError, match=r"a derived attribute must not be one that the accounts have .got 'n'."):
        FIELDS.apply(TABLE, derive={"n": len})


# Wrong use


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"on_invalid": "ignore"}, 'on_invalid must be "raise" or "unknown"'),
        ({"missing": None}, 'missing must be "raise" or "unknown"'),
    ],
)
def test_wrong_use_is_refused(options: dict[str, Any], told: str) -> None:
    """A word that means nothing here is refused before anything is read."""
    with pytest.raises(ValueError, match=told):
        FIELDS.apply([], **options)


@pytest.mark.parametrize("data", [5, "id", [5], {"id": "a"}])
def test_what_is_no_table(data: Any) -> None:
    """What is no table is a plain TypeError."""
    with pytest.raises(TypeError):
        FIELDS.apply(data)


# Costs


def seconds(columns: int, fields: int) -> float:
    """Measure the reading of one row."""
    made = icp.FieldMap([icp.Field(f"c{number}") for number in range(fields)])
    table = Table(tuple(f"c{number}" for number in range(columns)), tuple(["x"] for _ in range(columns)), "a.csv", (2,))
    start = time.process_time()
    made.apply(table)
    return time.process_time() - start


@pytest.mark.slow
def test_many_columns_cost_no_more_than_their_number() -> None:
    """A table of ten thousand columns, read by as many fields, takes seconds, not minutes."""
    assert seconds(10_000, 10_000) < 20


def test_only_errors_of_ours_for_odd_names() -> None:
    """Names that are blank, equal after folding, or full of dots are found or lack; nothing else happens."""
    for names in (["", " "], ["a.", ".a"], ["..", "a..b"], ["\ufeff", '""'], ["a", "a", "a.1"]):
        for column in ("", *names, "a.b.c", '"a"'):
            if not column.strip():
                continue
            table = Table(tuple(names), tuple(["x"] for _ in names))
            with contextlib.suppress(MissingColumnsError):
                assert icp.FieldMap([icp.Field("id", column)]).apply(table).column("id") == ("x",)


def test_a_preset_for_another_table_is_refused() -> None:
    """A map of which no column is there is that of another table, though each may be absent."""
    with pytest.raises(MissingColumnsError, match="is it the map of another table"):
        icp.field_preset("salesforce").apply([{"Symbol": "A", "Price": "1"}])
    accounts = icp.field_preset("salesforce").apply([{"Symbol": "A"}], missing="unknown")
    assert (len(accounts), accounts.column("employees")) == (1, (None,))
