import re

import pytest

from icpkit.parsing import CODES, SIGNS
from icpkit.parsing.currencies import meaning, without_marks
from tests.parsing.reading import refused


def test_codes_are_three_capitals() -> None:
    """Each code has the form of ISO 4217, and each sign means codes that exist, itself among none."""
    assert all(re.fullmatch("[A-Z]{3}", code) for code in CODES)
    assert {code for codes in SIGNS.values() for code in codes} <= CODES
    assert not CODES & SIGNS.keys()


@pytest.mark.parametrize(
    ("text", "rest", "marks"),
    [
        ("$5", "·5", ["$"]),
        ("US$ 5", "· 5", ["US$"]),
        ("5€", "5·", ["€"]),
        ("5 EUR", "5 ·", ["EUR"]),
        ("5 eur", "5 ·", ["eur"]),
        ("5EUR", "5·", ["EUR"]),
        ("TRY 5", "· 5", ["TRY"]),
        ("try 5", "try 5", []),
        ("EURO 5", "EURO 5", []),
        ("abc 5", "abc 5", []),
        ("5 kr.", "5 ·", ["kr."]),
        ("5 zł", "5 ·", ["zł"]),
        ("Mäzł", "Mäzł", []),
        ("5 USD to 7 $", "5 · to 7 ·", ["USD", "$"]),
        ("R$5", "·5", ["R$"]),
        ("R5", "·5", ["R"]),
        ("AR$5", "AR·5", ["$"]),
    ],
)
def test_marks_of_money_are_found(text: str, rest: str, marks: list[str]) -> None:
    """Signs and codes count where no letter touches them; a code that is a word counts in capitals alone."""
    assert without_marks(text, "·") == (rest, tuple(marks))


@pytest.mark.parametrize(
    ("marks", "currency", "code"),
    [
        ("", None, None),
        ("", "EUR", None),
        ("$", None, "USD"),
        ("$", "CAD", "CAD"),
        ("$", "EUR", "USD"),
        ("US$", "CAD", "USD"),
        ("$ AUD", None, "AUD"),
        ("AUD $", None, "AUD"),
        ("$ US$", None, "USD"),
        ("$ $", None, "USD"),
        ("£", None, "GBP"),
        ("£", "EGP", "EGP"),
        ("¥", "CNY", "CNY"),
        ("kr", "SEK", "SEK"),
        ("kr DKK", None, "DKK"),
        ("eur", None, "EUR"),
        ("R", None, "ZAR"),
    ],
)
def test_a_mark_means_what_is_declared_or_usual(marks: str, currency: str | None, code: str | None) -> None:
    """A shared sign means the declared currency where that uses it, else the usual one; a code next to it decides."""
    assert meaning(tuple(marks.split()), currency) == code


@pytest.mark.parametrize("currency", [None, "USD"])
@pytest.mark.parametrize(
    ("sign", "listed", "first"),
    [("¥", "JPY, CNY", "JPY"), ("kr", "SEK, NOK, DKK, ISK", "SEK"), ("lei", "RON, MDL", "RON")],
)
def test_a_shared_sign_is_never_guessed(sign: str, listed: str, first: str, currency: str | None) -> None:
    """Where nothing is usual, the currencies are listed, and declaring one of them is the way out."""
    assert refused(meaning, (sign,), currency=currency) == (
        f"the sign {sign} is that of {listed}",
        f'declare which, such as currency = "{first}"',
    )


def test_an_amount_is_in_one_currency() -> None:
    """Marks that no currency shares are refused."""
    assert refused(meaning, ("$", "€"), currency=None) == (
        "several currencies in one amount: $ and €",
        "write one of them",
    )
