"""Long streams, in processes of their own: memory that does not grow, and runs that are killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet as pq

import icpkit as icp
from tests.streaming.streamed import DAY, PROFILE, accounts, read, reference, write

GROUP = 10_000


def long_file(path: Path, groups: int) -> Path:
    """Write a file of many row groups, all alike, with keys so long that whatever is held is seen."""
    table = accounts(GROUP)
    table = table.set_column(0, "id", pa.array([f"{key:>400}" for key in table["id"].to_pylist()]))
    with pq.ParquetWriter(path, table.schema) as writer:
        for _ in range(groups):
            writer.write_table(table)
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

for path in sys.argv[3:]:
    report = icp.score_files(PROFILE, path, sys.argv[1], key="id", as_of="2026-11-21", rows=int(sys.argv[2]) or None)
    print(report.rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def grows(folder: Path, *groups: int) -> list[int]:
    """Score files one after the other in one process, and give the peak of its memory after each, in MB."""
    paths = [long_file(folder / f"{count}.parquet", count) for count in groups]
    found = list(map(int, run(MEMORY, folder / "out", 0, *paths)))
    assert found[::2] == [count * GROUP for count in groups]
    return found[1::2]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the peak is counted in other units, or not at all")
def test_memory_stays_flat(tmp_path: Path) -> None:
    """Seven times the accounts take no more memory: their keys alone would be 96 MB more."""
    first, second = grows(tmp_path, 4, 28)
    assert second - first < 40


@pytest.mark.skipif(sys.platform != "linux", reason="as above")
@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_memory_stays_flat_for_text(tmp_path: Path, ending: str) -> None:
    """A file of 66 MB takes no more memory than one of 11 MB."""
    paths = []
    for count in (2_500, 15_000):
        paths.append(tmp_path / f"{count}.{ending}")
        with paths[-1].open("w", encoding="utf-8") as file:
            if ending == "csv":
                file.write("id,employees,industry,tools,country,partner,note\n")
            for row in range(count):
                key = f"{row:>4000}".replace(" ", "x")
                if ending == "csv":
                    file.write(f"{key},{row % 900},Software,Slack;Jira,DE,yes,{row:0>400}\n")
                else:
                    account = f'"employees": {row % 900}, "industry": "Software", "tools": ["Slack"], "country": "DE"'
                    file.write(f'{{"id": "{key}", {account}, "partner": true, "note": "{row:0>400}"}}\n')
    found = list(map(int, run(MEMORY, tmp_path / "out", 500, *paths)))
    assert found[::2] == [2_500, 15_000]
    assert found[3] - found[1] < 15


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="as above")
def test_memory_stays_flat_at_three_millions(tmp_path: Path) -> None:
    """Three million accounts take no more than one million."""
    first, second = grows(tmp_path, 100, 300)
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
