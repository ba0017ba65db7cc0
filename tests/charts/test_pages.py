import base64
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given

import icpkit as icp
from icpkit.charts import html_of, line_of, markdown_of, svg_of
from icpkit.charts.rows import gates_of, rows_of
from icpkit.explanation import Explanation, facts_of, notes_of, title_of, verdict_of
from icpkit.markup import visible
from icpkit.words import ENGLISH
from tests.charts.faces import DAY, explain, explanations, hostile_explanations, law, part

# What JupyterLab lets through for notebooks that are not trusted: tags, attributes, and properties with their values.
TAGS = {"div", "b", "span", "img", "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"}
ATTRIBUTES = {"style", "src", "alt", "width", "scope"}
LENGTH = r"(?:-?[\d.]+(?:px|%)|0)"
COLOR = r"#[0-9a-fA-F]{3,6}"
STYLES = {
    **dict.fromkeys(("padding", "margin"), rf"{LENGTH}(?: {LENGTH}){{0,3}}"),
    **dict.fromkeys(
        ("padding-left", "width", "height", "line-height", "max-width", "border-radius"), rf"{LENGTH}|auto"
    ),
    "background-size": rf"{LENGTH} {LENGTH}",
    "background-image": rf"linear-gradient\(135deg(?:, (?:{COLOR}|transparent)(?: \d+%)?)+\)",
    **dict.fromkeys(("background-color", "color"), COLOR),
    "border": rf"1px (?:solid|dashed) {COLOR}",
    "border-collapse": "collapse",
    "box-sizing": "border-box",
    "cursor": "pointer",
    "display": "inline-block",
    "font-weight": "600",
    "overflow-x": "auto",
    "text-align": "left|right",
    "vertical-align": "top",
    "white-space": "nowrap",
}


class Read(HTMLParser):
    """Collects what HTML consists of, and the cells of its tables."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.rows: list[list[str]] = []
        self.text = ""
        self.cell = False
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag and its attributes; begin a row or a cell."""
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            self.cell = True

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        self.cell = self.cell and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        """Keep text, and what is in cells."""
        self.text += data
        if self.cell:
            self.rows[-1][-1] += data

    def __getitem__(self, name: str) -> str:
        """Give the first attribute of a name."""
        return next(value for found, value in self.attributes if found == name)


# HTML.


@law
@given(hostile_explanations())
def test_html_is_inert(explanation: Explanation) -> None:
    """Whatever texts there are, the HTML has harmless tags, attributes and styles alone, as notebooks ask for."""
    read = Read(html_of(explanation))
    assert set(read.tags) <= TAGS
    assert {name for name, _ in read.attributes} <= ATTRIBUTES
    for name, value in read.attributes:
        if name == "style":
            for declaration in value.split(";"):
                property_, _, given_value = declaration.partition(":")
                assert re.fullmatch(STYLES[property_], given_value), declaration


@law
@given(hostile_explanations())
def test_html_tells_everything(explanation: Explanation) -> None:
    """The fragment holds the title, the verdict, the picture with the same as its text, and every note."""
    markup = html_of(explanation)
    read, facts = Read(markup), facts_of(explanation)
    title, verdict = visible(title_of(facts, ENGLISH)), visible(verdict_of(facts, ENGLISH))
    assert read["alt"] == f"{title}: {verdict}"
    assert base64.b64decode(read["src"].partition(",")[2]).decode() == svg_of(explanation)
    for text in (title, verdict, *map(visible, notes_of(explanation, ENGLISH))):
        assert text in read.text
    assert markup.encode()


@law
@given(explanations() | hostile_explanations())
def test_tables_hold_the_rows(explanation: Explanation) -> None:
    """The tables hold the cells of the rows and of the gates, one by one."""
    header = ["criterion", "asked", "found", "match", "weight", "points", "lost"]
    expected = [header, *([visible(cell) for cell in row[1:8]] for row in rows_of(explanation, ENGLISH))]
    gates = [[*map(visible, row)] for row in gates_of(explanation, ENGLISH)]
    if gates:
        expected += [["gate", "asked", "found", "verdict"], *gates]
    assert Read(html_of(explanation)).rows == expected


