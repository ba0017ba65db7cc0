"""Profiles, people, a clock that stands still, and bundles as somebody forges them."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import icpkit as icp
from icpkit.history.records import End, beginning, sealed


class Clock:
    """Tells the time that it is told; each look at it is a second later."""

    def __init__(self, start: str = "2026-01-05T09:00:00+00:00") -> None:
        self.at = datetime.fromisoformat(start)

    def __call__(self) -> datetime:
        """Tell the time."""
        self.at += timedelta(seconds=1)
        return self.at

    def set(self, when: str) -> None:
        """Go to a day, forwards or backwards: 09:00 UTC."""
        self.at = datetime.fromisoformat(when).replace(hour=9, tzinfo=UTC)


def saas(high: float = 500, name: str = "SaaS", **more: Any) -> icp.Profile:
    """Give a profile of one range, from 50 to high employees."""
    return icp.Profile(name, [icp.Dimension("Size", [icp.Range("employees", 50, high)])], **more)


#: A profile, and two revisions of it.
FIRST, SECOND, THIRD = saas(500), saas(1000), saas(2000)
ANN: dict[str, Any] = {"author": "ann@example.com", "message": "First definition"}
BEN: dict[str, Any] = {"author": "ben@example.com", "message": "Recency matters more"}
CLEO: dict[str, Any] = {"author": "cleo@example.com", "reason": "Agreed in the workshop"}
DANA: dict[str, Any] = {"author": "dana@example.com", "justification": "Strategic partner"}


def opened(clock: Clock | None = None, **options: Any) -> icp.History:
    """Give an empty history in memory."""
    return icp.History.memory(clock=clock or Clock(), **options)


def of_three(clock: Clock | None = None, **options: Any) -> icp.History:
    """Give a history of three versions: of January, April and July, each in force from the day of its commit."""
    clock = clock or Clock()
    history = opened(clock, **options)
    for day, profile, who in (("2026-01-05", FIRST, ANN), ("2026-04-06", SECOND, BEN), ("2026-07-06", THIRD, ANN)):
        clock.set(day)
        history.commit(profile, expected="any", **who)
    return history


def told(error: Any) -> str:
    """Give the message of what `pytest.raises` has caught."""
    return str(error.value)


# Bundles


def lines_of(path: Path) -> list[dict[str, Any]]:
    """Read the lines of a bundle, without the last, which holds the hash of the others."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][:-1]


def written(path: Path, lines: Iterable[Mapping[str, Any]]) -> Path:
    """Write a bundle of such lines, with the hash that makes it whole, as a forger would."""
    raw = b"".join(json.dumps(line, sort_keys=True).encode() + b"\n" for line in lines)
    path.write_bytes(raw + json.dumps({"sha256": hashlib.sha256(raw).hexdigest()}).encode() + b"\n")
    return path


def forged(path: Path, *entries: Mapping[str, Any], space: str = "default") -> Path:
    """Write a bundle of entries whose hashes are all right, whatever they say."""
    end, lines = beginning(space), list[dict[str, Any]]()
    for fields in entries:
        entry = sealed(end, **{"space": space, "name": "", **fields})
        end = End(entry.seq, entry.id)
        shown = {key: value.hex() if isinstance(value, bytes) else value for key, value in entry._asdict().items()}
        lines.append({"entry": {key: shown[key] for key in shown if key != "space" and shown[key] is not None}})
    head = {"icpkit": "history", "format": 1, "space": space, "entries": end.length, "end": end.id.hex()}
    return written(path, [head, *lines])
