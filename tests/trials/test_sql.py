"""Real exports, or their twins, scored where they are: each database gives the table that the engine gives."""

from datetime import UTC, date, datetime, timedelta, timezone

import pandas as pd
import pytest

from tests.parity.databases import Database
from tests.trials.exports import rows_of
from tests.trials.independent import Row
from tests.trials.profiles import large_cap, large_caps, remote_company, remote_teams
from tests.trials.tables import LISTS, Customers, Lists, by_engine, companies, constituents, scored, subscribers
from tests.trials.twins import write_companies, write_constituents

TODAY = date(2026, 11, 21)
#: Two hours into a day in UTC: rows that were added or updated later do not exist yet.
EARLIER = datetime(2022, 10, 10, 4, 30, tzinfo=timezone(timedelta(hours=2, minutes=30)))
LONG_AGO = datetime(2012, 12, 31, 18, tzinfo=UTC)


@pytest.fixture(scope="module", params=["real", "twin"])
def source(request: pytest.FixtureRequest) -> str:
    """Which export is scored."""
    return str(request.param)


@pytest.fixture(scope="module")
def remote_rows(source: str, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """The companies of remoteintech."""
    return rows_of(source, "remoteintech/companies.csv", write_companies, tmp_path_factory.mktemp("remoteintech"))


@pytest.fixture(scope="module")
def listed_rows(source: str, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """The constituents of the S&P 500."""
    return rows_of(source, "sp500/constituents.csv", write_constituents, tmp_path_factory.mktemp("sp500"))


@pytest.mark.parametrize("as_of", [TODAY, EARLIER], ids=["today", "earlier"])
@pytest.mark.parametrize("lists", LISTS)
def test_a_database_gives_the_table_that_pandas_gives(
    database: Database, remote_rows: list[Row], lists: Lists, as_of: date
) -> None:
    """Key, fit, tier, status, coverage, bounds and wrong values of every company, however technologies are held."""
    frame = pd.DataFrame([remote_company(row) for row in remote_rows])
    found = scored(database, companies(remote_rows, database.dialect, lists), remote_teams(), as_of)
    assert found == by_engine(remote_teams(), frame, "slug", as_of)


@pytest.mark.parametrize("as_of", [TODAY, LONG_AGO], ids=["today", "long ago"])
@pytest.mark.parametrize("lists", LISTS)
def test_paths_years_and_places_are_read_where_they_are(
    database: Database, listed_rows: list[Row], lists: Lists, as_of: date
) -> None:
    """Beginnings of sectors, founding years, the best of several places, and gates of what is unknown."""
    found = scored(database, constituents(listed_rows, database.dialect, lists), large_caps(), as_of)
    assert found == by_engine(large_caps(), list(map(large_cap, listed_rows)), "Symbol", as_of)


@pytest.mark.parametrize("as_of", [date(2024, 12, 31), date(2024, 3, 1)], ids=["the end", "earlier"])
def test_money_flags_and_rows_of_other_tables_are_read_where_they_are(database: Database, as_of: date) -> None:
    """Decimals, plans of all subscriptions, the latest ticket and the sum of all requests, of every customer."""
    customers = Customers.real()
    found = scored(database, customers.landed(database.dialect), subscribers(), as_of)
    assert found == customers.scores(as_of)