@law
@given(explanations())
def test_bars_are_as_wide_as_their_points(explanation: Explanation) -> None:
    """The bars of the table are as wide as their points are, on one scale, and none is wider than its place."""
    rows = [row for row in rows_of(explanation, ENGLISH) if row.kind in {"criterion", "adjustment", "held"}]
    longest = max([1.0, *(sum(bar.end - bar.start for bar in row.bars) for row in rows)])
    widths = [float(width) for width in re.findall(r"height:10px;width:([\d.]+)%", html_of(explanation))]
    expected = [100 * (bar.end - bar.start) / longest for row in rows for bar in row.bars]
    assert widths == pytest.approx(expected, abs=0.006)
    assert max(widths, default=0) <= 100


@pytest.mark.parametrize(
    ("explanation", "look"),
    [
        (explain({"a": 1}, part("a")), "background-color:#3b82c4"),
        (explain({"a": 0}, part("a")), "border:1px solid #3b82c4"),
        (explain({"a": 1}, part("a"), part("b")), "border:1px dashed #7d8590;background-image:linear-gradient(135deg"),
        (
            explain({"a": 1}, part("a"), part("b", missing=1)),
            "border:1px solid #3b82c4;background-image:linear-gradient(135deg",
        ),
        (
            explain({"a": 1, "up": 1}, part("a"), adjustments=[icp.Adjustment(-9, icp.Flag("up"))]),
            "background-color:#d1524c",
        ),
        (explain({"a": 1}, part("a"), part("b"), min_coverage=1), "background-color:#7d8590"),
    ],
)
def test_looks_of_bars(explanation: Explanation, look: str) -> None:
    """What is earned is solid, what is lost an outline, what is not known hatched, what is taken away red."""
    assert f"%;{look}" in html_of(explanation)


def test_text_has_the_color_of_the_page() -> None:
    """Only the name of the tier has a colour of its own, on its own ground."""
    tree = icp.Scorer(icp.standard_profile()).explain({"employees": 80, "industry": "Software"}, as_of=DAY)
    assert len(re.findall(r"[;\"]color:", html_of(tree))) == 1


def test_a_full_page() -> None:
    """The full page is the fragment, with the table open, under the title."""
    tree = explain({"a": 1}, part("a"))
    full = html_of(tree, full=True)
    assert full.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>P · as of 2026-11-21</title>" in full
    assert html_of(tree).replace("<details>", '<details open="open">') in full


def test_combinations_gates_and_notes_are_shown() -> None:
    """Parts are indented below their combination; gates and notes follow the table, where there are any."""
    both = icp.AllOf(part("b"), part("c"), name="both")
    some = html_of(explain({"b": 1}, both, gates=[icp.Gate(icp.Flag("up"))]))
    assert '<span style="display:inline-block;padding-left:28px">b</span>' in some
    assert "<b>Gates</b>" in some
    assert "<b>Notes</b>" in some
    none = html_of(explain({"a": 1}, part("a")))
    assert "Gates" not in none
    assert "Notes" not in none


# Markdown.


@law
@given(explanations() | hostile_explanations())
def test_tables_of_markdown_hold_the_rows(explanation: Explanation) -> None:
    """The tables hold the cells of the rows and of the gates, one by one, and nothing else begins a row."""
    lines = [line for line in markdown_of(explanation).split("\n") if line.startswith("|")]
    cells = [[plain(cell) for cell in line[2:-2].split(" | ")] for line in lines]
    header = ["criterion", "asked", "found", "match", "weight", "points", "lost"]
    expected = [header, ["---"] * 3 + ["---:"] * 4]
    expected += [[visible(cell).strip() for cell in row[1:8]] for row in rows_of(explanation, ENGLISH)]
    gates = [[visible(cell).strip() for cell in row] for row in gates_of(explanation, ENGLISH)]
    if gates:
        expected += [["gate", "asked", "found", "verdict"], ["---"] * 4, *gates]
    assert cells == expected


def plain(cell: str) -> str:
    """Take away what makes a cell of Markdown bold, and the backslashes."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", re.sub(r"^\*\*(.*)\*\*$", r"\1", cell))


@law
@given(hostile_explanations())
def test_markdown_is_inert(explanation: Explanation) -> None:
    """Outside the table, no sign of Markdown but those of titles, lists and tables stands without a backslash."""
    for line in markdown_of(explanation).split("\n"):
        bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", line)
        assert not set(bare.replace("**", "")) & set("`*_<>[]~&$")
        assert line == "" or line.isprintable()


def test_markdown() -> None:
    """Title, verdict, table, gates and notes follow one another, with a blank line between them."""
    tree = explain({"b": 1, "up": False}, part("b"), part("c"), gates=[icp.Gate(icp.Flag("up"))])
    assert (
        markdown_of(tree)
        == """\
