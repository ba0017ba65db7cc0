import re
from datetime import date, datetime
from decimal import getcontext, localcontext
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.errors import DefinitionError
from icpkit.parsing import CODES, DECIMALS, DecimalMark, Rate, amount, money
from icpkit.parsing.money import converted
from tests.parsing.reading import PIECES, TEXTS, hostile, read_or_refuse, read_soon, refused

NO_AMOUNT = "not an amount such as 1058, $0.8m or 5 000 EUR"
DAY = date(2026, 1, 1)
RATES = (
    Rate("EUR", "USD", 1.1, DAY),
    Rate("EUR", "USD", 1.2, date(2026, 6, 1)),
    Rate("USD", "EUR", 0.8, date(2026, 9, 1)),
    Rate("GBP", "USD", 1.3, DAY),
)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("1058", 1058, None),
        ("(5)", -5, None),
        ("$0.8m", 800000, "USD"),
        ("$ 0.8m", 800000, "USD"),
        ("$1,234,567.89", 1234567.89, "USD"),
        ("US$ 5", 5, "USD"),
        ("C$5", 5, "CAD"),
        ("€1,234", 1234, "EUR"),
        ("5 000 EUR", 5000, "EUR"),
        ("5\u00a0000\u00a0€", 5000, "EUR"),
        ("GBP 3k", 3000, "GBP"),
        ("gbp 3k", 3000, "GBP"),
        ("1.2m CHF", 1200000, "CHF"),
        ("(USD 5)", -5, "USD"),
        ("($5)", -5, "USD"),
        ("-$5", -5, "USD"),
        ("$-5", -5, "USD"),
        ("€ -5", -5, "EUR"),
        ("$5 USD", 5, "USD"),
        ("CAD $5", 5, "CAD"),
        ("~$5M", 5000000, "USD"),
        ("about 5M EUR", 5000000, "EUR"),
        ("10 zł", 10, "PLN"),
    ],
)
def test_amounts_are_read_with_their_currency(text: str, value: float, code: str | None) -> None:
    """The sign or the code stands before or after; without one the currency is not known."""
    found = amount(text)
    assert found == (value, code, False)
    assert type(found[0]) is type(value)


@pytest.mark.parametrize(
    ("text", "currency", "found"),
    [
        ("5", "EUR", (5, "EUR", False)),
        ("~5", "EUR", (5, "EUR", False)),
        ("$5", "EUR", (5, "USD", False)),
        ("$5", "CAD", (5, "CAD", False)),
        ("US$5", "CAD", (5, "USD", False)),
        ("5 kr", "DKK", (5, "DKK", False)),
        ("¥5", "CNY", (5, "CNY", False)),
    ],
)
def test_a_declared_currency_decides(text: str, currency: str, found: tuple[float, str, bool]) -> None:
    """It is that of amounts without a mark, and of a sign that it shares."""
    assert amount(text, currency=currency) == found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$10M-$50M", 22360680),
        ("$10M - 50M", 22360680),
        ("$10-50M", 22360680),
        ("10M-50M USD", 22360680),
        ("10M$ to 50M$", 22360680),
        ("$10 mil. - $50 mil.", 22360680),
        ("between $10M and $50M", 22360680),
        ("$1B+", 1000000000),
        ("over $1B", 1000000000),
        ("< $1M", 500000),
        ("$0 - $1M", 500000),
    ],
)
def test_bands_of_money_give_one_number_where_that_is_declared(text: str, value: float) -> None:
    """Without ``take`` a band is refused; with it, it reads as a band of sizes does."""
    assert amount(text, take="middle") == (value, "USD", True)
    assert refused(amount, text) == (
        "a band where one amount belongs",
        'declare take = "middle", "low" or "high"',
    )


def test_a_decimal_comma_counts_in_money() -> None:
    """The declared mark stands before the decimals."""
    assert amount("€1.234,5", decimal=",") == (1234.5, "EUR", False)
    assert amount("1.234,5", decimal=",") == (1234.5, None, False)
    assert refused(amount, "€1.234,5") == ('not an amount where decimal = "."', 'declare decimal = ","')


