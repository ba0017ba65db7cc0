import json
import os
from pathlib import Path
from typing import Any

import pytest

import icpkit as icp
from icpkit.criteria import Criterion
from icpkit.errors import SHOWN, AccountsFileError, NoSuchFieldError
from icpkit.importing import Accounts, BadCell, Field, FieldMap, accounts_in_pieces, read_accounts
from icpkit.importing.exports import absent_warnings

FULL = (
    icp.Range("employees", 50, 500),
    icp.Overlap("technologies", ["Slack", "Jira"]),
    icp.Recency("last_demo", half_life=30),
)


def profile(*criteria: Criterion, **options: Any) -> icp.Profile:
    """Give a profile of one dimension, D."""
    return icp.Profile("P", [icp.Dimension("D", criteria or FULL)], **options)


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Give a function that writes a file of accounts and reads it."""

    def read(content: str | bytes, *criteria: Criterion, name: str = "a.csv", **options: Any) -> Accounts:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_accounts(path, profile(*criteria), **options)

    return read


def told(read: Any, content: str | bytes, *criteria: Criterion, **options: Any) -> list[str]:
    """Give the lines of the error that reading raises, but for the first and for the hint."""
    with pytest.raises(AccountsFileError) as caught:
        read(content, *criteria, **options)
    return [line.strip() for line in str(caught.value).partition("\n\n")[0].splitlines()[1:]]


# What is read


def test_rows_are_typed_by_the_profile(read: Any) -> None:
    """Columns that the profile reads are typed, others stay text, blank is unknown, and each row knows its line."""
    accounts = read(
        'id,employees,technologies,last_demo,zip\nacme,320,Slack; Jira,2026-11-02,01067\n\n"two\nlines",,, ,\n',
    )
    assert list(zip(accounts.lines, accounts.keys, accounts, strict=True)) == [
        (
            2,
            "acme",
            {
                "id": "acme",
                "employees": 320,
                "technologies": ["Slack", "Jira"],
                "last_demo": "2026-11-02",
                "zip": "01067",
            },
        ),
        (
            4,
            "two\nlines",
            {"id": "two\nlines", "employees": None, "technologies": None, "last_demo": None, "zip": ""},
        ),
    ]
    assert (accounts.key, accounts.bad, accounts.warnings) == ("id", (), ())


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("\ufeffid,employees\r\nacme,320\r\n", "a.csv"),
        ("id , employees\nacme, 320", "a.CSV"),
        ("id\temployees\nacme\t320\n", "a.tsv"),
        ("\n\nid,employees\n,\n , \nacme,320\n,,\n"[:-4], "a.csv"),
        ('"id","employees"\r"acme","320"\r', "a.csv"),
        ('\ufeff{"id": "acme", "employees": 320}\r\n\n', "a.jsonl"),
        ('{"id": "acme", "employees": 320}', "a.ndjson"),
    ],
)
def test_files_come_in_many_forms(read: Any, content: str, name: str) -> None:
    """Marks, line ends, blank rows, quotes and blanks around names make no difference."""
    accounts = read(content, icp.Range("employees", 50, 500), name=name)
    assert list(accounts) == [{"id": "acme", "employees": 320}]


def test_the_column_of_exactly_that_name_wins(read: Any) -> None:
    """A dot in a column's name is part of the name; in JSON Lines it is a path where no field has that name."""
    wanted = icp.Range("hq.size", 1, 9)
    assert read("id,hq.size\na,5\n", wanted)[0]["hq.size"] == 5
    accounts = read('{"id": "a", "hq": {"size": 5}}', wanted, name="a.jsonl")
    assert (accounts[0], accounts.warnings) == ({"id": "a", "hq": {"size": 5}}, ())


def test_json_lines_are_typed_already(read: Any) -> None:
    """Values of JSON Lines stay as they are; what is of the wrong kind is for the scorer to tell."""
    line = {"id": 7, "employees": "320", "technologies": "Slack; Jira", "last_demo": None, "more": {"deep": [1]}}
    accounts = read(f"{json.dumps(line)}\n", name="a.jsonl")
    assert (accounts[0], accounts.keys[0], accounts.bad) == (line, "7", ())


def test_text_in_json_may_hold_other_line_ends(read: Any) -> None:
    """Only a line feed ends a line of JSON: others may stand within a text."""
    accounts = read('{"id": "a\u2028b\x85c"}\n{"id": "d"}', name="a.jsonl")
    assert list(zip(accounts.lines, accounts.keys, strict=True)) == [(1, "a\u2028b\x85c"), (2, "d")]


