"""How one cell becomes a value, by its field: unknown, empty, replaced, or parsed."""

import functools
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Context, Decimal
from typing import Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from icpkit import parsing, views
from icpkit.importing.fields import UNITS, Field, FieldMap
from icpkit.parsing import Unreadable


class Noted(NamedTuple):
    """A value, and what is worth counting about how it was read, in words with blanks between."""

    value: Any
    note: str


#: Notes that are counted; currencies are counted by their code.
UNKNOWN, EMPTY, BAND, NAIVE = "unknown", "empty", "band", "naive"
#: A float holds every integer up to here.
_LARGEST_INTEGER = 2**53
# The same digits whatever the program that uses icpkit has set for its own decimals.
_EXACT = Context(prec=50)
#: A moment that another zone would move has none of its own.
_ELSEWHERE = "Etc/GMT+12"
#: Reads one cell of any kind, or raises `Unreadable`; what is worth counting comes as `Noted`.
Read: TypeAlias = Callable[[Any], Any]


def reading_of(field: Field, fields: FieldMap) -> Read:
    """Prepare how the cells of a field are read."""
    parse = _PARSERS[field.parse](field, fields)
    unknown = {views.fold(token) for token in field.unknown}
    empty = {views.fold(token) for token in field.empty}
    replace = {views.fold(token): text for token, text in field.replace}
    nothing: Any = () if field.parse in {"labels", "events", "keywords"} else None

    def told(cell: Any) -> Any:
        for text in _spellings(cell):
            folded = views.fold(text)
            if folded in unknown:
                return Noted(None, UNKNOWN)
            if folded in empty:
                return Noted(nothing, EMPTY)
            if folded in replace:
                return parse(replace[folded])
        return parse(cell)

    def read(cell: Any) -> Any:
        cell = cell.strip() if isinstance(cell, str) else cell
        if views.is_unknown(cell):
            return None
        return told(cell) if tokens else parse(cell)

    tokens = bool(unknown or empty or replace)
    if field.parse == "labels":
        return _listing(field, unknown, replace, empty)
    return read


