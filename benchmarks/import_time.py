"""Time to import icpkit, against the libraries that it stands on.

``python -m benchmarks.import_time`` starts fresh processes in turns and prints two ratios to ``import attrs, cattrs``:
of the whole process by the clock on the wall, and of what it takes beyond a bare interpreter's start. The budgets are
for the whole process. It never fails on a time.
"""

import os
import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import icpkit
from benchmarks.timing import verdict, write_result

START = "interpreter alone"
BASELINE = "import attrs, cattrs"
BARE = "import icpkit"
SCORE = "import, profile, one score"
VALIDATE = "validate on the command line"

_SCORE = """
import icpkit as icp
profile = icp.Profile(
    "Mid-market SaaS",
    [
        icp.Dimension("Firmographics", weight=30, criteria=[
            icp.Range("employees", 50, 500, soft_low=25, soft_high=1000),
            icp.Range("annual_revenue", 5e6, 50e6, scale="log", soft_low=2e6, soft_high=100e6),
            icp.OneOf("industry", {"Software": 1.0, "IT Services": 0.6}, weight=2),
        ]),
        icp.Dimension("Technographics", weight=20, criteria=[
            icp.TechOverlap("technologies", {"Slack": 1, "Google Workspace": 1, "Jira": 2}),
        ]),
        icp.Dimension("Behavioral signals", weight=25, criteria=[icp.Recency("last_demo_request", half_life=30)]),
    ],
    gates=[icp.Gate(~icp.OneOf("country", ["KP", "SY"]), overridable=False)],
)
account = {"employees": 320, "annual_revenue": 12e6, "industry": "Software", "technologies": ["Slack", "Jira"],
           "last_demo_request": "2026-11-01", "country": "DE"}
assert icp.score(profile, account, as_of="2026-11-21").tier == "Perfect"
import sys
assert "numpy" not in sys.modules, "numpy was imported"
"""

_VALIDATE = f"""
import sys
sys.argv = ["icpkit", "validate", {str(Path(__file__).parents[1] / "examples" / "midmarket.toml")!r}]
import runpy
runpy.run_module("icpkit", run_name="__main__")
"""

#: What each process runs.
PROGRAMS = {
    START: "pass",
    BASELINE: "import attrs, cattrs",
    BARE: "import icpkit",
    SCORE: _SCORE,
    VALIDATE: _VALIDATE,
}
#: What each may cost, as a multiple of the baseline.
BUDGETS = {BARE: 1.3, SCORE: 2.2, VALIDATE: 2.5}


def seconds(program: str) -> float:
    """Time one fresh process from start to end."""
    source = str(Path(icpkit.__file__).parents[1])
    environment = os.environ | {"PYTHONPATH": source, "PYTHONDONTWRITEBYTECODE": ""}
    start = perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, env=environment, stdout=subprocess.DEVNULL)
    return perf_counter() - start


def main(*, rounds: int = 15) -> dict[str, Any]:
    """Time, print and write; gives what was written."""
    for program in PROGRAMS.values():
        seconds(program)  # compiles what is not compiled yet
    taken: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for turn in range(rounds):
        for name in list(PROGRAMS) if turn % 2 == 0 else reversed(PROGRAMS):
            taken[name].append(seconds(PROGRAMS[name]))
    best = {name: min(times) for name, times in taken.items()}
    median = {name: statistics.median(times) for name, times in taken.items()}
    rows = {
        name: {
            "best_ms": best[name] * 1e3,
            "median_ms": median[name] * 1e3,
            "whole_process": best[name] / best[BASELINE],
            "whole_process_median": median[name] / median[BASELINE],
            "net_of_start": (best[name] - best[START]) / (best[BASELINE] - best[START]),
            "net_of_start_median": (median[name] - median[START]) / (median[BASELINE] - median[START]),
            "budget": BUDGETS.get(name),
        }
        for name in PROGRAMS
    }
    print(f"Import, {rounds} fresh processes each, in turns; ratios to `{BASELINE}`")
    print(f"{'':28} {'ms':>8} {'':>7} {'whole process':>16} {'net of start':>16}")
    print(f"{'':28}{2 * '     best  median'} {'best':>8} {'median':>7}  budget, whole process")
    for name, row in rows.items():
        times = f"{row['best_ms']:8.1f} {row['median_ms']:7.1f}"
        whole = f"{row['whole_process']:8.2f} {row['whole_process_median']:7.2f}"
        net = f"{row['net_of_start']:8.2f} {row['net_of_start_median']:7.2f}"
        print(f"{name:28} {times} {whole} {net}  {verdict(best[name] / best[BASELINE], BUDGETS.get(name))}")
    result = {"rounds": rounds, "baseline": BASELINE, "programs": rows}
    print(f"written to {write_result('import_time', result)}")
    return result


if __name__ == "__main__":
    main()
