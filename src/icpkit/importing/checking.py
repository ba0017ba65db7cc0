"""What does not add up between a profile and real accounts: nothing is zero in silence."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from math import floor
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from icpkit import views
from icpkit.adapters import table_of
from icpkit.importing.accounts import Accounts
from icpkit.importing.answers import Answers, Outcomes, answers_of, outcomes_of
from icpkit.importing.findings import CheckReport, CriterionCheck
from icpkit.importing.suspicions import stale_of, suspicions
from icpkit.profile import Profile, path_of
from icpkit.typing import Status

_STATUSES: Final[tuple[Status, ...]] = ("scored", "disqualified", "insufficient data")
#: Below it, an attribute counts as a risk.
_HALF = 0.5


def check(profile: Profile, accounts: Any, *, as_of: date | str | None = None, key: str | None = None) -> CheckReport:
    """Tell what does not add up between a profile and accounts, the weightiest first.

    Args:
        profile: the profile.
        accounts: what `read_accounts` or `FieldMap.apply` gives, or any table or list of records.
        as_of: the moment of scoring: a date, an aware datetime, or the ISO text of one; None for now.
        key: the attribute that holds the keys; None for that of the accounts.

    Raises:
        AsOfError: for a moment that is naive or none.
        TypeError: for what is no table.

    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("revenue", 5e6, 50e6)])])
    >>> report = icp.check(profile, [{"revenue": 4.5 + row} for row in range(9)], as_of="2026-11-21")
    >>> print(report.findings[0])
    size/revenue: 0 of 9 values lie in 5M to 50M; they run from 4.5 to 12.5: in millions?
      declare it in a field map: [fields.revenue] parse = "number", unit = "millions"
    """
    if not isinstance(profile, Profile):
        raise TypeError(f"check() needs a Profile first, then the accounts (got {type(profile).__name__})")
    now = views.moment(datetime.now(UTC).replace(microsecond=0) if as_of is None else as_of)
    accounts = _accounts(accounts, key)
    answers = answers_of(profile, accounts, now)
    outcomes = outcomes_of(profile, answers, len(accounts))
    findings = suspicions(accounts, answers, now.as_of)
    rows = _rows(answers, accounts, now.as_of)
    scored = outcomes.tier >= 0
    best = int(np.argmax(np.where(scored, outcomes.fit, -1.0))) if scored.any() else None
    highest = None if best is None else float(outcomes.fit[best])
    reachable = max(_reachable(profile, answers), highest or 0.0)
    return CheckReport(
        profile=profile.name,
        source=accounts.source,
        accounts=len(accounts),
        as_of=now.as_of,
        findings=tuple(sorted(findings, key=lambda one: (-one.points, not one.mistake))),
        criteria=rows,
        statuses=_counted(_STATUSES, outcomes.status),
        tiers=_tiers(profile, outcomes),
        highest=highest,
        highest_key="" if best is None else accounts.keys[best],
        reachable=reachable,
        reachable_tiers=profile.tiers.between(0.0, reachable),
        at_risk=_at_risk(rows, len(accounts)),
        notes=tuple(accounts.warnings),
    )


def _accounts(data: Any, key: str | None) -> Accounts:
    if isinstance(data, Accounts):
        return data
    table = table_of(data)
    names = list(dict.fromkeys(table.names))
    columns = tuple(tuple(table.columns[table.names.index(name)]) for name in names)
    return Accounts(names=tuple(names), columns=columns, key=key, source=table.source)


def _rows(answers: Iterable[Answers], accounts: Accounts, as_of: date) -> tuple[CriterionCheck, ...]:
    """Describe each question; bad cells of a field map count as invalid, though they have become unknown."""
    bad = Counter(cell.attribute for cell in accounts.bad)
    stale = stale_of(accounts, as_of)
    rows = []
    for one in answers:
        attribute = one.leaf.function.attribute
        counts = one.column.counts
        rows.append(
            CriterionCheck(
                path=one.leaf.path,
                attribute=attribute,
                share=one.leaf.share,
                known=one.known,
                invalid=max(sum(map(counts.__getitem__, one.invalid)), bad[attribute]),
                stale=stale.get(attribute, 0),
                matched=one.matched,
                mean=one.mean,
                best=one.best,
            )
        )
    return tuple(rows)


def _counted(names: Sequence[str], places: NDArray[np.intp]) -> tuple[tuple[str, int], ...]:
    """Count how often each name comes, by its place."""
    return tuple((name, int((places == place).sum())) for place, name in enumerate(names))


def _tiers(profile: Profile, outcomes: Outcomes) -> tuple[tuple[str, int, int], ...]:
    names = [tier.name for tier in profile.tiers.tiers]
    certain = dict(_counted(names, np.where(outcomes.certain, outcomes.tier, -1)))
    return tuple((name, count, certain[name]) for name, count in _counted(names, outcomes.tier))


def _reachable(profile: Profile, answers: Iterable[Answers]) -> float:
    """Give the fit of an account that has the best value of each, before adjustments that take points away."""
    best = {one.leaf.path: one.best or 0.0 if one.leaf.alone else 1.0 for one in answers}
    shares = profile.effective_weights
    points = 100.0 * sum(share * best.get(path, 0.0) for path, share in shares.items())
    points += sum(
        max(float(one.points), 0.0) * best.get(path_of("adjustments", one.name), 0.0) for one in profile.adjustments
    )
    return min(floor(points * 1e6 + 0.5) / 1e6, 100.0)


def _at_risk(rows: Iterable[CriterionCheck], accounts: int) -> float:
    """Give the share of weight that rests on attributes which are known for less than half of the accounts."""
    risky = {row.path: row.share for row in rows if row.known < _HALF * accounts}
    return sum(risky.values())
