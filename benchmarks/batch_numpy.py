"""Peers of the batch engine in plain Python: pandas as people write it, and numpy with whole columns."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.batch_data import Arrays, Floats, pandas_frame
from benchmarks.batch_formula import (
    CUTS,
    DAY,
    FORMULA,
    FUTURE,
    MIN_COVERAGE,
    NOW,
    AnyOf,
    Decay,
    Falling,
    InRange,
    OneOf,
    Part,
    Question,
    Satisfied,
    Share,
    Steps,
)
from benchmarks.batch_peers import Fits, Peer


def _mean(matches: Callable[[Part], Any], rows: int) -> Fits:
    """Add up the matches, NaN where unknown, one criterion at a time."""
    total, counted, covered = np.zeros(rows), np.zeros(rows), np.zeros(rows)
    for part in FORMULA:
        match = matches(part)
        known = ~np.isnan(match)
        total += part.weight * np.where(known, match, 0.0)
        covered += part.weight * known
        counted += part.weight * (known | part.counts_when_absent)
    fits = 100 * np.divide(total, counted, out=np.full(rows, np.nan), where=covered >= MIN_COVERAGE - 1e-9)
    tiers = np.digitize(fits, CUTS).astype(np.int8)
    tiers[np.isnan(fits)] = -1
    return fits, tiers


def _in_range(asked: InRange, x: Any) -> Any:
    """Give 1 within, and what the soft edges say beyond; NaN stays."""
    match = np.where(np.isnan(x), np.nan, 1.0)
    scale: Any = np.log if asked.log else np.asarray
    scaled = scale(x)
    if asked.low is not None:
        low = scale(asked.low)
        soft: Any = 0.0
        if asked.soft_low is not None:
            soft = np.maximum(1 - (low - scaled) / (low - scale(asked.soft_low)), 0.0)
        match = np.where(x < asked.low, soft, match)
    if asked.high is not None:
        high = scale(asked.high)
        soft = (
            0.0 if asked.soft_high is None else np.maximum(1 - (scaled - high) / (scale(asked.soft_high) - high), 0.0)
        )
        match = np.where(x > asked.high, soft, match)
    return match


def _recent(asked: Decay | Falling | Steps, days: Any) -> Any:
    if isinstance(asked, Decay):
        return np.exp2(-days / asked.half_life)
    if isinstance(asked, Falling):
        return np.maximum(1 - days / asked.days, 0.0)
    match = np.where(np.isnan(days), np.nan, 0.0)
    for most, step in reversed(asked.steps):
        match = np.where(days <= most, step, match)
    return match


# pandas


def pandas_as_written(table: pa.Table) -> Peer:
    """Give pandas its own frame, as it is."""
    frame = pandas_frame(table)
    return Peer(lambda: _mean(lambda part: _pandas_match(part, frame[part.attribute]), len(frame)), lambda fits: fits)


def _pandas_match(part: Part, column: Any) -> Any:
    match part.question:
        case InRange() as asked:
            return _in_range(asked, column.to_numpy())
        case OneOf(matches, otherwise):
            match = column.str.strip().str.lower().map(matches)
            return match.fillna(otherwise).where(column.notna()).to_numpy(dtype=float)
        case Share() | AnyOf() | Satisfied() as asked:
            return column.map(_of_labels(asked), na_action="ignore").to_numpy(dtype=float)
        case asked:
            days = (pd.Timestamp(NOW, unit="us", tz="UTC") - column) / pd.Timedelta(days=1)
            return _recent(
                asked, days.where(column < pd.Timestamp(FUTURE, unit="us", tz="UTC")).clip(lower=0).to_numpy()
            )


def _of_labels(asked: Question) -> Callable[[list[str]], float]:
    def match(labels: list[str]) -> float:
        names = {label.strip().lower() for label in labels}
        if isinstance(asked, Share):
            return sum(weight for name, weight in asked.labels.items() if name in names) / sum(asked.labels.values())
        if isinstance(asked, AnyOf):
            return float(any(name in names for name in asked.labels))
        if isinstance(asked, Satisfied):
            return len(names.intersection(asked.labels)) / len(names) if names else 1.0
        raise TypeError(asked)

    return match


# numpy


def numpy_whole_columns(columns: Arrays) -> Peer:
    """Give numpy encoded columns, and let it compute with whole ones."""
    rows = len(next(iter(columns.numbers.values())))
    return Peer(lambda: _mean(lambda part: _numpy_match(part, columns), rows), lambda fits: fits)


def _numpy_match(part: Part, columns: Arrays) -> Any:
    name = part.attribute
    match part.question:
        case InRange() as asked:
            return _in_range(asked, columns.numbers[name])
        case OneOf(matches, otherwise):
            texts = columns.texts[name]
            return np.array([*(matches.get(text, otherwise) for text in texts), np.nan])[columns.codes[name]]
        case Share(labels):
            whole = sum(labels.values())
            return _summed(columns, name, {label: weight / whole for label, weight in labels.items()})
        case AnyOf(labels):
            return np.minimum(_summed(columns, name, dict.fromkeys(labels, 1.0)), 1.0)
        case Satisfied(labels):
            lengths = np.diff(columns.lists[name].offsets)
            found = _summed(columns, name, dict.fromkeys(labels, 1.0))
            return np.where(lengths == 0, np.where(np.isnan(found), np.nan, 1.0), found / np.maximum(lengths, 1))
        case asked:
            micros = columns.micros[name]
            days = np.where(micros < FUTURE, np.maximum((NOW - micros) / DAY, 0.0), np.nan)
            return _recent(asked, days)


def _summed(columns: Arrays, name: str, values: dict[str, float]) -> Floats:
    """Add up the values of the labels of each row; NaN where there is no list."""
    lists = columns.lists[name]
    of_items = np.array([values.get(text, 0.0) for text in columns.texts[name]])[lists.codes]
    running = np.concatenate([[0.0], np.cumsum(of_items)])
    sums = running[lists.offsets[1:]] - running[lists.offsets[:-1]]
    return np.where(lists.known, sums, np.nan)
