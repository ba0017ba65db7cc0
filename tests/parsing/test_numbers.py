from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.parsing import DECIMALS, DecimalMark, names_scale, number, three_decimals
from icpkit.parsing.numbers import other_mark
from tests.parsing.reading import PIECES, TEXTS, hostile, read_or_refuse, read_soon, refused

GROUPS = [",", "'", "’", " ", "\u00a0", "\u2009", "\u202f"]
NO_NUMBER = "not a number such as 1058, 1,058.5 or 18.3m"
BEYOND = "a number beyond 2^53, of which a float cannot hold every digit"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", 1234),
        ("-5", -5),
        ("+5", 5),
        ("−5", -5),
        ("- 5", -5),
        ("0", 0),
        ("-0", 0),
        ("007", 7),
        ("0" * 300 + "1", 1),
        ("1234.56", 1234.56),
        ("2822.0", 2822),
        ("0.25", 0.25),
        ("0.1250", 0.125),
        ("5.", 5),
        (".5", 0.5),
        ("-.5", -0.5),
        ("123456789.123456789", 123456789.123456789),
        ("1.5e3", 1500),
        ("1E-3", 0.001),
        ("-2.5e+2", -250),
        ("1e-400", 0),
        ("1,058", 1058),
        ("1,058,000", 1058000),
        ("1,058.00", 1058),
        ("1,058.5", 1058.5),
        ("-1,058", -1058),
        *((f"1{mark}058", 1058) for mark in GROUPS),
        *((f"12{mark}345{mark}678.9", 12345678.9) for mark in GROUPS),
        ("12,34,567", 1234567),
        ("1,00,000", 100000),
        ("1,23,45,678.5", 12345678.5),
        ("18.3 MM", 18300000),
        ("18.3MM", 18300000),
        ("0.8m", 800000),
        ("0.8 M", 800000),
        ("2bn", 2000000000),
        ("2 B", 2000000000),
        ("10k", 10000),
        ("1.5K", 1500),
        ("3 thousand", 3000),
        ("4 Mio.", 4000000),
        ("4 mn", 4000000),
        ("10 mil.", 10000000),
        ("1.1 million", 1100000),
        ("7 millions", 7000000),
        ("0.29 billion", 290000000),
        ("1.5 Mrd", 1500000000),
        ("1 trillion", 10**12),
        ("1.2t", 1200000000000),
        ("1tn", 10**12),
        ("2 crore", 20000000),
        ("3 lakh", 300000),
        ("1,058k", 1058000),
        ("0.0005k", 0.5),
        ("(1,234)", -1234),
        ("(5k)", -5000),
        ("( 0.5 )", -0.5),
        ("12 %", 12),
        ("12%", 12),
        ("-3.5%", -3.5),
        ("(3%)", -3),
        ("9007199254740992", 2**53),
        ("-9007199254740992", -(2**53)),
        ("9007199254740992.0", 2**53),
        ("9,007,199,254,740,992", 2**53),
        ("9007.199254740992tn", 2**53),
        (" 5 ", 5),
    ],
)
def test_numbers_are_read(text: str, value: float) -> None:
    """Groups, suffixes, exponents, signs and parentheses are read; what is whole is an int, exactly."""
    found = number(text)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", 1234),
        ("1.234,5", 1234.5),
        ("1.058", 1058),
        ("1.058.000", 1058000),
        ("1,5", 1.5),
        ("0,125", 0.125),
        ("1,50", 1.5),
        ("5,", 5),
        (",5", 0.5),
        ("1 058,5", 1058.5),
        ("1’058,5", 1058.5),
        ("-12,5 %", -12.5),
        ("18,3 Mio.", 18300000),
        ("3,5 Tsd", 3500),
        ("1,5e3", 1500),
        ("(1.234)", -1234),
    ],
)
def test_a_declared_comma_stands_before_decimals(text: str, value: float) -> None:
    """With a decimal comma the point only groups digits."""
    found = number(text, decimal=",")
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "decimal", "way_out"),
    [
        ("1,5", ".", 'declare decimal = ","'),
        ("0,125", ".", 'declare decimal = ","'),
        ("1.234,5", ".", 'declare decimal = ","'),
        ("1.058.000", ".", 'declare decimal = ","'),
        ("1,0580", ".", 'declare decimal = ","'),
        ("012,345", ".", 'declare decimal = ","'),
        ("1 058,000", ".", 'declare decimal = ","'),
        ("1,5 Mio.", ".", 'declare decimal = ","'),
        ("1.5", ",", 'declare decimal = "."'),
        ("1,234.5", ",", 'declare decimal = "."'),
        ("12,34,567", ",", 'declare decimal = "."'),
        ("1.5e3", ",", 'declare decimal = "."'),
        ("10 mil.", ",", 'declare decimal = "."'),
    ],
)
def test_the_other_decimal_mark_is_not_guessed(text: str, decimal: DecimalMark, way_out: str) -> None:
    """A text that reads only under the other mark is refused, and the way out declares that one."""
    assert refused(number, text, decimal=decimal) == (f'not a number where decimal = "{decimal}"', way_out)


