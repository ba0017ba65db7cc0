import contextlib
import json
import math
import time
from datetime import date, datetime
from datetime import time as time_of_day
from typing import Any

import pytest

import icpkit as icp
from icpkit.errors import ProfileTextError
from icpkit.syntax import (
    MOST_BYTES,
    MOST_DEPTH,
    MOST_ITEMS,
    excess_of,
    form_of,
    is_sound,
    parsed,
    problems_of,
    text_of,
    under,
)


def problem_of(text: str, form: Any) -> tuple[str, str, str]:
    """Give path, text and hint of the one problem of a text that cannot be read."""
    with pytest.raises(ProfileTextError) as caught:
        parsed(text, form, "the text")
    (problem,) = caught.value.problems
    assert (caught.value.source, problem.place) == ("the text", "")
    return problem.path, problem.text, problem.hint


ADVICE = "text stands in quotes, true and false are in lower case, a number has no percent sign"


@pytest.mark.parametrize(
    ("text", "form"),
    [('{"a": 1}', "json"), (" \n\t{", "json"), ("[a]", "toml"), ('"a" = 1', "toml"), ("", "toml"), ("# {", "toml")],
)
def test_only_a_brace_begins_json(text: str, form: str) -> None:
    """Text that begins with a brace, after blanks, is JSON, and all other text TOML."""
    assert form_of(text) == form


@pytest.mark.parametrize("raw", [b"gr\xc3\xb6\xc3\x9fe", b"\xef\xbb\xbfgr\xc3\xb6\xc3\x9fe"])
def test_bytes_are_utf_8(raw: bytes) -> None:
    """UTF-8 is read with a byte order mark and without."""
    assert text_of(raw, "a.toml") == "größe"


@pytest.mark.parametrize(
    ("raw", "line", "byte"),
    [(b"\xff", 1, "0xff"), (b"a\n\nb\xf6c", 3, "0xf6"), (b"\xed\xa0\x80", 1, "0xed"), (b"\n\xc3", 2, "0xc3")],
)
def test_other_bytes_are_no_text(raw: bytes, line: int, byte: str) -> None:
    """Bytes that are no UTF-8, halves of characters among them, are told by line and byte."""
    with pytest.raises(ProfileTextError) as caught:
        text_of(raw, "a.toml")
    assert str(caught.value) == (
        f"a.toml has 1 mistake:\n  line {line}\n    is not UTF-8 text (got the byte {byte})\n    save the file as UTF-8"
    )


def test_data_is_plain() -> None:
    """JSON and TOML give the same plain data, and TOML dates."""
    told = {"a": [1, 2.5, True, {"b": "ß"}]}
    assert parsed(json.dumps(told), "json", "x") == told
    assert parsed('a = [1, 2.5, true, {b = "ß"}]', "toml", "x") == told
    dates = parsed("a = 2026-11-01\nb = 2026-11-01T09:00:00\nc = 09:00:00", "toml", "x")
    assert dates == {"a": date(2026, 11, 1), "b": datetime(2026, 11, 1, 9), "c": time_of_day(9)}


@pytest.mark.parametrize(
    ("text", "form", "place", "hint"),
    [
        ('{"a": 1\n "b": 2}', "json", "line 2, column 2", 'the line reads: "b": 2}'),
        ('{"a": ' + "x" * 90 + "}", "json", "line 1, column 7", 'the line reads: {"a": ' + "x" * 74 + "…"),
        ("a = 1\n  b = what  \n", "toml", "line 2, column 7", f"the line reads: b = what; {ADVICE}"),
        ("a = 1\r\nb = what", "toml", "line 2, column 5", f"the line reads: b = what; {ADVICE}"),
        ('a = "', "toml", "end of document", ""),
    ],
)
def test_a_mistake_of_grammar_is_told_by_its_line(text: str, form: Any, place: str, hint: str) -> None:
    """A text that does not follow the grammar is told by line and column, with up to 80 characters of the line."""
    path, problem, line = problem_of(text, form)
    assert (path, line) == (place, hint)
    assert problem.startswith(f"is not {form.upper()}: ")
    assert "(at " not in problem
    assert "char" not in problem or form == "toml"


