"""The reference workload scored by hand: straight-line Python for exactly one profile, as fast as it reasonably gets.

No library, no loop over criteria, every constant in its place: what `icpkit.Scorer.score` is measured against. The same
raw account goes in and the same numbers come out, to the last bit. Beyond that it does less: it knows only built-in
values and only the shapes that the workload has (no list of texts or of dates in place of one), a value of the wrong
kind raises at once, and there is no result object, key or explanation.
"""

import math
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeAlias

#: Fit, tier, status, coverage, low and high.
Outcome: TypeAlias = tuple[float | None, str | None, str, float, float, float]

_EXACT = 2**53
_QUANTUM = 2.0**30


def _term(weight: float, match: float) -> float:
    return (weight * match + 6.0) - 6.0


def _terms(weight: float, matches: dict[str, float]) -> dict[str, float]:
    """Give the term of each listed text: under its folded spelling and as it is usually written."""
    return {name: _term(weight, match) for key, match in matches.items() for name in (key, _fold(key))}


def _fold(text: str) -> str:
    if text.isascii():
        return text.strip().lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).strip().casefold())


# --- look-ups: a text to the term that it adds, a pattern of labels to the terms of both overlaps ---------------------

_INDUSTRY = _terms(
    0.09230769230725855, {"Software": 1.0, "IT Services": 0.6, "Financial Services": 0.5, "Biotech": 0.4}
)
_COUNTRY = _terms(
    0.04615384615408402,
    {"United States": 1.0, "Canada": 1.0, "Germany": 1.0, "Österreich": 1.0, "France": 1.0},
)
_OWNERSHIP = _terms(0.023076923076587263, {"Private": 1.0, "Venture backed": 0.8})
_OTHER_OWNERSHIP = _term(0.023076923076587263, 0.2)
_CLOUD_MATURITY = _terms(0.03999999999996362, {"Early": 0.0, "Growing": 1.0, "Advanced": 1.0})
_URGENCY = _terms(0.0749999999998181, {"Nice-to-have": 0.2, "Important": 0.7, "Critical": 1.0})
_LEAST_URGENCY = _term(0.0749999999998181, 0.2)
_STAGE = _terms(0.024999999999636202, {"Seed": 0.0, "Series A": 1.0, "Series B": 1.0, "Series C": 1.0, "IPO": 1.0})
# One bit per wanted technology; any of the three clouds sets the same one.
_TECHNOLOGY = {"salesforce": 1, "slack": 2, "google workspace": 4, "jira": 8, "snowflake": 16}
_TECHNOLOGY |= dict.fromkeys(("aws", "azure", "gcp"), 32)
_technology = _TECHNOLOGY.get
_STACK = tuple(
    _term(
        0.07999999999992724,
        (3 * (bits & 1) + (bits >> 1 & 1) + (bits >> 2 & 1) + 2 * (bits >> 3 & 1) + 2 * (bits >> 4 & 1)) / 9,
    )
    + (0.03999999999996362 if bits & 32 else 0.0)
    for bits in range(64)
)
_COMPLIANCE = {"soc 2", "iso 27001", "gdpr"}
_FIVE_MILLION, _FIFTY_MILLION, _HUNDRED_THOUSAND = math.log(5e6), math.log(50e6), math.log(1e5)
_REVENUE_RISE = 1.0 / (math.log(5e6) - math.log(2e6))
_REVENUE_FALL = 1.0 / (math.log(100e6) - math.log(50e6))
_BUDGET_RISE = 1.0 / (math.log(1e5) - math.log(2e4))
_OPEN_RATE_RISE = 1.0 / (0.2 - 0.05)
_GROWTH_RISE = 1.0 / (0.1 - -0.05)
_PER_90_DAYS, _PER_YEAR = 1.0 / 90.0, 1.0 / 365.0


# --- what is not the common case --------------------------------------------------------------------------------------


def _unknown(raw: Any) -> bool:
    if raw.__class__ is float:
        return math.isnan(raw)
    return raw is None or (raw.__class__ is str and not raw.strip())


