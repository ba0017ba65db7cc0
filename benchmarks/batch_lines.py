"""Lines of the table that the benchmark of batches prints: contenders checked, timed in turns, and compared."""

from collections.abc import Mapping
from typing import Literal

import attrs
import numpy as np

from benchmarks.batch_formula import CUTS
from benchmarks.batch_peers import Fits, Peer
from benchmarks.timing import Times, in_turns

ROUNDS = 9
#: By how much a fit may differ: peers do not round.
CLOSE = 1e-6


@attrs.frozen
class Line:
    """One line of the table: a ratio of two times, or of two amounts.

    Attributes:
        part: what it belongs to.
        name: what is measured.
        against: what it is compared with.
        best, median: the ratio; for speed, how many times as fast.
        budget: the bound that the ratio keeps or misses, if it has one.
        kind: whether the ratio says how fast, which has a lower bound, or what it costs, which has an upper one.
        amounts: what was measured, of itself and of what it is compared with, in `unit`.
    """

    part: str
    name: str
    against: str
    best: float
    median: float
    budget: float | None
    kind: Literal["fast", "cost"]
    amounts: tuple[float, float]
    unit: str = "ms"

    @property
    def verdict(self) -> str:
        """Say whether it keeps its budget, where it has one."""
        if self.budget is None:
            return ""
        kept = self.best >= self.budget if self.kind == "fast" else self.best <= self.budget
        sign = "≥" if self.kind == "fast" else "≤"
        return f"{sign} {self.budget:g} ×: {'kept' if kept else 'MISSED'}"


@attrs.frozen
class Part:
    """A part of the benchmark: its contenders' times, from which lines are made."""

    name: str
    times: Mapping[str, Times]

    def fast(self, name: str, against: str, budget: float | None = None) -> Line:
        """Say how many times as fast as another one is."""
        ours, theirs = self.times[name], self.times[against]
        ratios = theirs.best / ours.best, theirs.median / ours.median
        return Line(self.name, name, against, *ratios, budget, "fast", (ours.best * 1e3, theirs.best * 1e3))

    def cost(self, name: str, against: str, budget: float | None = None) -> Line:
        """Say how many times as long as another one takes."""
        ours, theirs = self.times[name], self.times[against]
        ratios = ours.best / theirs.best, ours.median / theirs.median
        return Line(self.name, name, against, *ratios, budget, "cost", (ours.best * 1e3, theirs.best * 1e3))


def check(name: str, found: Fits, wanted: Fits) -> None:
    """Make sure that a contender gives the fits and tiers that it must; tiers may differ next to a cut."""
    (fits, tiers), (true_fits, true_tiers) = found, wanted
    assert len(fits) == len(true_fits), name
    none = np.isnan(true_fits)
    assert (np.isnan(fits) == none).all(), f"{name}: other accounts without a fit"
    apart = np.abs(fits - true_fits)
    assert np.nanmax(apart) <= CLOSE, f"{name}: fits differ by {np.nanmax(apart)}"
    on_a_cut = np.min([np.abs(true_fits - cut) for cut in CUTS], axis=0) <= CLOSE
    assert ((tiers == true_tiers) | on_a_cut).all(), f"{name}: other tiers"


def timed(part: str, peers: Mapping[str, Peer], wanted: Fits | None, *, rounds: int = ROUNDS) -> Part:
    """Check all contenders, then time them in turns."""
    if wanted is not None:
        for name, peer in peers.items():
            check(name, peer.read(peer.run()), wanted)
    runs = {name: (lambda _, run=peer.run: run()) for name, peer in peers.items()}
    return Part(part, in_turns(runs, 1, rounds=rounds, pieces=1))


def show(line: Line) -> None:
    """Print a line of the table."""
    ours, theirs = line.amounts
    left = f"{line.name:49} {ours:9.1f} {line.unit}"
    right = f"{line.against:36} {theirs:9.1f} {line.unit}"
    word = "faster" if line.kind == "fast" else "cost"
    print(f"{left:63}  {right:49} {line.best:7.2f} {line.median:7.2f} {word:7} {line.verdict}")