@pytest.mark.parametrize(
    "text",
    ["$5", "-$5", "5 €", "5 000 EUR", "GBP 3k", "1.2m CHF", "(USD 5)", "€1.234,5", "US$ 1,000", "$99999999999999999"],
)
def test_money_is_no_number(text: str) -> None:
    """A sign or a code of money is never dropped."""
    reason = "an amount of money where a number belongs"
    assert refused(number, text) == (reason, 'declare parse = "money"')


@pytest.mark.parametrize("text", ["51-200", "51 – 200", "51 to 200", "10,000+", ">1000", "< 10", "1K-5K"])
def test_a_band_is_no_number(text: str) -> None:
    """A band is named as one."""
    assert refused(number, text) == ("a band where a number belongs", 'declare parse = "size"')


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "many",
            "inf",
            "-inf",
            "Infinity",
            "1_000",
            "0x10",
            "١٢",
            "１２",
            "²",
            "1e",
            "e5",
            "k",
        ),
        *("1,2,3", "1'05", "012'345", "1  058", "1 058'000", "1,058'000", "1.2.3", "12,34,56"),
        *(
            "1e3k",
            "5k%",
            "5 kk",
            "5x",
            "--5",
            "+-5",
            "-(5)",
            "(-5)",
            "((5))",
            "(5",
            "5)",
            "5-",
            "5$6 people",
            "EUR",
        ),
        *("5 ‰", "1/2", "1:30", "five", "5 m 3", "9" * 500 + "x", "\u00e9", "K"),
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    """Nothing else is taken for a number."""
    assert refused(number, text) == (NO_NUMBER, "")


@pytest.mark.parametrize(
    "text",
    [
        *("9007199254740993", "9,007,199,254,740,993", "9007199254740992.5", "-9007199254740993", "1e16", "1e400"),
        *("9" * 17, "9" * 399, "9999 tn", "(10000tn)", "9007.199254740993tn", "1e99999999999999999999"),
    ],
)
def test_numbers_that_a_float_cannot_hold_are_refused(text: str) -> None:
    """No digit is lost in silence."""
    assert refused(number, text)[0] == BEYOND


def test_long_texts_are_no_numbers() -> None:
    """More digits than any number needs are not even looked at."""
    assert refused(number, "0" * 401) == (NO_NUMBER, "")


@given(st.integers(-(2**53), 2**53), st.sampled_from(GROUPS[:1] + GROUPS[1:]))
def test_an_integer_is_read_however_it_is_grouped(value: int, mark: str) -> None:
    """Plain and in groups, an integer is itself."""
    grouped = f"{value:,}".replace(",", mark)
    assert number(str(value)) == number(grouped) == value
    assert number(f"{value:,}".replace(",", "."), decimal=",") == value


