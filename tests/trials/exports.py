"""Where the exports of the trials are: the real files, or their twins."""

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


def path_of(name: str, hint: str = "") -> Path:
    """Give the path of a real export, without which the test is skipped."""
    path = Path(os.environ.get("ICPKIT_TEST_DATA") or REPOSITORY.parent / "shared" / "data") / name
    if not path.is_file():
        pytest.skip(f"{path} is absent (ICPKIT_TEST_DATA may name another folder){hint}")
    return path


def rows_of(source: str, name: str, write_twin: Callable[[Path], Path], folder: Path) -> list[dict[str, str]]:
    """Read an export: the ``"real"`` one, without which the test is skipped, or its generated ``"twin"``."""
    path = write_twin(folder / "twin.csv") if source == "twin" else path_of(name, "; its generated twin is tested")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
