"""How people read an export: with four libraries, as text and with the guesses of each."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
from pyarrow import csv

import icpkit as icp

# As text: the one way that loses nothing.


def pandas_text(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> Any:
    """Read all as text; without keep_default_na=False, pandas makes NaN of NA, None, null and others."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding=encoding, sep=delimiter)


def pandas_arrow_text(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> Any:
    """Read all as text that Arrow holds."""
    text = pd.ArrowDtype(pa.string())
    return pd.read_csv(path, dtype=text, keep_default_na=False, encoding=encoding, sep=delimiter)


def polars_text(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> Any:
    """Read all as text."""
    return pl.read_csv(path, infer_schema=False, encoding=encoding, separator=delimiter)


def polars_lazy_text(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> Any:
    """Plan to read all as text; only UTF-8 can be read so."""
    assert encoding == "utf-8"
    return pl.scan_csv(path, infer_schema=False, separator=delimiter)


def arrow_text(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> Any:
    """Read all as text, for which Arrow must be told the name of each column."""
    reading = csv.ReadOptions(encoding=encoding)
    parsing = csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    with csv.open_csv(path, reading, parsing) as file:
        names = file.schema.names
    converting = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    return csv.read_csv(path, reading, parsing, converting)


def duckdb_text(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> Any:
    """Read all as text; only UTF-8 can be read without an extension."""
    assert encoding == "utf-8"
    return duckdb.read_csv(str(path), all_varchar=True, header=True, delimiter=delimiter)


AS_TEXT: Final[Mapping[str, Callable[..., Any]]] = {
    "pandas": pandas_text,
    "pandas over Arrow": pandas_arrow_text,
    "Polars": polars_text,
    "Polars, lazy": polars_lazy_text,
    "Arrow": arrow_text,
    "DuckDB": duckdb_text,
}

# As each reader guesses.


def pandas_typed(path: Path, delimiter: str = ",") -> Any:
    """Let pandas guess, but for what is unknown."""
    return pd.read_csv(path, sep=delimiter, keep_default_na=False, na_values=[""])


def pandas_nullable(path: Path, delimiter: str = ",") -> Any:
    """Let pandas guess, with types that know unknown values."""
    return pd.read_csv(path, sep=delimiter, keep_default_na=False, na_values=[""], dtype_backend="numpy_nullable")


def pandas_over_arrow(path: Path, delimiter: str = ",") -> Any:
    """Let pandas guess, with types of Arrow."""
    return pd.read_csv(path, sep=delimiter, keep_default_na=False, na_values=[""], dtype_backend="pyarrow")


def polars_typed(path: Path, delimiter: str = ",") -> Any:
    """Let Polars guess, dates too."""
    return pl.read_csv(path, separator=delimiter, try_parse_dates=True, infer_schema_length=None)


def arrow_typed(path: Path, delimiter: str = ",") -> Any:
    """Let Arrow guess."""
    converting = csv.ConvertOptions(null_values=[""], strings_can_be_null=True)
    parsing = csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    return csv.read_csv(path, parse_options=parsing, convert_options=converting)


def duckdb_typed(path: Path, delimiter: str = ",") -> Any:
    """Let DuckDB guess."""
    return duckdb.read_csv(str(path), header=True, sample_size=-1, delimiter=delimiter)


TYPED: Final[Mapping[str, Callable[..., Any]]] = {
    "pandas": pandas_typed,
    "pandas, nullable": pandas_nullable,
    "pandas over Arrow": pandas_over_arrow,
    "Polars": polars_typed,
    "Arrow": arrow_typed,
    "DuckDB": duckdb_typed,
}


def exactly(accounts: icp.Accounts) -> str:
    """Give all that accounts hold, kinds of values included: to Python 1, 1.0 and True are one."""
    return repr((accounts.key, dict(zip(accounts.names, accounts.columns, strict=True))))
