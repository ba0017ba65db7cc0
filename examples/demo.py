"""Score 500 invented accounts, rank them, and say why: `make demo`, or `python examples/demo.py`."""

import csv
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

import icpkit as icp

# A script has its own folder on the path, but not the repository.
sys.path.insert(0, str(Path(__file__).parents[1]))

from examples.accounts import EXPORTED, Account, make_accounts
from examples.midmarket import midmarket

#: What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (*icp.SCHEMA, "name", "possible_tiers", "reason_1", "reason_2", "reason_3")
SHOWN = 15
#: Company names by key.
Names: TypeAlias = dict[Any, str]


def main() -> None:
    """Print the ranking, the tier counts and three explanations, and write scored.csv to the current directory."""
    profile = midmarket()
    accounts = make_accounts()
    names = {account["account_id"]: account["name"] for account in accounts}
    scores = score_all(profile, accounts)
    best, held_back, disqualified = best_of(scores), held_back_of(scores), disqualified_of(scores)
    path = Path("scored.csv")
    write_csv(path, scores, names)
    print(
        f"{profile.name}: {len(scores)} accounts as of {EXPORTED}",
        ranking(scores, names),
        tier_counts(profile, scores),
        wrong_kinds(scores),
        heading(f"The best account: {names[best.key]}"),
        best,
        heading(f"Held back by what is unknown: {names[held_back.key]}"),
        to_find_out(held_back),
        held_back,
        heading(f"Disqualified: {names[disqualified.key]}"),
        disqualified,
        f"{path} holds all {len(scores)} accounts, with three reasons each.",
        sep="\n\n",
    )


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


def disqualified_of(scores: Iterable[icp.Score]) -> icp.Score:
    """Find the disqualified account that would have fitted best: the one somebody will ask about."""
    return max((one for one in scores if one.status == "disqualified"), key=lambda one: one.fit or 0)


def ranking(scores: Iterable[icp.Score], names: Names) -> str:
    """Draw the top of the ranking."""
    lines = [f"{'':>4}  {'account':<40} {'fit':>5}   {'from – to':<13} {'known':>5}   {'tier':<9}  may be"]
    for rank, one in enumerate(ranked(scores)[:SHOWN], 1):
        rounded = one.profile.tiers.rounded
        fit, tiers = (
            f"{rounded(one.fit or 0.0):>5}   {rounded(one.low)} – {rounded(one.high)}",
            " or ".join(one.possible_tiers),
        )
        certainty = f"{one.coverage:>5.0%}   {one.tier:<9}  {'certain' if one.certain else tiers}"
        lines.append(f"{rank:>4}  {names[one.key]:<40} {fit:<21} {certainty}")
    return "\n".join(lines)


def tier_counts(profile: icp.Profile, scores: list[icp.Score]) -> str:
    """Count the accounts by tier, and those that have none by the reason."""
    tiers = Counter(one.tier for one in scores)
    certain = Counter(one.tier for one in scores if one.certain)
    statuses = Counter(one.status for one in scores)
    lines = [f"{'':<20} {'accounts':>8} {'certain':>8}   what to do"]
    lines += [
        f"{tier.name:<20} {tiers[tier.name]:>8} {certain[tier.name]:>8}   {tier.action}" for tier in profile.tiers.tiers
    ]
    lines += [
        f"{'disqualified':<20} {statuses['disqualified']:>8} {'':>8}   by {gates_failed(scores)}",
        f"{'insufficient data':<20} {statuses['insufficient data']:>8} {'':>8}   find out more: they have no fit yet",
        f"{'all':<20} {len(scores):>8}",
    ]
    return "\n".join(lines)


def gates_failed(scores: Iterable[icp.Score]) -> str:
    """Count the gates that disqualified."""
    failed = [one.explanation.gates for one in scores if one.status == "disqualified"]
    counts = Counter(gate.result.name for gates in failed for gate in gates if gate.verdict == "failed")
    return ", ".join(f"{name} ({count})" for name, count in counts.most_common())


def wrong_kinds(scores: Iterable[icp.Score]) -> str:
    """List the values that are of the wrong kind."""
    offenders = [offender for one in scores for offender in one.invalid]
    lines = [f"{len(offenders)} values are of the wrong kind, and count as unknown:"]
    return "\n".join([*lines, *(f"  {offender.describe()}" for offender in offenders)])


def heading(text: str) -> str:
    """Draw a heading across the terminal."""
    return f"== {text} ".ljust(120, "=")


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
    return textwrap.shorten(result.criterion.question(), 80, placeholder=" …", break_on_hyphens=False)


def write_csv(path: Path, scores: Iterable[icp.Score], names: Names) -> None:
    """Write one row per account: UTF-8 with the mark by which spreadsheets know it, no fit where there is none."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for one in scores:
            row = one.to_dict(reasons=3)
            row |= {"name": names[one.key], "possible_tiers": " / ".join(one.possible_tiers)}
            writer.writerow([harmless(row.get(column)) for column in COLUMNS])


def harmless(cell: object) -> object:
    """Keep a spreadsheet from running a text as a formula; numbers stay as they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


if __name__ == "__main__":
    main()
