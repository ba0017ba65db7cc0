"""What does not add up between a profile and real accounts: nothing is zero in silence."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from math import floor
from typing import Any, Final

import attrs
import numpy as np
from numpy.typing import NDArray

from icpkit import views
from icpkit.adapters import table_of
from icpkit.arithmetic import policy_of
from icpkit.errors import NoSuchFieldError
from icpkit.importing.accounts import Accounts
from icpkit.importing.answers import Answers, Outcomes, answers_of, column_of, outcomes_of
from icpkit.importing.findings import CheckReport, CriterionCheck
from icpkit.importing.suspicions import stale_of, suspicions
from icpkit.missing import stand_in
from icpkit.profile import Profile, leaves
from icpkit.typing import Status
from icpkit.value_functions import AnyValueFunction, Combination, combine

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

    The report names values and keys of the accounts, since it is about them: keep it where they may be kept.

    Raises:
        AsOfError: for a moment that is naive or none.
        NoSuchFieldError: for a key that the accounts do not have.
        TypeError: for what is no table.

    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("revenue", 5e6, 50e6)])])
    >>> report = icp.check(profile, [{"revenue": 4.5 + row} for row in range(9)], as_of="2026-11-21")
    >>> print(report.findings[0])
    size/revenue: 0 of 9 values lie in 5M to 50M; they run from 4.5 to 12.5: in millions?
      in a field map (python -m icpkit init starts one):
      [fields.revenue]
      parse = "number"
      unit = "millions"
    """
    if not isinstance(profile, Profile):
        raise TypeError(f"check() needs a Profile first, then the accounts (got {type(profile).__name__})")
    now = views.moment(datetime.now(UTC).replace(microsecond=0) if as_of is None else as_of)
    accounts = _accounts(accounts, key)
    answers = answers_of(profile, accounts, now)
    outcomes = outcomes_of(profile, answers, len(accounts))
    findings = suspicions(accounts, answers, now)
    rows = _rows(answers, accounts, now.as_of)
    scored = outcomes.tier >= 0
    best = int(np.argmax(np.where(scored, outcomes.fit, -1.0))) if scored.any() else None
    highest = None if best is None else float(outcomes.fit[best])
    reachable = max(_reachable(profile, answers), *outcomes.fit[~np.isnan(outcomes.fit)].tolist(), 0.0)
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
    if not isinstance(data, Accounts):
        table = table_of(data)
        names = list(dict.fromkeys(table.names))
        columns = tuple(tuple(table.columns[table.names.index(name)]) for name in names)
        accounts = Accounts(names=tuple(names), columns=columns, source=table.source)
    else:
        accounts = data
    if key is None or key == accounts.key:
        return accounts
    column = column_of(accounts, key)
    if column is None:
        raise NoSuchFieldError(key, accounts.names)
    if key in accounts.names:
        return attrs.evolve(accounts, key=key)
    return attrs.evolve(accounts, key=key, names=(*accounts.names, key), columns=(*accounts.columns, column))


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


def _counted(names: Sequence[str], places: NDArray[np.integer[Any]]) -> tuple[tuple[str, int], ...]:
    """Count how often each name comes, by its place."""
    return tuple((name, int((places == place).sum())) for place, name in enumerate(names))


def _tiers(profile: Profile, outcomes: Outcomes) -> tuple[tuple[str, int, int], ...]:
    names = [tier.name for tier in profile.tiers.tiers]
    certain = dict(_counted(names, np.where(outcomes.certain, outcomes.tier, -1)))
    return tuple((name, count, certain[name]) for name, count in _counted(names, outcomes.tier))


def _reachable(profile: Profile, answers: Sequence[Answers]) -> float:
    """Give the fit of an account that has the best value of each attribute; what is known of none is left out."""
    todo = iter(answers)
    weight = points = 0.0
    for path, _, criterion in leaves(profile.dimensions):
        reach, policy = _reach(criterion.value_function(), todo), policy_of(criterion, profile)
        best = stand_in(policy, *criterion.value_function().reach) if reach is None else reach[1]
        if best is not None:
            weight += profile.effective_weights[path]
            points += profile.effective_weights[path] * best
    for gate in profile.gates:
        _reach(gate.criterion.value_function(), todo)  # takes its answers, and no points
    added = [(float(one.points), _reach(one.when.value_function(), todo) or (0.0, 0.0)) for one in profile.adjustments]
    fit = 100.0 * points / weight if weight else 0.0
    fit += sum(max(factor * low, factor * high) for factor, (low, high) in added)
    return floor(min(max(fit, 0.0), 100.0) * 1e6 + 0.5) / 1e6


def _reach(function: AnyValueFunction, todo: Iterator[Answers]) -> tuple[float, float] | None:
    """Give the least and the greatest match among these accounts; None where nothing is known to any of them."""
    if isinstance(function, Combination):
        parts = [(_reach(part, todo), part.reach) for part in function.parts]
        if all(found is None for found, _ in parts):
            return None
        return combine(function.operation, [reach if found is None else found for found, reach in parts])
    one = next(todo)
    if function.absent == "never" and one.known < len(one.match):
        return 0.0, one.best or 0.0
    return None if not one.known else (float(np.nanmin(one.distinct)), float(np.nanmax(one.distinct)))


def _at_risk(rows: Iterable[CriterionCheck], accounts: int) -> float:
    """Give the share of weight that rests on attributes which are known for less than half of the accounts."""
    risky = {row.path: row.share for row in rows if row.known < _HALF * accounts}
    return sum(risky.values(), 0.0)
