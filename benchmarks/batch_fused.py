"""A peer of the batch engine made by hand: the whole formula fused into one loop over encoded arrays, with numba.

Every constant in its place, one pass over the rows, no array in between; on several threads it takes blocks of rows, as
icpkit does. It knows this profile alone. Tiers come out as codes.
"""

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import attrs
import numba
import numpy as np

from benchmarks.batch_data import Arrays, Floats, Lists, Places
from benchmarks.batch_formula import CUTS, DAY, FORMULA, FUTURE, MIN_COVERAGE, NOW, OneOf
from benchmarks.batch_peers import Fits, Peer

_NUMBERS = (
    *("employees", "annual_revenue", "offices", "it_budget", "pages_viewed", "email_open_rate", "support_tickets"),
    *("headcount_growth", "open_positions"),
)
_LOGS = ("annual_revenue", "it_budget")
_TEXTS = ("industry", "country", "ownership", "cloud_maturity", "urgency", "stage")
_SIGNALS = ("last_demo_request", "last_site_visit", "last_email_reply", "last_funding")
#: One bit per wanted technology, one for any public cloud.
_TECHNOLOGY = {"salesforce": 1, "slack": 2, "google workspace": 4, "jira": 8, "snowflake": 16}
_TECHNOLOGY |= dict.fromkeys(("aws", "azure", "gcp"), 32)
_STACK = tuple(
    (3 * (bits & 1) + (bits >> 1 & 1) + (bits >> 2 & 1) + 2 * (bits >> 3 & 1) + 2 * (bits >> 4 & 1)) / 9
    for bits in range(64)
)
_OURS = ("soc 2", "iso 27001", "gdpr")
#: Labels that a row has are counted in eights, labels among them that are ours in ones.
_MOST = 8
_BLOCK = 1 << 16

_E = tuple(part.weight for part in FORMULA)
_REVENUE = (math.log(5e6), math.log(50e6), 1 / math.log(5 / 2), 1 / math.log(2))
_BUDGET = (math.log(1e5), 1 / math.log(5))
_HALVING = -math.log(2) / 30
_NEVER = _E[10] + _E[11] + _E[12]
_LEAST = MIN_COVERAGE - 1e-9
_WEAK, _MODERATE, _STRONG = CUTS
_A_DAY = 1 / DAY
#: An open edge, and a steep one.
_FAR = 1e300


@numba.njit(nogil=True, error_model="numpy", inline="always")
def _between(x, low, high, rise, fall):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  # compiled
    match = min(1.0 - rise * (low - x), 1.0 - fall * (x - high))
    match = max(0.0, min(1.0, match))
    return match if x == x else 0.0  # noqa: PLR0124