@given(st.floats(-(2.0**53), 2.0**53))
def test_a_float_is_read_back(value: float) -> None:
    """What Python prints of a float is that float, a whole one as an int, under both decimal marks."""
    found = number(repr(value))
    assert found == value
    assert isinstance(found, int) == value.is_integer()
    assert number(repr(value).replace(".", ","), decimal=",") == value


@given(st.decimals(0, 999, places=3), st.sampled_from([("k", 3), ("MM", 6), (" bn", 9), ("t", 12)]))
def test_suffixes_scale_exactly(value: Decimal, suffix: tuple[str, int]) -> None:
    """A suffix loses no digit."""
    name, power = suffix
    assert number(f"{value:f}{name}") == float(value.scaleb(power))


@given(TEXTS | PIECES, st.sampled_from(DECIMALS))
def test_any_text_is_a_number_or_refused(text: str, decimal: DecimalMark) -> None:
    """Nothing but `Unreadable` is raised, and what is read reads the same again."""
    value = read_or_refuse(number, text, decimal=decimal)
    if value is not None:
        assert number(str(value)) == value


@hostile
@pytest.mark.parametrize("decimal", DECIMALS)
def test_long_texts_take_no_time(text: str, decimal: Any) -> None:
    """Long texts are refused at once."""
    read_soon(partial(number, decimal=decimal), text)


@pytest.mark.parametrize("decimal", DECIMALS)
def test_the_marks_are_each_others_other(decimal: DecimalMark) -> None:
    """One mark groups where the other stands before the decimals."""
    assert other_mark(decimal) != decimal
    assert other_mark(other_mark(decimal)) == decimal


@pytest.mark.parametrize("text", ["n/a", "nan", "$", "--"])
def test_a_number_that_looks_unknown_can_be_declared_so(text: str) -> None:
    """The way out declares it unknown."""
    assert refused(number, text) == (NO_NUMBER, f'declare unknown = ["{text}"]')


@pytest.mark.parametrize(
    ("text", "decimal", "meant"),
    [
        *((text, ".", True) for text in ("10.000", "1.234", "-1.234", "(1.234)", "€10.000", "10.000 EUR", " 999.999 ")),
        *(
            (text, ".", False)
            for text in ("10,000", "10.00", "10.0000", "0.125", "1058.000", "1,058.000", "1.234K", "")
        ),
        *((text, ".", False) for text in ("1.234 %", "1.234-5.678", "v1.234", "1." + "0" * 500)),
        ("1,234", ",", True),
        ("€1,234", ",", True),
        ("1.234", ",", False),
    ],
)
def test_three_decimals_are_told(text: str, decimal: DecimalMark, meant: bool) -> None:
    """Up to three digits, the declared mark and three more may be thousands."""
    assert three_decimals(text, decimal) is meant


@pytest.mark.parametrize(
    "text",
    [
        "18.3 MM",
        "$3M",
        "1.2B",
        "10k",
        "5 Mio. €",
        "k€ 500",
        "T€ 500",
        "500 TEUR",
        "€m 5",
        "USDm 3",
        "$10M-$50M",
        "2 crore",
    ],
)
def test_a_scale_of_its_own_is_told(text: str) -> None:
    """The unit of a column is not meant of a number that says its own."""
    assert names_scale(text)


@pytest.mark.parametrize(
    "text", ["12.5", "1,234", "€5", "5 EUR", "SEK 5", "12 people", "5 months", "1e3", "", "k", "many"]
)
def test_no_scale_is_told(text: str) -> None:
    """Plain numbers and words have none."""
    assert not names_scale(text)


@hostile
def test_long_texts_are_looked_at_for_their_scale_in_no_time(text: str) -> None:
    """Long texts cost no more than their beginning."""
    read_soon(names_scale, text)
    read_soon(partial(three_decimals, decimal="."), text)