@pytest.mark.parametrize(("form", "filler"), [("json", " "), ("toml", "#"), ("json", "ß"), ("toml", "ß")])
def test_a_text_may_be_so_long_and_no_longer(form: Any, filler: str) -> None:
    """The bound counts bytes, and a text of just as many is read."""
    begin, end = ('{"a": "', '"}') if form == "json" else ('a = "', '"')
    room = MOST_BYTES[form] - len(begin + end)
    size = len(filler.encode())
    full = begin + "x" * (room % size) + filler * (room // size) + end
    assert len(full.encode()) == MOST_BYTES[form]
    assert set(parsed(full, form, "x")) == {"a"}
    assert problem_of(full.replace("a", "aa", 1), form) == (
        "$",
        f"is too long: {MOST_BYTES[form] + 1:,} bytes, where {MOST_BYTES[form]:,} are the most in {form.upper()}",
        "",
    )


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("[" * 100_000, "json"),
        ('{"a":' * 100_000, "json"),
        ("a = " + "[" * 100_000, "toml"),
        ("a = " + "{a = " * 50_000, "toml"),
        (".".join(["a"] * 100_000) + " = 1", "toml"),
        ("[" + ".".join(["a"] * 100_000) + "]", "toml"),
        ("[[" + " . ".join(['"a.b"', "'c'"] * 10_000) + "]]", "toml"),
        ("x = {" + ".".join(["a"] * 34) + " = 1}", "toml"),
    ],
)
def test_bombs_are_refused_at_once(text: str, form: Any) -> None:
    """What nests without end, by brackets or by dotted keys, is refused before it costs time."""
    before = time.process_time()
    assert problem_of(text, form)[1] == f"nests lists and mappings deeper than {MOST_DEPTH} levels"
    assert time.process_time() - before < 5


@pytest.mark.parametrize("text", [".".join(["a"] * 32) + " = 1", 'a = "' + "1.2 " * 50 + '"', "a = 1.5\nb.c = 2.5"])
def test_dots_as_people_write_them_are_read(text: str) -> None:
    """Keys of 32 parts, decimals and sentences with dots are no bomb."""
    assert parsed(text, "toml", "x")


def test_dots_within_text_are_read() -> None:
    """Text may hold as many dots as it likes: only keys are counted."""
    assert parsed('a = "' + "x." * 40 + '"', "toml", "x")


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "text",
    [
        'a = "' + r"\"" * 100_000 + '"',
        r"\"" * 100_000,
        "a = '" + '"' * 200_000 + "'",
        '"' * 200_000,
        "'" * 200_000,
        "a = " + '"""' * 60_000,
        "'\n" * 100_000,
        '"\\\n' * 80_000,
        "a " * 100_000,
        "a." * 30 + " " * 200_000,
        (("a." * 30) + "\n") * 4_000,
        '"" . ' * 50_000,
        "#" + "a." * 100_000,
        "a = [" + "1." * 100_000,
    ],
)
def test_odd_text_costs_no_time(text: str) -> None:
    """Text full of quotes, escapes, dots or blanks is read or refused in little time, whatever its order."""
    before = time.process_time()
    with contextlib.suppress(ProfileTextError):
        parsed(text, "toml", "x")
    assert time.process_time() - before < 5


@pytest.mark.parametrize("quote", ["'", '"'])
def test_quotes_at_the_end_of_a_text_hide_no_bomb(quote: str) -> None:
    """Text in three quotes may end in a quote of its own, and the keys that follow are counted."""
    quoted = quote * 3 + "b" + quote * 4
    bomb = f"x = {{a = {quoted}, {'.'.join(['b'] * 1_000)} = 1}}"
    assert problem_of(bomb, "toml")[1] == f"nests lists and mappings deeper than {MOST_DEPTH} levels"


def test_keys_that_stand_twice_are_remembered() -> None:
    """A JSON object knows which of its keys stand in it more than once, in their order."""
    data = parsed('{"b": 1, "a": {"c": 1, "c": 2, "c": 3}, "b": 2, "d": 1}', "json", "x")
    assert (data.twice, data["a"].twice) == (("b",), ("c",))
    assert list(problems_of(data)) == [
        ("$.b", "stands twice in the same object"),
        ("$.a.c", "stands twice in the same object"),
    ]


@pytest.mark.parametrize(
    ("digits", "kept"), [("9" * 400, int("9" * 400)), ("9" * 401, math.inf), ("-" + "9" * 5000, math.inf)]
)
def test_integers_without_end_are_infinite(digits: str, kept: float) -> None:
    """An integer of more than 400 characters is never computed; what is infinite is refused later on."""
    assert parsed(f'{{"a": {digits}}}', "json", "x") == {"a": kept}


def test_integers_without_end_are_refused_in_toml() -> None:
    """TOML's reader refuses an integer of thousands of digits."""
    _, problem, _ = problem_of("a = " + "9" * 5000, "toml")
    assert problem.startswith("is not TOML: ")


# What the grammar allows and a profile cannot hold


