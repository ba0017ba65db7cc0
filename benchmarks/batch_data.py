"""The reference workload as tables: many accounts at once, in the kinds of tables that people have.

The attributes, how their values are drawn and the shares that are missing are those of `benchmarks.workload`. Unlike
there, signals are timestamps: a column of a table has one type.
"""

from functools import cache
from typing import Any, TypeAlias

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from benchmarks.workload import ATTRIBUTES, MIDNIGHT, SPELLINGS, About, Between, Draw, Labels, Signal, Text
from icpkit import fold

Floats: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]

#: The column that holds the keys, which no criterion reads.
KEY = "account_id"
MOMENT = pa.timestamp("us", "UTC")
#: Rows that are drawn at a time: the first rows are the same ones, however many there are.
_PIECE = 1 << 17
#: Rows in a chunk of a table: what Parquet files have in a group of rows, as pyarrow writes them.
_CHUNK = 1 << 20
#: Orders of labels, of which each list has the beginning of one.
_ORDERS = 1 << 14
#: Twenty throws of a die for each spelling's share.
_STYLES = np.repeat(np.arange(len(SPELLINGS)), [round(share * 20) for _, share in SPELLINGS])
_MIDNIGHT = round(MIDNIGHT.timestamp()) * 1_000_000


def accounts(count: int, *, seed: int = 20261122) -> pa.Table:
    """Draw accounts as an Arrow table, with the texts as dictionaries of what is spelled alike.

    >>> accounts(3).column_names[:4]
    ['account_id', 'employees', 'annual_revenue', 'offices']
    """
    drawn = [_piece(place, min(_PIECE, count - start), seed) for place, start in enumerate(range(0, count, _PIECE))]
    whole = pa.concat_tables(drawn)
    return pa.concat_tables([whole.slice(start, _CHUNK).combine_chunks() for start in range(0, count, _CHUNK)])


def _piece(place: int, count: int, seed: int) -> pa.Table:
    rng = np.random.default_rng([seed, place])
    columns = {KEY: pa.array([f"account {place * _PIECE + row:08}" for row in range(count)])}
    for attribute, (draw, share) in ATTRIBUTES.items():
        missing = rng.random(_PIECE) < share
        columns[attribute] = _column(draw, missing, rng).slice(0, count)
    return pa.table(columns)


def _column(draw: Draw, missing: NDArray[np.bool_], rng: np.random.Generator) -> pa.Array:
    count = len(missing)
    match draw:
        case About():
            numbers = np.exp(rng.normal(np.log(draw.median), draw.spread, count))
            return pa.array(numbers.astype(np.int64) if draw.whole else numbers, mask=missing)
        case Between():
            return pa.array(rng.uniform(draw.low, draw.high, count), mask=missing)
        case Signal():
            ago = rng.integers(*draw.seconds, count, endpoint=True)
            return pa.array(_MIDNIGHT - ago * 1_000_000, mask=missing).cast(MOMENT)
        case Text():
            choices = rng.integers(len(draw.choices), size=count)
            return _spelled(draw.choices, choices, rng, missing)
        case Labels():
            lengths = np.where(missing, 0, rng.integers(draw.most, size=count, endpoint=True))
            offsets = np.zeros(count + 1, np.int32)
            np.cumsum(lengths, out=offsets[1:])
            begins = rng.integers(_ORDERS, size=count) * len(draw.choices) - offsets[:-1]
            labels = _orders(len(draw.choices)).ravel()[np.repeat(begins, lengths) + np.arange(offsets[-1])]
            items = _spelled(draw.choices, labels.astype(np.intp), rng)
            return pa.ListArray.from_arrays(pa.array(offsets), items, mask=pa.array(missing))


def _spelled(
    choices: tuple[str, ...], codes: Places, rng: np.random.Generator, missing: NDArray[np.bool_] | None = None
) -> pa.DictionaryArray:
    spelled = [spell(choice) for choice in choices for spell, _ in SPELLINGS]
    texts = list(dict.fromkeys(spelled))  # two spellings of a text may be one
    places = np.array([texts.index(text) for text in spelled], np.int32)
    styles = _STYLES[rng.integers(len(_STYLES), size=len(codes), dtype=np.uint8)]
    return pa.DictionaryArray.from_arrays(pa.array(places[codes * len(SPELLINGS) + styles], mask=missing), texts)


@cache
def _orders(choices: int) -> NDArray[np.uint8]:
    """Give labels in many orders."""
    labels = np.tile(np.arange(choices, dtype=np.uint8), (_ORDERS, 1))
    return np.random.default_rng(choices).permuted(labels, axis=1)


# Kinds of tables


