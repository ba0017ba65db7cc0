"""One Spark on this machine for all tests here: real workers, each a Python process of its own.

It needs Java 17 or newer. Without one the tests are skipped, and say so; where ICPKIT_REQUIRE_JAVA is set they fail.
"""

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import icpkit

#: What Spark 4 runs on.
JAVA = 17
#: Warnings of PySpark's own, which tell nothing about icpkit; all others are errors.
OF_PYSPARK = (
    # Each call of mapInArrow says so of a pandas that is newer than itself; only Arrow goes through it here.
    "ignore:PySpark does not yet fully support pandas:FutureWarning",
    # What a job gives comes through a socket that some versions leave to the garbage collector.
    "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning",
)


def java_version() -> int | None:
    """Tell which Java there is, as Spark finds it; None for none."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    try:
        said = subprocess.run([java or "java", "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else None


def lacking() -> str:
    """Say why there can be no Spark; an empty text where there can."""
    found = java_version()
    if found is None or found < JAVA:
        have = "there is none" if found is None else f"this is {found}"
        return f"Spark needs Java {JAVA} or newer, and {have}: install a JRE, or set JAVA_HOME"
    return ""


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start a session with two workers, in UTC; it ends with the tests."""
    reason = lacking()
    if reason and os.environ.get("ICPKIT_REQUIRE_JAVA"):
        pytest.fail(f"{reason} (ICPKIT_REQUIRE_JAVA is set, so that no test is left out)", pytrace=False)
    if reason:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as patch:
        # Workers import what tests import: this icpkit, and the tests' own criteria.
        here = [str(Path(icpkit.__file__).parents[1]), str(Path(__file__).parents[2])]
        patch.setenv("PYTHONPATH", os.pathsep.join([*here, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep))
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYSPARK_DRIVER_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        session = started(folder)
        yield session
        session.stop()


def started(folder: Path) -> Any:
    """Start a session that keeps what it writes in a folder."""
    from pyspark.sql import SparkSession

    settings = {
        # Java compiles quickly rather than well: no test runs long, and it would take as long as all of them.
        "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={folder} -Dderby.system.home={folder} "
        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.driver.memory": "1g",
        "spark.local.dir": str(folder),
        "spark.log.level": "OFF",  # tests that fail on purpose would print pages
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
    }
    builder: Any = SparkSession.builder
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.master("local[2]").appName("tests of icpkit").getOrCreate()


@pytest.fixture
def run_examples() -> Callable[[str, dict[str, Any]], int]:
    """Run the examples of a text, one after the other, and count them."""

    def run(text: str, names: dict[str, Any]) -> int:
        test = doctest.DocTestParser().get_doctest(text, names, "examples", None, None)
        said: list[str] = []
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE, verbose=False)
        found = runner.run(test, out=said.append)
        assert not found.failed, "".join(said)
        return found.attempted

    return run


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let PySpark warn of what is its own, in the tests of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for one in OF_PYSPARK:
                item.add_marker(pytest.mark.filterwarnings(one))