@pytest.mark.parametrize(
    ("text", "found", "read"),
    [
        ("12 of us raised $5M in 2020", (5000000, "USD", False), "$5M"),
        ("raised over 5M EUR, then $7M", (5000000, "EUR", True), "over 5M EUR"),
        ("seed of US$1.2m; 30 investors", (1200000, "USD", False), "US$1.2m"),
        ("we took €3M to €5M", (3872983, "EUR", True), "€3M to €5M"),
    ],
)
def test_prose_gives_the_first_amount_with_a_mark(text: str, found: tuple[float, str, bool], read: str) -> None:
    """Other numbers are passed over, and without ``prose`` the way out shows what it would read."""
    assert amount(text, prose=True, take="middle") == found
    assert refused(amount, text) == (NO_AMOUNT, f'declare prose = true, which reads "{read}" here')


@pytest.mark.parametrize(
    ("text", "settings", "reason", "way_out"),
    [
        ("many", {}, NO_AMOUNT, ""),
        ("", {}, NO_AMOUNT, ""),
        ("$", {}, NO_AMOUNT, 'declare unknown = ["$"]'),
        ("n/a", {"prose": True}, NO_AMOUNT, 'declare unknown = ["n/a"]'),
        ("5$50", {}, NO_AMOUNT, 'declare prose = true, which reads "$50" here'),
        ("\ue0005", {}, NO_AMOUNT, ""),
        ("many", {"prose": True}, "no amount with a sign or a code of money in the text", ""),
        ("12 of us", {"prose": True}, "no amount with a sign or a code of money in the text", ""),
        ("$5 or €4", {"prose": True, "currency": "USD"}, None, None),
        ("$5-€7", {"take": "low"}, "several currencies in one amount: $ and €", "write one of them"),
        ("¥5", {}, "the sign ¥ is that of JPY, CNY", 'declare which, such as currency = "JPY"'),
        ("$7-$5", {"take": "low"}, "a band that falls from 7 to 5", "write 5-7"),
        ("$99999tn", {}, "a number beyond 2^53, of which a float cannot hold every digit", ""),
        ("9.999.999.999.999.999 €", {}, "a number beyond 2^53, of which a float cannot hold every digit", ""),
    ],
)
def test_other_texts_are_refused(text: str, settings: dict[str, Any], reason: str | None, way_out: str | None) -> None:
    """The reason says what is the matter; only the marks of what was read count in prose."""
    if reason is None:
        assert amount(text, **settings) == (5, "USD", False)
    else:
        assert refused(amount, text, **settings) == (reason, way_out)


@pytest.mark.parametrize(
    ("text", "settings", "value"),
    [
        ("100", {"to": "USD"}, 100),
        ("$100", {"to": "USD"}, 100),
        ("0 CHF", {"to": "USD"}, 0),
        ("€100", {"to": "USD", "rates": RATES}, 125),
        ("€100", {"to": "USD", "rates": RATES, "on": date(2026, 7, 1)}, 120),
        ("€100", {"to": "USD", "rates": RATES, "on": date(2026, 6, 1)}, 120),
        ("€100", {"to": "USD", "rates": RATES, "on": date(2026, 5, 31)}, 110),
        ("100", {"to": "USD", "currency": "EUR", "rates": RATES, "on": DAY}, 110),
        ("$110", {"to": "EUR", "rates": RATES, "on": DAY}, 100),
        ("$110", {"to": "EUR", "rates": RATES}, 88),
        ("£1k", {"to": "USD", "rates": iter(RATES)}, 1300),
        ("C$5", {"to": "CAD"}, 5),
        ("$5", {"to": "CAD"}, 5),
        ("$5", {"to": "EUR", "rates": [Rate("EUR", "USD", 2, DAY), Rate("USD", "EUR", 0.4, DAY)]}, 2),
        ("$0.1", {"to": "EUR", "rates": [Rate("EUR", "USD", 3, DAY)]}, 0.1 / 3),
    ],
)
def test_money_is_converted_by_the_users_own_rates(text: str, settings: dict[str, Any], value: float) -> None:
    """The latest rate on the day or before it counts, the inverse too; what is in the currency already stays."""
    found, was_band = money(text, **settings)
    assert (type(found), was_band) == (type(value), False)
    assert found == pytest.approx(value, rel=1e-15)


def test_bands_of_money_are_converted_as_one_number() -> None:
    """The rule that makes one number of a band comes first."""
    assert money("€10-20", to="USD", rates=RATES, take="high", on=DAY) == (22, True)
    assert money("took €20 once", to="USD", rates=RATES, prose=True, on=DAY) == (22, False)
    assert money("€1.234,5", to="EUR", decimal=",") == (1234.5, False)