def _as_text(cell: Any) -> str:
    """Write a value that a reader has typed as the text that stood there."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        if abs(cell) >= _LARGEST_INTEGER:  # it may be another number than the one that stood there
            raise Unreadable("a number of more digits than a float keeps", "read the column as text")
        return str(int(cell))
    if isinstance(cell, int | float | Decimal):
        return str(cell)
    if isinstance(cell, datetime) and cell.tzinfo is None and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    raise Unreadable(f"{type(cell).__name__} where text belongs")


def _spellings(cell: Any) -> tuple[str, ...]:
    """Give the texts that a token may name a cell by: a sentinel such as -1 is one, typed or not."""
    if isinstance(cell, str):
        return (cell,)
    try:
        return _as_text(cell), str(cell)
    except Unreadable:
        return ()


def _text(_field: Field, _fields: FieldMap) -> Read:
    return _as_text


def _as_is(_field: Field, _fields: FieldMap) -> Read:
    return lambda cell: cell


def _number(field: Field, _fields: FieldMap) -> Read:
    scale, scaled = _scaled(field.factor), field.factor != 1
    decimal = field.decimal

    def read(cell: Any) -> Any:
        if not isinstance(cell, str):
            return scale(_plain_number(cell))
        number = parsing.number(cell, decimal=decimal)
        return number if scaled and parsing.names_scale(cell) else scale(number)

    return read


def _plain_number(cell: Any) -> float:
    """Take a number that a reader has typed, whole where it is whole."""
    if isinstance(cell, date):
        raise Unreadable(
            "a date where a number belongs: has a spreadsheet turned it into one?", "export the column as text"
        )
    try:
        value = views.number(cell)
    except views.Invalid as error:
        raise Unreadable(error.reason) from None
    assert value is not None  # unknown values do not come here
    return int(value) if value.is_integer() and abs(value) <= _LARGEST_INTEGER else value


def _scaled(factor: float) -> Callable[[float], float]:
    """Multiply as on paper: 0.07 million is 70,000, not a float beside it."""
    if factor == 1:
        return lambda number: number
    exact = Decimal(repr(factor))

    def scale(number: float) -> float:
        return _plain_number(_EXACT.multiply(Decimal(repr(number)), exact))

    return scale


def _size(field: Field, _fields: FieldMap) -> Read:
    scale, scaled = _scaled(field.factor), field.factor != 1
    take: Any = field.take or "middle"  # the field has made sure that it is one of the words

    def read(cell: Any) -> Any:
        if not isinstance(cell, str):
            return scale(_plain_number(cell))
        number, band = parsing.size(cell, decimal=field.decimal, take=take, prose=field.prose, whole=not scaled)
        number = number if scaled and parsing.names_scale(cell) else scale(number)
        return Noted(number, BAND) if band else number

    return read


def _money(field: Field, fields: FieldMap) -> Read:
    scale, scaled = _scaled(field.factor), field.factor != 1
    to = fields.currency
    assert to is not None  # the map has made sure

    def read(cell: Any) -> Any:
        decimal = field.decimal
        if not isinstance(cell, str):
            cell, decimal = str(_plain_number(cell)), "."
        settings: dict[str, Any] = {"decimal": decimal, "take": field.take, "prose": field.prose}
        settings["thousands"] = field.factor == UNITS["thousands"]  # else a T may be a trillion
        currency = field.currency or to
        _, code, band = parsing.amount(cell, currency=currency, **settings)
        value, band = parsing.money(cell, to=to, currency=currency, rates=fields.rates, on=fields.exported, **settings)
        value = value if scaled and parsing.names_scale(cell) else scale(value)
        return Noted(value, f"{code or currency} {BAND}" if band else code or currency)

    return read


def _year(field: Field, _fields: FieldMap) -> Read:
    take: Any = field.take or "first"  # the same

    def read(cell: Any) -> Any:
        if isinstance(cell, date):
            return cell.year
        return parsing.year(_as_text(cell), take=take)

    return read


def _date(field: Field, _fields: FieldMap) -> Read:
    zone = None if field.zone is None else ZoneInfo(field.zone)

    def read(cell: Any) -> Any:
        if isinstance(cell, datetime):
            return _moment(cell, zone)
        if isinstance(cell, date):
            return cell
        text = _as_text(cell)
        found = parsing.day(text, order=field.order, format=field.format, zone=field.zone)
        if not isinstance(found, datetime):
            return found
        if not _is_naive(text, field, found):
            return found
        bare = found if zone is None else found.astimezone(zone)
        if bare.time() == time():  # a day, as tables write it
            return bare.date()
        return Noted(found, NAIVE) if zone is None else found

    return read


def _is_naive(text: str, field: Field, found: datetime) -> bool:
    try:
        return parsing.day(text, order=field.order, format=field.format, zone=_ELSEWHERE) != found
    except Unreadable:  # at the very end of the calendar, there is no such moment elsewhere
        return True


def _moment(cell: datetime, zone: ZoneInfo | None) -> Any:
    """Take a moment that a reader has typed: a day where it has no time, else in UTC."""
    if cell.tzinfo is None and cell.time() == time():
        return cell.date()
    if cell.tzinfo is None and zone is None:
        return Noted(cell.replace(tzinfo=UTC), NAIVE)
    try:
        return (cell if cell.tzinfo is not None else cell.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise Unreadable("a moment outside the years 1 to 9999") from None


def _ago(_field: Field, fields: FieldMap) -> Read:
    on = fields.exported
    assert on is not None  # the map has made sure

    def read(cell: Any) -> Any:
        if isinstance(cell, datetime):
            return cell.date()
        return cell if isinstance(cell, date) else parsing.ago(_as_text(cell), on=on)

    return read


def _flag(field: Field, _fields: FieldMap) -> Read:
    return lambda cell: (
        cell if isinstance(cell, bool) else parsing.truth(_as_text(cell), true=field.true, false=field.false)
    )


def _events(_field: Field, _fields: FieldMap) -> Read:
    def read(cell: Any) -> Any:
        if isinstance(cell, str):
            return tuple(parsing.events(cell))
        found = views.items(cell)
        if found is None:
            raise Unreadable(f"{type(cell).__name__} where a list of events belongs")
        return tuple(_event(item, number) for number, item in enumerate(found, 1) if not views.is_unknown(item))

    return read


def _event(item: Any, number: int) -> Any:
    """Take an event that a reader has typed as `parsing.events` does one in JSON."""
    if isinstance(item, dict):
        return item
    if isinstance(item, list | tuple) and 2 <= len(item) <= 3:
        return dict(zip(("kind", "at", "strength"), item, strict=False))
    raise Unreadable(f"item {number} is no event")


def _domain(_field: Field, _fields: FieldMap) -> Read:
    return lambda cell: parsing.domain(_as_text(cell))


def _keywords(field: Field, _fields: FieldMap) -> Read:
    rules = tuple((label, tuple(phrases)) for label, phrases in field.keywords)
    return lambda cell: tuple(parsing.keyword_labels(_as_text(cell), rules))


def _listing(field: Field, unknown: set[str], replace: dict[str, str], empty: set[str]) -> Read:
    """Read a list of labels: tokens count for the whole cell, and for its items."""
    split = functools.partial(parsing.labels, split=field.split)

    def read(cell: Any) -> Any:
        if views.is_unknown(cell):
            return None
        if isinstance(cell, int | float | Decimal | date):  # one label, which a reader has typed
            cell = _as_text(cell)
        whole = views.fold(cell) if isinstance(cell, str) else None
        if whole in replace:
            return tuple(split(replace[whole]))
        if whole in unknown or whole in empty:
            items = [cell]
        else:
            found: Any = split(cell.strip()) if isinstance(cell, str) else views.items(cell)
            if found is None:
                raise Unreadable(f"{type(cell).__name__} where a list of labels belongs")
            items = [_as_text(item).strip() for item in found if not views.is_unknown(item)]
        kept = [item for item in items if views.fold(item) not in unknown]
        if items and not kept:
            return Noted(None, UNKNOWN)
        labels = [item for item in kept if views.fold(item) not in empty]
        if kept and not labels:
            return Noted((), EMPTY)
        return tuple(replace.get(views.fold(item), item) for item in labels)

    return read


_PARSERS: dict[str, Callable[[Field, FieldMap], Read]] = {
    "text": _text,
    "number": _number,
    "money": _money,
    "size": _size,
    "year": _year,
    "date": _date,
    "ago": _ago,
    "flag": _flag,
    "labels": _text,  # read as a whole: see `_listing`
    "events": _events,
    "domain": _domain,
    "keywords": _keywords,
    "as_is": _as_is,
}
