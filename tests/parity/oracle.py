"""An oracle scores one account by the specification, in exact fractions, and shares no code with `icpkit`.

It reads the definitions' public attributes and computes everything else itself, slowly and plainly, so that a
mistake in an engine shows as a difference. Floats appear only where the rules name them: decay, logarithms
and event points.
"""

import math
import numbers
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import attrs

from icpkit.criteria import (
    Age,
    AllOf,
    AnyOf,
    Bands,
    Criterion,
    Engagement,
    Flag,
    Not,
    OneOf,
    Ordinal,
    Overlap,
    Range,
    Recency,
    Upcoming,
)
from icpkit.profile import Profile

_ZERO, _ONE, _HUNDRED = Fraction(0), Fraction(1), Fraction(100)
_EPOCH, _MICROSECOND = datetime(1970, 1, 1), timedelta(microseconds=1)
_DAY = 86_400_000_000  # in microseconds
_YEAR = Fraction("365.2425")  # in days
_MOST = 2**53  # the greatest integer that is a number


class InvalidInput(ValueError):  # noqa: N818 - the name that the parity tests use
    """Some attributes hold values that their criteria cannot read.

    Attributes:
        offenders: the names of these attributes.
    """

    def __init__(self, offenders: frozenset[str]) -> None:
        super().__init__(f"invalid: {', '.join(sorted(offenders))}")
        self.offenders = offenders


@attrs.frozen
class Result:
    """What the specification says about one account; points in whole millionths.

    Attributes:
        near_tie: whether an exact number that is published lies within a millionth of a unit of a rounding
            tie, where an engine with floats may differ in the last digit.
    """

    fit: int | None
    low: int
    high: int
    coverage: Fraction
    status: Literal["scored", "disqualified", "insufficient data"]
    tier: str | None
    possible_tiers: tuple[str, ...]
    contributions: dict[str, int]
    offenders: frozenset[str]
    near_tie: bool


class _Unknown(Exception):  # noqa: N818 - an answer, not an error
    """The attribute says nothing."""


class _Invalid(Exception):  # noqa: N818 - an answer, not an error
    """The attribute says something that its criterion cannot read."""


@attrs.frozen
class _AsOf:
    """The moment of scoring, in microseconds since 1970: ages count from `origin`, `last` is visible."""

    origin: int
    last: int
    year: int


@attrs.frozen
class _Answer:
    """The interval of a criterion's match: a single point when `known`, or when a signal never `happened`."""

    low: Fraction
    high: Fraction
    known: bool
    present: bool
    happened: bool = True


# Raw values


def _fold(text: str, *, case_sensitive: bool = False) -> str:
    stripped = unicodedata.normalize("NFC", text).strip()
    return stripped if case_sensitive else unicodedata.normalize("NFC", stripped.casefold())


def _plain(value: Any) -> Any:
    """Give Python's own value for a scalar of numpy's."""
    if type(value).__module__ != "numpy" or type(value).__name__ == "ndarray":
        return value
    return (value.astype("datetime64[us]") if type(value).__name__ == "datetime64" else value).item()


def _is_unknown(value: Any) -> bool:
    if value is None or type(value).__name__ in {"NaTType", "NAType"}:
        return True
    if isinstance(value, str):
        return not _fold(value)
    return value.is_nan() if isinstance(value, Decimal) else isinstance(value, float) and math.isnan(value)


def _look_up(account: Mapping[str, Any], attribute: str) -> Any:
    if attribute in account:
        return account[attribute]
    found: Any = account if "." in attribute else {}
    for step in attribute.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _items(value: Any) -> list[Any] | None:
    """Give the items of a list that are not unknown, or None for what is no list."""
    is_array = type(value).__name__ == "ndarray" and value.ndim == 1
    if not is_array and not isinstance(value, (list, tuple, set, frozenset)):
        return None
    return [item for item in map(_plain, value) if not _is_unknown(item)]


def _number(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, (numbers.Real, Decimal)):
        raise _Invalid
    if isinstance(value, numbers.Integral) and abs(int(value)) > _MOST:
        raise _Invalid
    try:
        number = float(value)
    except OverflowError:
        raise _Invalid from None
    if math.isinf(number):
        raise _Invalid
    return Fraction(number)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Invalid
    return value


