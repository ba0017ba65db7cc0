"""Amounts of money, in one currency by the user's own dated rates; no rate is ever fetched."""

import decimal as exact
import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import attrs

from icpkit._attrs import as_number, check_number, reject
from icpkit.parsing.bands import Band, TakeBand, find_band, find_in_prose, of_band
from icpkit.parsing.currencies import MONEY, meaning, without_marks
from icpkit.parsing.numbers import LARGEST, DecimalMark, other_mark, read_number
from icpkit.parsing.scales import scales_behind
from icpkit.parsing.unknowns import as_unknown
from icpkit.parsing.unreadable import Unreadable, shown

#: Characters of a text that is an amount; and of a text whose first amount is looked for.
_LONGEST, _LONGEST_PROSE = 200, 1_000
_CODE = re.compile(r"[A-Z]{3}", re.ASCII)
# The same digits whatever the program that uses icpkit has set for its own decimals.
_EXACT = exact.Context(prec=50)


def _as_day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def _a_code(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise reject(owner, field.name, "must be a currency's code of three capitals, such as EUR", value)


def _another(owner: "Rate", field: "attrs.Attribute[Any]", value: Any) -> None:
    if value == owner.currency:
        raise reject(owner, field.name, "must be another currency than Rate.currency", value)


def _above_zero(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    check_number(owner, field.name, value, above=0)


def _a_day(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if type(value) is not date:
        raise reject(owner, field.name, "must be a date", value)


@attrs.frozen
class Rate:
    """What one unit of a currency is worth in another, on a day.

    Arguments:
        currency: its code in ISO 4217.
        to: the code of the other currency.
        rate: how much of the other one unit is worth; the rate of the way back is 1 / rate.
        on: the day from which the rate counts, until the next one; a date, or its ISO text.

    Raises:
        DefinitionError: a field is not as it must be.

    >>> Rate("EUR", "USD", 1.1, "2026-01-01")
    Rate(currency='EUR', to='USD', rate=1.1, on=datetime.date(2026, 1, 1))
    """

    currency: str = attrs.field(validator=_a_code)
    to: str = attrs.field(validator=[_a_code, _another])
    rate: float = attrs.field(converter=as_number, validator=_above_zero)
    on: date = attrs.field(converter=_as_day, validator=_a_day)


def amount(
    text: str,
    *,
    decimal: DecimalMark = ".",
    currency: str | None = None,
    take: TakeBand | None = None,
    prose: bool = False,
    thousands: bool = False,
) -> tuple[float, str | None, bool]:
    """Read an amount, its currency (None if neither the text nor ``currency`` says it), and whether it was a band.

    The sign or the code stands before or after: "$0.8m", "US$ 5", "5 000 EUR", "1.2m CHF", "(USD 5)", "-$5".
    A scale may touch it: "k€ 500", "5 Mio. €", "12 MEUR", "USDm 3". A lone T beside it is a thousand in German and a
    trillion elsewhere, and is refused.

    Arguments:
        decimal: what stands before the decimals.
        currency: what amounts without a mark are in, and what a sign means that several currencies share: "$" is USD
            unless another currency of dollars is declared; "¥" and "kr" mean nothing until one is.
        take: which number of a band such as "$10M-$50M" counts, as for `size`; None refuses bands.
        prose: read the first amount that bears a mark in a text that says more.
        thousands: whether a lone T beside the currency is a thousand, as where the unit of a column says so.

    Raises:
        Unreadable: it is no amount, in several currencies, or in one that is not plain.

    >>> amount("$0.8m"), amount("5 000 EUR"), amount("$10M-$50M", take="low"), amount("12", currency="CHF")
    ((800000, 'USD', False), (5000, 'EUR', False), (10000000, 'USD', True), (12, 'CHF', False))
    """
    value = read_number(text, decimal)
    if value is not None:
        return value, currency, False
    marked = _Marked.of(text, decimal, thousands=thousands)
    band, marks = _whole(marked.text, decimal) if len(text) <= _LONGEST else None, marked.marks
    if band is None and prose:
        band = find_in_prose(marked.text, decimal, money=True)
        marks = marked.marks_in(band) if band else ()
    if band is None:
        raise _refused(text, marked, decimal, prose=prose)
    code = meaning(marks, currency) or currency
    if band.is_band and take is None:
        raise Unreadable("a band where one amount belongs", 'declare take = "middle", "low" or "high"')
    value, was_band = of_band(band, take or "low")
    return value, code, was_band


class _Marked(NamedTuple):
    """A text with one character in place of each mark of money, and the marks in their order."""

    text: str
    marks: tuple[str, ...]

    @classmethod
    def of(cls, text: str, decimal: DecimalMark, *, thousands: bool) -> "_Marked":
        marked, marks = without_marks(text[:_LONGEST_PROSE].replace(MONEY, "?"), MONEY)
        return cls(scales_behind(marked, decimal, thousands=thousands) if marks else marked, marks)

    def marks_in(self, band: Band) -> tuple[str, ...]:
        """Give the marks in what was read."""
        before = self.text[: band.start].count(MONEY)
        return self.marks[before : before + band.text.count(MONEY)]

    def restored(self, band: Band) -> str:
        """Give what was read, with its marks."""
        marks = iter(self.marks_in(band))
        return "".join(next(marks) if letter == MONEY else letter for letter in band.text)


#: A mark with digits on both sides belongs to neither: 5$50.
_BETWEEN_DIGITS = re.compile(rf"\d\s?{MONEY}\s?\d", re.ASCII)


def _whole(marked: str, decimal: DecimalMark) -> Band | None:
    """Read a text that is an amount and nothing else."""
    if _BETWEEN_DIGITS.search(marked):
        return None
    value = read_number(marked.replace(MONEY, " "), decimal)
    return find_band(marked, decimal) if value is None else Band(value, value, is_band=False)


def _refused(text: str, marked: _Marked, decimal: DecimalMark, *, prose: bool) -> Unreadable:
    reason = "not an amount such as 1058, $0.8m or 5 000 EUR"
    if unknown := as_unknown(text):
        return Unreadable(reason, unknown)
    if prose:
        return Unreadable("no amount with a sign or a code of money in the text")
    other = other_mark(decimal)
    try:
        if len(text) <= _LONGEST and _whole(marked.text, other):
            return Unreadable(f'not an amount where decimal = "{decimal}"', f'declare decimal = "{other}"')
        found = find_in_prose(marked.text, decimal, money=True)
    except Unreadable as error:
        return error
    if found is None:
        return Unreadable(reason)
    return Unreadable(reason, f'declare prose = true, which reads "{shown(marked.restored(found).strip())}" here')


def money(
    text: str,
    *,
    to: str,
    currency: str | None = None,
    rates: Iterable[Rate] = (),
    on: date | None = None,
    decimal: DecimalMark = ".",
    take: TakeBand | None = None,
    prose: bool = False,
    thousands: bool = False,
) -> tuple[float, bool]:
    """Read an amount as `amount` does, and give it in one currency, and whether it was a band.

    Arguments:
        to: the code of the currency that is wanted.
        currency: what amounts without a mark are in; None for ``to``. It is also what a shared sign means.
        rates: the user's own rates; one of EUR to USD serves USD to EUR as well.
        on: the day of the amount; the latest rate of that day or before counts. None takes the latest of all.
        decimal: as for `amount`.
        take: as for `amount`.
        prose: as for `amount`.
        thousands: as for `amount`.

    Raises:
        Unreadable: as for `amount`; or there is no rate.

    >>> money("€100", to="USD", rates=[Rate("EUR", "USD", 1.1, "2026-01-01")])
    (110, False)
    """
    value, code, was_band = amount(
        text, decimal=decimal, currency=currency or to, take=take, prose=prose, thousands=thousands
    )
    if code in {None, to} or value == 0:
        return value, was_band
    return converted(value, rate_of(str(code), to, rates, on), to), was_band


def rate_of(currency: str, to: str, rates: Iterable[Rate], on: date | None) -> Rate:
    """Give the latest rate between two currencies on a day or before it; the direct one, if both are of one day.

    Raises:
        Unreadable: there is none.

    >>> rate_of("USD", "EUR", [Rate("EUR", "USD", 1.1, "2026-01-01")], None).rate
    1.1
    """
    between = [rate for rate in rates if {rate.currency, rate.to} == {currency, to}]
    known = [rate for rate in between if on is None or rate.on <= on]
    if not known:
        when = f" on {on} or before" if on else ""
        later = f"; the first is of {min(rate.on for rate in between)}" if between else ""
        day = on or "a date"
        raise Unreadable(
            f"no rate from {currency} to {to}{when}{later}",
            f'add one: [[rates]] currency = "{currency}", to = "{to}", rate = a number, on = {day}',
        )
    return max(known, key=lambda rate: (rate.on, rate.currency == currency))


def converted(value: float, rate: Rate, to: str) -> float:
    """Give an amount in another currency: the exact product or quotient of what is written, rounded once.

    Raises:
        Unreadable: it is beyond ±2^53.

    >>> converted(100, Rate("EUR", "USD", 1.1, "2026-01-01"), "USD")
    110
    """
    one, other = exact.Decimal(repr(value)), exact.Decimal(repr(rate.rate))
    result = float(_EXACT.multiply(one, other) if rate.to == to else _EXACT.divide(one, other))
    if abs(result) > LARGEST:
        raise Unreadable(f"in {to} it is beyond 2^53, of which a float cannot hold every digit")
    return int(result) if result.is_integer() else result