**P · as of 2026-11-21**

Disqualified by up · fit 100.0 for information · 50 % of the weight is known

| criterion | asked | found | match | weight | points | lost |
| --- | --- | --- | ---: | ---: | ---: | ---: |
| **D** |  |  |  | 100 % | **100.0** | 0.0 |
| b | at least 1 (0 at 0) | 1 | 1.00 | 50 % | 100.0 | 0.0 |
| c | at least 1 (0 at 0) | no such field | ? | 50 % | 0.0 – 50.0 |  |
| **Fit** |  |  |  |  | **100.0** | 0.0 |

**Gates**

| gate | asked | found | verdict |
| --- | --- | --- | --- |
| up | yes | no | FAILED |

**Notes**

- to find out: c (0.0 to 50.0 points)
- points count on the 50 % of the weight that has an answer, ranges on the whole
- no such field: c"""
    )


# One line.


GATES = [icp.Gate(icp.Flag("up"))]


@pytest.mark.parametrize(
    ("account", "options", "line"),
    [
        (
            {"a": 1, "b": 1, "c": 1, "d": 1},
            {},
            "fit 100.0, Perfect (certain), 100 % known: a +25.0, b +25.0, c +25.0, …",
        ),
        (
            {"a": 1, "b": 0.5, "c": 1},
            {},
            "fit 83.3, Perfect (could be 62.5 to 87.5: Perfect, Strong), 75 % known: a +33.3, c +33.3, b +16.7",
        ),
        ({"a": 0, "b": 0, "c": 0}, {}, "fit 0.0, Weak (certain, could be 0.0 to 25.0), 75 % known"),
        (
            {"a": 0},
            {},
            "not enough data for a fit, 25 % known (50 % needed), could be 0.0 to 75.0: Strong, Moderate, Weak",
        ),
        (
            {"a": 1, "b": 1, "up": False},
            {"gates": GATES},
            "disqualified by up, fit 100.0 for information, 50 % known: a +50.0, b +50.0",
        ),
        ({"a": 1, "up": False}, {"gates": GATES}, "disqualified by up, no fit, 25 % known"),
        (
            {"a": 1, "b": 1, "up": True},
            {"adjustments": [icp.Adjustment(60, icp.Flag("up"))]},
            "fit 100.0, Perfect (certain), 50 % known: up +60.0, clipped to 0 … 100 -60.0, a +50.0, …",
        ),
    ],
)
def test_lines(account: dict[str, Any], options: dict[str, Any], line: str) -> None:
    """The line says the fit, the tier, how certain it is, how much is known, and what weighed most."""
    assert line_of(explain(account, *map(part, "abcd"), **options)) == line


def test_a_line_begins_with_the_key() -> None:
    """An account that has a key is called by it."""
    scorer = icp.Scorer(icp.Profile("P", [icp.Dimension("D", [part("a", label="x" * 80)])]))
    line = line_of(scorer.explain({"id": "y" * 80, "a": 1}, as_of=DAY, key="id"))
    assert line == f"{'y' * 59}…: fit 100.0, Perfect (certain), 100 % known: {'x' * 59}… +100.0"


@law
@given(explanations() | hostile_explanations())
def test_a_line_is_one_line(explanation: Explanation) -> None:
    """Whatever texts there are, the line is one printable line with the fit, if there is one."""
    line = line_of(explanation)
    assert line.isprintable()
    if explanation.fit is not None:
        assert f"fit {explanation.profile.tiers.rounded(explanation.fit)}" in line


def test_words_of_another_language() -> None:
    """HTML, Markdown and the line take their words from the table of words."""
    upper = {key: text if "{" in text else text.upper() for key, text in ENGLISH.items()}
    tree = explain({"a": 1}, part("a"), gates=GATES)
    for face in (html_of(tree, upper, full=True), markdown_of(tree, upper)):
        assert "CRITERION" in face
        assert "NOT VERIFIED" in face
        assert "criterion" not in face
    assert "(CERTAIN)" in line_of(tree, upper)
