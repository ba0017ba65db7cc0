import csv
import errno
import io
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import icpkit as icp
from icpkit import __main__ as command_line
from icpkit.__main__ import main
from icpkit.schemas import json_schema

NEAR = """
import attrs
import icpkit as icp
from icpkit.value_functions import Segments, ValueFunction

@attrs.frozen
class Near(icp.Criterion):
    attribute: str
    km: float

    def value_function(self):
        return ValueFunction(self.attribute, "number", Segments(high=self.km))

far = Near("distance", 5)
"""
ACCOUNTS = (
    "id,employees,technologies,last_demo,competitor\n"
    "acme,320,Slack; Jira,2026-11-20,no\n"
    "globex,,Slack,2026-12-24,no\n"
    "=cmd,5000,,,yes\n"
)
BROKEN = ACCOUNTS.replace("320", '"1,058"').replace("yes", "maybe")
PROFILE = icp.Profile(
    "Mid-market",
    [
        icp.Dimension("Size", [icp.Range("employees", 50, 500)], weight=2),
        icp.Dimension(
            "Signals",
            [
                icp.Overlap("technologies", ["Slack", "Jira"]),
                icp.Recency("last_demo", window=30),
                icp.Flag("x", weight=0),
            ],
        ),
    ],
    gates=[icp.Gate(icp.Flag("competitor", expected=False))],
    adjustments=[icp.Adjustment(5, icp.Flag("y"))],
    min_coverage=0,
    examples=[icp.Example({"employees": 320}, as_of="2026-11-21", tier="Perfect", name="a fine one")],
)


class Folder:
    """A folder with a profile and accounts, in which commands run."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path, self.capsys = path, capsys

    def put(self, name: str, content: str) -> str:
        """Write a file, and give its name."""
        (self.path / name).write_text(content, encoding="utf-8")
        return name

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run the command line, and give exit code, output and messages."""
        code = main(arguments)
        captured = self.capsys.readouterr()
        return code, captured.out, captured.err


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Give a folder with a profile and accounts."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    folder = Folder(tmp_path, capsys)
    folder.put("p.json", icp.dumps(PROFILE))
    folder.put("a.csv", ACCOUNTS)
    return folder


@pytest.fixture
def near_module(folder: Folder) -> Iterator[None]:
    """Give a module with a criterion of the user's own, and a profile that holds one."""
    folder.put("shops.py", NEAR)
    folder.put("broken_shops.py", "1 / 0")
    folder.put(
        "near.json",
        json.dumps(
            {
                "format": 1,
                "name": "Near",
                "dimensions": [{"name": "D", "criteria": [{"kind": "near", "attribute": "distance", "km": 5}]}],
            }
        ),
    )
    yield
    sys.modules.pop("shops", None)


NAME_IT = "\n\nHint: name a class of criteria of your own by --kind module:Class\n"
AT = ("--as-of", "2026-11-21")


# score


def test_score_writes_a_row_for_each_account(folder: Folder) -> None:
    """Rows come in the order of the file, in the one result schema with possible tiers and three reasons."""
    code, out, _ = folder.run("score", "p.json", "a.csv", *AT)
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (code, list(rows[0])) == (0, [*icp.SCHEMA, "possible_tiers", "reason_1", "reason_2", "reason_3"])
    assert [(row["key"], row["fit"], row["tier"], row["status"]) for row in rows] == [
        ("acme", "100.0", "Perfect", "scored"),
        ("globex", "25.0", "Weak", "scored"),
        ("'=cmd", "0.0", "", "disqualified"),
    ]
    assert (rows[1]["possible_tiers"], rows[1]["low"]) == ("Perfect / Strong / Moderate / Weak", "8.333333")
    assert rows[2]["reason_1"] == "competitor: asked for no; found yes"


def test_score_tells_a_summary(folder: Folder) -> None:
    """The summary counts accounts by tier and status, what is unknown, future or naive, and says which moment."""
    folder.put("a.csv", ACCOUNTS.replace("2026-11-20", "2026-11-20T08:00"))
    assert folder.run("score", "p.json", "a.csv", *AT)[2].splitlines() == [
        "warning: the file has no column 'x', which the profile reads: it is unknown for every account",
        "warning: the file has no column 'y', which the profile reads: it is unknown for every account",
        "Mid-market: 3 accounts as of 2026-11-21",
        "  1 Perfect, 1 of them certain",
        "  0 Strong, 0 of them certain",
        "  0 Moderate, 0 of them certain",
        "  1 Weak, 0 of them certain",
        "  1 disqualified",
        "  0 with insufficient data",
        "most often unknown: signals/technologies (33.3 %), size/employees (33.3 %)",
        "signals dated after 2026-11-21, left out: 1",
        "moments without a time zone, read as UTC: 1",
    ]


def test_score_defaults_to_now(folder: Folder) -> None:
    """Without a moment it is now, and the summary says which, so that it can be given again."""
    as_of = folder.run("score", "p.json", "a.csv")[2].partition(" as of ")[2].split("\n")[0]
    assert folder.run("score", "p.json", "a.csv", "--as-of", as_of)[0] == 0
    assert as_of.endswith("+00:00")