def deep(levels: int, inner: Any) -> Any:
    """Put something into so many lists."""
    for _ in range(levels):
        inner = [inner]
    return inner


EXCESS = [
    ({"a": [1] * MOST_ITEMS}, ("", "")),
    ({"a": {"b": [0] * (MOST_ITEMS + 1)}}, ("$.a.b", "has 10,001 entries, where 10,000 are the most")),
    ({str(number): 1 for number in range(MOST_ITEMS + 1)}, ("$", "has 10,001 entries, where 10,000 are the most")),
    ({"a": deep(MOST_DEPTH - 1, 1)}, ("", "")),
    ({"a": deep(MOST_DEPTH, 1)}, (f"$.a{'[0]' * (MOST_DEPTH - 1)}", "is nested deeper than 32 levels")),
]


@pytest.mark.parametrize(("data", "found"), EXCESS, ids=["full", "list", "mapping", "deep", "too deep"])
def test_lists_and_mappings_are_bounded(data: Any, found: tuple[str, str]) -> None:
    """A list or mapping may have 10,000 entries and be 32 levels deep, and no more."""
    assert excess_of(data) == found
    assert is_sound(data) == (not found[0])


def test_all_entries_together_are_bounded() -> None:
    """All lists and mappings together may have 100,000 entries, and no more."""
    most = {f"a{number}": [0] * 9_999 for number in range(10)}
    assert excess_of(most) == ("", "")
    more = {**most, "b": 1}
    assert (excess_of(more), is_sound(more)) == (("$", "has more than 100,000 entries in all"), False)


@pytest.mark.parametrize("inner", [{}, []])
def test_empty_lists_are_as_deep(inner: Any) -> None:
    """A list that is too deep and empty is too deep."""
    data = {"a": deep(MOST_DEPTH - 1, inner)}
    assert excess_of(data)[1] == "is nested deeper than 32 levels"


@pytest.mark.parametrize("inner", [{}, []])
def test_empty_lists_are_as_deep_in_the_quick_check(inner: Any) -> None:
    """The quick check agrees that an empty list may be too deep."""
    assert not is_sound({"a": deep(MOST_DEPTH - 1, inner)})


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        ({"a": ["x", 1, 1.5, True, None, date(2026, 1, 1), {"ß": "日本 🎯"}]}, []),
        ({"a": [math.nan]}, [("$.a[0]", "must be a finite number (got nan)")]),
        ({"a": -math.inf}, [("$.a", "must be a finite number (got -inf)")]),
        ({"a": time_of_day(9, 30)}, [("$.a", "must not be a time of day (got 09:30:00)")]),
        ({"a": "x\ud800"}, [("$.a", "must be valid Unicode (got 'x\\ud800')")]),
        ({"x\udfff": 1}, [("$", "has a key that is no valid Unicode ('x\\udfff')")]),
        (
            {"a": math.inf, "b": "\ud800"},
            [("$.a", "must be a finite number (got inf)"), ("$.b", "must be valid Unicode (got '\\ud800')")],
        ),
    ],
)
def test_what_no_profile_can_hold(data: Any, problems: list[tuple[str, str]]) -> None:
    """What is not finite, no moment or half a character is told by its path, all of it, in the order of the text."""
    assert list(problems_of(data)) == problems
    assert is_sound(data) == (not problems)


def test_a_key_that_stands_twice_is_not_sound() -> None:
    """The quick check sees keys that stand twice, however deep."""
    assert not is_sound(parsed('{"a": [{"b": 1, "b": 1}]}', "json", "x"))
    assert is_sound(parsed('{"a": [{"b": 1}]}', "json", "x"))


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        (("dimensions", 0, "low"), "$.dimensions[0].low"),
        (("meta", "an odd key", 2), '$.meta["an odd key"][2]'),
        (("größe", 'a"b'), '$.größe["a\\"b"]'),
        (("$schema", "", "\ud800"), '$.$schema[""]["\\ud800"]'),
    ],
)
def test_paths(keys: tuple[Any, ...], path: str) -> None:
    """A path is written with dots, indexes in brackets, and odd keys in quotes."""
    found = "$"
    for key in keys:
        found = under(found, key)
    assert found == path


def test_a_byte_order_mark_is_no_mistake(tmp_path: Any) -> None:
    """A file with a byte order mark loads, as some editors write it, and so does text that begins with one."""
    text = icp.dumps(icp.standard_profile())
    (tmp_path / "a.json").write_text(text, encoding="utf-8-sig")
    assert icp.load(tmp_path / "a.json") == icp.standard_profile() == icp.loads("\ufeff" + text)