def _moment(value: Any) -> int:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise _Invalid from None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if not isinstance(value, datetime):
        raise _Invalid
    return int((value.replace(tzinfo=None) - _EPOCH - (value.utcoffset() or timedelta())) // _MICROSECOND)


def _as_of(value: Any) -> _AsOf:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            value = datetime.fromisoformat(value)
    start = _moment(value)
    if not isinstance(value, datetime):
        return _AsOf(start, start + _DAY - 1, value.year)
    if value.utcoffset() is None:
        raise ValueError("a naive as_of")
    return _AsOf(start, start, value.astimezone(UTC).year)


def _age(moment: int, now: _AsOf) -> Fraction:
    """Give an age in days; never below 0, because all of an `as_of` day counts as its beginning."""
    return max(Fraction(now.origin - moment, _DAY), _ZERO)


# Plain criteria: value -> match


def _rounded(match: float) -> Fraction:
    return Fraction(math.floor(min(max(match, 0.0), 1.0) * 2**30 + 0.5), 2**30)


def _segments(x: Fraction, low: Any, high: Any, soft_low: Any, soft_high: Any) -> Fraction:
    low, high, soft_low, soft_high = (
        None if edge is None else Fraction(edge) for edge in (low, high, soft_low, soft_high)
    )
    if low is not None and x < low:
        return _ZERO if soft_low is None else max(_ZERO, 1 - (low - x) / (low - soft_low))
    if high is not None and x > high:
        return _ZERO if soft_high is None else max(_ZERO, 1 - (x - high) / (soft_high - high))
    return _ONE


def _range(c: Range, value: Any, _: _AsOf) -> Fraction:
    x = _number(value)
    if c.scale == "linear":
        return _segments(x, c.low, c.high, c.soft_low, c.soft_high)
    if c.low is not None and x < Fraction(c.low):
        if c.soft_low is None or x <= 0:
            return _ZERO
        return _rounded(1 - 1 / (math.log(c.low) - math.log(c.soft_low)) * (math.log(c.low) - math.log(x)))
    if c.high is not None and x > Fraction(c.high):
        if c.soft_high is None:
            return _ZERO
        return _rounded(1 - 1 / (math.log(c.soft_high) - math.log(c.high)) * (math.log(x) - math.log(c.high)))
    return _ONE


def _years(c: Age, value: Any, now: _AsOf) -> Fraction:
    if isinstance(value, (str, date)):
        moment = _moment(value)
        if moment > now.last:
            raise _Unknown
        years = _age(moment, now) / _YEAR
    else:
        year = _number(value)
        if year.denominator != 1 or not 1 <= year <= 9999:
            raise _Invalid
        if year > now.year:
            raise _Unknown
        years = now.year - year
    return _segments(Fraction(float(years)), c.at_least, c.at_most, c.soft_at_least, c.soft_at_most)


def _bands(c: Bands, value: Any, _: _AsOf) -> Fraction:
    x = _number(value)
    return [Fraction(c.otherwise), *(Fraction(match) for low, match in c.bands if Fraction(low) <= x)][-1]


def _one_of(c: OneOf, value: Any, _: _AsOf) -> Fraction:
    items = _items(value)
    table = dict(c.values)
    if any(isinstance(key, str) for key in table):
        name = _namer(c)
        listed: dict[Any, Fraction] = {name(key): Fraction(match) for key, match in table.items()}
        keys: list[Any] = [name(_text(item)) for item in ([value] if items is None else items)]
    else:
        listed = {Fraction(key): Fraction(match) for key, match in table.items()}
        keys = [_number(item) for item in ([value] if items is None else items)]
    if c.prefix:
        keys = [max((known for known in listed if key.startswith(known)), key=len, default=key) for key in keys]
    otherwise = Fraction(c.otherwise)
    return max((listed.get(key, otherwise) for key in keys), default=otherwise)


def _namer(c: OneOf | Overlap) -> Callable[[str], str]:
    """Give the function that folds a text and puts the name in place of an alias."""

    def fold(text: str) -> str:
        return _fold(text, case_sensitive=c.case_sensitive)

    aliases = {fold(alias): fold(name) for alias, name in dict(c.aliases).items()}
    return lambda text: aliases.get(fold(text), fold(text))


def _levels(c: Ordinal) -> dict[Any, Fraction]:
    """Give the match of each level."""
    levels = [_level(level) for level in c.order]
    if c.matches:
        return {_level(level): Fraction(match) for level, match in dict(c.matches).items()}
    first = 0 if c.at_least is None else levels.index(_level(c.at_least))
    last = len(levels) - 1 if c.at_most is None else levels.index(_level(c.at_most))
    return {level: _ONE if first <= rank <= last else _ZERO for rank, level in enumerate(levels)}


def _level(value: Any) -> Any:
    return _fold(value) if isinstance(value, str) else _number(value)


def _ordinal(c: Ordinal, value: Any, _: _AsOf) -> Fraction:
    level, levels = _level(value), _levels(c)
    if level not in levels:
        raise _Invalid
    return levels[level]


def _flag(c: Flag, value: Any, _: _AsOf) -> Fraction:
    answer = Fraction(value) if isinstance(value, bool) else _number(value)
    if answer not in {0, 1}:
        raise _Invalid
    return Fraction(answer == c.expected)


def _overlap(c: Overlap, value: Any, _: _AsOf) -> Fraction:
    items = _items(value)
    if items is None:
        raise _Invalid
    name = _namer(c)
    own = {name(_text(item)) for item in items}
    wanted = {name(label): Fraction(weight) for label, weight in dict(c.labels).items()}
    counting_as = {label: {label} for label in wanted}
    for label, members in dict(c.groups).items():
        counting_as[name(label)] |= {name(member) for member in members}
    matched = [label for label in wanted if own & counting_as[label]]
    if c.mode == "share":
        return sum((wanted[label] for label in matched), _ZERO) / sum(wanted.values())
    if c.mode == "satisfies":
        return Fraction(len(own & set().union(*counting_as.values())), len(own)) if own else _ONE
    needed = {"any": 1, "all": len(wanted), "at_least": c.k}[c.mode]
    return Fraction(needed is not None and len(matched) >= needed)


def _recency(c: Recency, value: Any, now: _AsOf) -> Fraction:
    items = _items(value)
    moments = [_moment(item) for item in ([value] if items is None else items)]
    visible = [moment for moment in moments if moment <= now.last]
    if not visible:
        if moments:
            raise _Unknown
        return _ZERO
    age = float(_age(max(visible), now))  # curves read float64, as they do of years
    if c.linear is not None:
        return max(_ZERO, 1 - Fraction(age) / Fraction(c.linear))
    if c.window is not None:
        return Fraction(age <= c.window)
    if c.steps is not None:
        return next((Fraction(match) for days, match in c.steps if days >= age), _ZERO)
    return _rounded(math.exp2(-age / (30 if c.half_life is None else c.half_life)))


def _engagement(c: Engagement, value: Any, now: _AsOf) -> Fraction:
    items = _items(value)
    if items is None:
        raise _Invalid
    kinds = {_fold(kind): weight for kind, weight in dict(c.kinds).items()}
    total, removed, left = _ZERO, 0, 0
    for kind, at, strength in map(_event, items):
        if _is_unknown(at):
            continue
        moment = _moment(at)
        if moment > now.last:
            removed += 1
        elif not _is_unknown(kind):
            weight = kinds.get(_fold(_text(kind)), 0)
            times = 1.0 if _is_unknown(strength) else float(_number(strength))
            if not 0 <= times <= _MOST:
                raise _Invalid
            left += 1
            points = weight * times * math.exp2(-float(_age(moment, now)) / c.half_life) / c.target
            total += Fraction(math.floor(min(points, 1.0) * 2**30), 2**30)
    if removed and not left:
        raise _Unknown
    return min(total, _ONE)


def _event(item: Any) -> tuple[Any, Any, Any]:
    names = ("kind", "at", "strength")
    if isinstance(item, (tuple, list)) and len(item) in {2, 3}:
        parts = dict(zip(names, item, strict=False))
    elif isinstance(item, Mapping):
        parts = {name: item[name] for name in names if name in item}
    else:
        parts = {name: getattr(item, name) for name in names if hasattr(item, name)}
    if "kind" not in parts or "at" not in parts:
        raise _Invalid
    kind, at, strength = (_plain(parts.get(name)) for name in names)
    return kind, at, strength


def _upcoming(c: Upcoming, value: Any, now: _AsOf) -> Fraction:
    days = _moment(value) // _DAY - now.origin // _DAY
    return _ZERO if days < 0 else max(_ZERO, 1 - days / Fraction(c.within))


_MATCHES: dict[type[Criterion], Callable[[Any, Any, _AsOf], Fraction]] = {
    Range: _range,
    Age: _years,
    Bands: _bands,
    OneOf: _one_of,
    Ordinal: _ordinal,
    Flag: _flag,
    Overlap: _overlap,
    Recency: _recency,
    Engagement: _engagement,
    Upcoming: _upcoming,
}


def _reach(c: Any) -> tuple[Fraction, Fraction]:
    matches: Iterable[Any] = (0, 1)
    if isinstance(c, Bands):
        matches = [c.otherwise, *(match for _, match in c.bands)]
    elif isinstance(c, OneOf):
        matches = [c.otherwise, *dict(c.values).values()]
    elif isinstance(c, Ordinal):
        matches = _levels(c).values()
    elif isinstance(c, Recency) and c.steps is not None:
        matches = [0, *(match for _, match in c.steps)]
    exact = [Fraction(match) for match in matches]
    return min(exact), max(exact)


# Any criterion: account -> interval


def _ask(c: Any, account: Mapping[str, Any], now: _AsOf, offenders: set[str]) -> _Answer:
    if isinstance(c, (AllOf, AnyOf, Not)):
        inner = [c.criterion] if isinstance(c, Not) else c.criteria
        parts = [_ask(part, account, now, offenders) for part in inner]
        if isinstance(c, Not):
            low, high = 1 - parts[0].high, 1 - parts[0].low
        else:
            pick = min if isinstance(c, AllOf) else max
            low, high = pick(part.low for part in parts), pick(part.high for part in parts)
        # Matches are float64 by definition: two ends are one where their floats are.
        return _Answer(low, high, known=float(low) == float(high), present=any(part.present for part in parts))
    kind = next(kind for kind in type(c).__mro__ if kind in _MATCHES)
    try:
        value = _plain(_look_up(account, c.attribute))
        if _is_unknown(value):
            raise _Unknown  # noqa: TRY301 - one way out for everything that is unknown
        match = _MATCHES[kind](c, value, now)
    except (_Unknown, _Invalid) as problem:
        if isinstance(problem, _Invalid):
            offenders.add(c.attribute)
        if isinstance(problem, _Unknown) and isinstance(c, (Recency, Engagement)) and c.absent == "never":
            return _Answer(_ZERO, _ZERO, known=False, present=False, happened=False)
        low, high = _reach(c)
        return _Answer(low, high, known=False, present=False)
    return _Answer(match, match, known=True, present=True)


def _name(c: Any) -> str:
    if c.name is not None:
        return str(c.name)
    return _name(c.criterion) if isinstance(c, Not) else str(c.attribute)


def _effective_weights(profile: Profile) -> list[tuple[str, Fraction, Criterion]]:
    """Give path, effective weight and criterion of each leaf: largest remainders, in units of 2^-40."""
    shares: list[tuple[str, Fraction, Criterion]] = []
    whole = sum(Fraction(dimension.weight) for dimension in profile.dimensions)
    for dimension in profile.dimensions:
        siblings = sum(Fraction(criterion.weight) for criterion in dimension.criteria)
        for criterion in dimension.criteria:
            share = Fraction(dimension.weight) / whole * Fraction(criterion.weight) / siblings
            path = f"{_fold(dimension.name)}/{_fold(_name(criterion))}"
            shares.append((path, share * 2**40, criterion))
    units = [math.floor(share) for _, share, _ in shares]
    by_remainder = sorted(range(len(units)), key=lambda i: (units[i] - shares[i][1], shares[i][0]))
    for i in by_remainder[: 2**40 - sum(units)]:
        units[i] += 1
    return [(path, Fraction(unit, 2**40), criterion) for (path, _, criterion), unit in zip(shares, units, strict=True)]


# The whole profile


@attrs.define
class _Rounding:
    """Rounds what is published, and remembers whether any of it was close to a tie."""

    near_tie: bool = False

    def whole(self, value: Fraction, per: int = 10**6) -> int:
        self.near_tie |= abs(value * per % 1 - Fraction(1, 2)) <= Fraction(1, 10**6)
        return math.floor(value * per + Fraction(1, 2))


def _nine_decimals(value: Fraction | float) -> int:
    return math.floor(Fraction(value) * 10**9 + Fraction(1, 2))


def _clip(value: Fraction, low: Fraction = _ZERO, high: Fraction = _HUNDRED) -> Fraction:
    return min(max(value, low), high)


def _counted_match(answer: _Answer, c: Criterion, default: Any) -> Fraction | None:
    """Give the match that a criterion counts with, or None when it is skipped."""
    if answer.known or not answer.happened:
        return answer.low
    policy = default if c.missing is None else c.missing
    return None if isinstance(policy, str) else _clip(Fraction(policy), answer.low, answer.high)


def score(
    profile: Profile,
    account: Mapping[str, Any],
    as_of: Any,
    on_invalid: Literal["raise", "unknown"] = "raise",
) -> Result:
    """Score one account as the specification says.

    Args:
        as_of: a date, an aware datetime, or the ISO text of one.

    Raises:
        InvalidInput: for invalid values, unless they are to be taken as unknown.
    """
    now, offenders, rounding = _as_of(as_of), set[str](), _Rounding()
    leaves = [
        (path, weight, criterion, _ask(criterion, account, now, offenders))
        for path, weight, criterion in _effective_weights(profile)
        if weight > 0
    ]
    gates = [(gate, _ask(gate.criterion, account, now, offenders)) for gate in profile.gates]
    adjustments = [
        (f"adjustments/{_fold(_name(adjustment.when))}", Fraction(adjustment.points), answer)
        for adjustment in profile.adjustments
        for answer in [_ask(adjustment.when, account, now, offenders)]
    ]
    if offenders and on_invalid == "raise":
        raise InvalidInput(frozenset(offenders))

    low = sum((100 * weight * answer.low for _, weight, _, answer in leaves), _ZERO)
    high = sum((100 * weight * answer.high for _, weight, _, answer in leaves), _ZERO)
    low += sum(min(points * answer.low, points * answer.high) for _, points, answer in adjustments)
    high += sum(max(points * answer.low, points * answer.high) for _, points, answer in adjustments)
    low, high = _clip(low), _clip(high)
    whole_low, whole_high = rounding.whole(low), rounding.whole(high)

    coverage = sum((weight for _, weight, _, answer in leaves if answer.known), _ZERO)
    quantised_coverage = rounding.whole(coverage, 10**9)
    counted = [
        (path, weight, match)
        for path, weight, criterion, answer in leaves
        for match in [_counted_match(answer, criterion, profile.missing)]
        if match is not None
    ]
    sufficient = (
        quantised_coverage >= _nine_decimals(profile.min_coverage)
        and any(answer.present for _, _, _, answer in leaves)
        and bool(counted)
    )
    contributions = _contributions(counted, adjustments, low, high, rounding) if sufficient else {}
    fit = sum(contributions.values()) if sufficient else None
    disqualified = any(_fails(gate, answer) for gate, answer in gates)
    cuts = [(tier.name, round(Fraction(tier.cut) * 10**6)) for tier in profile.tiers.tiers]
    possible = [
        name
        for (name, cut), (_, above) in zip(cuts, [("", 10**9), *cuts], strict=False)
        if cut <= whole_high and whole_low < above
    ]
    has_tier = fit is not None and not disqualified
    return Result(
        fit=fit,
        low=whole_low,
        high=whole_high,
        coverage=Fraction(quantised_coverage, 10**9),
        status="disqualified" if disqualified else "scored" if sufficient else "insufficient data",
        tier=next(name for name, cut in cuts if fit is not None and fit >= cut) if has_tier else None,
        possible_tiers=tuple(possible),
        contributions=contributions,
        offenders=frozenset(offenders),
        near_tie=rounding.near_tie,
    )


def _fails(gate: Any, answer: _Answer) -> bool:
    threshold = _nine_decimals(gate.at_least)
    if _nine_decimals(answer.high) < threshold:
        return True
    return _nine_decimals(answer.low) < threshold and gate.when_unknown == "disqualify"


def _contributions(
    counted: list[tuple[str, Fraction, Fraction]],
    adjustments: list[tuple[str, Fraction, _Answer]],
    low: Fraction,
    high: Fraction,
    rounding: _Rounding,
) -> dict[str, int]:
    """Give what each step adds to the running fit, in whole millionths: their sum is the fit."""
    denominator = sum(weight for _, weight, _ in counted)
    steps, running = [], _ZERO
    for path, weight, match in counted:
        running += 100 * weight * match / denominator
        steps.append((path, running))
    for path, points, answer in adjustments:
        running += points * answer.low
        steps.append((path, running))
    steps += [("clip", _clip(running)), ("limit", _clip(_clip(running), low, high))]
    contributions, before = {}, 0
    for path, exact in steps:
        after = rounding.whole(exact)
        contributions[path] = after - before
        before = after
    return contributions
