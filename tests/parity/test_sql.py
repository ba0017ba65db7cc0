"""What `icp.to_sql` writes, run on real databases, against the reference: typed tables, one statement a profile."""

import functools
import itertools
import random
from collections import Counter
from collections.abc import Callable
from datetime import date

import attrs
import pytest

import icpkit as icp
from icpkit.testing import OnCut, on_cut_cases
from tests.batch.cases import drawn_accounts, recombined
from tests.parity.databases import Database
from tests.parity.drawn import QUICK, SLOW, drawn
from tests.parity.landing import land, sayable
from tests.parity.sql_cases import Case, compare, differences, run

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
    for number, (profile, cases) in enumerate(itertools.groupby(cases_on_cuts(), lambda case: case.profile)):
        accounts = [case.account for case in cases]
        landed = land(profile, accounts, random.Random(number), database.dialect, plain=True)
        moments = dict.fromkeys(landed.accounts, date(2026, 11, 21))
        assert compare(Case((profile,), landed, "2026-11-21", moments), database)["on a cut"] == len(accounts)


@functools.cache
def cases_on_cuts() -> list[OnCut]:
    """Give accounts on a cut, the same for all databases."""
    return list(on_cut_cases(1, 80))


def test_each_account_gets_the_profile_that_fits_it_best(database: Database) -> None:
    """An account gets the scored profile of the highest fit; among equals, or where none is scored, the first."""
    pool, chosen = drawn(QUICK), Counter[str]()
    for number in range(8):
        rng, (_, as_of) = random.Random(number), pool[number]
        first = attrs.evolve(sayable(recombined([one for one, _ in pool], rng)), name="First")
        parts = [
            attrs.evolve(one, weight=one.weight or 1) for one in rng.sample(first.dimensions, len(first.dimensions))
        ]
        second = attrs.evolve(first, name="Second", dimensions=parts[:2], gates=(), min_coverage=0)
        every = (first, second, attrs.evolve(first, name="As the first"))
        landed = land(first, drawn_accounts(first, rng, 25, as_of=as_of), rng, database.dialect)
        case = Case(every, landed, as_of, dict.fromkeys(landed.accounts, as_of))
        with database.holding(landed.tables) as asked:
            rows = asked(case.sql(database.dialect), None)
        assert {row["key"] for row in rows} == landed.accounts.keys()
        for row in rows:
            account = landed.accounts[row["key"]]
            scores = [icp.score(one, account, as_of=as_of, on_invalid="unknown") for one in every]
            fits = [score.fit if score.fit is not None and score.status == "scored" else -1.0 for score in scores]
            best = fits.index(max(fits))
            assert row["profile"] == every[best].name
            assert not differences(row, scores[best], contributions=None), case.told(row["key"])
            chosen[row["profile"]] += 1
    assert chosen.keys() == {"First", "Second"}
    assert min(chosen.values()) > 25
