"""What typed cells can hold of any value: each conversion gives None where the cell cannot."""

import math
import struct
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from icpkit import views

# Numbers


def _real(raw: Any) -> Any:
    """Give a number that is none of True and False, or None."""
    one = _first(raw)
    return one if isinstance(one, int | float | Decimal | Fraction) and not isinstance(one, bool) else None


def _first(raw: Any) -> Any:
    """Give the first item of a list that says anything; a list of nothing says nothing."""
    listed = views.items(raw)
    if listed is None:
        return raw
    return next((item for item in listed if not views.is_unknown(item)), None)


def double(raw: Any) -> float | None:
    """Give the float64 of a number."""
    number = _real(raw)
    try:
        return None if number is None else float(number)
    except OverflowError:
        return None


def single(raw: Any) -> float | None:
    """Give the float32 of a number, as a float64."""
    number = double(raw)
    try:
        return None if number is None else float(struct.unpack("f", struct.pack("f", number))[0])
    except OverflowError:
        return None


def integer(bits: int) -> Callable[[Any], int | None]:
    """Make the conversion to whole numbers of so many bits: the greatest that is not above."""

    def held(raw: Any) -> int | None:
        number = _real(raw)
        if number is None or (not isinstance(number, int | Fraction) and not math.isfinite(number)):
            return None
        whole = math.floor(number)
        return whole if -(2 ** (bits - 1)) <= whole < 2 ** (bits - 1) else None

    return held


def decimal(scale: int) -> Callable[[Any], Decimal | None]:
    """Make the conversion to decimals of 15 digits, `scale` of them behind the point: float64 holds all of them."""

    def held(raw: Any) -> Decimal | None:
        number, known = _real(raw), double(raw)
        if known is None or not abs(known) < 10 ** (15 - scale) - 1:
            return None
        exact = known if isinstance(number, Fraction) else number
        return Decimal(str(exact)).quantize(Decimal(1).scaleb(-scale))

    return held


def truth(raw: Any) -> bool | None:
    """Give True or False of what is one of them, or 1 or 0."""
    try:
        found = views.truth(_first(raw))
    except views.Invalid:
        return None
    return None if found is None else bool(found)


def bit(raw: Any) -> int | None:
    """Give True and False as 1 and 0."""
    found = truth(raw)
    return None if found is None else int(found)


def double_or_null(raw: Any) -> float | None:
    """Give the float64 of a number that is no NaN, which SQLite keeps as NULL."""
    number = double(raw)
    return None if number is None or math.isnan(number) else number


# Moments


def instant(raw: Any) -> datetime | None:
    """Give a moment in UTC of a date, of a time with a zone or without, or of the text of one."""
    try:
        found = views.instant(_first(raw))
        return None if found is None else found.astimezone(UTC)
    except (views.Invalid, OverflowError):
        return None


def naive(raw: Any) -> datetime | None:
    """Give a moment without its zone, which is UTC."""
    found = instant(raw)
    return None if found is None else found.replace(tzinfo=None)


def day(raw: Any) -> date | None:
    """Give the day of a moment in UTC."""
    found = instant(raw)
    return None if found is None else found.date()


# Text


def texts_of(raw: Any, folded: Callable[[str], str]) -> list[str | None] | None:
    """Give a list of texts, prepared for comparison; what is no text stays as an unknown item."""
    listed = views.items(raw)
    if listed is None:
        listed = [raw] if isinstance(raw, str) and raw.strip() else None
    return None if listed is None else [folded(one) if isinstance(one, str) else None for one in listed]


def one_text(raw: Any, folded: Callable[[str], str]) -> str | None:
    """Give a text, prepared for comparison."""
    one = _first(raw)
    return folded(one) if isinstance(one, str) else None


# Events


def events_of(raw: Any, folded: Callable[[str], str]) -> list[tuple[str | None, datetime | None, float | None]] | None:
    """Give the kind, the moment and the strength of each event that has such parts."""
    listed = views.items(raw)
    if listed is None:
        return None
    found = []
    for event in listed:
        try:
            kind, at, strength = views.event_parts(event)
        except views.Invalid:
            continue
        found.append((one_text(kind, folded), instant(at), double(strength)))
    return found
