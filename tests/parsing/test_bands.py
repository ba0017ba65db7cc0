from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.parsing import BAND_TAKES, DECIMALS, DecimalMark, TakeBand, size
from icpkit.parsing.bands import find_in_prose, middle
from icpkit.parsing.currencies import MONEY
from tests.parsing.reading import PIECES, TEXTS, hostile, read_or_refuse, read_soon, refused

NO_SIZE = "not a size such as 320, 51-200 or 10,000+"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("320", 320),
        ("1,058", 1058),
        ("2.5K", 2500),
        ("320.0", 320),
        ("1058.000", 1058),
        ("~100", 100),
        ("≈ 100", 100),
        ("approx. 100", 100),
        ("approximately 100", 100),
        ("about 100", 100),
        ("About 1,000 people.", 1000),
        ("circa 100", 100),
        ("ca. 100", 100),
        ("c. 100", 100),
        ("close to 200", 200),
        ("30ish", 30),
        ("45 employees", 45),
        ("1 person", 1),
        ("5 K users", 5000),
        ("10 team members!", 10),
        ("Self-employed", 1),
        ("Myself Only", 1),
    ],
)
def test_single_numbers_pass_unchanged(text: str, value: float) -> None:
    """A number is no band, about or not, with the word for people behind it or not."""
    assert size(text) == (value, False)


@pytest.mark.parametrize(
    ("text", "middle", "low", "high"),
    [
        ("1-10", 3, 1, 10),
        ("2-10", 4, 2, 10),
        ("11-50", 23, 11, 50),
        ("51-200", 101, 51, 200),
        ("201-500", 317, 201, 500),
        ("501-1,000", 708, 501, 1000),
        ("1,001-5,000", 2237, 1001, 5000),
        ("5,001-10,000", 7072, 5001, 10000),
        ("10,001+", 10001, 10001, 10001),
        ("51 – 200", 101, 51, 200),
        ("51—200", 101, 51, 200),
        ("51‑200", 101, 51, 200),
        ("51\u00a0-\u00a0200", 101, 51, 200),
        ("51 to 200", 101, 51, 200),
        ("51 TO 200 Employees", 101, 51, 200),
        ("51–200 employees", 101, 51, 200),
        ("51...200", 101, 51, 200),
        ("51 through 200", 101, 51, 200),
        ("between 51 and 200", 101, 51, 200),
        ("between 51-200", 101, 51, 200),
        ("from 51 to 200 people", 101, 51, 200),
        ("about 51-200.", 101, 51, 200),
        ("10 000 – 50 000", 22361, 10000, 50000),
        ("10\u202f000-50\u202f000", 22361, 10000, 50000),
        ("1K-5K", 2236, 1000, 5000),
        ("1k - 5k", 2236, 1000, 5000),
        ("1-5K", 2236, 1000, 5000),
        ("500-1K", 707, 500, 1000),
        ("500K-1M", 707107, 500000, 1000000),
        ("0-1K", 500, 0, 1000),
        ("1-1K", 32, 1, 1000),
        ("1.5-2.5 Mio.", 1936492, 1500000, 2500000),
        ("0-10", 5, 0, 10),
        ("0-5", 3, 0, 5),
        ("7-7", 7, 7, 7),
        ("10,000+", 10000, 10000, 10000),
        ("10,001+ employees", 10001, 10001, 10001),
        ("10000++", 10000, 10000, 10000),
        ("50 +", 50, 50, 50),
        ("20 plus people", 20, 20, 20),
        ("500 or more", 500, 500, 500),
        ("500 and above", 500, 500, 500),
        (">1000", 1000, 1000, 1000),
        ("> 1000", 1000, 1000, 1000),
        (">=50", 50, 50, 50),
        ("≥ 50", 50, 50, 50),
        ("more than 500", 500, 500, 500),
        ("over 1M", 1000000, 1000000, 1000000),
        ("at least 5", 5, 5, 5),
        ("no less than 5", 5, 5, 5),
        ("<10", 5, 0, 10),
        ("<= 10", 5, 0, 10),
        ("≤10", 5, 0, 10),
        ("under 50", 25, 0, 50),
        ("less than 5", 3, 0, 5),
        ("fewer than 5 people", 3, 0, 5),
        ("up to 10", 5, 0, 10),
        ("no more than 10", 5, 0, 10),
        ("10 or less", 5, 0, 10),
        ("10 and under", 5, 0, 10),
    ],
)
def test_a_band_gives_its_middle_or_an_end(text: str, middle: float, low: float, high: float) -> None:
    """The middle is geometric; from 0 on, or without a low end, half of the high end; an open band starts at 0."""
    found = [size(text, take=take) for take in ("middle", "low", "high")]
    assert found == [(middle, True), (low, True), (high, True)]
    assert [type(value) for value, _ in found] == [type(middle), type(low), type(high)]


