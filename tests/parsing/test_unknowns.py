import pytest
from hypothesis import given

from icpkit.parsing import LIKELY_UNKNOWN, fold, looks_unknown
from tests.parsing.reading import PIECES, TEXTS, hostile, read_soon


@pytest.mark.parametrize(
    "text",
    [
        *("n/a", "N/A", "NA", "#N/A", "null", "None", "nil", "NaN", "-", "--", "—", "?", "Unknown", "not available"),
        *("Not  Provided", "TBD", "Select", "- select -", "Please select", "choose one", "(blank)", "[blank]", "..."),
        *("undefined", "#REF!", "#VALUE!", "#DIV/0!", "\\N", "<NA>", " n/a ", "_", "*", "(not set)", "k. A."),
    ],
)
def test_what_often_means_unknown_is_told(text: str) -> None:
    """Tokens of exports, spreadsheets and forms, in any case, and marks without a letter or digit."""
    assert looks_unknown(text)


@pytest.mark.parametrize(
    "text", ["Namibia", "0", "no", "false", "x", "Nana", "unknown brand", "C", "-1", "n/a" * 50, ""]
)
def test_answers_do_not_look_unknown(text: str) -> None:
    """Zero, no and everything else that says something is an answer."""
    assert not looks_unknown(text)


def test_tokens_are_folded() -> None:
    """A token that is not folded would never be found."""
    assert [token for token in LIKELY_UNKNOWN if token != " ".join(fold(token).split())] == []
    assert all(map(looks_unknown, LIKELY_UNKNOWN))


@given(TEXTS | PIECES)
def test_case_and_blanks_do_not_matter(text: str) -> None:
    """A text looks unknown or not however it is padded."""
    assert looks_unknown(f" {text} ") == (looks_unknown(text) or (text.strip() == "" and looks_unknown("  ")))


@hostile
def test_long_texts_take_no_time(text: str) -> None:
    """Long texts are no token."""
    read_soon(looks_unknown, text)
