"""The demo that everybody runs first: it runs, its numbers add up, and its file is safe to open."""

import csv
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import icpkit as icp
from examples import accounts, demo, midmarket

SCRIPT = Path(__file__).parents[2] / "examples" / "demo.py"


@pytest.fixture(scope="module")
def scores() -> list[icp.Score]:
    """The scores of the demo's accounts."""
    return demo.score_all(midmarket.midmarket(), accounts.make_accounts())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the demo ran, and left scored.csv and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run([sys.executable, SCRIPT], cwd=folder, env=environment, capture_output=True, check=True)
    (folder / "printed.txt").write_bytes(ran.stdout)
    return folder


@pytest.fixture(scope="module")
def printed(folder: Path) -> str:
    """What the demo printed."""
    return (folder / "printed.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[dict[str, str]]:
    """The rows of scored.csv."""
    with (folder / "scored.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_accounts_are_the_same_for_the_same_seed() -> None:
    """One seed, one set of accounts; another seed, another set."""
    assert repr(accounts.make_accounts(50)) == repr(accounts.make_accounts(50))
    assert repr(accounts.make_accounts(50)) != repr(accounts.make_accounts(50, seed=1))


def test_there_are_as_many_accounts_as_are_asked_for() -> None:
    """More accounts than there are names to combine still have distinct names."""
    names = [account["name"] for account in accounts.make_accounts(1000)]
    assert len(set(names)) == 1000


def test_the_accounts_have_the_attributes_of_the_standard_profile() -> None:
    """Every attribute that the standard profile reads occurs, and besides these only id, name and country."""
    made = {attribute for account in accounts.make_accounts() for attribute in account}
    profile = icp.standard_profile()
    criteria = [criterion for dimension in profile.dimensions for criterion in dimension.criteria]
    criteria += [gate.criterion for gate in profile.gates] + [one.when for one in profile.adjustments]
    read = {attribute for criterion in criteria for attribute in criterion.value_function().attributes}
    assert made == read | {"account_id", "name", "country"}


def test_every_kind_of_unknown_occurs() -> None:
    """No such field, None, NaN, empty and blank text."""
    made = accounts.make_accounts()
    industries = {repr(account.get("industry", "no such field")) for account in made}
    assert {"'no such field'", "None", "nan", "''", "'   '"} <= industries


def test_every_account_has_one_row_in_the_one_schema(rows: list[dict[str, str]]) -> None:
    """500 rows with the columns of the schema first, and each key once."""
    assert len({row["key"] for row in rows}) == len(rows) == 500
    assert tuple(rows[0])[: len(icp.SCHEMA)] == icp.SCHEMA


def test_the_file_holds_the_scores(rows: list[dict[str, str]], scores: list[icp.Score]) -> None:
    """Fit, tier, status and bounds survive the way through the file; without a fit the cell is empty, and never 0."""
    written = [(row["fit"], row["tier"], row["status"], float(row["low"]), float(row["high"])) for row in rows]
    expected = [
        ("" if one.fit is None else repr(one.fit), one.tier or "", one.status, one.low, one.high) for one in scores
    ]
    assert written == expected


def test_no_text_begins_as_a_formula_does(rows: list[dict[str, str]]) -> None:
    """Names that begin with = + - @ are kept, behind an apostrophe."""
    assert not [text for row in rows for text in row.values() if text.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {row["name"][:2] for row in rows if row["name"].startswith("'")} == {"'=", "'+", "'-", "'@"}


@pytest.mark.parametrize("cell", [-1.5, 0, None, "Acme", "a=b", ""])
def test_numbers_and_other_texts_are_untouched(cell: object) -> None:
    """Only what begins as a formula is changed."""
    assert demo.harmless(cell) is cell


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_formulas_are_escaped(cell: str) -> None:
    """An apostrophe goes before each of the six beginnings."""
    assert demo.harmless(cell) == f"'{cell}"


def test_the_counts_add_up(printed: str, scores: list[icp.Score]) -> None:
    """The printed counts are those of the scores, and sum to 500; no more are certain than there are."""
    lines = printed[printed.index("what to do") :].splitlines()[1:8]
    counts = {line[:20].strip(): [int(text) for text in line[20:38].split()] for line in lines}
    assert counts.pop("all") == [500]
    assert sum(count[0] for count in counts.values()) == 500
    assert {name: count[0] for name, count in counts.items()} == Counter(one.tier or one.status for one in scores)
    assert all(count[-1] <= count[0] for count in counts.values())


def test_the_ranking_falls(printed: str, scores: list[icp.Score]) -> None:
    """Fifteen accounts are shown, the best first, and none without a tier is ranked."""
    ranked = demo.ranked(scores)
    fits = [one.fit or 0 for one in ranked]
    assert fits == sorted(fits, reverse=True)
    assert all(one.tier for one in ranked)
    assert "  15  " in printed
    assert "  16  " not in printed


def test_the_best_accounts_points_sum_to_its_fit(scores: list[icp.Score]) -> None:
    """To the millionth."""
    best = demo.best_of(scores)
    assert sum(points for _, points in best.explanation.points) == round((best.fit or 0) * 10**6)


def test_three_accounts_are_explained(printed: str, scores: list[icp.Score]) -> None:
    """The best, one that unknowns hold back, and one disqualified, each with its table as icpkit draws it."""
    for one in (demo.best_of(scores), demo.held_back_of(scores), demo.disqualified_of(scores)):
        assert str(one) in printed


def test_the_one_held_back_can_reach_the_top_tier(printed: str, scores: list[icp.Score]) -> None:
    """Its highest fit lies in a better tier, and what to find out is listed, the most telling first."""
    held_back = demo.held_back_of(scores)
    assert held_back.tier != held_back.possible_tiers[0] == "Perfect"
    names = [unknown.name for unknown in held_back.explanation.unknowns]
    listed = demo.to_find_out(held_back).splitlines()[1:]
    assert [line[2:22].strip() for line in listed][: len(names)] == names
    assert demo.to_find_out(held_back) in printed


def test_the_output_fits_a_terminal(printed: str) -> None:
    """No line is longer than 120 characters."""
    assert [line for line in printed.splitlines() if len(line) > 120] == []