def _number(raw: Any) -> float | None:
    """Read what is neither an int nor a float within ±1e15."""
    if _unknown(raw):
        return None
    if raw.__class__ is float and math.isfinite(raw):
        return raw
    if raw.__class__ is int and -_EXACT <= raw <= _EXACT:
        return float(raw)
    raise TypeError(f"not a number that can be scored: {raw!r}")


def _text(raw: Any) -> str:
    """Fold a text; unknown ones give an empty text."""
    if raw.__class__ is str:
        return _fold(raw)
    if _unknown(raw):
        return ""
    raise TypeError(f"not a text: {raw!r}")


def _names(raw: Any) -> set[str] | None:
    """Read a list of labels, folded; None where it is unknown."""
    if raw.__class__ is list or raw.__class__ is tuple or raw.__class__ is set:
        names = {
            (label.strip().lower() if label.isascii() else _fold(label)) if label.__class__ is str else _text(label)
            for label in raw
        }
        names.discard("")
        return names
    if _unknown(raw):
        return None
    raise TypeError(f"not a list of text: {raw!r}")


@lru_cache
def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _days(raw: Any, as_of: date) -> float | None:
    """Give the age of a signal in days; None where it is unknown or lies after the day of scoring."""
    if raw.__class__ is str and not raw.isspace() and raw:
        text = raw.strip()
        raw = date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    if raw.__class__ is date:
        days = (as_of - raw).days
        return None if days < 0 else float(days)
    if raw.__class__ is datetime:
        past = _midnight(as_of) - (raw.replace(tzinfo=UTC) if raw.tzinfo is None else raw)
        micros = past.days * 86_400e6 + (past.seconds * 1e6 + past.microseconds)
        if micros <= -86_400e6:
            return None
        return micros / 86_400e6 if micros > 0.0 else 0.0
    if _unknown(raw):
        return None
    raise TypeError(f"not a date: {raw!r}")


# --- the profile ------------------------------------------------------------------------------------------------------


