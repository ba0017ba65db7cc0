"""What `icp.to_sql` writes, run on real databases, against the reference: typed tables, one statement a profile."""

import itertools
import random
from collections.abc import Callable
from datetime import date

import pytest

from icpkit.testing import on_cut_cases
from tests.parity.databases import Database
from tests.parity.drawn import QUICK, SLOW
from tests.parity.landing import land
from tests.parity.sql_cases import Case, compare, run

#: What must be compared at least.
PAIRS, DISTINCT = 5000, 200


def test_every_database_gives_the_reference_fits(
    database: Database, record_property: Callable[[str, object], None]
) -> None:
    """On 5,000 pairs all outputs of a statement are those of the reference, to the last bit."""
    run(database, QUICK, record_property, pairs=PAIRS, distinct=DISTINCT)


@pytest.mark.slow
def test_every_database_gives_the_reference_fits_at_length(
    database: Database, record_property: Callable[[str, object], None]
) -> None:
    """The same on ten times as many."""
    run(database, SLOW, record_property, pairs=10 * PAIRS, distinct=10 * DISTINCT)


def test_every_database_sees_what_is_on_a_cut(database: Database) -> None:
    """On accounts that sit exactly on a cut a statement gives the reference's fit and tier."""
    for number, (profile, cases) in enumerate(itertools.groupby(on_cut_cases(1, 300), lambda case: case.profile)):
        accounts = [case.account for case in cases]
        landed = land(profile, accounts, random.Random(number), database.dialect, plain=True)
        moments = dict.fromkeys(landed.accounts, date(2026, 11, 21))
        assert compare(Case((profile,), landed, "2026-11-21", moments), database)["on a cut"] == len(accounts)
