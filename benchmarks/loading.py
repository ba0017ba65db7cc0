"""Time to load and write a profile of 20 criteria, against the readers below and the same profile made in Python.

``python -m benchmarks.loading`` runs all contenders in turns and prints ratios to ``json.loads``. It never fails on a
time, but it does where a text gives another profile back.
"""

import json
import tomllib
from typing import Any

import icpkit as icp
from benchmarks.timing import in_turns, verdict, write_result
from benchmarks.workload import reference_profile

#: Milliseconds that loading may take.
BUDGET = 1.0
CRITERIA = 20


def profile_of_twenty() -> icp.Profile:
    """Give the reference profile without its last criteria."""
    profile = reference_profile()
    for path in list(profile.effective_weights)[CRITERIA:]:
        profile = profile.without(path)
    return profile


def main(*, count: int = 100, rounds: int = 9) -> dict[str, Any]:
    """Time, print and write; gives what was written."""
    profile = profile_of_twenty()
    as_json, as_toml = icp.dumps(profile), icp.dumps(profile, "toml")
    assert icp.loads(as_json) == icp.loads(as_toml) == profile
    assert len(profile.effective_weights) == CRITERIA
    calls = {
        "json.loads": lambda: json.loads(as_json),
        "tomllib.loads": lambda: tomllib.loads(as_toml),
        "icpkit.loads, JSON": lambda: icp.loads(as_json),
        "icpkit.loads, TOML": lambda: icp.loads(as_toml),
        "icpkit.dumps, JSON": lambda: icp.dumps(profile),
    }

    def repeated(call: Any) -> Any:
        return lambda part: [call() for _ in range(part.start, part.stop)]

    times = in_turns({name: repeated(call) for name, call in calls.items()}, count, rounds=rounds)
    base = times["json.loads"]
    rows = {
        name: {
            "best_ms": taken.best / count * 1e3,
            "ratio": taken.best / base.best,
            "median": taken.median / base.median,
        }
        for name, taken in times.items()
    }
    print(f"A profile of {CRITERIA} criteria; ratios to json.loads, best and median")
    for name, row in rows.items():
        budget = BUDGET if name.startswith("icpkit.loads") else None
        told = verdict(row["best_ms"], budget).replace("×", "ms")
        print(f"{name:40} {row['best_ms']:8.3f} ms {row['ratio']:8.1f} {row['median']:8.1f}  {told}")
    result = {"criteria": CRITERIA, "baseline": "json.loads", "calls": rows}
    print(f"written to {write_result('loading', result)}")
    return result


if __name__ == "__main__":
    main()