def test_score_writes_nothing_where_cells_are_bad(folder: Folder) -> None:
    """Cells that cannot be read and values that a criterion refuses are all told with their lines, and no row is."""
    folder.put("a.csv", BROKEN.replace("2026-11-20", "2026-13-20"))
    code, out, err = folder.run("score", "p.json", "a.csv", *AT, "--out", "scores.csv")
    assert (code, out, (folder.path / "scores.csv").exists()) == (1, "", False)
    assert err.splitlines()[2:] == [
        "error: 3 mistakes in a.csv:",
        "  line 2: employees = '1,058': not a plain number such as 1058 or 0.25; write 1058",
        "  line 2: last_demo = '2026-13-20': no ISO 8601 date, which is year-month-day, such as 2026-11-21",
        "  line 4: competitor = 'maybe': none of true, false, yes, no, 1 and 0",
        "",
        "Hint: mend the cells, blank where unknown, or pass --on-invalid unknown to take them as unknown",
    ]


def test_score_takes_bad_cells_as_unknown(folder: Folder) -> None:
    """Where that is asked for, bad cells are listed and counted, and every account is scored."""
    folder.put("a.csv", BROKEN)
    code, out, err = folder.run("score", "p.json", "a.csv", *AT, "--on-invalid", "unknown")
    assert (code, len(out.splitlines())) == (0, 4)
    assert err.splitlines()[2:5] == [
        "warning: 2 mistakes in a.csv:",
        "  line 2: employees = '1,058': not a plain number such as 1058 or 0.25; write 1058",
        "  line 4: competitor = 'maybe': none of true, false, yes, no, 1 and 0",
    ]
    assert err.splitlines()[-1] == "invalid cells, taken as unknown: 2"


def test_score_tells_what_only_a_criterion_knows(folder: Folder) -> None:
    """Values of JSON Lines are judged by the criteria, and told with their lines."""
    folder.put("a.jsonl", '{"id": "acme", "employees": "320"}\n\n{"id": "b", "technologies": "Slack"}\n')
    code, _, err = folder.run("score", "p.json", "a.jsonl", *AT)
    assert (code, [line for line in err.splitlines() if line.startswith("  line")]) == (
        1,
        [
            "  line 1: employees = '320': text where a number belongs",
            "  line 3: technologies = 'Slack': text where a list of text belongs",
        ],
    )


def test_score_keeps_values_out_of_messages(folder: Folder) -> None:
    """Redacted, messages hold neither keys nor values."""
    folder.put("a.csv", BROKEN + BROKEN.partition("\n")[2])
    code, _, err = folder.run("score", "p.json", "a.csv", *AT, "--redact")
    assert (code, [secret for secret in ("acme", "1,058", "1058;", "maybe") if secret in err]) == (1, [])


def test_score_writes_json_lines(folder: Folder) -> None:
    """The same columns come as one JSON object a line, on stdout or in a file, with lists as lists."""
    _, out, _ = folder.run("score", "p.json", "a.csv", *AT, "--format", "jsonl")
    folder.run("score", "p.json", "a.csv", *AT, "--out", "scores.jsonl")
    assert (folder.path / "scores.jsonl").read_text(encoding="utf-8") == out
    rows = [json.loads(line) for line in out.splitlines()]
    assert [(row["key"], row["tier"], row["possible_tiers"]) for row in rows][0::2] == [
        ("acme", "Perfect", ["Perfect"]),
        ("=cmd", None, ["Weak"]),
    ]


def test_score_writes_csv_that_spreadsheets_know(folder: Folder) -> None:
    """A CSV file begins with the mark of UTF-8, and can be read again as accounts."""
    assert folder.run("score", "p.json", "a.csv", *AT, "--out", "scores.csv")[:2] == (0, "")
    raw = (folder.path / "scores.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfkey,fit,tier,")
    assert raw.decode("utf-8-sig") == folder.run("score", "p.json", "a.csv", *AT)[1]


def test_score_knows_tables_of_other_kinds(folder: Folder) -> None:
    """Tabs, another separator of labels, and another key column are as good."""
    folder.put("a.tsv", ACCOUNTS.replace(",", "\t").replace(";", "|"))
    _, out, err = folder.run("score", "p.json", "a.tsv", *AT, "--split", "|", "--key", "employees")
    assert [line.partition(",")[0] for line in out.splitlines()] == ["key", "320", "", "5000"]
    assert "accounts without a key: 1 (line 3)" in err


def test_score_of_a_file_without_accounts(folder: Folder) -> None:
    """No accounts make no rows."""
    folder.put("a.jsonl", "")
    code, out, err = folder.run("score", "p.json", "a.jsonl", *AT)
    assert (code, len(out.splitlines()), "0 accounts" in err) == (0, 1, True)


# explain