def test_bands_with_a_decimal_comma() -> None:
    """The declared mark counts in bands as in numbers."""
    assert size("1.001-5.000", decimal=",") == (2237, True)
    assert size("1,5-2,5 Mio.", decimal=",", take="high") == (2500000, True)


@pytest.mark.parametrize(
    ("text", "value", "was_band", "read"),
    [
        ("125 and growing, spread across web engineering", 125, False, "125"),
        ("200+ (as of January 2020)", 200, True, "200+"),
        ("~100 currently (5/3/2019)", 100, False, "~100"),
        ("(as of June 2025) 3 developers", 3, False, "3"),
        ("As of July 2021, the company has around 40 staff", 40, False, "around 40"),
        ("As of the summer of 2016 we are on the low end of 20-50", 32, True, "20-50"),
        ("in 2020 we were 2000+", 2000, True, "2000+"),
        ("a team of 2000 people since 2016", 2000, False, "2000"),
        ("from 2000 to 3000 of us", 2449, True, "from 2000 to 3000"),
        ("2,000 (2021)", 2000, False, "2,000"),
        ("since 16 February 2026: 30 of us", 30, False, "30"),
        ("on 2026-02-16 there were 30", 30, False, "30"),
        ("on 16.02.2026 there were 30", 30, False, "30"),
        ("Q4-2023: 30", 30, False, "30"),
        ("October 1st, 2018: 18", 18, False, "18"),
        ("Founded 1998, 25 experts", 25, False, "25"),
        ("[28](https://acme.example/about/99)", 28, False, "28"),
        ("see https://acme.example/2019 for our 12", 12, False, "12"),
        ("we are [^1] 12", 12, False, "12"),
        ("less than 3 years old, 12 of us", 12, False, "12"),
        ("25% remote, 12 of us", 12, False, "12"),
        ("raised $5M, 12 of us", 12, False, "12"),
        ("24/7 service by 12 of us", 12, False, "12"),
        ("Web2 agency, 2nd in 10Up, of 12", 12, False, "12"),
        ("a 9-person team", 9, False, "9"),
        ("20-50+ of us", 32, True, "20-50+"),
        ("51-200+", 101, True, "51-200+"),
        ("up to 5-10", 7, True, "up to 5-10"),
        ("24-7 service by 12 of us", 12, False, "12"),
        ("99999999999999999 stars, 12 of us", 12, False, "12"),
        ("1.2.3 is out; 12 of us", 12, False, "12"),
    ],
)
def test_the_first_size_of_a_sentence(text: str, value: float, was_band: bool, read: str) -> None:
    """Prose is read where that is declared; dates, years, links, spans, shares and money are passed over."""
    assert size(text, prose=True) == (value, was_band)
    assert refused(size, text) == (NO_SIZE, f'declare prose = true, which reads "{read}" here')


@pytest.mark.parametrize("text", ["a small team", "five of us", "since 2019", "in May 2019", "", "a" * 5000])
def test_prose_without_a_size_is_refused(text: str) -> None:
    """Where no number is left there is nothing to declare."""
    assert refused(size, text, prose=True) == ("no number in the text", "")
    assert refused(size, text) == (NO_SIZE, "")


@pytest.mark.parametrize(
    ("text", "decimal", "named", "other"),
    [
        ("1.000", ".", "1.000", ","),
        ("10.000+", ".", "10.000", ","),
        ("10.000+ staff", ".", "10.000", ","),
        ("1.001-5.000", ".", "1.001", ","),
        ("501-1.000", ".", "1.000", ","),
        ("500.000-1K", ".", "500.000", ","),
        ("10,000", ",", "10,000", "."),
        ("1,001-5,000", ",", "1,001", "."),
    ],
)
@pytest.mark.parametrize("prose", [False, True])
def test_thousands_are_not_taken_for_decimals(
    text: str, decimal: DecimalMark, named: str, other: str, prose: bool
) -> None:
    """Three decimals of a headcount are thousands under the other mark, so nothing is guessed."""
    reason = f"{named} may be a number with three decimals, or thousands"
    assert refused(size, text, decimal=decimal, prose=prose) == (reason, f'declare decimal = "{other}"')


