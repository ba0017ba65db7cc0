"""What `icp.sql_selftest` writes for Spark, run on a session."""

import itertools
from typing import Any

import pytest

import icpkit as icp
from tests.sql.selftest_cases import cases, drawn_cases


def test_spark_returns_no_row(spark: Any) -> None:
    """A profile of all kinds of types has no account that Spark scores otherwise."""
    *_, (profile, options) = cases("spark")
    assert spark.sql(icp.sql_selftest(profile, "spark", **options)).collect() == []


def test_spark_tells_what_is_wrong(spark: Any) -> None:
    """Where a cut is moved, the accounts on it are returned."""
    profile = icp.Profile("Size", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_low=25)])])
    sql = icp.sql_selftest(profile, "spark")
    rows = spark.sql(sql.replace("`fit` >= 80", "`fit` >= 80.000001")).collect()
    assert {(row.tier_expected, row.tier_found) for row in rows} == {("Perfect", "Strong")}


@pytest.mark.slow
def test_spark_returns_no_row_at_length(spark: Any) -> None:
    """Nor have profiles of all criteria and lists, and some that were drawn at random."""
    for profile, options in itertools.chain(cases("spark"), drawn_cases(20)):
        assert spark.sql(icp.sql_selftest(profile, "spark", **options)).collect() == [], repr(profile)