def test_explain_shows_the_table(folder: Folder) -> None:
    """Text is what a score prints."""
    account = {"id": "acme", "employees": 320, "technologies": ["Slack", "Jira"], "last_demo": "2026-11-20"}
    one = icp.score(PROFILE, account | {"competitor": False}, as_of="2026-11-21", key="id")
    assert folder.run("explain", "p.json", "a.csv", "--key", "acme", *AT)[:2] == (0, f"{one}\n")


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("text", "acme · Mid-market"),
        ("html", "<!DOCTYPE html>"),
        ("svg", "<svg"),
        ("markdown", "**acme · Mid-market"),
        ("json", '{\n  "key": "acme"'),
    ],
)
def test_explain_writes_other_forms(folder: Folder, form: str, start: str) -> None:
    """The form is what is asked for, or what the end of the file's name says."""
    out = folder.run("explain", "p.json", "a.csv", "--key", "acme", *AT, "--format", form)[1]
    end = {"text": "txt", "markdown": "md"}.get(form, form)
    folder.run("explain", "p.json", "a.csv", "--key", " acme ", *AT, "--out", f"x.{end}")
    folder.run("explain", "p.json", "a.csv", "--key", "acme", *AT, "--format", form, "--out", "x.dat")
    assert out.lower().startswith(start.lower())
    assert [(folder.path / name).read_text(encoding="utf-8") for name in (f"x.{end}", "x.dat")] == [out, out]


def test_explain_tells_bad_cells_of_the_account(folder: Folder) -> None:
    """The account's own bad cells are told and shown as invalid; those of others do not matter."""
    folder.put("a.csv", BROKEN)
    code, out, err = folder.run("explain", "p.json", "a.csv", "--key", "acme", *AT)
    assert (code, "invalid: text where a number" in out, "maybe" in err) == (0, True, False)
    assert "line 2: employees = '1,058': not a plain number such as 1058 or 0.25; write 1058 (taken as unknown)" in err


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("acmee", "error: a.csv, column 'id': no account has the key 'acmee'\n\nHint: did you mean 'acme'?\n"),
        (
            "xyz",
            (
                "error: a.csv, column 'id': no account has the key 'xyz'\n\n"
                "Hint: --key-column names the column that holds the keys\n"
            ),
        ),
        (
            "twice",
            (
                "error: a.csv, column 'id': the key 'twice' stands on the lines 5, 6\n\n"
                "Hint: name a --key-column whose keys are unique\n"
            ),
        ),
    ],
)
def test_explain_needs_one_account(folder: Folder, key: str, message: str) -> None:
    """A key that is not there has near ones, and one that is there twice has lines."""
    folder.put("a.csv", ACCOUNTS + "twice,1,,,\n" * 2)
    code, out, err = folder.run("explain", "p.json", "a.csv", "--key", key, *AT)
    assert (code, out, err.endswith(message)) == (2, "", True)


