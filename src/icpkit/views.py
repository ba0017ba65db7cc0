"""Views: how a raw value of an account is read, and when it is unknown or invalid.

Each view gives the value that a curve works on, or None where the value is unknown, and raises `Invalid` where it is of
the wrong kind. Nothing else in the package looks at raw values.
"""

import math
import numbers
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import attrs

from icpkit._attrs import Pairs
from icpkit.errors import AsOfError
from icpkit.typing import Offender

#: One day in microseconds, as the float by which ages are divided.
DAY = 86_400e6
_DAY = 86_400_000_000
#: Days in a mean Gregorian year.
YEAR = 365.2425
_LARGEST_INTEGER = 2**53
# Tuples, not unions, which would be built anew at every call.
_LISTS, _SETS, _NUMBERS = (list, tuple), (set, frozenset), (numbers.Real, Decimal)
_MANY = (*_LISTS, *_SETS, Mapping)
_DATE_TEXT = len("2026-11-21")


class Invalid(Exception):  # noqa: N818  # no error for users: the scorer turns it into offenders
    """A value is of the wrong kind; ``reason`` says which kind belongs there."""

    value: object
    reason: str

    def __init__(self, value: object, reason: str) -> None:
        """Keep the value and the reason."""
        super().__init__(reason)
        self.value, self.reason = value, reason


@attrs.define
class Notes:
    """What is worth telling about the reading of one account: signals left out, naive moments, offenders."""

    key: object = None
    ignored: int = 0
    naive: int = 0
    offenders: list[Offender] = attrs.Factory(list)

    def distinct(self) -> tuple[Offender, ...]:
        """Give each offender once, though several criteria may have read it."""
        return tuple({(one.attribute, one.reason, id(one.value)): one for one in self.offenders}.values())


@attrs.frozen
class Moment:
    """The moment at which an account is scored.

    Attributes:
        as_of: what was asked for: a date, or a datetime in UTC.
        origin: the moment from which ages count.
        least: the age in microseconds below which a signal is not yet visible.
        day: the UTC day of the moment.
        ordinal: the number of that day.
        since_midnight: microseconds from its 00:00 UTC to the origin.
    """

    as_of: date
    origin: datetime
    least: int
    day: date
    ordinal: int
    since_midnight: int


def moment(as_of: object) -> Moment:
    """Read an ``as_of``: a date, an aware datetime, or the ISO text of one.

    Raises:
        AsOfError: for a naive datetime, or for what is no moment.

    >>> moment("2026-11-21").origin
    datetime.datetime(2026, 11, 21, 0, 0, tzinfo=datetime.timezone.utc)
    """
    if isinstance(as_of, datetime):
        return _moment_of_time(as_of)
    if isinstance(as_of, (str, date)):  # a union would be built at every call
        return _moment(as_of)
    raise AsOfError(as_of, "must be a date or an aware datetime")


def as_of(when: date | str) -> date:
    """Read a moment of scoring, and give it as it is kept: a date, or a datetime in UTC.

    Raises:
        AsOfError: as for `moment`.

    >>> as_of("2026-11-21")
    datetime.date(2026, 11, 21)
    """
    return moment(when).as_of


@lru_cache(maxsize=256)  # not for datetimes: equal ones may differ in their fold
def _moment(as_of: str | date) -> Moment:
    day = _iso_moment(as_of) if isinstance(as_of, str) else as_of
    if isinstance(day, datetime):
        return _moment_of_time(day)
    return Moment(day, _midnight(day), 1 - _DAY, day, day.toordinal(), 0)


def _moment_of_time(as_of: datetime) -> Moment:
    if is_unknown(as_of):
        raise AsOfError(as_of, "must be a date or an aware datetime")
    if as_of.utcoffset() is None:
        raise AsOfError(as_of, "must say its time zone")
    try:
        when = as_of.astimezone(UTC)
    except OverflowError:
        raise AsOfError(as_of, "must lie within the calendar") from None
    day = when.date()
    return Moment(when, when, 0, day, day.toordinal(), _micros(when - _midnight(day)))


def _iso_moment(text: str) -> date:
    try:
        return (date if len(text.strip()) <= _DATE_TEXT else datetime).fromisoformat(text.strip())
    except ValueError:
        raise AsOfError(text, "must be ISO 8601 text") from None


def is_unknown(raw: object) -> bool:
    """Tell whether a raw value is unknown: None, NaN, NaT, pandas' NA, or text that is empty after stripping.

    >>> [is_unknown(value) for value in (None, float("nan"), "  ", "", 0, [], False)]
    [True, True, True, True, False, False, False]
    """
    if raw is None:
        return True
    if isinstance(raw, str):
        return not raw.strip()
    if isinstance(raw, Decimal):
        return raw.is_nan()
    if type(raw).__name__ in {"NAType", "NaTType"}:
        return True
    if isinstance(raw, _MANY) or getattr(raw, "ndim", None):
        return False
    return bool(raw != raw)  # noqa: PLR0124  # only NaN and NaT differ from themselves


