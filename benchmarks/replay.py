"""Time to replay a change of a profile on many accounts, against one score of the same accounts.

``python -m benchmarks.replay`` draws a million accounts (``--rows`` for another number), makes sure that the movers are
those of two separate runs and that the points of the edits sum exactly to each change, times all in turns, prints a
table of ratios with their budget and writes ``benchmarks/results/replay.json``. It never fails on a time.

Each run replays a change that nobody has seen, on columns as `icpkit.encode` leaves them; encoding is not counted. The
change has nine edits, as a quarterly review makes them: weights, a range, a half-life, a criterion more and one less,
a gate, a cut. "Replayed" is who moves, counts and migration; the points of each mover by edits are found when they are
first asked for, which `print` does: the lines below say what that costs.
"""

import argparse
from collections.abc import Callable
from itertools import count
from typing import Any

import attrs
import numpy as np

import icpkit as icp
from benchmarks import batch_process
from benchmarks.batch_data import KEY, accounts
from benchmarks.batch_lines import ROUNDS, Line, show, timed
from benchmarks.batch_peers import Peer
from benchmarks.timing import write_result
from benchmarks.workload import AS_OF, reference_profile

THREADS = batch_process.THREADS
#: How many movers are split one by one for the check.
FEW = 200


def revised(profile: icp.Profile) -> icp.Profile:
    """Give the profile after a quarterly review."""
    signal = icp.Recency("last_demo_request", half_life=45, weight=3)
    size: Any = profile["firmographics/employees"]
    tiers = [attrs.evolve(tier, cut=75) if tier.name == "Perfect" else tier for tier in profile.tiers.tiers]
    return (
        profile.with_weight("technographics", 25)
        .with_weight("firmographics/industry", 3)
        .with_criterion("Firmographics", attrs.evolve(size, high=800, soft_high=1600))
        .with_criterion("Behavioral signals", signal)
        .with_criterion("Growth potential", icp.Range("headcount_growth", 0.3, None, soft_low=0, name="fast growth"))
        .without("business needs/support_tickets")
        .with_gate(icp.Gate(~icp.OneOf("ownership", ["Non-profit"])))
        .with_tiers(icp.TierScale(tiers))
    )


def check(batch: icp.Batch) -> icp.Replay:
    """Compare a replay with two runs of their own, and sum the points of all edits."""
    profile = reference_profile()
    found = icp.replay(profile, revised(profile), batch, as_of=AS_OF, threads=THREADS)
    before, after = (icp.score_batch(one, batch, as_of=AS_OF) for one in (profile, revised(profile)))
    assert np.array_equal(found.before.fit, before.fit, equal_nan=True)
    assert np.array_equal(found.after.fit, after.fit, equal_nan=True)
    moved = (before.tier_rank != after.tier_rank) | (before.status != after.status)
    assert len(found) == int(moved.sum())
    for one in found[:FEW]:
        parts = [step.millionths for step in one.steps]
        assert None in parts or sum(part or 0 for part in parts) == one.millionths, one
    total = sum(effect.millionths for effect in found.effects)
    rows = moved & ~np.isnan(before.fit) & ~np.isnan(after.fit)
    apart = np.rint(after.fit[rows] * 1e6) - np.rint(before.fit[rows] * 1e6)
    lost = np.isnan(before.fit) | np.isnan(after.fit)
    assert (moved & lost).any() or total == int(apart.sum())
    return found


def main(rows: int = 1_000_000) -> dict[str, Any]:
    """Check, time, print and write; gives what was written."""
    profile = reference_profile()
    batch = icp.encode(accounts(rows), [profile, revised(profile)], key=KEY)
    found = check(batch)
    print(f"{rows:,} accounts, 22 criteria, {THREADS} threads; best and median of {ROUNDS}")
    print(f"a change of {len(found.edits)} edits: {len(found):,} movers")
    turns = count(1)
    ready = [reference_profile(turn=next(turns)) for _ in range(5 * (ROUNDS + 2))]
    pairs = iter([(one, revised(one)) for one in ready])

    def replayed() -> icp.Replay:
        one = icp.replay(*next(pairs), batch, as_of=AS_OF, threads=THREADS)
        _ = one.counts, one.migration, len(one)
        return one

    def peer(run: Callable[[], Any]) -> Peer:
        return Peer(run, lambda _: (found.after.fit, found.after.tier_rank.astype(np.int8)))

    names = "one score", "both profiles at once", "replayed", "replayed, every mover split", "replayed and printed"
    part = timed(
        "replay",
        {
            names[0]: peer(lambda: icp.score_batch(next(pairs)[0], batch, as_of=AS_OF, threads=THREADS).tier_rank),
            names[1]: peer(lambda: icp.score_batch(next(pairs), batch, as_of=AS_OF, threads=THREADS)),
            names[2]: peer(replayed),
            names[3]: peer(lambda: replayed().effects),
            names[4]: peer(lambda: str(replayed())),
        },
        None,
    )
    budgets = None, 3, None, None
    lines: list[Line] = [part.cost(name, names[0], budget) for name, budget in zip(names[1:], budgets, strict=True)]
    for line in lines:
        show(line)
    told = [attrs.asdict(line) | {"verdict": line.verdict} for line in lines]
    counted = {"rows": rows, "rounds": ROUNDS, "threads": THREADS, "edits": len(found.edits), "movers": len(found)}
    result = {**counted, "lines": told}
    print(f"written to {write_result('replay', result)}")
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Time to replay a change of a profile on many accounts.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many accounts (1,000,000)")
    main(parser.parse_args().rows)
