from functools import partial
from typing import Any

import pytest

from icpkit.parsing import amount, money, number
from tests.parsing.reading import hostile, read_soon, refused

LONE_T = "a T beside the currency is a thousand to some and a trillion to others"


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        *((text, 500000, "EUR") for text in ("k€ 500", "500 k€", "K€500", "kEUR 500", "500 kEUR", "500kEUR", "€k 500")),
        *((text, 500000, "USD") for text in ("500 kUSD", "USDk 500", "$k 500", "500 $k")),
        *((text, 5000000, "EUR") for text in ("5 Mio. €", "Mio. € 5", "€ Mio. 5", "5 € Mio.", "5 MEUR", "MEUR 5")),
        *((text, 5000000, "EUR") for text in ("5 M€", "M€ 5", "€m 5", "5 €m", "5 MioEUR", "EUR million 5")),
        ("Mrd. € 1.5", 1500000000, "EUR"),
        ("€ 1.5 Mrd.", 1500000000, "EUR"),
        ("(k€ 5)", -5000, "EUR"),
        ("-k€ 5", -5000, "EUR"),
        ("k€ -5", -5000, "EUR"),
    ],
)
@pytest.mark.parametrize("prose", [False, True])
def test_a_scale_beside_the_currency_counts(text: str, value: float, code: str, prose: bool) -> None:
    """Before or after the number, before or after the sign, in prose or not."""
    assert amount(text, prose=prose) == (value, code, False)


@pytest.mark.parametrize("between", ["-", " – ", " to ", "..", "…", " through "])
def test_a_scale_before_a_band_counts_for_both_ends(between: str) -> None:
    """k€ 10-20 is ten to twenty thousand."""
    ends = [amount(f"k€ 10{between}20000", take=take)[0] for take in ("low", "high")]
    assert ends == [10000, 20000000]
    assert amount("between k€ 10 and 20", take="high") == (20000, "EUR", True)
    assert amount("€m 10-€m 50", take="low") == (10000000, "EUR", True)


@pytest.mark.parametrize(
    "text",
    ["500 T€", "500T€", "T€ 500", "500 T EUR", "TEUR 500", "500 TEUR", "TUSD 5", "€T 5", "5 €T", "5 € t", "t€ 5"],
)
@pytest.mark.parametrize("prose", [False, True])
def test_a_lone_t_is_not_guessed(text: str, prose: bool) -> None:
    """It is a thousand in German and a trillion elsewhere; who says thousands has decided."""
    way_out = 'write thousand or trillion, or declare unit = "thousands"'
    assert refused(amount, text, prose=prose) == (LONE_T, way_out)
    assert refused(money, text, to="EUR", prose=prose) == (LONE_T, way_out)


def test_a_lone_t_is_a_thousand_where_the_unit_says_so() -> None:
    """The column has declared its thousands; another scale stays what it is."""
    assert amount("500 T€", thousands=True) == (500000, "EUR", False)
    assert money("TEUR 500", to="EUR", thousands=True) == (500000, False)
    assert amount("$1.2T", thousands=True) == amount("$1.2T") == (1200000000000, "USD", False)


@pytest.mark.parametrize(
    ("text", "scale"),
    [("k€ 5M", "k"), ("k€: 500", "k"), ("k€ about 500", "k"), ("k EUR 500", "k"), ("5 EUR k", "k"), ("B$5", "B")],
)
@pytest.mark.parametrize("prose", [False, True])
def test_a_scale_that_belongs_to_no_number_is_never_dropped(text: str, scale: str, prose: bool) -> None:
    """Neither as it is nor as prose is the number read without it."""
    reason = f"the scale {scale} beside the currency belongs to no number"
    assert refused(amount, text, prose=prose) == (reason, f"write it behind, as in 5{scale}")


def test_a_scale_before_the_other_decimal_mark() -> None:
    """The mark is what is wrong, not the scale."""
    assert refused(amount, "k€ 1.234,5") == ('not an amount where decimal = "."', 'declare decimal = ","')
    assert amount("k€ 1.234,5", decimal=",") == (1234500, "EUR", False)


@pytest.mark.parametrize(
    ("text", "value"), [("Series B $5M closed", 5000000), ("Series B $500,000", 500000), ("sold k€ 500 of it", 500000)]
)
def test_a_letter_apart_is_a_word_in_prose(text: str, value: float) -> None:
    """The round of an investment is no billion."""
    assert amount(text, prose=True)[0] == value


def test_words_that_look_like_a_scale_and_a_code_are_none() -> None:
    """MARS is no million of Argentine pesos; k before a usual code is money where a number belongs."""
    assert refused(amount, "MARS 5") == ("not an amount such as 1058, $0.8m or 5 000 EUR", "")
    assert refused(number, "5 kEUR") == ("an amount of money where a number belongs", 'declare parse = "money"')


@hostile
@pytest.mark.parametrize("sign", ["k€ ", "€m "])
def test_long_texts_behind_a_scale_take_no_time(text: str, sign: str) -> None:
    """Long texts cost no more than their beginning."""
    read: Any = partial(amount, take="low", prose=True)
    read_soon(read, sign + text)