def test_every_row_that_is_read_can_be_scored(read: Any) -> None:
    """What is read goes into the scorer as it is, the key among it."""
    accounts = read('{"id": "a", "employees": 320}\n{"employees": 80}', name="a.jsonl")
    scorer = icp.Scorer(profile(min_coverage=0))
    scores = [scorer.score(account, key=accounts.key, as_of="2026-11-21") for account in accounts]
    assert [(one.key, one.fit) for one in scores] == [("a", 50.0), (None, 50.0)]


# Cells that cannot be read

BAD = 'id,employees,technologies,last_demo\na,"1,058",Slack,02.11.2026\nb,320,[Slack],\nc,n/a,,\n'
BAD_LINES = [
    "line 2: employees = '1,058': not a plain number such as 1058 or 0.25; write 1058",
    "line 2: last_demo = '02.11.2026': no ISO 8601 date, which is year-month-day, such as 2026-11-21",
    (
        "line 3: technologies = '[Slack]': no JSON list (Expecting value at character 2): "
        'write ["Slack", "Jira"], or Slack;Jira'
    ),
    "line 4: employees = 'n/a': not a plain number such as 1058 or 0.25",
]


def test_bad_cells_come_all_at_once(read: Any) -> None:
    """One error names line, column, value, reason and way out of every bad cell."""
    assert told(read, BAD) == BAD_LINES


def test_bad_cells_keep_their_values_to_themselves(read: Any) -> None:
    """Redacted, a message holds neither a value nor a way out that repeats it."""
    lines = told(read, BAD, redact=True)
    assert lines[0] == "line 2: employees: not a plain number such as 1058 or 0.25"
    assert not any(secret in "".join(lines) for secret in ("'1,058'", "write 1058", "02.11", "n/a", "[Slack]"))


def test_bad_cells_can_be_left_to_the_scorer(read: Any) -> None:
    """As unknown, bad cells are listed, and the scorer finds the same ones invalid."""
    accounts = read(BAD, on_invalid="unknown")
    scorer = icp.Scorer(profile())
    invalid = [
        (line, offender.attribute)
        for line, account in zip(accounts.lines, accounts, strict=True)
        for offender in scorer.score(account, as_of="2026-11-21", on_invalid="unknown").invalid
    ]
    assert [cell.describe() for cell in accounts.bad] == BAD_LINES
    assert sorted(invalid) == sorted((cell.line, cell.attribute) for cell in accounts.bad)
    assert [cell.key for cell in accounts.bad] == ["a", "a", "b", "c"]


def test_many_bad_cells_are_counted(read: Any) -> None:
    """The message lists the first bad cells and counts the rest; the error holds them all."""
    content = "id,employees\n" + "".join(f"{i},x\n" for i in range(50))
    with pytest.raises(AccountsFileError, match=f"50 mistakes in .*a.csv:\n(  line .*\n){{{SHOWN}}}  … and 30 more\n"):
        read(content, icp.Range("employees", 1, 9))


def test_the_error_says_how_to_go_on(read: Any) -> None:
    """The hint tells what to do about cells, and the error carries them."""
    with pytest.raises(AccountsFileError, match=r'Hint: mend the cells.* or pass on_invalid="unknown"') as caught:
        read(BAD)
    assert caught.value.path.endswith("a.csv")
    assert (len(caught.value.offenders), caught.value.redact) == (4, False)
    assert caught.value.offenders[0] == BadCell(
        "a", "employees", "1,058", "not a plain number such as 1058 or 0.25", 2, "write 1058", row=1
    )


# Lines that cannot be read

SHORT = "2 columns are named, but the number of cells is 1"
WIDE = "2 columns are named, but the number of cells is 3; quote a cell that holds the separator"
LINE_HINT = "mend the lines; each must hold one account, as the first does"


def test_lines_of_the_wrong_width_are_told_or_left_out(read: Any) -> None:
    """Lines with too few or too many cells are one error; as unknown, they are left out and listed."""
    content = "id,x\na\nb,1\nc,1,2\nd,2,\n"
    with pytest.raises(AccountsFileError, match=f"Hint: {LINE_HINT}") as caught:
        read(content, icp.Range("x", 1, 9))
    assert [cell.describe() for cell in caught.value.offenders] == [f"line 2: {SHORT}", f"line 4: {WIDE}"]
    accounts = read(content, icp.Range("x", 1, 9), on_invalid="unknown")
    assert (list(accounts.keys), accounts.lines, accounts.bad) == (["b", "d"], (3, 5), caught.value.offenders)


