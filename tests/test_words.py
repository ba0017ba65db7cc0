import string

import pytest

from icpkit.words import ENGLISH, days_text, listed, number_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.25, "0.25"),
        (-3.5, "-3.5"),
        (1000, "1,000"),
        (12_345.678, "12,345.678"),
        (999_999, "999,999"),
        (1e6, "1M"),
        (12_500_000, "12.5M"),
        (-2_000_000, "-2M"),
        (12_345_678, "12,345,678"),
        (2.5e9, "2.5bn"),
        (999_990_000_000_000, "999,990bn"),
        (123_456_789_012_345, "123,456,789,012,345"),
        (1e15, "1e+15"),
        (2**53, "9.0072e+15"),
        (1 / 3, "0.3333333333"),
    ],
)
def test_numbers_as_people_write_them(value: float, text: str) -> None:
    """Numbers have separators, round millions and billions a letter, and only huge ones an exponent."""
    assert number_text(value) == text


@pytest.mark.parametrize(("days", "text"), [(1, "1 day"), (1.0, "1 day"), (0, "0 days"), (1.5, "1.5 days")])
def test_numbers_of_days(days: float, text: str) -> None:
    """One day is singular."""
    assert days_text(days, ENGLISH) == text


@pytest.mark.parametrize(("texts", "text"), [("", ""), ("a", "a"), ("abc", "a, b, c"), ("abcd", "a, b, c and 1 more")])
def test_lists_are_cut(texts: str, text: str) -> None:
    """The first few texts are listed, and the others counted."""
    assert listed(iter(texts), ENGLISH, most=3) == text


def test_words_in_another_language() -> None:
    """Every function uses the words that it is given."""
    german = {**ENGLISH, "day": "{days} Tag", "days": "{days} Tage", "more": "{listed} und {count} weitere"}
    assert [days_text(2, german), days_text(1, german), listed("abc", german, most=1)] == [
        "2 Tage",
        "1 Tag",
        "a und 2 weitere",
    ]


def test_the_words_cannot_be_changed() -> None:
    """The English words are shared by everybody, and therefore read-only."""
    with pytest.raises(TypeError):
        ENGLISH["yes"] = "yep"  # type: ignore[index]


def test_templates_have_named_fields_alone() -> None:
    """Each template is filled by name, so that another language may put the fields in another order."""
    fields = {
        key: [field for _, field, _, _ in string.Formatter().parse(template) if field is not None]
        for key, template in ENGLISH.items()
    }
    assert any(fields.values())
    assert {key: names for key, names in fields.items() if not all(map(str.isidentifier, names))} == {}


def test_the_table_of_words_shows_its_name() -> None:
    """As a default argument the table fills no page."""
    assert (repr(ENGLISH), len(ENGLISH)) == ("ENGLISH", len(list(ENGLISH)))
