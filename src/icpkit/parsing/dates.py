"""Days and moments, as the settings of a column say that they are written; what has two readings is never guessed."""

import contextlib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from fractions import Fraction
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from icpkit.parsing.dateformats import read_format
from icpkit.parsing.dateparts import CLOCK, FLAGS, MONTH, WEEKDAY, compose, in_utc
from icpkit.parsing.unknowns import as_unknown
from icpkit.parsing.unreadable import Unreadable

#: In which order the parts of a date come, or what a bare number counts.
Order: TypeAlias = Literal["dmy", "mdy", "ymd", "epoch_s", "epoch_ms", "spreadsheet"]
ORDERS: tuple[Order, ...] = ("dmy", "mdy", "ymd", "epoch_s", "epoch_ms", "spreadsheet")
#: Characters of a text that may be a date.
_LONGEST = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SPREADSHEET = datetime(1899, 12, 30)  # noqa: DTZ001  # the days of a spreadsheet have no zone
#: Below 61 spreadsheets disagree, for one of them knows a 29 February 1900; the last one is the end of 9999.
_SERIALS = (61, 2_958_465)
_MILLIS = 86_400_000

_TIME = rf"(?:(?:,\s?|\s|t){CLOCK})?"
_SEP = r"[-/.\s]"
_ISO = re.compile(rf"(?P<y>\d{{4}})-(?P<m>\d\d)-(?P<d>\d\d){_TIME}", FLAGS)
_NUMERIC = re.compile(rf"(?P<a>\d{{1,4}})(?P<s>[-/.\s]|\.\s)(?P<b>\d{{1,2}})(?P=s)(?P<c>\d{{1,4}}){_TIME}", FLAGS)
_NAMED = [
    re.compile(rf"(?:{WEEKDAY},?\s)?{pattern}{_TIME}", FLAGS)
    for pattern in (
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\sof\s|\.\s|{_SEP}){MONTH}(?:,\s|{_SEP})(?P<y>\d{{2}}(?:\d\d)?)",
        rf"{MONTH}{_SEP}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s?|{_SEP})(?P<y>\d{{2}}(?:\d\d)?)",
        rf"{MONTH}(?:,\s|{_SEP})(?P<y>\d{{4}})",
        rf"(?P<y>\d{{4}}){_SEP}{MONTH}{_SEP}(?P<d>\d{{1,2}})",
    )
]
_MONTH_AND_TWO = re.compile(rf"{MONTH}{_SEP}(?P<y>\d\d)", FLAGS)
_EIGHT = re.compile(r"\d{8}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)


def day(
    text: str,
    *,
    order: Order | None = None,
    format: str | None = None,  # noqa: A002  # it is what the field map calls it
    zone: str | None = None,
) -> date:
    """Read a date, or a moment as a datetime in UTC.

    ISO 8601 and English names of months need no settings: "2026-11-21", "2026-11-21 14:03:22.5Z", "3 Mar 2019",
    "March 3, 2019 2:03 PM", "Mar 2019" (its first day).

    Arguments:
        order: "dmy", "mdy" or "ymd" for numbers between dashes, slashes, dots or blanks, or eight digits without any;
            "epoch_s" or "epoch_ms" for seconds or milliseconds since 1970; "spreadsheet" for days since 1899-12-30.
        format: exactly how each text is written, in the directives of ``strptime`` (see `check_format`). It counts
            alone: neither the order nor ISO 8601 is tried.
        zone: the IANA name of the zone in which moments without one are; None for UTC. Of an hour that comes twice
            when clocks go back, the first is meant.

    Raises:
        Unreadable: it is no date, or has two readings; the way out names the setting that decides.

    >>> day("21/11/2026", order="dmy"), day("2026-11-21 14:03", zone="Europe/Berlin")
    (datetime.date(2026, 11, 21), datetime.datetime(2026, 11, 21, 13, 3, tzinfo=datetime.timezone.utc))
    """
    if format is not None:
        return _in_zone(read_format(text, format), zone)
    if text[4:5] == "-" == text[7:8] and text.isascii():  # nearly every text; what is wrong with another is told below
        try:
            if len(text) == 10:
                return date.fromisoformat(text)
            # All versions of Python agree on these, but on an hour of 24.
            if len(text) == 19 and text[13] == ":" == text[16] and text[11:13] < "24" and text[10] in " T":
                return _in_zone(datetime.fromisoformat(text), zone)
        except ValueError:
            pass
    return _in_zone(_read(" ".join(text.split()) if len(text) <= _LONGEST else "", order), zone)


def _read(bare: str, order: Order | None) -> date:
    """Read a date, or a moment: naive unless it names a zone itself."""
    if order in _COUNTED and _NUMBER.fullmatch(bare):
        return _COUNTED[order](bare)
    try:
        return _read_written(bare, order)
    except Unreadable as error:
        if order not in _COUNTED or not error.way_out.startswith(("declare order", "declare a format")):
            raise
        # Another order or a format alone would no longer read the numbers that count.
        counts = "serial numbers" if order == "spreadsheet" else "seconds since 1970"
        way_out = f"the column mixes {counts} and dates: write its dates as in 2026-11-21, which any order reads"
        raise Unreadable(error.reason, way_out) from None


def _read_written(bare: str, order: Order | None) -> date:
    """Read a date that is not a number alone."""
    if found := _ISO.fullmatch(bare):
        return compose(found.groupdict())
    if found := _NUMERIC.fullmatch(bare):
        return _numeric(found, order)
    for pattern in _NAMED:
        if found := pattern.fullmatch(bare):
            return _named(found)
    if order is not None and _EIGHT.fullmatch(bare):  # an order that counts has read it above
        cuts = (4, 6) if order == "ymd" else (2, 4)
        return compose(_parts(bare[: cuts[0]], bare[cuts[0] : cuts[1]], bare[cuts[1] :], order))
    raise _no_date(bare)


def check_zone(zone: str) -> None:
    """Refuse what is no IANA name of a time zone on this machine.

    Raises:
        ValueError: there is no such zone.

    >>> check_zone("Europe/Berlin")
    """
    try:
        ZoneInfo(zone)
    except (KeyError, OSError, ValueError):
        raise ValueError(f"there is no time zone {zone!r}; write one such as Europe/Berlin") from None


def _in_zone(value: date, zone: str | None) -> date:
    """Let dates pass, and put naive moments into their zone and then into UTC."""
    if not isinstance(value, datetime) or value.tzinfo is not None:
        return value
    return in_utc(value.replace(tzinfo=_zone(zone)))


def _zone(zone: str | None) -> tzinfo:
    return UTC if zone is None else ZoneInfo(zone)


# Parts that say themselves which they are


def _named(found: re.Match[str]) -> date:
    parts = {"d": None, **found.groupdict()}
    if len(found["y"]) == 2:
        raise Unreadable("a year of two digits", _format_hint(found, {"d": "%d", "m": "%b", "y": "%y"}))
    return compose(parts)


def _format_hint(found: re.Match[str], directives: dict[str, str]) -> str:
    """Say the format that would read a text, its time left out."""
    written = found.string
    end = max(found.end(name) for name in directives)
    for name, directive in sorted(directives.items(), key=lambda item: -found.start(item[0])):
        stop = found.end(name)
        written = written[: found.start(name)] + directive + written[stop:end]
        end = len(written)
    return f'declare a format, such as format = "{written}"'


# Numbers in an order


def _parts(first: str, second: str, third: str, order: str) -> dict[str, str | None]:
    return dict(zip(order, (first, second, third), strict=True))


def _numeric(found: re.Match[str], order: Order | None) -> date:
    first, second, third = found["a"], found["b"], found["c"]
    year_first, year_last = len(first) == 4 and len(third) <= 2, len(third) == 4 and len(first) <= 2
    declared = order if order in {"dmy", "mdy", "ymd"} else None
    if len(first) <= 2 and len(third) == 2:
        kind = declared or "dmy"
        directives = dict(zip("abc", (f"%{letter}" for letter in kind), strict=True))
        raise Unreadable("a year of two digits", _format_hint(found, directives))
    if not (year_first or year_last):
        raise _no_date(found.string)
    fitting: tuple[Order, ...] = ("ymd",) if year_first else ("dmy", "mdy")
    if declared is not None and declared in fitting:
        try:
            return compose({**found.groupdict(), **_parts(first, second, third, declared)})
        except Unreadable as error:
            readings = _readings(found, fitting)
            way_out = next((f'declare order = "{other}", which reads {read}' for other, read in readings.items()), "")
            raise Unreadable(error.reason, way_out) from None
    return _undeclared(declared, _readings(found, fitting))


def _readings(found: re.Match[str], orders: tuple[Order, ...]) -> dict[Order, date]:
    """Give what a text would be in each order in which it can be read."""
    readings: dict[Order, date] = {}
    for order in orders:
        try:
            readings[order] = compose({**found.groupdict(), **_parts(found["a"], found["b"], found["c"], order)})
        except Unreadable:
            continue
    return readings


def _undeclared(declared: Order | None, readings: dict[Order, date]) -> date:
    """Refuse a date whose order is not declared, unless it reads the same in every order."""
    if not readings:
        raise Unreadable("the calendar or the clock has none such, in any order")
    if declared is None and len(readings) == 2 and len(set(readings.values())) == 1:
        return readings["dmy"]
    ways = [f'order = "{order}", which reads {read}' for order, read in readings.items()]
    if declared is not None:
        reason = f'not written as order = "{declared}" says'
    elif len(readings) == 2:
        reason = f"either {' or '.join(str(read) for read in readings.values())}"
    else:
        reason = "a date in an order that is not declared"
    raise Unreadable(reason, f"declare {', or '.join(ways)}")


# Numbers that count from a moment


def _epoch_seconds(bare: str) -> datetime:
    return _since_epoch(Fraction(bare) * 1_000_000)


def _epoch_millis(bare: str) -> datetime:
    return _since_epoch(Fraction(bare) * 1_000)


def _since_epoch(micros: Fraction) -> datetime:
    try:
        return _EPOCH + timedelta(microseconds=int(micros))
    except OverflowError:
        raise Unreadable("a moment outside the years 1 to 9999") from None


def _serial(bare: str) -> date:
    serial = Fraction(bare)
    if not _SERIALS[0] <= serial < _SERIALS[1] + 1:
        raise Unreadable(f"no day of a spreadsheet, whose numbers run from {_SERIALS[0]} to {_SERIALS[1]}")
    millis = round(serial * _MILLIS)  # finer than that is what binary fractions of a day have lost
    try:
        moment = _SPREADSHEET + timedelta(milliseconds=millis)
    except OverflowError:  # less than half a millisecond before the end of 9999
        raise Unreadable("a moment outside the years 1 to 9999") from None
    return moment if millis % _MILLIS else moment.date()


_COUNTED: dict[str | None, Callable[[str], date]] = {
    "epoch_s": _epoch_seconds,
    "epoch_ms": _epoch_millis,
    "spreadsheet": _serial,
}


def _no_date(bare: str) -> Unreadable:
    """Make the error for what is no date; of a bare number it says what it may count."""
    if found := _MONTH_AND_TWO.fullmatch(bare):
        way_out = f"{_format_hint(found, {'m': '%b', 'y': '%y'})}, or write the year with four digits"
        return Unreadable("a month with two digits, a day or a year", way_out)
    if not _NUMBER.fullmatch(bare):
        return Unreadable("no date such as 2026-11-21 or 21 Nov 2026", as_unknown(bare))
    likely: list[tuple[Order, date]] = []
    if _EIGHT.fullmatch(bare) and bare[:2] in {"19", "20"}:
        with contextlib.suppress(Unreadable):
            likely.append(("ymd", compose(_parts(bare[:4], bare[4:6], bare[6:], "ymd"))))
    if 20_000 <= float(bare) < 80_000:  # 1954 to 2119
        likely.append(("spreadsheet", _serial(bare)))
    if 1e8 <= float(bare) < 5e9 and not likely:  # 1973 to 2128
        likely.append(("epoch_s", _epoch_seconds(bare)))
    if 1e11 <= float(bare) < 5e12:
        likely.append(("epoch_ms", _epoch_millis(bare)))
    if len(bare) == 4 and bare[0] in "12":
        return Unreadable("a year where a date belongs", 'declare parse = "year"')
    way_out = next((f'declare order = "{order}", which reads {read}' for order, read in likely), "")
    return Unreadable("a bare number where a date belongs", way_out)
