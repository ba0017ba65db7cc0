from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.parsing import YEAR_TAKES, year
from tests.parsing.reading import PIECES, TEXTS, hostile, read_or_refuse, read_soon, refused

NONE = "no year from 1000 to 2999"


@pytest.mark.parametrize(
    ("text", "first", "last", "least"),
    [
        ("1998", 1998, 1998, 1998),
        ("1000", 1000, 1000, 1000),
        ("2999", 2999, 2999, 2999),
        ("1998.0", 1998, 1998, 1998),
        ("1998.000", 1998, 1998, 1998),
        (" 1998 ", 1998, 1998, 1998),
        ("2013 (1888)", 2013, 1888, 1888),
        ("1998 (1923 / 1874)", 1998, 1874, 1874),
        ("1975/1977 (1997)", 1975, 1997, 1975),
        ("1998,1999", 1998, 1999, 1998),
        ("1998-2004", 1998, 2004, 1998),
        ("c. 1998", 1998, 1998, 1998),
        ("est.1998", 1998, 1998, 1998),
        ("founded in 1998.", 1998, 1998, 1998),
        ("Q4-2013", 2013, 2013, 2013),
        ("1998-05-04", 1998, 1998, 1998),
        ("1998-05-04T10:30:00+1130", 1998, 1998, 1998),
        ("1998/5/4", 1998, 1998, 1998),
        ("05/03/2019", 2019, 2019, 2019),
        ("05.03.2019", 2019, 2019, 2019),
        ("05.03.2019 and 06.03.1999", 2019, 1999, 1999),
        ("3 Mar 2019", 2019, 2019, 2019),
    ],
)
def test_a_year_is_found_in_a_text(text: str, first: int, last: int, least: int) -> None:
    """Four digits that belong to no longer number are a year; a date has one."""
    assert [year(text, take=take) for take in YEAR_TAKES] == [first, last, least]


@pytest.mark.parametrize(
    ("text", "reason", "way_out"),
    [
        ("98", "a year of two digits", "write all four digits"),
        ("'98", "a year of two digits", "write all four digits"),
        ("’98", "a year of two digits", "write all four digits"),
        *(
            (text, NONE, "")
            for text in ("", "long ago", "0998", "3000", "12345", "1,998", "1.998", "1998.5", "1998,123")
        ),
        *((text, NONE, "") for text in ("0.1998", "١٩٩٨", "199 8")),
        ("-", NONE, 'declare unknown = ["-"]'),
        ("1998" * 2_501, "more than 10,000 characters, of which nobody knows the year", ""),
    ],
)
def test_what_holds_no_year_is_refused(text: str, reason: str, way_out: str) -> None:
    """Two digits are never made four."""
    assert refused(year, text) == (reason, way_out)


@given(st.integers(1000, 2999), st.text("abc (),"), st.text("abc ()"))
def test_a_year_among_words_is_that_year(when: int, before: str, after: str) -> None:
    """Words around a year do not matter."""
    assert year(f"{before}{when}{after}") == when


@given(TEXTS | PIECES, st.sampled_from(YEAR_TAKES))
def test_any_text_is_a_year_or_refused(text: str, take: Any) -> None:
    """Nothing but `Unreadable` is raised, and a year is one from 1000 to 2999."""
    found = read_or_refuse(year, text, take=take)
    assert found is None or 1000 <= found <= 2999


@hostile
def test_long_texts_take_no_time(text: str) -> None:
    """Long texts are refused at once."""
    read_soon(partial(year, take="least"), text)
