"""The numpy engine against the reference, at length: every account by itself, and all of a profile's at once."""

import itertools
import random
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any, NamedTuple

import attrs
import numpy as np
import pytest

import icpkit as icp
from tests.batch.cases import as_if_many, cut_at, drawn_accounts, outcome, outcomes, recombined, same_points
from tests.parity.drawn import QUICK, SLOW, drawn

#: Accounts of each profile, and profiles made of each that is drawn.
ACCOUNTS, PROFILES = 47, 4
#: What must be compared at least.
PAIRS, DISTINCT = 20_000, 400


class Case(NamedTuple):
    """A profile, its accounts, the moment of scoring, and what the reference says."""

    profile: icp.Profile
    accounts: list[dict[str, Any]]
    as_of: date
    expected: list[icp.Score]
    rng: random.Random

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """What every way to score them must give."""
        return list(map(outcome, self.expected))

    def at_once(self, data: Any = None, **options: Any) -> icp.Scores:
        """Score them with the numpy engine."""
        settings_of = {"as_of": self.as_of, "on_invalid": "unknown", **options}
        return icp.score_batch(self.profile, self.accounts if data is None else data, **settings_of)


def case_of(profile: icp.Profile, as_of: date, rng: random.Random, *, on_cuts: bool) -> Case:
    """Draw accounts, and let the reference score them; on request most lie on cuts."""
    accounts = drawn_accounts(profile, rng, ACCOUNTS, as_of=as_of)
    if on_cuts:
        fits = Counter(outcomes(icp.score_batch(profile, accounts[:24], as_of=as_of, on_invalid="unknown")))
        profile = cut_at(profile, [row[0] for row, _ in fits.most_common(6) if row[0] is not None])
    scorer = icp.Scorer(profile)
    expected = [scorer.score(account, as_of=as_of, on_invalid="unknown") for account in accounts]
    return Case(profile, accounts, as_of, expected, rng)


# Ways to score the same accounts, all of which give the same


def in_blocks_of_one(case: Case) -> None:
    """Each account in a block of its own."""
    assert outcomes(case.at_once(block=1)) == case.rows


def in_small_blocks(case: Case) -> None:
    """Blocks that do not divide the accounts evenly, one after the other and in threads."""
    for threads in (1, 2, 3):
        assert outcomes(case.at_once(block=7, threads=threads)) == case.rows


def in_another_order(case: Case) -> None:
    """A permutation gives the permuted scores."""
    order = case.rng.sample(range(ACCOUNTS), ACCOUNTS)
    assert outcomes(case.at_once([case.accounts[row] for row in order])) == [case.rows[row] for row in order]


def with_matches_kept(case: Case) -> None:
    """Kept matches change nothing, when they are made and when they are used again."""
    batch = icp.encode(case.accounts, case.profile)
    for _ in range(2):
        assert outcomes(case.at_once(batch, keep=True)) == case.rows
    same_points(case.at_once(batch, keep=True), case.expected[:2])


def at_several_moments(case: Case) -> None:
    """A batch that is encoded once gives at each moment what that moment gives; with kept matches, too."""
    batch, scorer = icp.encode(case.accounts, case.profile), icp.Scorer(case.profile)
    for days in (0, 400, -3):
        when = case.as_of + timedelta(days=days)
        rows = [outcome(scorer.score(one, as_of=when, on_invalid="unknown")) for one in case.accounts[:12]]
        for keep in (False, True):
            assert outcomes(case.at_once(batch, as_of=when, keep=keep))[:12] == rows


def each_at_its_own_moment(case: Case) -> None:
    """A column of moments scores each account at its own."""
    some: list[Any] = [case.as_of, case.as_of - timedelta(days=30), "2026-01-31", "2027-11-21T23:59:59.999999+05:45"]
    column = case.rng.choices(some, k=ACCOUNTS)
    scorer = icp.Scorer(case.profile)
    alone = [
        scorer.score(one, as_of=when, on_invalid="unknown") for one, when in zip(case.accounts, column, strict=True)
    ]
    many = case.at_once(as_of=column, block=7)
    assert outcomes(many) == list(map(outcome, alone))
    assert outcome(many.at(3)) == outcome(alone[3])
    same_points(many, alone[:2])


def as_a_mapping_of_columns(case: Case) -> None:
    """Columns give what records give, where every account has the field of exactly that name."""
    names = dict.fromkeys(itertools.chain.from_iterable(case.accounts))
    whole = [{name: account.get(name) for name in names if "." not in name} for account in case.accounts]
    for account in whole:
        # One text under labels is an invalid value of a record, and a mistake of a whole column.
        account.update({name: None for name in ("technologies", "needs") if isinstance(account.get(name), str)})
    columns = {name: [account[name] for account in whole] for name in whole[0]}
    by_records = case.at_once(whole)
    assert outcomes(case.at_once(columns, unknown=by_records.batch.columns)) == outcomes(by_records)


def among_other_profiles(case: Case) -> None:
    """Several profiles at once give what each gives alone."""
    others = [
        attrs.evolve(case.profile, missing=0.3, min_coverage=0),
        attrs.evolve(case.profile, dimensions=case.profile.dimensions[::-1], gates=(), adjustments=()),
    ]
    both = icp.score_batch([case.profile, *others], case.accounts, as_of=case.as_of, on_invalid="unknown")
    assert outcomes(both[0]) == case.rows
    for many, other in zip(both[1:], others, strict=True):
        alone = icp.score_batch(other, case.accounts, as_of=case.as_of, on_invalid="unknown")
        assert outcomes(many) == outcomes(alone)
        assert many.invalid == alone.invalid


