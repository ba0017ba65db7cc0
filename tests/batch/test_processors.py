"""The same bits on processors with and without wide vectors, as far as this machine can act as several."""

import hashlib
import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import icpkit as icp

HERE = Path(__file__).parents[2]


def features() -> list[str]:
    """Give what numpy picks its loops by on this machine, beyond what it was built to need."""
    umath: Any = importlib.import_module("numpy._core._multiarray_umath")
    return [name for name in umath.__cpu_dispatch__ if umath.__cpu_features__.get(name)]


def golden_batch() -> str:
    """Score accounts of a fixed kind by every sort of curve, and give all that comes of it as one hash."""
    profile = icp.Profile(
        "P",
        [
            icp.Dimension("Size", [icp.Range("size", 50, 500, soft_low=10, soft_high=2000)]),
            icp.Dimension("Log", [icp.Range("revenue", 1e6, 5e7, soft_low=2e5, soft_high=9e8, scale="log")]),
            icp.Dimension("Bands", [icp.Bands("growth", [(edge / 7, edge / 40) for edge in range(40)])]),
            icp.Dimension("Seen", [icp.Recency("seen", half_life=30), icp.Recency("met", linear=90)]),
            icp.Dimension("Age", [icp.Age("founded", at_least=2, at_most=30, soft_at_least=1, soft_at_most=60)]),
            icp.Dimension("Tools", [icp.TechOverlap("tools", {"a": 3, "b": 1, "c": 0.1})]),
        ],
        gates=[icp.Gate(icp.Flag("b2b"))],
        adjustments=[icp.Adjustment(-15, icp.Recency("seen", half_life=7, absent="unknown"))],
        min_coverage=0.25,
    )
    count = 5000
    rng = np.random.default_rng(20_261_121)
    unknown = rng.random((7, count)) < 0.15
    micros = 1_790_000_000_000_000
    columns = {
        "size": rng.integers(1, 4000, count).astype(float),
        "revenue": np.ldexp(rng.uniform(1, 2, count), rng.integers(12, 31, count)),
        "growth": rng.uniform(-3, 7, count),
        "seen": (micros - rng.integers(-(10**11), 10**13, count)).astype("M8[us]"),
        "met": (micros - rng.integers(0, 10**13, count)).astype("M8[us]"),
        "founded": rng.integers(1950, 2027, count).astype(float),
    }
    for hidden, name in zip(unknown, columns, strict=False):
        columns[name][hidden] = np.nan if columns[name].dtype.kind == "f" else np.datetime64("NaT", "us")
    sizes = np.where(unknown[6], -1, rng.integers(0, 4, count)).tolist()
    lists = [None if size < 0 else ["a", "b", "c"][:size] for size in sizes]
    data = {**columns, "tools": lists, "b2b": rng.random(count) < 0.9}
    many = icp.score_batch(profile, data, as_of="2026-11-21", threads=2, block=999)
    found = many.outcomes
    arrays = (found.fit, found.tier, found.status, found.coverage, found.low, found.high)
    digest = hashlib.sha256()
    for array in (*arrays, many.contributions().millionths):
        digest.update(np.ascontiguousarray(array).tobytes())
    for row in range(0, count, 250):  # the reference says the same, which is no vector code
        one = icp.score(profile, many.batch.account(row), as_of="2026-11-21")
        fit = None if np.isnan(many.fit[row]) else many.fit[row]
        assert (one.fit, one.low, one.high, one.coverage) == (fit, many.low[row], many.high[row], many.coverage[row])
    return digest.hexdigest()


@pytest.mark.parametrize("width", ["AVX-512", "AVX2 and AVX-512"])
def test_the_width_of_vectors_changes_no_bit(width: str) -> None:
    """With AVX-512 switched off, and with AVX2 off as well, a batch gets the same scores to the last bit."""
    wide = [name for name in features() if "AVX512" in name or name == "X86_V4"]
    off = wide if width == "AVX-512" else features()
    if not off:
        pytest.skip(f"numpy uses no {width} on this machine")
    code = "from tests.batch import test_processors as one; print(one.features(), one.golden_batch())"
    environment = {**os.environ, "NPY_DISABLE_CPU_FEATURES": " ".join(off), "PYTHONPATH": str(HERE)}
    call = [sys.executable, "-W", "error", "-c", code]
    run = subprocess.run(call, env=environment, cwd=HERE, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    left, _, digest = run.stdout.strip().rpartition(" ")
    assert not set(off) & set(eval(left)), "numpy did not switch them off"
    assert digest == golden_batch()
