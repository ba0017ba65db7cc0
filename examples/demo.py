"""Score 500 invented accounts on the command line, and say why: `make demo`, or `python examples/demo.py`.

Everything is written into a folder `demo` below the current directory.
"""

import contextlib
import io
import os
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

import icpkit as icp

# A script has its own folder on the path, but not the repository.
sys.path.insert(0, str(Path(__file__).parents[1]))

from examples.accounts import EXPORTED, Account, make_accounts, write_export

PROFILE = Path(__file__).with_name("midmarket.toml")
FOLDER = Path("demo")
ACCOUNTS, STANDARD, TABLE = FOLDER / "accounts.csv", FOLDER / "standard.json", FOLDER / "midmarket.html"
SCORED, PAGE, PICTURE = FOLDER / "scored.csv", FOLDER / "held-back.html", FOLDER / "held-back.svg"
FILES = {
    SCORED: "every account's fit, tier, bounds and reasons, for a spreadsheet",
    PAGE: "the page that explains the account held back, for a browser",
    PICTURE: "its picture alone",
    TABLE: "the profile on one page",
    ACCOUNTS: "the accounts, as messy as they came",
    STANDARD: "the standard profile as JSON, to start from",
}
#: How many accounts are ranked, how wide a heading is, and how many lines are never left out.
SHOWN, WIDTH, WHOLE = 8, 120, 1000
#: Company names by key.
Names: TypeAlias = dict[Any, str]


def main() -> None:
    """Write the accounts, then run each command of icpkit on them, and show what Python adds."""
    profile, accounts = icp.load(PROFILE), make_accounts()
    names = {account["account_id"]: account["name"] for account in accounts}
    scores = score_all(profile, accounts)
    best, held_back = best_of(scores), held_back_of(scores)
    FOLDER.mkdir(exist_ok=True)
    write_export(ACCOUNTS, accounts)
    icp.dump(icp.standard_profile(), STANDARD)
    path, as_of = shown(PROFILE), ("--as-of", str(EXPORTED))
    print(f"Each command as you would type it; python is {sys.executable}")

    heading("Is the profile sound, and are the examples in it scored as everybody agrees?")
    run("validate", path, first=12, last=3)
    print()
    run("table", path, "--out", str(TABLE))

    heading("What makes it differ from the standard profile?")
    run("diff", str(STANDARD), path, first=10, last=1, code=1)

    heading(f"Score {len(accounts)} accounts, as messy as a CRM exports them: nothing is guessed")
    run("score", path, str(ACCOUNTS), *as_of, "--out", str(SCORED), code=1)
    print()
    run("score", path, str(ACCOUNTS), *as_of, "--on-invalid", "unknown", "--out", str(SCORED), first=1, last=11)

    heading("The best of them, and what they may still become (from Python, which gives the same scores)")
    print(ranking(scores, names))

    heading(f"Why is {names[best.key]} the best?")
    run("explain", path, str(ACCOUNTS), *as_of, "--key", best.key)

    heading(f"What holds {names[held_back.key]} back?")
    for out in (PAGE, PICTURE):
        run("explain", path, str(ACCOUNTS), *as_of, "--key", held_back.key, "--out", str(out))
    print(to_find_out(held_back), textwrap.fill(str(icp.compare(best, held_back)), WIDTH), sep="\n\n")

    heading(f"Look into {FOLDER.resolve()}")
    print("\n".join(f"{file.name:<16} {what}" for file, what in FILES.items()))


def heading(text: str) -> None:
    """Write a heading across the terminal."""
    print(f"\n== {text} ".ljust(WIDTH, "="))