VARIATIONS: tuple[Callable[[Case], None], ...] = (
    in_blocks_of_one,
    in_small_blocks,
    in_another_order,
    with_matches_kept,
    at_several_moments,
    each_at_its_own_moment,
    as_a_mapping_of_columns,
    among_other_profiles,
)


def compare(case: Case, variation: Callable[[Case], None] | None) -> Counter[str]:
    """Compare all that the numpy engine gives with the reference, and perhaps a variation; count kinds of pairs."""
    many = case.at_once()
    found = outcomes(many)
    with as_if_many():
        assert outcomes(case.at_once()) == case.rows, f"as if many: {case.profile!r}"
    for row, right in enumerate(case.rows):
        assert found[row] == right, f"{case.accounts[row]!r} as of {case.as_of!r} by {case.profile!r}"
    offenders = {(row, one.attribute) for row, score in enumerate(case.expected, 1) for one in score.invalid}
    assert {(int(str(one.key).removeprefix("row ")), one.attribute) for one in many.invalid} == offenders
    assert many.certain.tolist() == [score.certain for score in case.expected]
    row = case.rng.randrange(ACCOUNTS)
    assert outcome(many.at(row)) == case.rows[row]
    # Of the values themselves a column may say "list" of a tuple.
    told, expected = ([one.attribute for one in score.invalid] for score in (many.at(row), case.expected[row]))
    assert told == expected
    if variation is None:
        same_points(many, case.expected[:2])
    else:
        with as_if_many() if case.rng.random() < 0.5 else nullcontext():
            variation(case)
    cuts = {tier.cut for tier in case.profile.tiers.tiers[:-1]}
    seen: Counter[str] = Counter(pairs=len(found))
    for score in case.expected:
        kinds = {"on a cut": score.fit in cuts, "with invalid values": score.invalid, "unknown": score.low < score.high}
        seen.update([score.status, *(kind for kind, so in kinds.items() if so)])
    return seen


def run(count: int, times: int, record_property: Callable[[str, object], None]) -> None:
    """Compare on drawn profiles, and on those made of them.

    Args:
        count: how many profiles are drawn.
        times: how many times as much as the least is compared.
        record_property: keeps what was seen.
    """
    pool = drawn(count)
    seen: Counter[str] = Counter()
    distinct: set[str] = set()
    for number in itertools.count():
        if len(distinct) >= DISTINCT * times and seen["pairs"] >= PAIRS * times:
            break
        rng = random.Random(number)
        place = number % PROFILES
        profile, as_of = pool[number // PROFILES % len(pool)]
        one = profile if place == 0 else recombined([one for one, _ in pool], rng)
        case = case_of(one, as_of, rng, on_cuts=place % 2 == 1)
        distinct.add(case.profile.scoring_id)
        seen += compare(case, variation_of(number))
    report(seen, len(distinct), record_property)
    assert seen["on a cut"] >= seen["pairs"] / 20
    assert seen["with invalid values"] >= seen["pairs"] / 20
    assert seen["unknown"] >= seen["pairs"] / 5
    assert min(seen[status] for status in ("scored", "disqualified", "insufficient data")) >= seen["pairs"] / 20


def variation_of(number: int) -> Callable[[Case], None] | None:
    """Choose the variation of a case: one for every other, all in turn."""
    turn, rest = divmod(number + number // PROFILES, 2)
    return None if rest else VARIATIONS[(turn + number // 32) % len(VARIATIONS)]


def report(seen: Counter[str], count: int, record_property: Callable[[str, object], None]) -> None:
    """Say what was compared: the run prints it at its end."""
    pairs = seen["pairs"]
    shares = ", ".join(f"{share / pairs:.1%} {kind}" for kind, share in seen.most_common() if kind != "pairs")
    record_property("parity", f"numpy engine: {pairs:,} pairs, {count:,} distinct profiles; {shares}")


def test_the_numpy_engine_gives_what_the_reference_gives(record_property: Callable[[str, object], None]) -> None:
    """On 20,000 pairs of profile and account all six outputs are those of the reference, to the last bit."""
    run(QUICK, 1, record_property)


@pytest.mark.slow
def test_the_numpy_engine_gives_what_the_reference_gives_at_length(
    record_property: Callable[[str, object], None],
) -> None:
    """The same on ten times as many, other ones each time."""
    run(SLOW, 10, record_property)


def test_blocks_of_any_size_and_any_threads_give_the_same() -> None:
    """100,000 accounts in whole blocks, in threads or not, give the scores of the accounts that they repeat."""
    profile, as_of = drawn(QUICK)[7]
    case = case_of(profile, as_of, random.Random(7), on_cuts=True)
    times = 2000
    batch = icp.encode(case.accounts, case.profile).take(np.tile(np.arange(ACCOUNTS), times))
    expected = np.tile(case.at_once().fit, times)
    for block, threads in ((32_768, 1), (32_768, 2), (1000, 3), (times * ACCOUNTS, None)):
        many = case.at_once(batch, block=block, threads=threads)
        assert np.array_equal(many.fit, expected, equal_nan=True)
        assert many.tier.tolist() == [one.tier for one in case.expected] * times


def test_every_variation_is_tried() -> None:
    """Each variation is met by drawn profiles and by recombined ones, on cuts and not."""
    met = {(number % PROFILES, variation_of(number)) for number in range(DISTINCT // 2)}
    assert met == set(itertools.product(range(PROFILES), (None, *VARIATIONS)))
