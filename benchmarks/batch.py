"""Time to score many accounts at once, against engines that compute the same fits.

``python -m benchmarks.batch`` draws a million accounts, makes sure that all contenders give the same fits and tiers,
times them in turns, prints a table of ratios with their budgets and writes ``benchmarks/results/batch.json``. With
``--rows 200000`` it does so with fewer. It never fails on a time, but it does where two contenders disagree.

Each run scores by a profile that nobody has seen, with other edges and matches in every criterion, on columns as
`icpkit.encode` leaves them. "Other labels" finds anew which of the wanted labels each list has, as for a profile that
wants others than the one that the encoding was told of; the kernel that it is compared with reads the lists as well,
and takes logarithms. Tiers are asked for as places, as peers give them; one line asks for their names.
"""

import argparse
import gc
import statistics
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pyarrow as pa

import icpkit as icp
from benchmarks import batch_process
from benchmarks.batch_data import KEY, accounts, arrays, pandas_frame, plain, polars_frame
from benchmarks.batch_formula import TIERS
from benchmarks.batch_lines import CLOSE, ROUNDS, Line, show, timed
from benchmarks.batch_numpy import numpy_whole_columns, pandas_as_written
from benchmarks.batch_peers import (
    Fits,
    Peer,
    duckdb_own,
    duckdb_prepared,
    polars_as_written,
    polars_of_dictionaries,
    polars_own,
    polars_prepared,
)
from benchmarks.timing import Times, write_result
from benchmarks.workload import AS_OF, reference_profile

THREADS = batch_process.THREADS
PACKAGES = ("duckdb", "numba", "numpy", "pandas", "polars", "pyarrow")
FEW = 2_000


# icpkit as a contender


def _read(many: icp.Scores) -> Fits:
    places = [TIERS.index(tier.name) for tier in many.profile.tiers.tiers]
    return many.fit, np.array([*places, -1], np.int8)[many.tier_rank]


def _profiles() -> Iterator[icp.Profile]:
    """Give the reference profile, then one after the other that nobody has seen."""
    return (reference_profile(turn=turn) for turn in count())


def _other_labels(batch: icp.Batch) -> icp.Batch:
    """Forget which of the wanted labels each list has, as for a profile that wants others."""
    for attribute in batch.columns:
        batch.memory.of(attribute).patterns.clear()
    return batch


def _ours(score: Callable[[icp.Profile], icp.Scores], runs: int = ROUNDS + 2) -> Peer:
    """Make a contender that is given another profile in each run; the first is the reference, to be checked."""
    profiles = iter([profile for profile, _ in zip(_profiles(), range(runs), strict=False)])

    def run() -> icp.Scores:
        many = score(next(profiles))
        _ = many.fit, many.tier_rank
        return many

    return Peer(run, _read)


def _encoded(batch: icp.Batch, threads: int, *, labels: bool = True, outputs: tuple[str, ...] = ()) -> Peer:
    """Make a contender of encoded columns.

    Args:
        batch: the columns.
        threads: how many.
        labels: whether the wanted labels of each list are at hand.
        outputs: what is asked for beyond fits and tiers.
    """

    def score(profile: icp.Profile) -> icp.Scores:
        many = icp.score_batch(profile, batch if labels else _other_labels(batch), as_of=AS_OF, threads=threads)
        for output in outputs:
            getattr(many, output)
        return many

    return _ours(score)


def _raw(data: Any, **options: Any) -> Peer:
    return _ours(lambda profile: icp.score_batch(profile, data, as_of=AS_OF, threads=THREADS, **options))


# Checks


