"""Whether the harness itself is right: a typed cell that is read back is what the reference scores."""

import math
import random
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.batch.cases import drawn_accounts
from tests.parity import landing
from tests.parity.databases import Database, quoted
from tests.parity.drawn import QUICK, drawn
from tests.parity.landing import LISTS, land

#: Where the driver reads a column otherwise, or not at all.
READ = {"zoned": "{} AT TIME ZONE 'UTC'", "real": "CAST({} AS DOUBLE PRECISION)"}


def as_read(value: Any) -> Any:
    """Give a value as it can be compared: NaN is itself, and a moment the same in any zone."""
    if isinstance(value, float | Decimal) and math.isnan(value):
        return "NaN"
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return float(value) if isinstance(value, Decimal) else value


def test_a_cell_that_is_read_back_is_what_the_reference_scores(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies in a typed column comes back from the database as the landed account has it."""
    # No driver gives moments beyond the calendar to Python.
    monkeypatch.setattr(landing, "ODD_MOMENTS", {})
    seen: set[str] = set()
    for number, (profile, as_of) in enumerate(drawn(QUICK)[:40]):
        rng = random.Random(number)
        landed = land(profile, drawn_accounts(profile, rng, 10, as_of=as_of), rng, database.dialect)
        with database.holding(landed.tables) as run:
            for attribute, holds in landed.holds.items():
                seen.add(holds)
                if holds in LISTS and holds != "array":
                    continue
                told = landed.columns.get(attribute, attribute)
                name = told if isinstance(told, str) else told.name
                cell = READ.get(holds, "{}").format(quoted(name)) if database.dialect != "sqlite" else quoted(name)
                found = run(f'SELECT "Key", {cell} AS cell FROM accounts', None)
                assert {row["Key"]: as_read(row["cell"]) for row in found} == {
                    key: as_read(account[attribute]) for key, account in landed.accounts.items()
                }
    assert {"double", "big", "decimal", "text", "date", "zoned", "json", "delimited", "long"} <= seen
