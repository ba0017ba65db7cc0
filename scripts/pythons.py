"""Find the Pythons on this machine that icpkit can run on.

Prints shell assignments: LOWEST and HIGHEST, the oldest and the newest of them, and BOOTSTRAP, one that can
create a virtual environment on its own. Runs on any Python from 3.7 on, with the standard library alone.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

OLDEST_SUPPORTED = (3, 11)

# What a candidate is asked: its version; whether it is a release, and with a GIL; whether it can make
# environments; its path, or that of the Python behind it if it is itself in an environment.
QUESTION = """
import importlib.util, sys, sysconfig
usable = sys.version_info.releaselevel == "final" and not sysconfig.get_config_var("Py_GIL_DISABLED")
creates = all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))
path = getattr(sys, "_base_executable", sys.executable)
print(*sys.version_info[:3], int(usable), int(creates), path, sep="\\t")
"""


def main() -> int:
    """Print what was found, or say in one line what is missing."""
    found = sorted(answer for answer in map(ask, candidates()) if answer)
    wanted = ".".join(map(str, OLDEST_SUPPORTED))
    supported = [answer for answer in found if answer[0][:2] >= OLDEST_SUPPORTED]
    if not supported:
        versions = sorted({".".join(map(str, version)) for version, _, _ in found})
        return fail(f"icpkit needs Python {wanted} or newer; found {', '.join(versions) or 'none'}.")
    bootstraps = [path for _, creates, path in supported if creates]
    if not bootstraps:
        return fail(
            f"{supported[-1][2]} cannot create virtual environments: install its venv module "
            "(on Debian and Ubuntu: apt install python3-venv)."
        )
    (lowest, _, lowest_path), (highest, _, highest_path) = supported[0], supported[-1]
    if lowest[:2] == highest[:2]:
        lowest_path = highest_path  # patch releases do not differ enough to test on both
    for name, path in [("LOWEST", lowest_path), ("HIGHEST", highest_path), ("BOOTSTRAP", bootstraps[-1])]:
        print(f"{name}={shlex.quote(path)}")
    return 0


def candidates() -> list[Path]:
    """Every `python3` and `python3.N` on PATH and below pyenv, each file once."""
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    folders += sorted(pyenv.glob("versions/*/bin"))
    paths = [Path(argument) for argument in sys.argv[1:]]
    for folder in folders:
        if folder.is_dir() and os.access(str(folder), os.R_OK):
            paths += sorted(path for path in folder.iterdir() if re.match(r"python3(\.\d+)?$", path.name))
    return list(dict.fromkeys(paths))


def ask(python: Path) -> tuple[tuple[int, ...], bool, str] | None:
    """The candidate's version, whether it creates environments, and its path; None if it is of no use."""
    try:
        answer = subprocess.run(
            [str(python), "-I", "-c", QUESTION],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None  # a shim without a Python behind it, for example
    *version, usable, creates, executable = answer.stdout.decode().strip().split("\t")
    if usable != "1":
        return None
    return tuple(map(int, version)), creates == "1", executable


def fail(message: str) -> int:
    """Say what is wrong, and give the exit code."""
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