def test_bad_lines_and_bad_cells_come_in_the_order_of_the_file(read: Any) -> None:
    """What is listed follows the lines, whatever is wrong with them."""
    content = "id,x\na,one\nb\nc,two\n"
    accounts = read(content, icp.Range("x", 1, 9), on_invalid="unknown")
    assert [(cell.line, cell.attribute, cell.key) for cell in accounts.bad] == [
        (2, "x", "a"),
        (3, "", None),
        (4, "x", "c"),
    ]


@pytest.mark.parametrize("content", ["", "\n\n", 'id,x\na,"b"c\n', 'id,x\nb,"never closed\n', "id,x\na,1\nb\0,2\n"])
def test_a_table_that_is_none(read: Any, content: str) -> None:
    """Where nobody knows what is a row, it is an error whatever is done about invalid values."""
    with pytest.raises(AccountsFileError, match="1 mistake in"):
        read(content, on_invalid="unknown")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1]", "a JSON list, but no object"),
        ('"acme"', "a JSON value, but no object"),
        ('{"id": "a", "x": NaN}', "no JSON: NaN is no number of JSON; write null where it is unknown"),
        ('{"id": "a", "x": 1e400}', "no JSON: a number beyond what a float can hold"),
        ('{"id": "a", "id": "b"}', "no JSON: the field 'id' comes twice"),
        ('{"id": ' + "9" * 5000 + "}", "no JSON: an integer of 5,000 digits"),
        ('{"id": ' + "[" * 100_000, "no JSON: nested more than 64 deep"),
        ('{"id": "a"', "no JSON: Expecting ',' delimiter at character 11"),
        ('{"id": "\\ud800"}', "no JSON: half a character, such as \\ud83d without its other half"),
    ],
)
def test_lines_that_are_no_account(read: Any, line: str, reason: str) -> None:
    """Each bad line of JSON is told with its number; as unknown, the others are read."""
    content = f'{{"id": "a"}}\n{line}\n\n{line}'
    assert told(read, content, name="a.jsonl") == [f"line 2: {reason}", f"line 4: {reason}"]
    accounts = read(content, name="a.jsonl", on_invalid="unknown")
    assert (list(accounts), [cell.line for cell in accounts.bad]) == ([{"id": "a"}], [2, 4])


# What files are like


@pytest.mark.parametrize(
    ("content", "warning"),
    [
        ("id;x\na;5\n", "the columns are separated by ';'"),
        ("id,x\na,5\n".encode("utf-16"), "the file was read as UTF-16"),
        (
            "id,x,y\na,5,é\n".encode("cp1252"),
            "the file is not UTF-8 (line 2); it was read as cp1252, the Western encoding of Windows",
        ),
    ],
)
def test_what_is_found_out_about_a_file_is_said(read: Any, content: str | bytes, warning: str) -> None:
    """Another separator and another encoding are read, and told in a warning."""
    accounts = read(content, icp.Range("x", 1, 9))
    assert (accounts[0]["x"], accounts.warnings) == (5, (warning,))


def test_names_that_come_twice(read: Any) -> None:
    """A name that several columns have is an error only where it is read, by the profile or as the key."""
    accounts = read("id,n,n,x\na,1,2,5\n", icp.Range("x", 1, 9))
    assert (accounts[0], accounts.warnings) == ({"id": "a", "n": "1", "x": 5}, ())
    assert told(read, "id,x,n,id,x\n", icp.Range("x", 1, 9)) == [
        "line 1: columns 1, 4 have the same name, 'id'; a field map can say which is meant (nth)",
        "line 1: columns 2, 5 have the same name, 'x'; a field map can say which is meant (nth)",
    ]
    assert told(read, "a,b,b\n", key="b")[0].startswith("line 1: columns 2, 3 have the same name, 'b'")


def test_columns_without_a_name(read: Any) -> None:
    """A column without a name is left out: in silence where it is blank, else with a warning."""
    accounts = read("id,,x,\na,,5,7\n", icp.Range("x", 1, 9))
    assert (accounts[0], accounts.warnings) == ({"id": "a", "x": 5}, ("column 4 has no name and is left out",))
    accounts = read('{"": 7, "id": "a", "x": 5}', icp.Range("x", 1, 9), name="a.jsonl")
    assert (accounts[0], accounts.warnings) == ({"id": "a", "x": 5}, ("column 1 has no name and is left out",))