def straight_line(account: dict[str, Any], as_of: date) -> Outcome:  # noqa: C901, PLR0912, PLR0915  # straight on purpose
    """Score one raw account: fit, tier, status, coverage, low and high.

    Everything starts as known; what is unknown leaves the denominator and adds to the room between low and high.
    """
    get: Callable[[str], Any] = account.get
    total = 0.0  # the terms of what is known
    weight = 1.0  # the weights that count
    never = 0.0  # the weights of signals that never came: they count, but are not covered
    least = most = 0.0  # what the unknown adds at least and at most

    # Firmographics
    x = get("employees")
    if x is not None and ((x.__class__ is not int and x.__class__ is not float) or not -1e15 < x < 1e15):
        x = _number(x)
    if x is None:
        weight -= 0.04615384615408402
        most += 0.04615384615408402
    elif x < 50:
        match = 1.0 - 0.04 * (50.0 - x)
        if match > 0.0:
            total += (0.04615384615408402 * match + 6.0) - 6.0
    elif x <= 500:
        total += 0.04615384615408402
    elif x < 1001:
        match = 1.0 - 0.002 * (x - 500.0)
        if match > 0.0:
            total += (0.04615384615408402 * match + 6.0) - 6.0

    x = get("annual_revenue")
    if x is not None and ((x.__class__ is not int and x.__class__ is not float) or not -1e15 < x < 1e15):
        x = _number(x)
    if x is None:
        weight -= 0.04615384615408402
        most += 0.04615384615408402
    elif 0 < x < 5e6:
        match = 1.0 - _REVENUE_RISE * (_FIVE_MILLION - math.log(x))
        if match > 0.0:
            total += (0.04615384615408402 * (math.floor(match * _QUANTUM + 0.5) / _QUANTUM) + 6.0) - 6.0
    elif 5e6 <= x <= 50e6:
        total += 0.04615384615408402
    elif x > 50e6:
        match = 1.0 - _REVENUE_FALL * (math.log(x) - _FIFTY_MILLION)
        if match > 0.0:
            total += (0.04615384615408402 * (math.floor(match * _QUANTUM + 0.5) / _QUANTUM) + 6.0) - 6.0

    x = get("offices")
    if x is not None and ((x.__class__ is not int and x.__class__ is not float) or not -1e15 < x < 1e15):
        x = _number(x)
    if x is None:
        weight -= 0.04615384615408402
        most += 0.04615384615408402
    elif 2 <= x <= 40:
        total += 0.04615384615408402

    raw = get("industry")
    term = _INDUSTRY.get(raw)
    if term is None and raw is not None and (name := _text(raw)):
        term = _INDUSTRY.get(name, 0.0)
    if term is None:
        weight -= 0.09230769230725855
        most += 0.09230769230725855
    else:
        total += term

    raw = get("country")
    term = _COUNTRY.get(raw)
    if term is None and raw is not None and (name := _text(raw)):
        term = _COUNTRY.get(name, 0.0)
    if term is None:
        weight -= 0.04615384615408402
        most += 0.04615384615408402
    else:
        total += term

    raw = get("ownership")
    term = _OWNERSHIP.get(raw)
    if term is None and raw is not None and (name := _text(raw)):
        term = _OWNERSHIP.get(name, _OTHER_OWNERSHIP)
    if term is None:
        weight -= 0.023076923076587263
        least += _OTHER_OWNERSHIP
        most += 0.023076923076587263
    else:
        total += term

    # Technographics
    raw = get("technologies")
    bits = 0
    if raw.__class__ is list:
        for label in raw:
            if label.__class__ is str:
                bits |= _technology(label.strip().lower() if label.isascii() else _fold(label), 0)
            else:
                bits |= _technology(_text(label), 0)
        total += _STACK[bits]
    elif (names := _names(raw)) is None:
        weight -= 0.07999999999992724 + 0.03999999999996362
        most += 0.07999999999992724 + 0.03999999999996362
    else:
        for name in names:
            bits |= _technology(name, 0)
        total += _STACK[bits]

    raw = get("cloud_maturity")
    term = _CLOUD_MATURITY.get(raw)
    if term is None and raw is not None and (name := _text(raw)):
        term = _CLOUD_MATURITY[name]
    if term is None:
        weight -= 0.03999999999996362
        most += 0.03999999999996362
    else:
        total += term

    x = get("it_budget")
    if x is not None and ((x.__class__ is not int and x.__class__ is not float) or not -1e15 < x < 1e15):
        x = _number(x)
    if x is None:
        weight -= 0.03999999999996362
        most += 0.03999999999996362
    elif 0 < x < 1e5:
        match = 1.0 - _BUDGET_RISE * (_HUNDRED_THOUSAND - math.log(x))
        if match > 0.0:
            total += (0.03999999999996362 * (math.floor(match * _QUANTUM + 0.5) / _QUANTUM) + 6.0) - 6.0
    elif 1e5 <= x <= 2e6:
        total += 0.03999999999996362

    # Behavioral signals
    days = None if (raw := get("last_demo_request")) is None else _days(raw, as_of)
    if days is None:
        never += 0.107142857143117
    else:
        total += (0.107142857143117 * (math.floor(math.exp2(-days / 30.0) * _QUANTUM + 0.5) / _QUANTUM) + 6.0) - 6.0

    days = None if (raw := get("last_site_visit")) is None else _days(raw, as_of)
    if days is None:
        never += 0.0357142857146755
    else:
        match = 1.0 - _PER_90_DAYS * days
        if match > 0.0:
            total += (0.0357142857146755 * match + 6.0) - 6.0

    days = None if (raw := get("last_email_reply")) is None else _days(raw, as_of)
    if days is None:
        never += 0.0357142857146755
    elif days <= 7.0:
        total += 0.0357142857146755
    elif days <= 30.0:
        total += (0.0357142857146755 * 0.6 + 6.0) - 6.0
    elif days <= 90.0:
        total += (0.0357142857146755 * 0.2 + 6.0) - 6.0

    x = get("pages_viewed")
    if x is not None and ((x.__class__ is not int and x.__class__ is not float) or not -1e15 < x < 1e15):
        x = _number(x)
    if x is None:
        weight -= 0.035714285713766
        most += 0.035714285713766
    elif x >= 5:
        total += 0.035714285713766
    elif x > 0:
        match = 1.0 - 0.2 * (5.0 - x)
        if match > 0.0:
            total += (0.035714285713766 * match + 6.0) - 6.0

    x = get("email_open_rate")
    if x is not None and ((x.__class__ is not int and x.__class__ is not float) or not -1e15 < x < 1e15):
        x = _number(x)
    if x is None:
        weight -= 0.0357142857146755
        most += 0.0357142857146755
    elif 0.2 <= x <= 0.8:
        total += 0.0357142857146755
    elif x < 0.2:
        match = 1.0 - _OPEN_RATE_RISE * (0.2 - x)
        if match > 0.0:
            total += (0.0357142857146755 * match + 6.0) - 6.0

    # Business needs
    names = _names(get("compliance"))
    if names is None:
        weight -= 0.0375000000003638
        most += 0.0375000000003638
    else:
        total += (0.0375000000003638 * (len(names & _COMPLIANCE) / len(names) if names else 1.0) + 6.0) - 6.0

    raw = get("urgency")
    term = _URGENCY.get(raw)
    if term is None and raw is not None and (name := _text(raw)):
        term = _URGENCY[name]
    if term is None:
        weight -= 0.0749999999998181
        least += _LEAST_URGENCY
        most += 0.0749999999998181
    else:
        total += term

    x = get("support_tickets")
    if x is not None and ((x.__class__ is not int and x.__class__ is not float) or not -1e15 < x < 1e15):
        x = _number(x)
    if x is None:
        weight -= 0.0375000000003638
        most += 0.0375000000003638
    elif x <= 10:
        total += 0.0375000000003638
    elif x < 31:
        match = 1.0 - 0.05 * (x - 10.0)
        if match > 0.0:
            total += (0.0375000000003638 * match + 6.0) - 6.0

    # Growth potential
    x = get("headcount_growth")
    if x is not None and ((x.__class__ is not int and x.__class__ is not float) or not -1e15 < x < 1e15):
        x = _number(x)
    if x is None:
        weight -= 0.024999999999636202
        most += 0.024999999999636202
    elif x >= 0.1:
        total += 0.024999999999636202
    elif x > -0.1:
        match = 1.0 - _GROWTH_RISE * (0.1 - x)
        if match > 0.0:
            total += (0.024999999999636202 * match + 6.0) - 6.0

    x = get("open_positions")
    if x is not None and ((x.__class__ is not int and x.__class__ is not float) or not -1e15 < x < 1e15):
        x = _number(x)
    if x is None:
        weight -= 0.024999999999636202
        most += 0.024999999999636202
    elif x < 3:
        match = 1.0 - 0.5 * (3.0 - x)
        if match > 0.0:
            total += (0.024999999999636202 * match + 6.0) - 6.0
    elif x <= 40:
        total += 0.024999999999636202
    elif x < 81:
        match = 1.0 - 0.025 * (x - 40.0)
        if match > 0.0:
            total += (0.024999999999636202 * match + 6.0) - 6.0

    raw = get("stage")
    term = _STAGE.get(raw)
    if term is None and raw is not None and (name := _text(raw)):
        term = _STAGE[name]
    if term is None:
        weight -= 0.024999999999636202
        most += 0.024999999999636202
    else:
        total += term

    days = None if (raw := get("last_funding")) is None else _days(raw, as_of)
    if days is None:
        weight -= 0.024999999999636202
        most += 0.024999999999636202
    else:
        match = 1.0 - _PER_YEAR * days
        if match > 0.0:
            total += (0.024999999999636202 * match + 6.0) - 6.0

    coverage = math.floor((weight - never) * 1e9 + 0.5) / 1e9
    low = 100.0 * (total + least)
    high = 100.0 * (total + most)
    if high > 100.0:  # noqa: PLR1730  # faster than min()
        high = 100.0
    lowest = math.floor(low * 1e6 + 0.5) / 1e6
    highest = math.floor(high * 1e6 + 0.5) / 1e6
    if coverage < 0.5:
        return None, None, "insufficient data", coverage, lowest, highest
    fit = 100.0 * total / weight
    if fit > high:
        fit = high
    elif fit < low:
        fit = low
    fit = math.floor(fit * 1e6 + 0.5) / 1e6
    if fit >= 80.0:
        tier = "Perfect"
    elif fit >= 60.0:
        tier = "Strong"
    elif fit >= 40.0:
        tier = "Moderate"
    else:
        tier = "Weak"
    return fit, tier, "scored", coverage, lowest, highest
