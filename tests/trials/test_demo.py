"""The demo that everybody runs first: it runs, what it shows is true, and its files are safe to open."""

import csv
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import attrs
import pytest

import icpkit as icp
from examples import accounts, demo, midmarket
from icpkit.importing import Accounts, read_accounts
from icpkit.importing.strict import asked_of

SCRIPT = Path(__file__).parents[2] / "examples" / "demo.py"


class Ran(NamedTuple):
    """The folder in which the demo ran, and what it printed."""

    folder: Path
    printed: str

    def shown(self, *beginning: str, nth: int = 0) -> list[str]:
        """Give the lines below a command, of which this is the beginning, to the next command or heading."""
        below = self.printed.split(f"\n$ {shlex.join(['python', '-m', 'icpkit', *beginning])}")[1:][nth]
        return re.split(r"\n(?:\$|==) ", below)[0].rstrip("\n").split("\n")[1:]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The demo, run once: in a folder with a blank in its name and an enemy in it, for a terminal of ASCII alone."""
    folder = tmp_path_factory.mktemp("a demo")
    (folder / "csv.py").write_text("raise SystemExit('the wrong csv')")
    path = [entry for entry in sys.path if entry and Path(entry) != folder]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, SCRIPT],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    printed = done.stdout.decode("ascii")
    assert done.returncode == 0, printed
    return Ran(folder, printed)


@pytest.fixture(scope="module")
def profile() -> icp.Profile:
    """The profile in its file."""
    return icp.load(demo.PROFILE)


@pytest.fixture(scope="module")
def scores(profile: icp.Profile) -> list[icp.Score]:
    """The scores that Python gives to the demo's accounts."""
    return demo.score_all(profile, accounts.make_accounts())


@pytest.fixture(scope="module")
def export(ran: Ran, profile: icp.Profile) -> Accounts:
    """The accounts as the command line reads them."""
    return read_accounts(ran.folder / demo.ACCOUNTS, profile, on_invalid="unknown")


@pytest.fixture(scope="module")
def read(export: Accounts, profile: icp.Profile) -> list[icp.Score]:
    """The scores of the accounts as the command line reads them."""
    return demo.score_all(profile, list(export))


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# The profile


def test_the_file_is_the_profile_that_verbs_make(profile: icp.Profile) -> None:
    """midmarket.toml and midmarket.py score alike, under one name; the file has examples and notes besides."""
    made = midmarket.midmarket()
    assert profile.scoring_id == made.scoring_id
    assert profile.content_id != made.content_id
    assert {change.path.partition("/")[0] for change in icp.diff(made, profile).changes} == {"examples", "meta"}


def test_the_examples_of_the_file_pass(profile: icp.Profile) -> None:
    """A customer, one too small, one under embargo and one unknown are scored as the file says."""
    assert profile.check_examples() == ()
    expected = [example.tier for example in profile.examples]
    assert expected == [("Perfect",), ("Moderate", "Weak"), ("disqualified",), ("insufficient data",)]


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"gates": ()}, "a perfect one under embargo"),
        ({"min_coverage": 0.96}, "a typical customer"),
    ],
)
def test_the_examples_notice_changes(profile: icp.Profile, changed: dict[str, Any], name: str) -> None:
    """Without the embargo, or where more must be known, an example fails."""
    failures = attrs.evolve(profile, **changed).check_examples()
    assert name in {failure.example.name for failure in failures}


# The accounts


def test_the_accounts_are_the_same_for_the_same_seed() -> None:
    """One seed, one set of accounts; another seed, another set."""
    assert repr(accounts.make_accounts(50)) == repr(accounts.make_accounts(50))
    assert repr(accounts.make_accounts(50)) != repr(accounts.make_accounts(50, seed=1))


def test_there_are_as_many_accounts_as_are_asked_for() -> None:
    """More accounts than there are names to combine still have distinct names."""
    names = [account["name"] for account in accounts.make_accounts(1000)]
    assert len(set(names)) == 1000


def test_the_accounts_have_the_attributes_that_the_profiles_read(profile: icp.Profile) -> None:
    """Every attribute that the two profiles read occurs, and besides these only id and name."""
    made = {attribute for account in accounts.make_accounts() for attribute in account}
    assert made == {*asked_of(icp.standard_profile()), *asked_of(profile), "account_id", "name"}