# By a field map


def test_a_file_by_a_field_map(read: Any, tmp_path: Path) -> None:
    """With a field map, what it declares counts: columns, encoding, separator, how cells are read, and the key."""
    path = tmp_path / "a.csv"
    path.write_bytes("No;Größe;Größe\n7;1.058;2\n8;3;4\n".encode("cp1252"))
    fields = icp.FieldMap(
        [icp.Field("id", "No"), icp.Field("n", "Größe", parse="number", decimal=","), icp.Field("m", "Größe", nth=2)],
        encoding="cp1252",
        delimiter=";",
    )
    accounts = read_accounts(path, fields)
    assert (list(accounts), accounts.warnings) == (
        [{"id": "7", "n": 1058, "m": "2"}, {"id": "8", "n": 3, "m": "4"}],
        (),
    )
    assert (accounts.lines, accounts.source, accounts.keys) == ((2, 3), str(path), ("7", "8"))
    assert read_accounts(path, fields, key="m").keys == ("2", "4")
    with pytest.raises(icp.DefinitionError, match=r"FieldMap\.key must name an attribute of the map"):
        read_accounts(path, fields, key="x")


def test_a_column_that_comes_twice_is_told(tmp_path: Path) -> None:
    """Where a map does not say which of several columns is meant, the first is read, and a warning says so."""
    path = tmp_path / "a.csv"
    path.write_text("id,S,S\na,1,2\n")
    accounts = read_accounts(path, icp.FieldMap([icp.Field("id"), icp.Field("s", "S")]))
    assert (accounts[0]["s"], accounts.warnings) == (
        "1",
        ("2 columns are called 'S', and the first is read as 's': declare nth = 1 … for each that you want",),
    )


def test_lines_that_a_field_map_cannot_read(tmp_path: Path) -> None:
    """Bad lines and bad cells are one error; as unknown, both are listed in the order of the file."""
    path = tmp_path / "a.csv"
    path.write_text("id,n\na,many\nb\nc,5\n")
    fields = icp.FieldMap([icp.Field("id"), icp.Field("n", parse="number")])
    with pytest.raises(AccountsFileError, match="2 mistakes"):
        read_accounts(path, fields)
    accounts = read_accounts(path, fields, on_invalid="unknown")
    assert list(accounts) == [{"id": "a", "n": None}, {"id": "c", "n": 5}]
    assert [(cell.line, cell.key) for cell in accounts.bad] == [(2, "a"), (3, None)]
    assert read_accounts(path, icp.FieldMap([icp.Field("id")]), missing="unknown", on_invalid="unknown").left_out == (
        "n",
    )


def test_attributes_that_the_field_map_does_not_have(tmp_path: Path) -> None:
    """What a profile reads and a field map does not give is told with the near name and what it counts for."""
    path = tmp_path / "a.csv"
    path.write_text("id,employe\na,5\n")
    accounts = read_accounts(path, icp.FieldMap([icp.Field("id"), icp.Field("employe")]))
    assert list(absent_warnings(accounts, profile(FULL[0]))) == [
        (
            "the field map has no attribute 'employees', which the profile reads: it is unknown for every account "
            "(did you mean 'employe'?)"
        )
    ]


def test_derived_attributes(read: Any) -> None:
    """Attributes can be made of others, by a field map or a profile; redacted, a failure holds no value."""
    accounts = read("id,x\na,5\n", icp.Range("x", 1, 9), derive={"y": lambda one: one["x"] + 1})
    assert accounts[0] == {"id": "a", "x": 5, "y": 6}
    with pytest.raises(ValueError, match="line 2: the derived attribute 'y' fails with ValueError; its"):
        read("id,x\nacme,5\n", icp.Range("x", 1, 9), derive={"y": lambda one: int(one["id"])}, redact=True)


# The key


def test_the_key_is_the_first_column_or_the_one_that_is_named(read: Any) -> None:
    """Without a word the first column, or the first field that any line has, holds the keys."""
    assert read("id,name\n1,Acme\n", key="name").keys[0] == "Acme"
    accounts = read('{}\n{"name": "Acme"}\n{"id": 1}', name="a.jsonl")
    assert (accounts.key, list(accounts.keys)) == ("name", ["", "Acme", ""])
    accounts = read('{"hq": {"id": 5}}\n{}', name="a.jsonl", key="hq.id")
    assert list(accounts.keys) == ["5", ""]


