import pytest
from hypothesis import given

from icpkit.parsing import FALSE, TRUE, truth
from tests.parsing.reading import PIECES, TEXTS, hostile, read_or_refuse, read_soon, refused


@pytest.mark.parametrize(("words", "meant"), [(TRUE, True), (FALSE, False)])
def test_usual_words_need_no_declaration(words: tuple[str, ...], meant: bool) -> None:
    """Yes and no, in any case, with blanks around."""
    assert {truth(word) for word in words} == {truth(word.upper()) for word in words} == {meant}
    assert truth(f" {words[0]}\n") is meant


@pytest.mark.parametrize(
    ("text", "true", "false", "meant"),
    [
        ("Ja", ["ja"], [], True),
        ("no", ["ja"], [], False),
        ("NEIN", ["ja"], ["nein"], False),
        ("Customer", ["customer", "partner"], ["prospect"], True),
        ("0", ["0"], [], True),
        ("1", [], ["1"], False),
        ("STRASSE", ["straße"], [], True),
    ],
)
def test_declared_words_replace_the_usual_ones(text: str, true: list[str], false: list[str], meant: bool) -> None:
    """Each side is replaced by itself, and a declared word never means the other side."""
    assert truth(text, true=true, false=false) is meant


@pytest.mark.parametrize("text", ["x", "ja", "", "2", "10", "yesno", "maybe"])
def test_other_words_are_refused(text: str) -> None:
    """The way out declares the word."""
    assert refused(truth, text) == ("neither true nor false", f'declare true = ["{text}"] or false = ["{text}"]')


def test_a_replaced_word_means_nothing() -> None:
    """Where a column declares its yes, the usual ones are no longer one."""
    assert refused(truth, "yes", true=["ja"])[0] == "neither true nor false"
    assert refused(truth, "no", false=["nein"])[0] == "neither true nor false"


@given(TEXTS | PIECES)
def test_any_text_is_a_truth_or_refused(text: str) -> None:
    """Nothing but `Unreadable` is raised, and a declared word is always read."""
    read_or_refuse(truth, text)
    assert truth(text, true=[text]) is True


@hostile
def test_long_texts_take_no_time(text: str) -> None:
    """Long texts are refused at once, and named by their beginning."""
    read_soon(truth, text)


def test_what_looks_unknown_can_be_declared_so() -> None:
    """A dash is rather unknown than a word for yes or no; each word is written as a field map would."""
    words = 'true = ["-"] or false = ["-"]'
    assert refused(truth, "-") == ("neither true nor false", f'declare unknown = ["-"], or {words}')
    assert refused(truth, "\\N")[1].startswith(r'declare unknown = ["\\N"], or')