def test_data_is_safe_on_a_terminal(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows go to a file or a program as they are, and to a terminal without control sequences."""
    folder.put("a.csv", "id,employees\na\x1b[31m,80\n")
    plain, terminal = Stream(), Stream()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    for stream in (plain, terminal):
        monkeypatch.setattr(sys, "stdout", stream)
        assert main(["score", "p.json", "a.csv", *AT]) == 0
    assert ("\na\x1b[31m," in plain.getvalue(), "\na\\x1b[31m," in terminal.getvalue()) == (True, True)


def test_text_is_safe_on_a_terminal(folder: Folder) -> None:
    """No name, key or value of a file reaches a terminal as a control sequence."""
    evil = "\x1b[31m\u202e"
    folder.put("a.csv", f"id,employees,x{evil}\na{evil},{evil},1\n")
    codes_and_texts = [
        folder.run("explain", "p.json", "a.csv", "--key", f"a{evil}", *AT),
        folder.run("explain", "p.json", "a.csv", "--key", f"b{evil}", *AT),
        folder.run("score", "p.json", "a.csv", *AT),
        folder.run("score", "p.json", "a.csv", "--key", evil, *AT),
        folder.run("validate", evil),
    ]
    assert [code for code, _, _ in codes_and_texts] == [0, 2, 1, 2, 2]
    assert not any("\x1b" in out + err or "\u202e" in out + err for _, out, err in codes_and_texts)


# init, check


MESSY = (
    "Company,Sector,Revenue,Employees,Office Location\n"
    "acme,technolgy,7.5,320,United States\n"
    "globex,retail,12,80,United States\n"
    "initech,technolgy,31.2,200,Kenya\n"
    "umbrella,retail,44.9,450,United States\n"
    "hooli,medical,60.1,77,n/a\n"
)
OBVIOUS = icp.Profile(
    "Obvious",
    [
        icp.Dimension(
            "Firmographics",
            [
                icp.Range("Revenue", 5e6, 50e6),
                icp.OneOf("Sector", ["technology"]),
                icp.OneOf("Office Location", ["USA", "Kenya"]),
            ],
        )
    ],
)
FIELDS = """
format = 1
key = "Company"

[fields.Company]

[fields.Sector]
replace = { "technolgy" = "technology" }

[fields.Revenue]
parse = "number"
unit = "millions"

[fields."Office Location"]
unknown = ["n/a"]
replace = { "United States" = "USA" }
"""


@pytest.fixture
def messy(folder: Folder) -> Folder:
    """Give a folder with an export that does not fit its profile, and the field map that mends it."""
    folder.put("m.csv", MESSY)
    folder.put("o.json", icp.dumps(OBVIOUS))
    folder.put("f.toml", FIELDS)
    return folder


def test_check_tells_what_does_not_add_up(messy: Folder) -> None:
    """The report names the unit, the other name and the slip, and the exit code says that there are mistakes."""
    code, out, err = messy.run("check", "o.json", "m.csv", *AT)
    assert (code, err) == (1, "")
    assert out.startswith("Obvious × m.csv: 5 accounts, as of 2026-11-21\n\n4 probable mistakes")
    for told in (
        "they run from 7.5 to 60.1",
        "'United States' × 3 is probably 'USA'",
        "'technolgy' × 2 is probably",
        "'n/a' × 1 looks",
    ):
        assert told in out


def test_check_of_what_adds_up(messy: Folder) -> None:
    """After mending, the exit code is 0, though something may be worth knowing."""
    code, out, err = messy.run("check", "o.json", "m.csv", "--fields", "f.toml", *AT)
    assert (code, err) == (0, "")
    assert "Nothing was found that does not add up." in out
    messy.put("o.json", icp.dumps(icp.Profile("P", [icp.Dimension("D", [icp.OneOf("Sector", ["retail", "space"])])])))
    code, out, _ = messy.run("check", "o.json", "m.csv", "--fields", "f.toml", *AT)
    assert (code, "1 worth knowing" in out, "no account has 'space'" in out) == (0, True, True)


@pytest.mark.parametrize(
    ("form", "start"), [("text", "Obvious × m.csv"), ("html", "<!doctype html>"), ("json", '{\n  "profile": "Obvious"')]
)
def test_check_writes_other_forms(messy: Folder, form: str, start: str) -> None:
    """``--format`` chooses the form, and so does the end of ``--out``; the exit code stays."""
    code, out, _ = messy.run("check", "o.json", "m.csv", *AT, "--format", form)
    name = {"text": "r.txt"}.get(form, f"r.{form}")
    assert (code, out[: len(start)], messy.run("check", "o.json", "m.csv", *AT, "--out", name)[:2]) == (
        1,
        start,
        (1, ""),
    )
    assert (messy.path / name).read_text(encoding="utf-8") == out
    if form == "json":
        assert [one["code"] for one in json.loads(out)["findings"]][:2] == ["unit", "alias"]


def test_check_reads_what_score_would_refuse(messy: Folder) -> None:
    """Cells, lines and columns that cannot be read are findings, not errors."""
    messy.put("m.csv", MESSY.replace("7.5", "7 or 8").replace("Office Location", "Office") + "a,b,c,d,e,f,g\n")
    code, out, err = messy.run("check", "o.json", "m.csv", "--fields", "f.toml", *AT)
    assert (code, err) == (1, "")
    assert ("1 cell cannot be read" in out, "the table has no column for it" in out) == (True, True)
    assert "could not be read and is left out" in out


def test_check_by_another_key(messy: Folder) -> None:
    """``--key`` names the attribute that holds the keys; one that several accounts have is told."""
    code, out, _ = messy.run("check", "o.json", "m.csv", "--fields", "f.toml", "--key", "Sector", *AT)
    assert (code, "4 of 5 rows share 2 keys with others: 'technology' × 2, 'retail' × 2" in out) == (1, True)


def test_init_writes_two_files_to_start_from(messy: Folder) -> None:
    """A field map and a profile are written, and a check by them finds no mistake."""
    code, out, _ = messy.run("init", "m.csv")
    assert (code, out.split("\n")[2]) == (0, "next: python -m icpkit check profile.toml m.csv --fields fields.toml")
    assert icp.load_fields(messy.path / "fields.toml").key_attribute in {"Company", "name", "account_id"}
    assert messy.run("validate", "profile.toml")[0] == 0
    assert messy.run("check", "profile.toml", "m.csv", "--fields", "fields.toml", *AT)[0] == 0
    assert messy.run("score", "profile.toml", "m.csv", "--fields", "fields.toml", *AT)[0] == 0


def test_init_tells_its_doubts(messy: Folder) -> None:
    """What a person should look at is marked in the file and counted; where nothing is doubtful, nothing is said."""
    _, _, err = messy.run("init", "m.csv")
    marks = (messy.path / "fields.toml").read_text().count("\n# ? ")
    assert (marks > 0, err) == (True, f"warning: look at what “# ?” marks in fields.toml: {marks} in all\n")
    messy.put("m.csv", "Account ID,Industry\na,Retail\nb,Software\nc,Retail\nd,Software\n")
    code, _, err = messy.run("init", "m.csv", "--fields", "x.toml", "--profile", "y.toml")
    assert (code, err) == (0, "")


def test_init_refuses_to_overwrite(messy: Folder) -> None:
    """What is there stays as it is, and nothing is written where not both files can be."""
    before = messy.put("fields.toml", "mine")
    code, out, err = messy.run("init", "m.csv", "--profile", "new.toml")
    assert (code, out, err.startswith("error: fields.toml is there already; name another file by --fields")) == (
        2,
        "",
        True,
    )
    assert (messy.path / before).read_text() == "mine"
    code, _, err = messy.run("init", "m.csv", "--fields", "new.toml", "--profile", "./new.toml")
    assert (code, err) == (2, "error: --fields and --profile must name two files (got new.toml for both)\n")
    code, _, err = messy.run("init", "m.csv", "--fields", "new.toml", "--profile", "no/such/p.toml")
    assert (code, err) == (2, "error: no/such/p.toml: there is no folder 'no/such' to write it into\n")
    assert not (messy.path / "new.toml").exists()


@pytest.mark.parametrize(("text", "code"), [("a,b\n", 2), ("", 1)])
def test_init_of_nothing(messy: Folder, text: str, code: int) -> None:
    """From an export without accounts nothing can be guessed, and nothing is written."""
    messy.put("m.csv", text)
    assert messy.run("init", "m.csv")[0] == code
    assert not (messy.path / "fields.toml").exists()


def test_score_and_explain_by_a_field_map(messy: Folder) -> None:
    """``--fields`` reads the accounts as it declares: columns, units, other names, unknowns, keys."""
    code, out, err = messy.run("score", "o.json", "m.csv", "--fields", "f.toml", *AT)
    rows = {row["key"]: row for row in csv.DictReader(io.StringIO(out))}
    assert (code, rows["acme"]["fit"], rows["hooli"]["fit"], rows["hooli"]["coverage"]) == (
        0,
        "100.0",
        "0.0",
        "0.666666667",
    )
    assert "warning" not in err
    code, out, err = messy.run("explain", "o.json", "m.csv", "--fields", "f.toml", "--key", "acme", *AT)
    assert (code, "7.5M" in out, err) == (0, True, "")
    messy.put(
        "o.json", icp.dumps(icp.Profile("P", [icp.Dimension("D", [icp.Range("Revenue", 5e6, 9e9), icp.Flag("x")])]))
    )
    _, _, err = messy.run("explain", "o.json", "m.csv", "--fields", "f.toml", "--key", "acme", *AT)
    assert err.startswith("warning: the field map has no attribute 'x', which the profile reads")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["check", "o.json", "m.csv", "--fields", "no.toml"], 2, "no.toml: No such file or directory"),
        (["check", "o.json", "m.csv", "--fields", "bad.toml"], 1, "bad.toml has 1 mistake"),
        (
            ["check", "o.json", "m.csv", "--fields", "f.toml", "--key", "Sectr"],
            2,
            "f.toml has no attribute 'Sectr' for the keys",
        ),
        (["check", "o.json", "m.csv", "--fields", "f.toml", "--key", "zzz"], 2, "Hint: it has Company, Sector"),
        (["check", "o.json", "m.csv", "--key", "zzz"], 2, "m.csv has no column 'zzz' for the keys"),
        (["check", "o.json", "m.csv", "--fields", "f.toml", "--out", "f.toml"], 2, "--out must end in .txt"),
        (
            ["check", "o.json", "m.csv", "--fields", "f.toml", "--out", "f.toml", "--format", "text"],
            2,
            "would overwrite",
        ),
        (
            ["score", "o.json", "m.csv", "--fields", "f.toml", "--out", "f.toml", "--format", "csv"],
            2,
            "would overwrite",
        ),
        (
            ["explain", "o.json", "m.csv", "--fields", "f.toml", "--key", "a", "--out", "f.toml", "--format", "text"],
            2,
            "would overwrite",
        ),
        (
            ["score", "o.json", "m.csv", "--fields", "lacks.toml"],
            1,
            "a column that the field map names is not in m.csv",
        ),
    ],
)
def test_field_maps_that_do_not_fit(messy: Folder, arguments: list[str], code: int, message: str) -> None:
    """What is wrong with a field map is told in one message, and no file that is read is written over."""
    messy.put("bad.toml", "x")
    messy.put("lacks.toml", f"{FIELDS}\n[fields.zzz]\n")
    found, out, err = messy.run(*arguments, *AT)
    assert (found, out, message in err) == (code, "", True)
    assert (messy.path / "f.toml").read_text() == FIELDS


# validate


def test_validate_tells_what_is_in_a_profile(folder: Folder) -> None:
    """It lists the parts, what has no effect, the examples and both ids."""
    code, out, err = folder.run("validate", "p.json")
    assert (code, err) == (0, "")
    for line in (
        "Size (66.7 %)",
        "  employees: 50 to 500 (66.7 %)",
        "without effect, weight 0: signals/x",
        "examples: 1, all as expected",
        f"content id: {PROFILE.content_id}",
        f"scoring id: {PROFILE.scoring_id}",
    ):
        assert line in out.splitlines()


def test_validate_runs_the_examples(folder: Folder) -> None:
    """An example that does not get what it should is told, and the answer is no."""
    wrong = icp.Profile(
        "P",
        PROFILE.dimensions,
        examples=[
            *PROFILE.examples,
            icp.Example({"employees": 9}, as_of="2026-11-21", tier="Strong", name="a small one"),
        ],
    )
    folder.put("p.json", icp.dumps(wrong))
    code, out, err = folder.run("validate", "p.json")
    assert (code, "examples: 1 of 2 not as expected" in out.splitlines()) == (1, True)
    assert err.startswith("error: example: a small one should be Strong, but is ")


def test_validate_of_a_profile_without_examples(folder: Folder) -> None:
    """No examples are no mistake."""
    folder.put("p.json", icp.dumps(icp.Profile("P", PROFILE.dimensions[:1])))
    code, out, _ = folder.run("validate", "p.json")
    assert (code, "examples: none" in out, "without effect" in out) == (0, True, False)


def test_validate_tells_all_mistakes(folder: Folder) -> None:
    """A profile that does not load is told with every mistake and its place."""
    text = icp.dumps(PROFILE).replace('"low": 50', '"low": "50"').replace('"employees"', '"employees", "weigth": 1', 1)
    folder.put("p.json", text)
    code, out, err = folder.run("validate", "p.json")
    assert (code, out, err.startswith("error: p.json has 2 mistakes:\n")) == (1, "", True)


def test_validate_warns_of_what_stands_in_the_wrong_place(folder: Folder) -> None:
    """A setting under the last header, and a misspelt field of an example, are told, since neither is a mistake."""
    example = {"account": {"employes": 320, "missing": 1, "zip": "x"}, "as_of": "2026-11-21", "tier": "Weak"}
    text = {**json.loads(icp.dumps(PROFILE)), "examples": [example], "meta": {"min_coverage": 0.9, "owner": "us"}}
    folder.put("p.json", json.dumps(text))
    _, _, err = folder.run("validate", "p.json")
    stray = "has no effect there: the profile's own stands above all headers in brackets"
    assert [line.removeprefix("warning: ") for line in err.splitlines() if line.startswith("warning: ")] == [
        f"meta holds 'min_coverage', which {stray}",
        "example 1 holds 'employes', which the profile does not read (did you mean 'employees'?)",
        f"example 1 holds 'missing', which {stray}",
        "example 1 holds 'zip', which the profile does not read",
    ]


# diff, table, schema


def test_diff_answers_whether_profiles_differ(folder: Folder) -> None:
    """The same is 0, and another is 1 with what differs."""
    folder.put("q.json", icp.dumps(PROFILE.with_weight("size", 3)))
    assert folder.run("diff", "p.json", "p.json") == (0, "no difference\n", "")
    code, out, err = folder.run("diff", "p.json", "q.json")
    assert (code, "size" in out.lower(), err) == (1, True, "")


def test_table_writes_one_page(folder: Folder) -> None:
    """A profile is a table in Markdown, or a whole page of HTML."""
    assert folder.run("table", "p.json")[1].rstrip("\n") == PROFILE.to_table("markdown").rstrip("\n")
    html = folder.run("table", "p.json", "--format", "html")[1]
    assert folder.run("table", "p.json", "--out", "p.html")[0] == 0
    assert html.lower().startswith("<!doctype html>")
    assert PROFILE.to_table("html") in html
    assert (folder.path / "p.html").read_text(encoding="utf-8") == html


@pytest.mark.parametrize("what", ["profile", "score", "explanation"])
def test_schema_writes_a_json_schema(folder: Folder, what: Any) -> None:
    """The schema is that of the library, on stdout or in a file."""
    code, out, _ = folder.run("schema", what)
    folder.run("schema", what, "--out", "s.json")
    assert (code, json.loads(out)) == (0, json.loads(json.dumps(json_schema(what))))
    assert (folder.path / "s.json").read_text(encoding="utf-8") == out


# Criteria of the user's own


@pytest.mark.usefixtures("near_module")
def test_own_criteria_are_named_by_the_user(folder: Folder) -> None:
    """A class that `--kind` names is imported, and its profile loads; nothing is imported because a file says so."""
    code, out, _ = folder.run("validate", "near.json", "--kind", "shops:Near")
    assert (code, "distance" in out) == (0, True)
    sys.modules.pop("shops")
    code, _, err = folder.run("validate", "near.json")
    assert (code, "shops" in sys.modules, err.endswith(NAME_IT)) == (1, False, True)


@pytest.mark.usefixtures("near_module")
@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("shops", "--kind must be module:Class, such as my_criteria:Near (got 'shops')"),
        ("shop:Near", "--kind shop:Near: ModuleNotFoundError: No module named 'shop'\n\nHint: Python looks for"),
        ("shops:Nearr", "--kind shops:Nearr: AttributeError: module 'shops' has no attribute 'Nearr'"),
        ("broken_shops:Near", "--kind broken_shops:Near: ZeroDivisionError: "),
        ("shops:far", "--kind shops:far: must be a class of criteria"),
        ("json:JSONDecoder", "--kind json:JSONDecoder: must be a class of criteria"),
    ],
)
def test_own_criteria_that_are_none(folder: Folder, kind: str, message: str) -> None:
    """What cannot be imported, or is no class of criteria, is wrong use."""
    code, _, err = folder.run("validate", "near.json", "--kind", kind)
    assert (code, err.startswith(f"error: {message}")) == (2, True)


def test_an_absent_kind_names_the_option(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile with a criterion that cannot answer asks for the option that brings its class."""
    absent = icp.Profile("P", [icp.Dimension("D", [icp.AbsentKind("near", {"attribute": "x"})])])
    monkeypatch.setattr(icp, "load", lambda *_, **__: absent)
    code, _, err = folder.run("score", "p.json", "a.csv")
    assert (code, err.endswith(NAME_IT)) == (2, True)


# Wrong use


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["score", "no.json", "a.csv"], "error: no.json: No such file or directory\n"),
        (["score", "p.json", "no.csv"], "error: no.csv: No such file or directory\n"),
        (["score", ".", "a.csv"], "error: .: Is a directory\n"),
        (
            ["score", "p.json", "a.csv", "--as-of", "2026-11-21T09:00"],
            (
                "error: --as-of must be a date such as 2026-11-21, or a moment with its time zone such as "
                "2026-11-21T09:00+01:00 (got '2026-11-21T09:00')\n"
            ),
        ),
        (
            ["score", "p.json", "a.csv", "--key", "idd"],
            "error: a.csv has no column 'idd' for the keys\n\nHint: did you mean 'id'?\n",
        ),
        (
            ["score", "p.json", "a.csv", "--key", "xyz"],
            (
                "error: a.csv has no column 'xyz' for the keys\n\n"
                "Hint: it has id, employees, technologies, last_demo, competitor\n"
            ),
        ),
        (
            ["score", "p.json", "a.csv", "--out", "scores.xlsx"],
            "error: --out must end in .csv, .jsonl, .ndjson, or --format say what to write (got scores.xlsx)\n",
        ),
        (
            ["score", "p.json", "a.csv", *AT, "--out", "no/scores.csv"],
            "error: no/scores.csv: No such file or directory\n",
        ),
        (
            ["score", "p.json", "a.csv", "--out", "./a.csv"],
            "error: --out a.csv would overwrite what is read; name another file\n",
        ),
        (
            ["table", "p.json", "--format", "html", "--out", "p.json"],
            "error: --out p.json would overwrite what is read; name another file\n",
        ),
    ],
)
def test_wrong_use_is_told_in_one_message(folder: Folder, arguments: list[str], message: str) -> None:
    """What cannot be done exits with 2 and says what would do; nothing that was read is lost."""
    code, out, err = folder.run(*arguments)
    warnings = [line for line in err.splitlines(keepends=True) if line.startswith("warning: ")]
    assert (code, err.removeprefix("".join(warnings)[: err.find("error: ")])) == (2, message)
    assert "key,fit" not in out or "no/scores" in message
    assert ((folder.path / "a.csv").read_text(encoding="utf-8"), (folder.path / "p.json").is_file()) == (ACCOUNTS, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["score", "p.json", "a.txt"], "must end in .csv, .tsv, .jsonl, .ndjson (got 'a.txt'); save a sheet as CSV"),
        (["score", "p.json", "a.xlsx"], "(got 'a.xlsx'); read the sheet with a data frame library, all as text"),
        (["score", "p.json", "a.csv", "--split", ""], "must not be blank"),
        (["score", "p.json", "a.csv", "--ke", "id"], "unrecognized arguments: --ke id"),
        (["explain", "p.json", "a.csv"], "the following arguments are required: --key"),
    ],
)
def test_arguments_that_do_not_parse(folder: Folder, arguments: list[str], message: str) -> None:
    """Wrong arguments exit with 2, as everywhere; options are never cut short."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert (caught.value.code, message in folder.capsys.readouterr().err) == (2, True)


def test_the_version_is_told(folder: Folder) -> None:
    """The version, and that of the meaning of scores, belong together."""
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert (caught.value.code, folder.capsys.readouterr().out) == (
        0,
        f"icpkit {icp.__version__}, semantics {icp.SEMANTICS}\n",
    )


# Streams


class Stream(io.StringIO):
    """A stream of some encoding that may fail."""

    def __init__(self, encoding: str | None = "utf-8", error: OSError | None = None) -> None:
        super().__init__()
        self._encoding, self.error = encoding, error

    @property
    def encoding(self) -> str | None:  # type: ignore[override]  # noqa: D102  # a StringIO has none
        return self._encoding

    def write(self, text: str, /) -> int:
        """Fail, if that is what it does, or refuse what the encoding lacks."""
        if self.error is not None:
            raise self.error
        text.encode(self._encoding or "utf-8")
        return super().write(text)


@pytest.mark.parametrize(("encoding", "shown"), [("ascii", "M\\xf6we"), ("cp1252", "Möwe"), (None, "Möwe")])
def test_streams_of_other_encodings(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, encoding: str | None, shown: str
) -> None:
    """What a stream cannot hold is written by its number, and a warning names the way out."""
    folder.put("a.csv", "id,employees\nMöwe,80\n")
    out, err = Stream(encoding), Stream(encoding)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    assert main(["score", "p.json", "a.csv", *AT]) == 0
    assert (f"\n{shown}," in out.getvalue(), "cannot hold all" in err.getvalue()) == (True, encoding == "ascii")


def test_json_is_ascii_where_stdout_is(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON escapes what the stream cannot hold, so that nothing is lost."""
    folder.put("a.csv", "id,employees\nMöwe,80\n")
    out = Stream("cp1252")
    monkeypatch.setattr(sys, "stdout", out)
    assert main(["score", "p.json", "a.csv", *AT, "--format", "jsonl"]) == 0
    assert out.getvalue().startswith('{"key": "M\\u00f6we"')


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 141, ""),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "error: No space left on device\n"),
        (OSError("odd"), 2, "error: odd\n"),
    ],
)
def test_output_that_nobody_takes(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, error: OSError, code: int, message: str
) -> None:
    """A reader that has left ends the command in silence; a full disk is told."""
    monkeypatch.setattr(sys, "stdout", Stream(error=error))
    assert main(["validate", "p.json"]) == code
    assert folder.capsys.readouterr().err == message