@pytest.mark.parametrize(("content", "name"), [("id,name\n1,Acme\n", "a.csv"), ('{"id": 1, "name": "A"}', "a.jsonl")])
def test_a_key_that_is_not_there(read: Any, content: str, name: str) -> None:
    """A key column that the file does not have is an error with the near name."""
    with pytest.raises(NoSuchFieldError, match="did you mean 'name'") as caught:
        read(content, name=name, key="nam")
    assert caught.value.known == ("id", "name")


def test_a_file_without_accounts(read: Any) -> None:
    """A table may have no rows, and a file of JSON Lines nothing at all."""
    assert [list(read("id\n")), list(read("", name="a.jsonl")), read("", name="a.jsonl").key] == [[], [], None]
    assert list(read("{}", name="a.jsonl")) == [{}]


def test_keys_that_are_not_unique_are_told(read: Any) -> None:
    """Blank keys and keys that come more than once are warnings that name the lines."""
    content = "id,employees\n" + "".join(f"{key},\n" for key in "aabbccddaax") + ",1\n ,2\n"
    size = icp.Range("employees", 1, 9)
    assert read(content, size).warnings == (
        "accounts without a key: 2 (lines 13, 14)",
        (
            "keys that stand for more than one account: 'a' (lines 2, 3, 10 and 1 more), 'b' (lines 4, 5), "
            "'c' (lines 6, 7) and 1 more"
        ),
    )
    assert not any("'a'" in warning for warning in read(content, size, redact=True).warnings)
    assert read("id,employees\na,1\n,2\n", size).warnings == ("accounts without a key: 1 (line 3)",)


# Warnings


def test_columns_that_are_not_there_are_told(read: Any) -> None:
    """What the profile reads and no account has is told with its near name, and with what it counts for."""
    accounts = read("id,Employee\na,5\n")
    assert accounts.warnings == (
        (
            "the file has no column 'employees', which the profile reads: it is unknown for every account "
            "(did you mean 'Employee'?)"
        ),
        "the file has no column 'technologies', which the profile reads: it is unknown for every account",
        "the file has no column 'last_demo', which the profile reads: it is taken as never for every account",
    )
    lines = read('{"id": "a", "employees": 5, "technologies": []}\n{}', name="a.jsonl").warnings
    assert lines[0].startswith("the file has no field 'last_demo', ")


@pytest.mark.parametrize(
    ("cells", "split", "holds", "advice"),
    [
        (["Slack, Jira", "Slack", "Jira"], ";", "';', and 1 of 3 hold ','", '--split ","'),
        (["Slack|Jira"], ";", "';', and 1 of 1 hold '|'", '--split "|"'),
        (["Slack; Jira"], ",", "',', and 1 of 1 hold ';'", '--split ";"'),
    ],
)
def test_labels_with_another_separator_are_told(
    read: Any, cells: list[str], split: str, holds: str, advice: str
) -> None:
    """A warning suggests the separator that many cells hold, where none holds the one that was given."""
    quoted = "".join(f'a,"{cell}"\n' for cell in cells)
    assert read(f"id,technologies\n{quoted}", FULL[1], split=split).warnings[0] == (
        f"no cell of the column 'technologies' holds {holds}, each now one label: to split them, pass {advice}"
    )


@pytest.mark.parametrize(
    "cells",
    [["Slack; Jira", "Slack, Jira"], ["Acme, Inc.", *["Slack"] * 4], ["Slack", ""], ['[""Slack"", ""Jira""]']],
)
def test_labels_with_the_right_separator_are_not(read: Any, cells: list[str]) -> None:
    """A comma that is rare, beside the separator or in a JSON list is part of a label."""
    quoted = "".join(f'a,"{cell}"\n' for cell in cells)
    assert not any("--split" in warning for warning in read(f"id,technologies\n{quoted}", FULL[1]).warnings)


def test_a_column_that_is_read_in_two_ways_is_told(read: Any) -> None:
    """What no value can be at once is a mistake of the profile, and told as one."""
    accounts = read(
        "id,x\na,5\n", icp.Range("x", 1, 9), icp.OneOf("x", ["5"], name="y"), icp.Age("x", name="z", at_least=1)
    )
    assert accounts.warnings == ("the profile reads 'x' as number and as text and as years, which no value is at once",)
    assert read("id,x\na,5\n", icp.Range("x", 1, 9), icp.Age("x", name="z", at_least=1)).warnings == ()


