"""Long streams, in processes of their own: memory that does not grow, and runs that are killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

import icpkit as icp
from tests.streaming.streamed import COUNTRIES, DAY, INDUSTRIES, PROFILE, TOOLS, accounts, read, reference, write

GROUP = 20_000


def long_file(path: Path, groups: int) -> Path:
    """Write a file of many row groups, without ever holding them."""
    rng = np.random.default_rng(groups)
    names = [np.array(values, object) for values in (INDUSTRIES, COUNTRIES)]
    lists = pa.array(TOOLS)
    with pq.ParquetWriter(path, accounts(1).schema) as writer:
        for group in range(groups):
            columns = {
                "id": [f"a{group * GROUP + row}" for row in range(GROUP)],
                "employees": pa.array(rng.integers(10, 2000, GROUP), mask=rng.random(GROUP) < 0.1),
                "industry": pa.array(names[0][rng.integers(3, size=GROUP)], pa.string()),
                "tools": lists.take(pa.array(rng.integers(4, size=GROUP))),
                "country": pa.array(names[1][rng.integers(5, size=GROUP)], pa.string()),
                "partner": pa.array(rng.random(GROUP) < 0.5),
                "note": pa.array(["not read, but long " * 4] * GROUP),
            }
            writer.write_table(pa.table(columns))
    return path


def run(program: str, *arguments: object) -> list[str]:
    """Run a program in a process of its own, and give what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return done.stdout.split()


MEMORY = """
import resource, sys
import icpkit as icp
from tests.streaming.streamed import PROFILE

for path in sys.argv[2:]:
    report = icp.score_files(PROFILE, path, sys.argv[1], key="id", as_of="2026-11-21")
    print(report.rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def grows(folder: Path, *groups: int) -> list[int]:
    """Score files one after the other in one process, and give the peak of its memory after each, in MB."""
    paths = [long_file(folder / f"{count}.parquet", count) for count in groups]
    found = list(map(int, run(MEMORY, folder / "out", *paths)))
    assert found[::2] == [count * GROUP for count in groups]
    return found[1::2]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the peak is counted in other units, or not at all")
def test_memory_stays_flat(tmp_path: Path) -> None:
    """Six times the accounts take no more memory; held at once, they would take some 150 MB more."""
    first, second = grows(tmp_path, 8, 48)
    assert second - first < 40


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="as above")
def test_memory_stays_flat_at_three_millions(tmp_path: Path) -> None:
    """Three million accounts take no more than one million."""
    first, second = grows(tmp_path, 50, 150)
    assert second - first < 60


KILLED = """
import sys, time
import icpkit as icp
from tests.streaming.streamed import PROFILE

def stop(done, total, path):
    if done == int(sys.argv[3]):
        print("ready", flush=True)
        time.sleep(600)

icp.score_files(PROFILE, sys.argv[1], sys.argv[2], key="id", as_of="2026-11-21", rows=10, progress=stop)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
@pytest.mark.parametrize("after", [10, 70, 110])
def test_a_killed_run_leaves_no_half_part_and_goes_on(tmp_path: Path, after: int) -> None:
    """Killed in the middle of a file, a run leaves whole parts alone; the next one ends what it began."""
    table = accounts(150)
    for place in range(3):
        write(tmp_path, f"in/{place}.parquet", table.slice(50 * place, 50), row_group_size=20)
    out = tmp_path / "out"
    command = [sys.executable, "-c", KILLED, str(tmp_path / "in"), str(out), str(after)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    whole = after // 50
    parts = sorted(path.name for path in out.glob("*.parquet"))
    assert parts == [f"{place}.parquet" for place in range(whole)]
    assert read(out) == reference(table.slice(0, 50 * whole))
    assert len(list(out.glob(".*.tmp"))) == 1
    report = icp.score_files(PROFILE, tmp_path / "in", out, key="id", as_of=DAY)
    assert [part.resumed for part in report.parts] == [place < whole for place in range(3)]
    assert read(out) == reference(table)
    assert not list(out.glob(".*.tmp"))
