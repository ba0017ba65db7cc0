"""What every benchmark shares: contenders timed in turns, the machine they ran on, and results as files."""

import gc
import json
import platform
import statistics
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

#: Seconds of each round, by contender.
Rounds: TypeAlias = dict[str, list[float]]

RESULTS = Path(__file__).parent / "results"


def in_turns(contenders: Mapping[str, Callable[[], object]], *, rounds: int) -> Rounds:
    """Time each contender once a round: what else the machine does then hits all alike.

    Every second round runs in reverse, so that nobody always follows the same one. A first run of each is not counted.
    """
    for run in contenders.values():
        run()
    taken: Rounds = {name: [] for name in contenders}
    for turn in range(rounds):
        for name in list(contenders) if turn % 2 == 0 else reversed(contenders):
            gc.collect()
            start = perf_counter()
            contenders[name]()
            taken[name].append(perf_counter() - start)
    return taken


def ratio(taken: Rounds, name: str, to: str) -> tuple[float, float]:
    """Give how many times as long a contender takes: by the best of each, and by the median over the rounds."""
    by_round = [mine / theirs for mine, theirs in zip(taken[name], taken[to], strict=True)]
    return min(taken[name]) / min(taken[to]), statistics.median(by_round)


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