# Wrong use


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"name": "a.xlsx"}, "must end in .csv, .tsv, .jsonl, .ndjson"),
        ({"split": ""}, "split must not be empty"),
        ({"on_invalid": "ignore"}, 'on_invalid must be "raise" or "unknown"'),
    ],
)
def test_wrong_use_is_refused(read: Any, options: dict[str, Any], problem: str) -> None:
    """What no file can answer is an error before anything is read."""
    with pytest.raises(ValueError, match=problem):
        read("", **options)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A path without a file is the error that Python knows, and a path may be any that names one."""
    with pytest.raises(FileNotFoundError):
        read_accounts(os.fspath(tmp_path / "a.csv"), profile())


def test_how_a_file_is_read_must_be_said(tmp_path: Path) -> None:
    """Something that is neither a field map nor a profile is a TypeError that names both."""
    with pytest.raises(TypeError, match=r"needs a FieldMap or a Profile second .got str"):
        read_accounts(tmp_path / "a.csv", "fields.toml")  # type: ignore[arg-type]  # that is the point


# Pieces

MANY = "id,employees,technologies\n" + "".join(
    f"a{row},{'x' if row % 5 == 3 else row},Slack; Jira{',y' if row % 7 == 6 else ''}\n" for row in range(40)
)
HOW: dict[str, Any] = {
    "a profile": profile(icp.Range("employees", 50, 500), icp.Overlap("technologies", ["Slack"])),
    "a field map": FieldMap([Field("id"), Field("employees", parse="number"), Field("technologies", parse="labels")]),
}


@pytest.mark.parametrize("how", HOW.values(), ids=HOW)
@pytest.mark.parametrize("count", [1, 6, 40, 100])
def test_pieces_are_read_as_the_whole(tmp_path: Path, how: Any, count: int) -> None:
    """The accounts, their lines and numbers, and the cells and lines that cannot be read are those of the whole."""
    path = tmp_path / "a.csv"
    path.write_text(MANY, encoding="utf-8")
    whole = read_accounts(path, how, on_invalid="unknown")
    pieces = list(accounts_in_pieces(path, how, rows=count, on_invalid="unknown"))
    assert [account for piece in pieces for account in piece] == list(whole)
    assert [line for piece in pieces for line in piece.lines] == list(whole.lines)
    numbers = [piece.number(row) for piece in pieces for row in range(len(piece))]
    assert numbers == [whole.number(row) for row in range(len(whole))]
    assert tuple(cell for piece in pieces for cell in piece.bad) == whole.bad
    assert {(piece.names, piece.key, piece.source, piece.fields) for piece in pieces} == {
        (whole.names, whole.key, whole.source, whole.fields)
    }


@pytest.mark.parametrize("how", HOW.values(), ids=HOW)
def test_a_piece_tells_what_is_wrong_in_it(tmp_path: Path, how: Any) -> None:
    """The error comes with the first piece that has a mistake, and names the lines of the file."""
    path = tmp_path / "a.csv"
    path.write_text(MANY, encoding="utf-8")
    read = accounts_in_pieces(path, how, rows=3)
    assert next(read).keys == ("a0", "a1", "a2")
    with pytest.raises(AccountsFileError, match="line 5: employees = 'x'"):
        next(read)
    read = accounts_in_pieces(path, how, rows=1, key="employees", redact=True)
    assert [next(read).key for _ in range(3)] == ["employees"] * 3
    with pytest.raises(AccountsFileError) as caught:
        next(read)
    assert "'x'" not in str(caught.value)


def test_a_field_that_comes_late_is_a_field_of_all(tmp_path: Path) -> None:
    """In JSON Lines a field that no account of a piece has is unknown there, not missing."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a"}\n{"id": "b", "employees": 320}\n', encoding="utf-8")
    pieces = list(accounts_in_pieces(path, HOW["a profile"], rows=1))
    assert [list(piece) for piece in pieces] == [[{"id": "a", "employees": None}], [{"id": "b", "employees": 320}]]


def test_settings_of_pieces_are_checked() -> None:
    """Wrong settings are refused before a file is opened."""
    with pytest.raises(ValueError, match='on_invalid must be "raise" or "unknown"'):
        next(accounts_in_pieces("nowhere.csv", HOW["a profile"], rows=1, on_invalid="skip"))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="needs a FieldMap or a Profile second"):
        next(accounts_in_pieces("nowhere.csv", "profile", rows=1))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="must end in"):
        next(accounts_in_pieces("nowhere.xlsx", HOW["a profile"], rows=1))