def test_every_kind_of_unknown_occurs() -> None:
    """No such field, None, NaN, empty and blank text."""
    made = accounts.make_accounts()
    industries = {repr(account.get("industry", "no such field")) for account in made}
    assert {"'no such field'", "None", "nan", "''", "'   '"} <= industries


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (float("nan"), ""),
        (0.25, "0.25"),
        (False, "False"),
        ([], "[]"),
        (["Slack", None, "Jira"], "Slack; ; Jira"),
        ([accounts.EXPORTED, "2026-01-02"], "2026-11-21; 2026-01-02"),
        ([("demo", accounts.EXPORTED, 1.5), {"kind": "ü"}], '[["demo", "2026-11-21", 1.5], {"kind": "\\u00fc"}]'),
    ],
)
def test_a_value_is_written_as_a_cell(value: object, written: str) -> None:
    """Unknowns are blank, lists have semicolons, events are JSON, and what is known to be empty says so."""
    assert accounts.cell(value) == written


def test_the_export_scores_as_the_accounts_do(read: list[icp.Score], scores: list[icp.Score]) -> None:
    """Written as cells and read again, all 500 accounts get the same fit, tier, status, coverage and bounds."""
    assert [one.to_dict() for one in read] == [one.to_dict() for one in scores]
    assert len(read) == 500


def test_a_handful_of_cells_cannot_be_read(export: Accounts, scores: list[icp.Score]) -> None:
    """They are the values that Python finds invalid, and nothing else in the file calls for a warning."""
    offenders = [(offender.key, offender.attribute, offender.value) for one in scores for offender in one.invalid]
    assert [(bad.key, bad.attribute, bad.value) for bad in export.bad] == offenders
    assert 3 <= len(offenders) <= 12
    assert len({attribute for _, attribute, _ in offenders}) > 1
    assert export.warnings == ()


# What the command line shows


def test_the_profile_is_validated(ran: Ran, profile: icp.Profile) -> None:
    """The output begins with the profile, and ends with its examples and its ids."""
    shown = ran.shown("validate")
    assert shown[1] == f"  {profile.name} (company, draft)"
    assert shown[-3:] == [
        "examples: 4, all as expected",
        f"content id: {profile.content_id}",
        f"scoring id: {profile.scoring_id}",
    ]


def test_the_table_is_the_profiles(ran: Ran, profile: icp.Profile) -> None:
    """The page holds the table of the profile in HTML."""
    assert profile.to_table("html") in (ran.folder / demo.TABLE).read_text(encoding="utf-8")


def test_the_difference_to_the_standard_profile_is_shown(ran: Ran, profile: icp.Profile) -> None:
    """Lines of the diff, in its order, and how many were left out; the standard profile is written as it is."""
    standard = icp.load(ran.folder / demo.STANDARD)
    assert standard == icp.standard_profile()
    *shown, code = ran.shown("diff")
    told = str(icp.diff(standard, profile)).encode("ascii", "backslashreplace").decode().splitlines()
    assert shown == [*told[:10], f"  [{len(told) - 11} lines are left out here]", told[-1]]
    assert code == "[exit code 1]"


def test_bad_cells_are_refused(ran: Ran, export: Accounts) -> None:
    """The first run lists every bad cell with its line, and ends with the way out and the exit code 1."""
    shown = ran.shown("score")
    assert shown[0] == f"error: {len(export.bad)} mistakes in {demo.ACCOUNTS}:"
    assert shown[1:-3] == [f"  {bad.describe()}" for bad in export.bad]
    assert "--on-invalid unknown" in shown[-2]
    assert shown[-1] == "[exit code 1]"


def test_the_counts_add_up(ran: Ran, scores: list[icp.Score], export: Accounts) -> None:
    """The counts of the second run are those of the scores, and sum to 500."""
    shown = ran.shown("score", nth=1)
    counts = {words[1]: int(words[0]) for words in (line.split(maxsplit=1) for line in shown[3:9])}
    told = Counter(one.tier or one.status for one in scores)
    certain = Counter(one.tier for one in scores if one.certain)
    assert counts == {
        **{
            f"{tier}, {certain[tier]} of them certain": told[tier] for tier in ("Perfect", "Strong", "Moderate", "Weak")
        },
        "disqualified": told["disqualified"],
        "with insufficient data": told["insufficient data"],
    }
    assert sum(counts.values()) == len(scores) == 500
    assert shown[2] == f"Mid-market software: 500 accounts as of {accounts.EXPORTED}"
    assert shown[-1] == f"invalid cells, taken as unknown: {len(export.bad)}"


def test_the_scores_are_those_of_python(ran: Ran, scores: list[icp.Score]) -> None:
    """scored.csv has a row per account, in order; without a fit the cell is blank, and never 0."""
    rows = rows_of(ran.folder / demo.SCORED)
    assert tuple(rows[0])[: len(icp.SCHEMA)] == icp.SCHEMA
    expected = [{name: "" if value is None else str(value) for name, value in one.to_dict().items()} for one in scores]
    assert [{name: row[name] for name in icp.SCHEMA} for row in rows] == expected