def plain(table: pa.Table) -> pa.Table:
    """Give the same table with the texts in place, row by row."""
    fields = []
    for field in table.schema:
        draw = None if field.name == KEY else ATTRIBUTES[field.name][0]
        in_place = (
            pa.string() if isinstance(draw, Text) else pa.list_(pa.string()) if isinstance(draw, Labels) else None
        )
        fields.append(pa.field(field.name, in_place or field.type))
    return table.cast(pa.schema(fields))


def pandas_frame(table: pa.Table) -> Any:
    """Give the same table as a pandas frame: texts as ``str``, lists as Python lists of texts that share nothing."""
    import pandas as pd  # noqa: PLC0415  # a peer, not a part

    table = plain(table)
    lists = [name for name, (draw, _) in ATTRIBUTES.items() if isinstance(draw, Labels)]
    frame = table.drop_columns(lists).to_pandas()
    for name in lists:
        frame[name] = pd.Series(table[name].to_pylist(), dtype=object, index=frame.index)
    return frame[table.column_names]


def polars_frame(table: pa.Table) -> Any:
    """Give the same table as a Polars frame: texts as ``String``, lists as ``List(String)``."""
    import polars as pl  # noqa: PLC0415  # a peer, not a part

    return pl.from_arrow(plain(table), rechunk=True)


def folded(table: pa.Table) -> pa.Table:
    """Give the same table with every text folded, still as dictionaries: what a peer may have done beforehand."""
    columns = {}
    for name in table.column_names:
        column = table[name]
        draw = None if name == KEY else ATTRIBUTES[name][0]
        if isinstance(draw, Text):
            column = pa.chunked_array([_folded(chunk) for chunk in column.chunks])
        elif isinstance(draw, Labels):
            column = pa.chunked_array(
                [
                    pa.ListArray.from_arrays(chunk.offsets, _folded(chunk.values), mask=chunk.is_null())
                    for chunk in column.chunks
                ]
            )
        columns[name] = column
    return pa.table(columns)


def _folded(array: pa.DictionaryArray) -> pa.DictionaryArray:
    names = [fold(text) for text in array.dictionary.to_pylist()]
    texts = sorted(set(names))
    places = pa.array([texts.index(name) for name in names], pa.int32())
    return pa.DictionaryArray.from_arrays(places.take(array.indices), texts)


@attrs.frozen(eq=False)
class Lists:
    """Lists of texts, end to end: where each begins, which text each item is, and whether there is a list at all."""

    offsets: Places
    codes: Places
    known: NDArray[np.bool_]


@attrs.frozen(eq=False)
class Arrays:
    """Encoded columns: what the kernels of peers read.

    Attributes:
        numbers: NaN where unknown.
        micros: since 1970, NaN where unknown.
        codes: of texts; the code behind the last text stands for unknown.
        lists: of labels.
        texts: what the codes mean, folded, by attribute.
    """

    numbers: dict[str, Floats]
    micros: dict[str, Floats]
    codes: dict[str, Places]
    lists: dict[str, Lists]
    texts: dict[str, list[str]]


def arrays(table: pa.Table) -> Arrays:
    """Encode a table with dictionaries, by hand."""
    encoded = Arrays({}, {}, {}, {}, {})
    for name, (draw, _) in ATTRIBUTES.items():
        column = table[name].unify_dictionaries().combine_chunks()
        if isinstance(column, pa.ChunkedArray):  # older versions of pyarrow keep one chunk
            column = column.chunk(0)
        match draw:
            case Text():
                encoded.texts[name] = [fold(text) for text in column.dictionary.to_pylist()]
                codes = column.indices.fill_null(len(encoded.texts[name]))
                encoded.codes[name] = codes.to_numpy(zero_copy_only=False).astype(np.intp)
            case Labels():
                items = column.flatten()  # without what stands under null
                encoded.texts[name] = [fold(text) for text in items.dictionary.to_pylist()]
                offsets = np.zeros(len(column) + 1, np.intp)
                np.cumsum(pc.list_value_length(column).fill_null(0).to_numpy(zero_copy_only=False), out=offsets[1:])
                codes = items.indices.to_numpy(zero_copy_only=False).astype(np.intp)
                known = column.is_valid().to_numpy(zero_copy_only=False)
                encoded.lists[name] = Lists(offsets, codes, known)
            case Signal():
                micros = column.cast(pa.int64()).cast(pa.float64())
                encoded.micros[name] = micros.fill_null(np.nan).to_numpy(zero_copy_only=False)
            case About() | Between():
                numbers = column.cast(pa.float64())
                encoded.numbers[name] = numbers.fill_null(np.nan).to_numpy(zero_copy_only=False)
    return encoded
