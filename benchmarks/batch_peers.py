"""Peers of the batch engine that have a language of their own: Polars and DuckDB.

Of several ways to say the same in each, the fastest that was found.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import attrs
import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.batch_data import Floats, folded, plain, polars_frame
from benchmarks.batch_formula import (
    CUTS,
    DAY,
    FORMULA,
    FUTURE,
    MIN_COVERAGE,
    NOW,
    TIERS,
    AnyOf,
    Decay,
    Falling,
    InRange,
    OneOf,
    Part,
    Satisfied,
    Share,
)
from icpkit import fold

#: Fits, NaN where there is none, and the tier of each as its place in `TIERS`, -1 where there is none.
Fits: TypeAlias = tuple[Floats, NDArray[np.int8]]
#: How a text that is meant may be spelled, by attribute and folded text.
Spelled: TypeAlias = Callable[[str, str], list[str]]


@attrs.frozen
class Peer:
    """One contender: what is timed, and how its result is read to be checked, which is not timed."""

    run: Callable[[], Any]
    read: Callable[[Any], Fits]


# Polars

_TIER = pl.Enum(TIERS)


def polars_prepared(table: pa.Table) -> Peer:
    """Give Polars a frame prepared beforehand: texts folded, as enumerations; labels folded, as categories."""
    frame: Any = pl.from_arrow(folded(table), rechunk=True)
    texts = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Categorical)]
    frame = frame.with_columns(
        pl.col(name).cast(pl.Enum(frame[name].drop_nulls().unique().cast(pl.String))) for name in texts
    )
    query = _polars_query(frame, lambda _, name: [name])
    return Peer(query.collect, _read_polars)


def polars_own(table: pa.Table) -> Peer:
    """Give Polars its own frame, with texts as they are: it makes categories and folds the distinct ones."""
    frame = polars_frame(table)

    def run() -> Any:
        return _polars_by_category(frame)

    return Peer(run, _read_polars)


def polars_of_dictionaries(table: pa.Table) -> Peer:
    """Give Polars the Arrow table with dictionaries, which become categories."""

    def run() -> Any:
        return _polars_by_category(pl.from_arrow(table, rechunk=False))

    return Peer(run, _read_polars)


def polars_as_written(table: pa.Table) -> Peer:
    """Give Polars its own frame and fold every text in place, as people write it."""
    frame = polars_frame(table)

    def folded_text(texts: pl.Expr) -> pl.Expr:
        return texts.str.strip_chars().str.to_lowercase()

    columns = [
        folded_text(pl.col(name)) if kind == pl.String else pl.col(name).list.eval(folded_text(pl.element()))
        for name, kind in frame.schema.items()
        if kind in {pl.String, pl.List(pl.String)} and any(part.attribute == name for part in FORMULA)
    ]

    def run() -> Any:
        return _polars_query(frame.lazy().with_columns(columns), lambda _, name: [name]).collect()

    return Peer(run, _read_polars)


def _polars_by_category(frame: Any) -> Any:
    """Make categories of texts, look at the distinct ones, and ask for all spellings of what is meant."""
    wanted = {part.attribute for part in FORMULA}
    kinds = {name: kind for name, kind in frame.schema.items() if name in wanted}
    lists = [name for name, kind in kinds.items() if isinstance(kind, pl.List)]
    texts = [name for name, kind in kinds.items() if isinstance(kind, pl.String | pl.Categorical)]
    frame = (
        frame.lazy()
        .select(
            pl.col(name).cast(pl.List(pl.Categorical) if name in lists else pl.Categorical)
            if name in lists or name in texts
            else name
            for name in kinds
        )
        .collect()
    )
    distinct = pl.collect_all(
        [frame.lazy().select(pl.col(name).explode() if name in lists else name).unique() for name in lists + texts]
    )
    spelled: dict[str, dict[str, list[str]]] = {}
    for name, column in zip(lists + texts, distinct, strict=True):
        spelled[name] = {}
        for text in column.to_series().drop_nulls().to_list():
            spelled[name].setdefault(fold(text), []).append(text)
    return _polars_query(frame, lambda attribute, name: spelled[attribute].get(name, [])).collect()


def _polars_query(frame: Any, spelled: Spelled) -> Any:
    matches = [_polars_match(part, spelled).alias(f"m{place}") for place, part in enumerate(FORMULA)]
    columns = [pl.col(f"m{place}") for place in range(len(FORMULA))]
    total = pl.sum_horizontal(column * part.weight for column, part in zip(columns, FORMULA, strict=True))
    known = [column.is_not_null().cast(pl.Float64) * part.weight for column, part in zip(columns, FORMULA, strict=True)]
    covered = pl.sum_horizontal(known)
    never = sum(part.weight for part in FORMULA if part.counts_when_absent)
    counted = never + pl.sum_horizontal(
        weight for weight, part in zip(known, FORMULA, strict=True) if not part.counts_when_absent
    )
    fit = pl.when(covered >= MIN_COVERAGE - 1e-9).then(100 * total / counted)
    tier: Any = pl.when(pl.col("fit") < CUTS[0]).then(pl.lit(TIERS[0], _TIER))
    for cut, name in zip(CUTS[1:], TIERS[1:], strict=False):
        tier = tier.when(pl.col("fit") < cut).then(pl.lit(name, _TIER))
    tier = tier.when(pl.col("fit").is_not_null()).then(pl.lit(TIERS[-1], _TIER))
    return frame.lazy().select(matches).select(fit.alias("fit")).with_columns(tier.alias("tier"))


def _polars_match(part: Part, spelled: Spelled) -> Any:  # noqa: C901, PLR0911  # a case for each kind of question
    x = pl.col(part.attribute)

    def meant(names: Any) -> list[str]:
        return [spelling for name in names for spelling in spelled(part.attribute, name)]

    def found(names: Any) -> pl.Expr:
        return x.list.eval(pl.element().is_in(meant(names))).list.sum()

    match part.question:
        case InRange() as asked:
            return _polars_range(asked, x)
        case OneOf(matches, otherwise):
            groups = _by_value(matches)
            chain: Any = pl
            for match, names in groups.items():
                chain = chain.when(x.is_in(meant(names))).then(pl.lit(match))
            return chain.when(x.is_not_null()).then(pl.lit(otherwise))
        case Share(labels):
            whole = sum(labels.values())
            terms = [found(names) * (weight / whole) for weight, names in _by_value(labels).items()]
            return sum(terms[1:], terms[0])
        case AnyOf(labels):
            return (found(labels) > 0).cast(pl.Float64)
        case Satisfied(labels):
            return pl.when(x.list.len() == 0).then(1.0).otherwise(found(labels) / x.list.len())
        case asked:
            now = pl.lit(round(NOW))
            micros = x.dt.epoch("us")
            days = pl.when(micros < round(FUTURE)).then(((now - micros) / DAY).clip(lower_bound=0))
            if isinstance(asked, Decay):
                return (days * (-math.log(2) / asked.half_life)).exp()
            if isinstance(asked, Falling):
                return (1 - days / asked.days).clip(lower_bound=0)
            steps: Any = pl
            for most, match in asked.steps:
                steps = steps.when(days <= most).then(pl.lit(match))
            return steps.when(days.is_not_null()).then(0.0)


def _polars_range(asked: InRange, x: pl.Expr) -> Any:
    chain: Any = pl
    scale: Callable[[Any], Any] = math.log if asked.log else float
    scaled = x.log() if asked.log else x
    if asked.low is not None:
        below = pl.lit(0.0)
        if asked.soft_low is not None:
            slope = 1 / (scale(asked.low) - scale(asked.soft_low))
            below = (1 - slope * (scale(asked.low) - scaled)).clip(lower_bound=0)
        chain = chain.when(x < asked.low).then(below)
    if asked.high is not None:
        above = pl.lit(0.0)
        if asked.soft_high is not None:
            slope = 1 / (scale(asked.soft_high) - scale(asked.high))
            above = (1 - slope * (scaled - scale(asked.high))).clip(lower_bound=0)
        chain = chain.when(x > asked.high).then(above)
    return chain.when(x.is_not_null()).then(1.0)


def _by_value(values: Mapping[str, float]) -> dict[float, list[str]]:
    groups: dict[float, list[str]] = {}
    for name, value in values.items():
        groups.setdefault(value, []).append(name)
    return groups


def _read_polars(frame: Any) -> Fits:
    fits = frame["fit"].fill_null(float("nan")).to_numpy()
    return fits, frame["tier"].to_physical().cast(pl.Int8).fill_null(-1).to_numpy()


# DuckDB


def duckdb_prepared(table: pa.Table, *, threads: int = 2) -> Peer:
    """Give DuckDB a table of its own, prepared beforehand: texts and labels folded, as enumerations."""
    connection = _connection(folded(table), threads)
    columns = []
    for name, kind in connection.sql("SELECT column_name, column_type FROM (DESCRIBE accounts)").fetchall():
        if name != table.column_names[0] and "VARCHAR" in kind:
            texts = f"unnest({name})" if kind.endswith("[]") else name
            listed = f"SELECT text FROM (SELECT DISTINCT {texts} AS text FROM accounts) WHERE text NOT NULL"  # noqa: S608  # our own columns
            connection.execute(f"CREATE TYPE kind_of_{name} AS ENUM ({listed})")
            columns.append(f"{name}::kind_of_{name}{'[]' if kind.endswith('[]') else ''} AS {name}")
    replaced = ", ".join(columns)
    connection.execute(f"CREATE TABLE prepared AS SELECT * REPLACE ({replaced}) FROM accounts")  # noqa: S608  # the same
    connection.execute("DROP TABLE accounts; ALTER TABLE prepared RENAME TO accounts")
    return Peer(lambda: connection.sql(_sql("accounts")).to_arrow_table(), _read_duckdb)


def duckdb_own(table: pa.Table, *, threads: int = 2) -> Peer:
    """Give DuckDB a table of its own, with texts as they are, which it folds."""
    connection = _connection(plain(table), threads)
    columns = []
    for name, kind in connection.sql("SELECT column_name, column_type FROM (DESCRIBE accounts)").fetchall():
        if name == table.column_names[0]:
            continue
        if kind == "VARCHAR":
            columns.append(f"lower(trim({name})) AS {name}")
        elif kind == "VARCHAR[]":
            columns.append(f"list_transform({name}, lambda label: lower(trim(label))) AS {name}")
    source = f"(SELECT * REPLACE ({', '.join(columns)}) FROM accounts)"  # noqa: S608  # our own columns
    return Peer(lambda: connection.sql(_sql(source)).to_arrow_table(), _read_duckdb)


def _connection(table: pa.Table, threads: int) -> Any:
    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    connection.register("source", table)
    connection.execute("CREATE TABLE accounts AS SELECT * FROM source")
    connection.unregister("source")
    return connection


def _sql(source: str) -> str:
    """Write the formula as SQL."""
    matches = ", ".join(f"{_sql_match(part)} AS m{place}" for place, part in enumerate(FORMULA))
    terms, covered, never = [], [], []
    for place, part in enumerate(FORMULA):
        weight = f"{part.weight!r}::DOUBLE"
        terms.append(f"coalesce({weight} * m{place}, 0::DOUBLE)")
        covered.append(f"CASE WHEN m{place} IS NULL THEN 0::DOUBLE ELSE {weight} END")
        if part.counts_when_absent:
            never.append(f"CASE WHEN m{place} IS NULL THEN {weight} ELSE 0::DOUBLE END")
    tier = " ".join(f"WHEN fit < {cut} THEN {place}" for place, cut in enumerate(CUTS))
    fit = f"CASE WHEN covered >= {MIN_COVERAGE - 1e-9} THEN 100 * total / (covered + never) END"
    return f"""
        WITH matches AS (SELECT {matches} FROM {source}),
        sums AS (
            SELECT {" + ".join(terms)} AS total, {" + ".join(covered)} AS covered, {" + ".join(never)} AS never
            FROM matches
        ),
        fits AS (SELECT {fit} AS fit FROM sums)
        SELECT fit, (CASE WHEN fit IS NULL THEN -1 {tier} ELSE {len(CUTS)} END)::TINYINT AS tier FROM fits
    """  # noqa: S608  # our own numbers and columns


def _sql_match(part: Part) -> str:
    x = part.attribute

    def has(label: str) -> str:
        return f"list_contains({x}, '{label}')"

    def number(value: float) -> str:
        return f"{float(value)!r}::DOUBLE"

    match part.question:
        case InRange() as asked:
            cases = _sql_range(asked, x)
        case OneOf(matches, otherwise):
            cases = [f"WHEN {x} = '{name}' THEN {number(match)}" for name, match in matches.items()]
            cases += [f"WHEN {x} IS NOT NULL THEN {number(otherwise)}"]
        case Share(labels):
            whole = sum(labels.values())
            shares = (
                f"CASE WHEN {has(name)} THEN {number(weight / whole)} ELSE 0 END" for name, weight in labels.items()
            )
            cases = [f"WHEN {x} IS NOT NULL THEN {' + '.join(shares)}"]
        case AnyOf(labels):
            cases = [f"WHEN {' OR '.join(map(has, labels))} THEN 1::DOUBLE", f"WHEN {x} IS NOT NULL THEN 0::DOUBLE"]
        case Satisfied(labels):
            ours = " + ".join(f"{has(label)}::DOUBLE" for label in labels)
            cases = [f"WHEN len({x}) = 0 THEN 1::DOUBLE", f"WHEN {x} IS NOT NULL THEN ({ours}) / len({x})"]
        case asked:
            days = f"(greatest(0::DOUBLE, {number(NOW)} - epoch_us({x})) * {number(1 / DAY)})"
            if isinstance(asked, Decay):
                found = [f"ELSE exp({days} * {number(-math.log(2) / asked.half_life)})"]
            elif isinstance(asked, Falling):
                found = [f"ELSE greatest(0::DOUBLE, 1 - {days} * {number(1 / asked.days)})"]
            else:
                found = [f"WHEN {days} <= {most} THEN {number(match)}" for most, match in asked.steps]
                found += ["ELSE 0::DOUBLE"]
            cases = [f"WHEN {x} IS NULL OR epoch_us({x}) >= {round(FUTURE)} THEN NULL", *found]
    return f"CASE {' '.join(cases)} END"


def _sql_range(asked: InRange, x: str) -> list[str]:
    scale: Callable[[Any], Any] = math.log if asked.log else float
    scaled = f"ln({x})" if asked.log else x
    cases = []
    if asked.low is not None:
        below = "0::DOUBLE"
        if asked.soft_low is not None:
            slope = 1 / (scale(asked.low) - scale(asked.soft_low))
            below = f"greatest(0::DOUBLE, 1 - {slope!r}::DOUBLE * ({scale(asked.low)!r}::DOUBLE - {scaled}))"
        cases.append(f"WHEN {x} < {asked.low!r} THEN {below}")
    if asked.high is not None:
        above = "0::DOUBLE"
        if asked.soft_high is not None:
            slope = 1 / (scale(asked.soft_high) - scale(asked.high))
            above = f"greatest(0::DOUBLE, 1 - {slope!r}::DOUBLE * ({scaled} - {scale(asked.high)!r}::DOUBLE))"
        cases.append(f"WHEN {x} > {asked.high!r} THEN {above}")
    return [*cases, f"WHEN {x} IS NOT NULL THEN 1::DOUBLE"]


def _read_duckdb(table: pa.Table) -> Fits:
    fits = table["fit"].combine_chunks().fill_null(float("nan")).to_numpy(zero_copy_only=False)
    return fits, table["tier"].to_numpy()