def test_a_comma_and_three_decimals_in_prose_are_not_guessed() -> None:
    """Under a decimal comma 10,000 may be ten thousand as well."""
    assert refused(size, "we have 10,000 of us", decimal=",", prose=True)[1] == 'declare decimal = "."'


@pytest.mark.parametrize(
    ("text", "end"), [("2.5", "2.5"), ("0.125", "0.125"), ("1.5-2.5", "1.5"), ("up to 2.5", "2.5")]
)
def test_a_size_is_whole(text: str, end: str) -> None:
    """Nobody employs half a person, unless the column counts in thousands."""
    assert refused(size, text) == (f"a size is a whole number, which {end} is not", "")
    assert size(text, whole=False)[0] > 0


def test_a_column_in_thousands_has_fractions_of_three_digits() -> None:
    """Where the caller knows that the column counts in thousands, 1.001 and 1.5-2.5 are what they say."""
    assert size("1.001", whole=False) == (1.001, False)
    assert size("0.5-2", whole=False) == (1, True)
    assert size("1.001-5.000", whole=False, take="low") == (1.001, True)


@pytest.mark.parametrize("text", ["-50", "(5)", "−5"])
def test_a_size_is_not_negative(text: str) -> None:
    """Below zero there is no headcount."""
    assert refused(size, text) == ("a size below zero", "")


@pytest.mark.parametrize("text", ["| 2023 | 85 |", "2023 | 85", "2100; 12", "1999, then 40 of us"])
def test_a_year_before_other_numbers_is_no_size(text: str) -> None:
    """The row of a table begins with its year."""
    first = text.strip("| ")[:4]
    assert refused(size, text, prose=True) == (
        f"{first} may be a year, and other numbers follow",
        "write the size alone",
    )


@pytest.mark.parametrize(
    ("text", "value"), [("| 2023 | many", 2023), ("2000 people in 3 offices", 2000), ("85 | 2023", 85)]
)
def test_a_year_alone_or_of_people_is_a_size(text: str, value: int) -> None:
    """Where nothing else could be the size, or people are named, the number counts."""
    assert size(text, prose=True) == (value, False)


@pytest.mark.parametrize("text", ["-", "n/a"])
def test_a_size_that_looks_unknown_can_be_declared_so(text: str) -> None:
    """The way out declares it unknown."""
    assert refused(size, text) == (NO_SIZE, f'declare unknown = ["{text}"]')
    assert refused(size, text, prose=True) == ("no number in the text", f'declare unknown = ["{text}"]')


def test_only_the_beginning_of_prose_counts() -> None:
    """A number after a thousand characters is not the size of a company."""
    assert size("a" * 990 + " 12 of us", prose=True) == (12, False)
    assert refused(size, "a" * 1_000 + " 12 of us", prose=True)[0] == "no number in the text"


@pytest.mark.parametrize("prose", [False, True])
def test_thousands_with_a_dot_are_not_taken_for_decimals_in_prose(prose: bool) -> None:
    """10.000 in a sentence may be ten thousand, which a decimal comma decides."""
    text = "We have 10.000 employees all over Europe"
    reason = "10.000 may be a number with three decimals, or thousands"
    assert refused(size, text, prose=prose) == (reason, 'declare decimal = ","')
    assert size(text, prose=True, decimal=",") == (10000, False)


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("Nov-50", "11-50"),
        ("Nov-1950", "11-50"),
        ("10-Jan", "1-10"),
        ("Jan-10", "1-10"),
        ("2-Oct", "2-10"),
        ("02-Oct", "2-10"),
        ("20-Nov", "11-20"),
        ("10-Jan-24", "1-10"),
        ("2024-01-10", "1-10"),
        ("2024-01-10 00:00:00", "1-10"),
        ("1/10/2024", "1-10"),
    ],
)
@pytest.mark.parametrize("prose", [False, True])
def test_a_band_that_a_spreadsheet_made_a_date_is_told(text: str, band: str, prose: bool) -> None:
    """The message names the band that it probably was, and how to keep it."""
    assert refused(size, text, prose=prose) == (
        f"a date, which a spreadsheet may have made of the band {band}",
        f"write {band}, in a column that is formatted as text",
    )


