"""What `icp.to_sql` writes for Spark, run on a session, against the reference."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parity.databases import Spark
from tests.parity.drawn import QUICK
from tests.parity.sql_cases import run
from tests.sql.hostile import HOSTILE, Names, all_names, case_of, outcome_of


def test_spark_gives_the_reference_fits(spark: Any, record_property: Callable[[str, object], None]) -> None:
    """On 300 pairs all outputs of a statement are those of the reference, to the last bit."""
    run(Spark(spark), QUICK, record_property, pairs=300, distinct=12)


@pytest.mark.slow
def test_spark_gives_the_reference_fits_at_length(spark: Any, record_property: Callable[[str, object], None]) -> None:
    """The same on ten times as many."""
    run(Spark(spark), QUICK, record_property, pairs=3000, distinct=120)


def test_hostile_names_and_values_stay_what_they_are(spark: Any) -> None:
    """A statement with hostile names and values gives the reference's scores, or is refused before it runs."""
    run_hostile(Spark(spark), 6)


@pytest.mark.slow
def test_hostile_names_and_values_stay_what_they_are_at_length(spark: Any) -> None:
    """The same, five times as often."""
    run_hostile(Spark(spark), 30)


def run_hostile(database: Spark, times: int) -> None:
    """Run statements with hostile names and values; a third of them at least is not refused."""
    seen = []

    @settings(HOSTILE, max_examples=times)
    @given(all_names(), st.booleans())
    def try_names(names: Names, asked: bool) -> None:
        case = case_of(names, "spark", asked=asked)
        seen.append("no profile" if case is None else outcome_of(case, database))

    try_names()
    assert seen.count("run") >= times / 3
