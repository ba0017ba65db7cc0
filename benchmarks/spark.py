"""What Spark adds to scoring: its time for each million accounts, beyond the start of a session, against one process.

``python -m benchmarks.spark`` writes 500,000 and 1,500,000 accounts as Parquet, scores both on a local Spark of two
cores by `icpkit.score_spark` and in this process by `icpkit.score_stream`, and prints ratios of the time of each
million: the difference of the two sizes, so that no start and no planning of a job is in it. With ``--rows 200000`` it
does so with fewer. It needs Java 17 or newer, and writes ``benchmarks/results/spark.json``. It never fails on a time,
but it does where fits are not those of `icpkit.score_batch`.

Spark has two workers, each a process; `score_stream` has this one. "Spark alone" reads the same columns and throws them
away: what is left of a million is the way to the workers and back, and scoring itself.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import attrs
import numpy as np
import pyarrow as pa
from pyarrow import parquet as pq

import icpkit as icp
from benchmarks.batch_data import KEY, accounts, plain
from benchmarks.batch_lines import Line, show
from benchmarks.timing import write_result
from benchmarks.workload import AS_OF, reference_profile

ROUNDS = 3
#: Rows of a file: a task reads one at least.
PIECE = 250_000
#: Rows of a batch: as Spark makes them unless told, and more.
USUAL, LARGE = 10_000, 65_536
CORES = 2


def write(folder: Path, count: int) -> Path:
    """Write accounts as some Parquet files."""
    folder.mkdir()
    for place, start in enumerate(range(0, count, PIECE)):
        table = plain(accounts(min(PIECE, count - start), seed=place))
        keys = pa.array([f"account {start + row:08}" for row in range(len(table))])
        pq.write_table(table.set_column(0, KEY, keys), folder / f"{place:04}.parquet")
    return folder


def session(folder: Path) -> Any:
    """Start Spark with two workers, which find this icpkit."""
    from pyspark.sql import SparkSession  # noqa: PLC0415  # it is there where somebody measures it

    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    os.environ |= {
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": str(Path(icp.__file__).parents[1]),
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    settings = {
        "spark.driver.memory": "2g",
        "spark.local.dir": str(folder),
        "spark.log.level": "OFF",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder: Any = SparkSession.builder
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.master(f"local[{CORES}]").appName("benchmark of icpkit").getOrCreate()


# Contenders


def by_spark(spark: Any, folder: Path, rows: int) -> None:
    """Score by workers; the results are thrown away."""
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", rows)
    scored = icp.score_spark(reference_profile(), spark.read.parquet(str(folder)), key=KEY, as_of=AS_OF)
    scored.write.format("noop").mode("overwrite").save()


def by_spark_alone(spark: Any, folder: Path) -> None:
    """Read the columns that scoring needs, and throw them away."""
    frame = spark.read.parquet(str(folder))
    wanted = icp.stream_scorer(reference_profile(), key=KEY, as_of=AS_OF).wanted
    frame.select(*wanted).write.format("noop").mode("overwrite").save()


def by_stream(folder: Path, rows: int) -> None:
    """Score in this process; the results are thrown away."""
    for _ in icp.score_stream(reference_profile(), batches(folder, rows), key=KEY, as_of=AS_OF):
        pass


def batches(folder: Path, rows: int) -> Iterator[Any]:
    """Read files, batch by batch."""
    for path in sorted(folder.iterdir()):
        yield from pq.ParquetFile(path).iter_batches(rows)


def check(spark: Any, folder: Path) -> None:
    """Make sure that workers give the fits that they must."""
    piece = pq.read_table(min(folder.iterdir()))
    scored = icp.score_spark(reference_profile(), spark.read.parquet(str(min(folder.iterdir()))), key=KEY, as_of=AS_OF)
    found = scored.select("key", "fit").toArrow().sort_by("key")
    many = icp.score_batch(reference_profile(), piece, key=KEY, as_of=AS_OF)
    assert found["key"].to_pylist() == list(many.keys)
    assert np.array_equal(found["fit"].to_numpy(), many.fit, equal_nan=True)


# Lines


@attrs.frozen
class Taken:
    """What each size took in each round, in seconds.

    Attributes:
        apart: by how many accounts the sizes differ.
        small: the seconds of the smaller.
        large: the seconds of the larger.
    """

    apart: int
    small: list[float]
    large: list[float]

    @property
    def each(self) -> tuple[float, float]:
        """The seconds of a million accounts, from the best of each size and from their medians."""
        best, median = (
            (choose(self.large) - choose(self.small)) / self.apart * 1e6 for choose in (min, statistics.median)
        )
        return best, median


def in_turns(contenders: dict[str, Callable[[Path], None]], sizes: dict[int, Path], rounds: int) -> dict[str, Taken]:
    """Time all contenders with both sizes, in turns; a first run of each, which starts workers, is not counted."""
    small, large = sizes
    taken = {name: Taken(large - small, [], []) for name in contenders}
    for run in contenders.values():
        run(sizes[small])
    for turn in range(rounds):
        for name in list(contenders) if turn % 2 == 0 else reversed(contenders):
            for count, seconds in ((small, taken[name].small), (large, taken[name].large)):
                start = perf_counter()
                contenders[name](sizes[count])
                seconds.append(perf_counter() - start)
    return taken


def cost(taken: dict[str, Taken], name: str, against: str) -> Line:
    """Compare the times of a million accounts."""
    ours, theirs = taken[name].each, taken[against].each
    amounts = ours[0] * 1e3, theirs[0] * 1e3
    return Line("spark", name, against, ours[0] / theirs[0], ours[1] / theirs[1], None, "cost", amounts)


def java() -> bool:
    """Tell whether there is a Java."""
    home = os.environ.get("JAVA_HOME")
    return Path(home, "bin", "java").exists() if home else shutil.which("java") is not None


def main(rows: int = 500_000, rounds: int = ROUNDS) -> dict[str, Any] | None:
    """Write, score, check, print; gives what was written, None where there is no Java."""
    if not java():
        print("Spark is left out: it needs Java 17 or newer")
        return None
    print(f"22 criteria; a million accounts each, beyond the first {rows:,}; best and median of {rounds}")
    print(f"{'what':49} {'':12}  {'against':36} {'':12} {'best':>7} {'median':>7}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sizes = {count: write(folder / str(count), count) for count in (rows, 3 * rows)}
        start = perf_counter()
        spark = session(folder)
        try:
            started = perf_counter() - start
            check(spark, sizes[rows])
            contenders: dict[str, Callable[[Path], None]] = {"Spark alone": partial(by_spark_alone, spark)}
            for size in (USUAL, LARGE):
                contenders |= {
                    f"score_spark, batches of {size:,}": partial(by_spark, spark, rows=size),
                    f"score_stream, batches of {size:,}": partial(by_stream, rows=size),
                }
            taken = in_turns(contenders, sizes, rounds)
        finally:
            spark.stop()
    usual, large = (f"score_stream, batches of {size:,}" for size in (USUAL, LARGE))
    lines = [
        cost(taken, f"score_spark, batches of {USUAL:,}", usual),
        cost(taken, f"score_spark, batches of {LARGE:,}", large),
        cost(taken, f"score_spark, batches of {LARGE:,}", f"score_spark, batches of {USUAL:,}"),
        cost(taken, "Spark alone", large),
        cost(taken, usual, large),
    ]
    for line in lines:
        show(line)
    beyond = started / taken[large].each[0]
    print(f"the start of a session takes as long as score_stream takes for {beyond:.1f} million accounts")
    result = {
        "rows": rows,
        "rounds": rounds,
        "start": started,
        "taken": {name: attrs.asdict(one) for name, one in taken.items()},
        "lines": [attrs.asdict(line) for line in lines],
    }
    print(f"written to {write_result('spark', result)}")
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What Spark adds to scoring.")
    parser.add_argument("--rows", type=int, default=500_000, help="accounts of the smaller size (500,000)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how often each is timed ({ROUNDS})")
    options = parser.parse_args()
    main(options.rows, options.rounds)
