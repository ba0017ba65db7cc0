from typing import Any

import pytest
from sqlglot import exp, parse_one

import icpkit as icp
from icpkit.sql import sqlglot as sql
from icpkit.sql.dialects import DIALECTS
from icpkit.sql.layout import WIDTH, Query, Selected, column_lines, comment_lines, plain, statement, wrapped
from tests.sql.cases import fetch

DUCKDB = DIALECTS["duckdb"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\nb\r\n\tc", "a b c"),
        ("a\u2028b\x85c", "a b c"),
        ("x\x1b[0m\x08y", "x⧵x1b[0m⧵x08y"),
        ("\u202eabc\u200b", "⧵u202eabc⧵u200b"),
        ("ends in \\", "ends in ⧵"),
        ("${x} {{ y }} {% z %} {# c #}", "$ {x} { { y }} { % z %} { # c #}"),
        ("é😀 -- /* */", "é😀 -- /* */"),
    ],
)
def test_a_comment_is_one_line_that_nothing_obeys(text: str, said: str) -> None:
    """No text of a profile ends a comment, hides in it, or is taken for a variable or a template."""
    assert plain(text) == said


@pytest.mark.parametrize("text", ["word " * 59 + "word", "w" * 300, "short", "a " + "w" * 119 + " b"])
def test_comments_are_folded_at_words(text: str) -> None:
    """A long comment takes several lines, none too wide; what fits is kept, and one endless word is cut."""
    lines = list(comment_lines(text, "  "))
    assert all(line.startswith("  -- ") and len(line) <= WIDTH for line in lines)
    whole = " ".join(line[5:] for line in lines)
    assert whole == text.strip() if max(map(len, text.split())) < 110 else whole.replace("-", "")[0] == text[0]


def _long(count: int) -> sql.Node:
    """Make a long sum of cases."""
    held = sql.column('it\'s "x"', "f")
    return sql.total(
        sql.case(
            (sql.between(held, sql.whole(number), sql.whole(number + 1)), sql.text("AND or, WHEN (")),
            (sql.every([sql.compare(held, ">", sql.whole(1)), sql.is_known(held)]), sql.whole(2)),
            otherwise=sql.call("GREATEST", held, sql.whole(3)),
        )
        for number in range(count)
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_long_expressions_are_broken_between_words(dialect: str) -> None:
    """Broken into lines an expression is still the same, and no line is too wide; nothing within quotes is touched."""
    spoken = DIALECTS[dialect].spoken
    text = sql.write(_long(9), spoken)
    lines = list(wrapped(text, DIALECTS[dialect], "    "))
    assert len(lines) > 8
    assert max(map(len, lines)) <= WIDTH
    assert parse_one("SELECT " + "\n".join(lines), read=spoken) == parse_one(f"SELECT {text}", read=spoken)


def test_what_cannot_be_broken_stays_whole() -> None:
    """A text that is too wide for a line stands on a line that is too wide."""
    text = sql.write(sql.text("x" * 300), "duckdb")
    assert list(wrapped(text, DUCKDB, "  ")) == [f"  {text}"]
    case = sql.write(sql.case((sql.true(), sql.text("x" * 300)), (sql.true(), sql.text("y" * 300))), "duckdb")
    assert [line.count("'") for line in wrapped(case, DUCKDB, "  ")].count(2) == 2


@pytest.mark.parametrize("comment", ["", "short", "word " * 40, "x" * 90])
@pytest.mark.parametrize("size", [1, 9])
@pytest.mark.parametrize("last", [True, False])
def test_a_column_and_its_comment(comment: str, size: int, last: bool) -> None:
    """However long a column and its comment are, the lines are one column of this name, and hold the comment."""
    node = _long(size)
    lines = list(column_lines(Selected(node, "size of it", comment), DUCKDB, last=last, indent="  "))
    assert max(map(len, lines)) <= WIDTH
    made = parse_one("SELECT\n" + "\n".join(lines) + ("" if last else "\n1"), read="duckdb")
    assert isinstance(made, exp.Select)
    assert made.selects[0].alias == "size of it"
    assert len(made.selects) == (1 if last else 2)
    bare = parse_one(f"SELECT {sql.write(node, 'duckdb')}", read="duckdb")
    assert isinstance(bare, exp.Select)
    assert made.selects[0].this.sql(comments=False) == bare.selects[0].sql()
    told = " ".join(line.partition("-- ")[2] for line in lines)
    assert comment.split()[:1] == told.split()[:1]


def test_steps_stand_one_after_the_other() -> None:
    """A statement is a head of comments, steps by name, and the last query; what is handed on stands on one line."""
    names = [f"name_{number}" for number in range(30)]
    first = tuple(
        Selected(sql.whole(number), name, "of it" if number % 7 == 0 else "") for number, name in enumerate(names)
    )
    second = tuple(Selected(sql.column(name, "f"), name) for name in names)
    third = (Selected(sql.everything("g"), ""), Selected(sql.column("name_1", "g"), "one more", "again"))
    queries = [
        Query("firsts", "what begins", first, ()),
        Query("seconds", "", second, ("firsts AS f",)),
        Query("", "", third, ("seconds AS g", "WHERE g.name_2 = 2")),
    ]
    text = statement(["a head\nof one line", "and another"], queries, DUCKDB)
    lines = text.splitlines()
    assert lines[:2] == ["-- a head of one line", "-- and another"]
    assert lines[2] == "WITH firsts AS (  -- what begins"
    assert sum('f."name_' in line for line in lines) < 8
    assert max(map(len, lines)) <= WIDTH
    assert fetch("duckdb", "", text) == [(*range(30), 1)]
    kept = statement([], queries, DIALECTS["sqlite"])
    assert kept.startswith("WITH firsts AS MATERIALIZED (")
    assert fetch("sqlite", "", kept) == [(*range(30), 1)]


@pytest.mark.parametrize("name", ["plain", "it's", 'a"b', "a\\", "-- x", "*/", "{{ x }}", "é" * 40, "\n; DROP TABLE x"])
def test_names_of_profiles_stay_comments(name: str) -> None:
    """Whatever a profile and its parts are called, a statement is one SELECT that runs."""
    profile = icp.Profile(name, [icp.Dimension(name, [icp.Range("x", 1, 2, name=name)])], gates=[])
    made: Any = icp.to_sql(profile, dialect="sqlite", table="t", key="id", as_of="2026-11-21", contributions=True)
    assert fetch("sqlite", "CREATE TABLE t (id, x); INSERT INTO t VALUES (1, 2)", made)[0][:2] == (1, 100)