def run(*arguments: str, code: int = 0, first: int = WHOLE, last: int = 0) -> None:
    """Run ``python -m icpkit`` as a user would, below the line that a user would type, and show what it says.

    Args:
        arguments: what follows ``python -m icpkit``.
        code: the exit code with which it should end; with any other the demo ends too.
        first: how many lines of its output to show.
        last: how many to show after what is left out.
    """
    print(f"$ {shlex.join(['python', '-m', 'icpkit', *arguments])}")
    # UTF-8, whatever this terminal holds; and no file of the current directory may stand in for a module of Python's.
    environment = os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONSAFEPATH": "1"}
    ran = subprocess.run(  # noqa: S603  # this Python, and arguments of our own
        [sys.executable, "-m", "icpkit", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    lines = ran.stdout.splitlines()
    if ran.returncode != code:
        print(*lines, sep="\n")
        sys.exit(f"the exit code should be {code}, and is {ran.returncode}")
    if left_out := max(0, len(lines) - first - last):
        lines[first : first + left_out] = [f"  [{left_out} lines are left out here]"]
    print("\n".join([*lines, *([f"[exit code {code}]"] if code else [])]), end="\n" if lines else "")


def shown(path: Path) -> str:
    """Write a path as one who is in the current directory does, if it is below that."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def score_all(profile: icp.Profile, accounts: Iterable[Account]) -> list[icp.Score]:
    """Score every account; a value of the wrong kind counts as unknown, and is listed in the score."""
    scorer = icp.Scorer(profile)
    return [scorer.score(account, as_of=EXPORTED, key="account_id", on_invalid="unknown") for account in accounts]


def ranked(scores: Iterable[icp.Score]) -> list[icp.Score]:
    """Put the accounts that have a tier in order, the best first, equal fits by key."""
    return sorted((one for one in scores if one.tier), key=lambda one: (-(one.fit or 0), one.key))


def best_of(scores: Iterable[icp.Score]) -> icp.Score:
    """Find the account at the top."""
    return ranked(scores)[0]


def held_back_of(scores: Iterable[icp.Score]) -> icp.Score:
    """Find the account with the most to gain, of those that may be in the top tier once their unknowns are known."""
    top = best_of(scores).profile.tiers.tiers[0].name
    candidates = [one for one in ranked(scores) if top in one.possible_tiers and one.tier != top]
    return max(candidates, key=lambda one: one.high - (one.fit or 0))


def ranking(scores: Iterable[icp.Score], names: Names) -> str:
    """Draw the top of the ranking."""
    lines = [f"{'':>4}  {'key':<7} {'account':<32} {'fit':>5}   {'from - to':<13} {'known':>5}   {'tier':<9} may be"]
    for rank, one in enumerate(ranked(scores)[:SHOWN], 1):
        rounded = one.profile.tiers.rounded
        bounds = f"{rounded(one.low)} - {rounded(one.high)}"
        may_be = "certain" if one.certain else " or ".join(one.possible_tiers)
        lines.append(
            f"{rank:>4}  {one.key:<7} {names[one.key]:<32} {rounded(one.fit or 0.0):>5}   {bounds:<13} "
            f"{one.coverage:>5.0%}   {one.tier:<9} {may_be}"
        )
    return "\n".join(lines)


def to_find_out(one: icp.Score) -> str:
    """Say what is worth a phone call."""
    rounded = one.profile.tiers.rounded
    today = f"{one.tier} today, with a fit of {rounded(one.fit or 0.0)}"
    lines = [f"{today}; may turn out to be {one.possible_tiers[0]}, with up to {rounded(one.high)}. Worth finding out:"]
    for unknown in one.explanation.unknowns:
        low, high = unknown.worth
        lines.append(f"  {unknown.name:<20} {high - low:>4.1f} points   {asked(unknown)}")
    lines += [
        f"  {gate.result.name:<20} {'must-have':>11}   {asked(gate.result)}" for gate in one.explanation.unverified
    ]
    return "\n".join(lines)


def asked(result: icp.CriterionResult) -> str:
    """Say what a criterion asks, as far as one line holds it."""
    return textwrap.shorten(result.criterion.question(), 80, placeholder=" ...", break_on_hyphens=False)


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):  # write by its number what a terminal's encoding lacks
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        main()
    except BrokenPipeError:  # who reads this has seen enough
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