def _kind(raw: object) -> str:
    name = {"bool_": "bool", "NoneType": "None"}.get(type(raw).__name__, type(raw).__name__)
    return "text" if isinstance(raw, str) else f"{'an' if name[0].lower() in 'aeio' else 'a'} {name}"


def number(raw: Any) -> float | None:
    """Read a number as float64.

    >>> number(320), number(None)
    (320.0, None)
    """
    kind = raw.__class__
    if kind is float:
        if math.isfinite(raw):
            return raw  # type: ignore[no-any-return]  # its class was compared
    elif kind is int and -_LARGEST_INTEGER <= raw <= _LARGEST_INTEGER:
        return float(raw)
    return _other_number(raw)


def _other_number(raw: Any) -> float | None:
    if is_unknown(raw):
        return None
    if isinstance(raw, bool) or not isinstance(raw, _NUMBERS):
        raise Invalid(raw, f"{_kind(raw)} where a number belongs")
    if isinstance(raw, numbers.Integral) and abs(int(raw)) > _LARGEST_INTEGER:
        raise Invalid(raw, "an integer beyond 2^53, which a float cannot hold")
    try:
        value = float(raw)
    except OverflowError:
        value = math.inf
    if math.isinf(value):
        raise Invalid(raw, "an infinite number")
    return value


def truth(raw: Any) -> float | None:
    """Read True, 1 and 1.0 as 1.0, and False, 0 and 0.0 as 0.0."""
    if raw is True:
        return 1.0
    if raw is False:
        return 0.0
    if is_unknown(raw):
        return None
    if type(raw).__name__ in {"bool", "bool_"}:
        return float(raw)
    if isinstance(raw, _NUMBERS) and raw in {0, 1}:
        return float(raw)
    raise Invalid(raw, f"{_kind(raw)} where True or False belongs")


def fold(text: str) -> str:
    """Fold text as comparisons do: NFC, strip, casefold, NFC.

    >>> fold("  Straße ") == fold("STRASSE")
    True
    """
    if text.isascii():
        return text.strip().lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).strip().casefold())