def expected(table: pa.Table, batch: icp.Batch) -> Fits:
    """Give the fits and tiers that everybody must find, and compare the first of them with `icpkit.Scorer`."""
    profile = reference_profile()
    many = icp.score_batch(profile, batch, as_of=AS_OF, threads=THREADS)
    scorer = icp.Scorer(profile)
    for row, account in enumerate(table.slice(0, FEW).to_pylist()):
        one = scorer.score(account, as_of=AS_OF)
        ours = None if np.isnan(many.fit[row]) else float(many.fit[row])
        assert (ours, many.tier[row], many.status[row]) == (one.fit, one.tier, one.status), account
        assert (many.coverage[row], many.low[row], many.high[row]) == (one.coverage, one.low, one.high), account
    return _read(many)


def limited(batch: icp.Batch) -> int:
    """Count the fits that their bounds hold back, which peers do not do; each would fail the comparison."""
    many = icp.score_batch(reference_profile(), batch, as_of=AS_OF, threads=THREADS)
    return int(((many.fit == many.low) & (many.low < many.high)).sum())


# The parts


def encoded_columns(table: pa.Table, batch: icp.Batch, wanted: Fits) -> list[Line]:
    """Encoded columns at hand: fits and tiers."""
    columns = arrays(table)
    peers = {
        "icpkit": _encoded(batch, THREADS),
        "icpkit, 1 thread": _encoded(batch, 1),
        "icpkit, other labels": _encoded(batch, THREADS, labels=False),
        "icpkit, other labels, 1 thread": _encoded(batch, 1, labels=False),
        "icpkit, names of tiers": _encoded(batch, THREADS, outputs=("tier",)),
        "numpy, whole columns": numpy_whole_columns(columns),
        "Polars, prepared": polars_prepared(table),
        "DuckDB, prepared": duckdb_prepared(table, threads=THREADS),
    }
    fused = _fused(columns)
    part = timed("encoded columns", peers | fused, wanted)
    lines = []
    for name, lists in (("icpkit", "as encoded"), ("icpkit, other labels", "raw lists")):
        lines += [part.fast(name, peer, 15) for peer in ("Polars, prepared", "DuckDB, prepared")]
        for threads in ("", ", 1 thread"):
            if f"numba, {lists}" in fused:
                lines.append(part.fast(name + threads, f"numba, {lists}{threads}", 1))
        lines.append(part.fast(name, "numpy, whole columns"))
    return [*lines, part.cost("icpkit, names of tiers", "icpkit")]


def _fused(columns: Any) -> dict[str, Peer]:
    try:
        from benchmarks.batch_fused import fused  # noqa: PLC0415  # only the bench group installs numba
    except ImportError:
        print("numba: left out, not installed")
        return {}
    return {
        "numba, raw lists": fused(columns, threads=THREADS),
        "numba, raw lists, 1 thread": fused(columns, threads=1),
        "numba, as encoded": fused(columns, threads=THREADS, at_hand=True),
        "numba, as encoded, 1 thread": fused(columns, threads=1, at_hand=True),
    }


def raw_tables(table: pa.Table, wanted: Fits) -> list[Line]:
    """Raw tables, encoding included: fits and tiers."""
    own = "Polars, its own frame"
    peers = {
        "icpkit, Arrow with dictionaries": _raw(table),
        "icpkit, Arrow with dictionaries and keys": _raw(table, key=KEY),
        "icpkit, plain Arrow": _raw(plain(table)),
        "icpkit, pandas": _raw(pandas_frame(table)),
        "icpkit, Polars": _raw(polars_frame(table)),
        own: polars_own(table),
        "Polars, Arrow with dictionaries": polars_of_dictionaries(table),
        "Polars, texts folded in place": polars_as_written(table),
        "DuckDB, texts folded in place": duckdb_own(table, threads=THREADS),
        "pandas, as people write it": pandas_as_written(table),
    }
    part = timed("raw table", peers, wanted)
    return [
        part.fast("icpkit, Arrow with dictionaries", own, 1.5),
        part.fast("icpkit, Arrow with dictionaries and keys", own),
        part.fast("icpkit, plain Arrow", own),
        part.fast("icpkit, pandas", own, 1),
        part.fast("icpkit, Polars", own, 1),
        part.fast("icpkit, Arrow with dictionaries", "Polars, Arrow with dictionaries"),
        part.fast("icpkit, Polars", "Polars, texts folded in place"),
        part.fast("icpkit, plain Arrow", "DuckDB, texts folded in place"),
        part.fast("icpkit, pandas", "pandas, as people write it"),
    ]


