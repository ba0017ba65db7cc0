"""Time to score one raw account, against straight-line Python that does the same work by hand.

``python -m benchmarks.one_account`` checks that both give the same numbers, times all contenders in turns, prints a
table and writes ``benchmarks/results/one_account.json``. It never fails on a time.
"""

from typing import Any

import icpkit as icp
from benchmarks.straight_line import Outcome, straight_line
from benchmarks.timing import Run, in_turns, verdict, write_result
from benchmarks.workload import AS_OF, raw_accounts, reference_profile

BASELINE = "straight-line Python"
PLAIN = "Scorer.score"
EXPLAINED = "Scorer.score, explanation"
CONVENIENCE = "icpkit.score"
ZEN_GRAPH = "zen-engine, decision graph"
ZEN_EXPRESSION = "zen-engine, expression"

#: What each may cost, as a multiple of straight-line Python.
BUDGETS = {PLAIN: 2.0, EXPLAINED: 8.0}
NOTES = {
    BASELINE: "raw account in; fit, tier, status, coverage, low, high out",
    PLAIN: "the same in and out",
    EXPLAINED: "and the explanation tree",
    CONVENIENCE: "the same as Scorer.score, plan looked up by profile",
    ZEN_GRAPH: "Rust; the fit alone, of values read, folded and dated beforehand (not timed); no rounding rules",
    ZEN_EXPRESSION: "the same without a graph around it",
}


def outcome(one: icp.Score) -> Outcome:
    """Read what a score says."""
    return one.fit, one.tier, one.status, one.coverage, one.low, one.high


def check(accounts: list[dict[str, Any]]) -> None:
    """Make sure that both sides give the same numbers for every account."""
    scorer = icp.Scorer(reference_profile())
    for account in accounts:
        ours, theirs = outcome(scorer.score(account, as_of=AS_OF)), straight_line(account, AS_OF)
        assert ours == theirs, f"icpkit gives {ours}, straight-line Python {theirs}, for {account}"


def contenders(accounts: list[dict[str, Any]]) -> dict[str, Run]:
    """Give what is timed: each scores a slice of the accounts."""
    profile = reference_profile()
    scorer = icp.Scorer(profile)

    def by_hand(part: slice) -> None:
        for account in accounts[part]:
            _fit, _tier, _status, _coverage, _low, _high = straight_line(account, AS_OF)

    def plain(part: slice) -> None:
        for account in accounts[part]:
            outcome(scorer.score(account, as_of=AS_OF))

    def explained(part: slice) -> None:
        for account in accounts[part]:
            one = scorer.score(account, as_of=AS_OF)
            outcome(one)
            _ = one.explanation

    def convenience(part: slice) -> None:
        for account in accounts[part]:
            outcome(icp.score(profile, account, as_of=AS_OF))

    runs: dict[str, Run] = {
        BASELINE: by_hand,
        PLAIN: plain,
        EXPLAINED: explained,
        CONVENIENCE: convenience,
    }
    try:
        from benchmarks.zen_graph import zen_runners  # noqa: PLC0415  # only the bench group installs zen-engine
    except ImportError:
        return runs
    by_graph, by_expression = zen_runners(accounts)
    return runs | {ZEN_GRAPH: by_graph, ZEN_EXPRESSION: by_expression}


def main(*, count: int = 500, rounds: int = 9) -> dict[str, Any]:
    """Check, time, print and write; gives what was written."""
    check(raw_accounts(2000))
    taken = in_turns(contenders(raw_accounts(count)), count, rounds=rounds)
    base = taken[BASELINE]
    rows: dict[str, dict[str, Any]] = {
        name: {
            "best_us": times.best / count * 1e6,
            "median_us": times.median / count * 1e6,
            "ratio_of_bests": times.best / base.best,
            "ratio_of_medians": times.median / base.median,
            "budget": BUDGETS.get(name),
            "note": NOTES[name],
        }
        for name, times in taken.items()
    }
    print(f"One account, 22 criteria: µs per account over {count} accounts, {rounds} rounds in turns")
    print(f"{'':28} {'µs':>8} {'':>8} {'ratio':>7}")
    print(f"{'':28} {'best':>8} {'median':>8} {'best':>7} {'median':>7}  budget")
    for name, row in rows.items():
        times = f"{row['best_us']:8.1f} {row['median_us']:8.1f}"
        ratios = f"{row['ratio_of_bests']:7.2f} {row['ratio_of_medians']:7.2f}"
        print(f"{name:28} {times} {ratios}  {verdict(row['ratio_of_bests'], row['budget']):15} {row['note']}")
    if ZEN_GRAPH not in rows:
        print("zen-engine: left out, not installed")
    result = {"accounts": count, "rounds": rounds, "baseline": BASELINE, "contenders": rows}
    print(f"written to {write_result('one_account', result)}")
    return result


if __name__ == "__main__":
    main()
