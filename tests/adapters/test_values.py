import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from icpkit.adapters.values import plain_column


class Event(NamedTuple):
    """An event as a record."""

    kind: str
    at: date


PLUS_ONE = timezone(timedelta(hours=1))
IDENTITY = uuid.UUID(int=7)
PLAIN = {
    "None": (None, None),
    "text": (" Acme ", " Acme "),
    "True": (True, True),
    "an int": (2**70, 2**70),
    "a float": (0.1, 0.1),
    "a whole float": (1996.0, 1996.0),
    "infinity": (float("inf"), float("inf")),
    "NaN": (float("nan"), None),
    "a decimal": (Decimal("1.50"), Decimal("1.50")),
    "a decimal NaN": (Decimal("NaN"), None),
    "a decimal sNaN": (Decimal("sNaN"), None),
    "a date": (date(2026, 11, 21), date(2026, 11, 21)),
    "a moment": (datetime(2026, 11, 21, 9, tzinfo=UTC), datetime(2026, 11, 21, 9, tzinfo=UTC)),
    "a time": (time(9), time(9)),
    "bytes": (b"acme", b"acme"),
    "a UUID": (IDENTITY, str(IDENTITY)),
    "numpy text": (np.str_("acme"), "acme"),
    "numpy True": (np.True_, True),
    "numpy int64": (np.int64(320), 320),
    "numpy uint8": (np.uint8(3), 3),
    "numpy float64": (np.float64(0.1), 0.1),
    "numpy float32": (np.float32(0.5), 0.5),
    "numpy NaN": (np.float64("nan"), None),
    "a numpy day": (np.datetime64("2026-11-21"), date(2026, 11, 21)),
    "a numpy second": (np.datetime64("2026-11-21T09:30:00"), datetime(2026, 11, 21, 9, 30)),
    "a numpy nanosecond": (
        np.datetime64("2026-11-21T09:30:00.123456789"),
        datetime(2026, 11, 21, 9, 30, 0, 123456),
    ),
    "numpy NaT": (np.datetime64("NaT", "D"), None),
    "numpy NaT in nanoseconds": (np.datetime64("NaT", "ns"), None),
    "a numpy span": (np.timedelta64(1_500, "ns"), timedelta(microseconds=1)),
    "an array": (np.array(["a", "b"]), ["a", "b"]),
    "an array of NaN": (np.array([1.5, np.nan]), [1.5, None]),
    "an array of dates": (np.array(["2026-11-21"], dtype="datetime64[ns]"), [datetime(2026, 11, 21)]),
    "pandas NA": (pd.NA, None),
    "pandas NaT": (pd.NaT, None),
    "a Timestamp": (pd.Timestamp("2026-11-21 09:30:00.123456789"), datetime(2026, 11, 21, 9, 30, 0, 123456)),
    "a Timestamp with a zone": (
        pd.Timestamp("2026-11-21 09:30", tz=PLUS_ONE),
        datetime(2026, 11, 21, 9, 30, tzinfo=PLUS_ONE),
    ),
    "a list": ([np.int64(1), [np.nan, pd.NA]], [1, [None, None]]),
    "a tuple": (("demo", np.datetime64("2026-11-21")), ["demo", date(2026, 11, 21)]),
    "a mapping": ({"kind": "demo", "strength": np.float64("nan")}, {"kind": "demo", "strength": None}),
    "a record": (Event("demo", date(2026, 11, 21)), Event("demo", date(2026, 11, 21))),
    "a set": ({"a"}, {"a"}),
}


@pytest.mark.parametrize(("cell", "plain"), PLAIN.values(), ids=PLAIN)
def test_cells_become_plain(cell: Any, plain: Any) -> None:
    """Each cell becomes the plain Python value that it means, whatever stands beside it."""
    for beside in ([], ["text", 1.5], [None, 7]):
        [made, *others] = plain_column([cell, *beside])
        assert (repr(made), others) == (repr(plain), beside)


def test_long_doubles_stay() -> None:
    """Python has no kind of its own for long doubles."""
    [alone, [within]] = plain_column([np.longdouble(1.5), np.array([2.5], dtype=np.longdouble)])
    assert (alone, within, type(alone)) == (1.5, 2.5, np.longdouble)


def test_plain_lists_are_not_copied() -> None:
    """A list that is plain already costs nothing; another sequence becomes a list."""
    cells = ["acme", None]
    assert plain_column(cells) is cells
    assert plain_column(("acme", None)) == cells
