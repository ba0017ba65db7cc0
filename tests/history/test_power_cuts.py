"""Power cuts: what was acknowledged is there once the power is back, on a disk that keeps no more than it must."""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from icpkit.history import Checkpoint, History, StoreError
from icpkit.history.sqlite import SqliteStore
from tests.history.trial_power import CarelessStore, PowerStore, cuts
from tests.history.trial_profiles import SIGNED, small
from tests.history.trial_stores import at_two_lengths

NAME = "Small"


class Work:
    """A day's work on a history, of which each step is noted once it is acknowledged."""

    def __init__(self, seed: int, steps: int) -> None:
        """Draw what is done."""
        self.draw, self.steps = random.Random(seed), steps
        self.checkpoints: list[Checkpoint | None] = [None]
        self.erased: list[tuple[int, bytes]] = []

    def __call__(self, store: SqliteStore, acknowledge: Callable[[], None]) -> None:
        """Do it."""
        history = History(store)
        version = history.commit(small(0), **SIGNED)
        for step in range(self.steps):
            self.checkpoints.append(history.checkpoint())
            acknowledge()
            kind = self.draw.random()
            if kind < 0.5:
                version = history.commit(small(step + 1), **SIGNED, expected=version)
            elif kind < 0.65:
                history.tag(version, f"step {step}", author=f"person-{step}-@example.com")
            elif kind < 0.8:
                history.move_alias(NAME, "production", to=version, expected="any", author="x", reason=f"step {step}")
            elif kind < 0.9:
                rows = [{"account": f"{step}-{row}", "points": 1} for row in range(20)]
                history.overrides.set_many(rows, justification="Fair", author=f"person-{step}-@example.com")
            else:
                gone = f"person-{self.draw.randrange(step + 1)}-@example.com"
                if history.erase(author=gone).notes:
                    self.erased.append((len(self.checkpoints), gone.encode()))
        history.close()


def outcomes(count: int, store: type[PowerStore], folder: Path) -> Iterator[str]:
    """Cut the power so often; say of each time what became of what was acknowledged."""
    made = itertools.chain.from_iterable(
        ((files, known, work) for files, known in cuts(seed, store, work, often=0.1))
        for seed in itertools.count()
        for work in [Work(seed, steps=12)]
    )
    for number, (files, known, work) in enumerate(itertools.islice(made, count)):
        here = folder / str(number)
        here.mkdir()
        for name, data in files.items():
            (here / name).write_bytes(data)
        try:
            with History(here / "icp.db") as history:
                if not history.verify():
                    yield "damaged"
                elif not history.verify(checkpoint=work.checkpoints[known]):
                    yield "lost"
                elif any(text in data for when, text in work.erased if when <= known for data in files.values()):
                    yield "not erased"
                else:
                    yield "intact"
        except StoreError:
            yield "damaged"


@pytest.mark.parametrize("count", at_two_lengths(60, 2_000))
def test_what_was_acknowledged_survives_a_power_cut(count: int, tmp_path: Path) -> None:
    """After each cut the history is whole, and holds all that was acknowledged, and nothing that was erased."""
    assert Counter(outcomes(count, PowerStore, tmp_path)) == {"intact": count}


@pytest.mark.parametrize("count", at_two_lengths(60, 500))
def test_the_disk_is_as_bad_as_it_says(count: int, tmp_path: Path) -> None:
    """With the settings that SQLite has by itself the same cuts lose what was acknowledged, so the trial can fail."""
    found = Counter(outcomes(count, CarelessStore, tmp_path))
    assert found["lost"] > count / 20, found
