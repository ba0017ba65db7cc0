"""Time and memory to score files and streams that do not fit in memory, for ever more accounts.

``python -m benchmarks.streams`` writes 1, 3 and 10 million accounts as Parquet, and fewer as CSV, to a temporary
folder, piece by piece; scores each file in fresh processes; and prints how the peak of memory and the time of each
account grow, with their budgets. It writes ``benchmarks/results/streams.json``. With ``--rows 300000`` it does so with
fewer. It never fails on a time, but it does where fits are not those of `icpkit.score_batch`. Loading the libraries is
not timed. Peaks are those of the whole process, and told by Linux only.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import attrs
import numpy as np
import pyarrow as pa
from pyarrow import compute, csv
from pyarrow import parquet as pq

import icpkit as icp
from benchmarks.batch_data import KEY, accounts, plain
from benchmarks.batch_lines import Line, show
from benchmarks.timing import write_result
from benchmarks.workload import AS_OF, reference_profile

_COMPUTE: Any = compute  # its functions are made when it is imported: type checkers see none
ROUNDS = 3
#: Rows that are drawn at a time, and pieces in a group of rows: so many rows has a group as pyarrow writes them.
PIECE, PIECES = 1 << 17, 8
#: Rows of a batch in a stream of usual batches, and of small ones, and of a file that opens the rooms.
USUAL, SMALL, FEW = 1 << 17, 1_000, 1_000
#: How many times the peak and the time of each account of the smallest file those of the largest may be.
FLAT, LINEAR = 1.2, 1.2
#: How many milliseconds a small batch may take beyond scoring it as encoded.
BEYOND = 3.0


# Files


def drawn(count: int) -> Iterator[pa.Table]:
    """Draw accounts in pieces, with keys of their own."""
    for place, start in enumerate(range(0, count, PIECE)):
        table = plain(accounts(min(PIECE, count - start), seed=place))
        keys = pa.array([f"account {start + row:08}" for row in range(len(table))])
        yield table.set_column(0, KEY, keys)


def write_parquet(path: Path, count: int) -> None:
    """Write accounts as Parquet, a group of rows at a time."""
    pieces = drawn(count)
    with pq.ParquetWriter(path, next(drawn(1)).schema) as writer:
        while some := [piece for piece, _ in zip(pieces, range(PIECES), strict=False)]:
            writer.write_table(pa.concat_tables(some).combine_chunks())


def write_csv(path: Path, count: int) -> None:
    """Write accounts as CSV: labels between semicolons, moments as ISO texts."""
    schema = _as_cells(next(drawn(1))).schema
    with csv.CSVWriter(path, schema) as writer:
        for piece in drawn(count):
            writer.write_table(_as_cells(piece))


def _as_cells(table: pa.Table) -> pa.Table:
    def cells(column: Any) -> Any:
        if pa.types.is_list(column.type):
            joined = _COMPUTE.binary_join(column, ";")
            return _COMPUTE.if_else(_COMPUTE.equal(joined, ""), "[]", joined)  # a blank cell would be unknown
        if pa.types.is_timestamp(column.type):
            return _COMPUTE.strftime(column, format="%Y-%m-%dT%H:%M:%SZ")
        return column

    return pa.table({name: cells(table[name]) for name in table.column_names})


def check(part: Path) -> None:
    """Make sure that the first accounts of a part have the fits that they must have."""
    found = next(pq.ParquetFile(part).iter_batches(PIECE, columns=["key", "fit", "tier"]))
    table = next(drawn(len(found)))
    many = icp.score_batch(reference_profile(), table, key=KEY, as_of=AS_OF)
    assert found.column("key").to_pylist() == list(many.keys), part
    assert np.array_equal(found.column("fit").to_numpy(zero_copy_only=False), many.fit, equal_nan=True), part
    assert found.column("tier").to_pylist() == many.tier.tolist(), part


# What a fresh process finds


def files(path: Path) -> float:
    """Score a file to a part beside it, and tell the seconds."""
    for one in (path.with_stem("few"), path):  # the rooms open on first use
        start = perf_counter()
        icp.score_files(reference_profile(), one, one.with_suffix(""), key=KEY, as_of=AS_OF, overwrite=True)
    return perf_counter() - start


def stream(path: Path) -> float:
    """Score a stream of batches, and tell the seconds."""
    for one in (path.with_stem("few"), path):
        start = perf_counter()
        batches = pq.ParquetFile(one, pre_buffer=False, buffer_size=1 << 20).iter_batches(USUAL)
        for _ in icp.score_stream(reference_profile(), batches, key=KEY, as_of=AS_OF):
            pass
    return perf_counter() - start


def small(path: Path) -> tuple[float, float]:
    """Tell the milliseconds of a small batch in a stream, beyond scoring it as encoded; the best and the median."""
    profile = reference_profile()
    some = next(pq.ParquetFile(path).iter_batches(100 * SMALL))
    parts = [some.slice(start, SMALL) for start in range(0, some.num_rows, SMALL)]
    encoded = [icp.encode(part, profile, key=KEY) for part in parts]
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(10):
        scored = icp.score_stream(profile, parts, key=KEY, as_of=AS_OF)
        for one in encoded:
            start = perf_counter()
            next(scored)
            between = perf_counter()
            icp.score_batch(profile, one, as_of=AS_OF)
            taken[0].append(between - start)
            taken[1].append(perf_counter() - between)
    best, median = ([choose(one) * 1e3 for one in taken] for choose in (min, statistics.median))
    return best[0] - best[1], median[0] - median[1]


WORK: dict[str, Callable[[Path], Any]] = {"files": files, "stream": stream, "small": small}


def measure(what: str, path: Path) -> dict[str, Any]:
    """Do some work in this process, which is a fresh one, and tell what it took."""
    result = WORK[what](path)
    return {"result": result, "peak": _peak()}


def _peak() -> float:
    """Give the peak of this process's memory in MB; NaN where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return float("nan")
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def ask(what: str, path: Path) -> dict[str, Any]:
    """Start a fresh process and read what it found."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(["src", "."])}
    command = [sys.executable, "-m", "benchmarks.streams", "--measure", what, str(path)]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, check=True, env=environment, cwd=root, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


# Lines


@attrs.frozen
class Taken:
    """What it took to score so many accounts, in each round: seconds, and the peak of memory in MB."""

    rows: int
    seconds: list[float]
    peaks: list[float]

    @property
    def each(self) -> tuple[float, float]:
        """The seconds for a million accounts, best and median."""
        return min(self.seconds) / self.rows * 1e6, statistics.median(self.seconds) / self.rows * 1e6


def in_turns(what: str, paths: dict[int, Path]) -> list[Taken]:
    """Score files of several sizes, in fresh processes and in turns; the parts of the first round are checked."""
    taken = {rows: Taken(rows, [], []) for rows in paths}
    for turn in range(ROUNDS):
        for rows in list(paths) if turn % 2 == 0 else reversed(paths):
            found = ask(what, paths[rows])
            taken[rows].seconds.append(found["result"])
            taken[rows].peaks.append(found["peak"])
            for part in paths[rows].with_suffix("").glob("*.parquet"):
                if turn == 0:
                    check(part)
                part.unlink()
    return list(taken.values())


def growth(part: str, taken: list[Taken]) -> list[Line]:
    """Compare the peaks and the times of each account with those of the smallest file."""
    least, *others = taken
    lines = []
    for one in others:
        name, against = f"{one.rows:,} accounts", f"{least.rows:,} accounts"
        most, base = max(one.peaks), max(least.peaks)
        median = statistics.median(one.peaks) / statistics.median(least.peaks)
        lines.append(Line(part, f"peak, {name}", against, most / base, median, FLAT, "cost", (most, base), "MB"))
    for one in others:
        name, against = f"{one.rows:,} accounts, each million", f"{least.rows:,} accounts, each million"
        ratios = [ours / theirs for ours, theirs in zip(one.each, least.each, strict=True)]
        amounts = one.each[0] * 1e3, least.each[0] * 1e3
        lines.append(Line(part, name, against, ratios[0], ratios[1], LINEAR, "cost", amounts))
    return lines


def small_batches(path: Path) -> Line:
    """Compare what a small batch takes beyond scoring it as encoded with what it may take."""
    found = [ask("small", path)["result"] for _ in range(ROUNDS)]
    best, median = min(one[0] for one in found), statistics.median(one[1] for one in found)
    name, against = f"a batch of {SMALL:,} beyond scoring it as encoded", f"{BEYOND:g} ms"
    return Line("small batches", name, against, best / BEYOND, median / BEYOND, 1.0, "cost", (best, BEYOND))


def main(rows: int = 1_000_000) -> dict[str, Any]:
    """Write, score, check, print; gives what was written."""
    print(f"22 criteria; fresh processes, best and median of {ROUNDS}; the peaks are the greatest")
    print(f"{'what':49} {'':12}  {'against':36} {'':12} {'best':>7} {'median':>7} {'':7} budget")
    lines: list[Line] = []
    taken: dict[str, list[Taken]] = {}

    def add(part: str, found: list[Taken]) -> None:
        taken[part] = found
        for line in growth(part, found):
            show(line)
            lines.append(line)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_parquet(folder / "few.parquet", FEW)
        paths = {}
        for count in (rows, 3 * rows, 10 * rows):
            paths[count] = folder / f"{count}.parquet"
            write_parquet(paths[count], count)
        add("Parquet", in_turns("files", paths))
        add("stream of record batches", in_turns("stream", paths))
        lines.append(small_batches(paths[rows]))
        show(lines[-1])
        for path in paths.values():
            path.unlink()
        write_csv(folder / "few.csv", FEW)
        paths = {}
        for count in (rows // 10, 3 * rows // 10):
            paths[count] = folder / f"{count}.csv"
            write_csv(paths[count], count)
        add("CSV", in_turns("files", paths))
    result = {
        "rows": rows,
        "rounds": ROUNDS,
        "taken": {part: [attrs.asdict(one) for one in found] for part, found in taken.items()},
        "lines": [attrs.asdict(line) | {"verdict": line.verdict} for line in lines],
    }
    print(f"written to {write_result('streams', result)}")
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Time and memory to score files and streams.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="accounts of the smallest file (1,000,000)")
    parser.add_argument("--measure", nargs=2, metavar=("WHAT", "FILE"), help="what a fresh process does for it")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure[0], Path(options.measure[1]))))
    else:
        main(options.rows)
