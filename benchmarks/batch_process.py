"""What only a fresh process can show: the first run of each contender, and the peak of memory.

``python -m benchmarks.batch_process cold-icpkit FILE`` and so on prints one line of JSON; `benchmarks.batch` starts it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

THREADS = 2


def ask(what: str, table: Path) -> dict[str, float]:
    """Start a fresh process and read what it found."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(["src", "."])}
    root = Path(__file__).parents[1]
    command = [sys.executable, "-m", "benchmarks.batch_process", what, str(table)]
    done = subprocess.run(command, check=True, env=environment, cwd=root, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _table(path: str) -> Any:
    import pyarrow as pa  # noqa: PLC0415  # a process loads what it measures, and no more

    with pa.OSFile(path) as file:  # not mapped: what is in memory is there from the start
        return pa.ipc.open_file(file).read_all()


# The first run


def _cold_icpkit(table: Any) -> Callable[[], Any]:
    import icpkit as icp  # noqa: PLC0415
    from benchmarks.workload import AS_OF, reference_profile  # noqa: PLC0415
    from icpkit import batch  # noqa: F401, PLC0415  # the rooms open on first use
    from icpkit.adapters import arrow  # noqa: F401, PLC0415

    profile = reference_profile()

    def run() -> Any:
        many = icp.score_batch(profile, table, as_of=AS_OF, threads=THREADS)
        return many.fit, many.tier_rank

    return run


def _cold_polars(table: Any) -> Callable[[], Any]:
    from benchmarks.batch_peers import polars_own  # noqa: PLC0415

    return polars_own(table).run


def _cold_duckdb(table: Any) -> Callable[[], Any]:
    from benchmarks.batch_peers import duckdb_own  # noqa: PLC0415

    return duckdb_own(table, threads=THREADS).run


def _cold_fused(table: Any) -> Callable[[], Any]:
    from benchmarks.batch_data import arrays  # noqa: PLC0415
    from benchmarks.batch_fused import fused  # noqa: PLC0415

    return fused(arrays(table), threads=THREADS).run


_COLD = {"icpkit": _cold_icpkit, "polars": _cold_polars, "duckdb": _cold_duckdb, "fused": _cold_fused}


def cold(contender: str, path: str) -> dict[str, float]:
    """Time the first run and the best of three more; loading the table and the library is not timed."""
    run = _COLD[contender](_table(path))
    taken = []
    for _ in range(4):
        start = perf_counter()
        run()
        taken.append(perf_counter() - start)
    return {"first_s": taken[0], "warm_s": min(taken[1:])}


# Memory


def _status(field: str) -> int:
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(field + ":")]
    return int(line.split()[1]) * 1024


def _peak_of(work: Callable[[], Any]) -> tuple[Any, int]:
    """Give what some work gives, and by how much the memory of the process rose at most while it was done."""
    before = _status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # forgets the peak so far
    found = work()
    return found, _status("VmHWM") - before


def memory(path: str, *, columns_at_hand: bool) -> dict[str, float]:
    """Measure the peak of scoring, or of encoding and scoring, above the table that is there already."""
    import icpkit as icp  # noqa: PLC0415
    from benchmarks.workload import AS_OF, reference_profile  # noqa: PLC0415

    table = _table(path)
    profile = reference_profile()
    _scored(icp.score_batch(profile, table.slice(0, 1000), as_of=AS_OF, threads=THREADS))  # loads what it needs
    data = icp.encode(table, profile) if columns_at_hand else table
    (many, result), peak = _peak_of(lambda: _scored(icp.score_batch(profile, data, as_of=AS_OF, threads=THREADS)))
    return {"columns": many.batch.nbytes, "result": result, "peak": peak}


def _scored(many: Any) -> tuple[Any, int]:
    arrays = (many.fit, many.tier, many.status, many.coverage, many.low, many.high)
    return many, sum(array.nbytes for array in arrays)


def main() -> None:
    """Measure what the command line asks for."""
    what, path = sys.argv[1:]
    if what.startswith("memory-"):
        found = memory(path, columns_at_hand=what == "memory-encoded")
    else:
        found = cold(what.removeprefix("cold-"), path)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