@numba.njit(nogil=True, error_model="numpy")
def _kernel(start, stop, numbers, logs, micros, codes, matches, technologies, compliance, fits, tiers):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, C901, PLR0912, PLR0915, PLR0917  # compiled, and straight on purpose
    for row in range(start, stop):
        total = 0.0
        known = 0.0
        counted = _NEVER

        x = numbers[0][row]
        known += _E[0] if x == x else 0.0  # noqa: PLR0124  # not NaN
        total += _E[0] * _between(x, 50.0, 500.0, 1 / 25, 1 / 500)
        x = numbers[1][row]
        if x == x:  # noqa: PLR0124
            known += _E[1]
            if x < 5e6:
                log = math.log(x) if logs is None else logs[0][row]
                total += _E[1] * max(0.0, 1.0 - _REVENUE[2] * (_REVENUE[0] - log))
            elif x > 50e6:
                log = math.log(x) if logs is None else logs[0][row]
                total += _E[1] * max(0.0, 1.0 - _REVENUE[3] * (log - _REVENUE[1]))
            else:
                total += _E[1]
        x = numbers[2][row]
        known += _E[2] if x == x else 0.0  # noqa: PLR0124
        total += _E[2] if (x >= 2.0) & (x <= 40.0) else 0.0
        code = codes[0][row]
        known += matches[0][code, 0]
        total += matches[0][code, 1]
        code = codes[1][row]
        known += matches[1][code, 0]
        total += matches[1][code, 1]
        code = codes[2][row]
        known += matches[2][code, 0]
        total += matches[2][code, 1]

        bits = technologies[row]
        if bits < 64:
            known += _E[6] + _E[7]
            total += _E[6] * _STACK[bits]
            if bits & 32:
                total += _E[7]
        code = codes[3][row]
        known += matches[3][code, 0]
        total += matches[3][code, 1]
        x = numbers[3][row]
        if x == x:  # noqa: PLR0124
            known += _E[9]
            if x < 1e5:
                log = math.log(x) if logs is None else logs[1][row]
                total += _E[9] * max(0.0, 1.0 - _BUDGET[1] * (_BUDGET[0] - log))
            elif x <= 2e6:
                total += _E[9]

        x = micros[0][row]
        if x < FUTURE:
            counted -= _E[10]
            known += _E[10]
            total += _E[10] * math.exp(_HALVING * max(0.0, (NOW - x) * _A_DAY))
        x = micros[1][row]
        if x < FUTURE:
            counted -= _E[11]
            known += _E[11]
            total += _E[11] * max(0.0, 1.0 - max(0.0, (NOW - x) * _A_DAY) * (1 / 90))
        x = micros[2][row]
        if x < FUTURE:
            counted -= _E[12]
            known += _E[12]
            days = (NOW - x) * _A_DAY
            if days <= 7.0:
                total += _E[12]
            elif days <= 30.0:
                total += _E[12] * 0.6
            elif days <= 90.0:
                total += _E[12] * 0.2
        x = numbers[4][row]
        known += _E[13] if x == x else 0.0  # noqa: PLR0124
        total += _E[13] * _between(x, 5.0, _FAR, 1 / 5, 0.0)
        x = numbers[5][row]
        known += _E[14] if x == x else 0.0  # noqa: PLR0124
        total += _E[14] * _between(x, 0.2, 0.8, 1 / 0.15, _FAR)

        counts = compliance[row]
        if counts >= 0:
            known += _E[15]
            total += _E[15] * ((counts % _MOST) / (counts // _MOST) if counts >= _MOST else 1.0)
        code = codes[4][row]
        known += matches[4][code, 0]
        total += matches[4][code, 1]
        x = numbers[6][row]
        known += _E[17] if x == x else 0.0  # noqa: PLR0124
        total += _E[17] * _between(x, -_FAR, 10.0, 0.0, 1 / 20)

        x = numbers[7][row]
        known += _E[18] if x == x else 0.0  # noqa: PLR0124
        total += _E[18] * _between(x, 0.1, _FAR, 1 / 0.15, 0.0)
        x = numbers[8][row]
        known += _E[19] if x == x else 0.0  # noqa: PLR0124
        total += _E[19] * _between(x, 3.0, 40.0, 1 / 2, 1 / 40)
        code = codes[5][row]
        known += matches[5][code, 0]
        total += matches[5][code, 1]
        x = micros[3][row]
        if x < FUTURE:
            known += _E[21]
            total += _E[21] * max(0.0, 1.0 - max(0.0, (NOW - x) * _A_DAY) * (1 / 365))

        if known >= _LEAST:
            fit = 100.0 * total / (known + counted)
            fits[row] = fit
            tiers[row] = 0 if fit < _WEAK else 1 if fit < _MODERATE else 2 if fit < _STRONG else 3
        else:
            fits[row] = math.nan
            tiers[row] = -1


@numba.njit(nogil=True)
def _bits_of_lists(start, stop, offsets, codes, known, bit_of, bits):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0917  # compiled
    for row in range(start, stop):
        found = 0
        for place in range(offsets[row], offsets[row + 1]):
            found |= bit_of[codes[place]]
        bits[row] = found if known[row] else 64


@numba.njit(nogil=True)
def _counts_of_lists(start, stop, offsets, codes, known, ours, counts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0917  # compiled
    for row in range(start, stop):
        found = _MOST * (offsets[row + 1] - offsets[row])
        for place in range(offsets[row], offsets[row + 1]):
            found += ours[codes[place]]
        counts[row] = found if known[row] else -1


@attrs.frozen(eq=False)
class _Work:
    """The columns in the order in which the kernel reads them, and what the wanted labels are worth."""

    columns: Arrays
    matches: tuple[Floats, ...]
    bit_of: Places
    ours: Places
    logs: tuple[Floats, ...] | None

    def lists(self, part: slice, bits: Places, counts: Places) -> None:
        """Find the patterns of labels of some rows."""
        for kernel, name, worth, out in (
            (_bits_of_lists, "technologies", self.bit_of, bits),
            (_counts_of_lists, "compliance", self.ours, counts),
        ):
            lists: Lists = self.columns.lists[name]
            kernel(part.start, part.stop, lists.offsets, lists.codes, lists.known, worth, out)

    def score(self, part: slice, bits: Places, counts: Places, fits: Fits) -> None:
        """Score some rows."""
        numbers = tuple(self.columns.numbers[name] for name in _NUMBERS)
        micros = tuple(self.columns.micros[name] for name in _SIGNALS)
        codes = tuple(self.columns.codes[name] for name in _TEXTS)
        _kernel(part.start, part.stop, numbers, self.logs, micros, codes, self.matches, bits, counts, *fits)


def fused(columns: Arrays, *, threads: int, at_hand: bool = False) -> Peer:
    """Give the kernel encoded columns.

    Args:
        columns: the columns.
        threads: how many.
        at_hand: the wanted labels of each row and the logarithms were found beforehand; else that is part of the work.
    """
    rows = len(columns.numbers[_NUMBERS[0]])
    matches = tuple(_matches(columns, name) for name in _TEXTS)
    bit_of = np.array([_TECHNOLOGY.get(text, 0) for text in columns.texts["technologies"]], np.intp)
    ours = np.array([text in _OURS for text in columns.texts["compliance"]], np.intp)
    logs = tuple(np.log(columns.numbers[name]) for name in _LOGS) if at_hand else None
    work = _Work(columns, matches, bit_of, ours, logs)
    ready = np.empty(rows, np.intp), np.empty(rows, np.intp)
    if at_hand:
        work.lists(slice(0, rows), *ready)

    def run() -> Fits:
        fits = np.empty(rows), np.empty(rows, np.int8)
        bits, counts = ready if at_hand else (np.empty(rows, np.intp), np.empty(rows, np.intp))

        def block(start: int) -> None:
            part = slice(start, min(start + _BLOCK, rows))
            if not at_hand:
                work.lists(part, bits, counts)
            work.score(part, bits, counts, fits)

        _over_blocks(block, rows, threads)
        return fits

    return Peer(run, lambda fits: fits)


def _over_blocks(block: Any, rows: int, threads: int) -> None:
    starts = range(0, rows, _BLOCK)
    if threads == 1:
        for start in starts:
            block(start)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(block, starts))


def _matches(columns: Arrays, name: str) -> Floats:
    """Give, for each text, the weight that counts and what its match adds: nothing and nothing where it is unknown."""
    [part] = [part for part in FORMULA if part.attribute == name]
    assert isinstance(part.question, OneOf)
    matches = [part.question.matches.get(text, part.question.otherwise) for text in columns.texts[name]]
    return np.array([*((part.weight, part.weight * match) for match in matches), (0.0, 0.0)])