@pytest.mark.parametrize(
    ("text", "reason", "way_out"),
    [
        ("200-51", "a band that falls from 200 to 51", "write 51-200"),
        ("10.000.000", 'not a size where decimal = "."', 'declare decimal = ","'),
        ("1.001-5.000,5", 'not a size where decimal = "."', 'declare decimal = ","'),
        ("$5M", "an amount of money where a size belongs", 'declare parse = "money"'),
        ("5-10 EUR", "an amount of money where a size belongs", 'declare parse = "money"'),
        ("99999999999999999+", "a number beyond 2^53, of which a float cannot hold every digit", ""),
        ("51 - 200 - 500", NO_SIZE, 'declare prose = true, which reads "51 - 200" here'),
        ("5 and 10", NO_SIZE, 'declare prose = true, which reads "5" here'),
        ("15Five", NO_SIZE, ""),
        ("5.5.5-2.2.2 x", NO_SIZE, ""),
        ("5.000.000-1.000.000", NO_SIZE, ""),
    ],
)
def test_other_texts_are_refused_with_their_way_out(text: str, reason: str, way_out: str) -> None:
    """What the text is instead decides the way out."""
    assert refused(size, text) == (reason, way_out)


def test_money_is_found_by_its_mark() -> None:
    """Where an amount is asked for, numbers without a mark are passed over."""
    found = find_in_prose(f"12 of us raised {MONEY}5M in 2020", ".", money=True)
    assert found is not None
    assert (found.low, found.text, found.start) == (5000000, f"{MONEY}5M", 16)
    assert find_in_prose("12 of us", ".", money=True) is None


BANDS = st.tuples(st.integers(0, 2**53), st.integers(0, 2**53)).map(sorted)


@given(BANDS)
def test_the_middle_of_whole_ends_is_whole_and_lies_between(ends: list[int]) -> None:
    """It is the whole number nearest to the geometric middle."""
    low, high = ends
    value = middle(low, high)
    assert isinstance(value, int)
    assert low <= value <= high
    if low:
        assert (2 * value - 1) ** 2 <= 4 * low * high <= (2 * value + 1) ** 2


@given(st.floats(0, 2.0**53), st.floats(0, 2.0**53))
def test_the_middle_of_any_ends_lies_between(one: float, other: float) -> None:
    """Rounding never leaves the band."""
    low, high = sorted((one, other))
    assert low <= middle(low, high) <= high


@given(BANDS, st.sampled_from(["-", " - ", "–", " to "]), st.sampled_from(BAND_TAKES), st.booleans())
def test_a_band_is_read_however_it_is_written(ends: list[int], between: str, take: TakeBand, prose: bool) -> None:
    """The dash does not matter, nor does prose where a text is a band."""
    low, high = ends
    expected = {"low": low, "high": high, "middle": middle(low, high)}[take]
    assert size(f"{low}{between}{high}", take=take, prose=prose) == (expected, True)
    assert size(f"{low:,}{between}{high:,}", take=take) == (expected, True)


@given(TEXTS | PIECES, st.sampled_from(DECIMALS), st.sampled_from(BAND_TAKES))
def test_any_text_is_a_size_or_refused(text: str, decimal: DecimalMark, take: TakeBand) -> None:
    """Nothing but `Unreadable` is raised; what is a size is the same size as prose."""
    found = read_or_refuse(size, text, decimal=decimal, take=take)
    in_prose = read_or_refuse(size, text, decimal=decimal, take=take, prose=True)
    assert found in {None, in_prose}


@pytest.mark.no_cover
@hostile
@pytest.mark.parametrize("settings", [{}, {"prose": True}, {"decimal": ",", "prose": True}], ids=repr)
def test_long_texts_take_no_time(text: str, settings: dict[str, Any]) -> None:
    """Long texts cost no more than their beginning."""
    read_soon(partial(size, **settings), text)
