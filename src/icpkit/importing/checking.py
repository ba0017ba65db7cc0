"""What does not add up between a profile and real accounts: nothing is zero in silence."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from math import floor
from typing import Any, NamedTuple

from icpkit import views
from icpkit.adapters import table_of
from icpkit.evaluation import look_up, prepare
from icpkit.importing.accounts import Accounts
from icpkit.importing.findings import CheckReport, CriterionCheck, Finding
from icpkit.importing.suspicions import Answers, Leaf, Seen, stale_of, suspicions
from icpkit.profile import Profile, leaves, path_of
from icpkit.scoring import Scorer
from icpkit.value_functions import AnyValueFunction, Combination
from icpkit.views import Invalid, Moment, Notes

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
    columns = {name: _seen(name, column_of(accounts, name)) for name in asked_attributes(profile)}
    answers = [_asked(leaf, columns[leaf.function.attribute], now) for leaf in leaves_of(profile)]
    findings = suspicions(accounts, answers, now.as_of)
    rows = _rows(answers, accounts, now.as_of)
    outcomes = _outcomes(profile, accounts, now)
    reachable, at_risk = _reachable(profile, answers), _at_risk(rows, len(accounts))
    return CheckReport(
        profile=profile.name,
        source=accounts.source,
        accounts=len(accounts),
        as_of=now.as_of,
        findings=tuple(sorted(findings, key=lambda one: (-one.points, not one.mistake))),
        criteria=rows,
        statuses=outcomes.statuses,
        tiers=outcomes.tiers,
        highest=outcomes.highest,
        highest_key=outcomes.highest_key,
        reachable=reachable,
        reachable_tiers=profile.tiers.between(0.0, reachable),
        at_risk=at_risk,
        notes=tuple(accounts.warnings),
    )


def _accounts(data: Any, key: str | None) -> Accounts:
    if isinstance(data, Accounts):
        return data
    table = table_of(data)
    names = list(dict.fromkeys(table.names))
    columns = tuple(tuple(table.columns[table.names.index(name)]) for name in names)
    return Accounts(names=tuple(names), columns=columns, key=key, source=table.source)


# What a profile asks, leaf by leaf


def leaves_of(profile: Profile) -> Iterator[Leaf]:
    """Give every question that a profile asks of one attribute, those within combinators, gates and adjustments too."""
    for path, _, criterion in leaves(profile.dimensions):
        share = profile.effective_weights[path]
        yield from _leaves(path, criterion.value_function(), share, 100.0 * share)
    for gate in profile.gates:
        yield from _leaves(path_of("gates", gate.name), gate.criterion.value_function(), 0.0, 100.0)
    for adjustment in profile.adjustments:
        path = path_of("adjustments", adjustment.name)
        yield from _leaves(path, adjustment.when.value_function(), 0.0, abs(float(adjustment.points)))


def _leaves(
    path: str, function: AnyValueFunction, share: float, points: float, *, alone: bool = True
) -> Iterator[Leaf]:
    if isinstance(function, Combination):
        for part in function.parts:
            yield from _leaves(path, part, share, points, alone=False)
    else:
        yield Leaf(path, function, share, points, alone)


# How the accounts answer


def column_of(accounts: Accounts, attribute: str) -> tuple[Any, ...] | None:
    """Give the values of an attribute, within nested records too; None where no account has it."""
    if attribute in accounts.names:
        return accounts.column(attribute)
    first = attribute.partition(".")[0]
    if first == attribute or first not in accounts.names:
        return None
    return tuple(look_up({first: one}.get, attribute, None) for one in accounts.column(first))


def _asked(leaf: Leaf, column: Seen, now: Moment) -> Answers:
    """Ask one question of every distinct value."""
    match_of = prepare(leaf.function).match
    matches: dict[int, float] = {}
    invalid: dict[int, str] = {}
    ignored = 0
    for token, count in column.counts.items():
        value = column.values[token]
        if value is None:
            continue
        notes = Notes()
        try:
            match = match_of(value, now, notes)
        except Invalid as error:
            invalid[token] = error.reason
            continue
        ignored += count if notes.ignored else 0
        if match is not None:
            matches[token] = match
    return Answers(leaf, column, matches, invalid, ignored)


def _seen(attribute: str, values: tuple[Any, ...] | None) -> Seen:
    """Count the distinct values of a column; equal cells were read once, so that they are one object."""
    if values is None:
        return Seen(attribute, {}, Counter(), present=False)
    return Seen(attribute, {id(value): value for value in values}, Counter(map(id, values)), present=True)


def _rows(answers: Iterable[Answers], accounts: Accounts, as_of: date) -> tuple[CriterionCheck, ...]:
    """Describe each question; bad cells of a field map count as invalid, though they have become unknown."""
    bad = Counter(cell.attribute for cell in accounts.bad)
    stale = stale_of(accounts, as_of)
    rows = []
    for one in answers:
        attribute = one.leaf.function.attribute
        counts = one.column.counts
        known = one.known
        rows.append(
            CriterionCheck(
                path=one.leaf.path,
                attribute=attribute,
                share=one.leaf.share,
                known=known,
                invalid=max(sum(map(counts.__getitem__, one.invalid)), bad[attribute]),
                stale=stale.get(attribute, 0),
                matched=one.matched,
                mean=sum(match * counts[token] for token, match in one.matches.items()) / known if known else None,
                best=one.best,
            )
        )
    return tuple(rows)


# How they would be scored


class _Outcomes(NamedTuple):
    statuses: tuple[tuple[str, int], ...]
    tiers: tuple[tuple[str, int, int], ...]
    highest: float | None
    highest_key: str


def _outcomes(profile: Profile, accounts: Accounts, now: Moment) -> _Outcomes:
    """Score all accounts, with what they are read for alone."""
    scorer = Scorer(profile)
    statuses: Counter[str] = Counter()
    tiers: Counter[str | None] = Counter()
    certain: Counter[str | None] = Counter()
    highest, highest_row = -1.0, -1
    read = {name.partition(".")[0] for name in asked_attributes(profile)} | set(asked_attributes(profile))
    names = [name for name in accounts.names if name in read]
    columns = [accounts.column(name) for name in names]
    accounts_read = zip(*columns, strict=True) if columns else (() for _ in range(len(accounts)))
    for row, values in enumerate(accounts_read):
        one = scorer.score(dict(zip(names, values, strict=True)), as_of=now.as_of, on_invalid="unknown")
        statuses[one.status] += 1
        if one.tier is not None and one.fit is not None:
            tiers[one.tier] += 1
            certain[one.tier] += one.certain
            if one.fit > highest:
                highest, highest_row = one.fit, row
    return _Outcomes(
        tuple((status, statuses[status]) for status in ("scored", "disqualified", "insufficient data")),
        tuple((tier.name, tiers[tier.name], certain[tier.name]) for tier in profile.tiers.tiers),
        None if highest_row < 0 else highest,
        "" if highest_row < 0 else accounts.keys[highest_row],
    )


def asked_attributes(profile: Profile) -> tuple[str, ...]:
    """Name the attributes that a profile reads, each once.

    >>> asked_attributes(icp.standard_profile())[:2]
    ('employees', 'annual_revenue')
    """
    return tuple(dict.fromkeys(leaf.function.attribute for leaf in leaves_of(profile)))


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
