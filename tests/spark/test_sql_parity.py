"""What `icp.to_sql` writes for Spark, run on a session, against the reference."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.parity.databases import Spark
from tests.parity.drawn import QUICK
from tests.parity.sql_cases import run


def test_spark_gives_the_reference_fits(spark: Any, record_property: Callable[[str, object], None]) -> None:
    """On 300 pairs all outputs of a statement are those of the reference, to the last bit."""
    run(Spark(spark), QUICK, record_property, pairs=300, distinct=12)


@pytest.mark.slow
def test_spark_gives_the_reference_fits_at_length(spark: Any, record_property: Callable[[str, object], None]) -> None:
    """The same on ten times as many."""
    run(Spark(spark), QUICK, record_property, pairs=3000, distinct=120)