def keep_case(text: str) -> str:
    """Fold text as case-sensitive comparisons do: NFC and strip."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


def canonical(*, case_sensitive: bool, aliases: Pairs) -> Callable[[str], str]:
    """Make the function that gives the name under which a text is compared, aliases applied once."""
    folded = keep_case if case_sensitive else fold
    if not aliases:
        return folded
    names = {folded(spelling): folded(name) for spelling, name in aliases}

    def name_of(text: str) -> str:
        text = folded(text)
        return names.get(text, text)

    return name_of


def items(raw: Any) -> list[Any] | tuple[Any, ...] | None:
    """Give the items of a list-like value, or None of anything else."""
    if isinstance(raw, _LISTS):
        return raw
    if isinstance(raw, _SETS):
        return list(raw)
    if getattr(raw, "ndim", None) == 1 and hasattr(raw, "tolist"):
        if str(getattr(raw, "dtype", "")).startswith("datetime64"):
            raw = raw.astype("datetime64[us]")  # of finer ones tolist() makes integers
        return raw.tolist()  # type: ignore[no-any-return]  # an array of one axis gives a list
    return None


def text(raw: Any) -> str | None:
    """Read one text, unfolded; a UUID is the text that databases and files write of it.

    >>> text("Software"), text(" ")
    ('Software', None)
    """
    if isinstance(raw, str):
        return raw if raw.strip() else None
    if is_unknown(raw):
        return None
    if type(raw).__name__ == "UUID":  # its library is not worth importing for this
        return str(raw)
    raise Invalid(raw, f"{_kind(raw)} where text belongs")


def labels(raw: Any) -> list[str] | None:
    """Read a list of texts, unfolded; unknown items are dropped, an empty list is known."""
    listed = items(raw)
    if listed is not None:
        return [item for item in map(text, listed) if item is not None]
    if is_unknown(raw):
        return None
    raise Invalid(raw, f"{_kind(raw)} where a list of text belongs")


def instant(raw: Any, notes: Notes | None = None) -> datetime | None:
    """Read a moment: a datetime (naive ones are UTC, and noted), a date (its 00:00 UTC) or the ISO text of one."""
    if isinstance(raw, datetime) and type(raw).__name__ != "NaTType":
        if raw.utcoffset() is not None:
            return raw
        if notes is not None:
            notes.naive += 1
        return raw.replace(tzinfo=UTC)
    if type(raw) is date:
        return _midnight(raw)
    return _other_instant(raw, notes)


def _other_instant(raw: Any, notes: Notes | None) -> datetime | None:
    if is_unknown(raw):
        return None
    if isinstance(raw, date):
        return _midnight(raw)
    if isinstance(raw, str):
        try:
            if len(raw.strip()) <= _DATE_TEXT:
                return _midnight(date.fromisoformat(raw.strip()))
            return instant(datetime.fromisoformat(raw.strip()), notes)
        except ValueError:
            raise Invalid(raw, "text that is no ISO 8601 date") from None
    if type(raw).__name__ == "datetime64":
        return instant(raw.astype("datetime64[us]").tolist(), notes)
    raise Invalid(raw, f"{_kind(raw)} where a date belongs")


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def micros_between(earlier: datetime, later: datetime) -> int:
    """Give the microseconds from one aware moment to another."""
    return _micros(later - earlier)


def _micros(delta: timedelta) -> int:
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def age(when: datetime, now: Moment) -> float | None:
    """Give the age of a visible moment in days, never below 0, or None of one after ``as_of``."""
    micros = _past(when, now)
    return None if micros is None else micros / DAY


def _past(when: datetime, now: Moment) -> int | None:
    """Give the age of a visible moment in microseconds, never below 0."""
    micros = _micros(now.origin - when)
    return None if micros < now.least else max(micros, 0)


def latest_age(raw: Any, now: Moment, notes: Notes | None = None) -> float | None:
    """Give the age in days of the latest visible signal; infinity of a list that is empty.

    None stands for absent: unknown, or every signal lies after ``as_of``.
    """
    listed = items(raw)
    if listed is None:
        when = instant(raw, notes)
        days = None if when is None else age(when, now)
        if notes is not None and when is not None and days is None:
            notes.ignored += 1
        return days
    known = [when for when in (instant(item, notes) for item in listed) if when is not None]
    ages = [days for days in (age(when, now) for when in known) if days is not None]
    if notes is not None:
        notes.ignored += len(known) - len(ages)
    return min(ages, default=None if known else math.inf)


def days_ahead(raw: Any, now: Moment, notes: Notes | None = None) -> float | None:
    """Give whole UTC days from the day of ``as_of`` to a planned date; negative when it has passed."""
    when = instant(raw, notes)
    if when is None:
        return None
    try:
        return float((when.astimezone(UTC).date() - now.day).days)
    except OverflowError:
        raise Invalid(raw, "a date outside the calendar") from None


def years_since(raw: Any, now: Moment, notes: Notes | None = None) -> float | None:
    """Give years at ``as_of`` since a founding year or date; None where that lies after ``as_of``."""
    if isinstance(raw, str) and raw.strip().isdecimal() and len(raw.strip()) <= len("2013"):
        raise Invalid(raw, "text where a year belongs, which is a number")
    if not isinstance(raw, _NUMBERS):
        when = instant(raw, notes)
        micros = None if when is None else _past(when, now)
        # Divided once: a whole number of mean years is whole.
        years, known = (None if micros is None else micros / (YEAR * DAY)), when is not None
    else:
        year = number(raw)
        if year is not None and not (year.is_integer() and date.min.year <= year <= date.max.year):
            raise Invalid(raw, "a number that is no year")
        years, known = (
            (None if year is None or year > now.day.year else now.day.year - year),
            year is not None,
        )
    if notes is not None and known and years is None:
        notes.ignored += 1
    return years


def events(raw: Any, now: Moment, notes: Notes | None = None) -> list[tuple[str, float, float]] | None:
    """Read visible events as (kind, age in days, strength).

    Events after ``as_of`` are removed before anything else about them is looked at; if that empties the list, it is
    absent (None). Events without a kind or a moment are dropped; one without a strength has strength 1.
    """
    listed = items(raw)
    if listed is None:
        if is_unknown(raw):
            return None
        raise Invalid(raw, f"{_kind(raw)} where a list of events belongs")
    seen: list[tuple[str, float, float]] = []
    removed = 0
    for event in listed:
        if is_unknown(event):
            continue
        kind, at, strength = event_parts(event)
        when = instant(at, notes)
        if when is None:
            continue
        days = age(when, now)
        if days is None:
            removed += 1
            continue
        name = text(kind)
        if name is None:
            continue
        power = number(strength)
        if power is not None and not 0 <= power <= _LARGEST_INTEGER:
            raise Invalid(event, "an event whose strength is not between 0 and 2^53")
        seen.append((name, days, 1.0 if power is None else power))
    if notes is not None:
        notes.ignored += removed
    return None if removed and not seen else seen


_EVENT = "an event must be (kind, at), (kind, at, strength), or have kind, at and strength by name"


def event_parts(event: Any) -> Iterable[Any]:
    """Give the kind, the moment and the strength of an event, of which the last may be None.

    Raises:
        Invalid: for what is no event.

    >>> tuple(event_parts(("demo", "2026-11-20")))
    ('demo', '2026-11-20', None)
    """
    if isinstance(event, list | tuple) and not hasattr(event, "_fields"):
        if not 2 <= len(event) <= 3:
            raise Invalid(event, _EVENT)
        return (*event, None)[:3]
    if isinstance(event, Mapping):
        if "kind" not in event or "at" not in event:
            raise Invalid(event, _EVENT)
        return event["kind"], event["at"], event.get("strength")
    record: Any = event
    try:
        return record.kind, record.at, getattr(record, "strength", None)
    except AttributeError:
        raise Invalid(event, _EVENT) from None
