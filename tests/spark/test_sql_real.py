"""Real exports, or their twins, in Spark: its SQL and its workers both give the table that one process gives."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import icpkit as icp
from tests.parity.databases import Spark
from tests.trials.exports import rows_of
from tests.trials.independent import Row
from tests.trials.profiles import remote_company, remote_teams
from tests.trials.tables import LISTS, OUTPUTS, Customers, Lists, by_engine, companies, scored, subscribers
from tests.trials.test_sql import EARLIER, TODAY
from tests.trials.twins import write_companies


@pytest.fixture(scope="module", params=["real", "twin"])
def rows(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """The companies of remoteintech."""
    folder: Path = tmp_path_factory.mktemp("remoteintech")
    return rows_of(str(request.param), "remoteintech/companies.csv", write_companies, folder)


@pytest.mark.parametrize("lists", LISTS)
def test_its_sql_gives_the_table_that_pandas_gives(spark: Any, rows: list[Row], lists: Lists) -> None:
    """Key, fit, tier, status, coverage, bounds and wrong values of every company, however technologies are held."""
    wanted = by_engine(remote_teams(), pd.DataFrame([remote_company(row) for row in rows]), "slug", EARLIER)
    assert scored(Spark(spark), companies(rows, "spark", lists), remote_teams(), EARLIER) == wanted


def test_its_workers_give_the_table_that_pandas_gives(spark: Any, rows: list[Row]) -> None:
    """The same by mapInArrow, from raw texts in four partitions."""
    wanted = by_engine(remote_teams(), pd.DataFrame([remote_company(row) for row in rows]), "slug", TODAY)
    table = pa.Table.from_pylist(
        [row | {"technologies": row["technologies"].split(";") if row["technologies"] else None} for row in rows]
    )
    frame = spark.createDataFrame(table).repartition(4)
    found = icp.score_spark(remote_teams(), frame, key="slug", as_of=TODAY).toArrow().to_pylist()
    names = OUTPUTS[:-1]
    assert {row["key"]: tuple(row[name] for name in names) for row in found} == {
        key: one[: len(names)] for key, one in wanted.items()
    }


def test_its_sql_reads_money_flags_and_rows_of_other_tables(spark: Any) -> None:
    """Decimals, plans of all subscriptions, the latest ticket and the sum of all requests, of every customer."""
    customers, as_of = Customers.real(), TODAY.replace(year=2024)
    assert scored(Spark(spark), customers.landed("spark"), subscribers(), as_of) == customers.scores(as_of)
