import json
import os
from pathlib import Path
from typing import Any

import pytest

import icpkit as icp
from icpkit.criteria import Criterion
from icpkit.errors import SHOWN, AccountsFileError, NoSuchFieldError
from icpkit.importing import Accounts, BadCell, read_accounts

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
        "a", "employees", "1,058", "not a plain number such as 1058 or 0.25", 2, "write 1058"
    )


# Lines that cannot be read


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("", ["line 1: the file is empty; its first line must name the columns"]),
        ("\n\n", ["line 1: the file is empty; its first line must name the columns"]),
        ("id,,x,\na,1,2,3\n", ["line 1: column 2 has no name", "line 1: column 4 has no name"]),
        (
            "id,x,x,id,x\n",
            ["line 1: columns 1, 4 have the same name, 'id'", "line 1: columns 2, 3, 5 have the same name, 'x'"],
        ),
        (
            "id,x\na\nb,1\nc,1,2\n",
            [
                "line 2: 2 columns are named, but the number of cells is 1",
                "line 4: 2 columns are named, but the number of cells is 3; quote a cell that holds the separator",
            ],
        ),
        (
            'id,x\na\nb,"never closed\nc,1\n',
            [
                "line 2: 2 columns are named, but the number of cells is 1",
                "line 3: a quotation mark is opened and never closed",
            ],
        ),
        (
            'id,x\na,"b"c\n',
            ['line 2: text follows a closing quotation mark; within quotes, write a quotation mark twice ("")'],
        ),
        (
            "id,x\na,1\nb," + "y" * 140_000,
            ["line 3: a cell beyond 131,072 characters, or a quotation mark that is never closed"],
        ),
        ('"never closed', ["line 1: a quotation mark is opened and never closed"]),
        ("id,x\na,1\nb\0,2\n", ["line 3: a NUL character: the file is damaged, or it is no text"]),
        (
            "id,x\na,1\ncaf\xe9,2\n".encode("latin-1"),
            ["line 3: the byte 0xe9 is not UTF-8; save the file as UTF-8 (in a spreadsheet: “CSV UTF-8”)"],
        ),
        (
            "\ufeffid\ncaf".encode() + b"\xff\n",
            ["line 2: the byte 0xff is not UTF-8; save the file as UTF-8 (in a spreadsheet: “CSV UTF-8”)"],
        ),
        (
            "id,x\n".encode("utf-16"),
            ["line 1: the file is UTF-16; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)"],
        ),
        (
            '"id";"x"\n"a";1\n',
            ["line 1: the columns are separated by ';'; save the file with commas as .csv, or with tabs as .tsv"],
        ),
    ],
)
def test_a_table_that_is_none(read: Any, content: str | bytes, lines: list[str]) -> None:
    """A broken table is one error that names the lines, whatever is done about invalid values."""
    assert told(read, content, on_invalid="unknown") == lines


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
    """Each bad line of JSON is told with its number, and the hint shows a good one."""
    content = f'{{"id": "a"}}\n{line}\n\n{line}'
    assert told(read, content, name="a.jsonl", on_invalid="unknown") == [f"line 2: {reason}", f"line 4: {reason}"]
    with pytest.raises(AccountsFileError, match="Hint: each line must be one account, as a whole JSON object such as"):
        read(content, name="a.jsonl")


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
