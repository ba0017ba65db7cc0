"""What every benchmark shares: contenders timed in turns, the machine they ran on, and results as files."""

import json
import platform
import statistics
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

import attrs

#: Runs one contender over one slice of the work.
Run: TypeAlias = Callable[[slice], object]

RESULTS = Path(__file__).parent / "results"


@attrs.frozen
class Times:
    """Seconds that one contender took: for every slice of the work, one time per round."""

    slices: list[list[float]]

    @property
    def best(self) -> float:
        """The sum of the best time of each slice: what it takes when nothing else runs."""
        return sum(map(min, self.slices))

    @property
    def median(self) -> float:
        """The sum of the median time of each slice: what it took as a rule."""
        return sum(map(statistics.median, self.slices))


def in_turns(contenders: Mapping[str, Run], count: int, *, rounds: int, pieces: int = 10) -> dict[str, Times]:
    """Time contenders in turns, a small slice of the work at a time: what else the machine does then hits all alike.

    Every second round runs in reverse, so that nobody always follows the same one. A first run of each is not counted.

    Args:
        contenders: what is timed, by name.
        count: the number of items of work.
        rounds: how often each slice is timed.
        pieces: the number of slices.
    """
    slices = [slice(count * piece // pieces, count * (piece + 1) // pieces) for piece in range(pieces)]
    for run in contenders.values():
        run(slices[0])
    names = list(contenders)
    taken = {name: Times([[] for _ in slices]) for name in contenders}
    for turn in range(rounds):
        for piece, part in enumerate(slices):
            for name in names if turn % 2 == 0 else reversed(names):
                start = perf_counter()
                contenders[name](part)
                taken[name].slices[piece].append(perf_counter() - start)
    return taken


def machine() -> dict[str, str]:
    """Describe where the times were taken: they mean nothing elsewhere, ratios mean more."""
    packages = ("attrs", "cattrs", "numpy", "zen-engine")
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": _processor(),
        **{package: _version(package) for package in packages},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def write_result(name: str, result: Mapping[str, Any]) -> Path:
    """Write a result as JSON below ``benchmarks/results``, with the machine it comes from."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps({"machine": machine(), **result}, indent=2) + "\n", encoding="utf-8")
    return path


def verdict(measured: float, budget: float | None) -> str:
    """Say whether a ratio keeps its budget, where it has one."""
    if budget is None:
        return ""
    return f"≤ {budget:g} ×: {'kept' if measured <= budget else 'MISSED'}"