def more_outputs(batch: icp.Batch) -> list[Line]:
    """Everything beyond fit and tier; there is no path to the fit alone: what is measured is what the rest adds."""
    alone, whole, parts = "fit and tier", "and status, coverage, low, high", "and all contributions"
    peers = {
        alone: _encoded(batch, THREADS),
        whole: _encoded(batch, THREADS, outputs=("status", "coverage", "low", "high")),
        parts: _ours(lambda profile: _with_contributions(profile, batch)),
    }
    part = timed("outputs", peers, None)
    return [part.cost(whole, alone, 1.5), part.cost(parts, alone, 4)]


def _with_contributions(profile: icp.Profile, batch: icp.Batch) -> icp.Scores:
    many = icp.score_batch(profile, batch, as_of=AS_OF, threads=THREADS)
    parts = many.contributions()
    fits = np.nan_to_num(many.fit[:FEW])
    assert np.abs(parts.millionths[:FEW].sum(axis=1) / 1e6 - fits).max() < CLOSE
    return many


def another_weight(batch: icp.Batch) -> list[Line]:
    """Score again after a weight has changed, with matches that were kept."""
    kept, profile = attrs.evolve(batch, kept={}), reference_profile()
    grown = _kept_bytes(profile, kept)
    weights = iter(range(1, 100))

    def again() -> icp.Scores:
        other = profile.with_weight("technographics", 20 + next(weights))
        many = icp.score_batch(other, kept, as_of=AS_OF, threads=THREADS, keep=True)
        _ = many.fit, many.tier_rank
        return many

    other = profile.with_weight("technographics", 90)
    fits = icp.score_batch(other, kept, as_of=AS_OF, threads=THREADS, keep=True).fit
    assert np.array_equal(fits, icp.score_batch(other, batch, as_of=AS_OF).fit, equal_nan=True)
    full, changed = "another profile", "a weight changed, matches kept"
    part = timed("again", {full: _encoded(batch, THREADS), changed: Peer(again, _read)}, None)
    amounts = (batch.nbytes + grown) / 1e6, batch.nbytes / 1e6
    ratio = amounts[0] / amounts[1]
    memory = Line("again", "columns and kept matches", "columns", ratio, ratio, 2, "cost", amounts, "MB")
    return [part.cost(changed, full, 0.5), memory]


def _kept_bytes(profile: icp.Profile, batch: icp.Batch) -> int:
    """Count the bytes that matches take which are kept."""
    icp.score_batch(profile, batch, as_of=AS_OF, threads=THREADS)  # what a batch remembers anyway
    tracemalloc.start()
    icp.score_batch(profile, batch, as_of=AS_OF, threads=THREADS, keep=True)
    gc.collect()
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return grown


def several_profiles(table: pa.Table, batch: icp.Batch) -> list[Line]:
    """Score by several profiles at once, and by many with few accounts each."""
    one, eight = "one profile", "8 profiles with the same criteria, other weights"
    own = "8 profiles, 4 of 22 criteria of their own"
    turns = iter(range(10_000, 100_000))

    def segments(*, different: bool) -> list[icp.Profile]:
        base = reference_profile(turn=next(turns))
        other = [reference_profile(turn=next(turns)) if different else base for _ in range(8)]
        return [_segment(base, donor, place) for place, donor in enumerate(other)]

    def run(sets: list[list[icp.Profile]]) -> Peer:
        left = iter(sets)

        def score() -> list[icp.Scores]:
            found = icp.score_batch(next(left), batch, as_of=AS_OF, threads=THREADS)
            for many in found:
                _ = many.fit, many.tier_rank
            return found

        return Peer(score, lambda found: _read(found[0]))

    sets = {eight: False, own: True}
    peers = {one: _encoded(batch, THREADS)} | {
        name: run([segments(different=different) for _ in range(ROUNDS + 1)]) for name, different in sets.items()
    }
    for together in (segments(different=True), segments(different=False)):
        found = icp.score_batch(together, batch, as_of=AS_OF, threads=THREADS)
        alone = icp.score_batch(together[-1], batch, as_of=AS_OF, threads=THREADS)
        assert np.array_equal(found[-1].fit, alone.fit, equal_nan=True)
    part = timed("several profiles", peers, None)
    lines = [part.cost(eight, one, 4), part.cost(own, one)]
    return lines + many_tenants(table, batch)


