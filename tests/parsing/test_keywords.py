import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.parsing import check_rules, keyword_labels
from icpkit.parsing.keywords import Rules
from tests.parsing.reading import PIECES, TEXTS, hostile, read_soon


@pytest.mark.parametrize(
    ("text", "phrase", "holds"),
    [
        ("We use Go.", "go", True),
        ("We use Google", "go", False),
        ("Ergo", "go", False),
        ("C and C++", "C++", True),
        ("C and C#", "C++", False),
        ("C++", "C", False),
        ("C#/C++", "C#", True),
        ("uses node.js.", "Node.js", True),
        ("uses node. js", "node.js", False),
        (".NET, Java", ".NET", True),
        ("ASP.NET", ".NET", False),
        ("the net", ".NET", False),
        ("end of sentence.Java", "java", False),
        ("data-engineers wanted", "data engineer*", True),
        ("data  \n engineering", "data engineer*", True),
        ("data and engineers", "data engineer*", False),
        ("engineer of data", "data engineer", False),
        ("big data", "data", True),
        ("database", "data", False),
        ("database", "data*", True),
        ("data", "data*", True),
        ("metadata", "data*", False),
        ("develops software", "develop* soft*", True),
        ("develop a software", "develop* soft*", False),
        ("develop developing software", "develop* software", True),
        ("R&D team", "R&D", True),
        ("R and D", "R&D", False),
        ("it's", "it's", True),
        ("STRASSE", "Straße", True),
        ("Straße", "strasse", True),
        ("e\u0301cole", "école", True),
        ("我们 使用 数据", "数据", True),
        ("snake_case", "case", True),
        ("a.b.c", "a.b.c", True),
        ("[x](.*)", "x", True),
        ("abc", "a.c", False),
        ("", "a", False),
    ],
)
def test_phrases_are_found_word_by_word(text: str, phrase: str, holds: bool) -> None:
    """Words are compared whole and folded; a star lets a word go on, and nothing else in a phrase is special."""
    assert keyword_labels(text, (("L", (phrase,)),)) == (["L"] if holds else [])


def test_labels_come_in_the_order_of_the_rules_each_once() -> None:
    """Several rules may give one label, and several phrases one rule."""
    rules = (("Sales", ("crm", "pipeline")), ("Data", ("etl",)), ("Ops", ("k8s",)), ("Sales", ("deals",)))
    assert keyword_labels("ETL for deals, a CRM and its pipeline", rules) == ["Sales", "Data"]
    assert keyword_labels("deals", rules) == ["Sales"]
    assert keyword_labels("anything", ()) == []


@pytest.mark.parametrize(
    ("phrase", "problem"),
    [
        ("", "the phrase '' of 'L' holds no word"),
        ("&", "the phrase '&' of 'L' holds no word"),
        ("*", "the phrase '*' of 'L' holds no word"),
        ("*develop", "the phrase '*develop' of 'L' has a * that does not end a word"),
        ("dev*elop", "the phrase 'dev*elop' of 'L' has a * that does not end a word"),
        ("develop**", "the phrase 'develop**' of 'L' has a * that does not end a word"),
        ("develop *", "the phrase 'develop *' of 'L' has a * that does not end a word"),
    ],
)
def test_phrases_that_find_nothing_are_refused(phrase: str, problem: str) -> None:
    """The error names the label and the phrase."""
    for use in (check_rules, lambda rules: keyword_labels("text", rules)):
        with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
            use((("L", ("fine", phrase)),))


WORDS = st.text("ab+#.1é", min_size=1, max_size=4)


@given(st.lists(WORDS, max_size=6), st.lists(WORDS, min_size=1, max_size=2))
def test_a_phrase_is_found_in_a_text_that_says_it(text: list[str], phrase: list[str]) -> None:
    """Whatever stands before and after, apart from it."""
    rules: Rules = (("L", (" ".join(phrase),)),)
    try:
        check_rules(rules)
    except ValueError:
        return
    assert keyword_labels(" ".join([*text, *phrase, *text]), rules) == ["L"]
    assert keyword_labels(f"({' / '.join(phrase)})".upper(), rules) == ["L"]


@given(TEXTS | PIECES)
def test_any_text_has_labels(text: str) -> None:
    """No text is refused, and blanks around its marks change no word."""
    rules = (("L", ("over*", "k", "mar 2019")), ("M", ("c++",)))
    assert keyword_labels(f" {text} ", rules) == keyword_labels(text, rules)


@pytest.mark.no_cover
@hostile
def test_long_texts_take_no_time(text: str) -> None:
    """Long texts are read in one pass."""
    read_soon(lambda each: keyword_labels(each, (("L", ("over ab*", "c++", "a* b*")),)), text)