def test_no_text_begins_as_a_formula_does(ran: Ran) -> None:
    """Of all cells that a spreadsheet will open, only plain numbers begin with a sign."""
    cells = [
        cell for file in (demo.ACCOUNTS, demo.SCORED) for row in rows_of(ran.folder / file) for cell in row.values()
    ]
    signed = [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert [cell for cell in signed if not re.fullmatch(r"-[\d.]+", cell)] == []
    assert "'-15.0 points for in_litigation: yes" in cells


def test_the_best_account_is_explained(ran: Ran, read: list[icp.Score]) -> None:
    """The table is the one that Python prints, and its points sum to the fit, to the millionth."""
    best = demo.best_of(read)
    shown = ran.shown("explain")
    assert shown == str(best).encode("ascii", "backslashreplace").decode().splitlines()
    assert sum(points for _, points in best.explanation.points) == round((best.fit or 0) * 10**6)


def test_the_one_held_back_is_explained_in_files(ran: Ran, read: list[icp.Score]) -> None:
    """The page and the picture are the ones that Python makes."""
    held_back = demo.held_back_of(read)
    assert (ran.folder / demo.PAGE).read_text(encoding="utf-8").strip() == held_back.to_html(full=True).strip()
    picture = (ran.folder / demo.PICTURE).read_text(encoding="utf-8")
    assert picture.strip() == held_back.to_svg().strip()
    assert ET.fromstring(picture).tag.endswith("svg")


# What Python adds


def test_the_ranking_falls(ran: Ran, scores: list[icp.Score]) -> None:
    """Eight accounts are shown, the best first, and none without a tier is ranked."""
    ranked = demo.ranked(scores)
    fits = [one.fit or 0 for one in ranked]
    assert fits == sorted(fits, reverse=True)
    assert all(one.tier for one in ranked)
    shown = re.findall(r"^ {3}(\d)  (A-\d{4}) .* (\d+\.\d)   \d", ran.printed, re.MULTILINE)
    assert shown == [
        (str(rank), one.key, str(one.profile.tiers.rounded(one.fit or 0))) for rank, one in enumerate(ranked[:8], 1)
    ]


def test_the_one_held_back_can_reach_the_top_tier(ran: Ran, scores: list[icp.Score]) -> None:
    """Its highest fit lies in a better tier, and what to find out is listed, the most telling first."""
    held_back = demo.held_back_of(scores)
    assert held_back.tier != held_back.possible_tiers[0] == "Perfect"
    names = [unknown.name for unknown in held_back.explanation.unknowns]
    listed = demo.to_find_out(held_back).splitlines()[1:]
    assert [line[2:22].strip() for line in listed][: len(names)] == names
    assert demo.to_find_out(held_back) in ran.printed


def test_the_two_are_compared(ran: Ran, scores: list[icp.Score]) -> None:
    """The best leads the one held back by the difference of their fits, and what is shown sums to that."""
    best, held_back = demo.best_of(scores), demo.held_back_of(scores)
    said = str(icp.compare(best, held_back))
    assert said in " ".join(ran.printed.split())
    lead, *parts = [float(number) for number in re.findall(r"[+-]?\d+\.\d", said)]
    assert lead == pytest.approx(sum(parts)) == pytest.approx((best.fit or 0) - (held_back.fit or 0), abs=0.1)


# As a whole


def test_it_writes_the_files_that_it_names_and_nothing_else(ran: Ran) -> None:
    """All lie in `demo`, and the last lines name each."""
    files = {file.relative_to(ran.folder) for file in ran.folder.rglob("*") if file.is_file()}
    assert files == {*demo.FILES, Path("csv.py")}
    named = ran.printed[ran.printed.index("== Look into ") :].splitlines()[1:]
    assert [line.split()[0] for line in named] == [file.name for file in demo.FILES]


def test_the_output_is_short_and_plain(ran: Ran) -> None:
    """Under 150 lines, without a control character."""
    assert len(ran.printed.splitlines()) < 150
    assert re.findall(r"[^\n -~]", ran.printed) == []


def test_a_command_that_ends_otherwise_ends_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it said is shown whole, and the exit code is not taken for a success."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="the exit code should be 0, and is 2"):
        demo.run("validate", "no such profile.toml", first=0)
    assert capsys.readouterr().out == (
        "$ python -m icpkit validate 'no such profile.toml'\nerror: no such profile.toml: No such file or directory\n"
    )


def test_the_path_of_the_profile_is_short_below_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """From the repository it is the one that a user types, from elsewhere the whole."""
    monkeypatch.chdir(demo.PROFILE.parents[1])
    assert Path(demo.shown(demo.PROFILE)) == Path("examples/midmarket.toml")
    monkeypatch.chdir(tmp_path)
    assert demo.shown(demo.PROFILE) == str(demo.PROFILE)