def _segment(base: icp.Profile, donor: icp.Profile, place: int) -> icp.Profile:
    """Give a profile with other weights, and some criteria of another profile."""
    taken = ("employees", "annual_revenue", "industry", "last_demo_request")
    dimensions = []
    for dimension, other in zip(base.dimensions, donor.dimensions, strict=True):
        criteria = []
        for rank, (ours, theirs) in enumerate(zip(dimension.criteria, other.criteria, strict=True)):
            criterion = theirs if ours.name in taken else ours
            criteria.append(attrs.evolve(criterion, weight=float(ours.weight) * (1 + 0.1 * place * rank)))
        dimensions.append(icp.Dimension(dimension.name, criteria, weight=float(dimension.weight) + place))
    return icp.Profile(f"Segment {place}", dimensions)


def many_tenants(table: pa.Table, batch: icp.Batch) -> list[Line]:
    """Score a thousand accounts of each of many tenants, each by a profile of its own, encoded beforehand."""
    tenants = max(1, len(table) // 1000)
    rounds = 5
    first = reference_profile()
    batches = [icp.encode(table.slice(tenant * 1000, 1000), first) for tenant in range(tenants)]
    turns = [range(turn * tenants, (turn + 1) * tenants) for turn in range(rounds + 2)]
    sets = [[reference_profile(turn=turn) for turn in some] for some in turns]
    left = iter(sets)

    def score() -> Fits:
        found = [icp.score_batch(profile, one, as_of=AS_OF) for profile, one in zip(next(left), batches, strict=True)]
        return np.concatenate([many.fit for many in found]), np.concatenate([many.tier_rank for many in found])

    one, each = f"one profile × {len(table):,} rows", f"{tenants:,} profiles × 1,000 rows"
    fits, _ = score()
    for tenant in {0, tenants // 2, tenants - 1}:
        scorer, start = icp.Scorer(sets[0][tenant]), tenant * 1000
        alone = [scorer.score(account, as_of=AS_OF).fit for account in table.slice(start, 100).to_pylist()]
        wanted = np.array([np.nan if fit is None else fit for fit in alone])
        assert np.array_equal(fits[start : start + 100], wanted, equal_nan=True), f"tenant {tenant}"
    part = timed(
        "several profiles",
        {one: _encoded(batch, THREADS), each: Peer(score, lambda found: found)},
        None,
        rounds=rounds,
    )
    single = icp.encode(table.slice(0, 1), first)
    plans = []
    for turn in range(200):
        profile = reference_profile(turn=1_000_000 + turn)
        plans.append(icp.score_batch(profile, single, as_of=AS_OF).stats["seconds"]["plan"] * 1e3)
    amounts = min(plans), statistics.median(plans)
    plan = Line("several profiles", "a plan", "1 ms", *amounts, 0.3, "cost", (amounts[0], 1.0))
    return [part.cost(each, one, 10), plan]


def memory(path: Path) -> list[Line]:
    """Measure the peak of memory in fresh processes, above a table that is there already."""
    lines = []
    for what, name in (
        ("memory-encoded", "columns and peak of scoring them"),
        ("memory-raw", "peak of encoding and scoring"),
    ):
        found = {part: amount / 1e6 for part, amount in batch_process.ask(what, path).items()}
        held = found["columns"] + found["result"]
        amount = found["peak"] + (found["columns"] if what == "memory-encoded" else 0)
        ratio = amount / held
        lines.append(Line("memory", name, "columns and result", ratio, ratio, 1.3, "cost", (amount, held), "MB"))
    return lines


def first_runs(path: Path) -> list[Line]:
    """Compare the first run in a fresh process with the next ones: raw table in, loading of libraries not counted."""
    names = {
        "icpkit": "icpkit, Arrow with dictionaries",
        "polars": "Polars, its own frame",
        "duckdb": "DuckDB, texts folded in place",
        "fused": "numba, raw lists, compiling included",
    }
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for turn in range(3):
        for name in list(names) if turn % 2 == 0 else reversed(names):
            if name != "fused" or _installed("numba"):
                taken[name].append(batch_process.ask(f"cold-{name}", path))
    lines = []
    for name, found in taken.items():
        if found:
            first, warm = ([one[which] * 1e3 for one in found] for which in ("first_s", "warm_s"))
            median = statistics.median(first) / statistics.median(warm)
            amounts = min(first), min(warm)
            lines.append(
                Line("cold", names[name], "the same, warm", amounts[0] / amounts[1], median, None, "cost", amounts)
            )
    return lines


def growth(table: pa.Table) -> list[Line]:
    """Compare the time per account of fewer and of more accounts."""
    rows = len(table)
    sizes = [rows // 100, rows // 10, rows, rows * 10]
    taken: dict[int, Times] = {}
    for size in sizes:
        drawn = table.slice(0, size) if size <= rows else accounts(size)
        batch = icp.encode(drawn, reference_profile())
        del drawn
        rounds = ROUNDS if size <= rows else 3
        taken[size] = timed(f"{size:,}", {"": _encoded(batch, THREADS)}, None, rounds=rounds).times[""]
    lines = []
    base = taken[rows]
    for size, times in taken.items():
        if size != rows:
            best, median = (one / size * 1e9 for one in (times.best, times.median))
            of_all = base.best / rows * 1e9, base.median / rows * 1e9
            name, against = f"{size:,} accounts, time of each", f"{rows:,} accounts, time of each"
            ratios = best / of_all[0], median / of_all[1]
            lines.append(Line("growth", name, against, *ratios, None, "cost", (best, of_all[0]), "ns"))
    return lines


def main(rows: int = 1_000_000) -> dict[str, Any]:
    """Check, time, print and write; gives what was written."""
    table = accounts(rows)
    batch = icp.encode(table, reference_profile())
    wanted = expected(table, batch)
    held_back = limited(batch)
    print(f"{rows:,} accounts, 22 criteria, {THREADS} threads where nothing else is said; best and median of {ROUNDS}")
    print(f"fits held back by their bounds, which peers do not compute: {held_back}")
    print(f"{'what':49} {'':12}  {'against':36} {'':12} {'best':>7} {'median':>7} {'':7} budget")
    lines: list[Line] = []

    def add(found: list[Line]) -> None:
        for line in found:
            show(line)
        lines.extend(found)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "accounts.arrow")
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
        add(encoded_columns(table, batch, wanted))
        add(raw_tables(table, wanted))
        add(more_outputs(batch))
        add(another_weight(batch))
        add(several_profiles(table, batch))
        add(memory(path))
        add(first_runs(path))
        add(growth(table))
    result = {
        "rows": rows,
        "rounds": ROUNDS,
        "threads": THREADS,
        "packages": {package: version(package) for package in PACKAGES if _installed(package)},
        "held_back": held_back,
        "lines": [attrs.asdict(line) | {"verdict": line.verdict} for line in lines],
    }
    print(f"written to {write_result('batch', result)}")
    return result


def _installed(package: str) -> bool:
    try:
        version(package)
    except ModuleNotFoundError:
        return False
    return True


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Time to score many accounts at once.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many accounts (1,000,000)")
    main(parser.parse_args().rows)
