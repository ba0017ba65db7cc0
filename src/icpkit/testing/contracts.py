"""What an engine must keep: the same fits as the reference, to the last millionth of a point."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from icpkit import views
from icpkit.profile import Profile
from icpkit.scoring import SCHEMA, Scorer

#: Scores accounts, invalid values taken as unknown: one row per account, in their order, in the one result schema.
Engine: TypeAlias = Callable[[Profile, Sequence[Mapping[str, Any]], date | str], Sequence[Mapping[str, Any]]]

#: How many differing rows a failure shows before it only counts them.
_SHOWN = 5
_COMPARED = tuple(name for name in SCHEMA if name != "key")


def assert_same_fits(
    engine: Engine, profile: Profile, accounts: Sequence[Mapping[str, Any]], as_of: date | str
) -> None:
    """Check that an engine gives what the reference gives, row by row: fit, tier, status, coverage, low and high.

    Where there is no fit or no tier, the engine may say None, NaN or NA. Keys are not compared: rows are in the order
    of the accounts.

    Args:
        engine: takes profile, accounts and ``as_of``, and gives rows in the one result schema.
        profile: the profile.
        accounts: the accounts; values of the wrong kind are to be taken as unknown.
        as_of: the moment of scoring.

    Raises:
        AssertionError: with the first rows that differ: field, both values and the account.

    >>> import icpkit as icp
    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500)])])
    >>> def always_weak(profile, accounts, as_of):
    ...     return [icp.score(profile, {"employees": 0}, as_of=as_of).to_dict() for _ in accounts]
    >>> assert_same_fits(always_weak, profile, [{"employees": 7}], "2026-11-21")
    >>> assert_same_fits(always_weak, profile, [{"employees": 80}], "2026-11-21")
    Traceback (most recent call last):
    ...
    AssertionError: 1 of 1 rows differ from the reference
      row 0: fit is 0.0, the reference says 100.0
      row 0: tier is 'Weak', the reference says 'Perfect'
      row 0: low is 0.0, the reference says 100.0
      row 0: high is 0.0, the reference says 100.0
        account: {'employees': 80}
    as of '2026-11-21', profile: Profile('P', [Dimension('Size', [Range('employees', 50, 500)])])
    """
    scorer = Scorer(profile)
    rows = engine(profile, accounts, as_of)
    if len(rows) != len(accounts):
        raise AssertionError(f"the engine gave {len(rows)} rows for {len(accounts)} accounts")
    differing = []
    for index, (row, account) in enumerate(zip(rows, accounts, strict=True)):
        expected = scorer.score(account, as_of=as_of, on_invalid="unknown")
        problems = _problems(row, {name: getattr(expected, name) for name in _COMPARED})
        if problems:
            lines = [f"  row {index}: {problem}" for problem in problems]
            differing.append("\n".join([*lines, f"    account: {account!r}"]))
    if differing:
        head = f"{len(differing)} of {len(accounts)} rows differ from the reference"
        raise AssertionError("\n".join([head, *differing[:_SHOWN], f"as of {as_of!r}, profile: {profile!r}"]))


def _problems(row: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    lacking = [name for name in SCHEMA if name not in row]
    if lacking:
        return [f"lacks {', '.join(lacking)}"]
    return [
        f"{name} is {row[name]!r}, the reference says {value!r}"
        for name, value in expected.items()
        if not _same(row[name], value)
    ]


def _same(given: Any, expected: Any) -> bool:
    if expected is None or views.is_unknown(given):
        return expected is None and views.is_unknown(given)
    return bool(given == expected)