@pytest.mark.parametrize(
    ("rates", "on", "reason", "day"),
    [
        ((), None, "no rate from CHF to USD", "a date"),
        (RATES, DAY, "no rate from CHF to USD on 2026-01-01 or before", "2026-01-01"),
        (
            [Rate("CHF", "USD", 1.1, "2026-02-01"), Rate("USD", "CHF", 0.9, "2026-01-15")],
            DAY,
            "no rate from CHF to USD on 2026-01-01 or before; the first is of 2026-01-15",
            "2026-01-01",
        ),
    ],
)
def test_a_missing_rate_is_named(rates: Any, on: date | None, reason: str, day: str) -> None:
    """The message names both currencies and the day, and shows what to add."""
    way_out = f'add one: [[rates]] currency = "CHF", to = "USD", rate = a number, on = {day}'
    assert refused(money, "5 CHF", to="USD", rates=rates, on=on) == (reason, way_out)


def test_what_grows_beyond_a_float_is_refused() -> None:
    """A rate may lead beyond 2^53."""
    reason = "in VND it is beyond 2^53, of which a float cannot hold every digit"
    assert refused(money, "$1tn", to="VND", rates=[Rate("USD", "VND", 26000, DAY)])[0] == reason


@given(st.integers(1, 10**9), st.decimals("0.01", 100, places=2))
def test_products_are_exact(value: int, rate: Any) -> None:
    """100 times 1.1 is 110, whatever the precision that a program has set for its decimals."""
    expected = float(value * rate)
    with localcontext() as context:
        context.prec = 3
        found = converted(value, Rate("EUR", "USD", float(rate), DAY), "USD")
    assert getcontext().prec == 28
    assert found == expected


@given(TEXTS | PIECES, st.sampled_from(DECIMALS), st.sampled_from([None, "low"]), st.booleans())
def test_any_text_is_an_amount_or_refused(text: str, decimal: DecimalMark, take: Any, prose: bool) -> None:
    """Nothing but `Unreadable` is raised, and a currency is one that exists."""
    found = read_or_refuse(amount, text, decimal=decimal, take=take, prose=prose)
    assert found is None or found[1] is None or found[1] in CODES
    read_or_refuse(money, text, to="EUR", decimal=decimal, take=take, prose=prose)


@hostile
@pytest.mark.parametrize("prose", [False, True])
def test_long_texts_take_no_time(text: str, prose: bool) -> None:
    """Long texts cost no more than their beginning."""
    read_soon(partial(amount, take="low", prose=prose), text)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (("eur", "USD", 1, DAY), "Rate.currency must be a currency's code of three capitals, such as EUR (got 'eur')"),
        (("EUR", "US", 1, DAY), "Rate.to must be a currency's code of three capitals, such as EUR (got 'US')"),
        (("EUR", 5, 1, DAY), "Rate.to must be a currency's code of three capitals, such as EUR (got 5)"),
        (("EUR", "EUR", 1, DAY), "Rate.to must be another currency than Rate.currency (got 'EUR')"),
        (("EUR", "USD", 0, DAY), "Rate.rate must be > 0 (got 0)"),
        (("EUR", "USD", "1", DAY), "Rate.rate must be a number (got '1')"),
        (("EUR", "USD", 1, "soon"), "Rate.on must be a date (got 'soon')"),
        (("EUR", "USD", 1, None), "Rate.on must be a date (got None)"),
        (
            ("EUR", "USD", 1, datetime(2026, 1, 1)),
            "Rate.on must be a date (got datetime.datetime(2026, 1, 1, 0, 0))",
        ),
    ],
)
def test_a_rate_is_checked_when_it_is_made(fields: tuple[Any, ...], problem: str) -> None:
    """Each field says what it must be."""
    with pytest.raises(DefinitionError, match=f"^{re.escape(problem)}$"):
        Rate(*fields)


def test_a_rate_reads_its_day() -> None:
    """A day may be given as ISO text, and rates can be compared and hashed."""
    assert Rate("EUR", "USD", 1.1, "2026-01-01") == RATES[0]
    assert len({*RATES, Rate("EUR", "USD", 1.1, DAY)}) == len(RATES)


def test_prose_with_a_decimal_comma() -> None:
    """In a sentence, too, the declared comma makes points group thousands."""
    assert amount("rund € 5.000 im Jahr", decimal=",", prose=True) == (5000, "EUR", False)