def test_messages_that_nobody_takes(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where not even the messages have a reader, the exit code is all that is left."""
    monkeypatch.setattr(sys, "stderr", Stream(error=BrokenPipeError()))
    assert (main(["validate", "no.json"]), main(["score", "p.json", "a.csv", *AT])) == (141, 141)


def test_a_process_without_a_console(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are no streams at all, the exit code answers."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert (main(["validate", "p.json"]), main(["validate", "no.json"])) == (0, 2)


def test_the_user_may_leave(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends the command without a word."""

    def leave(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line, "_profile", leave)
    assert folder.run("validate", "p.json") == (130, "", "")


# As a process


def run(folder: Folder, *arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run the command line as a process."""
    command = [sys.executable, "-m", "icpkit", *arguments]
    return subprocess.run(command, cwd=folder.path, capture_output=True, text=True, check=False, **options)


def test_it_runs_as_a_module(folder: Folder) -> None:
    """``python -m icpkit`` exits with the code of the command, and encodes what its output can hold."""
    done = run(folder, "explain", "p.json", "a.csv", "--key", "acme", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stdout.startswith("acme \\xb7 Mid-market"), done.stderr.count("\n")) == (0, True, 3)
    assert run(folder, "validate", "no.json").returncode == 2


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices of POSIX")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_leaves_early(folder: Folder, unbuffered: str) -> None:
    """`| head` ends the command in silence, whether Python buffers its output or not."""
    folder.put("a.csv", ACCOUNTS.partition("\n")[0] + "\n" + "acme,320,,,no\n" * 2000)
    command = [sys.executable, "-m", "icpkit", "score", "p.json", "a.csv", "--redact"]
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with subprocess.Popen(
        command, cwd=folder.path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"key,fit,")
        process.stdout.close()
        messages = process.stderr.read().decode().splitlines()
    assert (process.returncode, [line for line in messages if not line.startswith("warning: ")]) == (141, [])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk(folder: Folder) -> None:
    """A full disk is told once, in one message."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "icpkit", "validate", "p.json"]
        done = subprocess.run(command, cwd=folder.path, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "error: No space left on device\n")


def test_the_module_exits_with_the_code(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as a program, the exit code is that of the command."""
    monkeypatch.setattr(sys, "argv", ["icpkit", "validate", "no.json"])
    monkeypatch.delitem(sys.modules, "icpkit.__main__")
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("icpkit", run_name="__main__")
    assert (caught.value.code, folder.capsys.readouterr().err) == (2, "error: no.json: No such file or directory\n")


def test_validating_loads_only_what_it_needs(folder: Folder) -> None:
    """A check of a profile loads no engine, no reader of tables and no writer of TOML."""
    code = (
        "import sys; from icpkit.__main__ import main; code = main(['validate', 'p.json']); "
        "print(code, sorted({'numpy', 'csv', 'html', 'tomlkit', 'icpkit.tables', 'logging'} & "
        "{*sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder.path, capture_output=True, text=True, check=False)
    assert done.stderr == "0 []\n"


def test_a_file_of_which_no_account_has_a_fit_is_a_no(folder: Folder) -> None:
    """In a nightly job nobody reads warnings: the exit code says that the profile was not made for this file."""
    folder.put("p.json", icp.dumps(icp.Profile("P", PROFILE.dimensions[:1])))
    folder.put("a.csv", "id,staff\nacme,320\n")
    code, out, err = folder.run("score", "p.json", "a.csv", "--key-column", "id")
    assert (code, out.splitlines()[1].startswith("acme,,,insufficient data")) == (1, True)
    assert "warning: no account has a fit: is the profile made for this file?" in err
