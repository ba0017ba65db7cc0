"""What `icp.sql_selftest` writes for Spark, run on a session."""

from typing import Any

import pytest

import icpkit as icp
from tests.sql.selftest_cases import cases, drawn_cases


def test_spark_returns_no_row(spark: Any) -> None:
    """Profiles of all criteria, lists and types have no account that Spark scores otherwise."""
    for profile, options in cases("spark"):
        assert spark.sql(icp.sql_selftest(profile, "spark", **options)).collect() == [], profile.name


def test_spark_tells_what_is_wrong(spark: Any) -> None:
    """Where a cut is moved, the accounts on it are returned."""
    profile = icp.Profile("Size", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_low=25)])])
    sql = icp.sql_selftest(profile, "spark")
    rows = spark.sql(sql.replace("`fit` >= 80", "`fit` >= 80.000001")).collect()
    assert {(row.tier_expected, row.tier_found) for row in rows} == {("Perfect", "Strong")}


@pytest.mark.slow
def test_spark_returns_no_row_of_drawn_profiles(spark: Any) -> None:
    """Nor have profiles that were drawn at random."""
    for profile, options in drawn_cases(30):
        assert spark.sql(icp.sql_selftest(profile, "spark", **options)).collect() == [], repr(profile)
