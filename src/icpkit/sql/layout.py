"""The text of a statement: lines of at most 120 signs, each column on its own, with a comment that says what it is."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Final

import attrs

from icpkit.sql.dialects import Dialect
from icpkit.sql.sqlglot import Node, column_name, quoted, words, write

WIDTH: Final = 120
#: Before these a line may be broken.
_BREAKS: Final = frozenset({"WHEN", "ELSE", "AND", "OR", "+", "THEN"})
#: How much deeper than all else a break before such a word seems.
_LAST_RESORT: Final = 100
#: How many signs more than what must be there make a comment worth cutting.
_WORTH: Final = 16
_LINE: Final = re.compile(r"\s+")
#: What begins a variable or a template, but for its last sign.
_OBEYED: Final = re.compile(r"\$(?=\{)|\{(?=[{%#])")


@attrs.frozen(eq=False)
class Selected:
    """One column of a query.

    Attributes:
        node: its expression.
        name: its name.
        comment: what a comment says of it.
        brief: how much of the comment must be there; the rest may be cut where it does not fit behind the column.
    """

    node: Node
    name: str
    comment: str = ""
    brief: int | None = None


@attrs.frozen(eq=False)
class Query:
    """One step of a statement.

    Attributes:
        name: what it is called; empty for the last.
        comment: what it does, in a line.
        columns: what it selects.
        source: the text after FROM, a line each.
    """

    name: str
    comment: str
    columns: tuple[Selected, ...]
    source: tuple[str, ...]


def plain(text: str) -> str:
    r"""Make a comment's text of any text: one line, in which no sign hides, turns the others around, or is obeyed.

    Spark puts variables in, and dbt fills templates, before anyone looks for comments; and to Spark a line that ends in
    a backslash goes on.

    >>> plain("Size; \n DROP TABLE \u202eaccounts {{ x }} \\")
    'Size; DROP TABLE ⧵u202eaccounts { { x }} ⧵'
    """
    signs = (
        sign if unicodedata.category(sign)[0] != "C" else sign.encode("unicode_escape").decode()
        for sign in _LINE.sub(" ", text)
    )
    return _OBEYED.sub(r"\g<0> ", "".join(signs)).replace("\\", "⧵")


def comment_lines(text: str, indent: str = "") -> Iterator[str]:
    """Write a comment, on as many lines as it needs."""
    line = f"{indent}--"
    for word in plain(text).split(" "):
        if len(line) + 1 + len(word) > WIDTH and line != f"{indent}--":
            yield line
            line = f"{indent}--"
        line += f" {word}"[: WIDTH - len(line)]
    yield line


def column_lines(one: Selected, dialect: Dialect, *, last: bool, indent: str) -> Iterator[str]:
    """Write a column: its comment behind it where there is room, or else above it."""
    name = quoted(one.name, dialect.spoken)
    text = write(one.node, dialect.spoken)
    if one.name and not is_handed_on(one):
        text += f" AS {name}"
    lines = [*wrapped(text + ("" if last else ","), dialect, indent)]
    comment = plain(one.comment)
    least = len(comment) if one.brief is None else one.brief
    # Behind the last line, or the first, or another.
    for place in (-1, *range(len(lines) - 1)) if comment else ():
        room = WIDTH - len(lines[place]) - 5
        told = _fitting(comment, least, room)
        if told:
            lines[place] += f"  -- {told}"
            comment = ""
            break
    if comment and least:
        yield from comment_lines(comment, indent)
    yield from lines


def _fitting(comment: str, least: int, room: int) -> str:
    """Give as much of a comment as there is room for: all, some of it, what must be there, or nothing."""
    if len(comment) <= room:
        return comment
    if room >= least + _WORTH:
        return comment[: room - 1].rstrip(" ,:;(") + "…"
    return comment[:least] if least <= room else ""


def wrapped(text: str, dialect: Dialect, indent: str) -> Iterator[str]:
    """Break a text into lines, between its words, never within a quoted one, and as far outside as may be."""
    places = _places(text, dialect) if len(indent) + len(text) > WIDTH else []
    line, begun, number = indent, 0, 0
    while len(line) + len(text) - begun > WIDTH:
        while number < len(places) and places[number][0] <= begun:
            number += 1
        if number == len(places):
            break
        room = WIDTH - len(line)
        # A text may have many places: only those of this line are looked at.
        end = bisect_right(places, begun + room, number, key=itemgetter(0))
        fitting = ((depth, -place) for place, depth in places[number:end] if place > begun + room // 3)
        _, place = min(fitting, default=(0, -places[number][0]))
        yield line + text[begun:-place].rstrip()
        line, begun = f"{indent}  ", -place
    yield line + text[begun:]


def _places(text: str, dialect: Dialect) -> list[tuple[int, int]]:
    """Find where a text may be broken, and how deep within brackets and cases that is."""
    places, depth, before, within = [], 0, "", False
    for word, start, end in words(text, dialect.spoken):
        depth -= word in {")", "END"}
        if word in _BREAKS and before != "CASE" and not (within and word == "AND"):
            places.append((start, 2 * depth + (word == "THEN")))
        depth += word in {"(", "CASE"}
        if word == "," and end + 2 < len(text):
            places.append((end + 2, 2 * depth + 1))
        elif word in {"AS", "<=", "=", "-", "*", "/"} and before != "CASE":
            places.append((start, 2 * depth + _LAST_RESORT))
        before, within = word, word == "BETWEEN" or (within and word != "AND")
    return places


def statement(head: Iterable[str], queries: Iterable[Query], dialect: Dialect) -> str:
    """Write a statement: comments, the steps, and the last query."""
    *steps, final = queries
    lines = [line for text in head for line in comment_lines(text)]
    for place, step in enumerate(steps):
        begin = "WITH " if place == 0 else ""
        kept = "AS MATERIALIZED (" if dialect.kept else "AS ("
        told = f"  -- {plain(step.comment)}" if step.comment else ""
        lines.append(f"{begin}{step.name} {kept}{told}")
        lines += _select(step, dialect, "  ")
        lines.append(")," if place < len(steps) - 1 else ")")
    lines += _select(final, dialect, "")
    return "\n".join(lines) + "\n"


def _select(query: Query, dialect: Dialect, indent: str) -> Iterator[str]:
    line, last = f"{indent}SELECT", len(query.columns) - 1
    for place, one in enumerate(query.columns):
        handed_on, named = is_handed_on(one), column_name(one.node) is not None
        text = write(one.node, dialect.spoken) + ("" if place == last else ",") if handed_on else ""
        if (place == 0 or named) and not handed_on:
            text = " ".join(told.strip() for told in column_lines(one, dialect, last=place == last, indent=indent))
        plain_column = not one.comment and (named or place == 0)
        if plain_column and len(line) + 1 + len(text) <= WIDTH:
            line += f" {text}" if line.strip() else f"{indent}  {text}"
            continue
        if line:
            yield line
            line = ""
        if not one.comment and named:
            line = f"{indent}  {text}"
        else:
            yield from column_lines(one, dialect, last=place == last, indent=f"{indent}  ")
    if line:
        yield line
    for number, source in enumerate(query.source):
        yield from wrapped(f"{'FROM ' if number == 0 else ''}{source}", dialect, indent)


def is_handed_on(one: Selected) -> bool:
    """Tell whether a column is that of the step before, under its own name."""
    return column_name(one.node) == one.name
