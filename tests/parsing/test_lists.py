import json
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.parsing import events, labels
from tests.parsing.reading import PIECES, TEXTS, hostile, read_or_refuse, read_soon, refused

LISTS = st.lists(st.text().map(str.strip).filter(bool), max_size=5)
HALVES = st.text(st.characters(categories=["L", "N", "P", "S", "Z", "C"]))


@pytest.mark.parametrize(
    ("text", "split", "value"),
    [
        ("CRM", ";", ["CRM"]),
        ("CRM; Mail;", ";", ["CRM", "Mail"]),
        (" CRM ;; Mail ; CRM", ";", ["CRM", "Mail", "CRM"]),
        ("CRM, Mail", ",", ["CRM", "Mail"]),
        ("CRM | Mail", " | ", ["CRM", "Mail"]),
        ("CRM, Mail", ";", ["CRM, Mail"]),
        ("CRM\nMail", "\n", ["CRM", "Mail"]),
        (";", ";", []),
        ("[beta] CRM", ";", ["[beta] CRM"]),
        ("CRM [beta]", ";", ["CRM [beta]"]),
        ('["CRM", " Mail "]', ";", ["CRM", "Mail"]),
        ('["CRM;Mail", null, "", 7, 1.5]', ";", ["CRM;Mail", "7", "1.5"]),
        ("[]", ";", []),
        ("[ ]", "json", []),
        ("['CRM', 'Mail']", ";", ["CRM", "Mail"]),
        ("[ 'CRM' ,'Mail', ]", ";", ["CRM", "Mail"]),
        ("['CRM, Mail', None, 7, -1.5, '']", ";", ["CRM, Mail", "7", "-1.5"]),
        ("[None]", ";", []),
        ("""["it's", 'a "b"']""", ";", ["it's", 'a "b"']),
        (r"""['it\'s', 'a\\b', 'a\tb', '\xe9\u20ac']""", ";", ["it's", "a\\b", "a\tb", "é€"]),
        ('["it\'s"]', ";", ["it's"]),
        ('["None"]', ";", ["None"]),
        ('["\\u00e9", "None"]', ";", ["é", "None"]),
        ('["a\\/b\'s"]', ";", ["a/b's"]),
    ],
)
def test_labels_are_read(text: str, split: str, value: list[str]) -> None:
    """Between separators, as JSON, or as Python prints them: stripped, in order, blank ones dropped."""
    assert labels(text, split=split) == value


@pytest.mark.parametrize(
    ("text", "split", "reason", "way_out"),
    [
        (
            "[CRM]",
            "|",
            "no JSON list (Expecting value at character 2)",
            'write ["CRM", "Mail"], or CRM|Mail',
        ),
        ("CRM", "json", "no JSON list (Expecting value at character 1)", 'write ["CRM", "Mail"]'),
        ("['CRM']", "json", "no JSON list (Expecting value at character 2)", 'write ["CRM", "Mail"]'),
        ('{"CRM": 1}', "json", "no JSON list", 'write ["CRM", "Mail"]'),
        ('["CRM", true]', ";", "item 2 of the list is no text", 'write ["CRM", "Mail"]'),
        ('[["CRM"]]', ";", "item 1 of the list is no text", 'write ["CRM", "Mail"]'),
        ("['CRM' 'Mail']", ";", "no JSON list (Expecting value at character 2)", None),
        ("['CRM', True]", ";", "no JSON list (Expecting value at character 2)", None),
        ("[open('x')]", ";", "no JSON list (Expecting value at character 2)", None),
        (r"['\N{BULLET}']", ";", "no JSON list (Expecting value at character 2)", None),
        (r"['\ud83d']", ";", "no JSON list (Expecting value at character 2)", None),
        ("['" + "a" * 100_000 + "']", ";", "no JSON list (Expecting value at character 2)", None),
    ],
)
def test_other_brackets_are_refused(text: str, split: str, reason: str, way_out: str | None) -> None:
    """Nothing in a list is run, and what is no list of texts is told with how one is written."""
    assert refused(labels, text, split=split) == (reason, way_out or 'write ["CRM", "Mail"], or CRM;Mail')


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[]", []),
        ('[{"kind": "demo", "at": "2026-11-02"}]', [{"kind": "demo", "at": "2026-11-02"}]),
        (' [["demo", "2026-11-02"]] ', [{"kind": "demo", "at": "2026-11-02"}]),
        ('[["demo", "2026-11-02", 2]]', [{"kind": "demo", "at": "2026-11-02", "strength": 2}]),
    ],
)
def test_events_are_read(text: str, value: list[Any]) -> None:
    """An event is an object, or a list that says kind, moment and perhaps strength."""
    assert events(text) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("demo", "no JSON list (Expecting value at character 1)"),
        ('{"kind": "demo"}', "no JSON list"),
        ('[{"kind": "demo"}, "demo"]', "item 2 is no event"),
        ('[["demo"]]', "item 1 is no event"),
        ("[null]", "item 1 is no event"),
        ('[["demo", "2026-11-02", 2, 3]]', "item 1 is no event"),
    ],
)
def test_what_is_no_list_of_events_is_refused(text: str, reason: str) -> None:
    """The way out shows how one is written."""
    assert refused(events, text) == (reason, 'write [{"kind": "demo", "at": "2026-11-02"}]')


@given(LISTS)
def test_lists_are_read_back(listed: list[str]) -> None:
    """What JSON writes is read back, and what Python prints too where it is printed as it is."""
    assert labels(json.dumps(listed)) == labels(json.dumps(listed), split="json") == listed
    printed = read_or_refuse(labels, repr(listed))
    assert printed is None or printed == listed


@given(st.lists(st.text("ab'\"\\\n\té€ ,[]", max_size=5).map(str.strip).filter(bool), max_size=5))
def test_lists_that_python_prints_are_read_back(listed: list[str]) -> None:
    """Quotes, escapes, commas and brackets within items do not matter."""
    assert labels(repr(listed)) == listed


@given(st.lists(st.text("abc, ").map(str.strip).filter(bool), min_size=1))
def test_labels_between_separators_are_read_back(listed: list[str]) -> None:
    """Only the declared separator separates."""
    assert labels(" ; ".join(listed)) == listed


@given(TEXTS | PIECES | HALVES, st.sampled_from([";", ",", "json", " - "]))
def test_any_text_is_a_list_or_refused(text: str, split: str) -> None:
    """Nothing but `Unreadable` is raised, and every label is text that is not blank."""
    for each in (text, f"[{text}]", f"['{text}']"):
        found = read_or_refuse(labels, each, split=split)
        assert found is None or all(isinstance(item, str) and item == item.strip() != "" for item in found)
        read_or_refuse(events, each)


@hostile
@pytest.mark.parametrize("split", [";", "json"])
def test_long_texts_take_no_time(text: str, split: str) -> None:
    """Long texts are read or refused in one pass."""
    read_soon(partial(labels, split=split), text)
    read_soon(events, text)
