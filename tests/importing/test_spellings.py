import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.importing.spellings import Meant, meaning_of


def meant(text: str, *names: str) -> Meant | None:
    """Find what a text means among names."""
    return meaning_of({name: name for name in names})(text)


@pytest.mark.parametrize(
    ("text", "name", "how"),
    [
        ("technolgy", "technology", "slip"),
        ("Sofware", "software", "slip"),
        ("Philipines", "Philippines", "slip"),
        ("Untied Kingdm of x", "Untied Kingdom of x", "slip"),
        ("Helathcare", "Healthcare", "slip"),
        ("Telecomunicatons", "Telecommunications", "slip"),
        ("Finacial Services", "Financial Services", "slip"),
        ("e-mobility", "EMobility", "signs"),
        ("Health care", "Healthcare", "signs"),
        ("Café", "cafe", "signs"),
        ("Research & Development", "research and development", "signs"),
        ("Technologies", "technology", "signs"),
        ("Banks", "bank", "signs"),
        ("GTXPro", "GTX Pro", "signs"),
        ("Level 2 - East", "level 2, east", "signs"),
        ("United States", "USA", "alias"),
        ("U.S.", "United States of America", "alias"),
        ("Deutschland", "Germany", "alias"),
    ],
)
def test_what_a_text_means(text: str, name: str, how: str) -> None:
    """Typing slips, other signs between the same letters, plurals, and other names of the same thing are found."""
    found = meant(text, "something else", name, "retail")
    assert found is not None
    assert (found.name, found.how, bool(found.taxonomy)) == (name, how, how == "alias")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hardware", "Software"),
        ("Australia", "Austria"),
        ("Nigeria", "Niger"),
        ("Zambia", "Gambia"),
        ("Slovakia", "Slovenia"),
        ("Iraq", "Iran"),
        ("Guinea", "Guinea-Bissau"),
        ("Dominica", "Dominican Republic"),
        ("North Korea", "South Korea"),
        ("Series B", "Series A"),
        ("Product F", "Product H"),
        ("Tier II", "Tier I"),
        ("Group 12", "Group 2"),
        ("51-200", "5-1200"),
        ("1.5", "15"),
        ("11-50", "1-50"),
        ("JavaScript", "Java"),
        ("MySQL", "SQL"),
        ("Oracle Cloud", "Oracle"),
        ("Preact", "React"),
        ("C++", "C"),
        ("C#", "C"),
        ("biotechnology", "technology"),
        ("B2B", "B2C"),
        ("Health", "Wealth"),
        ("inbound", "unbound"),
        ("glass", "glas"),
        ("Information Technology", "Technology"),
        ("Very unimportant", "Very important"),
        ("retail", "wholesale"),
        ("日本", "日光"),
        ("-", "+"),
        ("", "x"),
        ("alpha beta gamxx", "alpha betb gamma"),
    ],
)
def test_what_a_text_does_not_mean(text: str, name: str) -> None:
    """Names that are spelled alike and mean different things are never taken for one another, in either direction."""
    assert (meant(text, name), meant(name, text)) == (None, None)


def test_the_nearest_of_several_names() -> None:
    """Of several names that a slip may mean, the nearest counts."""
    assert meant("manufacturign", "manufacturing", "manufacturer") == Meant("manufacturing", "slip")
    assert meant("telecommunicatin", "telecommunicate", "telecommunication") == Meant("telecommunication", "slip")


def test_a_known_spelling_stands_for_its_name() -> None:
    """A slip of a spelling that is known leads to the name behind it."""
    assert meaning_of({"machine learning": "AI"})("machine lerning") == Meant("AI", "slip")


def test_what_is_too_long_is_no_spelling() -> None:
    """Names and texts of a megabyte cost nothing and mean nothing."""
    long = "x" * 1_000_000
    find = meaning_of({long: "long", "technology": "technology"})
    began = time.perf_counter()
    assert find(long) is None
    assert time.perf_counter() - began < 0.1


def test_many_names_are_compared_quickly() -> None:
    """Thousands of names are no reason to wait."""
    names = {f"{first}{middle}{last}ation": "x" for first in "abcdefgh" for middle in "aeiouy" for last in "bcdfghklm"}
    began = time.perf_counter()
    find = meaning_of(names)
    for number in range(300):
        find(f"{'abcdefgh'[number % 8]}zzqq{number:b}".replace("0", "q").replace("1", "w"))
    assert time.perf_counter() - began < 2


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=4))
def test_any_text_may_come(text: str, names: list[str]) -> None:
    """Whatever the texts, what is found is one of the names."""
    found = meant(text, *names)
    assert found is None or found.name in names
